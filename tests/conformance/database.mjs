// Databases of the conformance tests: made and emptied quickly, filled with typed rows, and read back as text.
import pg from 'pg';

export const place = (url, database) => url.replace(/\/[^/?]+(?=\?|$)/, `/${database}`);

export async function createDatabase(url, database) {
  const server = new pg.Client({ connectionString: url });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
  await server.query(`CREATE DATABASE "${database}"`);
  await server.end();
  const client = new pg.Client({ connectionString: place(url, database) });
  client.on('error', () => {}); // dropped while it was open
  await client.connect();
  await client.query('SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS citext SCHEMA pg_catalog');
  return client;
}

export async function dropDatabases(url, names) {
  const server = new pg.Client({ connectionString: url });
  await server.connect();
  for (const name of names) await server.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  await server.end();
}

export const empty = client => client.query(`DO $$ DECLARE s text; BEGIN
  FOR s IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END $$; CREATE SCHEMA public; SET search_path = public`);

const name = text => `"${text.replaceAll('"', '""')}"`;
const literal = text => `'${text.replaceAll("'", "''")}'`;

// ---- tables ----

// The tables with their columns; `key` is a column of a primary or foreign key or of a unique index.
async function tablesOf(client) {
  const { rows } = await client.query(`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, a.attnotnull AS required, a.attgenerated <> '' AS generated, w.typcategory = 'A' AND w.typelem <> 0 AS list,
      t.typname AS type, t.typtype = 'e' AS enum, format_type(t.oid, a.atttypmod) AS sql, format_type(a.atttypid, a.atttypmod) AS full,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY(i.indkey)) OR
      EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND (k.conrelid = c.oid AND a.attnum = ANY(k.conkey)
        OR k.confrelid = c.oid AND a.attnum = ANY(k.confkey))) AS key,
      (SELECT array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type w ON w.oid = a.atttypid JOIN pg_type t ON t.oid = CASE WHEN w.typcategory = 'A' AND w.typelem <> 0 THEN w.typelem ELSE w.oid END
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', '_before') AND c.relname <> '_prisma_migrations'
    ORDER BY 1, 2, a.attnum`);
  const tables = new Map();
  for (const row of rows) {
    const key = `${row.schema}.${row.table}`;
    if (!tables.has(key)) tables.set(key, { schema: row.schema, name: row.table, columns: [] });
    tables.get(key).columns.push(row);
  }
  return [...tables.values()];
}

// ---- rows ----

const pad = (n, width) => String(n).padStart(width, '0');
// The value number i of a type, as SQL: another one for each i, as far as the type has that many.
const values = {
  bool: i => String(i % 2 === 1), int2: i => i + 1, int4: i => i + 1, int8: i => i + 1, oid: i => i + 1, float4: i => i + 0.5, float8: i => i + 0.25,
  numeric: i => i + 1.5, money: i => `'${i + 2}.25'`, bytea: i => `'\\x${pad(i, 4)}'`, uuid: i => `'00000000-0000-4000-8000-${pad(i, 12)}'`,
  inet: i => `'10.0.0.${i}'`, bit: (i, sql) => `(${i})::bit(${sql.match(/\d+/)?.[0] ?? 1})`, varbit: i => `'${i.toString(2)}'`, xml: i => `'<v>${i}</v>'`,
  json: i => `'{"v": ${i}}'`, jsonb: i => `'{"v": ${i}}'`, timestamp: i => `'2020-01-${pad(i + 1, 2)} 10:11:12.123456'`,
  timestamptz: i => `'2020-01-${pad(i + 1, 2)} 10:11:12.123456+00'`, date: i => `'2020-01-${pad(i + 1, 2)}'`, time: i => `'10:${pad(i, 2)}:12.123456'`,
  timetz: i => `'10:${pad(i, 2)}:12.5+00'`, circle: i => `'<(${i},0),1>'`, tsvector: i => `'v${i}'`, polygon: i => `'((0,0),(${i},1))'`,
  bpchar: (i, sql) => literal(`${i}x`.slice(0, Number(sql.match(/\d+/)?.[0] ?? 1))), text: i => `'value ${i}'`, varchar: i => `'v ${i}'`, citext: i => `'V${i}'`,
};

