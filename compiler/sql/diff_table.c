/* Differences of tables that both sides have: columns, primary key, foreign keys, comments. */
#include "sql/diff.h"
#include "sql/lex.h"
#include "sql/claim.h"
#include "sql/quote.h"

#include <stdlib.h>

/* ---- expressions ---- */

/* Without white space around and without the parentheses that enclose all of it. */
static str bare_expression(arena *mem, str text)
{
  for (;;) {
    text = sc_str_trim(text);
    if (text.len < 2 || text.ptr[0] != '(') return text;
    int depth = 0;
    size_t i = 0;
    for (; i < text.len; i++) {
      str ignored;
      size_t quoted = sql_unquote(mem, str_slice(text, i, text.len), &ignored);
      if (quoted)
        i += quoted - 1;
      else if (text.ptr[i] == '(')
        depth++;
      else if (text.ptr[i] == ')' && --depth == 0)
        break;
    }
    if (i + 1 != text.len) return text;
    text = str_slice(text, 1, text.len - 1);
  }
}

static bool space(char c)
{
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool spelt_same(arena *mem, str a, str b)
{
  a = bare_expression(mem, a);
  b = bare_expression(mem, b);
  size_t i = 0, j = 0;
  while (i < a.len && j < b.len) {
    if (space(a.ptr[i]) && space(b.ptr[j])) {
      while (i < a.len && space(a.ptr[i])) i++;
      while (j < b.len && space(b.ptr[j])) j++;
    } else if (a.ptr[i++] != b.ptr[j++]) {
      return false;
    }
  }
  return i == a.len && j == b.len;
}

/* What the server has written need not stay as it is when the server reads it again (a list of varchar
 * values): the text as it stands counts as well. */
bool diff_expression_same(arena *mem, str a, str a_raw, str b, str b_raw)
{
  return spelt_same(mem, a, b) || (a_raw.len && spelt_same(mem, a_raw, b)) ||
         (b_raw.len && spelt_same(mem, a, b_raw)) ||
         (a_raw.len && b_raw.len && spelt_same(mem, a_raw, b_raw));
}

/* ---- columns ---- */

/* How the values of a generated column differ: they cannot be altered in place. */
static bool generated_differs(const differ *d, const sql_column *from, const sql_column *to)
{
  if (d->prisma_only) return false;
  if (to->generated.len == 0) return from->generated.len && d->drop_extensions;
  return from->generated.len == 0 || !diff_expression_same(d->mem, from->generated, from->generated_raw,
                                                           to->generated, to->generated_raw);
}

/* The same name in another schema is another enum. */
static sql_cast cast_of(const differ *d, const sql_column *from, const sql_column *to)
{
  bool enums = from->type.kind == SQL_TYPE_ENUM && to->type.kind == SQL_TYPE_ENUM;
  return enums && !diff_namespace_same(d, from->type.schema, to->type.schema) ? SQL_CAST_NONE
                                                                              : sql_cast_of(from, to);
}

static bool is_number(const sql_type *type)
{
  if (type->kind != SQL_TYPE_NATIVE) return false;
  dm_native native = type->native;
  return native == DM_NATIVE_SMALLINT || native == DM_NATIVE_INTEGER || native == DM_NATIVE_BIGINT ||
         native == DM_NATIVE_REAL || native == DM_NATIVE_DOUBLE_PRECISION || native == DM_NATIVE_DECIMAL ||
         native == DM_NATIVE_MONEY;
}

/* From any type to any there is a way through text. */
static str cast_back(arena *mem, const sql_column *from, const sql_column *to)
{
  buf out = {.mem = mem};
  sql_ident(&out, to->name);
  if (!is_number(&from->type) || !is_number(&to->type))
    BUF_LIT(&out, "::text");
  else if (to->type.native == DM_NATIVE_MONEY)
    BUF_LIT(&out, "::numeric"); /* floating point numbers have no way of their own */
  BUF_LIT(&out, "::");
  sql_type_render(&to->type, to->arity, &out);
  return buf_str(&out);
}

/* Empty: PostgreSQL needs no help. */
static str cast_by_detour(arena *mem, const sql_column *from, const sql_column *to)
{
  buf out = {.mem = mem};
  str detour = sql_cast_detour(&from->type, &to->type);
  if (detour.len == 0 || from->arity == SQL_LIST) return STR_NONE;
  sql_ident(&out, from->name);
  buf_add(&out, detour);
  BUF_LIT(&out, "::");
  sql_type_render(&to->type, to->arity, &out);
  return buf_str(&out);
}

static bool may_cast_back(const differ *d, const sql_column *to)
{
  for (size_t i = 0; d->reverts && i < d->reverts->len; i++)
    if (d->reverts->items[i] == to) return false;
  return d->reverts != NULL;
}

static str using_of(const differ *d, const sql_change *change, bool back)
{
  const sql_column *from = change->from, *to = change->to;
  bool serial = from->default_.kind == SQL_DEFAULT_SEQUENCE && to->default_.kind == SQL_DEFAULT_SEQUENCE;
  bool constant =
      !serial && (from->default_.kind != SQL_DEFAULT_NONE || to->default_.kind != SQL_DEFAULT_NONE);
  if (to->using_.len && !back) return to->using_;
  str detour = cast_by_detour(d->mem, from, to);
  if (detour.len) return detour;
  return back && (change->cast != SQL_CAST_SAFE || constant) ? cast_back(d->mem, from, to) : to->using_;
}

/* What differs between two columns of one name; false when nothing does. */
static bool diff_column(const differ *d, const sql_column *from, const sql_column *to, sql_change *out)
{
  bool was_serial = from->default_.kind == SQL_DEFAULT_SEQUENCE,
       serial = to->default_.kind == SQL_DEFAULT_SEQUENCE;
  *out = (sql_change){.kind = SQL_ALTER_COLUMN, .from = from, .to = to, .cast = cast_of(d, from, to)};
  out->arity = from->arity != to->arity;
  out->type = out->cast != SQL_CAST_SAME;
  out->autoincrement = was_serial != serial;
  bool computed = from->generated.len || to->generated.len;
  out->default_ = !computed && !(was_serial && serial) && !sql_default_same(d->mem, from, to);
  bool generated = generated_differs(d, from, to);
  bool back = may_cast_back(d, to);
  bool cast = out->cast != SQL_CAST_NONE || ((to->using_.len || back) && !computed);
  if (!cast || generated) out->kind = SQL_RECREATE_COLUMN;
  if (out->type && out->kind == SQL_ALTER_COLUMN) out->using_ = using_of(d, out, back);
  return out->arity || out->type || out->autoincrement || out->default_ || generated;
}

/* A column that changes its type, or is made anew, by itself. */
static bool changes_type(const differ *d, const table_pair *pair, str name)
{
  const sql_column *from = sql_table_column(pair->from, name), *to = sql_table_column(pair->to, name);
  sql_change change;
  if (from && diff_retypes(d, from)) return true;
  return from && to && diff_column(d, from, to, &change) &&
         (change.type || change.kind == SQL_RECREATE_COLUMN);
}

/* PostgreSQL changes no type below a generated column. */
static bool stands_on_changed(const differ *d, const table_pair *pair, str expression)
{
  const sql_script *script = sql_lex(expression, d->mem);
  for (size_t i = 0; i < script->tokens.len; i++) {
    sql_token_kind kind = script->tokens.items[i].kind;
    if ((kind == SQL_TOKEN_WORD || kind == SQL_TOKEN_NAME) &&
        changes_type(d, pair, sql_token_value(script, i, d->mem)))
      return true;
  }
  return false;
}

/* As diff_column, with what the rest of the table does to the column. */
static bool column_differs(const differ *d, const table_pair *pair, const sql_column *from,
                           const sql_column *to, sql_change *out)
{
  bool differs = diff_column(d, from, to, out);
  if (d->prisma_only || !from->generated.len || !to->generated.len || out->kind == SQL_RECREATE_COLUMN)
    return differs;
  if (!stands_on_changed(d, pair, from->generated)) return differs;
  out->kind = SQL_RECREATE_COLUMN;
  return true;
}

bool diff_recreates(const differ *d, const table_pair *pair, str column)
{
  const sql_column *from = sql_table_column(pair->from, column), *to = sql_table_column(pair->to, column);
  sql_change change;
  return from && to && column_differs(d, pair, from, to, &change) && change.kind == SQL_RECREATE_COLUMN;
}

static bool is_disturbed(const differ *d, const table_pair *pair, str column)
{
  const sql_column *from = sql_table_column(pair->from, column);
  return from && (diff_retypes(d, from) || diff_recreates(d, pair, column));
}

bool diff_mentions_recreated(const differ *d, const table_pair *pair, str sql)
{
  bool some = false;
  for (size_t i = 0; i < pair->from->column_count && sql.len && !some; i++)
    some = is_disturbed(d, pair, pair->from->columns[i].name);
  if (!some) return false;
  const sql_script *script = sql_lex(sql, d->mem);
  for (size_t i = 0; i < script->tokens.len; i++) {
    sql_token_kind kind = script->tokens.items[i].kind;
    if ((kind == SQL_TOKEN_WORD || kind == SQL_TOKEN_NAME) &&
        is_disturbed(d, pair, sql_token_value(script, i, d->mem)))
      return true;
  }
  return false;
}

static int by_column_name(const void *a, const void *b)
{
  const sql_change *x = a, *y = b;
  return sc_str_cmp((x->to ? x->to : x->from)->name, (y->to ? y->to : y->from)->name);
}

/* Columns of `here` that `there` lacks, by name. */
static void lone_columns(differ *d, const sql_table *here, const sql_table *there, sql_change_kind kind,
                         diff_changes *changes)
{
  size_t start = changes->len;
  for (size_t i = 0; i < here->column_count; i++) {
    const sql_column *column = &here->columns[i];
    if (sql_table_column(there, column->name)) continue;
    sql_change change = {.kind = kind};
    if (kind == SQL_DROP_COLUMN)
      change.from = column;
    else
      change.to = column;
    vec_push(d->mem, changes, change);
  }
  if (changes->len > start)
    qsort(changes->items + start, changes->len - start, sizeof *changes->items, by_column_name);
}

static void altered_columns(differ *d, const table_pair *pair, diff_changes *changes)
{
  for (size_t i = 0; i < pair->from->column_count; i++) {
    const sql_column *from = &pair->from->columns[i], *to = sql_table_column(pair->to, from->name);
    sql_change change;
    if (to && column_differs(d, pair, from, to, &change)) vec_push(d->mem, changes, change);
  }
}

/* ---- primary key ---- */

/* Other columns, or one of them of another type: then the key is made anew around the change. */
static bool primary_key_differs(const differ *d, const table_pair *pair)
{
  const sql_index *from = pair->from->primary_key, *to = pair->to->primary_key;
  if (from->key_count != to->key_count) return true;
  for (size_t i = 0; i < from->key_count; i++) {
    if (!str_eq(from->keys[i].column, to->keys[i].column)) return true;
    const sql_column *a = sql_table_column(pair->from, from->keys[i].column);
    const sql_column *b = sql_table_column(pair->to, to->keys[i].column);
    sql_change change;
    if (a && b && column_differs(d, pair, a, b, &change) &&
        (change.type || change.kind == SQL_RECREATE_COLUMN))
      return true;
  }
  return false;
}

/* ---- all of a table ---- */

void diff_columns_and_keys(differ *d, const table_pair *pair)
{
  diff_changes changes = {0};
  const sql_index *from = pair->from->primary_key, *to = pair->to->primary_key;
  bool anew = from && to && primary_key_differs(d, pair);

  diff_dropped_checks(d, pair, &changes);
  if (from && (!to || anew)) vec_push(d->mem, &changes, (sql_change){.kind = SQL_DROP_PRIMARY_KEY});
  if (from && to && !anew && !str_eq(from->name, to->name))
    vec_push(d->mem, &changes, (sql_change){.kind = SQL_RENAME_PRIMARY_KEY});
  lone_columns(d, pair->from, pair->to, SQL_DROP_COLUMN, &changes);
  lone_columns(d, pair->to, pair->from, SQL_ADD_COLUMN, &changes);
  altered_columns(d, pair, &changes);
  if (to && (!from || anew)) vec_push(d->mem, &changes, (sql_change){.kind = SQL_ADD_PRIMARY_KEY});
  diff_added_checks(d, pair, &changes);
  diff_alter_table(d, pair, &changes);
}

/* ---- foreign keys ---- */

static bool foreign_key_same(const differ *d, const table_pair *pair, const sql_foreign_key *a,
                             const sql_foreign_key *b)
{
  if (a->column_count != b->column_count || a->on_delete != b->on_delete || a->on_update != b->on_update)
    return false;
  if (!str_eq(a->table, b->table) || !diff_namespace_same(d, a->schema, b->schema)) return false;
  bool deferrable =
      !d->prisma_only && a->deferrable != b->deferrable &&
      (b->deferrable != DM_NOT_DEFERRABLE || diff_may_drop(d, claim_foreign_key(d->mem, pair->from, a)));
  if (deferrable) return false;
  for (size_t i = 0; i < a->column_count; i++) {
    if (!str_eq(a->columns[i], b->columns[i]) || !str_eq(a->references[i], b->references[i])) return false;
    const sql_column *from = sql_table_column(pair->from, a->columns[i]);
    const sql_column *to = sql_table_column(pair->to, b->columns[i]);
    if (from && to && cast_of(d, from, to) != SQL_CAST_SAME) return false;
  }
  return true;
}

static const sql_foreign_key *same_foreign_key(const differ *d, const table_pair *pair,
                                               const sql_foreign_key *key, bool of_from)
{
  const sql_table *there = of_from ? pair->to : pair->from;
  const sql_foreign_key *found = NULL;
  for (size_t i = 0; i < there->foreign_key_count; i++) {
    const sql_foreign_key *other = &there->foreign_keys[i];
    if (!foreign_key_same(d, pair, of_from ? key : other, of_from ? other : key)) continue;
    if (str_eq(other->name, key->name)) return other;
    if (!found) found = other;
  }
  return found;
}

const sql_foreign_key *diff_same_foreign_key(const differ *d, const table_pair *pair,
                                             const sql_foreign_key *from)
{
  return same_foreign_key(d, pair, from, true);
}

/* The key of the other side stands already, under its own name: this one says the same once more, and stays.
 */
static bool says_it_again(const differ *d, const table_pair *pair, const sql_foreign_key *to)
{
  for (size_t i = 0; i < pair->from->foreign_key_count; i++)
    if (str_eq(pair->from->foreign_keys[i].name, to->name) &&
        foreign_key_same(d, pair, &pair->from->foreign_keys[i], to))
      return true;
  return false;
}

void diff_foreign_keys(differ *d, const table_pair *pair)
{
  for (size_t i = 0; i < pair->from->foreign_key_count; i++) {
    const sql_foreign_key *from = &pair->from->foreign_keys[i], *to = same_foreign_key(d, pair, from, true);
    if (to && (str_eq(from->name, to->name) || says_it_again(d, pair, to))) continue;
    sql_step *step = diff_step(d, to ? SQL_RENAME_FOREIGN_KEY : SQL_DROP_FOREIGN_KEY, pair->from_at, i, 0);
    step->from_table = pair->from;
    step->to_table = pair->to;
    step->from_key = from;
    step->to_key = to;
  }
  for (size_t i = 0; i < pair->to->foreign_key_count; i++) {
    const sql_foreign_key *to = &pair->to->foreign_keys[i];
    if (same_foreign_key(d, pair, to, false)) continue;
    sql_step *step = diff_step(d, SQL_ADD_FOREIGN_KEY, pair->to_at, i, 0);
    step->to_table = pair->to;
    step->to_key = to;
  }
}

/* ---- comments ---- */

static void diff_comment(differ *d, str from, str to, const sql_table *table, const sql_column *column,
                         size_t at)
{
  if (d->prisma_only || str_eq(from, to) ||
      (to.len == 0 && !diff_may_drop(d, claim_comment(d->mem, table, column))))
    return;
  size_t column_at = column ? (size_t)(column - table->columns) + 1 : 0;
  sql_step *step = diff_step(d, SQL_COMMENT_ON, at, column_at, 0);
  step->to_table = table;
  step->column = column;
}

void diff_comments(differ *d, const sql_table *from, const sql_table *to, size_t to_at)
{
  diff_comment(d, from ? from->comment : STR_NONE, to->comment, to, NULL, to_at);
  for (size_t i = 0; i < to->column_count; i++) {
    const sql_column *column = &to->columns[i], *before = from ? sql_table_column(from, column->name) : NULL;
    bool lost = before && diff_recreates(d, &(table_pair){.from = from, .to = to}, column->name);
    diff_comment(d, before && !lost ? before->comment : STR_NONE, column->comment, to, column, to_at);
  }
}
