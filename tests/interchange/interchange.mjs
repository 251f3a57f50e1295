// The steps of tests/interchange/run; prints TAP. Each case has a folder, and a database for each tool that is on its own.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { ask } from '../conformance/prisma.mjs';
import { createDatabase, dropDatabases, place } from '../conformance/database.mjs';

const server = process.env.DATABASE_URL, schemac = process.env.SCHEMAC;
const scratch = fs.mkdtempSync(path.join(process.env.SCRATCH ?? os.tmpdir(), 'interchange-'));
const databases = [];
let failed = 0;

function ok(name, good, why = '') {
  if (!good) failed++;
  console.log(good ? `ok interchange: ${name}` : `not ok interchange: ${name}\n${String(why).replace(/^/gm, '# ')}`);
}
const same = (name, a, b) => ok(name, JSON.stringify(a) === JSON.stringify(b), `${JSON.stringify(a)}\nis not\n${JSON.stringify(b)}`);

// ---- a project ----

const head = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n';
const schemas = [
  'enum Role {\n  USER\n  ADMIN\n}\n\nmodel User {\n  id Int @id\n  email String @unique\n  role Role @default(USER)\n  posts Post[]\n}\n\n'
    + 'model Post {\n  id Int @id @default(autoincrement())\n  title String @db.VarChar(80)\n  at DateTime @default(now())\n  authorId Int\n  author User @relation(fields: [authorId], references: [id])\n}\n',
  'enum Role {\n  USER\n}\n\nmodel User {\n  id BigInt @id\n  email String @unique\n  role Role @default(USER)\n  posts Post[]\n}\n\n'
    + 'model Tag {\n  id String @id @default(uuid()) @db.Uuid\n  posts Post[]\n}\n\n'
    + 'model Post {\n  id Int @id @default(autoincrement())\n  title String\n  body Json?\n  authorId BigInt?\n  author User? @relation(fields: [authorId], references: [id])\n  tags Tag[]\n\n  @@index([title(sort: Desc)])\n}\n',
  'enum Role {\n  USER\n}\n\nmodel User {\n  id BigInt @id\n  email String\n  role Role @default(USER)\n\n  @@map("users")\n}\n',
].map(text => head + text);

class Project {
  constructor(name) {
    this.name = name;
    this.folder = path.join(scratch, name);
    this.migrations = path.join(this.folder, 'migrations');
    this.schema = path.join(this.folder, 'schema.prisma');
    fs.mkdirSync(this.migrations, { recursive: true });
  }

  async database(name = 'main') {
    const full = `interchange_${process.pid}_${this.name}_${name}`;
    databases.push(full);
    const client = await createDatabase(server, full);
    return { client, url: place(server, full), full };
  }

  set(text) { fs.writeFileSync(this.schema, text); }
  write(name, sql) {
    fs.mkdirSync(path.join(this.migrations, name), { recursive: true });
    fs.writeFileSync(path.join(this.migrations, name, 'migration.sql'), sql);
  }
  scripts() { return fs.readdirSync(this.migrations).filter(n => n !== 'migration_lock.toml').sort(); }
  rewrite(change) { for (const n of this.scripts()) { const f = path.join(this.migrations, n, 'migration.sql'); fs.writeFileSync(f, change(fs.readFileSync(f, 'utf8'))); } }

