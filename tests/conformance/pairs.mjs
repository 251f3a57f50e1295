// Pairs of random schemas, A and B: B is planned anew, or made of A by what happens to schemas in life. The same seed gives
// the same pairs on every machine.
//
// A schema is planned as data and printed; what the plan cannot know to be wrong (a name that is too long when suffixed, a
// default that an altered type does not take) Prisma's validator refuses, and another change is tried.
import { generatorOf } from './random.mjs';
import { extendPlan } from './extended.mjs';

const modelNames = ['User', 'Post', 'Comment', 'Tag', 'Order', 'Item', 'Invoice', 'Team', 'order_line', 'Zebra', 'AVeryLongModelNameThatFillsNearlyAllOfAName'];
const fieldNames = ['name', 'title', 'count', 'price', 'active', 'createdAt', 'payload', 'blob', 'rank', 'code', 'note', 'total', 'when',
  'snake_case', 'camelCase', 'x1', 'größe', 'aLongFieldNameForIndexesToBeCut'];
const enumNames = ['Role', 'Status', 'Color'];
const valueNames = ['A', 'B', 'OPEN', 'CLOSED', 'Red', 'green', 'super_admin', 'X9'];
const schemaNames = ['public', 'extra', 'Audit'];

const natives = {
  String: ['Text', 'VarChar', 'VarChar(40)', 'VarChar(60)', 'Char(12)', 'Char', 'Uuid', 'Inet', 'Citext', 'Bit(4)', 'Bit', 'VarBit(8)', 'VarBit', 'Xml'],
  Boolean: ['Boolean'],
  Int: ['Integer', 'SmallInt', 'Oid'],
  BigInt: ['BigInt'],
  Float: ['DoublePrecision', 'Real'],
  Decimal: ['Decimal(10, 2)', 'Decimal(12, 4)', 'Decimal(9, 0)', 'Money', 'Decimal'],
  DateTime: ['Timestamp(6)', 'Timestamp(3)', 'Timestamp', 'Timestamptz', 'Timestamptz(3)', 'Date', 'Time(3)', 'Time', 'Timetz'],
  Json: ['JsonB', 'Json'],
  Bytes: ['ByteA'],
};
const scalars = Object.keys(natives);
const unsupported = ['circle', 'tsvector', 'polygon'];

// Defaults that every native type of the scalar takes, or that name the ones they are for.
const defaults = {
  String: ['"hello"', '""', '"it\'s \\"so\\""', '"two\\nlines"', 'uuid()', 'cuid()', 'nanoid(10)', 'dbgenerated("\'x\'::text")'],
  Boolean: ['true', 'false'],
  Int: ['0', '-5', '42', 'autoincrement()', 'dbgenerated("(1 + 1)")'],
  BigInt: ['0', '9007199254740993', 'autoincrement()'],
  Float: ['1.5', '-0.25', '3'],
  Decimal: ['1.50', '0', '"12.345"'],
  DateTime: ['now()', '"2020-02-29T12:00:00.000Z"', 'dbgenerated("CURRENT_TIMESTAMP")'],
  Json: ['"{}"', '"[1, 2]"', '"null"', '"{\\"a\\": \\"it\'s\\"}"'],
  Bytes: ['"aGVsbG8="'],
};
const nativeDefaults = { Uuid: ['dbgenerated("gen_random_uuid()")'], Inet: ['"10.0.0.1"'], 'Bit(4)': ['"0101"'], Bit: ['"1"'], 'VarBit(8)': ['"01"'], VarBit: ['"01"'], Xml: [], Char: ['"c"'] };
for (const type of Object.keys(defaults)) defaults[type].push('dbgenerated()');
const listDefaults = { String: ['[]', '["a", "b"]'], Int: ['[]', '[1, -2]'], Boolean: ['[true]'], Float: ['[1.5]'], BigInt: ['[]'] };
const actions = ['Cascade', 'Restrict', 'NoAction', 'SetNull', 'SetDefault'];

// ---- planning ----

function chooseDefault(random, field) {
  const native = nativeDefaults[field.native?.replace(/ /g, '')];
  const choices = field.arity === '[]' ? (native ? [] : listDefaults[field.type]) : native ?? defaults[field.type];
  field.default = choices?.length ? random.pick(choices) : null;
  if ((field.arity === '?' || field.native === 'Oid') && field.default === 'autoincrement()') field.default = null;
}

