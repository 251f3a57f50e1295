/* Differences of enums: values are added in place; where one goes the type is made anew. */
#include "sql/claim.h"
#include "sql/diff.h"
#include "sql/lex.h"

#include <string.h>

static bool has_value(const sql_enum *e, str value)
{
  for (size_t i = 0; i < e->value_count; i++)
    if (str_eq(e->values[i], value)) return true;
  return false;
}

static bool lacks_some(const sql_enum *here, const sql_enum *there)
{
  for (size_t i = 0; i < there->value_count; i++)
    if (!has_value(here, there->values[i])) return true;
  return false;
}

static const sql_enum *counterpart(const differ *d, const sql_enum *e, bool in_to)
{
  const sql_schema *here = in_to ? d->from : d->to, *there = in_to ? d->to : d->from;
  for (size_t i = 0; i < there->enum_count; i++)
    if (str_eq(there->enums[i].name, e->name) &&
        sql_namespace_same(here, e->schema, there, there->enums[i].schema))
      return &there->enums[i];
  return NULL;
}

static bool default_says(const sql_column *column, const sql_enum *from)
{
  const sql_default *value = &column->default_;
  if (value->kind == SQL_DEFAULT_LITERAL) return !has_value(from, value->text);
  for (size_t i = 0; value->kind == SQL_DEFAULT_LIST && i < value->len; i++)
    if (!has_value(from, value->items[i])) return true;
  return false;
}

static bool sql_says(str sql, const sql_enum *from, const sql_enum *to)
{
  for (size_t i = 0; i < to->value_count; i++)
    if (!has_value(from, to->values[i]) && sc_str_find(sql, to->values[i]) != SIZE_MAX) return true;
  return false;
}

/* What our extensions have made of SQL. */
static bool extension_says(const sql_table *table, const sql_enum *from, const sql_enum *to)
{
  bool says = false;
  for (size_t i = 0; i < table->check_count; i++) says |= sql_says(table->checks[i].expression, from, to);
  for (size_t i = 0; i < table->column_count; i++) says |= sql_says(table->columns[i].generated, from, to);
  for (size_t i = 0; i < table->index_count; i++) {
    says |= sql_says(table->indexes[i].where, from, to);
    for (size_t j = 0; j < table->indexes[i].key_count; j++)
      says |= sql_says(table->indexes[i].keys[j].expression, from, to);
  }
  return says;
}

/* PostgreSQL refuses a value in the transaction that adds it to its type, so a new value that becomes a
 * default, or that rows get, asks for a new type. */
static bool new_value_is_used(const differ *d, const sql_enum *from, const sql_enum *to)
{
  for (size_t i = 0; i < d->to->table_count; i++)
    for (size_t j = 0; j < d->to->tables[i].column_count; j++) {
      const sql_column *column = &d->to->tables[i].columns[j];
      bool uses = column->type.kind == SQL_TYPE_ENUM && str_eq(column->type.name, to->name) &&
                  sql_namespace_same(d->to, column->type.schema, d->to, to->schema);
      if (uses && (default_says(column, from) || sql_says(column->backfill, from, to) ||
                   extension_says(&d->to->tables[i], from, to)))
        return true;
    }
  return false;
}

/* ---- what stands on its columns ---- */

static bool is_of(const differ *d, const sql_column *from, const sql_enum *e)
{
  return from->type.kind == SQL_TYPE_ENUM && str_eq(from->type.name, e->name) &&
         sql_namespace_same(d->from, from->type.schema, d->from, e->schema);
}

static bool key_stands_on(const differ *d, const sql_table *table, const sql_foreign_key *key,
                          const sql_enum *e)
{
  for (size_t i = 0; i < key->column_count; i++) {
    const sql_column *column = sql_table_column(table, key->columns[i]);
    if (column && is_of(d, column, e)) return true;
  }
  return false;
}

/* Whether SQL names a column of the enum; it may be something else of that name. */
static bool sql_stands_on(const differ *d, const sql_table *table, str sql, const sql_enum *e)
{
  const sql_script *script = sql.len ? sql_lex(sql, d->mem) : NULL;
  for (size_t i = 0; script && i < script->tokens.len; i++) {
    sql_token_kind kind = script->tokens.items[i].kind;
    if (kind != SQL_TOKEN_WORD && kind != SQL_TOKEN_NAME) continue;
    const sql_column *column = sql_table_column(table, sql_token_value(script, i, d->mem));
    if (column && is_of(d, column, e)) return true;
  }
  return false;
}

