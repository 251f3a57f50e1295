// Every type to every other: the script that changes a column, and what is warned of, against Prisma's engine and against
// tests/diff/casts.tsv, which the unit tests compare with where there is no engine.
//
// Row F and column C of the table say what becomes of a column of type F that shall be a C: "same", "safe" and "risky" alter
// it in place, "drop" drops and adds it. Each clause that PostgreSQL refuses of Prisma must run as ours.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { ask } from './prisma.mjs';
import { createDatabase, dropDatabases, fill, place } from './database.mjs';

const head = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n';
const field = (name, type) => { const [scalar, native] = type.split(' '); return `  ${name} ${scalar}${scalar.endsWith('[]') ? '' : '?'}${native ? ` ${native}` : ''}`; };

// A table for each type, with a column of it for each type that it shall become.
const schemaOf = (types, typeOf) => head + types.map((from, f) =>
  `model F${f} {\n  id Int @id\n${types.map((to, c) => field(`c${c}`, typeOf(from, to))).join('\n')}\n}\n`).join('\n');

// The clauses of a script by table and column.
function clausesOf(script) {
  const found = {};
  for (const [, table, clauses] of script.matchAll(/^ALTER TABLE "(F\d+)" ([^;]*);/gm))
    for (const clause of clauses.split(',\n')) {
      const column = clause.match(/^(?:ADD|DROP|ALTER) COLUMN +"(c\d+)"/)[1];
      found[`${table}.${column}`] = `${found[`${table}.${column}`] ?? ''}${clause}; `;
    }
  return found;
}

// CHAR and BIT are CHAR(1) and BIT(1) in a database: Prisma changes them to themselves, every time.
const alone = type => /@db\.(Char|Bit)$/.test(type);
// A time of day keeps its values when its precision changes; Prisma drops and adds the column.
const timeOfDay = type => /@db\.Time(\(|$)/.test(type);
const differs = (from, to) => timeOfDay(from) && timeOfDay(to);
// Where PostgreSQL refuses Prisma's clause, ours takes a way round.
const withoutWay = clause => clause?.replace(/ USING \(.*\)(?=; $)/, '');

export async function compareCasts({ schemac, scratch, result, table }) {
  const lines = fs.readFileSync(table, 'utf8').trimEnd().split('\n').map(line => line.split('\t'));
  const types = lines[0].slice(1), names = types.map((_, i) => i);
  const [a, b] = ['from', 'to'].map(name => path.join(scratch, `casts-${name}.prisma`));
  fs.writeFileSync(a, schemaOf(types, from => from));
  fs.writeFileSync(b, schemaOf(types, (_, to) => to));
  const database = `casts_${process.pid}`, url = place(process.env.DATABASE_URL, database);
  const client = await createDatabase(process.env.DATABASE_URL, database);
  const ours = (...args) => execFileSync(schemac, ['migrate', 'diff', ...args, '--to-schema-datamodel', b, '--script'],
    { encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, DATABASE_URL: url } });
  const theirs = async request => { const answer = await ask({ ...request, url }); if (!answer.ok) throw new Error(answer.text); return answer; };

  await client.query((await theirs({ do: 'diff', from: 'empty', to: a })).text);
  const offline = [clausesOf(ours('--from-schema-datamodel', a)), clausesOf((await theirs({ do: 'diff', from: a, to: b })).text)];
  const live = [clausesOf(ours('--from-schema-datasource', b)), clausesOf((await theirs({ do: 'diff', from: `live:${b}`, to: b })).text)];
  const applies = async (table, clause) => {
    const refused = await client.query(`BEGIN; ALTER TABLE "${table}" ${clause}`).then(() => '', error => error.message);
    await client.query('ROLLBACK');
    return !refused;
  };
  const goesRound = new Set();
  for (const answers of [offline, live])
    for (const [at, clause] of Object.entries(answers[0])) {
      if (clause === answers[1][at] || withoutWay(clause) !== answers[1][at]) continue;
      const table = at.split('.')[0];
      if (await applies(table, clause) && !await applies(table, answers[1][at])) goesRound.add(clause);
    }
  const same = (clause, theirs) => clause === theirs || (goesRound.has(clause) && withoutWay(clause) === theirs);
  await fill(client, { chance: () => false, below: () => 1 }, 1);
  const warnings = (await theirs({ do: 'push', schema: b, careful: true })).value.warnings.join('\n');
  await client.end();
  await dropDatabases(process.env.DATABASE_URL, [database]);

  const theirWord = (f, c) => {
    const clause = offline[1][`F${f}.c${c}`];
    if (!clause) return 'same';
    return clause.startsWith('DROP') ? 'drop' : warnings.includes(`alter the column \`c${c}\` on the \`F${f}\` table`) ? 'risky' : 'safe';
  };
  if (process.env.RECORD) // RECORD=1 tests/conformance/run casts writes the table anew
    fs.writeFileSync(table, [lines[0], ...types.map((type, f) => [type, ...names.map(c => theirWord(f, c))])].map(line => line.join('\t')).join('\n') + '\n');
  let different = 0;
  types.forEach((from, f) => {
    const wrong = [];
    types.forEach((to, c) => {
      const at = `F${f}.c${c}`;
      if (lines[f + 1]?.[c + 1] !== theirWord(f, c)) wrong.push(`to ${to}: the table says ${lines[f + 1]?.[c + 1]}, Prisma ${theirWord(f, c)}`);
      if (!same(offline[0][at], offline[1][at]) && !differs(from, to)) wrong.push(`to ${to}: schemac writes ${offline[0][at]}, Prisma ${offline[1][at]}`);
      if (!same(live[0][at], live[1][at]) && !(alone(from) && alone(to)) && !differs(from, to)) wrong.push(`to ${to}, live: schemac writes ${live[0][at]}, Prisma ${live[1][at]}`);
    });
    if (wrong.length) different++;
    result(`conformance: casts of ${from}`, wrong.join('\n'), '');
  });
  return { compared: types.length, different };
}