  run(db, ...args) {
    const run = spawnSync(schemac, args, { cwd: this.folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', DATABASE_URL: db.url, DIRECT_URL: '', SHADOW_DATABASE_URL: '' } });
    return { status: run.status, text: run.stdout + run.stderr, out: run.stdout };
  }
  ours(db, what, ...args) {
    const r = this.run(db, ...args);
    ok(what, r.status === 0, r.text);
    return r;
  }
  status(db) {
    const r = this.run(db, 'migrate', 'status', '--json');
    try { return JSON.parse(r.out); } catch { return { unreadable: r.text }; }
  }

  theirs(db, request) { return ask({ migrations: this.migrations, schema: this.schema, ...request, url: db.url }); }
  async must(db, what, request) {
    const answer = await this.theirs(db, request);
    ok(what, answer.ok, answer.text);
    return answer.value ?? {};
  }

  // Both look at one database and folder: nothing is wrong with it, and the database is what the schema says.
  async clean(db, what) {
    const found = await this.must(db, `${what}: Prisma can diagnose it`, { do: 'diagnose' });
    same(`${what}: clean to Prisma`, [found.editedMigrationNames, found.failedMigrationNames, found.history, found.hasMigrationsTable], [[], [], null, true]);
    const action = (await this.must(db, `${what}: Prisma can develop on it`, { do: 'check' })).action;
    same(`${what}: no drift to Prisma's shadow database`, action?.tag, 'createMigration');
    const push = await this.must(db, `${what}: Prisma can compare it`, { do: 'push', careful: true });
    same(`${what}: nothing to do for Prisma`, push.executedSteps, 0);
    const ours = this.status(db);
    same(`${what}: clean to schemac`, [ours.pending, ours.failed, ours.edited, ours.missing], [[], [], [], []]);
    const dev = this.run(db, 'migrate', 'dev', '--name', 'x', '--skip-generate').text;
    ok(`${what}: nothing to do for schemac`, dev.includes('Already in sync'), dev);
  }
}

const rowsOf = async db => (await db.client.query(`SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS back,
  applied_steps_count AS steps, COALESCE(logs, '') <> '' AS logs FROM _prisma_migrations ORDER BY started_at, migration_name`)).rows;
const columnsOf = async db => (await db.client.query(`SELECT attname, format_type(atttypid, atttypmod) AS type, attnotnull, pg_get_expr(adbin, adrelid) AS value
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum`)).rows;

// ---- from schemac to Prisma, and on ----

async function madeByUs() {
  const p = new Project('ours'), db = await p.database(), second = await p.database('second');
  p.set(schemas[0]);
  p.ours(db, 'migrate dev', 'migrate', 'dev', '--name', 'init', '--skip-generate');
  await p.clean(db, 'made by schemac');
  p.set(schemas[1]);
  p.ours(db, 'a second migrate dev', 'migrate', 'dev', '--name', 'second', '--skip-generate', '--accept-data-loss');
  await p.clean(db, 'two made by schemac');
  for (const name of p.scripts()) fs.writeFileSync(path.join(p.migrations, name, 'down.sql'), 'DROP TABLE "nothing of Prisma\'s";');
  await db.client.query('CREATE SCHEMA IF NOT EXISTS _schemac; CREATE TABLE IF NOT EXISTS _schemac.other (id int PRIMARY KEY)');
  await p.clean(db, 'with down.sql and _schemac beside it');

  const applied = await p.must(second, 'Prisma deploys it elsewhere', { do: 'apply' });
  same('all of it', applied.appliedMigrationNames, p.scripts());
  await p.clean(second, 'deployed by Prisma');
  same('both histories are the same rows', await rowsOf(db), await rowsOf(second));
  same('in the same table', await columnsOf(db), await columnsOf(second));

  p.set(schemas[2]);
  const made = await p.must(db, 'Prisma goes on', { do: 'create', name: 'third' });
  ok('with a script', made.migrationScript?.includes('CREATE TABLE "users"'), made.migrationScript);
  ok('which schemac deploys', p.run(db, 'migrate', 'deploy').text.includes('third'));
  await p.clean(db, 'the third from Prisma, by schemac');
  await p.must(second, 'and Prisma too', { do: 'apply' });
  await p.clean(second, 'the third from Prisma, by Prisma');
}

// ---- from Prisma to schemac, and on ----

async function madeByThem() {
  const p = new Project('theirs'), db = await p.database(), second = await p.database('second');
  p.set(schemas[0]);
  await p.must(db, 'Prisma creates a migration', { do: 'create', name: 'init' });
  await p.must(db, 'and applies it', { do: 'apply' });
  await p.clean(db, 'made by Prisma');
  p.ours(second, 'schemac deploys it', 'migrate', 'deploy');
  await p.clean(second, 'made by Prisma, deployed by schemac');
  same('the same rows', await rowsOf(db), await rowsOf(second));
  const lock = fs.readFileSync(path.join(p.migrations, 'migration_lock.toml'), 'utf8');
  p.set(schemas[1]);
  p.ours(db, 'schemac goes on', 'migrate', 'dev', '--name', 'second', '--skip-generate', '--accept-data-loss');
  same('with the lock file as Prisma writes it', fs.readFileSync(path.join(p.migrations, 'migration_lock.toml'), 'utf8'), lock);
  await p.clean(db, 'the second from schemac');
  same('to Prisma the other database is behind', (await p.must(second, 'Prisma diagnoses', { do: 'diagnose' })).history,
    { diagnostic: 'databaseIsBehind', unappliedMigrationNames: p.scripts().slice(1) });
  same('and to schemac', p.status(second).pending, p.scripts().slice(1));
  await p.must(second, 'Prisma applies it', { do: 'apply' });
  await p.clean(second, 'the second from schemac, by Prisma');

  // Prisma would write the same script.
  const twin = new Project('twin'), third = await twin.database();
  twin.set(schemas[0]);
  const first = await twin.must(third, 'Prisma, on its own', { do: 'create', name: 'init' });
  const ours = p.scripts().map(n => fs.readFileSync(path.join(p.migrations, n, 'migration.sql'), 'utf8'));
  same('the first script is the same', ours[0], first.migrationScript);
  await twin.must(third, 'and applies it', { do: 'apply' });
  twin.set(schemas[1]);
  same('and the second, warnings included', ours[1], (await twin.must(third, 'Prisma goes on alone', { do: 'create', name: 'second' })).migrationScript);
}

// ---- edited, missing, and behind ----

async function edited() {
  const p = new Project('edited'), db = await p.database();
  p.set(schemas[0]);
  p.ours(db, 'a history', 'migrate', 'dev', '--name', 'init', '--skip-generate');
  const names = p.scripts();
  const both = async (what, wanted) => {
    same(`${what}: to Prisma`, (await p.must(db, `${what}: diagnosed`, { do: 'diagnose' })).editedMigrationNames, wanted);
    same(`${what}: to schemac`, p.status(db).edited, wanted);
  };
  p.rewrite(text => text.replace(/\n/g, '\r\n'));
  await both('line ends of Windows are no edit', []);
  p.rewrite(text => text.replace(/\r\n/g, '\n'));
  await both('nor is their return', []);
  p.rewrite(text => `${text} `);
  await both('a space is one', names);
  p.rewrite(text => text.slice(0, -1));

  const windows = new Project('windows'), one = await windows.database(), two = await windows.database('two');
  windows.set(head + 'model A {\n  id Int @id\n}\n');
  windows.write('20240101000000_a', 'CREATE TABLE "A" (\r\n    "id" INTEGER NOT NULL,\r\n\r\n    CONSTRAINT "A_pkey" PRIMARY KEY ("id")\r\n);\r\n');
  fs.writeFileSync(path.join(windows.migrations, 'migration_lock.toml'), 'provider = "postgresql"\r\n');
  windows.ours(one, 'a script from Windows', 'migrate', 'deploy');
  await windows.must(two, 'by Prisma too', { do: 'apply' });
  same('leaves the same row', await rowsOf(one), await rowsOf(two));
  windows.rewrite(text => text.replace(/\r\n/g, '\n'));
  same('and elsewhere it is not edited, to Prisma', (await windows.must(one, 'diagnosed', { do: 'diagnose' })).editedMigrationNames, []);
  same('nor to schemac', windows.status(two).edited, []);
  await windows.clean(one, 'from Windows');

  fs.rmSync(path.join(p.migrations, names[0]), { recursive: true });
  same('a missing folder, to Prisma', (await p.must(db, 'diagnosed without it', { do: 'diagnose' })).history, { diagnostic: 'migrationsDirectoryIsBehind', unpersistedMigrationNames: names });
  same('and to schemac', p.status(db).missing, names);
  p.write('20990101000000_other', 'SELECT 1;\n');
  const history = (await p.must(db, 'diagnosed with another', { do: 'diagnose' })).history, ours = p.status(db);
  same('two histories, to Prisma', history, { diagnostic: 'historiesDiverge', lastCommonMigrationName: null, unpersistedMigrationNames: names, unappliedMigrationNames: ['20990101000000_other'] });
  same('and to schemac', [ours.missing, ours.pending], [names, ['20990101000000_other']]);

  fs.writeFileSync(path.join(p.migrations, 'migration_lock.toml'), 'provider = "mysql"\n');
  const refusal = await p.theirs(db, { do: 'apply' });
  ok('a lock file of another database, to Prisma', !refusal.ok && refusal.text.includes('mysql'), refusal.text);
  ok('and to schemac', /P3019/.test(p.run(db, 'migrate', 'deploy').text));
}

// ---- failures, and what resolves them ----

// The same history of failures by either tool; the rows must be the same, and each must understand the other's.
async function failures() {
  const p = new Project('failed'), a = await p.database('a'), b = await p.database('b');
  p.set(head + 'model A {\n  id Int @id\n}\n');
  fs.writeFileSync(path.join(p.migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  const create = 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));\n', name = '20240102000000_bad';
  p.write('20240101000000_good', create);
  p.write(name, 'CREATE TABLE "B" ("id" INTEGER);\nSELECT * FROM nowhere;\n');

  const run = { applied: db => p.run(db, 'migrate', 'resolve', '--applied', name), rolledBack: db => p.run(db, 'migrate', 'resolve', '--rolled-back', name), apply: db => p.run(db, 'migrate', 'deploy') };
  ok('schemac fails at it', run.apply(a).status === 1);
  const error = await p.theirs(b, { do: 'apply' });
  ok('Prisma fails at it', !error.ok);
  const shape = rows => rows.map(r => ({ ...r }));
  same('both leave the same rows', shape(await rowsOf(a)), shape(await rowsOf(b)));
  for (const [what, db] of [['schemac', a], ['Prisma', b]]) {
    same(`failed by ${what}, to Prisma`, (await p.must(db, `diagnosed after ${what}`, { do: 'diagnose' })).failedMigrationNames, [name]);
    same(`failed by ${what}, to schemac`, p.status(db).failed, [name]);
    const again = await p.theirs(db, { do: 'apply' });
    ok(`after ${what}'s failure Prisma goes no further`, !again.ok && again.text.includes('failed migrations'), again.text);
    const stopped = run.apply(db).text;
    ok(`after ${what}'s failure schemac goes no further`, stopped.includes('P3009'), stopped);
  }
  // a by schemac, b by Prisma, step by step.
  const step = async (what, ours, theirs) => {
    const x = ours(a), y = await p.theirs(b, theirs);
    same(`${what}: both ${x.status ? 'refuse' : 'do'} it`, x.status === 0, y.ok);
    same(`${what}: the same rows`, shape(await rowsOf(a)), shape(await rowsOf(b)));
    for (const db of [a, b]) {
      const found = (await p.theirs(db, { do: 'diagnose' })).value ?? {}, status = p.status(db);
      same(`${what}: both find the same failures`, found.failedMigrationNames, status.failed);
    }
  };
  await step('rolled back', run.rolledBack, { do: 'rolledBack', name });
  await step('rolled back twice', run.rolledBack, { do: 'rolledBack', name });
  await b.client.query('DROP TABLE IF EXISTS "B"'); // this driver sends statement by statement
  await step('failed once more', run.apply, { do: 'apply' });
  await step('marked as applied', run.applied, { do: 'applied', name });
  await step('marked twice', run.applied, { do: 'applied', name });
  p.write('20240103000000_more', 'ALTER TABLE "A" ADD COLUMN "x" INTEGER;\n');
  p.set(head + 'model A {\n  id Int @id\n  x Int?\n}\n');
  await step('and on', run.apply, { do: 'apply' });
  await step('a name that is nowhere', db => p.run(db, 'migrate', 'resolve', '--applied', 'nope'), { do: 'applied', name: 'nope' });
  // Each on the other's database.
  p.write('20240104000000_bad', 'SELECT * FROM nowhere;\n');
  run.apply(a);
  await p.theirs(b, { do: 'apply' });
  await p.must(a, "Prisma rolls schemac's failure back", { do: 'rolledBack', name: '20240104000000_bad' });
  p.ours(b, "schemac rolls Prisma's failure back", 'migrate', 'resolve', '--rolled-back', '20240104000000_bad');
  same('the same rows', await rowsOf(a), await rowsOf(b));
  p.write('20240104000000_bad', 'SELECT 1;\n');
  await p.must(a, 'Prisma goes on where schemac failed', { do: 'apply' });
  p.ours(b, 'schemac goes on where Prisma failed', 'migrate', 'deploy');
  same('and the rows are the same', await rowsOf(a), await rowsOf(b));
}

async function baseline() {
  const p = new Project('baseline'), a = await p.database('a'), b = await p.database('b');
  p.set(head + 'model A {\n  id Int @id\n}\n');
  fs.writeFileSync(path.join(p.migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  p.write('20240101000000_base', 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));\n');
  for (const db of [a, b]) await db.client.query('CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"))');
  const refusal = await p.theirs(b, { do: 'apply' });
  ok('Prisma refuses a filled database', !refusal.ok && refusal.text.includes('not empty'), refusal.text);
  ok('and schemac', /P3005/.test(p.run(a, 'migrate', 'deploy').text));
  p.ours(a, 'a baseline by schemac', 'migrate', 'resolve', '--applied', '20240101000000_base');
  await p.must(b, 'a baseline by Prisma', { do: 'applied', name: '20240101000000_base' });
  same('the same rows', await rowsOf(a), await rowsOf(b));
  same('in the same table', await columnsOf(a), await columnsOf(b));
  await p.clean(a, 'a baseline of schemac');
  await p.clean(b, 'a baseline of Prisma');
}

for (const one of [madeByUs, madeByThem, edited, failures, baseline]) {
  try { await one(); } catch (error) { ok(one.name, false, error.stack); }
}
await dropDatabases(server, databases);
fs.rmSync(scratch, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
