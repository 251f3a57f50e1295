#include "cgen/unit.h"

#include "client_source_tmpl.h"

/* ---- pieces ---- */

/* Text as a C string literal. */
static str quoted(const buf *out, str text)
{
  char *bytes = sc_arena_raw(out->mem, 4 * text.len + 2);
  size_t len = 0;
  bytes[len++] = '"';
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    bool trigraph = c == '?' && i > 0 && text.ptr[i - 1] == '?';
    bool control = c < ' ' || c == 0x7f;
    if (control || c == '"' || c == '\\' || trigraph) bytes[len++] = '\\';
    if (control) {
      bytes[len++] = (char)('0' + c / 64);
      bytes[len++] = (char)('0' + c / 8 % 8);
      c = (unsigned char)('0' + c % 8);
    }
    bytes[len++] = (char)c;
  }
  bytes[len++] = '"';
  return (str){bytes, len};
}

static str number(const buf *out, size_t value)
{
  return sc_str_format(out->mem, "%zu", value);
}

/* "0, 3": the indexes of fields. */
static str indexes(const buf *out, const cg_field *const *fields, size_t count)
{
  buf list = {.mem = out->mem};
  for (size_t i = 0; i < count; i++) {
    if (i > 0) BUF_LIT(&list, ", ");
    sc_buf_u64(&list, fields[i]->index);
  }
  return buf_str(&list);
}

/* ---- enums ---- */

static void write_enum(buf *out, const cg_enum *e)
{
  tmpl_values_open(out, e->values_table);
  for (size_t i = 0; i < e->dm->value_count; i++) {
    const dm_enum_value *value = &e->dm->values[i];
    tmpl_value(out, quoted(out, value->name), quoted(out, value->db_name));
  }
  tmpl_table_close(out);
  tmpl_enum_open(out, e->table, quoted(out, e->dm->name));
  if (e->dm->schema.len > 0) tmpl_schema(out, quoted(out, e->dm->schema));
  tmpl_enum_close(out, quoted(out, e->dm->db_name), e->values_table, number(out, e->dm->value_count));
}

/* ---- fields ---- */

/* The constants of descriptor.h are named like the symbols of the data model. */
static const char *const scalar_symbols[DM_SCALAR_COUNT] = {
#define SCALAR(symbol, name, native) #symbol,
#include "dm/scalar.def"
#undef SCALAR
};

static const char *const native_symbols[DM_NATIVE_COUNT] = {
#define NATIVE(symbol, name, scalar, sql, fewest, most) #symbol,
#include "dm/native.def"
#undef NATIVE
};

static const char *maker(const dm_field *field)
{
  switch (field->default_->kind) {
  case DM_DEFAULT_UUID: return field->default_->argument == 7 ? "UUID7" : "UUID4";
  case DM_DEFAULT_CUID: return field->default_->argument == 2 ? "CUID2" : "CUID1";
  case DM_DEFAULT_ULID: return "ULID";
  case DM_DEFAULT_NANOID: return "NANOID";
  case DM_DEFAULT_NONE:
  case DM_DEFAULT_VALUE:
  case DM_DEFAULT_AUTOINCREMENT:
  case DM_DEFAULT_NOW:
  case DM_DEFAULT_DBGENERATED: break;
  }
  return NULL;
}

static void add_flag(buf *flags, bool is_set, str name)
{
  if (!is_set) return;
  if (flags->len > 0) BUF_LIT(flags, " | ");
  buf_add(flags, name);
}

static str field_flags(const buf *out, const cg_field *f)
{
  buf flags = {.mem = out->mem};
  bool database_has = f->dm->default_->kind != DM_DEFAULT_NONE && !maker(f->dm);
  add_flag(&flags, f->nullable, STR("SC_FIELD_NULLABLE"));
  add_flag(&flags, f->list, STR("SC_FIELD_LIST"));
  add_flag(&flags, database_has, STR("SC_FIELD_HAS_DEFAULT"));
  add_flag(&flags, f->dm->is_updated_at, STR("SC_FIELD_UPDATED_AT"));
  add_flag(&flags, !cg_is_written(f), STR("SC_FIELD_READ_ONLY"));
  return buf_str(&flags);
}

