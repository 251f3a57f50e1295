// Random schemas: valid ones, and valid ones with one mistake. The same seed gives the same schemas on every machine.
//
// A schema is first planned as data (models, fields, relations, keys) so that it is sound by construction, then printed
// with a layout that varies. A mistake is made on the printed lines: what a hand does wrong is wrong in the text.

// mulberry32: 32 bits of state are plenty for choosing words.
export function generatorOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = n => Math.floor(next() * n);
  return {
    below,
    chance: p => next() < p,
    pick: list => list[below(list.length)],
    take(list, n) {
      const rest = [...list], taken = [];
      while (taken.length < n && rest.length) taken.push(rest.splice(below(rest.length), 1)[0]);
      return taken;
    },
  };
}

const modelNames = ['User', 'Post', 'Comment', 'Tag', 'Order', 'Item', 'Invoice', 'Team', 'Badge', 'Venue', 'order_line', 'Zebra'];
const fieldNames = ['name', 'title', 'count', 'price', 'active', 'createdAt', 'payload', 'blob', 'rank', 'code', 'note', 'state',
  'total', 'when', 'model', 'type', 'enum', 'snake_case', 'camelCase', 'x1', 'größe'];
const enumNames = ['Role', 'Status', 'Color', 'Kind'];
const valueNames = ['A', 'B', 'OPEN', 'CLOSED', 'Red', 'green', 'super_admin', 'X9'];

const natives = {
  String: ['Text', 'VarChar', 'VarChar(40)', 'Char(3)', 'Uuid', 'Inet', 'Citext', 'Bit(4)', 'VarBit(8)', 'Xml'],
  Boolean: ['Boolean'],
  Int: ['Integer', 'SmallInt', 'Oid'],
  BigInt: ['BigInt'],
  Float: ['DoublePrecision', 'Real'],
  Decimal: ['Decimal(10, 2)', 'Money', 'Decimal'],
  DateTime: ['Timestamp(6)', 'Timestamptz', 'Timestamptz(3)', 'Date', 'Time(3)', 'Timetz'],
  Json: ['JsonB', 'Json'],
  Bytes: ['ByteA'],
};
const scalars = Object.keys(natives);

const defaults = {
  String: ['"hello"', '""', '"it\'s \\"so\\""', 'uuid()', 'uuid(7)', 'cuid()', 'cuid(2)', 'ulid()', 'nanoid()', 'nanoid(10)', 'dbgenerated("gen()")'],
  Boolean: ['true', 'false'],
  Int: ['0', '-5', '42', 'autoincrement()', 'dbgenerated()'],
  BigInt: ['0', '9007199254740993', 'autoincrement()'],
  Float: ['1.5', '-0.25', '3'],
  Decimal: ['1.50', '0', '"12.345"'],
  DateTime: ['now()', '"2020-02-29T12:00:00.000Z"', '"2020-01-01T00:00:00+02:00"'],
  Json: ['"{}"', '"[1, 2]"', '"null"'],
  Bytes: ['"aGVsbG8="'],
};
const listDefaults = { String: ['[]', '["a", "b"]'], Int: ['[]', '[1, -2]'], Boolean: ['[true]'], Float: ['[1.5]'] };

function planEnum(random, name) {
  const values = random.take(valueNames, 1 + random.below(4)).map(value => ({ value, map: random.chance(0.15) ? `db-${value}` : null }));
  return { name, values, map: random.chance(0.2) ? `${name.toLowerCase()}_type` : null };
}

function planField(random, name, enums) {
  const field = { name, attributes: [], arity: random.pick(['', '', '', '?', '?', '[]']) };
  if (enums.length && random.chance(0.15)) {
    const type = random.pick(enums);
    field.type = type.name;
    if (field.arity !== '[]' && random.chance(0.4)) field.attributes.push(`@default(${random.pick(type.values).value})`);
    return field;
  }
  if (random.chance(0.04)) {
    field.type = `Unsupported("${random.pick(['circle', 'tsvector', 'polygon'])}")`;
    return field;
  }
  field.type = random.pick(scalars);
  const choices = field.arity === '[]' ? listDefaults[field.type] : defaults[field.type];
  if (choices && random.chance(0.35)) field.attributes.push(`@default(${random.pick(choices)})`);
  if (field.type === 'DateTime' && field.arity !== '[]' && random.chance(0.2)) field.attributes.push('@updatedAt');
  if (random.chance(0.25)) field.attributes.push(`@db.${field.native = random.pick(natives[field.type])}`);
  if (random.chance(0.1)) field.attributes.push(`@map("${name}_col")`);
  const uniqueable = !['Xml'].includes(field.native);
  if (uniqueable && random.chance(0.12)) field.attributes.push(random.chance(0.2) ? `@unique(map: "uq_${random.below(1e6)}")` : '@unique');
  return field;
}