function chooseType(random, field, plan) {
  field.native = field.default = null;
  field.updatedAt = false;
  if (plan.enums.length && random.chance(0.2)) {
    const type = random.pick(plan.enums);
    field.type = type.name;
    if (random.chance(0.5)) field.default = field.arity === '[]' ? `[${random.pick(type.values).value}]` : random.pick(type.values).value;
    return;
  }
  if (random.chance(0.03)) { field.type = `Unsupported("${random.pick(unsupported)}")`; return; }
  field.type = random.pick(scalars);
  if (random.chance(0.35)) field.native = random.pick(natives[field.type]);
  if (random.chance(0.35)) chooseDefault(random, field);
  if (field.type === 'DateTime' && field.arity !== '[]' && random.chance(0.15)) field.updatedAt = true;
}

function planField(random, name, plan) {
  const field = { name, map: random.chance(0.1) ? `${name}_col` : null, arity: random.pick(['', '', '', '?', '?', '[]']), unique: null };
  chooseType(random, field, plan);
  if (random.chance(0.12)) field.unique = { map: random.chance(0.2) ? `uq_${random.below(1e6)}` : null, sort: random.chance(0.1) };
  return field;
}

const indexable = field => field.type !== 'Json' && !field.type.startsWith('Unsupported') && field.native !== 'Xml' && field.native !== 'Json';
const required = field => field.arity === '' && indexable(field);

function planIndex(random, model) {
  const fields = model.fields.filter(indexable);
  if (!fields.length) return;
  const type = random.pick(['BTree', 'BTree', 'BTree', 'Hash', 'Brin', 'Gin']);
  const map = random.chance(0.2) ? `ix_${random.below(1e6)}` : null;
  if (type === 'Hash') model.indexes.push({ fields: [{ name: random.pick(fields).name }], type, map });
  else if (type === 'Gin') {
    const json = model.fields.filter(f => f.type === 'Json' && f.native !== 'Json' && f.arity !== '[]');
    const lists = model.fields.filter(f => f.arity === '[]' && f.type in natives && f.native !== 'Citext' && indexable(f));
    if (json.length) model.indexes.push({ fields: [{ name: random.pick(json).name, ops: random.pick([null, 'JsonbPathOps']) }], type, map });
    else if (lists.length) model.indexes.push({ fields: [{ name: random.pick(lists).name }], type, map });
  } else if (type === 'Brin') {
    const simple = fields.filter(f => ['Int', 'BigInt', 'DateTime', 'Float'].includes(f.type) && f.arity !== '[]');
    if (simple.length) model.indexes.push({ fields: [{ name: random.pick(simple).name }], type, map });
  } else {
    const keys = random.take(fields.filter(f => f.arity !== '[]'), 1 + random.below(2)).map(f => ({ name: f.name, sort: random.chance(0.3) ? random.pick(['Desc', 'Asc']) : null }));
    if (keys.length) model.indexes.push({ fields: keys, type: random.chance(0.1) ? 'BTree' : null, map });
  }
}

function planUnique(random, model) {
  const keys = random.take(model.fields.filter(f => indexable(f)), 1 + random.below(2)).map(f => ({ name: f.name, sort: random.chance(0.15) ? 'Desc' : null }));
  if (keys.length) model.uniques.push({ fields: keys, map: random.chance(0.2) ? `u_${random.below(1e6)}` : null });
}

function planModel(random, name, plan) {
  const idType = random.pick(['Int', 'String', 'BigInt']);
  const id = { name: 'id', map: null, type: idType, arity: '', native: null, default: null, unique: null };
  if (idType === 'String' && random.chance(0.2)) id.native = random.pick(['Uuid', 'VarChar(40)']);
  if (random.chance(0.7)) id.default = random.pick({ Int: ['autoincrement()'], BigInt: ['autoincrement()'], String: ['uuid()', 'cuid()'] }[idType]);
  const model = { name, map: random.chance(0.2) ? `${name.toLowerCase()}_table` : null, schema: plan.schemas ? random.pick(plan.schemas) : null,
    fields: [id], id: ['id'], idMap: random.chance(0.1) ? `pk_${random.below(1e6)}` : null, indexes: [], uniques: [] };
  for (const field of random.take(fieldNames, 1 + random.below(6))) model.fields.push(planField(random, field, plan));
  const partner = model.fields.slice(1).find(required);
  if (partner && random.chance(0.12)) model.id = ['id', partner.name];
  if (random.chance(0.4)) planIndex(random, model);
  if (random.chance(0.25)) planUnique(random, model);
  return model;
}

