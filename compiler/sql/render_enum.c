/* ALTER TYPE for enums. */
#include "base/vec.h"
#include "sql/quote.h"
#include "sql/render.h"

#include <stdlib.h>

/* A column of the old schema that has the type, and what the new schema has in its place. */
typedef struct enum_use enum_use;
struct enum_use {
  const sql_table *table;
  str schema; /* of the table, as the new schema calls it: Prisma drops the defaults before under the old name
               */
  const sql_column *from, *to; /* to: NULL when the column goes or is made anew */
  int rank;                    /* tables that go, columns that go, columns that stay */
  size_t table_at, to_at;
};

typedef VEC(enum_use) enum_uses;

static bool uses(const sql_schema *schema, const sql_column *column, const sql_enum *e)
{
  return column->type.kind == SQL_TYPE_ENUM && str_eq(column->type.name, e->name) &&
         sql_namespace_same(schema, column->type.schema, schema, e->schema);
}

static const sql_table *new_table(const sql_plan *plan, const sql_table *from)
{
  for (size_t i = 0; i < plan->to->table_count; i++) {
    const sql_table *to = &plan->to->tables[i];
    if (str_eq(to->name, from->name) && sql_namespace_same(plan->from, from->schema, plan->to, to->schema))
      return to;
  }
  return NULL;
}

static enum_uses find_uses(const sql_plan *plan, const sql_step *step, arena *mem)
{
  enum_uses found = {0};
  for (size_t i = 0; i < plan->from->table_count; i++) {
    const sql_table *table = &plan->from->tables[i], *now = new_table(plan, table);
    for (size_t j = 0; j < table->column_count; j++) {
      const sql_column *column = &table->columns[j];
      if (!uses(plan->from, column, step->from_enum)) continue;
      const sql_column *to = now ? sql_table_column(now, column->name) : NULL;
      enum_use use = {.table = table, .from = column, .rank = !now ? 0 : !to ? 1 : 2};
      use.schema = now ? now->schema : table->schema;
      bool same_shape = to && (to->arity == SQL_LIST) == (column->arity == SQL_LIST);
      if (same_shape && uses(plan->to, to, step->to_enum)) use.to = to;
      use.table_at = now ? (size_t)(now - plan->to->tables) : i;
      use.to_at = use.to ? (size_t)(to - now->columns) : 0;
      vec_push(mem, &found, use);
    }
  }
  return found;
}

/* Prisma drops and sets the defaults of a table by name, and alters types in the order of the schema. */
static int by_name(const void *a, const void *b)
{
  const enum_use *x = a, *y = b;
  if (x->rank != y->rank) return x->rank - y->rank;
  if (x->table != y->table) return x->table < y->table ? -1 : 1; /* both in one array */
  return sc_str_cmp(x->from->name, y->from->name);
}

static int by_schema(const void *a, const void *b)
{
  const enum_use *x = a, *y = b;
  if (x->table_at != y->table_at) return x->table_at < y->table_at ? -1 : 1;
  return x->to_at == y->to_at ? sc_str_cmp(x->from->name, y->from->name) : x->to_at < y->to_at ? -1 : 1;
}

/* From a live database Prisma names the schema of some objects even where nothing else does. */
static str named_schema(const sql_plan *plan, str schema)
{
  bool live = plan->from->inspected && str_eq(plan->from->default_schema, STR("public"));
  return schema.len == 0 && live ? plan->from->default_schema : schema;
}

static void alter_column(const enum_use *use, str schema, str clause, buf *out)
{
  BUF_LIT(out, "ALTER TABLE ");
  sql_name(out, schema, use->table->name);
  BUF_LIT(out, " ALTER COLUMN ");
  sql_ident(out, use->from->name);
  buf_char(out, ' ');
  buf_add(out, clause);
}

/* A column that is about to go becomes text: the old type must be free of users, and the new one may lack its
 * values. */
static void change_type(const enum_use *use, str schema, str name, buf *out)
{
  bool list = use->from->arity == SQL_LIST;
  alter_column(use, use->schema, STR("TYPE "), out);
  if (!use->to) {
    buf_add(out, list ? STR("TEXT[];\n") : STR("TEXT;\n"));
    return;
  }
  sql_name(out, schema, name);
  if (list) BUF_LIT(out, "[]");
  BUF_LIT(out, " USING (");
  if (use->to->using_.len) {
    buf_char(out, '(');
    buf_add(out, use->to->using_);
    buf_char(out, ')');
  } else {
    sql_ident(out, use->from->name);
  }
  BUF_LIT(out, "::text::");
  sql_name(out, schema, name);
  if (list) BUF_LIT(out, "[]");
  BUF_LIT(out, ");\n");
}

