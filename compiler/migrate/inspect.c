#include "migrate/inspect.h"

#include "base/vec.h"
#include "migrate/catalog.h"
#include "sql/quote.h"

typedef struct inspector inspector;
struct inspector {
  sc_db *db;
  arena *mem;
  const inspect_options *options;
  const char **schemas;
  sql_schema *out;
};

static sc_status run(const inspector *in, const char *query, sc_rows *rows)
{
  return sc_query(in->db, in->mem, rows, query, SC_ARGS(SC_TEXTS(in->schemas, in->options->schema_count)));
}

/* ---- cells ---- */

static str cell(const sc_rows *rows, size_t row, size_t column)
{
  const sc_cell *found = &rows->cells[row * rows->column_count + column];
  return found->text ? (str){found->text, found->len} : STR_NONE;
}

static bool yes(const sc_rows *rows, size_t row, size_t column)
{
  return str_eq(cell(rows, row, column), STR("t"));
}

static int64_t whole(const sc_rows *rows, size_t row, size_t column)
{
  int64_t value = 0;
  sc_rows_int(rows, row, column, &value);
  return value;
}

static sql_table *table_of(const inspector *in, const sc_rows *rows, size_t row)
{
  return &in->out->tables[whole(rows, row, 0)];
}

/* How the model names a schema: the only one not at all. */
static str schema_name(const inspector *in, str name)
{
  return !in->options->qualified && str_eq(name, in->options->schemas[0]) ? STR_NONE : name;
}

/* ---- tables and columns ---- */

static sc_status read_tables(inspector *in, const char *query, sql_table **tables, size_t *count)
{
  sc_rows rows;
  sc_status status = run(in, query, &rows);
  if (status != SC_OK) return status;
  *tables = arena_array(in->mem, sql_table, rows.len);
  *count = rows.len;
  for (size_t i = 0; i < rows.len; i++)
    (*tables)[i] = (sql_table){.schema = schema_name(in, cell(&rows, i, 1)),
                               .name = cell(&rows, i, 2),
                               .comment = cell(&rows, i, 3)};
  return SC_OK;
}

static sc_status inspect_tables(inspector *in)
{
  return read_tables(in, catalog_tables, &in->out->tables, &in->out->table_count);
}

typedef enum typmod { TYPMOD_NONE, TYPMOD_PLAIN, TYPMOD_TIME, TYPMOD_LENGTH, TYPMOD_DECIMAL } typmod;

static void read_typmod(typmod kind, int64_t value, sql_type *out)
{
  if (value < 0 || kind == TYPMOD_NONE) return;
  int64_t bare = kind == TYPMOD_PLAIN || kind == TYPMOD_TIME ? value : value - 4; /* VARHDRSZ */
  out->arg_count = kind == TYPMOD_DECIMAL ? 2 : 1;
  out->args[0] = (uint32_t)(kind == TYPMOD_DECIMAL ? bare >> 16 & 0xffff : bare);
  out->args[1] = kind == TYPMOD_DECIMAL ? (uint32_t)(bare & 0x7ff) : 0;
}

static sql_type read_type(const inspector *in, const sc_rows *rows, size_t row)
{
  static const struct {
    str name;
    dm_native native;
    typmod typmod;
  } types[] = {
#define CATALOG_TYPE(name, native, typmod) {STR_INIT(name), DM_NATIVE_##native, TYPMOD_##typmod},
#include "migrate/catalog_type.def"
#undef CATALOG_TYPE
  };
  str name = cell(rows, row, 2), schema = cell(rows, row, 3);
  if (str_eq(cell(rows, row, 4), STR("e")))
    return (sql_type){.kind = SQL_TYPE_ENUM, .schema = schema_name(in, schema), .name = name};
  bool known = str_eq(schema, STR("pg_catalog")) || str_eq(name, STR("citext"));
  for (size_t i = 0; known && i < sizeof types / sizeof *types; i++)
    if (str_eq(types[i].name, name)) {
      sql_type type = {.kind = SQL_TYPE_NATIVE, .native = types[i].native};
      int64_t value = whole(rows, row, 6);
      bool list = yes(rows, row, 5);
      type.unsaid = value < 0 && types[i].typmod == TYPMOD_TIME && !list;
      if (type.unsaid) value = 6; /* microseconds */
      read_typmod(types[i].typmod, value, &type);
      return type;
    }
  return (sql_type){.kind = SQL_TYPE_OTHER, .name = cell(rows, row, 12)};
}

/* The sequence in nextval('public."A_id_seq"'::regclass), which the column need not own. */
static str drawn_sequence(arena *mem, str expression)
{
  str name, inner;
  size_t open = sc_str_find_char(expression, '(');
  if (open == SIZE_MAX || !sql_unquote(mem, str_slice(expression, open + 1, expression.len), &name))
    return STR_NONE;
  size_t dot = sc_str_find_char(name, '.');
  if (dot != SIZE_MAX) name = str_slice(name, dot + 1, name.len);
  return sql_unquote(mem, name, &inner) ? inner : name;
}

