/* Differences of enums: values are added in place; where one goes the type is made anew. */
#include "sql/claim.h"
#include "sql/diff.h"

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

static bool backfill_says(const sql_column *column, const sql_enum *from, const sql_enum *to)
{
  for (size_t i = 0; i < to->value_count; i++)
    if (!has_value(from, to->values[i]) && sc_str_find(column->backfill, to->values[i]) != SIZE_MAX)
      return true;
  return false;
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
      if (uses && (default_says(column, from) || backfill_says(column, from, to))) return true;
    }
  return false;
}

/* ---- foreign keys of its columns ---- */

bool diff_key_stands_on(const differ *d, const sql_table *table, const sql_foreign_key *key,
                        const sql_enum *e)
{
  for (size_t i = 0; i < key->column_count; i++) {
    const sql_column *column = sql_table_column(table, key->columns[i]);
    if (column && column->type.kind == SQL_TYPE_ENUM && str_eq(column->type.name, e->name) &&
        sql_namespace_same(d->from, column->type.schema, d->from, e->schema))
      return true;
  }
  return false;
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
  if (step && step->kind == SQL_DROP_FOREIGN_KEY) return;
  const sql_foreign_key *to = diff_same_foreign_key(d, pair, key);
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
}

static void free_of_keys(differ *d, const sql_enum *e)
{
  for (size_t i = 0; i < d->from->table_count; i++) {
    const sql_table *from = &d->from->tables[i], *to = diff_counterpart(d, from, true);
    if (!to) continue; /* its keys go with it */
    table_pair pair = {.from = from, .to = to, .from_at = i, .to_at = (size_t)(to - d->to->tables)};
    for (size_t j = 0; j < from->foreign_key_count; j++)
      if (diff_key_stands_on(d, from, &from->foreign_keys[j], e))
        free_of_key(d, &pair, &from->foreign_keys[j]);
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
    bool added = lacks_some(from, to), dropped = lacks_some(to, from);
    bool anew = dropped || (added && (new_value_is_used(d, from, to) || (d->reverts && reorders(from, to))));
    diff_comment(d, from, to, anew);
    if (!added && !dropped) continue;
    sql_step *step = diff_step(d, SQL_ALTER_ENUM, i, 0, 0);
    step->from_enum = from;
    step->to_enum = to;
    step->rewrite = anew;
    if (step->rewrite) free_of_keys(d, from);
  }
}
