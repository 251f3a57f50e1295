/* Keys and indexes. */
#include "sql/raise_inside.h"

#include "dm/opclass.h"
#include "sql/claim.h"
#include "sql/quote.h"

/* ---- full-text indexes ---- */

typedef struct fulltext fulltext;
struct fulltext {
  str language;
  raise_names columns;
};

/* Without the white space, parentheses and casts that stand outside of quotes. */
static str compact(arena *mem, str sql)
{
  static const str casts[] = {STR_INIT("::text"), STR_INIT("::regconfig"), STR_INIT("::charactervarying"),
                              STR_INIT("::bpchar")};
  buf bare = {.mem = mem}, out = {.mem = mem};
  char quote = 0;
  for (size_t i = 0; i < sql.len; i++) {
    char c = sql.ptr[i];
    if (quote ? c == quote : c == '\'' || c == '"') quote = quote ? 0 : c;
    if (quote || !strchr(" ()", c)) buf_char(&bare, c);
  }
  str text = buf_str(&bare);
  for (size_t i = 0; i < text.len;) {
    size_t skip = 0;
    for (size_t j = 0; j < sizeof casts / sizeof *casts; j++)
      if (str_starts(str_slice(text, i, text.len), casts[j])) skip = casts[j].len;
    if (!skip) buf_char(&out, text.ptr[i++]);
    i += skip;
  }
  return buf_str(&out);
}

static bool eat(str *rest, str word)
{
  if (!str_starts(*rest, word)) return false;
  *rest = str_slice(*rest, word.len, rest->len);
  return true;
}

static bool eat_quoted(arena *mem, str *rest, str *out)
{
  size_t taken = sql_unquote(mem, *rest, out);
  *rest = str_slice(*rest, taken, rest->len);
  return taken != 0;
}

static bool eat_column(arena *mem, str *rest, str *out)
{
  if (str_starts(*rest, STR("\""))) return eat_quoted(mem, rest, out);
  size_t end = sc_str_find_char(*rest, ',');
  if (end == SIZE_MAX) return false;
  *out = str_slice(*rest, 0, end);
  *rest = str_slice(*rest, end, rest->len);
  return true;
}

/* Reads what lower.c writes for @@fulltext, as the server spells it. */
static bool read_fulltext(arena *mem, const sql_index *index, fulltext *out)
{
  *out = (fulltext){0};
  if (index->kind != SQL_INDEX || index->method != DM_GIN || index->key_count != 1 || index->where.len)
    return false;
  str rest = compact(mem, index->keys[0].expression), text;
  if (!eat(&rest, STR("to_tsvector")) || !eat_quoted(mem, &rest, &out->language) || !eat(&rest, STR(",")))
    return false;
  do {
    if (!eat(&rest, STR("COALESCE")) || !eat_column(mem, &rest, &text) || !eat(&rest, STR(",''")))
      return false;
    vec_push(mem, &out->columns, text);
  } while (eat(&rest, STR("||' '||")));
  return rest.len == 0;
}

/* ---- what can be said ---- */

static bool has_expression(const sql_index *index)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (!index->keys[i].column.len) return true;
  return false;
}

/* Said as @unique of its field. */
static bool is_on_field(const raiser *r, const sql_index *index)
{
  if (index->kind == SQL_INDEX || index->key_count != 1 || index_is_extended(index)) return false;
  return index->kind == SQL_PRIMARY_KEY || r->prisma || !index_is_refined(index);
}

static bool identifies(const sql_table *table, const sql_index *index)
{
  if (!index || index->kind == SQL_INDEX || index_is_extended(index)) return false;
  for (size_t i = 0; i < index->key_count; i++) {
    const sql_column *column = sql_table_column(table, index->keys[i].column);
    if (!column || column->arity != SQL_REQUIRED || column->type.kind == SQL_TYPE_OTHER) return false;
  }
  return true;
}

bool raise_has_key(const sql_table *table)
{
  if (identifies(table, table->primary_key)) return true;
  for (size_t i = 0; i < table->index_count; i++)
    if (identifies(table, &table->indexes[i])) return true;
  return false;
}

/* ---- the previous schema ---- */

static bool keys_match(const dm_index *old, const sql_index *index)
{
  if (old->key_count != index->key_count) return false;
  for (size_t i = 0; i < old->key_count; i++)
    if (!old->keys[i].field || !str_eq(old->keys[i].field->db_name, index->keys[i].column)) return false;
  return true;
}

static const dm_index *old_index(const raise_model *model, const sql_index *index)
{
  dm_index_kind kind = index->kind == SQL_PRIMARY_KEY ? DM_PRIMARY_KEY
                       : index->kind == SQL_UNIQUE    ? DM_UNIQUE
                                                      : DM_INDEX;
  const dm_index *found = NULL;
  for (size_t i = 0; model->old && i < model->old->index_count; i++) {
    const dm_index *old = &model->old->indexes[i];
    if (old->kind != kind || !keys_match(old, index)) continue;
    if (str_eq(old->db_name, index->name)) return old;
    if (!found) found = old;
  }
  return found;
}

