#include "dmmf/dmmf.h"

#include "dm/numbers.h"
#include "dm/opclass.h"

/* ---- JSON ---- */

/* Writes `"key": ` with the comma that the place in its object needs. */
static void key(buf *out, const char *name)
{
  if (out->len && out->ptr[out->len - 1] != '{' && out->ptr[out->len - 1] != '[') buf_char(out, ',');
  sc_buf_json(out, str_from(name));
  buf_char(out, ':');
}

/* The comma in front of the next item of a list. */
static void next(buf *out, bool first)
{
  if (!first) buf_char(out, ',');
}

static void text_or_null(buf *out, str text)
{
  if (text.len)
    sc_buf_json(out, text);
  else
    BUF_LIT(out, "null");
}

static void key_text(buf *out, const char *name, str text)
{
  key(out, name);
  sc_buf_json(out, text);
}

static void key_bool(buf *out, const char *name, bool value)
{
  key(out, name);
  buf_add(out, value ? STR("true") : STR("false"));
}

/* ---- defaults ---- */

/* The fraction of a second as Prisma prints it: nothing, or 3, 6 or 9 digits, whatever loses nothing. */
static void fraction(buf *out, str digits)
{
  if (digits.len > 9) digits.len = 9;
  while (digits.len && digits.ptr[digits.len - 1] == '0') digits.len--;
  if (!digits.len) return;
  buf_char(out, '.');
  buf_add(out, digits);
  sc_buf_fill(out, '0', (9 - digits.len) % 3);
}

/* RFC 3339 as Prisma prints it: a capital T, the shortest fraction, and an offset spelled out (Z is +00:00).
 */
static void date_time(buf *out, str text)
{
  enum { SECONDS = sizeof "2020-01-01T00:00:00" - 1 };
  buf spelled = {.mem = out->mem};
  buf_add(&spelled, str_slice(text, 0, 10));
  buf_char(&spelled, 'T');
  buf_add(&spelled, str_slice(text, 11, SECONDS));
  size_t at = SECONDS;
  if (at < text.len && text.ptr[at] == '.') {
    size_t from = ++at;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') at++;
    fraction(&spelled, str_slice(text, from, at));
  }
  str offset = str_slice(text, at, text.len);
  buf_add(&spelled, sc_str_eq_fold(offset, STR("z")) ? STR("+00:00") : offset);
  sc_buf_json(out, buf_str(&spelled));
}

static void value(buf *out, const dm_field *field, const dm_value *v)
{
  switch (v->kind) {
  case DM_VALUE_LIST:
    buf_char(out, '[');
    for (size_t i = 0; i < v->len; i++) {
      next(out, i == 0);
      value(out, field, &v->items[i]);
    }
    buf_char(out, ']');
    return;
  case DM_VALUE_ENUM: sc_buf_json(out, v->enum_value ? v->enum_value->name : v->text); return;
  case DM_VALUE_BOOLEAN: buf_add(out, v->text); return;
  case DM_VALUE_NUMBER:
  case DM_VALUE_STRING: break;
  }
  bool scalar = field->type == DM_TYPE_SCALAR;
  if (scalar && field->scalar == DM_DATETIME)
    date_time(out, v->text);
  else if (scalar && field->scalar == DM_BIGINT)
    sc_buf_json(out, dm_number_plain(out->mem, v->text)); /* a string: JSON's numbers lose digits */
  else if (scalar && (field->scalar == DM_DECIMAL || field->scalar == DM_FLOAT))
    buf_add(out, dm_number_json(out->mem, v->text));
  else if (v->kind == DM_VALUE_NUMBER)
    buf_add(out, dm_number_plain(out->mem, v->text));
  else
    sc_buf_json(out, v->text);
}

static void function(buf *out, const char *name, bool has_argument, uint32_t argument)
{
  sc_buf_format(out, "{\"name\":\"%s\",\"args\":[", name);
  if (has_argument) sc_buf_u64(out, argument);
  BUF_LIT(out, "]}");
}

