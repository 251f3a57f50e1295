#include "generate.h"

#include "base/vec.h"

/* ---- chance ---- */

typedef struct generator generator;
struct generator {
  arena *mem;
  uint64_t seed, state;
  unsigned variant;
  buf out;
  size_t model, numbered;
};

static uint64_t next(generator *g) /* splitmix64 */
{
  uint64_t z = g->state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static size_t below(generator *g, size_t count)
{
  return (size_t)(next(g) % count);
}

static bool chance(generator *g, size_t of)
{
  return below(g, of) == 0;
}

/* What stands on a table has numbers of its own, so that one may change while the others stay. */
static void begin_part(generator *g, size_t part)
{
  g->state = g->seed ^ (g->model * 1000 + part) * 0x2545f4914f6cdd1du;
  bool drawn_again = g->variant && next(g) % 2 == 0;
  if (drawn_again) g->state ^= g->variant * 0xda942042e4dd58b5u;
  next(g);
}

/* ---- columns ---- */

/* The kinds of columns: letter, type, column name. */
static const struct {
  char letter;
  const char *type;
} kinds[] = {
    {'I', "Int"},      {'N', "Int?"}, {'S', "String"},  {'T', "String?"},          {'B', "Boolean"},
    {'D', "DateTime"}, {'J', "Json"}, {'A', "String[]"}, {'M', "Decimal"},          {'E', "Role"},
    {'F', "Float?"},   {'L', "BigInt"}, {'V', "String @db.VarChar(20)"}, {'U', "String @db.Uuid"},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* The name of a kind's column: every third needs quotes in any case, the others are plain. */
static void column_name(char letter, buf *out)
{
  if ((letter - 'A') % 3 == 0)
    sc_buf_format(out, "The \"%c\" column's", letter);
  else
    sc_buf_format(out, (letter - 'A') % 3 == 1 ? "%cName" : "col_%c", letter);
}

static void add_escaped(str text, buf *out)
{
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '"' || text.ptr[i] == '\\') buf_char(out, '\\');
    if (text.ptr[i] == '\n')
      BUF_LIT(out, "\\n");
    else if (text.ptr[i] == '\t')
      BUF_LIT(out, "\\t");
    else
      buf_char(out, text.ptr[i]);
  }
}

static void add_column(char letter, buf *out)
{
  buf name = {.mem = out->mem};
  column_name(letter, &name);
  str text = buf_str(&name);
  buf_char(out, '"');
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '"') buf_char(out, '"');
    buf_char(out, text.ptr[i]);
  }
  buf_char(out, '"');
}

/* ---- SQL ---- */

/* {I} is a column, {bool}, {text} and {int} expressions of those types. */
static const char *const booleans[] = {
    "{I} > 0",
    "{I} BETWEEN 1 AND 10",
    "{N} in (1, 2,3)",
    "{I} <> -5",
    "{I} NOT IN (7)",
    "{L} >= 10000000000",
    "{S} <> ''",
    "{S} LIKE 'a%'",
    "{T} NOT LIKE '%x\\_%'",
    "{S} NOT ILIKE '%b_'",
    "length({S}) > 3",
    "{S} = ANY (ARRAY['a','b'])",
    "{S} IN ('a', 'it''s', E'x\\ny')",
    "{V} IN ('a', 'b')",
    "{V} = 'c'",
    "{V}::text <> 'x'",
    "{S} ~* 'a|b'",
    "{S} SIMILAR TO 'a%'",
    "{S} || 'x' <> 'y'",
    "{T} IS DISTINCT FROM 'q'",
    "position('@' in {S}) > 1",
    "substring({S} from 1 for 2) = 'ab'",
    "trim(both ' ' from {S}) <> ''",
    "{S} COLLATE \"C\" < 'm'",
    "char_length({S}) % 2 = 0",
    "{S}!='(unbalanced '' \" ('",
    "{S} <> '--'",
    "{S} <> '/* no comment */'",
    "starts_with({S}, 'a') /* a comment */",
    "CASE WHEN {B} THEN {I} > 0 ELSE {S} IS NOT NULL END",
    "case {I} when 1 then true else false end",
    "COALESCE({T}, '') <> ''",
    "NULLIF({I},0) IS NULL",
    "GREATEST({I}, {N}, 0) < 100",
    "{J} ? 'key'",
    "{J} @> '{\"a\": 1}'",
    "{J}->>'a' = 'b'",
    "{J} #> '{a,b}' IS NOT NULL",
    "({J}->'n'->>0)::int = 3",
    "jsonb_typeof({J}) = 'object'",
    "{A} @> ARRAY['x']::text[]",
    "'q' = ANY({A})",
    "cardinality({A}) < 5",
    "{A}[1] IS NULL",
    "{A} <> '{}'",
    "{D} > '2020-01-01'",
    "{D} >= TIMESTAMP '2000-01-01 00:00:00'",
    "date_part('year', {D}) > 1999",
    "extract(dow from {D}) <> 0",
    "{D} + interval '1 day' > '1999-01-01'",
    "{M} > 0.5",
    "{M}::int = 3",
    "CAST({M} AS double precision) < 1e6",
    "round({M}, 2) = {M}",
    "{F} <> 'NaN'",
    "{F} IS NULL OR {F} > 1.5e3",
    "{E} = 'ADMIN'",
    "{E} <> 'it''s'::\"Role\"",
    "{E} IN ('USER','ADMIN')",
    "{U} <> '00000000-0000-0000-0000-000000000000'",
    "NOT {B}",
    "{B} IS TRUE",
    "{B}",
    "({B}) IS NOT FALSE",
    "{B} = (length({S}) > 2)",
    "({I}, {S}) <> (1, 'a')",
    "({bool}) AND ({bool})",
    "({bool}) or ( {bool} )",
    "not ({bool})",
    "(({bool}))",
    "({bool})\n  AND\t{B}",
    "{text} <> {text}",
    "{int} > {int}",
    "{int} = {int} AND {B}",
};

