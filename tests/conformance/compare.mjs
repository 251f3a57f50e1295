// Compares schemac with Prisma's own validator, linter, formatter and schema engine, schema by schema.
//
//   node compare.mjs                                   all of the following
//   node compare.mjs own                               the project's own schemas; a folder NAME.schema is one of several files
//   node compare.mjs reports                           writes Prisma's reports on refused schemas anew: NAME.report
//   node compare.mjs schemas  [--seed S --count N]     N random schemas
//   node compare.mjs mistakes [--seed S --count N]     N mistakes in the project's own schemas
//   node compare.mjs drift                             databases that `schemac migrate dev` made
//   node compare.mjs casts                             every column type to every other
//   node compare.mjs states   [--count N]              N pairs of tests/diff, between schemas, databases and folders
//   node compare.mjs diffs    [--seed S --count N --first K] [--extended]
//                                                      N random pairs of schemas from number K on, migrated with rows;
//                                                      with our extensions, and then without Prisma
//   node compare.mjs files PATH… [--mutate N --seed S --save DIR]
//                                                      any schemas, and N mistakes in each: a PATH is a file, a folder of
//                                                      files, or a folder NAME.schema; what differs is kept in DIR
//
// For each schema: the verdict; for a refused one the whole report; the warnings; for an accepted one the DMMF; for every
// one that can be parsed the formatted text. Drift, casts, states and diffs need DATABASE_URL, and a role that may create databases.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareAll, schemac, scratch } from './difference.mjs';
import { ask } from './prisma.mjs';
import { drift } from './drift.mjs';
import { withMistakes } from './mistakes.mjs';
import { generatorOf, inFiles, randomSchema } from './random.mjs';

const root = new URL('../../', import.meta.url).pathname;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' }, count: { type: 'string' }, first: { type: 'string', default: '0' },
    mutate: { type: 'string', default: '0' }, save: { type: 'string' }, extended: { type: 'boolean' },
  },
});
const number = (name, otherwise) => {
  const value = Number(options[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`);
  return value;
};

/* ---- results ---- */

const totals = {}; // of a family, then of what was compared
function count(family, what, different) {
  totals[family] ??= {};
  const total = totals[family][what] ??= { compared: 0, different: 0 };
  total.compared++;
  if (different) total.different++;
}

function print(name, why) {
  console.log(why ? `not ok ${name}\n${why.replace(/^/gm, '# ')}` : `ok ${name}`);
}

const result = (name, why, text) => print(name, why && text ? `${why}\n${text}` : why);

// schemas: [{family, name, files, show}]; `show` is text that helps to see what was compared.
async function compare(schemas) {
  await compareAll(schemas.map(schema => schema.files), (i, found) => {
    const { family, name, files, show } = schemas[i];
    if (found.panicked) return console.log(`ok ${name} # SKIP Prisma's engine panics`);
    const differing = Object.entries(found).filter(([, why]) => why);
    count(family, 'compared', differing.length);
    for (const [what, why] of Object.entries(found)) count(family, what, why);
    print(name, differing.map(([what, why]) => `${what}: ${why}${show ? `\n${show}` : ''}`).join('\n'));
    if (differing.length && options.save) keep(name, files);
  });
}

function keep(name, files) {
  const base = path.join(options.save, name.replace(/[^\w.@-]+/g, '_'));
  for (const [file, text] of files) {
    const to = files.length > 1 ? path.join(`${base}.schema`, file) : `${base}.prisma`;
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, text);
  }
}

const textOf = files => `The schema:\n${files.map(([name, text]) => files.length > 1 ? `== ${name}\n${text}` : text).join('\n')}`;

/* ---- families ---- */

// The schemas at and below a path, each {name, files}; reports call a schema of one file schema.prisma.
function schemasAt(where) {
  const entry = fs.statSync(where);
  if (!entry.isDirectory()) return where.endsWith('.prisma') ? [{ name: where, files: [['schema.prisma', fs.readFileSync(where, 'utf8')]] }] : [];
  const inside = fs.readdirSync(where).sort().map(name => path.join(where, name));
  if (!where.endsWith('.schema')) return inside.filter(name => !/node_modules$/.test(name)).flatMap(schemasAt);
  const files = fs.readdirSync(where, { recursive: true }).filter(name => name.endsWith('.prisma')).sort();
  return [{ name: where, files: files.map(name => [name, fs.readFileSync(path.join(where, name), 'utf8')]) }];
}