static bool index_stands_on(const differ *d, const sql_table *table, const sql_index *index,
                            const sql_enum *e)
{
  bool stands = sql_stands_on(d, table, index->where, e);
  for (size_t i = 0; i < index->key_count && !stands; i++)
    stands = sql_stands_on(d, table, index->keys[i].expression, e);
  return stands;
}

/* An index that comes back, or that goes for good, is in a step already; one that goes with its table is not.
 */
static void free_of_index(differ *d, const table_pair *pair, const sql_index *index)
{
  sql_step *step = NULL;
  for (size_t i = 0; i < d->steps.len && !step; i++)
    if (d->steps.items[i].kind == SQL_DROP_INDEX && d->steps.items[i].from_index == index)
      step = &d->steps.items[i];
  if (!step) step = diff_step(d, SQL_DROP_INDEX, pair->from_at, (size_t)(index - pair->from->indexes), 0);
  step->from_table = pair->from;
  step->to_table = pair->to;
  step->from_index = index;
  step->makes_way = true;
}

/* Takes what is dropped out of the change of its table. */
static void leave_rest(differ *d, const sql_table *from, const sql_change *dropped)
{
  for (size_t i = 0; i < d->steps.len; i++) {
    sql_step *step = &d->steps.items[i];
    if (step->from_table != from || step->makes_way) continue;
    size_t kept = 0;
    for (size_t j = 0; j < step->change_count; j++) {
      sql_change change = step->changes[j];
      bool check = dropped->check && change.kind == SQL_DROP_CHECK && change.check == dropped->check;
      bool column = dropped->from && change.from == dropped->from;
      if (column && change.kind == SQL_RECREATE_COLUMN)
        change = (sql_change){.kind = SQL_ADD_COLUMN, .to = change.to};
      else if (check || column)
        continue;
      step->changes[kept++] = change;
    }
    bool emptied = step->change_count && kept == 0;
    step->change_count = kept;
    if (!emptied) continue;
    memmove(step, step + 1, (d->steps.len - i - 1) * sizeof *step);
    d->steps.len--;
    i--;
  }
}

/* Checks and generated columns of a table. */
static void free_of_clauses(differ *d, const table_pair *pair, const sql_enum *e)
{
  diff_changes drops = {0};
  for (size_t i = 0; i < pair->from->check_count; i++)
    if (sql_stands_on(d, pair->from, pair->from->checks[i].expression, e))
      vec_push(d->mem, &drops, ((sql_change){.kind = SQL_DROP_CHECK, .check = &pair->from->checks[i]}));
  for (size_t i = 0; i < pair->from->column_count; i++)
    if (sql_stands_on(d, pair->from, pair->from->columns[i].generated, e))
      vec_push(d->mem, &drops, ((sql_change){.kind = SQL_DROP_COLUMN, .from = &pair->from->columns[i]}));
  if (drops.len == 0) return;
  for (size_t i = 0; i < drops.len; i++) leave_rest(d, pair->from, &drops.items[i]);
  sql_step *step = diff_step(d, SQL_ALTER_TABLE, pair->from_at, 0, 0);
  step->from_table = pair->from;
  step->to_table = pair->to ? pair->to : pair->from;
  step->changes = drops.items;
  step->change_count = drops.len;
  step->makes_way = true;
}

/* What happens to the key so far; NULL: nothing. */
static sql_step *step_of_key(differ *d, const sql_foreign_key *key)
{
  for (size_t i = 0; i < d->steps.len; i++)
    if (d->steps.items[i].from_key == key) return &d->steps.items[i];
  return NULL;
}

/* The key that stands afterwards; only the schema's own names of things are new. */
static void add_again(differ *d, const table_pair *pair, const sql_foreign_key *from,
                      const sql_foreign_key *to, str name)
{
  sql_foreign_key *key = arena_new(d->mem, sql_foreign_key);
  *key = *to;
  key->name = name;
  key->deferrable = from->deferrable;
  sql_step *step = diff_step(d, SQL_ADD_FOREIGN_KEY, pair->to_at, (size_t)(to - pair->to->foreign_keys), 0);
  step->to_table = pair->to;
  step->to_key = key;
}

/* PostgreSQL changes the type of no column below a foreign key: both ends would have to change at once. */
static void free_of_key(differ *d, const table_pair *pair, const sql_foreign_key *key)
{
  sql_step *step = step_of_key(d, key);
  if (step && step->kind == SQL_DROP_FOREIGN_KEY) {
    step->makes_way = true;
    return;
  }
  const sql_foreign_key *to = pair->to ? diff_same_foreign_key(d, pair, key) : NULL;
  if (!to) return;
  add_again(d, pair, key, to, step ? to->name : key->name);
  step = step_of_key(d, key); /* adding one may have moved it */
  if (!step)
    step = diff_step(d, SQL_DROP_FOREIGN_KEY, pair->from_at, (size_t)(key - pair->from->foreign_keys), 0);
  step->kind = SQL_DROP_FOREIGN_KEY;
  step->from_table = pair->from;
  step->to_table = pair->to;
  step->from_key = key;
  step->to_key = NULL;
  step->makes_way = true;
}

