/* From the data model to what the database shall hold. */
#include "base/vec.h"
#include "dm/numbers.h"
#include "sql/quote.h"
#include "sql/sql.h"

#include <stdlib.h>

/* ---- names ---- */

static str *field_columns(arena *mem, const dm_field *const *fields, size_t count)
{
  str *columns = arena_array(mem, str, count);
  for (size_t i = 0; i < count; i++) columns[i] = fields[i]->db_name;
  return columns;
}

/* `name` cut so that the suffix fits behind it. */
static str with_suffix(arena *mem, str name, str suffix)
{
  name.len = sc_str_utf8_floor(name, SQL_LONGEST_NAME - suffix.len);
  return sc_str_format(mem, "%.*s%.*s", STR_ARG(name), STR_ARG(suffix));
}

static int by_name(const void *a, const void *b)
{
  return sc_str_cmp(*(const str *)a, *(const str *)b);
}

/* ---- defaults ---- */

/* 2020-01-01T00:00:00.5Z becomes 2020-01-01 00:00:00.500 +00:00: fractions have 3, 6 or 9 digits. */
static str time_text(arena *mem, str rfc)
{
  size_t digits = 0;
  for (size_t i = 20;
       rfc.len > 20 && rfc.ptr[19] == '.' && i < rfc.len && rfc.ptr[i] >= '0' && rfc.ptr[i] <= '9'; i++)
    digits++;
  if (rfc.len < 20) return rfc;
  size_t zone_at = digits ? 20 + digits : 19;
  str zone = str_slice(rfc, zone_at, rfc.len);
  if (zone.len == 1) zone = STR("+00:00");

  size_t kept = digits;
  while (kept && rfc.ptr[20 + kept - 1] == '0') kept--;
  buf out = {.mem = mem};
  buf_add(&out, str_slice(rfc, 0, 10));
  buf_char(&out, ' ');
  buf_add(&out, str_slice(rfc, 11, 19));
  if (kept) {
    buf_char(&out, '.');
    buf_add(&out, str_slice(rfc, 20, 20 + kept));
    sc_buf_fill(&out, '0', (3 - kept % 3) % 3);
  }
  buf_char(&out, ' ');
  buf_add(&out, zone);
  return buf_str(&out);
}

