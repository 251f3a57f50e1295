/* Renames.
 *
 * What a schema says a thing was called before becomes a rename, and the rest of the differ compares with a
 * copy of `from` in which the renames are done, so that whatever hangs on the name (indexes, keys, other
 * tables' foreign keys) is found in its place. A rename is done where the old name stands and the new one is
 * free: one that was done before is none, and a chain (b becomes c, a becomes b) is done from its end. */
#include "sql/claim.h"
#include "sql/diff.h"
#include "sql/render.h"
#include "sql/respell.h"

typedef struct renamer renamer;
struct renamer {
  differ *d;
  arena *mem;
  sql_schema *copy;
  sql_renames wanted, done;
};

/* ---- what the schema asks for ---- */

static void want(renamer *r, sql_rename_kind kind, str schema, str object, str from, str to)
{
  if (from.len && !str_eq(from, to))
    vec_push(r->mem, &r->wanted, (sql_rename){kind, schema, object, from, to});
}

static void want_of_enum(renamer *r, const sql_enum *e)
{
  want(r, SQL_RENAMED_ENUM, e->schema, e->name, e->renamed_from, e->name);
  for (size_t i = 0; e->values_before && i < e->value_count; i++)
    want(r, SQL_RENAMED_VALUE, e->schema, e->name, e->values_before[i], e->values[i]);
}

static void want_of_table(renamer *r, const sql_table *table)
{
  want(r, SQL_RENAMED_TABLE, table->schema, table->name, table->renamed_from, table->name);
  for (size_t i = 0; i < table->column_count; i++)
    want(r, SQL_RENAMED_COLUMN, table->schema, table->name, table->columns[i].renamed_from,
         table->columns[i].name);
}

static void collect(renamer *r, const sql_renames *more)
{
  const sql_schema *to = r->d->to;
  for (size_t i = 0; i < to->enum_count; i++) want_of_enum(r, &to->enums[i]);
  for (size_t i = 0; i < to->table_count; i++) want_of_table(r, &to->tables[i]);
  for (size_t i = 0; more && i < more->len; i++) vec_push(r->mem, &r->wanted, more->items[i]);
}

static bool some_table_swaps(const sql_schema *to)
{
  for (size_t i = 0; i < to->table_count; i++)
    if (to->tables[i].swapped) return true;
  return false;
}

/* ---- a copy whose names may be changed ---- */

static void *duplicate(arena *mem, const void *items, size_t count, size_t size)
{
  void *copy = sc_arena_array(mem, count, size);
  if (count) memcpy(copy, items, count * size);
  return copy;
}

#define DUPLICATE(mem, items, count) duplicate((mem), (items), (count), sizeof *(items))

static sql_index copy_index(arena *mem, const sql_index *from)
{
  sql_index index = *from;
  index.keys = DUPLICATE(mem, from->keys, from->key_count);
  index.include = DUPLICATE(mem, from->include, from->include_count);
  return index;
}

static void copy_table(arena *mem, sql_table *table)
{
  table->renamed_from = STR_NONE;
  table->columns = DUPLICATE(mem, table->columns, table->column_count);
  for (size_t i = 0; i < table->column_count; i++) table->columns[i].renamed_from = STR_NONE;
  table->indexes = DUPLICATE(mem, table->indexes, table->index_count);
  table->foreign_keys = DUPLICATE(mem, table->foreign_keys, table->foreign_key_count);
  table->checks = DUPLICATE(mem, table->checks, table->check_count);
  for (size_t i = 0; i < table->index_count; i++) table->indexes[i] = copy_index(mem, &table->indexes[i]);
  for (size_t i = 0; i < table->foreign_key_count; i++) {
    sql_foreign_key *key = &table->foreign_keys[i];
    key->columns = DUPLICATE(mem, key->columns, key->column_count);
    key->references = DUPLICATE(mem, key->references, key->column_count);
  }
  if (!table->primary_key) return;
  sql_index *key = arena_new(mem, sql_index);
  *key = copy_index(mem, table->primary_key);
  table->primary_key = key;
}