static void add_native(buf *row, const dm_field *field)
{
  const dm_native_type *native = &field->native;
  sc_buf_format(row, ".type = SC_TYPE_%s, .native = SC_NATIVE_%s", scalar_symbols[field->scalar],
                native_symbols[native->native]);
  if (native->arg_count == 1) sc_buf_format(row, ", .native_arg = {%u}", native->args[0]);
  if (native->arg_count == 2)
    sc_buf_format(row, ", .native_arg = {%u, %u}", native->args[0], native->args[1]);
}

/* The middle of a field's row: its type, and what is special about it. */
static str field_type(const buf *out, const cg_field *f)
{
  buf row = {.mem = out->mem};
  if (f->enum_) {
    sc_buf_format(&row, ".type = SC_TYPE_ENUM, .native = SC_NATIVE_NONE, .enum_ = &%.*s",
                  STR_ARG(f->enum_->table));
  } else {
    add_native(&row, f->dm);
  }
  str flags = field_flags(out, f);
  if (flags.len > 0) sc_buf_format(&row, ", .flags = %.*s", STR_ARG(flags));
  if (f->nullable && cg_is_written(f)) sc_buf_format(&row, ", .null_slot = %zu", f->null_slot);
  if (maker(f->dm)) sc_buf_format(&row, ", .maker = SC_MAKE_%s", maker(f->dm));
  if (f->dm->default_->kind == DM_DEFAULT_NANOID) {
    sc_buf_format(&row, ", .maker_argument = %u", f->dm->default_->argument);
  }
  return buf_str(&row);
}

static void write_fields(buf *out, const cg_model *m)
{
  const str *types = m->types;
  tmpl_fields_open(out, m->statics[CG_STATIC_FIELDS]);
  for (size_t i = 0; i < m->field_count; i++) {
    const cg_field *f = &m->fields[i];
    tmpl_field(out, quoted(out, f->dm->name), quoted(out, f->dm->db_name), field_type(out, f), m->name,
               types[CG_WHERE], f->name);
    if (m->is_writable && cg_is_written(f))
      tmpl_field_writes(out, types[CG_CREATE], types[CG_UPDATE], f->name);
    tmpl_row_close(out);
  }
  tmpl_table_close(out);
}

/* ---- relations ---- */

static str relation_kind(const cg_relation *r)
{
  if (r->by_join) return STR("SC_TO_MANY_BY_JOIN");
  if (r->list) return STR("SC_TO_MANY");
  return r->owns_key ? STR("SC_TO_ONE") : STR("SC_TO_ONE_BACK");
}

static bool holds(const cg_relation *r, const dm_field *field)
{
  for (size_t i = 0; i < r->key_count; i++)
    if (r->there[i]->dm == field) return true;
  return false;
}

/* Whether an index of the target finds records by the relation's key: it begins with its columns, in any order. */
static bool is_indexed(const cg_relation *r)
{
  const dm_model *target = r->target->dm;
  for (size_t i = 0; i < target->index_count; i++) {
    const dm_index *index = &target->indexes[i];
    bool exact = (index->type == DM_BTREE || index->type == DM_HASH) && index->kind != DM_FULLTEXT;
    bool finds = exact && index->where.len == 0 && !index->where_object && index->key_count >= r->key_count;
    for (size_t k = 0; k < r->key_count && finds; k++) finds = holds(r, index->keys[k].field);
    if (finds) return true;
  }
  return false;
}

static str relation_extra(const buf *out, const cg_relation *r)
{
  if (r->list) {
    const char *indexed = !r->by_join && is_indexed(r) ? ", .indexed = true" : "";
    return sc_str_format(out->mem, "%s, .count_slot = %zu", indexed, r->count_slot);
  }
  return r->owns_key && r->dm->arity == AST_REQUIRED ? STR(", .required = true") : STR_NONE;
}