let names = 0;
function planRelation(random, plan) {
  const from = random.pick(plan.models), to = random.pick(plan.models);
  const number = names++;
  const kind = random.pick(['1-n', '1-n', '1-n', '1-1', 'm-n']);
  if (kind === 'm-n' && (from.id.length > 1 || to.id.length > 1)) return;
  const optional = from === to || random.chance(0.4);
  const pick = list => random.chance(0.4) ? random.pick(list) : null;
  const relation = { number, kind, from: from.name, to: to.name, optional, map: random.chance(0.15) ? `fk_${number}` : null,
    onDelete: pick(optional ? actions : ['Cascade', 'Restrict', 'NoAction']), onUpdate: pick(['Cascade', 'Restrict', 'NoAction']) };
  plan.relations.push(relation);
}

function planSchema(random) {
  names = 0;
  const plan = { schemas: random.chance(0.2) ? random.take(schemaNames, 2) : null, relationMode: random.chance(0.05), enums: [], models: [], relations: [] };
  for (const name of random.take(enumNames, random.below(3))) plan.enums.push(planEnum(random, name, plan));
  for (const name of random.take(modelNames, 1 + random.below(5))) plan.models.push(planModel(random, name, plan));
  for (let i = random.below(4); i > 0; i--) planRelation(random, plan);
  return plan;
}

function planEnum(random, name, plan) {
  const values = random.take(valueNames, 1 + random.below(4)).map(value => ({ value, map: random.chance(0.15) ? `db-${value}` : null }));
  return { name, values, map: random.chance(0.2) ? `${name.toLowerCase()}_type` : null, schema: plan.schemas ? random.pick(plan.schemas) : null };
}

// ---- what happens to a schema; each changes the plan and says true, or does not apply ----

const someModel = (r, p) => r.pick(p.models);
const someField = (r, p) => { const model = someModel(r, p); return model.fields.length > 1 ? r.pick(model.fields.slice(1)) : null; };
function withField(change) { return (r, p) => { const field = someField(r, p); return field ? change(field, r, p) !== false : false; }; }

function forget(model, name) {
  model.indexes = model.indexes.filter(i => !i.fields.some(k => k.name === name));
  model.uniques = model.uniques.filter(u => !u.fields.some(k => k.name === name));
}