static sql_schema *copy_schema(arena *mem, const sql_schema *from)
{
  sql_schema *copy = DUPLICATE(mem, from, 1);
  copy->tables = DUPLICATE(mem, from->tables, from->table_count);
  copy->enums = DUPLICATE(mem, from->enums, from->enum_count);
  for (size_t i = 0; i < copy->table_count; i++) copy_table(mem, &copy->tables[i]);
  for (size_t i = 0; i < copy->enum_count; i++)
    copy->enums[i].values = DUPLICATE(mem, copy->enums[i].values, copy->enums[i].value_count);
  return copy;
}

/* ---- finding in the copy ---- */

static bool here(const renamer *r, str in_copy, str in_to)
{
  return sql_namespace_same(r->copy, in_copy, r->d->to, in_to);
}

static sql_table *find_table(const renamer *r, str schema, str name)
{
  for (size_t i = 0; i < r->copy->table_count; i++)
    if (str_eq(r->copy->tables[i].name, name) && here(r, r->copy->tables[i].schema, schema))
      return &r->copy->tables[i];
  return NULL;
}

static sql_enum *find_enum(const renamer *r, str schema, str name)
{
  for (size_t i = 0; i < r->copy->enum_count; i++)
    if (str_eq(r->copy->enums[i].name, name) && here(r, r->copy->enums[i].schema, schema))
      return &r->copy->enums[i];
  return NULL;
}

static size_t find_name(const str *names, size_t count, str name)
{
  size_t i = 0;
  while (i < count && !str_eq(names[i], name)) i++;
  return i;
}

static sql_column *find_column(sql_table *table, str name)
{
  for (size_t i = 0; i < table->column_count; i++)
    if (str_eq(table->columns[i].name, name)) return &table->columns[i];
  return NULL;
}

static bool possible(const renamer *r, const sql_rename *rename)
{
  switch (rename->kind) {
  case SQL_RENAMED_ENUM:
    return find_enum(r, rename->schema, rename->from) && !find_enum(r, rename->schema, rename->to);
  case SQL_RENAMED_TABLE:
    return find_table(r, rename->schema, rename->from) && !find_table(r, rename->schema, rename->to);
  case SQL_RENAMED_VALUE: {
    const sql_enum *e = find_enum(r, rename->schema, rename->object);
    return e && find_name(e->values, e->value_count, rename->from) < e->value_count &&
           find_name(e->values, e->value_count, rename->to) == e->value_count;
  }
  case SQL_RENAMED_COLUMN: {
    sql_table *table = find_table(r, rename->schema, rename->object);
    return table && find_column(table, rename->from) && !find_column(table, rename->to);
  }
  }
  return false;
}

/* ---- SQL that mentions the name ---- */

static void respell(const renamer *r, const respelling *change, str *sql)
{
  if (sql->len) *sql = sql_respell(r->mem, *sql, change);
}

static void respell_table(const renamer *r, const respelling *change, sql_table *table)
{
  for (size_t i = 0; i < table->column_count; i++) {
    respell(r, change, &table->columns[i].generated);
    respell(r, change, &table->columns[i].generated_raw);
    respell(r, change, &table->columns[i].default_.raw);
  }
  for (size_t i = 0; i < table->check_count; i++) {
    respell(r, change, &table->checks[i].expression);
    respell(r, change, &table->checks[i].raw);
  }
  for (size_t i = 0; i < table->index_count; i++) {
    sql_index *index = &table->indexes[i];
    respell(r, change, &index->where);
    respell(r, change, &index->where_raw);
    for (size_t j = 0; j < index->key_count; j++) {
      respell(r, change, &index->keys[j].expression);
      respell(r, change, &index->keys[j].raw);
    }
  }
}