static const char *const texts[] = {
    "lower({S})",
    "upper( {T} )",
    "{S} || 'x'",
    "({S} || ' ') || COALESCE({T}, '')",
    "left({S}, 3)",
    "md5({V})",
    "{J}->>'a'",
    "({J} -> 'a' ->> 'b')",
    "regexp_replace({S}, '\\s+', ' ', 'g')",
    "substr({S}, 2)",
    "CASE WHEN {B} THEN {S} ELSE {T} END",
    "COALESCE({T}, lower({V}), 'none')",
    "({I} || '-'::text) || {N}",
    "{I}::text",
    "replace({text}, '''', '\"')",
    "reverse({text})",
};

static const char *const integers[] = {
    "{I} + 1", "{I} * 2 % 7", "length({S})", "abs({I})", "({J}->>'a')::int", "-({I})", "{I} & 1",
    "COALESCE({N}, 0)", "{I}-{N}", "cardinality({A})", "- {I} + -3", "CASE WHEN {B} THEN 1 ELSE {I} END",
    "abs({int}) + 2", "length({text})",
};

#define PICK(g, list) (list)[below((g), sizeof(list) / sizeof *(list))]

static void write_sql(generator *g, const char *template_, int depth, buf *out);

static void expression(generator *g, char kind, int depth, buf *out)
{
  for (;;) {
    const char *template_ = kind == 'b' ? PICK(g, booleans) : kind == 't' ? PICK(g, texts) : PICK(g, integers);
    bool nests = strstr(template_, "{bool}") || strstr(template_, "{text}") || strstr(template_, "{int}");
    if (nests && depth <= 0) continue;
    write_sql(g, template_, depth, out);
    return;
  }
}

static void write_sql(generator *g, const char *template_, int depth, buf *out)
{
  for (const char *at = template_; *at; at++) {
    if (*at == '{' && at[1] >= 'A' && at[1] <= 'Z' && at[2] == '}') {
      add_column(at[1], out);
      at += 2;
    } else if (!strncmp(at, "{bool}", 6)) {
      expression(g, 'b', depth - 1, out);
      at += 5;
    } else if (!strncmp(at, "{text}", 6)) {
      expression(g, 't', depth - 1, out);
      at += 5;
    } else if (!strncmp(at, "{int}", 5)) {
      expression(g, 'i', depth - 1, out);
      at += 4;
    } else {
      buf_char(out, *at);
    }
  }
}

/* raw("…") */
static void raw(generator *g, char kind)
{
  buf sql = {.mem = g->mem};
  expression(g, kind, (int)below(g, 3), &sql);
  BUF_LIT(&g->out, "raw(\"");
  add_escaped(buf_str(&sql), &g->out);
  BUF_LIT(&g->out, "\")");
}

/* ---- what stands on a table ---- */

static void map(generator *g, const char *what)
{
  sc_buf_format(&g->out, ", map: \"m%zu %s%zu\"", g->model, what, g->numbered++);
}

static void comment_text(generator *g)
{
  static const char *const words[] = {"It's", "\\\"said\\\"", "C:\\\\dir", "two\\nlines", "ümlaut", "-- no", "/* no */",
                                      "'", "%s", "$$"};
  BUF_LIT(&g->out, "(\"");
  for (size_t i = 1 + below(g, 4); i > 0; i--) sc_buf_format(&g->out, "%s%s", PICK(g, words), i > 1 ? " " : "");
  BUF_LIT(&g->out, "\")");
}

