// Compares schemac with Prisma's validator and formatter, schema by schema.
//
//   node compare.mjs                                 the project's own schemas, and 200 random ones
//   node compare.mjs schemas --seed S --count N      N random schemas
//   node compare.mjs own                             the project's own schemas
//
// For each: the verdict; for a refused schema the whole report; for an accepted one the formatted text.
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
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '200' } },
});

function runSchemac(...args) {
  const env = { ...process.env, NO_COLOR: '1', DATABASE_URL: 'postgresql://localhost/x' };
  const run = spawnSync(schemac, [...args, '--schema', 'schema.prisma'], { cwd: scratch, encoding: 'utf8', env });
  return { status: run.status, out: run.stdout, err: run.stderr, died: run.status === null || run.status > 1 ? `exit ${run.status ?? run.signal}: ${run.stderr}` : '' };
}

// Behind the errors schemac may print more (warnings, notes); the report itself ends with the count.
const reportOf = text => (text.match(/error: [\s\S]*Validation Error Count: \d+/) ?? [''])[0];

// What differs, or ''.
async function difference(text) {
  fs.writeFileSync(schema, text);
  const theirs = await ask({ do: 'validate', schema });
  const ours = runSchemac('validate', '--prisma');
  if (ours.died) return ours.died;
  if ((ours.status === 0) !== theirs.ok) return `schemac ${ours.status === 0 ? 'accepts' : 'refuses'}, Prisma does not:\n${theirs.text ?? ours.err}`;
  if (!theirs.ok) {
    const [a, b] = [reportOf(ours.err), reportOf(theirs.text)];
    return a === b ? '' : `the reports differ.\nPrisma:\n${b}\nschemac:\n${a}`;
  }
  const formatted = await ask({ do: 'format', schema });
  const mine = runSchemac('format', '--stdout');
  if (mine.died) return mine.died;
  return mine.out === formatted.text ? '' : `the formatted texts differ.\nPrisma:\n${formatted.text}\nschemac:\n${mine.out}`;
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
  const [seed, count] = [Number(options.seed), Number(options.count)];
  if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1) throw new Error('--seed and --count take whole numbers');
  for (let i = 0; i < count; i++)
    await compare('schemas', `conformance: random schema --seed ${seed} number ${i}`, randomSchema(seed, i), true);
}

const families = { own, schemas };
const wanted = positionals.length && positionals[0] !== 'all' ? positionals : Object.keys(families);
for (const family of wanted) {
  if (!families[family]) { console.error(`conformance: no family called ${family}; there are ${Object.keys(families).join(', ')}`); process.exit(2); }
  await families[family]();
}
for (const [family, { compared, different }] of Object.entries(totals)) {

  console.log(`${family}: ${compared} compared, ${different} different`);
}
process.exitCode = Object.values(totals).some(t => t.different) ? 1 : 0;