/* ---- doing it ---- */

static void rename_names(str *names, size_t count, str from, str to)
{
  for (size_t i = 0; i < count; i++)
    if (str_eq(names[i], from)) names[i] = to;
}

static void rename_keys(sql_index *index, str from, str to)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (str_eq(index->keys[i].column, from)) index->keys[i].column = to;
  rename_names(index->include, index->include_count, from, to);
}

static void rename_column(const renamer *r, sql_table *table, str from, str to)
{
  sql_column *column = find_column(table, from);
  if (!column->renamed_from.len) column->renamed_from = from;
  column->name = to;
  for (size_t i = 0; i < table->index_count; i++) rename_keys(&table->indexes[i], from, to);
  if (table->primary_key) {
    sql_index *key = DUPLICATE(r->mem, table->primary_key, 1);
    rename_keys(key, from, to);
    table->primary_key = key;
  }
  for (size_t i = 0; i < table->foreign_key_count; i++)
    rename_names(table->foreign_keys[i].columns, table->foreign_keys[i].column_count, from, to);
  for (size_t i = 0; i < r->copy->table_count; i++)
    for (size_t j = 0; j < r->copy->tables[i].foreign_key_count; j++) {
      sql_foreign_key *key = &r->copy->tables[i].foreign_keys[j];
      if (str_eq(key->table, table->name) && sql_namespace_same(r->copy, key->schema, r->copy, table->schema))
        rename_names(key->references, key->column_count, from, to);
    }
  respell_table(r, &(respelling){RESPELL_COLUMN, from, to, r->copy->inspected}, table);
}

static void rename_table(const renamer *r, sql_table *table, str to)
{
  for (size_t i = 0; i < r->copy->table_count; i++)
    for (size_t j = 0; j < r->copy->tables[i].foreign_key_count; j++) {
      sql_foreign_key *key = &r->copy->tables[i].foreign_keys[j];
      if (str_eq(key->table, table->name) && sql_namespace_same(r->copy, key->schema, r->copy, table->schema))
        key->table = to;
    }
  if (!table->renamed_from.len) table->renamed_from = table->name;
  table->name = to;
}

static bool has_type(const renamer *r, const sql_column *column, const sql_enum *e)
{
  return column->type.kind == SQL_TYPE_ENUM && str_eq(column->type.name, e->name) &&
         sql_namespace_same(r->copy, column->type.schema, r->copy, e->schema);
}

static void rename_enum(const renamer *r, sql_enum *e, str to)
{
  respelling change = {RESPELL_TYPE, e->name, to, r->copy->inspected};
  for (size_t i = 0; i < r->copy->table_count; i++) {
    bool used = false;
    for (size_t j = 0; j < r->copy->tables[i].column_count; j++) {
      sql_column *column = &r->copy->tables[i].columns[j];
      if (!has_type(r, column, e)) continue;
      column->type.name = to;
      used = true;
    }
    if (used) respell_table(r, &change, &r->copy->tables[i]);
  }
  e->name = to;
}

static void rename_default(const renamer *r, sql_default *value, str from, str to)
{
  if (value->kind == SQL_DEFAULT_LITERAL && str_eq(value->text, from)) value->text = to;
  if (value->kind != SQL_DEFAULT_LIST) return;
  value->items = DUPLICATE(r->mem, value->items, value->len);
  rename_names(value->items, value->len, from, to);
}

static void rename_value(const renamer *r, sql_enum *e, str from, str to)
{
  respelling change = {RESPELL_LITERAL, from, to, r->copy->inspected};
  rename_names(e->values, e->value_count, from, to);
  for (size_t i = 0; i < r->copy->table_count; i++) {
    bool used = false;
    for (size_t j = 0; j < r->copy->tables[i].column_count; j++) {
      sql_column *column = &r->copy->tables[i].columns[j];
      if (!has_type(r, column, e)) continue;
      rename_default(r, &column->default_, from, to);
      used = true;
    }
    if (used) respell_table(r, &change, &r->copy->tables[i]);
  }
}