function valueOf(column, i) {
  const one = n => column.enum ? literal(column.labels[n % column.labels.length]) : String((values[column.type] ?? values.text)(n, column.sql));
  if (!column.list) return one(i);
  return `ARRAY[${[one(i), one(i + 1)].slice(0, 1 + (i % 2)).join(', ')}]::${column.full}`;
}

// Rows in every table: those of one number refer to each other, so that the first of each always stand.
export async function fill(client, random, rows = 3) {
  let script = 'SET session_replication_role = replica;\n';
  const tables = await tablesOf(client);
  for (const table of tables)
    for (let i = 0; i < rows; i++) {
      const cells = table.columns.map(column => column.generated ? 'DEFAULT' : column.key || (column.required && !random.chance(0.3)) ? valueOf(column, i)
        : !column.required && random.chance(0.3) ? 'NULL' : valueOf(column, random.below(9)));
      script += `INSERT INTO ${name(table.schema)}.${name(table.name)} VALUES (${cells.join(', ')}) ON CONFLICT DO NOTHING;\n`;
    }
  await client.query(script + 'SET session_replication_role = origin');
  // Where a value of few kinds (a unique Boolean) kept a row out, what refers to it goes too.
  const { rows: keys } = await client.query(`
    SELECT format('DELETE FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)', conrelid::regclass,
      (SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ') FROM unnest(conkey) k JOIN pg_attribute a ON attrelid = conrelid AND attnum = k),
      confrelid::regclass, (SELECT string_agg(format('c.%I = p.%I', a.attname, b.attname), ' AND ') FROM unnest(conkey, confkey) k (x, y)
        JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = x JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = y)) AS sql
    FROM pg_constraint WHERE contype = 'f'`);
  for (let gone = 1; gone && keys.length;) {
    gone = 0;
    for (const { sql } of keys) {
      await client.query('SET session_replication_role = replica');
      gone += (await client.query(sql)).rowCount;
      await client.query('SET session_replication_role = origin');
    }
  }
}

export async function deleteRows(client) {
  const tables = await tablesOf(client);
  if (tables.length) await client.query(`TRUNCATE ${tables.map(t => `${name(t.schema)}.${name(t.name)}`).join(', ')} CASCADE`);
}

// ---- what was there before ----

// Keeps a copy of all rows in the schema _before; enums as text, since their types may go.
export async function remember(client) {
  const tables = await tablesOf(client);
  let script = 'DROP SCHEMA IF EXISTS _before CASCADE; CREATE SCHEMA _before;\n';
  for (const table of tables)
    script += `CREATE TABLE _before.${name(`${table.schema}.${table.name}`)} AS SELECT ${table.columns
      .map(c => c.enum ? `${name(c.column)}::text${c.list ? '[]' : ''} AS ${name(c.column)}` : name(c.column)).join(', ')} FROM ${name(table.schema)}.${name(table.name)};\n`;
  await client.query(script);
  return tables;
}

const waysRound = { timestamp: '::timestamptz', money: '::numeric' };