static int base64_digit(char c)
{
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The bytes of a base64 text as PostgreSQL writes them in hexadecimal: \x68656c6c6f. */
static str bytes_text(arena *mem, str base64)
{
  buf out = {.mem = mem};
  BUF_LIT(&out, "\\x");
  unsigned held = 0, bits = 0;
  for (size_t i = 0; i < base64.len && base64_digit(base64.ptr[i]) >= 0; i++) {
    held = (held << 6 | (unsigned)base64_digit(base64.ptr[i])) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    sc_buf_format(&out, "%02x", held >> bits & 0xff);
  }
  return buf_str(&out);
}

static str value_text(arena *mem, const dm_field *field, const dm_value *value)
{
  if (value->kind == DM_VALUE_ENUM) return value->enum_value->db_name;
  if (field->type == DM_TYPE_SCALAR && field->scalar == DM_DATETIME) return time_text(mem, value->text);
  if (field->type == DM_TYPE_SCALAR && field->scalar == DM_BYTES) return bytes_text(mem, value->text);
  bool decimal = field->type == DM_TYPE_SCALAR && field->scalar == DM_DECIMAL; /* which may be said in a string */
  return decimal || value->kind == DM_VALUE_NUMBER ? dm_number_plain(mem, value->text) : value->text;
}

static sql_default lower_value(arena *mem, const dm_field *field)
{
  const dm_value *value = &field->default_->value;
  if (value->kind != DM_VALUE_LIST)
    return (sql_default){.kind = SQL_DEFAULT_LITERAL, .text = value_text(mem, field, value)};
  sql_default list = {
      .kind = SQL_DEFAULT_LIST, .items = arena_array(mem, str, value->len), .len = value->len};
  for (size_t i = 0; i < value->len; i++) list.items[i] = value_text(mem, field, &value->items[i]);
  return list;
}

static sql_default lower_default(arena *mem, const dm_field *field)
{
  switch (field->default_->kind) {
  case DM_DEFAULT_VALUE: return lower_value(mem, field);
  case DM_DEFAULT_AUTOINCREMENT: return (sql_default){.kind = SQL_DEFAULT_SEQUENCE};
  case DM_DEFAULT_NOW: return (sql_default){.kind = SQL_DEFAULT_NOW};
  case DM_DEFAULT_DBGENERATED:
    if (field->default_->sql.len == 0) return (sql_default){.kind = SQL_DEFAULT_NONE, .unsaid = true};
    return (sql_default){.kind = SQL_DEFAULT_EXPRESSION, .text = field->default_->sql};
  case DM_DEFAULT_NONE:
  case DM_DEFAULT_UUID:
  case DM_DEFAULT_CUID:
  case DM_DEFAULT_ULID:
  case DM_DEFAULT_NANOID: break;
  }
  return (sql_default){.kind = SQL_DEFAULT_NONE};
}

static bool client_makes(const dm_field *field)
{
  dm_default_kind kind = field->default_->kind;
  return kind == DM_DEFAULT_UUID || kind == DM_DEFAULT_CUID || kind == DM_DEFAULT_ULID ||
         kind == DM_DEFAULT_NANOID;
}

/* ---- columns ---- */

static sql_type lower_type(const dm_field *field)
{
  if (field->type == DM_TYPE_ENUM)
    return (sql_type){.kind = SQL_TYPE_ENUM, .schema = field->enum_->schema, .name = field->enum_->db_name};
  if (field->type == DM_TYPE_UNSUPPORTED)
    return (sql_type){.kind = SQL_TYPE_OTHER, .name = field->unsupported};
  sql_type type = {
      .kind = SQL_TYPE_NATIVE, .native = field->native.native, .arg_count = field->native.arg_count};
  for (unsigned i = 0; i < type.arg_count; i++) type.args[i] = field->native.args[i];
  return type;
}

static sql_column lower_column(arena *mem, const dm_field *field)
{
  return (sql_column){
      .name = field->db_name,
      .type = lower_type(field),
      .arity = field->arity == AST_LIST       ? SQL_LIST
               : field->arity == AST_OPTIONAL ? SQL_NULLABLE
                                              : SQL_REQUIRED,
      .default_ = lower_default(mem, field),
      .client_default = client_makes(field),
      .generated = field->extension->generated,
      .comment = field->extension->comment,
      .renamed_from = field->extension->renamed_from,
      .backfill = field->extension->backfill,
      .using_ = field->extension->using_,
  };
}

/* ---- indexes ---- */

/* One entry of where: { deletedAt: null, status: "ACTIVE", kind: { not: "x" } }. */
static void where_entry(buf *out, const dm_model *model, const ast_arg *entry)
{
  const dm_field *field = dm_model_field(model, entry->name.text);
  const ast_expr *value = entry->value;
  bool negated = false;
  if (value && value->kind == AST_OBJECT && value->args->len == 1) {
    value = value->args->items[0].value;
    negated = true;
  }
  if (!field || !value) return;
  if (out->len) BUF_LIT(out, " AND ");
  sql_ident(out, field->db_name);
  bool constant = value->kind == AST_CONSTANT;
  if (constant && str_eq(value->text, STR("null"))) {
    buf_add(out, negated ? STR(" IS NOT NULL") : STR(" IS NULL"));
    return;
  }
  buf_add(out, negated ? STR(" <> ") : STR(" = "));
  bool bare =
      value->kind == AST_NUMBER || (constant && field->type == DM_TYPE_SCALAR && field->scalar == DM_BOOLEAN);
  str text = value->text;
  for (size_t i = 0; field->type == DM_TYPE_ENUM && i < field->enum_->value_count; i++)
    if (str_eq(field->enum_->values[i].name, text)) text = field->enum_->values[i].db_name;
  if (bare)
    buf_add(out, text);
  else
    sql_literal(out, text);
}

static str lower_where(arena *mem, const dm_index *index)
{
  if (!index->where_object) return index->where;
  buf out = {.mem = mem};
  for (size_t i = 0; i < index->where_object->args->len; i++)
    where_entry(&out, index->model, &index->where_object->args->items[i]);
  return buf_str(&out);
}

/* The text that a full-text index covers; a search has to say the same for PostgreSQL to use the index. */
static str fulltext_expression(arena *mem, const dm_index *index)
{
  buf out = {.mem = mem};
  BUF_LIT(&out, "to_tsvector(");
  sql_literal(&out, index->language.len ? index->language : STR("english"));
  BUF_LIT(&out, "::regconfig, ");
  for (size_t i = 0; i < index->key_count; i++) {
    if (i) {
      BUF_LIT(&out, " || ");
      sql_literal(&out, STR(" "));
      BUF_LIT(&out, " || ");
    }
    BUF_LIT(&out, "COALESCE(");
    sql_ident(&out, index->keys[i].field->db_name);
    BUF_LIT(&out, ", ");
    sql_literal(&out, STR(""));
    buf_char(&out, ')');
  }
  buf_char(&out, ')');
  return buf_str(&out);
}

static sql_index lower_fulltext(arena *mem, const dm_index *from)
{
  sql_key *key = arena_new(mem, sql_key);
  key->expression = fulltext_expression(mem, from);
  return (sql_index){.name = from->db_name, .kind = SQL_INDEX, .method = DM_GIN, .keys = key, .key_count = 1};
}

static sql_index lower_index(arena *mem, const dm_index *from)
{
  if (from->kind == DM_FULLTEXT) return lower_fulltext(mem, from);
  sql_index index = {
      .name = from->db_name,
      .kind = from->kind == DM_PRIMARY_KEY ? SQL_PRIMARY_KEY
              : from->kind == DM_UNIQUE    ? SQL_UNIQUE
                                           : SQL_INDEX,
      .method = from->type,
      .keys = arena_array(mem, sql_key, from->key_count),
      .key_count = from->key_count,
      .constraint = from->kind == DM_UNIQUE && from->deferrable != DM_NOT_DEFERRABLE,
      .where = lower_where(mem, from),
      .include = field_columns(mem, from->include, from->include_count),
      .include_count = from->include_count,
      .nulls_not_distinct = from->nulls_not_distinct,
      .storage = from->storage,
      .deferrable = from->deferrable,
  };
  for (size_t i = 0; i < from->key_count; i++) {
    const dm_index_key *key = &from->keys[i];
    index.keys[i] = (sql_key){
        .column = key->field ? key->field->db_name : STR_NONE,
        .expression = key->sql,
        .sort = key->sort == DM_SORT_DESC ? SQL_DESC : SQL_ASC,
        .sort_said = key->sort != DM_SORT_NONE,
        .opclass = key->opclass,
    };
  }
  return index;
}

/* Prisma's order: what stands on fields, then @@index, then @@unique; our full-text indexes last. */
static void lower_indexes(arena *mem, const dm_model *model, sql_table *table)
{
  VEC(sql_index) indexes = {0};
  const dm_index_kind order[] = {DM_UNIQUE, DM_INDEX, DM_UNIQUE, DM_FULLTEXT};
  for (size_t pass = 0; pass < sizeof order / sizeof *order; pass++)
    for (size_t i = 0; i < model->index_count; i++)
      if (model->indexes[i].kind == order[pass] && (pass == 0) == model->indexes[i].on_field)
        vec_push(mem, &indexes, lower_index(mem, &model->indexes[i]));
  table->indexes = indexes.items;
  table->index_count = indexes.len;
  if (!model->primary_key) return;
  sql_index *key = arena_new(mem, sql_index);
  *key = lower_index(mem, model->primary_key);
  table->primary_key = key;
}

/* ---- foreign keys ---- */

static sql_foreign_key lower_foreign_key(arena *mem, const dm_relation *relation)
{
  return (sql_foreign_key){
      .name = relation->db_name,
      .columns = field_columns(mem, relation->fields, relation->field_count),
      .references = field_columns(mem, relation->references, relation->field_count),
      .column_count = relation->field_count,
      .schema = relation->to->schema,
      .table = relation->to->db_name,
      .on_delete = relation->on_delete,
      .on_update = relation->on_update,
      .deferrable = relation->deferrable,
  };
}

static void lower_foreign_keys(arena *mem, const dm_model *model, sql_table *table)
{
  VEC(sql_foreign_key) keys = {0};
  for (size_t i = 0; i < model->field_count; i++) {
    const dm_field *field = &model->fields[i];
    if (!dm_field_owns_key(field) || field->target->is_view) continue;
    vec_push(mem, &keys, lower_foreign_key(mem, field->relation));
  }
  table->foreign_keys = keys.items;
  table->foreign_key_count = keys.len;
}

/* ---- tables ---- */

static bool has_check(const sql_table *table, str name)
{
  for (size_t i = 0; i < table->check_count; i++)
    if (str_eq(table->checks[i].name, name)) return true;
  return false;
}

/* Named as PostgreSQL would name one that stands on a column. */
static str check_name(arena *mem, const sql_table *table, const dm_check *check)
{
  const str *column = check->field ? &check->field->db_name : NULL;
  str name = dm_default_name(mem, table->name, column, column ? 1 : 0, "_check");
  for (size_t number = 1; has_check(table, name); number++) {
    str suffix = sc_str_format(mem, "_check%zu", number);
    name = dm_default_name(mem, table->name, column, column ? 1 : 0, sc_str_c(mem, suffix));
  }
  return name;
}

/* The names of a hand's first: the others go out of their way. */
static void lower_checks(arena *mem, const dm_model *model, sql_table *table)
{
  table->checks = arena_array(mem, sql_check, model->check_count);
  table->check_count = model->check_count;
  for (size_t i = 0; i < model->check_count; i++) {
    const dm_check *check = &model->checks[i];
    table->checks[i] =
        (sql_check){.name = check->name, .unnamed = !check->name.len, .expression = check->sql};
  }
  for (size_t i = 0; i < model->check_count; i++)
    if (table->checks[i].unnamed) table->checks[i].name = check_name(mem, table, &model->checks[i]);
}

static sql_table lower_model(arena *mem, const dm_schema *schema, const dm_model *model)
{
  sql_table table = {.schema = model->schema,
                     .name = model->db_name,
                     .comment = model->comment,
                     .renamed_from = model->renamed_from};
  VEC(sql_column) columns = {0};
  for (size_t i = 0; i < model->field_count; i++)
    if (dm_field_is_column(&model->fields[i])) vec_push(mem, &columns, lower_column(mem, &model->fields[i]));
  table.columns = columns.items;
  table.column_count = columns.len;
  lower_indexes(mem, model, &table);
  if (!schema->datasource.relation_mode_prisma) lower_foreign_keys(mem, model, &table);

  lower_checks(mem, model, &table);
  return table;
}

static sql_foreign_key join_key(arena *mem, const dm_relation *relation, str column, const dm_model *model)
{
  str *columns = arena_array(mem, str, 2);
  columns[0] = column;
  columns[1] = model->primary_key->keys[0].field->db_name;
  return (sql_foreign_key){
      .name = with_suffix(mem, relation->join_table, sc_str_format(mem, "_%.*s_fkey", STR_ARG(column))),
      .columns = columns,
      .references = columns + 1,
      .column_count = 1,
      .schema = model->schema,
      .table = model->db_name,
      .on_delete = DM_CASCADE,
      .on_update = DM_CASCADE,
  };
}

static sql_key *column_keys(arena *mem, const str *columns, size_t count)
{
  sql_key *keys = arena_array(mem, sql_key, count);
  for (size_t i = 0; i < count; i++) keys[i].column = columns[i];
  return keys;
}

/* Under the models' names before, an unnamed relation has another table, and "A" may be "B". */
static void lower_join_before(arena *mem, const dm_relation *relation, sql_table *table)
{
  str first = relation->from->renamed_from, second = relation->to->renamed_from;
  if (first.len == 0) first = relation->from->name;
  if (second.len == 0) second = relation->to->name;
  table->swapped = relation->from != relation->to && sc_str_cmp(first, second) > 0;
  if (relation->named) return;
  str a = table->swapped ? second : first, b = table->swapped ? first : second;
  table->renamed_from = with_suffix(mem, sc_str_format(mem, "_%.*sTo%.*s", STR_ARG(a), STR_ARG(b)), STR(""));
}

/* The table of an implicit many-to-many relation, with columns "A" and "B". */
static sql_table lower_join(arena *mem, const dm_schema *schema, const dm_relation *relation)
{
  static const str names[2] = {STR_INIT("A"), STR_INIT("B")};
  const dm_model *models[2] = {relation->from, relation->to};
  sql_table table = {.schema = relation->join_schema, .name = relation->join_table, .column_count = 2};
  lower_join_before(mem, relation, &table);
  table.columns = arena_array(mem, sql_column, 2);
  for (size_t i = 0; i < 2; i++) {
    const dm_field *id = models[i]->primary_key->keys[0].field;
    table.columns[i] = (sql_column){.name = names[i], .type = lower_type(id), .arity = SQL_REQUIRED};
  }

  sql_index *key = arena_new(mem, sql_index);
  *key = (sql_index){.kind = SQL_PRIMARY_KEY, .keys = column_keys(mem, names, 2), .key_count = 2};
  key->name = with_suffix(mem, table.name, STR("_AB_pkey"));
  table.primary_key = key;

  table.indexes = arena_new(mem, sql_index);
  table.index_count = 1;
  *table.indexes = (sql_index){.kind = SQL_INDEX, .keys = column_keys(mem, names + 1, 1), .key_count = 1};
  table.indexes->name = with_suffix(mem, table.name, STR("_B_index"));

  if (schema->datasource.relation_mode_prisma) return table;
  table.foreign_keys = arena_array(mem, sql_foreign_key, 2);
  table.foreign_key_count = 2;
  for (size_t i = 0; i < 2; i++) table.foreign_keys[i] = join_key(mem, relation, names[i], models[i]);
  return table;
}

static void lower_tables(arena *mem, const dm_schema *model, sql_schema *out)
{
  VEC(sql_table) tables = {0};
  for (size_t i = 0; i < model->model_count; i++)
    if (!model->models[i]->is_view) vec_push(mem, &tables, lower_model(mem, model, model->models[i]));
  for (size_t i = 0; i < model->model_count; i++)
    for (size_t j = 0; j < model->models[i]->field_count; j++) {
      const dm_field *field = &model->models[i]->fields[j];
      if (field->relation && field->relation->kind == DM_MANY_TO_MANY && field->relation->from_field == field)
        vec_push(mem, &tables, lower_join(mem, model, field->relation));
    }
  out->tables = tables.items;
  out->table_count = tables.len;
}

/* ---- the rest ---- */

static void lower_enums(arena *mem, const dm_schema *model, sql_schema *out)
{
  out->enums = arena_array(mem, sql_enum, model->enum_count);
  out->enum_count = model->enum_count;
  for (size_t i = 0; i < model->enum_count; i++) {
    const dm_enum *from = model->enums[i];
    sql_enum *to = &out->enums[i];
    *to = (sql_enum){.schema = from->schema,
                     .name = from->db_name,
                     .value_count = from->value_count,
                     .comment = from->comment,
                     .renamed_from = from->renamed_from};
    to->values = arena_array(mem, str, from->value_count);
    to->values_before = arena_array(mem, str, from->value_count);
    for (size_t j = 0; j < from->value_count; j++) {
      to->values[j] = from->values[j].db_name;
      to->values_before[j] = from->values[j].renamed_from;
    }
  }
}

static int by_extension_name(const void *a, const void *b)
{
  return sc_str_cmp(((const sql_extension *)a)->name, ((const sql_extension *)b)->name);
}

static void lower_extensions(arena *mem, const dm_schema *model, sql_schema *out)
{
  out->extension_count = model->datasource.extension_count;
  out->extensions = arena_array(mem, sql_extension, out->extension_count);
  for (size_t i = 0; i < out->extension_count; i++) {
    const dm_extension *from = &model->datasource.extensions[i];
    out->extensions[i] =
        (sql_extension){.name = from->db_name, .schema = from->schema, .version = from->version};
  }
  if (out->extension_count)
    qsort(out->extensions, out->extension_count, sizeof *out->extensions, by_extension_name);
}

/* Only the schemas that something stands in: Prisma creates no others. */
static void lower_namespaces(arena *mem, const dm_schema *model, sql_schema *out)
{
  VEC(str) names = {0};
  for (size_t i = 0; i < out->table_count; i++) vec_push(mem, &names, out->tables[i].schema);
  for (size_t i = 0; i < out->enum_count; i++) vec_push(mem, &names, out->enums[i].schema);
  if (names.len) qsort(names.items, names.len, sizeof *names.items, by_name);
  size_t kept = 0;
  for (size_t i = 0; i < names.len; i++)
    if (names.items[i].len && (kept == 0 || !str_eq(names.items[i], names.items[kept - 1])))
      names.items[kept++] = names.items[i];
  out->namespaces = names.items;
  out->namespace_count = kept;
  for (size_t i = 0; i < model->datasource.schema_count; i++)
    out->lists_default |= str_eq(model->datasource.schemas[i], out->default_schema);
}

const sql_schema *sql_lower(const dm_schema *model, arena *mem)
{
  sql_schema *out = arena_new(mem, sql_schema);
  out->default_schema = STR("public");
  lower_extensions(mem, model, out);
  lower_enums(mem, model, out);
  lower_tables(mem, model, out);
  lower_namespaces(mem, model, out);
  return out;
}
