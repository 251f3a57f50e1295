// Mistakes in the text of any schema: what a slip of the hand, a bad merge or another editor makes of it. The same
// generator (random.mjs) makes the same mistake on every machine.

const tokenPattern = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\r\n]|\\.)*"|@@|[\p{L}\p{N}_]+|\r?\n|[ \t]+|[\s\S]/gu;
const tokensOf = text => text.match(tokenPattern) ?? [];
const isBlank = token => /^[ \t]+$/.test(token);
const isWord = token => /^[\p{L}\p{N}_]/u.test(token);
const isEnd = token => /^\r?\n$/.test(token);

const dictionary = ['@', '@@', '(', ')', '[', ']', '{', '}', ',', ':', '?', '!', '.', '=', '-', '"', "'", '\\', ';', '#', '/', '*', '$',
  'model', 'enum', 'type', 'view', 'datasource', 'generator', 'id', 'Int', 'String', 'Json', 'Bytes', 'Unsupported', '"x"', '""', '0', '-1', '1.5',
  '1e3', '99999999999999999999', 'true', 'null', 'now()', 'autoincrement()', 'uuid()', 'dbgenerated("x")', 'env("X")', 'raw("x")', '[]', '[id]',
  'é', 'ß', '名前', '🦊', '\u00a0', '\u200b', '\ufeff', '_x', '1x', 'a-b', '"\\u00e9"', '"\\q"', '"\\ud800"', '//', '///', '/*', '*/', '\t', '\r', '\n'];

const fieldAttributes = ['@id', '@unique', '@updatedAt', '@ignore', '@default(1)', '@default("x")', '@default(now())', '@default(autoincrement())',
  '@default([])', '@default(uuid())', '@default(dbgenerated())', '@default(true)', '@map("id")', '@map("x")', '@map', '@map("")', '@db.Text', '@db.VarChar(10)', '@db.Uuid',
  '@db.Foo', '@db.Decimal(10, 2)', '@db.Timestamp(3)', '@db.Xml', '@db.Date', '@db', '@relation("x")', '@relation(fields: [id], references: [id])',
  '@relation(onDelete: SetNull)', '@unique(map: "x")', '@unique(sort: Desc)', '@id(map: "x")', '@shardKey', '@foo', '@foo.bar', '@schema("x")', '@@id([id])',
  '@default(value: 1, map: "x")', '@id(sort: Desc)', '@unique(length: 3)', '@relation(name: "x", map: "y")'];
const blockAttributes = ['@@id([id])', '@@unique([id])', '@@index([id])', '@@map("x")', '@@schema("public")', '@@ignore', '@@fulltext([id])', '@@foo',
  '@@shardKey([id])', '@@index([id, id])', '@@index([missing])', '@@unique([id], name: "id")', '@@unique([id], map: "x")', '@@index([id], map: "x")', '@@index([id], name: "x")',
  '@@index([id], type: Hash)', '@@index([id(sort: Desc)], type: Hash)', '@@index([id], type: Gin)', '@@index([id(ops: Int4MinMaxOps)], type: Brin)', '@@index([id(ops: raw("x"))])',
  '@@index(fields: [id], clustered: true)', '@@index([id(length: 3)])', '@@id([])', '@@unique(fields: [])', '@@index([id],)', '@@index(id)', '@@index', '@@map(x)', '@@id([id, missing])',
  '@@unique([id], name: "a-b")', '@@index([id.x])', '@@index([id], type: Foo)', '@@map', '@@map("")', '@@unique([id(sort: Foo)])'];
const types = ['String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Json', 'Bytes', 'Unsupported("x")', 'Unsupported(', 'Unsupported', 'int', 'string', 'Nope', 'Text'];
const argumentsOf = ['name: "x"', 'map: "x"', 'map: ""', 'fields: [id]', 'references: [id]', 'onDelete: Cascade', 'onDelete: SetNull', 'onUpdate: SetDefault', 'onDelete: NoAction',
  'onUpdate: Foo', 'sort: Desc', 'type: Brin', 'length: 3', 'clustered: true', 'ops: raw("x")', 'value: 1', '"x"', '[id]', 'foo: 1', 'name:', 'fields: []', 'references: []', 'map: 1', '1', 'id', ''];