// What is gone of it without being announced, or ''. `told` has the tables and the columns that are.
export async function losses(client, before, told) {
  const now = new Map((await tablesOf(client)).map(t => [`${t.schema}.${t.name}`, t]));
  const lost = [];
  const count = async (from, where = '') => Number((await client.query(`SELECT count(*) AS n FROM ${from} ${where}`)).rows[0].n);
  for (const table of before) {
    const key = `${table.schema}.${table.name}`, copy = `_before.${name(key)}`, there = now.get(key);
    if (!there) {
      if (!told.table(table.name) && await count(copy)) lost.push(`table ${key} and its rows`);
      continue;
    }
    const at = `${name(there.schema)}.${name(there.name)}`;
    if (await count(copy) !== await count(at)) { lost.push(`rows of ${key}`); continue; }
    for (const column of table.columns) {
      if (column.generated || told.column(table.name, column.column)) continue;
      const c = name(column.column), held = there.columns.find(x => x.column === column.column);
      if (!held) { if (await count(copy, `WHERE ${c} IS NOT NULL`)) lost.push(`column ${column.column} of ${key}`); continue; }
      if (!await count(copy, `WHERE ${c} IS NOT NULL`)) continue;
      const type = held.enum ? `text${held.list ? '[]' : ''}` : held.full;
      const cast = way => client.query(`SELECT ${c}${way}::${type}::text AS v FROM ${copy} WHERE ${c} IS NOT NULL EXCEPT ALL SELECT ${c}::text FROM ${at} LIMIT 1`);
      // Of some types to some there is no cast but by way of a third type.
      const direct = await cast('').catch(error => { if (error.code !== '42846') throw error; });
      const { rows } = direct ?? await cast(waysRound[column.type] ?? '::text');
      if (rows.length) lost.push(`a value of ${key}.${column.column}, ${rows[0].v}`);
    }
  }
  return lost.join(', ');
}

// ---- the catalog as text ----

const catalogSql = `
WITH s AS (SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', '_before'))
SELECT s.nspname AS schema, 'column ' || s.nspname || '.' || c.relname || '.' || a.attname AS what, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || COALESCE(' DEFAULT ' || CASE WHEN pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' THEN 'nextval' ELSE pg_get_expr(d.adbin, d.adrelid) END, '') AS is
FROM s JOIN pg_class c ON c.relnamespace = s.oid AND c.relkind = 'r' JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
UNION ALL SELECT s.nspname, 'constraint ' || s.nspname || '.' || (SELECT relname FROM pg_class WHERE oid = k.conrelid) || '.' || k.conname, pg_get_constraintdef(k.oid) FROM s JOIN pg_constraint k ON k.connamespace = s.oid AND k.contype <> 't'
UNION ALL SELECT s.nspname, 'index ' || s.nspname || '.' || c.relname, pg_get_indexdef(c.oid) FROM s JOIN pg_class c ON c.relnamespace = s.oid AND c.relkind = 'i'
UNION ALL SELECT s.nspname, 'enum ' || s.nspname || '.' || t.typname, (SELECT string_agg(enumlabel, ', ' ORDER BY enumlabel) FROM pg_enum e WHERE e.enumtypid = t.oid)
  FROM s JOIN pg_type t ON t.typnamespace = s.oid AND t.typtype = 'e'
UNION ALL SELECT s.nspname, 'comment on ' || s.nspname || '.' || c.relname || COALESCE('.' || a.attname, ''), m.description
  FROM s JOIN pg_class c ON c.relnamespace = s.oid AND c.relkind = 'r' JOIN pg_description m ON m.classoid = 'pg_class'::regclass AND m.objoid = c.oid
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = m.objsubid AND m.objsubid > 0
UNION ALL SELECT s.nspname, 'sequence ' || s.nspname || ', of ' || COALESCE((SELECT relname FROM pg_class WHERE oid = p.refobjid) || '.' || (SELECT attname FROM pg_attribute WHERE attrelid = p.refobjid AND attnum = p.refobjsubid), 'nothing, ' || c.relname), q.seqtypid::regtype::text
  FROM s JOIN pg_class c ON c.relnamespace = s.oid AND c.relkind = 'S' JOIN pg_sequence q ON q.seqrelid = c.oid
  LEFT JOIN pg_depend p ON p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'a' AND p.refclassid = 'pg_class'::regclass`;

// Of the schemas that a datasource lists, or of all.
export async function catalog(client, schemas) {
  const { rows } = await client.query(catalogSql);
  return new Map(rows.filter(row => !schemas || schemas.includes(row.schema)).map(row => [row.what, row.is]));
}