static char plain_key(generator *g)
{
  static const char letters[] = "INSTBDMELVUF";
  return letters[below(g, sizeof letters - 1)];
}

static void keys(generator *g, bool unique)
{
  size_t count = 1 + below(g, 3), used_count = 0;
  char used[4] = {0};
  BUF_LIT(&g->out, "([");
  for (size_t i = 0; i < count; i++) {
    if (i) BUF_LIT(&g->out, ", ");
    char letter = plain_key(g);
    if (chance(g, 3) || strchr(used, letter)) {
      raw(g, chance(g, 2) ? 't' : 'i');
      continue;
    }
    used[used_count++] = letter;
    sc_buf_format(&g->out, "field%c", letter);
    if (letter == 'S' && !unique && chance(g, 3))
      BUF_LIT(&g->out, "(ops: raw(\"text_pattern_ops\"))");
    else if (chance(g, 3))
      BUF_LIT(&g->out, "(sort: Desc)");
  }
  buf_char(&g->out, ']');
}

static void refinements(generator *g)
{
  if (chance(g, 3)) {
    BUF_LIT(&g->out, ", where: ");
    raw(g, 'b');
  }
  if (chance(g, 3)) BUF_LIT(&g->out, ", include: [fieldJ, fieldA]");
  static const char *const more[] = {" }", ", deduplicate_items: false }", ", deduplicate_items: true }"};
  if (chance(g, 3)) sc_buf_format(&g->out, ", with: { fillfactor: %zu%s", 10 + below(g, 91), PICK(g, more));
}

static void print_index(generator *g)
{
  BUF_LIT(&g->out, "  @@index");
  keys(g, false);
  refinements(g);
  map(g, "idx");
  BUF_LIT(&g->out, ")\n");
}

static void print_unique(generator *g)
{
  BUF_LIT(&g->out, "  @@unique");
  if (chance(g, 3)) {
    char letter = plain_key(g);
    sc_buf_format(&g->out, "([field%c, id], deferrable: %s", letter,
                  chance(g, 2) ? "InitiallyDeferred" : "InitiallyImmediate");
    if (chance(g, 3)) BUF_LIT(&g->out, ", include: [fieldJ]");
  } else {
    keys(g, true);
    refinements(g);
  }
  if (chance(g, 3)) BUF_LIT(&g->out, ", nullsNotDistinct: true");
  map(g, "key");
  BUF_LIT(&g->out, ")\n");
}

static void print_gin(generator *g)
{
  static const char *const forms[] = {
      "([fieldJ(ops: JsonbPathOps)], type: Gin", "([fieldJ], type: Gin", "([fieldA], type: Gin",
      "([fieldI], type: Hash", "([fieldI, fieldD], type: Brin",
      "([raw(\"to_tsvector('simple', \\\"TName\\\")\")], type: Gin", /* no fulltext index of ours */
      "([raw(\"(\\\"The \\\"\\\"J\\\"\\\" column's\\\" -> 'x')\")], type: Gin"};
  sc_buf_format(&g->out, "  @@index%s", PICK(g, forms));
  if (chance(g, 3)) {
    BUF_LIT(&g->out, ", where: ");
    raw(g, 'b');
  }
  map(g, "other");
  BUF_LIT(&g->out, ")\n");
}

static void print_fulltext(generator *g)
{
  static const char *const fields[] = {"[fieldS]", "[fieldS, fieldT]", "[fieldT, fieldV, fieldS]", "[fieldV]"};
  static const char *const languages[] = {"", ", language: \"simple\"", ", language: \"german\""};
  sc_buf_format(&g->out, "  @@fulltext(%s%s", PICK(g, fields), PICK(g, languages));
  if (chance(g, 2)) map(g, "text");
  BUF_LIT(&g->out, ")\n");
}

static void print_check(generator *g)
{
  bool named = g->numbered / 10 % 2; /* PostgreSQL has a name for the others, which a schema need not say */
  BUF_LIT(&g->out, "  @@check(");
  raw(g, 'b');
  if (named)
    sc_buf_format(&g->out, ", map: \"m%zu check \\\"%zu\\\"\"", g->model, g->numbered++);
  BUF_LIT(&g->out, ")\n");
}

static void print_parts(generator *g)
{
  static void (*const parts[])(generator *) = {print_index, print_unique, print_gin,   print_fulltext, print_check,
                                               print_check, print_index,  print_unique, print_check};
  bool fulltext = false;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    begin_part(g, 100 + i);
    g->numbered = i * 10 + g->state % 3; /* sometimes a name stays while what it names changes */
    if (chance(g, 3) || (parts[i] == print_fulltext && fulltext)) continue;
    fulltext |= parts[i] == print_fulltext;
    parts[i](g);
  }
  begin_part(g, 200);
  if (!chance(g, 2)) return;
  BUF_LIT(&g->out, "  @@comment");
  comment_text(g);
  buf_char(&g->out, '\n');
}