const blocks = ['model Extra {\n  id Int @id\n}', 'enum Extra {\n  A\n}', 'enum Extra {\n}', 'type Extra {\n  a Int\n}', 'view Extra {\n  id Int @unique\n}', 'datasource again {\n  provider = "postgresql"\n}',
  'generator extra {\n  provider = "x"\n}', 'model Extra {\n}', 'table Extra {\n}', 'model {\n}', 'type Extra = Int', 'type Extra = Int @default(1)', 'enum Extra { A }', '}', '// alone', '/// documents', '/* several\nlines */'];

const spliced = (list, at, remove, ...add) => [...list.slice(0, at), ...add, ...list.slice(at + remove)];
const linesOf = text => text.split('\n');
const wordsOf = text => [...new Set(tokensOf(text).filter(isWord))];

// One place of all where `pattern` stands becomes `by`.
function replaceOnce(text, r, pattern, by) {
  const places = [...text.matchAll(new RegExp(pattern.source, [...new Set(`${pattern.flags}gu`)].join('')))];
  if (!places.length) return null;
  const match = r.pick(places);
  return text.slice(0, match.index) + by(match) + text.slice(match.index + match[0].length);
}

function onTokens(text, r, choose, change) {
  const tokens = tokensOf(text);
  const places = tokens.flatMap((token, i) => choose(token) ? [i] : []);
  return places.length ? change(tokens, r.pick(places)).join('') : null;
}

function onLines(text, r, choose, change) {
  const lines = linesOf(text);
  const places = lines.flatMap((line, i) => choose(line) ? [i] : []);
  return places.length ? change(lines, r.pick(places)).join('\n') : null;
}

const solid = token => !isBlank(token) && !isEnd(token);
const blockPattern = /^(?:model|enum|type|view|datasource|generator)\b[^\n]*\{[^]*?^\}/m;
const fieldLine = /^\s+[\p{L}\p{N}_]+\s+\p{L}[^\n=]*$/u;
const memberLine = line => /^\s+\S/.test(line) && !/^\s*\/\//.test(line);

