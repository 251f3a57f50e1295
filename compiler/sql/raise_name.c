/* Names of introspected things. */
#include "sql/raise_inside.h"

#include "syntax/word.h"

static bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

str raise_clean(arena *mem, str name)
{
  size_t start = 0;
  while (start < name.len && !is_letter(name.ptr[start])) start++;
  buf out = {.mem = mem};
  for (size_t i = start; i < name.len; i++) {
    char c = name.ptr[i];
    if (is_letter(c) || (c >= '0' && c <= '9') || c == '_')
      buf_char(&out, c);
    else if ((c & '\xc0') != '\x80')
      buf_char(&out, '_'); /* one for a character of several bytes */
  }
  return buf_str(&out);
}

static bool is_reserved(str name)
{
  static const str names[] = {
#define RESERVED(name) STR_INIT(name),
#include "dm/reserved.def"
#undef RESERVED
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_eq(names[i], name)) return true;
  return false;
}

bool raise_taken(const raise_names *names, str name)
{
  for (size_t i = 0; i < names->len; i++)
    if (str_eq(names->items[i], name)) return true;
  return false;
}

str raise_unique(arena *mem, const raise_names *names, str name)
{
  str unique = name;
  for (unsigned n = 2; raise_taken(names, unique); n++)
    unique = sc_str_format(mem, "%.*s_%u", STR_ARG(name), n);
  return unique;
}

/* Cleaned, and something where nothing is left of it. */
static str usable(arena *mem, str name, const char *what, size_t number)
{
  str clean = raise_clean(mem, name);
  return clean.len ? clean : sc_str_format(mem, "%s_%zu", what, number + 1);
}

/* ---- what the previous schema calls it ---- */

static bool old_schema_same(const raiser *r, str live, str old)
{
  return sql_namespace_same(r->live, live, r->live, old);
}

static const dm_model *old_model(const raiser *r, const sql_table *table)
{
  for (size_t i = 0; !r->forget && i < r->previous->model_count; i++) {
    const dm_model *model = r->previous->models[i];
    if (!model->is_view && str_eq(model->db_name, table->name) &&
        old_schema_same(r, table->schema, model->schema))
      return model;
  }
  return NULL;
}

static const dm_enum *old_enum(const raiser *r, const sql_enum *type)
{
  for (size_t i = 0; !r->forget && i < r->previous->enum_count; i++) {
    const dm_enum *found = r->previous->enums[i];
    if (str_eq(found->db_name, type->name) && old_schema_same(r, type->schema, found->schema)) return found;
  }
  return NULL;
}

/* ---- columns and values ---- */

static const dm_field *old_column(const dm_model *model, str column)
{
  for (size_t i = 0; model && i < model->field_count; i++)
    if (dm_field_is_column(&model->fields[i]) && str_eq(model->fields[i].db_name, column))
      return &model->fields[i];
  return NULL;
}

static void name_columns(raiser *r, raise_model *model)
{
  raise_names taken = {0};
  for (size_t i = 0; i < model->table->column_count; i++) {
    const dm_field *old = old_column(model->old, model->table->columns[i].name);
    if (old) vec_push(r->mem, &taken, old->name);
  }
  for (size_t i = 0; i < model->table->column_count; i++) {
    const sql_column *column = &model->table->columns[i];
    const dm_field *old = old_column(model->old, column->name);
    str name = old ? old->name : raise_unique(r->mem, &taken, usable(r->mem, column->name, "field", i));
    if (!old) vec_push(r->mem, &taken, name);
    vec_push(r->mem, &model->fields, name);
    if (old && !str_eq(name, column->name) && !str_eq(name, raise_clean(r->mem, column->name)))
      raise_note(
          r, SQL_NOTE_FIELD_MAPPED,
          sc_str_format(r->mem, "Model: \"%.*s\", field: \"%.*s\"", STR_ARG(model->name), STR_ARG(name)));
  }
}

static const dm_enum_value *old_value(const dm_enum *enum_, str value)
{
  for (size_t i = 0; enum_ && i < enum_->value_count; i++)
    if (str_eq(enum_->values[i].db_name, value)) return &enum_->values[i];
  return NULL;
}

static void name_values(raiser *r, raise_enum *enum_)
{
  raise_names taken = {0};
  for (size_t i = 0; i < enum_->type->value_count; i++) {
    const dm_enum_value *old = old_value(enum_->old, enum_->type->values[i]);
    if (old) vec_push(r->mem, &taken, old->name);
  }
  for (size_t i = 0; i < enum_->type->value_count; i++) {
    str value = enum_->type->values[i];
    const dm_enum_value *old = old_value(enum_->old, value);
    str clean = value.len ? usable(r->mem, value, "value", i) : STR("EMPTY_ENUM_VALUE");
    str name = old ? old->name : raise_unique(r->mem, &taken, clean);
    if (!old) vec_push(r->mem, &taken, name);
    vec_push(r->mem, &enum_->values, name);
    if (old && !str_eq(name, value) && !str_eq(name, raise_clean(r->mem, value)))
      raise_note(
          r, SQL_NOTE_VALUE_MAPPED,
          sc_str_format(r->mem, "Enum: \"%.*s\", value: \"%.*s\"", STR_ARG(enum_->name), STR_ARG(name)));
  }
}