static void read_default(const inspector *in, const sc_rows *rows, size_t row, sql_column *column)
{
  str expression = cell(rows, row, 10);
  column->identity = yes(rows, row, 8);
  if (yes(rows, row, 9))
    column->generated = expression;
  else if (column->identity)
    column->default_ = (sql_default){.kind = SQL_DEFAULT_SEQUENCE};
  else if (expression.len)
    column->default_ = sql_default_parse(in->mem, expression, &column->type, column->arity);
  if (column->default_.kind != SQL_DEFAULT_SEQUENCE) return;
  column->sequence = cell(rows, row, 13);
  if (column->sequence.len == 0) column->sequence = drawn_sequence(in->mem, expression);
}

static sql_column read_column(const inspector *in, const sc_rows *rows, size_t row)
{
  sql_column column = {
      .name = cell(rows, row, 1), .type = read_type(in, rows, row), .comment = cell(rows, row, 11)};
  column.arity = yes(rows, row, 5) ? SQL_LIST : yes(rows, row, 7) ? SQL_REQUIRED : SQL_NULLABLE;
  read_default(in, rows, row, &column);
  return column;
}

/* How many rows from `row` on belong to the same table. */
static size_t rows_of_table(const sc_rows *rows, size_t row)
{
  size_t end = row;
  while (end < rows->len && str_eq(cell(rows, end, 0), cell(rows, row, 0))) end++;
  return end - row;
}

static sc_status read_columns(inspector *in, const char *query, sql_table *tables)
{
  sc_rows rows;
  sc_status status = run(in, query, &rows);
  if (status != SC_OK) return status;
  for (size_t row = 0; row < rows.len;) {
    sql_table *table = &tables[whole(&rows, row, 0)];
    size_t count = rows_of_table(&rows, row);
    table->columns = arena_array(in->mem, sql_column, count);
    while (table->column_count < count) table->columns[table->column_count++] = read_column(in, &rows, row++);
  }
  return SC_OK;
}

static sc_status inspect_columns(inspector *in)
{
  return read_columns(in, catalog_columns, in->out->tables);
}

static sc_status inspect_views(inspector *in)
{
  sc_status status = read_tables(in, catalog_views, &in->out->views, &in->out->view_count);
  return status == SC_OK && in->out->view_count ? read_columns(in, catalog_view_columns, in->out->views)
                                                : status;
}

/* ---- indexes ---- */

static dm_index_type read_method(str name)
{
  static const str names[] = {
      [DM_BTREE] = STR_INIT("btree"), [DM_HASH] = STR_INIT("hash"),     [DM_GIN] = STR_INIT("gin"),
      [DM_GIST] = STR_INIT("gist"),   [DM_SPGIST] = STR_INIT("spgist"), [DM_BRIN] = STR_INIT("brin"),
  };
  size_t i = 0;
  while (i + 1 < sizeof names / sizeof *names && !str_eq(names[i], name)) i++;
  return (dm_index_type)i;
}

static dm_deferrable read_deferrable(const sc_rows *rows, size_t row, size_t column)
{
  if (!yes(rows, row, column)) return DM_NOT_DEFERRABLE;
  return yes(rows, row, column + 1) ? DM_INITIALLY_DEFERRED : DM_INITIALLY_IMMEDIATE;
}

/* The server keeps a flag as it was written: on, true, yes, 1, f … */
static str flag_word(str text)
{
  static const str positive[] = {STR_INIT("t"), STR_INIT("y"), STR_INIT("on"), STR_INIT("1")};
  for (size_t i = 0; i < sizeof positive / sizeof *positive; i++)
    if (str_starts(text, positive[i])) return STR("true");
  return STR("false");
}

/* fillfactor=80,fastupdate=off */
static const dm_storage *read_storage(const inspector *in, str options)
{
  dm_storage *out = arena_new(in->mem, dm_storage);
  bool some = false;
  while (options.len) {
    size_t end = sc_str_find_char(options, ','), equals = sc_str_find_char(options, '=');
    if (end == SIZE_MAX) end = options.len;
    str name = str_slice(options, 0, equals < end ? equals : end);
    str value = equals < end ? str_slice(options, equals + 1, end) : STR_NONE;
    for (dm_setting i = 0; i < DM_STORAGE_COUNT; i++) {
      if (!str_eq(dm_setting_name(i), name)) continue;
      if (dm_setting_kind_of(i) == DM_SETTING_FLAG) value = flag_word(value);
      some |= out->said[i] = dm_setting_read(i, value, &out->value[i]);
    }
    options = str_slice(options, end < options.len ? end + 1 : end, options.len);
  }
  return some ? out : NULL;
}