/* The side that the data model calls `from` is in column A. */
static void write_join(buf *out, const cg_relation *r)
{
  const dm_relation *dm = r->dm->relation;
  bool is_a = dm->from_field == r->dm;
  str here = is_a ? STR("\"A\"") : STR("\"B\"");
  str there = is_a ? STR("\"B\"") : STR("\"A\"");
  str name = quoted(out, dm->join_table);
  if (dm->join_schema.len > 0)
    tmpl_relation_join_in(out, quoted(out, dm->join_schema), name, here, there);
  else
    tmpl_relation_join(out, name, here, there);
}

static void write_relations(buf *out, const cg_model *m)
{
  if (m->relation_count == 0) return;
  const str *types = m->types;
  tmpl_relations_open(out, m->statics[CG_STATIC_RELATIONS]);
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    str opposite = r->opposite ? number(out, r->opposite->index) : STR("SC_NO_RELATION");
    tmpl_relation(out, quoted(out, r->dm->name), quoted(out, r->dm->relation->name),
                  r->target->statics[CG_STATIC_MODEL], relation_kind(r), opposite, relation_extra(out, r));
    tmpl_relation_keys(out, number(out, r->key_count), indexes(out, r->here, r->key_count),
                       indexes(out, r->there, r->key_count));
    if (r->by_join) write_join(out, r);
    tmpl_relation_offsets(out, m->name, types[CG_WHERE], types[CG_ORDER_BY], types[CG_SELECT],
                          types[CG_INCLUDE], r->name);
    if (m->is_writable && r->in_create) tmpl_relation_create(out, types[CG_CREATE], r->name);
    tmpl_row_close(out);
  }
  tmpl_table_close(out);
}

/* ---- keys ---- */

static str unique_offsets(const buf *out, const cg_model *m, const cg_unique *u)
{
  buf list = {.mem = out->mem};
  str type = m->types[CG_UNIQUE];
  for (size_t i = 0; i < u->field_count; i++) {
    if (i > 0) BUF_LIT(&list, ", ");
    sc_buf_format(&list, "offsetof(%.*s, %.*s", STR_ARG(type), STR_ARG(u->name));
    if (u->field_count > 1) sc_buf_format(&list, ".%.*s", STR_ARG(u->fields[i]->name));
    buf_char(&list, ')');
  }
  return buf_str(&list);
}

static void write_keys(buf *out, const cg_model *m)
{
  if (m->unique_count > 0) tmpl_uniques_open(out, m->statics[CG_STATIC_UNIQUES]);
  for (size_t i = 0; i < m->unique_count; i++) {
    const cg_unique *u = &m->uniques[i];
    tmpl_unique(
        out, quoted(out, u->name), u->dm->kind == DM_PRIMARY_KEY ? STR(".primary = true, ") : STR_NONE,
        number(out, u->field_count), indexes(out, u->fields, u->field_count), unique_offsets(out, m, u));
  }
  if (m->unique_count > 0) tmpl_table_close(out);
  if (m->constraint_count > 0) tmpl_constraints_open(out, m->statics[CG_STATIC_CONSTRAINTS]);
  for (size_t i = 0; i < m->constraint_count; i++) {
    const cg_constraint *c = &m->constraints[i];
    tmpl_constraint(out, quoted(out, c->db_name), number(out, c->field_count),
                    indexes(out, c->fields, c->field_count));
  }
  if (m->constraint_count > 0) tmpl_table_close(out);
}

/* ---- models ---- */

/* A table with how many rows it has; left out when there are none. */
static void write_list(buf *out, const cg_model *m, const char *member, cg_static table,
                       const char *count_member, size_t count)
{
  if (count == 0) return;
  tmpl_model_list(out, str_from(member), m->statics[table], str_from(count_member), number(out, count));
}

