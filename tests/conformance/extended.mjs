// What only our extensions can say, put on top of a planned schema: checks, comments, generated columns, and indexes that are
// partial, covering, of expressions, for searching, or hold empty values equal.
//
// What stands on a field follows from the seed and the names alone, so that most of it is the same in A and in B; `side`
// takes some of it away, and gives some.
import { generatorOf } from './random.mjs';

const hashOf = text => [...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.codePointAt(0) | 0, 7);
const column = field => `\\"${field.map ?? field.name}\\"`;
const whole = field => ['Int', 'BigInt'].includes(field.type) && field.native !== 'Oid' && field.arity !== '[]';
const text = field => field.type === 'String' && [null, 'Text', 'VarChar', 'VarChar(60)'].includes(field.native) && field.arity !== '[]';
const plain = field => field.name !== 'id' && field.arity !== '[]' && (whole(field) || text(field) || ['Boolean', 'Float'].includes(field.type));

export function extendPlan(plan, seed, side) {
  const has = (what, often) => generatorOf(seed ^ hashOf(what)).chance(often) !== side.chance(0.12);
  const called = (kind, ...names) => `${kind}_${(hashOf(names.join(' ')) >>> 0).toString(36)}`;
  for (const model of plan.models) {
    model.more = [];
    const add = (line, ...names) => model.more.push(line.replace('MAP', `map: "${called('x', model.name, line, ...names)}"`));
    if (has(`${model.name} comment`, 0.3)) add(`@@comment("About ${model.name}${side.chance(0.2) ? ', once more' : ''}")`);
    if (has(`${model.name} check`, 0.2)) add('@@check(raw("\\"id\\" IS NOT NULL"), MAP)');
    for (const field of [...model.fields]) {
      const on = (what, often) => has(`${model.name}.${field.name} ${what}`, often);
      if (on('comment', 0.15)) field.more = `@comment("It's ${field.name}")`;
      if (whole(field) && on('check', 0.25)) field.more = `${field.more ? `${field.more} ` : ''}@check(raw("${column(field)} >= -100"))`;
      if (plain(field) && on('partial', 0.12)) add(`@@index([${field.name}], where: ${field.arity === '?' ? `{ ${field.name}: { not: null } }` : `raw("${column(field)} IS NOT NULL")`}, MAP)`);
      if (plain(field) && on('covering', 0.08)) add(`@@index([id], include: [${field.name}], MAP)`);
      if (plain(field) && on('filled', 0.05)) add(`@@index([${field.name}, id], with: { fillfactor: 90 }, MAP)`);
      if (plain(field) && on('nulls', 0.1)) add(`@@unique([${field.name}, id], nullsNotDistinct: true, MAP)`);
      if (text(field) && on('lower', 0.2)) add(`@@index([raw("lower(${column(field)})")], MAP)`);
      if (text(field) && on('fulltext', 0.1)) add(`@@fulltext([${field.name}], MAP)`);
      const type = plan.enums.find(e => e.name === field.type);
      if (type && field.arity !== '[]' && on('of a kind', 0.5)) add(`@@index([id], where: { ${field.name}: ${type.values[0].value} }, MAP)`);
      if (type && field.arity !== '[]' && on('of another', 0.5)) add(`@@check(raw("${column(field)} <> '${type.values[0].map ?? type.values[0].value}' OR \\"id\\" IS NOT NULL"), MAP)`);
      if ((text(field) || whole(field)) && on('generated', 0.12)) {
        const sum = text(field) ? `${column(field)} || 'x'` : `${column(field)} % 7`;
        model.more.unshift(`${field.name}Computed ${field.type}? @generated(raw("${sum}"))`);
      }
    }
  }
  for (const relation of plan.relations)
    if (!plan.relationMode && relation.kind !== 'm-n' && has(`relation ${relation.number}`, 0.2)) relation.deferrable = side.pick(['InitiallyDeferred', 'InitiallyDeferred', 'InitiallyImmediate']);
  return plan;
}