/* ---- models and enums ---- */

/* How often a thing of another schema has this cleaned name. */
static size_t namesakes(const raiser *r, str clean)
{
  size_t count = 0;
  for (size_t i = 0; i < r->models.len; i++) count += str_eq(r->models.items[i]->clean, clean);
  for (size_t i = 0; i < r->enums.len; i++)
    count += str_eq(raise_clean(r->mem, r->enums.items[i]->type->name), clean);
  return count;
}

static str new_name(raiser *r, raise_names *taken, str schema, str clean, const char *kind)
{
  str name = is_reserved(clean) ? sc_str_format(r->mem, "Renamed%.*s", STR_ARG(clean)) : clean;
  if (namesakes(r, clean) > 1 || raise_taken(taken, name)) {
    str space = raise_clean(r->mem, schema.len ? schema : r->live->default_schema);
    name = raise_unique(r->mem, taken, sc_str_format(r->mem, "%.*s_%.*s", STR_ARG(space), STR_ARG(name)));
    raise_note(r, SQL_NOTE_RENAMED,
               sc_str_format(r->mem, "Type: \"%s\", name: \"%.*s\"", kind, STR_ARG(name)));
  }
  vec_push(r->mem, taken, name);
  return name;
}

static void name_model(raiser *r, raise_model *model, raise_names *taken)
{
  if (model->old) {
    model->name = model->old->name;
    if (!str_eq(model->name, model->table->name) && !str_eq(model->name, model->clean))
      raise_note(r, SQL_NOTE_MODEL_MAPPED, sc_str_format(r->mem, "\"%.*s\"", STR_ARG(model->name)));
    return;
  }
  if (is_reserved(model->clean)) model->reserved = model->clean;
  model->name = new_name(r, taken, model->table->schema, model->clean, model->is_view ? "view" : "model");
}

static void name_enum(raiser *r, raise_enum *enum_, raise_names *taken)
{
  str clean = usable(r->mem, enum_->type->name, "Enum", (size_t)(enum_->type - r->live->enums));
  enum_->name = enum_->old ? enum_->old->name : new_name(r, taken, enum_->type->schema, clean, "enum");
  if (enum_->old && !str_eq(enum_->name, enum_->type->name) && !str_eq(enum_->name, clean))
    raise_note(r, SQL_NOTE_ENUM_MAPPED, sc_str_format(r->mem, "\"%.*s\"", STR_ARG(enum_->name)));
}

static void collect(raiser *r, raise_names *taken)
{
  for (size_t i = 0; i < r->live->table_count; i++) {
    const sql_table *table = &r->live->tables[i];
    if (raise_is_join(r, table)) {
      vec_push(r->mem, &r->joins, table);
      continue;
    }
    raise_model *model = arena_new(r->mem, raise_model);
    *model = (raise_model){.table = table, .old = old_model(r, table)};
    model->clean = usable(r->mem, table->name, "Model", i);
    if (model->old) vec_push(r->mem, taken, model->old->name);
    vec_push(r->mem, &r->models, model);
  }
  for (size_t i = 0; i < r->live->enum_count; i++) {
    raise_enum *enum_ = arena_new(r->mem, raise_enum);
    *enum_ = (raise_enum){.type = &r->live->enums[i], .old = old_enum(r, &r->live->enums[i])};
    if (enum_->old) vec_push(r->mem, taken, enum_->old->name);
    vec_push(r->mem, &r->enums, enum_);
  }
}

static bool says_views(const dm_schema *schema)
{
  for (size_t i = 0; i < schema->generator_count; i++)
    for (size_t j = 0; j < schema->generators[i].preview_feature_count; j++)
      if (str_eq(schema->generators[i].preview_features[j], STR("views"))) return true;
  return false;
}

static bool has_view(const raiser *r, const sql_table *view)
{
  for (size_t i = 0; !r->forget && i < r->previous->model_count; i++)
    if (r->previous->models[i]->is_view && str_eq(r->previous->models[i]->db_name, view->name)) return true;
  return false;
}

static void collect_views(raiser *r)
{
  for (size_t i = 0; says_views(r->previous) && i < r->live->view_count; i++) {
    const sql_table *view = &r->live->views[i];
    if (has_view(r, view) || !view->column_count) continue;
    raise_model *model = arena_new(r->mem, raise_model);
    *model = (raise_model){.table = view, .is_view = true, .clean = usable(r->mem, view->name, "View", i)};
    vec_push(r->mem, &r->views, model);
  }
}

void raise_name_all(raiser *r)
{
  raise_names taken = {0};
  collect(r, &taken);
  for (size_t i = 0; i < r->models.len; i++) name_model(r, r->models.items[i], &taken);
  collect_views(r);
  for (size_t i = 0; i < r->views.len; i++) name_model(r, r->views.items[i], &taken);
  for (size_t i = 0; i < r->enums.len; i++) name_enum(r, r->enums.items[i], &taken);
  for (size_t i = 0; i < r->models.len; i++) name_columns(r, r->models.items[i]);
  for (size_t i = 0; i < r->views.len; i++) name_columns(r, r->views.items[i]);
  for (size_t i = 0; i < r->enums.len; i++) name_values(r, r->enums.items[i]);
}