/* ---- arguments ---- */

/* Arguments of an attribute: the first is not preceded by a comma. */
typedef struct args args;
struct args {
  buf *out;
  bool some;
};

static buf *next(args *a)
{
  buf_add(a->out, a->some ? STR(", ") : STR("("));
  a->some = true;
  return a->out;
}

static void end_args(args *a)
{
  if (a->some) buf_char(a->out, ')');
}

static void add_map(const raiser *r, const raise_model *model, const sql_index *index, args *a)
{
  static const char *const suffixes[] = {
      [SQL_PRIMARY_KEY] = "_pkey", [SQL_UNIQUE] = "_key", [SQL_INDEX] = "_idx"};
  raise_names columns = {0};
  for (size_t i = 0; i < index->key_count && index->kind != SQL_PRIMARY_KEY; i++)
    vec_push(r->mem, &columns, index->keys[i].column);
  str usual = dm_default_name(r->mem, model->table->name, columns.items, columns.len, suffixes[index->kind]);
  if (str_eq(usual, index->name) && !has_expression(index)) return;
  BUF_LIT(next(a), "map: ");
  raise_string(index->name, a->out);
}

static void add_raw(str sql, buf *out)
{
  BUF_LIT(out, "raw(");
  raise_string(sql, out);
  buf_char(out, ')');
}

static void add_opclass(const raiser *r, const sql_index *index, const sql_key *key, args *a)
{
  static const dm_opclass rows[] = {
#define COUNT DM_NATIVE_COUNT
#define OPCLASS(name, sql, types, native, scalar)                                                            \
  {STR_INIT(name), STR_INIT(sql), 0, (dm_native)0, (dm_scalar)0},
#include "dm/opclass.def"
#undef OPCLASS
#undef COUNT
  };
  if (!key->opclass.len || key->opclass_default) return;
  if (index->method == DM_BTREE || index->method == DM_HASH) {
    if (r->prisma) return;
    BUF_LIT(next(a), "ops: ");
    add_raw(key->opclass, a->out);
    return;
  }
  BUF_LIT(next(a), "ops: ");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eq(rows[i].sql, key->opclass)) {
      buf_add(a->out, rows[i].name);
      return;
    }
  add_raw(key->opclass, a->out);
}

static void add_key(const raiser *r, const raise_model *model, const sql_index *index, const sql_key *key,
                    buf *out)
{
  if (!key->column.len) {
    add_raw(key->expression, out);
    return;
  }
  buf_add(out, raise_column_name(model, key->column));
  args a = {.out = out};
  add_opclass(r, index, key, &a);
  if (key->sort == SQL_DESC) BUF_LIT(next(&a), "sort: Desc");
  end_args(&a);
}

static void add_columns(const raise_model *model, const str *columns, size_t count, buf *out)
{
  buf_char(out, '[');
  for (size_t i = 0; i < count; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, raise_column_name(model, columns[i]));
  }
  buf_char(out, ']');
}

static void add_refinements(const raiser *r, const raise_model *model, const sql_index *index, args *a)
{
  static const char *const deferrables[] = {
      [DM_INITIALLY_IMMEDIATE] = "InitiallyImmediate", [DM_INITIALLY_DEFERRED] = "InitiallyDeferred"};
  if (index->kind == SQL_PRIMARY_KEY || (r->prisma && !index_is_extended(index))) return;
  if (index->where.len) {
    BUF_LIT(next(a), "where: ");
    add_raw(index->where, a->out);
  }
  if (index->include_count) {
    BUF_LIT(next(a), "include: ");
    add_columns(model, index->include, index->include_count, a->out);
  }
  if (index->storage) {
    BUF_LIT(next(a), "with: { ");
    dm_storage_write(index->storage, false, a->out);
    BUF_LIT(a->out, " }");
  }
  if (index->nulls_not_distinct) BUF_LIT(next(a), "nullsNotDistinct: true");
  if (index->deferrable != DM_NOT_DEFERRABLE)
    sc_buf_format(next(a), "deferrable: %s", deferrables[index->deferrable]);
}

/* ---- on a field ---- */

static void field_key(const raiser *r, const raise_model *model, const sql_index *index, const char *name,
                      buf *out)
{
  args a = {.out = out};
  sc_buf_format(out, " @%s", name);
  add_map(r, model, index, &a);
  if (index->keys[0].sort == SQL_DESC) BUF_LIT(next(&a), "sort: Desc");
  end_args(&a);
}

