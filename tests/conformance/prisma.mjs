// Prisma's schema validator, formatter and schema engine as one long-lived process.
//
// Reads one JSON request a line and answers each with one JSON line, in order:
//   {"do": "validate", "schema": SCHEMA}                -> {"ok": true} | {"ok": false, "text": report}
//   {"do": "lint",     "schema": SCHEMA}                -> {"ok": true, "value": [{text, is_warning, …}]}
//   {"do": "format",   "schema": SCHEMA}                -> {"ok": true, "value": [[name, text], …]}
//   {"do": "dmmf",     "schema": SCHEMA}                -> {"ok": true, "value": {…}}
//   {"do": "diff",     "from": STATE, "to": STATE, "url": URL}   -> {"ok": true, "text": script}; a STATE is "empty", a
//                      schema, "live:" and a schema: the database as that schema's datasource sees it, or "folder:" and a
//                      folder of migrations. "summary": true gives words instead of the script
//   {"do": "push",     "schema": SCHEMA, "url": URL}    -> {"ok": true, "value": {"executedSteps": N, …}}; with
//                      "careful": true nothing is executed where there is a warning
//   {"do": "apply" | "diagnose" | "check", "migrations": DIR, "schema": …, "url": URL} -> {"ok": true, "value": {…}}; "check"
//                      says what migrate dev would do first
//   {"do": "create", "migrations": DIR, "name": NAME, …}         -> as these; the folder of the new migration is written
//   {"do": "applied" | "rolledBack", "name": NAME, …}            -> as these: migrate resolve
// A SCHEMA is a file, a folder, or the files themselves: [[name, text], …].
// What an engine refuses is {"ok": false, "text": why}.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';

globalThis.crypto ??= webcrypto; // Node.js 18 does not offer it by itself, and the schema engine draws names from it

const require = createRequire(import.meta.url);
// The engines hand the text of a panic to this object just before they die of it.
let panicText = '';
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message(text) { panicText = text; } };

let validator = require('@prisma/prisma-schema-wasm');

// After a panic the WebAssembly instance answers nothing but "unreachable": a new one takes its place.
function replaceValidator() {
  for (const name of Object.keys(require.cache)) if (name.includes('prisma-schema-wasm')) delete require.cache[name];
  validator = require('@prisma/prisma-schema-wasm');
  engineModule = undefined;
}

// A schema as [name, text] pairs. Reports name files as the tests do: relative to the schema's folder.
function filesOf(where) {
  if (Array.isArray(where)) return where;
  if (!fs.statSync(where).isDirectory()) return [[path.basename(where), fs.readFileSync(where, 'utf8')]];
  return fs.readdirSync(where, { recursive: true })
    .filter(name => name.endsWith('.prisma')).sort()
    .map(name => [name, fs.readFileSync(path.join(where, name), 'utf8')]);
}

const asDocuments = where => filesOf(where).map(([name, text]) => [`file:///${name}`, text]);
const asEngineFiles = where => ({ files: filesOf(where).map(([name, content]) => ({ path: name, content })) });

function plainError(error) {
  const text = error?.message ?? String(error);
  try { return JSON.parse(text).message ?? text; } catch { return text; }
}

