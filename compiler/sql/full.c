/* A schema whose names say everything. */
#include "sql/sql.h"

static str in_full(const sql_schema *schema, str namespace_)
{
  return namespace_.len ? namespace_ : schema->default_schema;
}

static sql_type full_type(const sql_schema *schema, sql_type type)
{
  if (type.kind == SQL_TYPE_ENUM) type.schema = in_full(schema, type.schema);
  return type;
}

/* Prisma reads no times out of a database, and no lists of large numbers: it repeats what the server writes. */
static bool is_repeated(const sql_column *column)
{
  sql_default_kind kind = column->default_.kind;
  if (column->type.kind != SQL_TYPE_NATIVE || !column->default_.raw.len) return false;
  dm_scalar scalar = dm_native_scalar(column->type.native);
  if (kind == SQL_DEFAULT_LIST) return scalar == DM_DATETIME || scalar == DM_BIGINT;
  return kind == SQL_DEFAULT_LITERAL && scalar == DM_DATETIME;
}

/* A new sequence is called as Prisma would call it. */
static sql_column full_column(const sql_schema *schema, const sql_column *column)
{
  sql_column out = *column;
  out.type = full_type(schema, column->type);
  out.sequence = STR_NONE;
  out.default_.repeated = is_repeated(column);
  return out;
}

static sql_index full_index(const sql_index *index, arena *mem)
{
  sql_index out = *index;
  out.keys = arena_array(mem, sql_key, index->key_count);
  for (size_t i = 0; i < index->key_count; i++) {
    out.keys[i] = index->keys[i];
    out.keys[i].sort_said |= index->method == DM_BTREE && index->kind != SQL_PRIMARY_KEY;
  }
  return out;
}

static sql_table full_table(const sql_schema *schema, const sql_table *table, arena *mem)
{
  sql_table out = *table;
  out.schema = in_full(schema, table->schema);
  out.columns = arena_array(mem, sql_column, table->column_count);
  for (size_t i = 0; i < table->column_count; i++) out.columns[i] = full_column(schema, &table->columns[i]);
  out.indexes = arena_array(mem, sql_index, table->index_count);
  for (size_t i = 0; i < table->index_count; i++) out.indexes[i] = full_index(&table->indexes[i], mem);
  out.foreign_keys = arena_array(mem, sql_foreign_key, table->foreign_key_count);
  for (size_t i = 0; i < table->foreign_key_count; i++) {
    out.foreign_keys[i] = table->foreign_keys[i];
    out.foreign_keys[i].schema = in_full(schema, table->foreign_keys[i].schema);
  }
  return out;
}

static bool is_used(const sql_schema *schema, str namespace_)
{
  for (size_t i = 0; i < schema->table_count; i++)
    if (str_eq(schema->tables[i].schema, namespace_)) return true;
  for (size_t i = 0; i < schema->enum_count; i++)
    if (str_eq(schema->enums[i].schema, namespace_)) return true;
  return false;
}

static void keep_used_namespaces(sql_schema *out, arena *mem)
{
  const str *all = out->namespaces;
  size_t count = out->namespace_count;
  out->namespaces = arena_array(mem, str, count);
  out->namespace_count = 0;
  for (size_t i = 0; i < count; i++)
    if (is_used(out, all[i])) out->namespaces[out->namespace_count++] = all[i];
  out->lists_default = true;
}

const sql_schema *sql_in_full(const sql_schema *schema, arena *mem)
{
  sql_schema *out = arena_new(mem, sql_schema);
  *out = *schema;
  out->tables = arena_array(mem, sql_table, schema->table_count);
  for (size_t i = 0; i < schema->table_count; i++)
    out->tables[i] = full_table(schema, &schema->tables[i], mem);
  out->enums = arena_array(mem, sql_enum, schema->enum_count);
  for (size_t i = 0; i < schema->enum_count; i++) {
    out->enums[i] = schema->enums[i];
    out->enums[i].schema = in_full(schema, schema->enums[i].schema);
  }
  keep_used_namespaces(out, mem);
  return out;
}
