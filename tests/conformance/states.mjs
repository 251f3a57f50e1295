// `migrate diff` between states of every kind: nothing, a schema, a live database, a folder of migrations. Prisma writes
// another script for each of them (where it names schemas, and what it takes for said).
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { ask } from './prisma.mjs';
import { createDatabase, dropDatabases, empty, place } from './database.mjs';

const head = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n';

const flag = (side, state) => state === 'empty' ? [`--${side}-empty`]
  : state.startsWith('live:') ? [`--${side}-schema-datasource`, state.slice(5)]
  : state.startsWith('folder:') ? [`--${side}-migrations`, state.slice(7)]
  : [`--${side}-schema-datamodel`, state];

// A folder whose only migration makes what the schema says.
function folderOf(scratch, script) {
  const folder = fs.mkdtempSync(path.join(scratch, 'states-'));
  fs.mkdirSync(path.join(folder, '20200101000000_init'));
  fs.writeFileSync(path.join(folder, '20200101000000_init', 'migration.sql'), script);
  fs.writeFileSync(path.join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  return folder;
}

// A case's schema with the datasource that it leaves to others.
function schemaOf(scratch, file) {
  const text = fs.readFileSync(file, 'utf8'), copy = path.join(scratch, `states-${path.basename(file)}`);
  fs.writeFileSync(copy, /^datasource /m.test(text) ? text : head + text);
  return copy;
}

// The pairs of states of two schemas, `from` and `to`; the database holds what `to` says.
const pairsOf = (from, to, folder) => [
  ['empty', `live:${to}`], [`live:${to}`, 'empty'], [to, 'empty'], [from, `live:${to}`], [`live:${to}`, from], [to, `live:${to}`],
  ...(folder ? [[from, `folder:${folder}`], [`folder:${folder}`, from]] : []),
];

// Where ours differs on purpose: docs/prisma-differences.md.
const deviates = new Set([
  'enum-moves-to-another-schema', 'enum-remove-default-value', 'enum-rewritten-as-scalar-becomes-list', 'enum-rewritten-under-dropped-columns',
  'enum-value-becomes-default', 'index-renamed-and-column-recreated', 'serial-becomes-bigint', 'serial-ends', 'schemas-added-and-changed',
  'dbgenerated-defaults', 'create-list-defaults', // defaults that Prisma sets again every time
  'index-ops-change', 'create-index-types-sort-ops', // ASC in an index that has no order
]);

// Prisma finds that a schema without `schemas` does not say "public", and nothing else.
const nothing = new Map([['-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n', '-- This is an empty migration.\n'], ['\n', 'No difference detected.\n']]);

export async function compareStates({ schemac, scratch, cases, count, result }) {
  const database = `states_${process.pid}`, shadow = `${database}_shadow`, url = place(process.env.DATABASE_URL, database);
  const ours = (from, to, summary) => spawnSync(schemac, ['migrate', 'diff', ...flag('from', from), ...flag('to', to), ...(summary ? [] : ['--script']),
    '--shadow-database-url', place(process.env.DATABASE_URL, shadow)], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', DATABASE_URL: url } });
  (await createDatabase(process.env.DATABASE_URL, shadow)).end();
  const client = await createDatabase(process.env.DATABASE_URL, database);
  await client.query('DROP EXTENSION citext');
  let compared = 0, different = 0;
  for (const name of fs.readdirSync(cases).sort().slice(0, count)) {
    const files = ['from', 'to'].map(side => path.join(cases, name, `${side}.prisma`));
    if (deviates.has(name) || !files.every(file => fs.existsSync(file))) continue;
    const [from, to] = files.map(file => schemaOf(scratch, file));
    await empty(client);
    const script = await ask({ do: 'diff', from: 'empty', to, url });
    const accepted = script.ok && (await ask({ do: 'diff', from, to, url })).ok;
    const made = accepted && await client.query(script.text).then(() => true, () => false);
    if (!made) continue;
    const wrong = [];
    for (const [a, b] of pairsOf(from, to, compared % 10 === 0 && folderOf(scratch, script.text)))
      for (const summary of [false, true]) {
        const theirs = await ask({ do: 'diff', from: a, to: b, url, summary }), mine = ours(a, b, summary);
        const states = `from ${a} to ${b}${summary ? ', in words' : ''}`.replaceAll(`${scratch}/states-`, '');
        const wanted = a === to && nothing.get(theirs.text) || theirs.text;
        if (!theirs.ok || mine.status || mine.stdout !== wanted)
          wrong.push(`${states}:\nschemac: ${mine.status ? mine.stderr : mine.stdout}\nPrisma: ${theirs.text}`);
      }
    compared++;
    if (wrong.length) different++;
    result(`conformance: states of ${name}`, wrong.join('\n'), '');
  }
  await client.end();
  await dropDatabases(process.env.DATABASE_URL, [database, shadow]);
  return { compared, different };
}