function planModel(random, name, enums) {
  const idType = random.pick(['Int', 'String', 'BigInt']);
  const id = { name: 'id', type: idType, arity: '', attributes: ['@id'], isId: true };
  const choices = { Int: ['autoincrement()'], BigInt: ['autoincrement()'], String: ['uuid()', 'cuid()', 'dbgenerated("gen_random_uuid()")'] }[idType];
  if (random.chance(0.7)) id.attributes.push(`@default(${random.pick(choices)})`);
  const fields = [id, ...random.take(fieldNames, 1 + random.below(7)).map(field => planField(random, field, enums))];
  const model = { name, fields, blocks: [], map: random.chance(0.25) ? `${name.toLowerCase()}_table` : null, idType };
  const plain = fields.filter(f => f.type in natives && f.native !== 'Xml');
  const required = plain.filter(f => f.arity === '');
  if (required.length > 2 && random.chance(0.15)) { // a compound id instead
    id.attributes = id.attributes.filter(a => a !== '@id');
    id.isId = false;
    model.blocks.push(`@@id([id, ${required[1].name}])`);
  }
  if (plain.length > 2 && random.chance(0.4)) model.blocks.push(`@@index([${random.take(plain, 2).map(f => f.name + random.pick(['', '', '(sort: Desc)'])).join(', ')}])`);
  if (plain.length > 2 && random.chance(0.25)) model.blocks.push(`@@unique([${random.take(plain, 2).map(f => f.name).join(', ')}]${random.pick(['', `, map: "u_${random.below(1e6)}"`, `, name: "key${random.below(1e6)}"`])})`);
  const json = fields.find(f => f.type === 'Json' && f.arity !== '[]' && f.native !== 'Json');
  if (json && random.chance(0.5)) model.blocks.push(`@@index([${json.name}${random.pick(['', '(ops: JsonbPathOps)'])}], type: Gin)`);
  if (plain.length && random.chance(0.1)) model.blocks.push(`@@index([${random.pick(plain).name}], type: Hash)`);
  return model;
}

function relate(random, models, number) {
  const usable = models.filter(m => m.fields[0].isId);
  if (!usable.length) return;
  const from = random.pick(usable), to = random.pick(usable);
  const name = `R${number}`, tail = `${number}`;
  const named = random.chance(0.5) ? `"${name}"` : `name: "${name}"`;
  const kind = random.pick(['1-n', '1-n', '1-1', 'm-n']);
  if (kind === 'm-n') {
    from.fields.push({ name: `many${tail}`, type: to.name, arity: '[]', attributes: [`@relation(${named})`] });
    to.fields.push({ name: `back${tail}`, type: from.name, arity: '[]', attributes: [`@relation(${named})`] });
    return;
  }
  const optional = from === to || random.chance(0.4);
  const key = { name: `ref${tail}Id`, type: to.idType, arity: optional ? '?' : '', attributes: kind === '1-1' ? ['@unique'] : [] };
  const actions = random.pick(['', '', ', onDelete: Cascade', ', onDelete: Restrict, onUpdate: NoAction', optional ? ', onDelete: SetNull' : '', `, map: "fk_${number}"`]);
  from.fields.push(key, { name: `ref${tail}`, type: to.name, arity: optional ? '?' : '', attributes: [`@relation(${named}, fields: [${key.name}], references: [id]${actions})`] });
  to.fields.push({ name: `back${tail}`, type: from.name, arity: kind === '1-1' ? '?' : '[]', attributes: [`@relation(${named})`] });
}

function print(random, enums, models) {
  const lines = [];
  const space = () => random.chance(0.9) ? ' ' : '   ';
  const comment = indent => { if (random.chance(0.08)) lines.push(indent + random.pick(['// a remark', '/// documentation', '/// two lines\n' + indent + '/// of it', '/* old style */'])); };
  const datasource = ['datasource db {', '  provider = "postgresql"', '  url      = env("DATABASE_URL")'];
  if (random.chance(0.1)) datasource.push('  relationMode = "foreignKeys"');
  lines.push(...datasource, '}', '');
  if (random.chance(0.4)) lines.push('generator client {', '  provider = "prisma-client-js"', ...(random.chance(0.3) ? ['  previewFeatures = ["views"]'] : []), '}', '');
  const blocks = [
    ...models.map(model => () => {
      comment('');
      lines.push(`model ${model.name} {`);
      for (const field of model.fields) {
        comment('  ');
        lines.push(`  ${field.name}${space()}${field.type}${field.arity}${field.attributes.map(a => space() + a).join('')}${random.chance(0.05) ? ' // behind' : ''}`);
        if (random.chance(0.05)) lines.push('');
      }
      if (model.blocks.length || model.map) lines.push('');
      for (const block of model.blocks) lines.push(`  ${block}`);
      if (model.map) lines.push(`  @@map("${model.map}")`);
      lines.push('}', '');
    }),
    ...enums.map(type => () => {
      comment('');
      lines.push(`enum ${type.name} {`);
      for (const { value, map } of type.values) lines.push(`  ${value}${map ? ` @map("${map}")` : ''}`);
      if (type.map) lines.push('', `  @@map("${type.map}")`);
      lines.push('}', '');
    }),
  ];
  for (const block of random.take(blocks, blocks.length)) block();
  return lines.join('\n').split('\n');
}