static void make_way(differ *d, const sql_enum *e)
{
  for (size_t i = 0; i < d->from->table_count; i++) {
    const sql_table *from = &d->from->tables[i], *to = diff_counterpart(d, from, true);
    table_pair pair = {.from = from, .to = to, .from_at = i, .to_at = to ? (size_t)(to - d->to->tables) : 0};
    for (size_t j = 0; j < from->foreign_key_count; j++)
      if (key_stands_on(d, from, &from->foreign_keys[j], e)) free_of_key(d, &pair, &from->foreign_keys[j]);
    if (d->prisma_only) continue;
    for (size_t j = 0; j < from->index_count; j++)
      if (index_stands_on(d, from, &from->indexes[j], e)) free_of_index(d, &pair, &from->indexes[j]);
    free_of_clauses(d, &pair, e);
  }
}

/* ---- all of them ---- */

/* Whether those that both have stand in another order. */
static bool reorders(const sql_enum *from, const sql_enum *to)
{
  size_t at = 0;
  for (size_t i = 0; i < to->value_count; i++) {
    if (!has_value(from, to->values[i])) continue;
    while (at < from->value_count && !has_value(to, from->values[at])) at++;
    if (!str_eq(from->values[at++], to->values[i])) return true;
  }
  return false;
}

/* `with` is `to` with the comment that is meant. */
static void comment_on(differ *d, const sql_enum *to, const sql_enum *with)
{
  size_t at = d->to->table_count + (size_t)(to - d->to->enums); /* behind those of tables */
  diff_step(d, SQL_COMMENT_ON, at, 0, 0)->to_enum = with;
}

/* A type that is made anew has none, so that one of a hand's is written again. */
static void diff_comment(differ *d, const sql_enum *from, const sql_enum *to, bool anew)
{
  bool stays = !to->comment.len && !diff_may_drop(d, claim_enum_comment(d->mem, from));
  str wanted = stays ? from->comment : to->comment;
  if (d->prisma_only || str_eq(wanted, anew ? STR_NONE : from->comment)) return;
  sql_enum *with = arena_new(d->mem, sql_enum);
  *with = *to;
  with->comment = wanted;
  comment_on(d, to, with);
}

static void create_enum(differ *d, const sql_enum *to)
{
  diff_step(d, SQL_CREATE_ENUM, (size_t)(to - d->to->enums), 0, 0)->to_enum = to;
  if (to->comment.len && !d->prisma_only) comment_on(d, to, to);
}

/* Made anew: a value goes, or a new one is needed at once; on the way back also for the order. */
static bool is_rewritten(const differ *d, const sql_enum *from, const sql_enum *to)
{
  if (lacks_some(to, from)) return true;
  return (lacks_some(from, to) && new_value_is_used(d, from, to)) ||
         (d->reverts && lacks_some(from, to) && reorders(from, to));
}

bool diff_retypes(const differ *d, const sql_column *from)
{
  if (from->type.kind != SQL_TYPE_ENUM) return false;
  for (size_t i = 0; i < d->from->enum_count; i++) {
    if (!is_of(d, from, &d->from->enums[i])) continue;
    const sql_enum *to = counterpart(d, &d->from->enums[i], true);
    return to && is_rewritten(d, &d->from->enums[i], to);
  }
  return false;
}

void diff_enums(differ *d)
{
  for (size_t i = 0; i < d->to->enum_count; i++)
    if (!counterpart(d, &d->to->enums[i], false)) create_enum(d, &d->to->enums[i]);
  for (size_t i = 0; i < d->from->enum_count; i++) {
    const sql_enum *from = &d->from->enums[i], *to = counterpart(d, from, true);
    if (!to) {
      diff_step(d, SQL_DROP_ENUM, i, 0, 0)->from_enum = from;
      continue;
    }
    bool anew = is_rewritten(d, from, to);
    diff_comment(d, from, to, anew);
    if (!lacks_some(from, to) && !lacks_some(to, from)) continue;
    sql_step *step = diff_step(d, SQL_ALTER_ENUM, i, 0, 0);
    step->from_enum = from;
    step->to_enum = to;
    step->rewrite = anew;
    if (anew) make_way(d, from);
  }
}