static void default_(buf *out, const dm_field *field)
{
  const dm_default *d = field->default_;
  switch (d->kind) {
  case DM_DEFAULT_NONE: return;
  case DM_DEFAULT_VALUE: value(out, field, &d->value); return;
  case DM_DEFAULT_AUTOINCREMENT: function(out, "autoincrement", false, 0); return;
  case DM_DEFAULT_NOW: function(out, "now", false, 0); return;
  case DM_DEFAULT_UUID: function(out, "uuid", true, d->argument); return;
  case DM_DEFAULT_CUID: function(out, "cuid", true, d->argument); return;
  case DM_DEFAULT_ULID: function(out, "ulid", false, 0); return;
  case DM_DEFAULT_NANOID: function(out, "nanoid", d->argument_written, d->argument); return;
  case DM_DEFAULT_DBGENERATED:
    BUF_LIT(out, "{\"name\":\"dbgenerated\",\"args\":[");
    if (d->sql.len) sc_buf_json(out, d->sql);
    BUF_LIT(out, "]}");
    return;
  }
}

/* ---- names in the database ---- */

/* What an @map or @@map says, even when it is the name itself or empty; the model only knows the name that
 * counts. */
static const ast_expr *mapping(const ast_attr *attr)
{
  if (!str_eq(attr->name.text, STR("map")) || !attr->args->len) return NULL;
  const ast_expr *name = attr->args->items[0].value;
  return name && name->kind == AST_STRING ? name : NULL;
}

static const ast_expr *mapped(const ast_attrs *attrs)
{
  const ast_expr *name = NULL;
  for (size_t i = 0; i < attrs->len && !name; i++) name = mapping(attrs->items[i]);
  return name;
}

static const ast_expr *mapped_block(const ast_block *block)
{
  const ast_expr *name = NULL;
  for (size_t i = 0; i < block->items.len && !name; i++)
    if (block->items.items[i]->kind == AST_BLOCK_ATTR) name = mapping(block->items.items[i]->as.attr);
  return name;
}

static void db_name(buf *out, const ast_expr *name)
{
  key(out, "dbName");
  if (name)
    sc_buf_json(out, name->text);
  else
    BUF_LIT(out, "null");
}

/* ---- fields ---- */

static bool visible(const dm_field *field)
{
  return !field->is_ignored && field->type != DM_TYPE_UNSUPPORTED;
}

/* Prisma's tools take what stands behind /// for a comment, so the DMMF has nothing of it. */
static bool seen_by_prisma(const dm_index *index)
{
  return !index->ast->from_comment;
}

/* The only field of a unique criterion, written on the field or in the block. */
static bool alone_in(const dm_field *field, dm_index_kind kind)
{
  for (size_t i = 0; i < field->model->index_count; i++) {
    const dm_index *index = &field->model->indexes[i];
    if (index->kind == kind && index->key_count == 1 && index->keys[0].field == field &&
        seen_by_prisma(index))
      return true;
  }
  return false;
}

/* A foreign key's column is written through its relation. */
static bool in_foreign_key(const dm_field *field)
{
  for (size_t i = 0; i < field->model->field_count; i++) {
    const dm_field *other = &field->model->fields[i];
    if (other->type != DM_TYPE_RELATION || !dm_field_owns_key(other)) continue;
    for (size_t k = 0; k < other->relation->field_count; k++)
      if (other->relation->fields[k] == field) return true;
  }
  return false;
}

static const char *kind_name(const dm_field *field)
{
  return field->type == DM_TYPE_RELATION ? "object" : field->type == DM_TYPE_ENUM ? "enum" : "scalar";
}

static str type_name(const dm_field *field)
{
  if (field->type == DM_TYPE_RELATION) return field->target->name;
  if (field->type == DM_TYPE_ENUM) return field->enum_->name;
  return str_from(dm_scalar_name(field->scalar));
}

/* The arguments of a native type are printed as they are written: 007 */
static str native_argument(const dm_field *field, size_t number)
{
  for (size_t i = 0; i < field->ast->attrs.len; i++) {
    const ast_attr *attr = field->ast->attrs.items[i];
    if (attr->is_native) return attr->args->items[number].value->text;
  }
  return STR("");
}

static void native_type(buf *out, const dm_field *field)
{
  key(out, "nativeType");
  if (field->type != DM_TYPE_SCALAR || !field->native.explicit_) {
    BUF_LIT(out, "null");
    return;
  }
  sc_buf_format(out, "[\"%s\",[", dm_native_name(field->native.native));
  for (unsigned i = 0; i < field->native.arg_count; i++) {
    next(out, i == 0);
    sc_buf_json(out, native_argument(field, i));
  }
  BUF_LIT(out, "]]");
}

static void field_names(buf *out, const dm_field *const *fields, size_t count)
{
  buf_char(out, '[');
  for (size_t i = 0; i < count; i++) {
    next(out, i == 0);
    sc_buf_json(out, fields[i]->name);
  }
  buf_char(out, ']');
}