const changes = {
  addField(r, p) { const m = someModel(r, p), free = fieldNames.filter(n => !m.fields.some(f => f.name === n)); if (!free.length) return false; m.fields.push(planField(r, r.pick(free), p)); return true; },
  dropField(r, p) {
    const m = someModel(r, p), candidates = m.fields.filter(f => !m.id.includes(f.name));
    if (!candidates.length) return false;
    const field = r.pick(candidates);
    m.fields = m.fields.filter(f => f !== field);
    forget(m, field.name);
    return true;
  },
  renameField: withField((f, r, p) => { const m = p.models.find(x => x.fields.includes(f)), free = fieldNames.filter(n => !m.fields.some(x => x.name === n)); if (!free.length || m.id.includes(f.name)) return false; forget(m, f.name); f.name = r.pick(free); }),
  mapField: withField((f, r) => { f.map = f.map ? null : `${f.name}_${r.below(10)}`; }),
  moveField(r, p) { const m = someModel(r, p); m.fields = [m.fields[0], ...r.take(m.fields.slice(1), m.fields.length)]; return m.fields.length > 2; },
  retype: withField((f, r, p) => { const m = p.models.find(x => x.fields.includes(f)); chooseType(r, f, p); if (!indexable(f)) { forget(m, f.name); f.unique = null; } }),
  otherNative: withField((f, r) => { if (!natives[f.type]) return false; f.native = r.pick([...natives[f.type], null]); if (f.default && (nativeDefaults[f.native] || f.native === 'Oid')) f.default = null; }),
  optional: withField(f => { if (f.arity === '[]' || f.default === 'autoincrement()') return false; f.arity = f.arity ? '' : '?'; }),
  list: withField((f, r) => { f.arity = f.arity === '[]' ? r.pick(['', '?']) : '[]'; f.default = null; f.updatedAt = false; }),
  addDefault: withField((f, r, p) => {
    const type = p.enums.find(e => e.name === f.type);
    if (type) f.default = f.arity === '[]' ? `[${r.pick(type.values).value}]` : r.pick(type.values).value;
    else chooseDefault(r, f);
  }),
  dropDefault: withField(f => { if (!f.default) return false; f.default = null; }),
  autoincrement(r, p) { const f = r.pick(someModel(r, p).fields); if (!['Int', 'BigInt'].includes(f.type) || f.arity || f.native === 'Oid') return false; f.default = f.default === 'autoincrement()' ? null : 'autoincrement()'; return true; },
  idType(r, p) { const f = someModel(r, p).fields[0]; f.type = r.pick(['Int', 'BigInt', 'String']); f.native = null; f.default = f.type === 'String' ? r.pick([null, 'uuid()']) : r.pick([null, 'autoincrement()']); return true; },
  idFields(r, p) { const m = someModel(r, p), partner = m.fields.slice(1).find(required); if (!partner) return false; m.id = m.id.length > 1 ? ['id'] : r.pick([['id', partner.name], [partner.name]]); return true; },
  idName(r, p) { const m = someModel(r, p); m.idMap = m.idMap ? null : `pk_${r.below(1e6)}`; return true; },
  unique: withField((f, r) => { f.unique = f.unique ? null : { map: r.chance(0.2) ? `uq_${r.below(1e6)}` : null }; }),
  uniqueName: withField((f, r) => { if (!f.unique) return false; f.unique.map = `uq_${r.below(1e6)}`; }),
  addIndex(r, p) { planIndex(r, someModel(r, p)); return true; },
  addUnique(r, p) { planUnique(r, someModel(r, p)); return true; },
  dropIndex(r, p) { const m = someModel(r, p); const list = r.pick([m.indexes, m.uniques]); if (!list.length) return false; list.splice(r.below(list.length), 1); return true; },
  indexName(r, p) { const m = someModel(r, p); const list = r.pick([m.indexes, m.uniques]); if (!list.length) return false; r.pick(list).map = `ix_${r.below(1e6)}`; return true; },
  indexOrder(r, p) { const m = someModel(r, p); const list = [...m.indexes, ...m.uniques].filter(i => !i.type); if (!list.length) return false; const key = r.pick(r.pick(list).fields); key.sort = key.sort ? null : 'Desc'; return true; },
  indexBecomesUnique(r, p) { const m = someModel(r, p); const plain = m.indexes.filter(i => !i.type); if (!plain.length) return false; const index = r.pick(plain); m.indexes = m.indexes.filter(i => i !== index); m.uniques.push({ fields: index.fields, map: index.map }); return true; },
  addModel(r, p) { const free = modelNames.filter(n => !p.models.some(m => m.name === n)); if (!free.length) return false; p.models.push(planModel(r, r.pick(free), p)); return true; },
  dropModel(r, p) { if (p.models.length < 2) return false; const m = someModel(r, p); p.models = p.models.filter(x => x !== m); p.relations = p.relations.filter(x => x.from !== m.name && x.to !== m.name); return true; },
  mapModel(r, p) { const m = someModel(r, p); m.map = m.map ? null : `${m.name.toLowerCase()}_table`; return true; },
  moveModel(r, p) { if (!p.schemas) return false; someModel(r, p).schema = r.pick(p.schemas); return true; },
  moveEnum(r, p) { if (!p.schemas || !p.enums.length) return false; r.pick(p.enums).schema = r.pick(p.schemas); return true; },
  addEnum(r, p) { const free = enumNames.filter(n => !p.enums.some(e => e.name === n)); if (!free.length) return false; p.enums.push(planEnum(r, r.pick(free), p)); return true; },
  addValue(r, p) { if (!p.enums.length) return false; const e = r.pick(p.enums), free = valueNames.filter(n => !e.values.some(v => v.value === n)); if (!free.length) return false; e.values.splice(r.below(e.values.length + 1), 0, { value: r.pick(free), map: null }); return true; },
  dropValue(r, p) {
    if (!p.enums.length) return false;
    const e = r.pick(p.enums);
    if (e.values.length < 2) return false;
    const gone = r.pick(e.values).value;
    e.values = e.values.filter(v => v.value !== gone);
    for (const m of p.models) for (const f of m.fields) if (f.type === e.name && f.default) f.default = f.arity === '[]' ? `[${r.pick(e.values).value}]` : r.pick(e.values).value;
    return true;
  },
  reorderValues(r, p) { if (!p.enums.length) return false; const e = r.pick(p.enums); e.values = r.take(e.values, e.values.length); return true; },
  mapEnum(r, p) { if (!p.enums.length) return false; const e = r.pick(p.enums); e.map = e.map ? null : `${e.name.toLowerCase()}_type`; return true; },
  addRelation(r, p) { names = 100 + p.relations.length; planRelation(r, p); return true; },
  dropRelation(r, p) { if (!p.relations.length) return false; p.relations.splice(r.below(p.relations.length), 1); return true; },
  relationActions(r, p) { const some = p.relations.filter(x => x.kind !== 'm-n'); if (!some.length) return false; const x = r.pick(some); x.onDelete = r.pick(x.optional ? actions : ['Cascade', 'Restrict', 'NoAction']); x.onUpdate = r.pick(['Cascade', 'NoAction', null]); return true; },
  relationOptional(r, p) { const some = p.relations.filter(x => x.kind !== 'm-n' && x.from !== x.to); if (!some.length) return false; const x = r.pick(some); x.optional = !x.optional; x.onDelete = null; return true; },
  relationName(r, p) { if (!p.relations.length) return false; r.pick(p.relations).map = `fk_${r.below(1e6)}`; return true; },
  relationKind(r, p) { if (!p.relations.length) return false; const x = r.pick(p.relations); x.kind = r.pick(['1-n', '1-1', 'm-n']); return true; },
  relationMode(r, p) { if (!r.chance(0.3)) return false; p.relationMode = !p.relationMode; return true; },
  schemas(r, p) {
    if (!r.chance(0.3)) return false;
    p.schemas = p.schemas ? (p.schemas.length > 2 ? null : schemaNames) : random2(r);
    for (const thing of [...p.models, ...p.enums]) thing.schema = p.schemas ? (p.schemas.includes(thing.schema) ? thing.schema : r.pick(p.schemas)) : null;
    return true;
  },
};
const random2 = r => r.take(schemaNames, 2);