static sql_key read_key(const sc_rows *rows, size_t row, dm_index_type method)
{
  enum { DESCENDING = 1, NULLS_FIRST = 2 }; /* INDOPTION_ bits of pg_index.h */
  int64_t option = whole(rows, row, 7);
  bool descending = option & DESCENDING, first = option & NULLS_FIRST;
  return (sql_key){
      .column = cell(rows, row, 5),
      .expression = cell(rows, row, 6),
      .sort = descending ? SQL_DESC : SQL_ASC,
      .nulls_not_default = method == DM_BTREE && descending != first,
      .opclass = cell(rows, row, 8),
      .opclass_default = yes(rows, row, 9),
  };
}

/* Reads the rows of one index, from `row` on, and says how many they were. */
static size_t read_index(const inspector *in, const sc_rows *rows, size_t row, sql_index *out)
{
  VEC(sql_key) keys = {0};
  VEC(str) include = {0};
  *out = (sql_index){
      .name = cell(rows, row, 1),
      .kind = yes(rows, row, 3)   ? SQL_PRIMARY_KEY
              : yes(rows, row, 2) ? SQL_UNIQUE
                                  : SQL_INDEX,
      .method = read_method(cell(rows, row, 4)),
      .where = cell(rows, row, 11),
      .nulls_not_distinct = yes(rows, row, 12),
      .storage = read_storage(in, cell(rows, row, 13)),
      .constraint = yes(rows, row, 14),
      .deferrable = read_deferrable(rows, row, 15),
  };
  size_t end = row;
  for (; end < rows->len && str_eq(cell(rows, end, 1), out->name) &&
         str_eq(cell(rows, end, 0), cell(rows, row, 0));
       end++) {
    if (yes(rows, end, 10))
      vec_push(in->mem, &include, cell(rows, end, 5));
    else
      vec_push(in->mem, &keys, read_key(rows, end, out->method));
  }
  out->keys = keys.items;
  out->key_count = keys.len;
  out->include = include.items;
  out->include_count = include.len;
  return end - row;
}

static sc_status inspect_indexes(inspector *in)
{
  sc_rows rows;
  sc_status status = run(in, catalog_indexes, &rows);
  if (status != SC_OK) return status;
  for (size_t row = 0; row < rows.len;) {
    sql_table *table = table_of(in, &rows, row);
    size_t end = row + rows_of_table(&rows, row);
    VEC(sql_index) indexes = {0};
    while (row < end) {
      sql_index index;
      row += read_index(in, &rows, row, &index);
      if (index.kind == SQL_PRIMARY_KEY) {
        sql_index *key = arena_new(in->mem, sql_index);
        *key = index;
        table->primary_key = key;
      } else {
        vec_push(in->mem, &indexes, index);
      }
    }
    table->indexes = indexes.items;
    table->index_count = indexes.len;
  }
  return SC_OK;
}

/* ---- constraints ---- */

static dm_action read_action(str letter)
{
  static const char letters[] = {[DM_CASCADE] = 'c',
                                 [DM_RESTRICT] = 'r',
                                 [DM_NO_ACTION] = 'a',
                                 [DM_SET_NULL] = 'n',
                                 [DM_SET_DEFAULT] = 'd'};
  for (size_t i = 0; i < sizeof letters; i++)
    if (letter.len && letters[i] == letter.ptr[0]) return (dm_action)i;
  return DM_NO_ACTION;
}

static size_t read_foreign_key(const inspector *in, const sc_rows *rows, size_t row, sql_foreign_key *out)
{
  VEC(str) columns = {0}, references = {0};
  *out = (sql_foreign_key){
      .name = cell(rows, row, 1),
      .schema = schema_name(in, cell(rows, row, 4)),
      .table = cell(rows, row, 5),
      .on_delete = read_action(cell(rows, row, 6)),
      .on_update = read_action(cell(rows, row, 7)),
      .deferrable = read_deferrable(rows, row, 8),
  };
  size_t end = row;
  for (; end < rows->len && str_eq(cell(rows, end, 1), out->name) &&
         str_eq(cell(rows, end, 0), cell(rows, row, 0));
       end++) {
    vec_push(in->mem, &columns, cell(rows, end, 2));
    vec_push(in->mem, &references, cell(rows, end, 3));
  }
  out->columns = columns.items;
  out->references = references.items;
  out->column_count = columns.len;
  return end - row;
}