/* A second unique index of the same column goes to the block: a field takes one @unique. */
static const sql_index *field_unique(const raiser *r, const raise_model *model, str column)
{
  for (size_t i = 0; i < model->table->index_count; i++) {
    const sql_index *index = &model->table->indexes[i];
    if (!is_on_field(r, index)) continue;
    if (!str_eq(index->keys[0].column, column)) continue;
    const dm_index *old = old_index(model, index);
    if (!old || old->on_field) return index;
  }
  return NULL;
}

void raise_field_keys(const raiser *r, const raise_model *model, const sql_column *column, buf *out)
{
  const sql_index *key = model->table->primary_key;
  if (key && key->key_count == 1 && str_eq(key->keys[0].column, column->name)) {
    const dm_index *old = old_index(model, key);
    if (!old || old->on_field) field_key(r, model, key, "id", out);
  }
  const sql_index *unique = field_unique(r, model, column->name);
  if (unique) field_key(r, model, unique, "unique", out);
}

/* ---- in the block ---- */

static void print_fulltext(const raiser *r, const raise_model *model, const sql_index *index,
                           const fulltext *text, buf *out)
{
  args a = {.out = out};
  sc_buf_format(out, "%s@@fulltext", r->prisma ? "/// " : "");
  add_columns(model, text->columns.items, text->columns.len, next(&a));
  if (!str_eq(text->language, STR("english"))) {
    BUF_LIT(next(&a), "language: ");
    raise_string(text->language, out);
  }
  BUF_LIT(next(&a), "map: ");
  raise_string(index->name, out);
  end_args(&a);
  buf_char(out, '\n');
}

static void print_block_key(const raiser *r, const raise_model *model, const sql_index *index, buf *out)
{
  static const char *const names[] = {
      [SQL_PRIMARY_KEY] = "id", [SQL_UNIQUE] = "unique", [SQL_INDEX] = "index"};
  static const char *const types[] = {
      [DM_HASH] = "Hash", [DM_GIN] = "Gin", [DM_GIST] = "Gist", [DM_SPGIST] = "SpGist", [DM_BRIN] = "Brin"};
  args a = {.out = out};
  const dm_index *old = old_index(model, index);
  sc_buf_format(out, "%s@@%s", r->prisma && index_is_extended(index) ? "/// " : "", names[index->kind]);
  buf_char(next(&a), '[');
  for (size_t i = 0; i < index->key_count; i++) {
    if (i) BUF_LIT(out, ", ");
    add_key(r, model, index, &index->keys[i], out);
  }
  buf_char(out, ']');
  if (old && old->client_named) {
    BUF_LIT(next(&a), "name: ");
    raise_string(old->client_name, out);
  }
  add_map(r, model, index, &a);
  if (index->kind == SQL_INDEX && index->method != DM_BTREE)
    sc_buf_format(next(&a), "type: %s", types[index->method]);
  add_refinements(r, model, index, &a);
  end_args(&a);
  buf_char(out, '\n');
}

static bool in_block(const raiser *r, const raise_model *model, const sql_index *index)
{
  if (!is_on_field(r, index)) return true;
  if (index->kind != SQL_PRIMARY_KEY) return field_unique(r, model, index->keys[0].column) != index;
  const dm_index *old = old_index(model, index);
  return old && !old->on_field;
}

/* The plain ones first where those behind /// would stand between them. */
void raise_block_keys(const raiser *r, const raise_model *model, buf *out)
{
  const sql_table *table = model->table;
  if (table->primary_key && in_block(r, model, table->primary_key))
    print_block_key(r, model, table->primary_key, out);
  for (size_t i = 0; i < table->index_count; i++) {
    const sql_index *index = &table->indexes[i];
    fulltext text;
    if (!in_block(r, model, index) || index_has_no_words(index)) continue;
    if (read_fulltext(r->mem, index, &text))
      print_fulltext(r, model, index, &text, out);
    else
      print_block_key(r, model, index, out);
  }
}

void raise_index_notes(raiser *r, const raise_model *model)
{
  const dm_index *old = model->table->primary_key ? old_index(model, model->table->primary_key) : NULL;
  if (old && old->client_named)
    raise_note(r, SQL_NOTE_KEY_NAMED, sc_str_format(r->mem, "\"%.*s\"", STR_ARG(model->name)));
  for (size_t i = 0; i < model->table->index_count; i++) {
    const sql_index *index = &model->table->indexes[i];
    if (index_has_no_words(index))
      raise_note(
          r, SQL_NOTE_OTHER,
          sc_str_format(r->mem, "index \"%.*s\" on \"%.*s\"", STR_ARG(index->name), STR_ARG(model->name)));
    for (size_t j = 0; j < index->key_count; j++)
      if (index->keys[j].nulls_not_default && index->keys[j].column.len)
        raise_note(r, SQL_NOTE_NULLS,
                   sc_str_format(r->mem, "Index: \"%.*s\", column: \"%.*s\"", STR_ARG(index->name),
                                 STR_ARG(index->keys[j].column)));
  }
}