// Array.prototype.toSpliced, which Node.js 18 (Debian 12's) does not have.
const spliced = (list, ...change) => { const copy = [...list]; copy.splice(...change); return copy; };

// Each takes the lines and returns them with one mistake, or null where it does not apply.
const replaceOnce = (lines, random, pattern, by) => {
  const places = lines.map((line, i) => [line, i]).filter(([line]) => pattern.test(line));
  if (!places.length) return null;
  const [line, i] = random.pick(places);
  const changed = [...lines];
  changed[i] = line.replace(pattern, by);
  return changed;
};
const memberLine = /^ {2}\S/;
const mistakes = [
  (lines, r) => { const i = r.below(lines.length); return lines[i] === '' ? null : spliced(lines, i, 1); },
  (lines, r) => { const i = r.below(lines.length); return lines[i] === '' ? null : spliced(lines, i, 0, lines[i]); },
  (lines, r) => replaceOnce(lines, r, / (Int|String|Boolean|DateTime)(?=[\s?[]|$)/, (_, type) => ` ${type.toLowerCase()}`),
  (lines, r) => replaceOnce(lines, r, / (Int|String|Boolean|DateTime|Float|Json)(?=[\s?[]|$)/, () => ` ${r.pick(scalars)}`),
  (lines, r) => replaceOnce(lines, r, /^( {2}\S+ +[A-Za-z]+)(?=\s|$)/, (_, start) => start + r.pick(['?', '[]', '!', '[]?', '??'])),
  (lines, r) => replaceOnce(lines, r, /^( {2}\S+ +[A-Za-z]+)(\?|\[\])/, (_, start) => start),
  (lines, r) => replaceOnce(lines, r, /@(id|unique|default|map|relation|updatedAt|db)\b/, (_, name) => `@${name}${r.pick(['x', 's', 'Name'])}`),
  (lines, r) => replaceOnce(lines, r, /@@(id|unique|index|map)\b/, (_, name) => `@@${r.pick(['ids', 'Unique', 'fulltext', 'foo', 'schema', name + 'ed'])}`),
  (lines, r) => replaceOnce(lines, r, /@default\(.*?\)(?=\s|$)/, () => `@default(${r.pick(['"x"', '1', 'true', 'foo()', 'now()', '[]', '', 'autoincrement()', 'uuid(9)', '[1]', '99999999999999999999', 'nanoid(1)'])})`),
  (lines, r) => replaceOnce(lines, r, /\[(\w+)/, () => '[missing'),
  (lines, r) => replaceOnce(lines, r, /fields: \[\w+\], /, () => ''),
  (lines, r) => replaceOnce(lines, r, /, references: \[\w+\]/, () => r.pick(['', ', references: []', ', references: [nope]'])),
  (lines, r) => replaceOnce(lines, r, /"R(\d+)"/, () => `"R${r.below(3)}"`),
  (lines, r) => replaceOnce(lines, r, /onDelete: \w+/, () => `onDelete: ${r.pick(['Explode', 'SetDefault', 'SetNull', '"Cascade"'])}`),
  (lines, r) => replaceOnce(lines, r, /@db\.\S+/, () => `@db.${r.pick(['Foo', 'Text', 'VarChar(-1)', 'Decimal(5)', 'Decimal(2000, 1)', 'Timestamp(9)', 'Integer(3)', 'Bit(0)', 'JsonB', 'Uuid'])}`),
  (lines, r) => replaceOnce(lines, r, /^(model|enum) (\S+)/, (_, keyword) => `${keyword} ${r.pick(['User', 'Role', 'String', 'class', 'A-B', '1st', '_x', 'Post'])}`),
  (lines, r) => replaceOnce(lines, r, /^(model|enum|datasource|generator) /, () => r.pick(['table ', 'Model ', 'type ', 'enum '])),
  (lines, r) => replaceOnce(lines, r, memberLine, line => line.trimEnd().replace(/^ {2}\S+/, () => `  ${r.pick(['id', '1abc', 'a-b', '_x', 'name:', 'späť'])}`)),
  (lines, r) => replaceOnce(lines, r, /\)/, () => r.pick(['', ',)', '))'])),
  (lines, r) => replaceOnce(lines, r, /\(/, () => ''),
  (lines, r) => replaceOnce(lines, r, /"/, () => r.pick(['', "'"])),
  (lines, r) => replaceOnce(lines, r, / \{$/, () => r.pick(['', ' {}', '{'])),
  (lines, r) => replaceOnce(lines, r, /^\}$/, () => r.pick(['', '} }'])),
  (lines, r) => replaceOnce(lines, r, /@id\b/, () => r.pick(['', '@id @id', '@unique', '@id(map: "")', '@id(sort: Desc)'])),
  (lines, r) => replaceOnce(lines, r, /provider = .*/, () => r.pick(['provider = "nope"', 'provider =', 'provider = env("X")', 'provider = 3', 'foo = "bar"'])),
  (lines, r) => replaceOnce(lines, r, /url .*/, () => r.pick(['url = ""', 'url = 3', 'url = env()', 'url = env("A", "B")', 'url =', 'uri = env("X")'])),
  (lines, r) => replaceOnce(lines, r, /@map\("[^"]*"\)/, () => r.pick(['@map', '@map()', '@map("a", "b")', '@map(name: "id")', '@map(3)', '@map(foo: "x")'])),
  (lines, r) => replaceOnce(lines, r, /type: \w+/, () => `type: ${r.pick(['Foo', 'Gist', 'SpGist', 'Brin', 'BTree', 'Gin', 'Hash'])}`),
  (lines, r) => replaceOnce(lines, r, memberLine, line => `${line} ${r.pick(['@unique', '@id', '@default(1)', '@updatedAt', '@ignore', '@db.Text', '@map("id")', '@', 'extra', '@@index([id])', '@relation("q")'])}`),
];

// What `prisma format` completes: a side of a relation, its @relation, some of its arguments, or its column is left out.
// The report differs by what is missing, and so does what the formatter adds.
const relationLine = /^ {2}(ref|back|many)\d+ /;
const keyLine = /^ {2}ref\d+Id /;
const omissions = [
  (lines, r) => { const places = lines.flatMap((line, i) => relationLine.test(line) ? [i] : []); return places.length ? spliced(lines, r.pick(places), 1) : null; },
  (lines, r) => { const places = lines.flatMap((line, i) => keyLine.test(line) ? [i] : []); return places.length ? spliced(lines, r.pick(places), 1) : null; },
  (lines, r) => replaceOnce(lines, r, /@relation\([^)]*\)/, () => r.pick(['', '@relation', '@relation()'])),
  (lines, r) => replaceOnce(lines, r, /fields: \[\w+\], /, () => ''),
  (lines, r) => replaceOnce(lines, r, /, references: \[\w+\]/, () => ''),
  (lines, r) => replaceOnce(lines, r, /, fields: \[\w+\], references: \[\w+\]/, () => ''),
  (lines, r) => replaceOnce(lines, r, /(name: )?"R\d+"(, )?/, () => ''),
];

function omit(lines, random) {
  let left = lines;
  for (let i = 1 + random.below(3); i > 0; i--) left = random.pick(omissions)(left, random) ?? left;
  return left === lines ? null : left;
}

// The same schema over several files: its blocks, with what stands before each, are dealt out.
export function inFiles(text, random) {
  const parts = text.split(/(?<=^\}\n)/m);
  const names = random.take(['a.prisma', 'b.prisma', 'models/c.prisma', 'models/d.prisma', 'z.prisma'], 2 + random.below(3));
  const files = new Map(names.sort().map(name => [name, '']));
  for (const part of parts) { const name = random.pick(names); files.set(name, files.get(name) + part); }
  return [...files];
}

// The schema number `index` of a run, as a list of [name, text].
export function randomSchema(seed, index) {
  const random = generatorOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const enums = random.take(enumNames, random.below(3)).map(name => planEnum(random, name));
  const models = random.take(modelNames, 1 + random.below(5)).map(name => planModel(random, name, enums));
  const relations = random.below(4);
  for (let i = 0; i < relations; i++) relate(random, models, i);
  const text = mistaken(random, print(random, enums, models), index).join('\n');
  return random.chance(0.15) ? inFiles(text, random) : [['schema.prisma', text]];
}

function mistaken(random, lines, index) {
  if (index % 3 === 0) return lines;
  for (;;) {
    const wrong = index % 3 === 1 && random.chance(0.3) ? omit(lines, random) : random.pick(mistakes)(lines, random);
    if (wrong) return wrong;
  }
}
