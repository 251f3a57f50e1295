// There, back and there again with the scripts that `schemac migrate dev` writes: migration.sql, down.sql and migration.sql.
import fs from 'node:fs';
import path from 'node:path';
import { catalog, deleteRows, losses, remember } from './database.mjs';

const first = '0_first';

// A history beside the schemas without a migration.
export function emptyHistory(folder) {
  fs.rmSync(path.join(folder, 'migrations'), { recursive: true, force: true });
}

// A history beside the schemas, whose only migration is `script`; that of an earlier pair goes.
export function beginHistory(folder, script) {
  const migrations = path.join(folder, 'migrations');
  fs.rmSync(migrations, { recursive: true, force: true });
  fs.mkdirSync(path.join(migrations, first), { recursive: true });
  fs.writeFileSync(path.join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  fs.writeFileSync(path.join(migrations, first, 'migration.sql'), `CREATE EXTENSION IF NOT EXISTS citext SCHEMA pg_catalog;\n${script}`);
}

// What migrate dev has made of it: {up, down, unproved}, or null where it had nothing to do. The warnings above a script are
// left out, and `unproved` is why the way back is not.
export function madeByDev(folder) {
  const migrations = path.join(folder, 'migrations');
  const made = fs.readdirSync(migrations).find(name => name.endsWith('_second'));
  if (!made) return null;
  const read = name => fs.readFileSync(path.join(migrations, made, name), 'utf8');
  const down = read('down.sql');
  return { up: read('migration.sql').replace(/^\/\*[^]*?\*\/\n/, '').trim(), down, unproved: down.match(/^-- Not proved: (.*)/m)?.[1] ?? '' };
}

// A way back names what it loses, and what may stop it.
function announcedBy(down) {
  const quoted = name => `"${name.replaceAll('"', '""')}"`;
  const lines = down.split('\n').filter(line => line.startsWith('-- This '));
  const says = (start, name) => lines.some(line => line.startsWith(start) && line.includes(name));
  return {
    table: table => says('-- This loses the rows of ', `${quoted(table)}.`),
    column: (table, column) => ['-- This loses the values of ', '-- This fails, or loses a part of it'].some(start => says(start, `${quoted(table)}.${quoted(column)}`)),
    mayFail: lines.some(line => / fails\b/.test(line)),
  };
}

function unlike(have, want) {
  for (const [what, is] of want) if (have.get(what) !== is) return `${what} is ${have.get(what) ?? 'missing'}, and was ${is}`;
  for (const [what, is] of have) if (!want.has(what)) return `${what} is too much: ${is}`;
  return '';
}

// The database stands where `made.up` leads; before that its catalog was `start`. '' or what is wrong. `kept.back` counts the
// times that rows went back.
export async function backAndForth(client, made, start, kept) {
  const { up, down } = made, told = announcedBy(down);
  const there = await catalog(client), before = await remember(client);
  let done = true;
  try {
    await client.query(`BEGIN;\n${down}\nCOMMIT`);
  } catch (error) {
    done = false;
    await client.query('ROLLBACK; DROP SCHEMA _before CASCADE');
    // Rows of B need not fit the foreign and unique keys that A had.
    if (!told.mayFail && !['23503', '23505'].includes(error.code)) return `down.sql fails, and does not say that it may: ${error.message}\n${down}`;
    await deleteRows(client);
    try { await client.query(`BEGIN;\n${down}\nCOMMIT`); } catch (again) {
      await client.query('ROLLBACK');
      return `down.sql fails on empty tables: ${again.message}\n${down}`;
    }
  }
  const lost = done ? await losses(client, before, told) : '';
  if (done && before.length) kept.back++;
  if (lost) return `down.sql does not say that it loses ${lost}\n${down}`;
  await client.query('DROP SCHEMA IF EXISTS _before CASCADE');
  const wrong = unlike(await catalog(client), start);
  if (wrong) return `after down.sql ${wrong}\n${down}`;
  await deleteRows(client);
  try { await client.query(up); } catch (error) { return `after down.sql the migration fails: ${error.message}\n${up}`; }
  const elsewhere = unlike(await catalog(client), there);
  return elsewhere && `the second time ${elsewhere}\n${up}`;
}
