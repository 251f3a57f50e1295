// Compares schemac with Prisma's validator and formatter, schema by schema.
//
//   node compare.mjs                                 the project's own schemas, and 200 random ones
//   node compare.mjs schemas --seed S --count N      N random schemas
//   node compare.mjs own                             the project's own schemas
//   node compare.mjs drift                           databases that `schemac migrate dev` made, as Prisma's engine sees them
//   node compare.mjs casts                           every column type to every other
//   node compare.mjs diffs --seed S --count N        N random pairs of schemas, migrated with rows (100 without --count)
//
// For each schema: the verdict; for a refused one the whole report; for an accepted one the DMMF; for every one that can
// be parsed the formatted text.
// Drift, casts and diffs need DATABASE_URL, and a role that may create databases.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ask } from './prisma.mjs';
import { randomSchema } from './random.mjs';

const root = new URL('../../', import.meta.url).pathname;
const schemac = process.env.SCHEMAC ?? path.join(root, 'build/schemac');
const scratch = fs.mkdtempSync(path.join(process.env.SCRATCH ?? os.tmpdir(), 'conformance-'));
const schema = path.join(scratch, 'schema.prisma'); // one name for both sides, so that reports are equal byte for byte
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string' } },
});

function runSchemac(...args) {
  const env = { ...process.env, NO_COLOR: '1', DATABASE_URL: 'postgresql://localhost/x' };
  const run = spawnSync(schemac, [...args, '--schema', 'schema.prisma'], { cwd: scratch, encoding: 'utf8', env });
  return { status: run.status, out: run.stdout, err: run.stderr, died: run.status === null || run.status > 1 ? `exit ${run.status ?? run.signal}: ${run.stderr}` : '' };
}

// Behind the errors schemac may print more (warnings, notes); the report itself ends with the count.
const reportOf = text => (text.match(/error: [\s\S]*Validation Error Count: \d+/) ?? [''])[0];

// Several unknown attributes of one thing come out of a hash table of Prisma's: their order changes from run to run.
function sameReport(ours, theirs) {
  if (ours === theirs) return true;
  const unordered = /Attribute not known|Property not known|No such argument/;
  const sorted = text => text.split(/(?=^error: )/m).map(error => error.replace(/Validation Error Count: \d+$/, '').trimEnd()).sort().join('\n');
  return (theirs.match(new RegExp(unordered, 'g')) ?? []).length > 1 && sorted(ours) === sorted(theirs);
}

// Such lines stay as they are. What only Prisma cannot read is a line of our own language.
const unreadable = /This line is not a valid|This line is invalid|is not a valid expression/;

// What differs, or ''.
async function difference(text) {
  fs.writeFileSync(schema, text);
  const theirs = await ask({ do: 'validate', schema });
  const ours = runSchemac('validate', '--prisma');
  if (ours.died) return ours.died;
  if ((ours.status === 0) !== theirs.ok) return `schemac ${ours.status === 0 ? 'accepts' : 'refuses'}, Prisma does not:\n${theirs.text ?? ours.err}`;
  if (!theirs.ok) {
    const [a, b] = [reportOf(ours.err), reportOf(theirs.text)];
    return sameReport(a, b) ? formatDifference(text, unreadable.test(b)) : `the reports differ.\nPrisma:\n${b}\nschemac:\n${a}`;
  }
  return await formatDifference(text) || dmmfDifference();
}

// Where the formatter differs from Prisma's on purpose: docs/prisma-differences.md, "Formatter", has a row for each. What
// is done to the schema, or to what both make of it, before the texts are compared.
const comment = String.raw`(?:\/\/.*|\/\*.*\*\/)`;
const onPurpose = [
  { rule: 'a comment behind an opening brace stays', schema: text => text.replace(new RegExp(String.raw`\{[ \t]*${comment}$`, 'gm'), '{') },
  { rule: 'a comment of several lines opens once', formatted: text => text.replace(/^(\s*)\* \/\* ?/gm, '$1* ') },
  { rule: 'arguments go between empty parentheses', schema: text => text.replace(/@relation\([ \t]*\)/g, '@relation') },
  { rule: 'a key without a value keeps its equals sign', formatted: text => text.replace(/^( +\w+) *=$/gm, '$1') },
  { rule: 'an empty line is behind every block', formatted: text => text.replace(/^\}\n(?=\S)/gm, '}\n\n') },
  { rule: 'a block never begins with an empty line', formatted: text => text.replace(/\{\n\n+(?=[ \t]*\S)/g, '{\n') },
];

async function formatDifference(text, hasUnreadable = false) {
  const apply = (side, given) => onPurpose.reduce((changed, rule) => rule[side] ? rule[side](changed) : changed, given);
  fs.writeFileSync(schema, apply('schema', text));
  const formatted = await ask({ do: 'format', schema });
  const mine = runSchemac('format', '--stdout');
  fs.writeFileSync(schema, text);
  if (mine.died || !formatted.ok) return mine.died || formatted.text;
  if (hasUnreadable && mine.status === 0) return '';
  return apply('formatted', mine.out) === apply('formatted', formatted.text) ? ''
    : `the formatted texts differ.\nPrisma:\n${formatted.text}\nschemac:\n${mine.out}`;
}

