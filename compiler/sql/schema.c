/* Finding things in an SQL schema. */
#include "sql/sql.h"

bool sql_namespace_same(const sql_schema *a_schema, str a, const sql_schema *b_schema, str b)
{
  if (a.len == 0 && b.len == 0) return true;
  return str_eq(a.len ? a : a_schema->default_schema, b.len ? b : b_schema->default_schema);
}

const sql_table *sql_schema_table(const sql_schema *schema, str namespace_, str name)
{
  for (size_t i = 0; i < schema->table_count; i++) {
    const sql_table *table = &schema->tables[i];
    if (str_eq(table->name, name) && sql_namespace_same(schema, table->schema, schema, namespace_))
      return table;
  }
  return NULL;
}

const sql_enum *sql_schema_enum(const sql_schema *schema, str namespace_, str name)
{
  for (size_t i = 0; i < schema->enum_count; i++) {
    const sql_enum *e = &schema->enums[i];
    if (str_eq(e->name, name) && sql_namespace_same(schema, e->schema, schema, namespace_)) return e;
  }
  return NULL;
}

const sql_column *sql_table_column(const sql_table *table, str name)
{
  for (size_t i = 0; i < table->column_count; i++)
    if (str_eq(table->columns[i].name, name)) return &table->columns[i];
  return NULL;
}