static const char *action_name(dm_action action)
{
  static const char *const names[] = {
      [DM_CASCADE] = "Cascade",  [DM_RESTRICT] = "Restrict",      [DM_NO_ACTION] = "NoAction",
      [DM_SET_NULL] = "SetNull", [DM_SET_DEFAULT] = "SetDefault",
  };
  return names[action];
}

static void relation(buf *out, const dm_field *field)
{
  const dm_relation *r = field->relation;
  bool owns = dm_field_owns_key(field);
  key_text(out, "relationName", r->name);
  key(out, "relationFromFields");
  field_names(out, r->fields, owns ? r->field_count : 0);
  key(out, "relationToFields");
  field_names(out, r->references, owns ? r->field_count : 0);
  if (owns && r->on_delete_written) key_text(out, "relationOnDelete", str_from(action_name(r->on_delete)));
  if (owns && r->on_update_written) key_text(out, "relationOnUpdate", str_from(action_name(r->on_update)));
}

static void field_object(buf *out, const dm_field *field)
{
  bool relates = field->type == DM_TYPE_RELATION;
  buf_char(out, '{');
  key_text(out, "name", field->name);
  const ast_expr *name = mapped(&field->ast->attrs);
  if (name) db_name(out, name);
  key_text(out, "kind", str_from(kind_name(field)));
  key_bool(out, "isList", field->arity == AST_LIST);
  key_bool(out, "isRequired", field->arity != AST_OPTIONAL);
  key_bool(out, "isUnique", !alone_in(field, DM_PRIMARY_KEY) && alone_in(field, DM_UNIQUE));
  key_bool(out, "isId", alone_in(field, DM_PRIMARY_KEY));
  key_bool(out, "isReadOnly", in_foreign_key(field));
  key_bool(out, "hasDefaultValue", field->default_->kind != DM_DEFAULT_NONE);
  key_text(out, "type", type_name(field));
  native_type(out, field);
  if (field->default_->kind != DM_DEFAULT_NONE) {
    key(out, "default");
    default_(out, field);
  }
  if (relates) relation(out, field);
  key_bool(out, "isGenerated", false);
  key_bool(out, "isUpdatedAt", field->is_updated_at);
  if (field->documentation.ptr) key_text(out, "documentation", field->documentation);
  buf_char(out, '}');
}

/* ---- keys and indexes ---- */

static void key_fields(buf *out, const dm_index *index)
{
  buf_char(out, '[');
  for (size_t i = 0; i < index->key_count; i++) {
    next(out, i == 0);
    sc_buf_json(out, index->keys[i].field ? index->keys[i].field->name : index->keys[i].sql);
  }
  buf_char(out, ']');
}

/* A @@id or @@unique: {name, fields} with the name only where one was written. */
static void criterion(buf *out, const dm_index *index)
{
  buf_char(out, '{');
  key(out, "name");
  text_or_null(out, index->client_named ? index->client_name : STR_NONE);
  key(out, "fields");
  key_fields(out, index);
  buf_char(out, '}');
}

static void unique_criteria(buf *out, const dm_model *model)
{
  for (int named = 0; named < 2; named++) {
    key(out, named ? "uniqueIndexes" : "uniqueFields");
    buf_char(out, '[');
    bool first = true;
    for (size_t i = 0; i < model->index_count; i++) {
      const dm_index *index = &model->indexes[i];
      if (index->kind != DM_UNIQUE || index->on_field || !seen_by_prisma(index)) continue;
      next(out, first);
      first = false;
      if (named)
        criterion(out, index);
      else
        key_fields(out, index);
    }
    buf_char(out, ']');
  }
}

static void index_key(buf *out, const dm_index_key *k)
{
  buf_char(out, '{');
  key_text(out, "name", k->field ? k->field->name : k->sql);
  if (k->sort != DM_SORT_NONE) key_text(out, "sortOrder", k->sort == DM_SORT_DESC ? STR("desc") : STR("asc"));
  if (k->opclass.len)
    key_text(out, "operatorClass", k->opclass_ast.len ? dm_opclass_shown(k->opclass_ast) : k->opclass);
  buf_char(out, '}');
}