static void write_sizes(buf *out, const cg_model *m)
{
  static const struct {
    const char *member;
    cg_type type;
  } sizes[] = {
      {"where_size", CG_WHERE},   {"unique_size", CG_UNIQUE}, {"order_by_size", CG_ORDER_BY},
      {"create_size", CG_CREATE}, {"update_size", CG_UPDATE},
  };
  tmpl_model_size(out, STR("record_size"), m->name);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    if (cg_has(m, sizes[i].type)) tmpl_model_size(out, str_from(sizes[i].member), m->types[sizes[i].type]);
  }
}

static void write_offsets(buf *out, const cg_model *m)
{
  const str *types = m->types;
  tmpl_model_offset(out, STR("loaded"), m->name, STR("_loaded"));
  if (m->many_count > 0) {
    tmpl_model_counts(out, number(out, m->many_count));
    tmpl_model_offset(out, STR("counts"), m->name, STR("_count"));
    tmpl_model_offset(out, STR("select_count"), types[CG_SELECT], STR("_count"));
    tmpl_model_offset(out, STR("include_count"), types[CG_INCLUDE], STR("_count"));
  }
  tmpl_model_offset(out, STR("where_logic"), types[CG_WHERE], STR("AND"));
  if (m->has_unique) tmpl_model_offset(out, STR("unique_logic"), types[CG_UNIQUE], STR("AND"));
  if (m->is_writable && m->nullable_count > 0) {
    tmpl_model_offset(out, STR("create_null"), types[CG_CREATE], STR("_null"));
    tmpl_model_offset(out, STR("update_null"), types[CG_UPDATE], STR("_null"));
  }
}

/* The members of each argument struct behind its first: sc_args_at. "include" is left out where there is
 * none. */
static void write_args(buf *out, const cg_model *m)
{
  static const struct {
    const char *name;
    cg_type type;
    const char *members[8][2]; /* of sc_args_at, of the struct */
  } rows[] = {
/* clang-format off */
#define SELECTION {"select", "select"}, {"omit", "omit"}, {"include", "include"}
    {"find_many", CG_FIND_MANY, {{"order_by", "order_by"}, {"take", "take"}, {"skip", "skip"}, SELECTION}},
    {"find_unique", CG_FIND_UNIQUE, {SELECTION}},
    {"read", CG_READ, {SELECTION}},
    {"create", CG_CREATE_ARGS, {SELECTION}},
    {"create_many", CG_CREATE_MANY_ARGS, {{"flag", "skip_duplicates"}}},
    {"update", CG_UPDATE_ARGS, {{"data", "data"}, SELECTION}},
    {"update_many", CG_UPDATE_MANY_ARGS, {{"data", "data"}, {"flag", "all"}}},
    {"delete_many", CG_DELETE_MANY_ARGS, {{"flag", "all"}}},
    {"count", CG_COUNT_ARGS, {{"take", "take"}, {"skip", "skip"}}},
#undef SELECTION
      /* clang-format on */
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!cg_has(m, rows[i].type)) continue;
    tmpl_args_open(out, str_from(rows[i].name));
    for (size_t k = 0; k < 8 && rows[i].members[k][0]; k++) {
      str member = str_from(rows[i].members[k][0]);
      if (m->relation_count == 0 && str_eq(member, STR("include"))) continue;
      tmpl_args_offset(out, member, m->types[rows[i].type], str_from(rows[i].members[k][1]));
    }
    tmpl_args_close(out);
  }
}

static void write_model(buf *out, const cg_model *m)
{
  tmpl_section(out, m->dm->name);
  write_fields(out, m);
  write_relations(out, m);
  write_keys(out, m);
  tmpl_model_open(out, m->statics[CG_STATIC_MODEL], quoted(out, m->dm->name));
  if (m->dm->schema.len > 0) tmpl_schema(out, quoted(out, m->dm->schema));
  tmpl_model_table(out, quoted(out, m->dm->db_name));
  write_list(out, m, "fields", CG_STATIC_FIELDS, "field_count", m->field_count);
  write_list(out, m, "relations", CG_STATIC_RELATIONS, "relation_count", m->relation_count);
  write_list(out, m, "uniques", CG_STATIC_UNIQUES, "unique_count", m->unique_count);
  write_list(out, m, "constraints", CG_STATIC_CONSTRAINTS, "constraint_count", m->constraint_count);
  if (m->dm->is_view)
    tmpl_model_flags(out, STR("SC_MODEL_VIEW"));
  else if (!m->is_creatable)
    tmpl_model_flags(out, STR("SC_MODEL_NO_CREATE"));
  write_sizes(out, m);
  write_offsets(out, m);
  write_args(out, m);
  tmpl_end(out);
}