const ownSchemas = () => ['tests', 'docs'].flatMap(folder => schemasAt(path.join(root, folder)))
  .map(({ name, files }) => ({ name: path.relative(root, name), files }));

// The cases have a family of their own each; everything else that the project keeps is "own".
const familyOf = name => name.match(/^tests\/conformance\/schemas\/(\w+)/)?.[1] ?? 'own';

function own() {
  return compare(ownSchemas().map(({ name, files }) => ({ family: familyOf(name), name: `conformance: ${name}`, files })));
}

async function reports() {
  for (const { name, files } of ownSchemas()) {
    if (familyOf(name) !== 'refused' || files.length > 1) continue;
    const answer = await ask({ do: 'validate', schema: files });
    if (answer.ok) throw new Error(`Prisma does not refuse ${name}`);
    fs.writeFileSync(path.join(root, name.replace(/prisma$/, 'report')), `${answer.text.trimEnd()}\n`);
  }
}

function schemas() {
  const seed = number('seed');
  return compare(Array.from({ length: number('count', 200) }, (_, i) => {
    const files = randomSchema(seed, i);
    return { family: 'schemas', name: `conformance: random schema --seed ${seed} number ${i}`, files, show: textOf(files) };
  }));
}

// One schema with mistakes in one of its files, sometimes in several files.
function wrong({ name, files }, seed, i) {
  const hash = [...path.basename(name)].reduce((sum, letter) => Math.imul(sum, 31) + letter.codePointAt(0), 7);
  const random = generatorOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b) ^ hash);
  const split = files.length === 1 && random.chance(0.1) ? inFiles(files[0][1], random) : files;
  const at = random.below(split.length);
  const { text, what } = withMistakes(split[at][1], random);
  return {
    name: `${name} --seed ${seed} number ${i}`, files: split.map(([file, before], k) => [file, k === at ? text : before]),
    show: `What was done: ${what}`,
  };
}

function mistakes() {
  const sound = ownSchemas(), seed = number('seed');
  return compare(Array.from({ length: number('count', 200) }, (_, i) => {
    const { name, files, show } = wrong(sound[i % sound.length], seed, i);
    return { family: 'mistakes', name: `conformance: mistakes in ${name}`, files, show: `${show}\n${textOf(files)}` };
  }));
}

async function files(paths) {
  for (const given of paths.flatMap(schemasAt)) {
    await compare([{ family: 'files', ...given }]);
    await compare(Array.from({ length: number('mutate') }, (_, i) => ({ family: 'files', ...wrong(given, number('seed'), i) })));
  }
}

const drifts = () => drift((name, why) => { count('drift', 'compared', why); print(name, why); });

async function diffs() {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: diffs # SKIP no DATABASE_URL');
  const { compareDiffs } = await import('./diffs.mjs');
  totals.diffs = { compared: await compareDiffs({ schemac, scratch, seed: number('seed'), count: number('count', 100), first: number('first'), extended: options.extended, result }) };
}

async function casts() {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: casts # SKIP no DATABASE_URL');
  const { compareCasts } = await import('./casts.mjs');
  totals.casts = { compared: await compareCasts({ schemac, scratch, result, table: path.join(root, 'tests/diff/casts.tsv') }) };
}

async function states() {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: states # SKIP no DATABASE_URL');
  const { compareStates } = await import('./states.mjs');
  totals.states = { compared: await compareStates({ schemac, scratch, cases: path.join(root, 'tests/diff'), count: number('count', 10), result }) };
}

const families = { own, schemas, mistakes, drift: drifts, casts, states, diffs };

if (positionals[0] === 'files') await files(positionals.slice(1));
else if (positionals[0] === 'reports') await reports();
else {
  const wanted = positionals.length && positionals[0] !== 'all' ? positionals : Object.keys(families);
  for (const family of wanted) {
    if (!families[family]) { console.error(`conformance: no family called ${family}; there are ${Object.keys(families).join(', ')} and files PATH…`); process.exit(2); }
    await families[family]();
  }
}
for (const [family, { compared, ...kinds }] of Object.entries(totals)) {
  const of = Object.entries(kinds).map(([kind, { compared, different }]) => `${kind} ${compared}${different ? ` (${different} different)` : ''}`);
  console.log(`${family}: ${compared.compared} compared, ${compared.different} different${of.length ? `; ${of.join(', ')}` : ''}`);
}
process.exitCode = Object.values(totals).some(({ compared }) => compared.different) ? 1 : 0;