static void apply(renamer *r, const sql_rename *rename)
{
  static const sql_step_kind kinds[] = {
      [SQL_RENAMED_ENUM] = SQL_RENAME_ENUM,
      [SQL_RENAMED_VALUE] = SQL_RENAME_ENUM_VALUE,
      [SQL_RENAMED_TABLE] = SQL_RENAME_TABLE,
      [SQL_RENAMED_COLUMN] = SQL_RENAME_COLUMN,
  };
  sql_step *step = diff_step(r->d, kinds[rename->kind], r->done.len, 0, 0);
  step->name = rename->from;
  step->new_name = rename->to;
  switch (rename->kind) {
  case SQL_RENAMED_ENUM: rename_enum(r, find_enum(r, rename->schema, rename->from), rename->to); break;
  case SQL_RENAMED_TABLE: rename_table(r, find_table(r, rename->schema, rename->from), rename->to); break;
  case SQL_RENAMED_VALUE:
    step->from_enum = find_enum(r, rename->schema, rename->object);
    rename_value(r, find_enum(r, rename->schema, rename->object), rename->from, rename->to);
    break;
  case SQL_RENAMED_COLUMN:
    rename_column(r, find_table(r, rename->schema, rename->object), rename->from, rename->to);
    break;
  }
  if (rename->kind == SQL_RENAMED_ENUM) step->from_enum = find_enum(r, rename->schema, rename->to);
  if (rename->kind == SQL_RENAMED_TABLE) step->from_table = find_table(r, rename->schema, rename->to);
  if (rename->kind == SQL_RENAMED_COLUMN) step->from_table = find_table(r, rename->schema, rename->object);
  vec_push(r->mem, &r->done, *rename);
}

/* All that are possible, each once, until none is: what one does may make way for another. */
static void apply_kind(renamer *r, sql_rename_kind kind)
{
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < r->wanted.len; i++) {
      sql_rename *rename = &r->wanted.items[i];
      if (rename->kind != kind || rename->from.len == 0 || !possible(r, rename)) continue;
      apply(r, rename);
      rename->from = STR_NONE; /* once */
      more = true;
    }
  }
}

/* ---- implicit many-to-many relations ---- */

static const sql_foreign_key *key_on(const sql_table *table, str column)
{
  for (size_t i = 0; i < table->foreign_key_count; i++)
    if (table->foreign_keys[i].column_count == 1 && str_eq(table->foreign_keys[i].columns[0], column))
      return &table->foreign_keys[i];
  return NULL;
}

static bool same_target(const renamer *r, const sql_foreign_key *in_copy, const sql_foreign_key *in_to)
{
  return str_eq(in_copy->table, in_to->table) && here(r, in_copy->schema, in_to->schema);
}

/* "A" belongs to the model whose name sorts first. When the new names sort the other way round the columns
 * change places: told by the foreign keys, or without them by the table's own rename. */
static bool is_swapped(const renamer *r, const sql_table *from, const sql_table *to)
{
  const sql_foreign_key *from_a = key_on(from, STR("A")), *from_b = key_on(from, STR("B"));
  const sql_foreign_key *to_a = key_on(to, STR("A")), *to_b = key_on(to, STR("B"));
  if (!from_a || !from_b || !to_a || !to_b) return from->renamed_from.len > 0;
  return same_target(r, from_a, to_b) && same_target(r, from_b, to_a) && !same_target(r, from_a, to_a);
}