static void create_type(const sql_enum *e, str name, buf *out)
{
  BUF_LIT(out, "CREATE TYPE ");
  sql_name(out, e->schema, name);
  BUF_LIT(out, " AS ENUM (");
  for (size_t i = 0; i < e->value_count; i++) {
    if (i) BUF_LIT(out, ", ");
    sql_literal(out, e->values[i]);
  }
  BUF_LIT(out, ");\n");
}

static void rename_type(str schema, str from, str to, buf *out)
{
  BUF_LIT(out, "ALTER TYPE ");
  sql_name(out, schema, from);
  BUF_LIT(out, " RENAME TO ");
  sql_ident(out, to);
  BUF_LIT(out, ";\n");
}

static void rewrite(const sql_plan *plan, const sql_step *step, buf *out)
{
  const sql_enum *e = step->to_enum;
  str fresh = sc_str_format(out->mem, "%.*s_new", STR_ARG(e->name));
  str old = sc_str_format(out->mem, "%.*s_old", STR_ARG(e->name));
  enum_uses found = find_uses(plan, step, out->mem);

  if (!plan->one_transaction) BUF_LIT(out, "BEGIN;\n");
  create_type(e, fresh, out);
  if (found.len) qsort(found.items, found.len, sizeof *found.items, by_name);
  for (size_t i = 0; i < found.len; i++)
    if (found.items[i].from->default_.kind != SQL_DEFAULT_NONE)
      alter_column(&found.items[i], named_schema(plan, found.items[i].table->schema), STR("DROP DEFAULT;\n"),
                   out);
  if (found.len) qsort(found.items, found.len, sizeof *found.items, by_schema);
  for (size_t i = 0; i < found.len; i++) change_type(&found.items[i], e->schema, fresh, out);
  rename_type(e->schema, e->name, old, out);
  rename_type(e->schema, fresh, e->name, out);
  BUF_LIT(out, "DROP TYPE ");
  sql_name(out, named_schema(plan, step->from_enum->schema), old);
  BUF_LIT(out, ";\n");
  if (found.len) qsort(found.items, found.len, sizeof *found.items, by_name);
  for (size_t i = 0; i < found.len; i++) {
    const enum_use *use = &found.items[i];
    if (use->from->default_.kind == SQL_DEFAULT_NONE || !use->to) continue;
    sql_column again = *use->to;
    if (again.default_.unsaid) again.default_ = use->from->default_; /* it is the database's own, and stays */
    if (again.default_.kind == SQL_DEFAULT_NONE) continue;
    alter_column(use, use->schema, STR("SET DEFAULT "), out);
    render_default(&again, out);
    BUF_LIT(out, ";\n");
  }
  if (!plan->one_transaction) BUF_LIT(out, "COMMIT;\n");
}

static bool has_value(const sql_enum *e, str value)
{
  for (size_t i = 0; i < e->value_count; i++)
    if (str_eq(e->values[i], value)) return true;
  return false;
}

/* On the way back a value returns to its place: before the next that stands already. */
static void add_before(const sql_step *step, size_t at, buf *out)
{
  while (at < step->to_enum->value_count && !has_value(step->from_enum, step->to_enum->values[at])) at++;
  if (at == step->to_enum->value_count) return;
  BUF_LIT(out, " BEFORE ");
  sql_literal(out, step->to_enum->values[at]);
}

static void add_values(const sql_plan *plan, const sql_step *step, buf *out)
{
  size_t added = 0;
  for (size_t i = 0; i < step->to_enum->value_count; i++)
    if (!has_value(step->from_enum, step->to_enum->values[i])) added++;
  if (added > 1 && !plan->one_transaction)
    BUF_LIT(out, "-- This migration adds more than one value to an enum.\n"
                 "-- With PostgreSQL versions 11 and earlier, this is not possible\n"
                 "-- in a single migration. This can be worked around by creating\n"
                 "-- multiple migrations, each migration adding only one value to\n"
                 "-- the enum.\n\n\n");
  for (size_t i = 0; i < step->to_enum->value_count; i++) {
    str value = step->to_enum->values[i];
    if (has_value(step->from_enum, value)) continue;
    BUF_LIT(out, "ALTER TYPE ");
    sql_name(out, step->to_enum->schema, step->to_enum->name);
    BUF_LIT(out, " ADD VALUE ");
    sql_literal(out, value);
    if (plan->one_transaction) add_before(step, i, out);
    BUF_LIT(out, ";\n");
  }
}

void render_alter_enum(const sql_plan *plan, const sql_step *step, buf *out)
{
  if (step->rewrite)
    rewrite(plan, step, out);
  else
    add_values(plan, step, out);
}