async function dmmfDifference() {
  const answer = await ask({ do: 'dmmf', schema });
  if (answer.panicked) { // there is nothing to compare with; it is said, and what else was compared counts
    console.log('# Prisma panics where it should print the DMMF of the next schema');
    return '';
  }
  if (!answer.ok) return `Prisma has no DMMF of it: ${answer.text}`;
  const theirs = answer.value.datamodel;
  const ours = runSchemac('dmmf', '--prisma');
  if (ours.died || ours.status !== 0) return ours.died || ours.err;
  return unequal(JSON.parse(ours.out), theirs, 'datamodel');
}

// The first place where two JSON values differ, or ''. The order of keys says nothing, that of items does.
function unequal(ours, theirs, place) {
  const composite = v => v !== null && typeof v === 'object';
  if (!composite(ours) || !composite(theirs))
    return ours === theirs ? '' : `${place}: schemac has ${JSON.stringify(ours)}, Prisma ${JSON.stringify(theirs)}`;
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    if (!(name in ours) || !(name in theirs)) return `${place}.${name}: only ${name in ours ? 'schemac' : 'Prisma'} has it`;
    const why = unequal(ours[name], theirs[name], `${place}.${name}`);
    if (why) return why;
  }
  return '';
}

function result(name, why, text) {
  if (!why) return console.log(`ok ${name}`);
  console.log(`not ok ${name}\n${(text ? `${why}\nThe schema:\n${text}` : why).replace(/^/gm, '# ')}`);
}

const totals = {};
async function compare(family, name, text, show) {
  const why = await difference(text);
  totals[family] ??= { compared: 0, different: 0 };
  totals[family].compared++;
  if (why) totals[family].different++;
  result(name, why, show ? text : '');
}

async function own() {
  for (const folder of ['tests', 'docs'])
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      if (!entry.isFile() || !file.endsWith('.prisma') || file.includes('node_modules')) continue;
      await compare('own', `conformance: ${path.relative(root, file)}`, fs.readFileSync(file, 'utf8'), false);
    }
}

async function schemas() {
  const [seed, count] = [Number(options.seed), Number(options.count ?? 200)];
  if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1) throw new Error('--seed and --count take whole numbers');
  for (let i = 0; i < count; i++)
    await compare('schemas', `conformance: random schema --seed ${seed} number ${i}`, randomSchema(seed, i), true);
}

// What Prisma's tools take of a schema in our language: the lines that only schemac knows are left out. A partial index
// is such a line; Prisma's engine does not see it in the database either.
const forPrisma = text => text.replace(/^\s*@@(fulltext|comment|check|index)\(.*\)\s*$/gm,
  line => line.includes('@@index') && !line.includes('where:') ? line : '');

async function drift() {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: drift # SKIP no DATABASE_URL');
  const pg = (await import('pg')).default;
  for (const file of ['docs/examples/blog/schema.prisma', 'tests/golden/client/shop/schema.prisma']) {
    const name = `conformance: Prisma sees no drift after migrate dev of ${file}`;
    const database = `drift_${file.replace(/\W+/g, '_')}`.toLowerCase();
    const url = process.env.DATABASE_URL.replace(/\/[^/?]+\?/, `/${database}?`);
    const folder = fs.mkdtempSync(path.join(scratch, 'drift-'));
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    fs.writeFileSync(path.join(folder, 'schema.prisma'), text);
    const migrate = spawnSync(schemac, ['migrate', 'dev', '--name', 'init', '--skip-generate'],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, DATABASE_URL: url, DIRECT_URL: url, SHADOW_DATABASE_URL: '' } });
    fs.writeFileSync(path.join(folder, 'schema.prisma'), forPrisma(text));
    const push = migrate.status === 0 && await ask({ do: 'push', schema: path.join(folder, 'schema.prisma'), url });
    totals.drift ??= { compared: 0, different: 0 };
    totals.drift.compared++;
    const why = migrate.status !== 0 ? migrate.stderr : !push.ok ? push.text : push.value.executedSteps !== 0 ? JSON.stringify(push.value) : '';
    if (why) totals.drift.different++;
    result(name, why, '');
    const server = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await server.connect();
    await server.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    await server.end();
  }
}

async function diffs() {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: diffs # SKIP no DATABASE_URL');
  const { compareDiffs } = await import('./diffs.mjs');
  totals.diffs = await compareDiffs({ schemac, scratch, seed: Number(options.seed), count: Number(options.count ?? 100), result });
}

async function casts() {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: casts # SKIP no DATABASE_URL');
  const { compareCasts } = await import('./casts.mjs');
  totals.casts = await compareCasts({ schemac, scratch, result, table: path.join(root, 'tests/diff/casts.tsv') });
}

const families = { own, schemas, drift, casts, diffs };
const wanted = positionals.length && positionals[0] !== 'all' ? positionals : Object.keys(families);
for (const family of wanted) {
  if (!families[family]) { console.error(`conformance: no family called ${family}; there are ${Object.keys(families).join(', ')}`); process.exit(2); }
  await families[family]();
}
for (const [family, { compared, different }] of Object.entries(totals)) {

  console.log(`${family}: ${compared} compared, ${different} different`);
}
process.exitCode = Object.values(totals).some(t => t.different) ? 1 : 0;