// The schema engine wants a WebAssembly instance and a driver; both are loaded when a request first needs them.
let engineModule, openConnections = [];
async function engineFor(schema, url) {
  if (!engineModule) {
    const folder = new URL('node_modules/@prisma/schema-engine-wasm/', import.meta.url).pathname;
    const glue = await import(path.join(folder, 'schema_engine_bg.js'));
    const code = new WebAssembly.Module(fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm')));
    const instance = new WebAssembly.Instance(code, { './schema_engine_bg.js': glue });
    glue.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    const pg = (await import('pg')).default;
    const { PrismaPg } = await import('@prisma/adapter-pg');
    const { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } = await import('@prisma/driver-adapter-utils');
    readCatalogTypes(pg);
    const plain = u => withCharacters(new PrismaPg({ connectionString: u }), ColumnTypeEnum);
    const driver = u => bindMigrationAwareSqlAdapterFactory(withShadow(plain(u), u, plain));
    engineModule = { glue, driver, engines: new Map() };
    openConnections = [];
  }
  // An engine looks only at the datasource of the schema it starts with, and starting one takes long.
  const files = filesOf(schema);
  const key = url + files.flatMap(([, text]) => text.match(/^\s*(?:datasource|generator)\s[^}]*\}/gm) ?? []).join('');
  if (!engineModule.engines.has(key))
    engineModule.engines.set(key, engineModule.glue.SchemaEngine.new({ datamodels: files }, () => {}, engineModule.driver(url)));
  return engineModule.engines.get(key);
}

// The driver has no codec for the catalog's own types (name, oid, "char", vectors of them); the engine reads them as
// text and integers.
function readCatalogTypes(pg) {
  const readAs = { 18: 25, 19: 25, 21: 23, 22: 25, 24: 25, 26: 23, 30: 25, 1003: 1009, 1028: 1007, 2205: 25 };
  for (const kind of [pg.Client, pg.Pool]) {
    const plain = kind.prototype.query;
    kind.prototype.query = function query(...args) {
      const pending = plain.apply(this, args);
      if (typeof pending?.then !== 'function') return pending;
      return pending.then(answer => {
        for (const result of Array.isArray(answer) ? answer : [answer])
          for (const field of result?.fields ?? []) field.dataTypeID = readAs[field.dataTypeID] ?? field.dataTypeID;
        return answer;
      });
    };
  }
}

// One column of the catalog must arrive as a single character, a type that the driver has a name for and never uses.
function withCharacters(factory, types) {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const connection = await connect();
    openConnections.push(connection);
    const queryRaw = connection.queryRaw.bind(connection);
    connection.queryRaw = async query => {
      const answer = await queryRaw(query);
      const at = answer.columnNames?.indexOf('constraint_type') ?? -1;
      if (at >= 0) answer.columnTypes[at] = types.Character;
      return answer;
    };
    return connection;
  };
  return factory;
}

// The driver's own shadow database is the database itself where that is named by a URL.
function withShadow(factory, url, factoryOf) {
  factory.connectToShadowDb = async () => {
    const database = `prisma_migrate_shadow_db_${globalThis.crypto.randomUUID()}`;
    const server = await factory.connect();
    await server.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await factoryOf(url.replace(/\/[^/?]+(?=\?|$)/, `/${database}`)).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await server.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await server.dispose();
    };
    return shadow;
  };
  return factory;
}

// An engine that has taken the advisory lock keeps it as long as its connection: as long as Prisma's process would live.
async function endEngines() {
  engineModule.engines.clear();
  for (const connection of openConnections.splice(0)) await connection.dispose().catch(() => {});
}

const filters = { externalTables: [], externalEnums: [] };

function folderOf(dir) {
  const lock = path.join(dir, 'migration_lock.toml');
  return {
    baseDir: path.resolve(dir), shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: fs.existsSync(lock) ? fs.readFileSync(lock, 'utf8') : null },
    migrationDirectories: fs.readdirSync(dir, { withFileTypes: true }).filter(e => e.isDirectory()).map(e => e.name).sort()
      .map(name => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: fs.readFileSync(path.join(dir, name, 'migration.sql'), 'utf8') } },
      })),
  };
}

const stateOf = state => state === 'empty' ? { tag: 'empty' }
  : state.startsWith('folder:') ? { tag: 'migrations', ...folderOf(state.slice(7)) }
  : state.startsWith('live:') ? { tag: 'schemaDatasource', ...asEngineFiles(state.slice(5)), configDir: '.' }
  : { tag: 'schemaDatamodel', ...asEngineFiles(state) };

