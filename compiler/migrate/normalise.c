#include "migrate/normalise.h"

#include "base/vec.h"
#include "migrate/inspect.h"
#include "sql/quote.h"

#define SCRATCH "_schemac_scratch"

/* ---- what has to be asked ---- */

static bool index_has_sql(const sql_index *index)
{
  if (index->where.len) return true;
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].column.len == 0) return true;
  return false;
}

static bool column_has_sql(const sql_column *column)
{
  return column->generated.len || column->default_.kind == SQL_DEFAULT_EXPRESSION;
}

static bool table_has_sql(const sql_table *table)
{
  if (table->check_count) return true;
  for (size_t i = 0; i < table->index_count; i++)
    if (index_has_sql(&table->indexes[i])) return true;
  for (size_t i = 0; i < table->column_count; i++)
    if (column_has_sql(&table->columns[i])) return true;
  return false;
}

/* A table that stands, and that a step changes. */
static bool plan_alters(const sql_plan *plan, const sql_table *table)
{
  bool altered = false;
  for (size_t i = 0; i < plan->len; i++) {
    if (plan->steps[i].to_table != table) continue;
    if (plan->steps[i].kind == SQL_CREATE_TABLE) return false;
    altered = true;
  }
  return altered;
}

static bool in_question(const sql_table *table, const sql_plan *plan)
{
  return table_has_sql(table) && (!plan || plan_alters(plan, table));
}

/* ---- a copy that stands alone in the scratch schema ---- */

/* Names are numbers there, so that two of one table never meet. */
static str numbered(arena *mem, char kind, size_t number)
{
  return sc_str_format(mem, "%c%06zu", kind, number);
}

static void bare_columns(arena *mem, const sql_table *from, sql_table *to)
{
  to->columns = arena_array(mem, sql_column, from->column_count);
  for (size_t i = 0; i < from->column_count; i++) {
    sql_column column = from->columns[i];
    column.type.schema = STR_NONE;
    if (column.default_.kind != SQL_DEFAULT_EXPRESSION) column.default_ = (sql_default){0};
    column.comment = STR_NONE;
    to->columns[i] = column;
  }
}

static sql_table bare_table(arena *mem, const sql_table *from)
{
  sql_table table = {
      .name = from->name, .column_count = from->column_count, .check_count = from->check_count};
  bare_columns(mem, from, &table);
  table.checks = arena_array(mem, sql_check, from->check_count);
  for (size_t i = 0; i < from->check_count; i++)
    table.checks[i] = (sql_check){.name = numbered(mem, 'c', i), .expression = from->checks[i].expression};
  table.indexes = arena_array(mem, sql_index, from->index_count);
  for (size_t i = 0; i < from->index_count; i++) {
    if (!index_has_sql(&from->indexes[i])) continue;
    sql_index index = from->indexes[i];
    index.kind = SQL_INDEX;
    index.deferrable = DM_NOT_DEFERRABLE;
    index.name = sc_str_format(mem, "i%06zu_%.*s", i,
                               STR_ARG(str_slice(from->name, 0, sc_str_utf8_floor(from->name, 50))));
    table.indexes[table.index_count++] = index;
  }
  return table;
}

static const sql_schema *scratch_schema(arena *mem, const sql_schema *wanted, const sql_plan *plan)
{
  sql_schema *scratch = arena_new(mem, sql_schema);
  VEC(sql_table) tables = {0};
  for (size_t i = 0; i < wanted->table_count; i++)
    if (in_question(&wanted->tables[i], plan)) vec_push(mem, &tables, bare_table(mem, &wanted->tables[i]));
  if (tables.len == 0) return NULL;
  *scratch = (sql_schema){.default_schema = STR(SCRATCH), .tables = tables.items, .table_count = tables.len};
  scratch->extensions = wanted->extensions;
  scratch->extension_count = wanted->extension_count;
  scratch->enum_count = wanted->enum_count;
  scratch->enums = arena_array(mem, sql_enum, wanted->enum_count);
  for (size_t i = 0; i < wanted->enum_count; i++) {
    scratch->enums[i] = wanted->enums[i];
    scratch->enums[i].schema = STR_NONE;
  }
  return scratch;
}