static sc_status inspect_foreign_keys(inspector *in)
{
  sc_rows rows;
  sc_status status = run(in, catalog_foreign_keys, &rows);
  if (status != SC_OK) return status;
  for (size_t row = 0; row < rows.len;) {
    sql_table *table = table_of(in, &rows, row);
    size_t end = row + rows_of_table(&rows, row);
    VEC(sql_foreign_key) keys = {0};
    while (row < end) {
      sql_foreign_key key;
      row += read_foreign_key(in, &rows, row, &key);
      vec_push(in->mem, &keys, key);
    }
    table->foreign_keys = keys.items;
    table->foreign_key_count = keys.len;
  }
  return SC_OK;
}

static sc_status inspect_checks(inspector *in)
{
  sc_rows rows;
  sc_status status = run(in, catalog_checks, &rows);
  if (status != SC_OK) return status;
  for (size_t row = 0; row < rows.len;) {
    sql_table *table = table_of(in, &rows, row);
    size_t count = rows_of_table(&rows, row);
    table->checks = arena_array(in->mem, sql_check, count);
    for (; table->check_count < count; row++)
      table->checks[table->check_count++] =
          (sql_check){.name = cell(&rows, row, 1), .expression = cell(&rows, row, 2)};
  }
  return SC_OK;
}

/* ---- the rest ---- */

static sc_status inspect_enums(inspector *in)
{
  sc_rows rows;
  sc_status status = run(in, catalog_enums, &rows);
  if (status != SC_OK) return status;
  VEC(sql_enum) enums = {0};
  for (size_t row = 0; row < rows.len;) {
    sql_enum found = {.schema = schema_name(in, cell(&rows, row, 0)),
                      .name = cell(&rows, row, 1),
                      .comment = cell(&rows, row, 3)};
    str schema = cell(&rows, row, 0);
    VEC(str) values = {0};
    for (; row < rows.len && str_eq(cell(&rows, row, 1), found.name) && str_eq(cell(&rows, row, 0), schema);
         row++)
      vec_push(in->mem, &values, cell(&rows, row, 2));
    found.values = values.items;
    found.value_count = values.len;
    vec_push(in->mem, &enums, found);
  }
  in->out->enums = enums.items;
  in->out->enum_count = enums.len;
  return SC_OK;
}

static sc_status inspect_extensions(inspector *in)
{
  sc_rows rows;
  sc_status status = sc_query(in->db, in->mem, &rows, catalog_extensions, SC_NO_ARGS);
  if (status != SC_OK) return status;
  in->out->extensions = arena_array(in->mem, sql_extension, rows.len);
  in->out->extension_count = rows.len;
  for (size_t i = 0; i < rows.len; i++)
    in->out->extensions[i] = (sql_extension){.name = cell(&rows, i, 0),
                                             .schema = cell(&rows, i, 1),
                                             .version = cell(&rows, i, 2),
                                             .relocatable = yes(&rows, i, 3)};
  return SC_OK;
}

static sc_status inspect_namespaces(inspector *in)
{
  sc_rows rows;
  sc_status status = run(in, catalog_namespaces, &rows);
  if (status != SC_OK) return status;
  in->out->namespaces = arena_array(in->mem, str, rows.len);
  in->out->namespace_count = rows.len;
  for (size_t i = 0; i < rows.len; i++) in->out->namespaces[i] = cell(&rows, i, 0);
  return SC_OK;
}

static sc_status inspect_others(inspector *in)
{
  sc_rows rows;
  sc_status status = run(in, catalog_others, &rows);
  if (status != SC_OK) return status;
  in->out->others = arena_array(in->mem, sql_other, rows.len);
  in->out->other_count = rows.len;
  for (size_t i = 0; i < rows.len; i++)
    in->out->others[i] =
        (sql_other){.kind = cell(&rows, i, 0), .table = cell(&rows, i, 1), .name = cell(&rows, i, 2)};
  return SC_OK;
}

sc_status sql_inspect(sc_db *db, const inspect_options *options, arena *mem, const sql_schema **out)
{
  static sc_status (*const passes[])(inspector *) = {
      inspect_tables, inspect_columns, inspect_views,  inspect_indexes,    inspect_foreign_keys,
      inspect_checks, inspect_enums,   inspect_others, inspect_extensions, inspect_namespaces,
  };
  inspector in = {.db = db, .mem = mem, .options = options, .out = arena_new(mem, sql_schema)};
  in.out->inspected = true;
  in.out->current = options->current;
  in.out->default_schema = options->qualified ? STR("public") : options->schemas[0];
  in.schemas = arena_array(mem, const char *, options->schema_count);
  for (size_t i = 0; i < options->schema_count; i++) in.schemas[i] = sc_str_c(mem, options->schemas[i]);
  sc_status status = SC_OK;
  for (size_t i = 0; i < sizeof passes / sizeof *passes && status == SC_OK; i++) status = passes[i](&in);
  *out = in.out;
  return status;
}