// ---- printing ----

function printRelation(plan, relation, lines) {
  const { number, from, to, kind, optional } = relation, name = `"R${number}"`;
  const target = plan.models.find(m => m.name === to);
  if (kind === 'm-n') {
    lines[from].push(`many${number} ${to}[] @relation(${name})`);
    lines[to].push(`back${number} ${from}[] @relation(${name})`);
    return;
  }
  const keys = target.id.map(id => ({ id, name: `ref${number}${id[0].toUpperCase()}${id.slice(1)}` }));
  for (const key of keys) {
    const field = target.fields.find(f => f.name === key.id);
    lines[from].push(`${key.name} ${field.type}${optional ? '?' : ''}${field.native ? ` @db.${field.native}` : ''}${kind === '1-1' && keys.length === 1 ? ' @unique' : ''}`);
  }
  if (kind === '1-1' && keys.length > 1) lines[from].push(`@@unique([${keys.map(k => k.name).join(', ')}])`);
  const extra = ['onDelete', 'onUpdate'].map(a => relation[a] ? `, ${a}: ${relation[a]}` : '').join('') + (relation.map ? `, map: "${relation.map}"` : '')
    + (relation.deferrable ? `, deferrable: ${relation.deferrable}` : '');
  lines[from].push(`ref${number} ${to}${optional ? '?' : ''} @relation(${name}, fields: [${keys.map(k => k.name).join(', ')}], references: [${target.id.join(', ')}]${extra})`);
  lines[to].push(`back${number} ${from}${kind === '1-1' ? '?' : '[]'} @relation(${name})`);
}