static void index_object(buf *out, const dm_index *index)
{
  static const char *const kinds[] = {
      [DM_PRIMARY_KEY] = "id", [DM_UNIQUE] = "unique", [DM_INDEX] = "normal", [DM_FULLTEXT] = "fulltext"};
  static const char *const types[] = {[DM_BTREE] = "BTree", [DM_HASH] = "Hash",     [DM_GIN] = "Gin",
                                      [DM_GIST] = "Gist",   [DM_SPGIST] = "SpGist", [DM_BRIN] = "Brin"};
  buf_char(out, '{');
  key_text(out, "model", index->model->name);
  key_text(out, "type", str_from(kinds[index->kind]));
  key_bool(out, "isDefinedOnField", index->on_field);
  if (index->client_named) key_text(out, "name", index->client_name);
  if (index->db_named) key_text(out, "dbName", index->db_name);
  if (index->type_written) key_text(out, "algorithm", str_from(types[index->type]));
  key(out, "fields");
  buf_char(out, '[');
  for (size_t i = 0; i < index->key_count; i++) {
    next(out, i == 0);
    index_key(out, &index->keys[i]);
  }
  BUF_LIT(out, "]}");
}

/* Prisma lists the primary key, then what stands on fields, then @@index, then @@unique. */
static int rank(const dm_index *index)
{
  if (index->kind == DM_PRIMARY_KEY) return 0;
  if (index->on_field) return 1;
  return index->kind == DM_INDEX ? 2 : 3;
}

static void indexes_of(buf *out, const dm_model *model, bool *first)
{
  for (int wanted = 0; wanted < 4; wanted++)
    for (size_t i = 0; i < model->index_count; i++) {
      const dm_index *index = &model->indexes[i];
      if (rank(index) != wanted || index->kind == DM_FULLTEXT || !seen_by_prisma(index)) continue;
      next(out, *first);
      *first = false;
      index_object(out, index);
    }
}

/* ---- models and enums ---- */

static void model_object(buf *out, const dm_model *model, bool *first_model)
{
  next(out, *first_model);
  *first_model = false;
  buf_char(out, '{');
  key_text(out, "name", model->name);
  db_name(out, mapped_block(model->ast));
  key(out, "schema");
  text_or_null(out, model->schema);
  key(out, "fields");
  buf_char(out, '[');
  bool first = true;
  for (size_t i = 0; i < model->field_count; i++) {
    if (!visible(&model->fields[i])) continue;
    next(out, first);
    first = false;
    field_object(out, &model->fields[i]);
  }
  buf_char(out, ']');
  key(out, "primaryKey");
  if (model->primary_key && !model->primary_key->on_field)
    criterion(out, model->primary_key);
  else
    BUF_LIT(out, "null");
  unique_criteria(out, model);
  key_bool(out, "isGenerated", false);
  if (model->documentation.ptr) key_text(out, "documentation", model->documentation);
  buf_char(out, '}');
}

static void enum_object(buf *out, const dm_enum *type)
{
  buf_char(out, '{');
  key_text(out, "name", type->name);
  key(out, "values");
  buf_char(out, '[');
  for (size_t i = 0; i < type->value_count; i++) {
    const dm_enum_value *v = &type->values[i];
    next(out, i == 0);
    buf_char(out, '{');
    key_text(out, "name", v->name);
    db_name(out, mapped(&v->ast->attrs));
    if (v->documentation.ptr) key_text(out, "documentation", v->documentation);
    buf_char(out, '}');
  }
  buf_char(out, ']');
  db_name(out, mapped_block(type->ast));
  if (type->documentation.ptr) key_text(out, "documentation", type->documentation);
  buf_char(out, '}');
}

/* Models come before views, whatever their order in the schema; ignored ones do not come. */
static void each_model(const dm_schema *schema, buf *out, void (*write)(buf *, const dm_model *, bool *))
{
  bool first = true;
  for (int views = 0; views < 2; views++)
    for (size_t i = 0; i < schema->model_count; i++) {
      const dm_model *model = schema->models[i];
      if (!model->is_ignored && model->is_view == (views == 1)) write(out, model, &first);
    }
}

void dmmf_write(const dm_schema *schema, buf *out)
{
  BUF_LIT(out, "{\"enums\":[");
  for (size_t i = 0; i < schema->enum_count; i++) {
    next(out, i == 0);
    enum_object(out, schema->enums[i]);
  }
  BUF_LIT(out, "],\"models\":[");
  each_model(schema, out, model_object);
  BUF_LIT(out, "],\"types\":[],\"indexes\":[");
  each_model(schema, out, indexes_of);
  BUF_LIT(out, "]}\n");
}