/* ---- the client ---- */

/* Pointers to all tables of a kind; C has no empty arrays. */
static void write_pointers(buf *out, const cg_unit *unit)
{
  if (unit->model_count > 0) tmpl_models_open(out);
  for (size_t i = 0; i < unit->model_count; i++) tmpl_pointer(out, unit->models[i].statics[CG_STATIC_MODEL]);
  if (unit->model_count > 0) tmpl_table_close(out);
  if (unit->enum_count > 0) tmpl_enums_open(out);
  for (size_t i = 0; i < unit->enum_count; i++) tmpl_pointer(out, unit->enums[i].table);
  if (unit->enum_count > 0) tmpl_table_close(out);
}

static void write_client(buf *out, const cg_unit *unit)
{
  tmpl_section(out, STR("client"));
  write_pointers(out, unit);
  const dm_url *url = &unit->dm->datasource.url;
  tmpl_client_open(out, unit->client, STR(CG_ABI), quoted(out, unit->name));
  if (url->present && url->env.len > 0)
    tmpl_client_url(out, STR("url_env"), quoted(out, url->env));
  else if (url->present)
    tmpl_client_url(out, STR("url"), quoted(out, url->literal));
  if (unit->model_count > 0)
    tmpl_client_list(out, STR("models"), STR("model_count"), number(out, unit->model_count));
  if (unit->enum_count > 0)
    tmpl_client_list(out, STR("enums"), STR("enum_count"), number(out, unit->enum_count));
  tmpl_table_close(out);
  tmpl_open_function(out, unit->open_function, unit->client);
}

static void write_functions(buf *out, const cg_model *m)
{
  str model = m->statics[CG_STATIC_MODEL];
  tmpl_section(out, m->dm->name);
  for (size_t i = 0; i < CG_OPERATION_COUNT; i++) {
    const cg_operation *operation = &cg_operations[i];
    str function = m->functions[i];
    str args = m->types[operation->args];
    if (function.len == 0) continue;
    switch (operation->shape) {
    case CG_SHAPE_RECORD: tmpl_record_function(out, function, args, m->name, operation->name, model); break;
    case CG_SHAPE_LIST:
      tmpl_list_function(out, function, args, m->types[CG_LIST], operation->name, model);
      break;
    case CG_SHAPE_COUNT: tmpl_count_function(out, function, args, operation->name, model); break;
    }
  }
  if (m->constraint_count > 0)
    tmpl_constraint_function(out, m->types[CG_CONSTRAINT], m->constraint_function, model);
}

void cg_source(const cg_unit *unit, buf *out)
{
  cg_make_room(unit, 7000, 360, out);
  tmpl_top(out, unit->name);
  for (size_t i = 0; i < unit->enum_count; i++) write_enum(out, &unit->enums[i]);
  for (size_t i = 0; i < unit->model_count; i++) {
    tmpl_model_forward(out, unit->models[i].statics[CG_STATIC_MODEL]);
  }
  for (size_t i = 0; i < unit->model_count; i++) write_model(out, &unit->models[i]);
  write_client(out, unit);
  for (size_t i = 0; i < unit->enum_count; i++) {
    const cg_enum *e = &unit->enums[i];
    tmpl_section(out, e->dm->name);
    tmpl_enum_functions(out, e->name, e->table, e->name_function, e->parse_function);
  }
  for (size_t i = 0; i < unit->model_count; i++) write_functions(out, &unit->models[i]);
}