static void swap_columns(renamer *r)
{
  for (size_t i = 0; i < r->d->to->table_count; i++) {
    const sql_table *to = &r->d->to->tables[i];
    sql_table *from = to->swapped ? find_table(r, to->schema, to->name) : NULL;
    if (!from || !find_column(from, STR("A")) || !find_column(from, STR("B")) || !is_swapped(r, from, to))
      continue;
    sql_rename moves[] = {
        {SQL_RENAMED_COLUMN, to->schema, to->name, STR("A"), STR("A_B")},
        {SQL_RENAMED_COLUMN, to->schema, to->name, STR("B"), STR("A")},
        {SQL_RENAMED_COLUMN, to->schema, to->name, STR("A_B"), STR("B")},
    };
    for (size_t j = 0; j < 3; j++) apply(r, &moves[j]);
  }
}

/* ---- sequences ---- */

/* The sequence of an autoincrementing column follows, where it is called as PostgreSQL called it. */
static void rename_sequence(renamer *r, sql_table *table, sql_column *column)
{
  if (!table->renamed_from.len && !column->renamed_from.len) return;
  str before = render_serial_sequence(r->mem, table->renamed_from.len ? table->renamed_from : table->name,
                                      column->renamed_from.len ? column->renamed_from : column->name);
  str now = render_serial_sequence(r->mem, table->name, column->name);
  if (column->sequence.len && !str_eq(column->sequence, before)) return;
  if (str_eq(before, now)) return;
  column->sequence = before;
  if (before.len > SQL_LONGEST_NAME || now.len > SQL_LONGEST_NAME) return;
  column->sequence = now;
  sql_step *step = diff_step(r->d, SQL_RENAME_SEQUENCE, r->done.len, r->d->steps.len, 0);
  step->from_table = table;
  step->name = before;
  step->new_name = now;
}

static void rename_sequences(renamer *r)
{
  for (size_t i = 0; i < r->copy->table_count; i++)
    for (size_t j = 0; j < r->copy->tables[i].column_count; j++)
      if (r->copy->tables[i].columns[j].default_.kind == SQL_DEFAULT_SEQUENCE)
        rename_sequence(r, &r->copy->tables[i], &r->copy->tables[i].columns[j]);
}

/* ---- claims ---- */

sql_claims sql_claims_moved(const sql_plan *plan, const sql_claims *claims, arena *mem)
{
  sql_claims moved = {0};
  if (plan->renames.len == 0 || !claims) return moved;
  sql_claims before = sql_claims_of(plan->origin, mem), after = sql_claims_of(plan->from, mem);
  for (size_t i = 0; i < before.len; i++)
    if (!str_eq(before.items[i], after.items[i]) && sql_claims_have(claims, before.items[i]))
      vec_push(mem, &moved, after.items[i]);
  return moved;
}

/* The claims of before, under the new names too. */
static const sql_claims *move_claims(const renamer *r, const sql_schema *origin)
{
  if (!r->d->claims) return NULL;
  sql_plan plan = {.origin = origin, .from = r->copy, .renames = r->done};
  sql_claims *all = arena_new(r->mem, sql_claims), moved = sql_claims_moved(&plan, r->d->claims, r->mem);
  for (size_t i = 0; i < r->d->claims->len; i++) vec_push(r->mem, all, r->d->claims->items[i]);
  for (size_t i = 0; i < moved.len; i++) vec_push(r->mem, all, moved.items[i]);
  return all;
}

sql_renames diff_renames(differ *d, const sql_renames *more)
{
  renamer r = {.d = d, .mem = d->mem};
  const sql_schema *origin = d->from;
  collect(&r, more);
  if (r.wanted.len == 0 && !some_table_swaps(d->to)) return r.done;
  r.copy = copy_schema(d->mem, origin);
  apply_kind(&r, SQL_RENAMED_ENUM);
  apply_kind(&r, SQL_RENAMED_VALUE);
  apply_kind(&r, SQL_RENAMED_TABLE);
  apply_kind(&r, SQL_RENAMED_COLUMN);
  swap_columns(&r);
  if (r.done.len == 0) return r.done;
  rename_sequences(&r);
  d->from = r.copy;
  d->claims = move_claims(&r, origin);
  return r.done;
}