const mistakes = {
  'a token is missing': (text, r) => onTokens(text, r, solid, (tokens, i) => spliced(tokens, i, 1)),
  'a token stands twice': (text, r) => onTokens(text, r, solid, (tokens, i) => spliced(tokens, i, 0, tokens[i])),
  'a token stands twice, apart': (text, r) => onTokens(text, r, solid, (tokens, i) => spliced(tokens, i, 0, tokens[i], ' ')),
  'two neighbours are swapped': (text, r) => onTokens(text, r, solid, (tokens, i) => {
    const next = tokens.findIndex((token, j) => j > i && solid(token));
    if (next < 0) return tokens;
    return spliced(spliced(tokens, i, 1, tokens[next]), next, 1, tokens[i]);
  }),
  'a token becomes another of the schema': (text, r) => onTokens(text, r, solid, (tokens, i) => spliced(tokens, i, 1, r.pick(tokens))),
  'a word becomes another of the schema': (text, r) => onTokens(text, r, isWord, (tokens, i) => spliced(tokens, i, 1, r.pick(tokens.filter(isWord)))),
  'a token becomes a strange one': (text, r) => onTokens(text, r, solid, (tokens, i) => spliced(tokens, i, 1, r.pick(dictionary))),
  'a strange token comes in': (text, r) => onTokens(text, r, () => true, (tokens, i) => spliced(tokens, i, 0, r.pick(dictionary))),
  'a word is misspelt': (text, r) => onTokens(text, r, isWord, (tokens, i) => {
    const letters = [...tokens[i]], at = r.below(letters.length);
    return spliced(tokens, i, 1, r.pick([spliced(letters, at, 1), spliced(letters, at, 0, letters[at]), spliced(letters, at, 1, 'x'), [tokens[i].toLowerCase()], [tokens[i].toUpperCase()]]).join(''));
  }),
  'a name changes everywhere': (text, r) => {
    const words = wordsOf(text);
    if (!words.length) return null;
    const [from, to] = [r.pick(words), r.pick([...words, 'Renamed', 'été', 'a-b', '_x', '1x', 'String', 'class', 'Int'])];
    return tokensOf(text).map(token => token === from ? to : token).join('');
  },
  'a text changes': (text, r) => replaceOnce(text, r, /"(?:[^"\\\n]|\\.)*"/, () => r.pick(['""', '"x"', '"a b"', '"a\\"b"', '"\\u00e9"', '"\\q"', '"🦊"', '1', 'x', 'env("X")', '["x"]', `"${'n'.repeat(64)}"`, '"id"', '"postgresql"', '"mysql"', "'x'"])),
  'a line is missing': (text, r) => onLines(text, r, line => line.trim() !== '', (lines, i) => spliced(lines, i, 1)),
  'a line stands twice': (text, r) => onLines(text, r, line => line.trim() !== '', (lines, i) => spliced(lines, i, 0, lines[i])),
  'a line moves': (text, r) => onLines(text, r, line => line.trim() !== '', (lines, i) => spliced(spliced(lines, i, 1), r.below(lines.length), 0, lines[i])),
  'two lines are one': (text, r) => onLines(text, r, line => line.trim() !== '', (lines, i) => i + 1 < lines.length ? spliced(lines, i, 2, `${lines[i]} ${lines[i + 1].trim()}`) : lines),
  'a line is two': (text, r) => onTokens(text, r, isBlank, (tokens, i) => spliced(tokens, i, 1, '\n')),
  'a comment comes in': (text, r) => onTokens(text, r, () => true, (tokens, i) => spliced(tokens, i, 0, r.pick(['// a remark', '/// documents', '/* closed */', '/* open', ' // x\n', '\n/// x\n', '\n// x\n', '\n/* a\n b */\n', '////', '/**/']))),
  'an empty line comes in': (text, r) => onTokens(text, r, isEnd, (tokens, i) => spliced(tokens, i, 0, r.pick(['\n', '\n\n', '  \n', '\n\t\n']))),
  'a brace is missing': (text, r) => replaceOnce(text, r, /[{}]/, () => ''),
  'the ends of lines change': (text, r) => r.chance(0.5) ? text.replace(/\r?\n/g, '\r\n') : replaceOnce(text, r, /\n/, () => r.pick(['\r\n', '\r', '\n\r', '\v', '\f', '\u2028'])),
  'the text ends early': (text, r) => { const tokens = tokensOf(text); return tokens.slice(0, 1 + r.below(tokens.length)).join(''); },
  'the indentation is made of tabs': text => text.replace(/^ +/gm, '\t'),
  'blanks end a line': (text, r) => onLines(text, r, () => true, (lines, i) => spliced(lines, i, 1, `${lines[i]}  `)),
  'a field gets an attribute': (text, r) => onLines(text, r, line => fieldLine.test(line), (lines, i) => spliced(lines, i, 1, `${lines[i].trimEnd()} ${r.pick(fieldAttributes)}`)),
  'a member gets a line before it': (text, r) => onLines(text, r, memberLine, (lines, i) => spliced(lines, i, 0, `  ${r.pick(blockAttributes)}`)),
  'an attribute stands twice': (text, r) => replaceOnce(text, r, /@[\w.]+(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?/, ([attribute]) => `${attribute} ${attribute}`),
  'an attribute is missing': (text, r) => replaceOnce(text, r, /@@?[\w.]+(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?/, () => ''),
  'an attribute becomes another': (text, r) => replaceOnce(text, r, /@@?[\w.]+(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?/, ([attribute]) => r.pick(attribute.startsWith('@@') ? blockAttributes : fieldAttributes)),
  'an argument comes in': (text, r) => replaceOnce(text, r, /(@@?[\w.]+\()([^)\n])/, ([, start, next]) => `${start}${r.pick(argumentsOf)}${r.pick([', ', ', ', ' '])}${next}`),
  'an argument follows': (text, r) => replaceOnce(text, r, /(@@?[\w.]+\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)/, ([, start]) => `${start}, ${r.pick(argumentsOf)})`),
  'an argument is missing': (text, r) => replaceOnce(text, r, /(?:\w+: *)?(?:\[[^\]\n]*\]|"[^"\n]*"|\w+(?:\(\))?)(?:, *)?(?=[^\n]*\))/, () => ''),
  'an argument changes': (text, r) => replaceOnce(text, r, /\w+: *(?:\[[^\]\n]*\]|"[^"\n]*"|\w+)/, () => r.pick(argumentsOf)),
  'a list changes': (text, r) => replaceOnce(text, r, /\[([^\]\n]*)\]/, ([, inside]) => r.pick(['[]', `[${inside}, ${inside}]`, `[${inside},]`, `[${inside}, missing]`, inside, `[[${inside}]]`, `["${inside}"]`, `[${inside}(sort: Desc)]`, `[${inside}, 1]`])),
  'a number changes': (text, r) => replaceOnce(text, r, /\b\d+\b/, () => r.pick(['0', '-1', '1.5', '99999999999', '99999999999999999999', '1e3', 'x', '"1"', '', '00', '1.', '.5', '+1'])),
  'a type changes': (text, r) => replaceOnce(text, r, /^(\s+\w+\s+)\w+/m, ([, start]) => start + r.pick(types)),
  'a type becomes another of the schema': (text, r) => replaceOnce(text, r, /^(\s+\w+\s+)\w+/m, ([, start]) => start + r.pick([...text.matchAll(/^(?:model|enum|type|view) +(\w+)/gm)].map(match => match[1]).concat('Int'))),
  'an arity changes': (text, r) => replaceOnce(text, r, /^(\s+\w+\s+\w+)(\?|\[\])?(?=\s|$)/m, ([, start]) => start + r.pick(['', '?', '[]', '!', '[]?', '?[]', '??', '[][]'])),
  'a native type changes': (text, r) => replaceOnce(text, r, /@db\.\w+(?:\([^)\n]*\))?/, () => r.pick(['@db.Text', '@db.VarChar(0)', '@db.VarChar(-1)', '@db.Char(x)', '@db.Decimal(5)', '@db.Decimal(5, 6)', '@db.Decimal(2000, 1)', '@db.Timestamp(9)', '@db.Bit(0)', '@db.Uuid(1)', '@db.Xml', '@pg.Text', '@db.text', '@db.Inet', '@db.Oid', '@db.Money'])),
  'a block stands twice': (text, r) => replaceOnce(text, r, blockPattern, ([block]) => `${block}\n\n${block}`),
  'a block is missing': (text, r) => replaceOnce(text, r, blockPattern, () => ''),
  'a block is empty': (text, r) => replaceOnce(text, r, /^((?:model|enum|type|view|datasource|generator)\b[^\n]*\{)[^]*?^\}/m, ([, start]) => `${start}\n}`),
  'a block is on one line': (text, r) => replaceOnce(text, r, blockPattern, ([block]) => block.replace(/\s*\n\s*/g, ' ')),
  'a block changes its kind': (text, r) => replaceOnce(text, r, /^(?:model|enum|type|view|datasource|generator)\b/m, () => r.pick(['model', 'enum', 'type', 'view', 'datasource', 'generator', 'Model', 'table'])),
  'another block comes in': (text, r) => replaceOnce(text, r, blockPattern, ([block]) => `${r.pick(blocks)}\n\n${block}`),
  'a property changes': (text, r) => replaceOnce(text, r, /^(\s+\w+\s*=\s*)[^\n]*$/m, ([, start]) => start + r.pick(['', '""', '"x"', '1', 'true', '[]', '["x"]', '["a", "a"]', 'env("X")', 'env()', 'env("A", "B")', 'foo("x")', '"prisma"', '["views"]', '["postgresqlExtensions"]', '["multiSchema", "nope"]', '"postgresql"', '"sqlite"', '[1]', 'x'])),
  'a property comes in': (text, r) => replaceOnce(text, r, /^(?:datasource|generator)\b[^\n]*\{$/m, ([start]) => `${start}\n  ${r.pick(['url = "x"', 'directUrl = env("D")', 'shadowDatabaseUrl = env("DATABASE_URL")', 'relationMode = "prisma"', 'relationMode = "foreignKeys"', 'relationMode = "x"', 'referentialIntegrity = "prisma"', 'schemas = ["public", "other"]', 'schemas = []', 'schemas = ["a", "a"]', 'extensions = [citext]', 'extensions = [uuidOssp(map: "uuid-ossp")]', 'previewFeatures = ["views", "postgresqlExtensions"]', 'previewFeatures = ["nope"]', 'previewFeatures = "views"', 'provider = "x"', 'engineType = "library"', 'engineType = 1', 'binaryTargets = ["native"]', 'output = "../x"', 'output = 1', 'foo = "bar"', 'foo', 'foo ='])}`),
  'a field stands in another block': (text, r) => {
    const fields = linesOf(text).filter(line => fieldLine.test(line));
    return fields.length ? replaceOnce(text, r, /^(?:model|enum|type|view)\b[^\n]*\{$/m, ([start]) => `${start}\n${r.pick(fields)}`) : null;
  },
};
const kinds = Object.keys(mistakes);

// The text with one mistake (a few times two or three), and what was done to it.
export function withMistakes(text, r) {
  const made = [];
  let wrong = text;
  for (let left = r.pick([1, 1, 1, 1, 2, 3]), tries = 0; left > 0 && tries < 50; tries++) {
    const kind = r.pick(kinds);
    const changed = mistakes[kind](wrong, r);
    if (changed === null || changed === wrong) continue;
    wrong = changed;
    made.push(kind);
    left--;
  }
  return { text: wrong, what: made.join(', ') };
}