/* ---- tables ---- */

static void print_default(generator *g, char letter)
{
  static const char *const integer_defaults[] = {"(1 + 2)", "length('abc')", "'7'::integer", "0x10::text::int"};
  static const char *const text_defaults[] = {"'x' || 'y'", "lower( 'ABC' )", "CURRENT_USER", "'a'::varchar",
                                              "to_char(now(), 'YYYY')"};
  static const char *const time_defaults[] = {"now() + interval '1 day'", "'2020-01-01'::date", "localtimestamp",
                                              "date_trunc('day', CURRENT_TIMESTAMP)", "timezone('utc'::text, now())"};
  static const char *const json_defaults[] = {"'{}'::jsonb", "jsonb_build_object('a', 1)", "'[1, 2]'"};
  static const char *const uuid_defaults[] = {"gen_random_uuid()", "'00000000-0000-0000-0000-000000000000'::uuid"};
  const char *sql = NULL;
  if (letter == 'I' || letter == 'N') sql = PICK(g, integer_defaults);
  if (letter == 'S' || letter == 'T') sql = PICK(g, text_defaults);
  if (letter == 'D') sql = PICK(g, time_defaults);
  if (letter == 'J') sql = PICK(g, json_defaults);
  if (letter == 'U') sql = PICK(g, uuid_defaults);
  if (!sql || strstr(sql, "0x10") || !chance(g, 3)) return;
  BUF_LIT(&g->out, " @default(dbgenerated(\"");
  add_escaped(str_from(sql), &g->out);
  BUF_LIT(&g->out, "\"))");
}

static void print_column(generator *g, size_t kind)
{
  buf name = {.mem = g->mem};
  column_name(kinds[kind].letter, &name);
  sc_buf_format(&g->out, "  field%c %s @map(\"", kinds[kind].letter, kinds[kind].type);
  add_escaped(buf_str(&name), &g->out);
  BUF_LIT(&g->out, "\")");
  begin_part(g, kind);
  print_default(g, kinds[kind].letter);
  if (chance(g, 4)) {
    BUF_LIT(&g->out, " @check(");
    raw(g, 'b');
    buf_char(&g->out, ')');
  }
  if (chance(g, 3)) {
    BUF_LIT(&g->out, " @comment");
    comment_text(g);
  }
  buf_char(&g->out, '\n');
}

static void print_generated(generator *g)
{
  begin_part(g, 50);
  if (chance(g, 2)) return;
  bool text = chance(g, 2);
  sc_buf_format(&g->out, "  made %s? @generated(", text ? "String" : "Int");
  raw(g, text ? 't' : 'i');
  BUF_LIT(&g->out, ")\n");
}

static void print_relation(generator *g)
{
  static const char *const rules[] = {"", ", deferrable: InitiallyDeferred", ", deferrable: InitiallyImmediate"};
  begin_part(g, 60);
  if (g->model)
    sc_buf_format(&g->out, "  parentId Int?\n  parent Model%zu? @relation(fields: [parentId], references: [id]%s)\n",
                  g->model - 1, PICK(g, rules));
}

str generate_schema(arena *mem, uint64_t seed, unsigned variant, bool prisma)
{
  generator g = {.mem = mem, .seed = seed * 0x9e3779b97f4a7c15u, .variant = variant, .out = {.mem = mem}};
  g.state = g.seed;
  size_t models = 1 + below(&g, 3);
  BUF_LIT(&g.out, "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n\n");
  if (prisma) BUF_LIT(&g.out, "generator client {\n  provider = \"prisma-client-js\"\n}\n\n");
  for (g.model = 0; g.model < models; g.model++) {
    sc_buf_format(&g.out, "model Model%zu {\n  id Int @id @default(autoincrement())\n", g.model);
    for (size_t kind = 0; kind < KINDS; kind++) print_column(&g, kind);
    print_generated(&g);
    print_relation(&g);
    if (g.model + 1 < models) sc_buf_format(&g.out, "  children Model%zu[]\n", g.model + 1);
    print_parts(&g);
    BUF_LIT(&g.out, "}\n\n");
  }
  BUF_LIT(&g.out, "enum Role {\n  USER\n  ADMIN\n  other @map(\"it's\")\n");
  if (chance(&g, 2)) {
    buf_add(&g.out, prisma ? STR("\n  /// @@comment") : STR("\n  @@comment"));
    comment_text(&g);
    buf_char(&g.out, '\n');
  }
  BUF_LIT(&g.out, "}\n");
  return buf_str(&g.out);
}