/* ---- asking ---- */

/* The scratch schema with what all its tables may need: extensions and enums that the history does not have
 * yet. */
static sc_status prepare(sc_db *tx, connection *db, const sql_schema *wanted, const sql_schema *scratch)
{
  buf script = {.mem = db->mem};
  sql_schema types = *scratch;
  types.table_count = 0;
  BUF_LIT(&script, "CREATE SCHEMA " SCRATCH ";\nSET LOCAL search_path = " SCRATCH ", ");
  sql_ident(&script, db->place.schema);
  for (size_t i = 0; i < wanted->namespace_count; i++) {
    BUF_LIT(&script, ", ");
    sql_ident(&script, wanted->namespaces[i]);
  }
  BUF_LIT(&script, ";\n");
  sql_render(sql_diff(NULL, &types, NULL, db->mem), &script);
  return sc_script(tx, sc_buf_c(&script), NULL);
}

/* In a savepoint, so that what fails leaves the rest standing. */
static sc_status create_tables(sc_db *tx, arena *mem, const sql_schema *scratch, size_t first, size_t count)
{
  sc_db *savepoint;
  buf script = {.mem = mem};
  sql_schema some = {
      .default_schema = scratch->default_schema, .tables = scratch->tables + first, .table_count = count};
  sql_render(sql_diff(NULL, &some, NULL, mem), &script);
  sc_status status = sc_begin(tx, NULL, &savepoint);
  if (status != SC_OK) return status;
  status = sc_script(savepoint, sc_buf_c(&script), NULL);
  if (status == SC_OK) return sc_commit(savepoint);
  sc_rollback(savepoint);
  return status;
}

/* The server names a type in full unless it is in the search path, which has only what the inspected
 * database's has: not the types of the scratch schema, whose name respell_types then replaces. */
static sc_status look_as_usual(sc_db *tx, connection *db)
{
  buf sql = {.mem = db->mem};
  BUF_LIT(&sql, "SET LOCAL search_path = ");
  sql_ident(&sql, db->place.schema);
  return sc_script(tx, sc_buf_c(&sql), NULL);
}

/* Prisma says a generated column as a default, which no server takes. */
static void forget_defaults(arena *mem, sql_table *table)
{
  sql_column *columns = arena_array(mem, sql_column, table->column_count);
  for (size_t i = 0; i < table->column_count; i++) {
    columns[i] = table->columns[i];
    columns[i].default_ = (sql_default){0};
  }
  table->columns = columns;
}

static sc_status ask(sc_db *tx, connection *db, const sql_schema *wanted, const sql_schema *scratch,
                     const sql_schema **out)
{
  static const str name = STR_INIT(SCRATCH);
  sc_status status = prepare(tx, db, wanted, scratch);
  if (status != SC_OK) return status;
  /* All at once; where one is in the way, one by one without it, or it without its defaults. */
  if (create_tables(tx, db->mem, scratch, 0, scratch->table_count) != SC_OK)
    for (size_t i = 0; i < scratch->table_count; i++) {
      if (create_tables(tx, db->mem, scratch, i, 1) == SC_OK) continue;
      forget_defaults(db->mem, &scratch->tables[i]);
      create_tables(tx, db->mem, scratch, i, 1);
    }
  inspect_options options = {.schemas = &name, .schema_count = 1};
  status = look_as_usual(tx, db);
  return status != SC_OK ? status : sql_inspect(tx, &options, db->mem, out);
}

/* ---- taking over the answers ---- */

typedef struct takeover takeover;
struct takeover {
  arena *mem;
  const sql_schema *wanted;
  str current;
};

/* Whether the text begins with the name and not with a longer one. */
static bool is_named(str text, str name)
{
  if (!str_starts(text, name)) return false;
  char next = text.len > name.len ? text.ptr[name.len] : ' ';
  return !(next == '_' || next == '$' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') ||
           (next & 0x80));
}

/* The schema of a type, as the server names it where it stands; empty where it does not. */
static str real_schema(const takeover *t, str type)
{
  for (size_t i = 0; i < t->wanted->enum_count; i++) {
    const sql_enum *e = &t->wanted->enums[i];
    buf plain = {.mem = t->mem};
    sql_ident_plain(&plain, e->name);
    if (is_named(type, buf_str(&plain))) return str_eq(e->schema, t->current) ? STR_NONE : e->schema;
  }
  return STR_NONE;
}

