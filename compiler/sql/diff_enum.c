/* Differences of enums: values are added in place; where one goes the type is made anew. */
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

void diff_enums(differ *d)
{
  for (size_t i = 0; i < d->to->enum_count; i++)
    if (!counterpart(d, &d->to->enums[i], false))
      diff_step(d, SQL_CREATE_ENUM, i, 0, 0)->to_enum = &d->to->enums[i];
  for (size_t i = 0; i < d->from->enum_count; i++) {
    const sql_enum *from = &d->from->enums[i], *to = counterpart(d, from, true);
    if (!to) {
      diff_step(d, SQL_DROP_ENUM, i, 0, 0)->from_enum = from;
      continue;
    }
    bool added = lacks_some(from, to), dropped = lacks_some(to, from);
    if (!added && !dropped) continue;
    sql_step *step = diff_step(d, SQL_ALTER_ENUM, i, 0, 0);
    step->from_enum = from;
    step->to_enum = to;
    step->rewrite = dropped || new_value_is_used(d, from, to);
  }
}