const verbs = {
  validate({ schema }) { validator.validate(JSON.stringify({ prismaSchema: filesOf(schema), noColor: true })); return {}; },
  lint({ schema }) { return { value: JSON.parse(validator.lint(JSON.stringify(asDocuments(schema)))) }; },
  format({ schema }) {
    const files = asDocuments(schema);
    const options = { textDocument: { uri: files[0][0] }, options: { tabSize: 2, insertSpaces: true } };
    const formatted = JSON.parse(validator.format(JSON.stringify(files), JSON.stringify(options)));
    return { value: formatted.map(([uri, text]) => [uri.slice('file:///'.length), text]) };
  },
  dmmf({ schema }) { return { value: JSON.parse(validator.get_dmmf(JSON.stringify({ prismaSchema: filesOf(schema), noColor: true }))) }; },
  async diff({ from, to, url, summary }) {
    const own = [to, from].find(state => state !== 'empty' && !state.startsWith('folder:'));
    const engine = await engineFor(own.replace(/^live:/, ''), url);
    const answer = await engine.diff({ from: stateOf(from), to: stateOf(to), shadowDatabaseUrl: null, script: !summary, exitCode: null, filters });
    return { text: answer.stdout };
  },
  async push({ schema, url, careful }) {
    const engine = await engineFor(schema, url);
    return { value: await engine.schemaPush({ force: !careful, schema: asEngineFiles(schema), filters }) };
  },
  async apply({ migrations, schema, url }) {
    const engine = await engineFor(schema, url);
    try {
      return { value: await engine.applyMigrations({ migrationsList: folderOf(migrations), filters }) };
    } finally { await endEngines(); }
  },
  async diagnose({ migrations, schema, url }) {
    const engine = await engineFor(schema, url);
    return { value: await engine.diagnoseMigrationHistory({ migrationsList: folderOf(migrations), optInToShadowDatabase: true, filters }) };
  },
  async check({ migrations, schema, url }) {
    const engine = await engineFor(schema, url);
    return { value: await engine.devDiagnostic({ migrationsList: folderOf(migrations), filters }) };
  },
  async create({ migrations, schema, url, name }) {
    const engine = await engineFor(schema, url);
    await engine.devDiagnostic({ migrationsList: folderOf(migrations), filters });
    const made = await engine.createMigration({ migrationsList: folderOf(migrations), schema: asEngineFiles(schema), migrationName: name, draft: false, filters });
    if (made.migrationScript === null) return { value: made };
    const folder = path.join(migrations, made.generatedMigrationName);
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, `migration.${made.extension}`), made.migrationScript);
    fs.writeFileSync(path.join(migrations, 'migration_lock.toml'), '# Please do not edit this file manually\n'
      + `# It should be added in your version-control system (e.g., Git)\nprovider = "${made.connectorType}"\n`);
    return { value: made };
  },
  async applied({ migrations, schema, url, name }) {
    const engine = await engineFor(schema, url);
    try {
      return { value: await engine.markMigrationApplied({ migrationsList: folderOf(migrations), migrationName: name }) };
    } finally { await endEngines(); }
  },
  async rolledBack({ schema, url, name }) {
    const engine = await engineFor(schema, url);
    try {
      return { value: await engine.markMigrationRolledBack({ migrationName: name }) };
    } finally { await endEngines(); }
  },
};

export async function ask(request) {
  try {
    if (!verbs[request.do]) throw new Error(`no such request: ${request.do}`);
    return { ok: true, ...await verbs[request.do](request) };
  } catch (error) {
    const panicked = error instanceof WebAssembly.RuntimeError;
    if (panicked) replaceValidator();
    return { ok: false, panicked, text: panicked ? `panic: ${panicText}` : plainError(error) };
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for await (const line of readline.createInterface({ input: process.stdin }))
    fs.writeSync(1, JSON.stringify(await ask(JSON.parse(line))) + '\n');
  process.exit(0);
}