static str respell_types(const takeover *t, str sql)
{
  static const str scratch = STR_INIT(SCRATCH ".");
  buf out = {.mem = t->mem};
  for (size_t at; (at = sc_str_find(sql, scratch)) != SIZE_MAX;
       sql = str_slice(sql, at + scratch.len, sql.len)) {
    buf_add(&out, str_slice(sql, 0, at));
    str schema = real_schema(t, str_slice(sql, at + scratch.len, sql.len));
    if (schema.len) {
      sql_ident_plain(&out, schema);
      buf_char(&out, '.');
    }
  }
  buf_add(&out, sql);
  return buf_str(&out);
}

static const sql_check *find_check(const sql_table *table, str name)
{
  for (size_t i = 0; i < table->check_count; i++)
    if (str_eq(table->checks[i].name, name)) return &table->checks[i];
  return NULL;
}

static const sql_index *find_index(const sql_table *table, str prefix)
{
  for (size_t i = 0; i < table->index_count; i++)
    if (str_starts(table->indexes[i].name, prefix)) return &table->indexes[i];
  return NULL;
}

static void take_index(const takeover *t, sql_index *index, const sql_index *answer)
{
  index->where_raw = respell_types(t, answer->where);
  sql_key *keys = arena_array(t->mem, sql_key, index->key_count);
  for (size_t i = 0; i < index->key_count; i++) {
    keys[i] = index->keys[i];
    if (i < answer->key_count) keys[i].raw = respell_types(t, answer->keys[i].expression);
  }
  index->keys = keys;
}

static void take_table(const takeover *t, sql_table *table, const sql_table *answer)
{
  arena *mem = t->mem;
  sql_check *checks = arena_array(mem, sql_check, table->check_count);
  for (size_t i = 0; i < table->check_count; i++) {
    const sql_check *found = find_check(answer, numbered(mem, 'c', i));
    checks[i] = table->checks[i];
    if (found) checks[i].raw = respell_types(t, found->expression);
  }
  table->checks = checks;

  sql_index *indexes = arena_array(mem, sql_index, table->index_count);
  for (size_t i = 0; i < table->index_count; i++) {
    const sql_index *found = find_index(answer, numbered(mem, 'i', i));
    indexes[i] = table->indexes[i];
    if (found) take_index(t, &indexes[i], found);
  }
  table->indexes = indexes;

  sql_column *columns = arena_array(mem, sql_column, table->column_count);
  for (size_t i = 0; i < table->column_count; i++) {
    const sql_column *found = sql_table_column(answer, table->columns[i].name);
    columns[i] = table->columns[i];
    if (!found || !column_has_sql(&columns[i])) continue;
    columns[i].generated_raw = respell_types(t, found->generated);
    columns[i].default_.raw = respell_types(t, found->default_.raw);
  }
  table->columns = columns;
}

const sql_schema *normalise_schema(connection *db, const sql_schema *wanted, const sql_plan *plan)
{
  const sql_schema *scratch = scratch_schema(db->mem, wanted, plan), *answer = NULL;
  sc_db *tx;
  if (!scratch || sc_begin(db->session, &(sc_tx_options){.timeout_ms = -1}, &tx) != SC_OK) return wanted;
  sc_status status = ask(tx, db, wanted, scratch, &answer);
  sc_rollback(tx);
  if (status != SC_OK) return wanted;

  takeover t = {.mem = db->mem, .wanted = wanted, .current = db->place.schema};
  sql_schema *out = arena_new(db->mem, sql_schema);
  *out = *wanted;
  out->tables = arena_array(db->mem, sql_table, wanted->table_count);
  for (size_t i = 0; i < wanted->table_count; i++) {
    out->tables[i] = wanted->tables[i];
    const sql_table *found = sql_schema_table(answer, STR_NONE, wanted->tables[i].name);
    if (found && in_question(&wanted->tables[i], plan)) take_table(&t, &out->tables[i], found);
  }
  return out;
}