function printField(model, field) {
  const isId = model.id.length === 1 && model.id[0] === field.name;
  return [field.name, field.type + field.arity, isId && `@id${model.idMap ? `(map: "${model.idMap}")` : ''}`, field.native && `@db.${field.native}`,
    field.default && `@default(${field.default})`, field.updatedAt && '@updatedAt', field.map && `@map("${field.map}")`,
    field.unique && !isId && (field.unique.map ? `@unique(map: "${field.unique.map}")` : field.unique.sort ? '@unique(sort: Desc)' : '@unique'), field.more].filter(Boolean).join(' ');
}

const keyText = key => key.name + (key.ops ? `(ops: ${key.ops})` : key.sort ? `(sort: ${key.sort})` : '');
const keysText = (index, ...more) => `[${index.fields.map(keyText).join(', ')}]${more.filter(Boolean).map(m => `, ${m}`).join('')}`;

export function printPlan(plan) {
  const quoted = list => `[${list.map(s => `"${s}"`).join(', ')}]`;
  const out = ['datasource db {', '  provider = "postgresql"', '  url = env("DATABASE_URL")', plan.schemas && `  schemas = ${quoted(plan.schemas)}`,
    plan.relationMode && '  relationMode = "prisma"', '}', ''].filter(line => line !== null && line !== false);
  for (const type of plan.enums) {
    out.push(`enum ${type.name} {`, ...type.values.map(v => `  ${v.value}${v.map ? ` @map("${v.map}")` : ''}`));
    if (type.map) out.push(`  @@map("${type.map}")`);
    if (type.schema) out.push(`  @@schema("${type.schema}")`);
    out.push('}', '');
  }
  const lines = Object.fromEntries(plan.models.map(m => [m.name, m.fields.map(f => printField(m, f))]));
  for (const relation of plan.relations) printRelation(plan, relation, lines);
  for (const m of plan.models) {
    out.push(`model ${m.name} {`, ...lines[m.name].map(line => `  ${line}`));
    if (m.id.length > 1) out.push(`  @@id([${m.id.join(', ')}]${m.idMap ? `, map: "${m.idMap}"` : ''})`);
    for (const index of m.indexes) out.push(`  @@index(${keysText(index, index.type && `type: ${index.type}`, index.map && `map: "${index.map}"`)})`);
    for (const unique of m.uniques) out.push(`  @@unique(${keysText(unique, unique.map && `map: "${unique.map}"`)})`);
    for (const line of m.more ?? []) out.push(`  ${line}`);
    if (m.map) out.push(`  @@map("${m.map}")`);
    if (m.schema) out.push(`  @@schema("${m.schema}")`);
    out.push('}', '');
  }
  return out.join('\n');
}

// ---- pairs ----

const copy = plan => JSON.parse(JSON.stringify(plan));

async function planned(random, isValid) {
  for (;;) {
    const plan = planSchema(random), text = printPlan(plan);
    if (await isValid(text)) return { plan, text };
  }
}

async function changed(random, before, isValid) {
  let plan = before.plan, text = before.text;
  const made = [];
  for (let wanted = 1 + random.below(6), tries = 0; made.length < wanted && tries < 60; tries++) {
    const next = copy(plan), change = random.pick(Object.keys(changes));
    if (!changes[change](random, next)) continue;
    const printed = printPlan(next);
    if (printed === text || !await isValid(printed)) continue;
    [plan, text] = [next, printed];
    made.push(change);
  }
  return { plan, text, made };
}

// The pair number `index` of a run. `isValid` is Prisma's opinion of a text. `extended` is what our extensions make of both.
export async function randomPair(seed, index, isValid) {
  const random = generatorOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b) ^ 0x5bd1e995);
  const from = await planned(random, isValid);
  const to = random.chance(0.2) ? { ...await planned(random, isValid), made: ['anew'] } : await changed(random, from, isValid);
  const extended = () => {
    const key = Math.imul(seed + 1, index + 0x9e37), side = generatorOf(key);
    return { from: printPlan(extendPlan(copy(from.plan), key, side)), to: printPlan(extendPlan(copy(to.plan), key, side)) };
  };
  return { random, from: from.text, to: to.text, made: to.made, extended };
}
