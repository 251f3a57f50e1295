#include "cgen/members.h"

const cg_operation cg_operations[CG_OPERATION_COUNT] = {
#define TYPE(symbol, suffix, when)
#define OPERATION(name, shape, args, when) [CG_OP_##name] = {STR_INIT(#name), CG_SHAPE_##shape, CG_##args},
#define STATIC(symbol, suffix)
#include "cgen/names.def"
#undef TYPE
#undef OPERATION
#undef STATIC
};

/* ---- options ---- */

static const dm_generator *own_generator(const dm_schema *schema)
{
  for (size_t i = 0; i < schema->generator_count; i++) {
    if (str_eq(schema->generators[i].provider, STR("schemac"))) return &schema->generators[i];
  }
  return NULL;
}

static str text_property(const dm_generator *generator, str key)
{
  for (size_t i = 0; generator && i < generator->property_count; i++) {
    const dm_property *property = &generator->properties[i];
    if (str_eq(property->key, key) && property->value && property->value->kind == AST_STRING) {
      return property->value->text;
    }
  }
  return STR_NONE;
}

/* "prisma/blog.prisma" is blog. */
static str file_stem(str path)
{
  size_t start = path.len;
  while (start > 0 && path.ptr[start - 1] != '/') start--;
  str file = str_slice(path, start, path.len);
  size_t end = sc_str_find_char(file, '.');
  return str_slice(file, 0, end == SIZE_MAX ? file.len : end);
}

/* Text as an identifier: what is none of its characters becomes `_`. Empty stays empty. */
static str identifier(arena *mem, str text)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    bool digit = c >= '0' && c <= '9';
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (digit && i == 0) buf_char(&out, '_');
    buf_char(&out, digit || letter ? c : '_');
  }
  return buf_str(&out);
}

cg_options cg_options_of(const dm_schema *schema, str path, arena *mem)
{
  const dm_generator *generator = own_generator(schema);
  cg_options options = {text_property(generator, STR("name")), text_property(generator, STR("prefix"))};
  if (options.name.len == 0) options.name = options.prefix;
  if (options.name.len == 0) options.name = identifier(mem, file_stem(path));
  if (options.name.len == 0 || str_eq(options.name, STR("schema"))) options.name = STR("client");
  return options;
}

str cg_name(const cg_unit *unit)
{
  return unit->name;
}

/* ---- names ---- */

/* What the names of a model or an enum are derived from: with the prefix, before anything yields. */
static void plan_stems(const plan *p, str name, str *stem, str *function_stem)
{
  *stem = name_join(p->mem, name_pascal(p->mem, p->prefix), name_pascal(p->mem, name));
  *function_stem = name_snake(p->mem, name);
  if (p->prefix.len == 0) return;
  str prefix = name_join(p->mem, name_snake(p->mem, p->prefix), STR("_"));
  *function_stem = name_join(p->mem, prefix, *function_stem);
}

static str take_joined(plan *p, str stem, const char *suffix, span place)
{
  return name_take(p->names, name_join(p->mem, stem, str_from(suffix)), place);
}

/* USER_ID: a constant of a model or an enum. */
static str take_constant(plan *p, str function_stem, const char *between, str name, span place)
{
  str snake = name_snake(p->mem, name);
  str all = sc_str_format(p->mem, "%.*s_%s%.*s", STR_ARG(function_stem), between, STR_ARG(snake));
  return name_take(p->names, name_upper(p->mem, all), place);
}

static void plan_enum_names(plan *p, cg_enum *e)
{
  span place = e->dm->place;
  e->values = arena_array(p->mem, str, e->dm->value_count);
  for (size_t i = 0; i < e->dm->value_count; i++) {
    e->values[i] = take_constant(p, e->function_stem, "", e->dm->values[i].name, place);
  }
  e->list = take_joined(p, e->stem, "List", place);
  e->filter = take_joined(p, e->stem, "Filter", place);
  e->list_filter = take_joined(p, e->stem, "ListFilter", place);
  e->update = take_joined(p, e->stem, "Update", place);
  e->list_update = take_joined(p, e->stem, "ListUpdate", place);
  e->name_function = take_joined(p, e->function_stem, "_name", place);
  e->parse_function = take_joined(p, e->function_stem, "_parse", place);
  e->values_table = take_joined(p, e->function_stem, "_values", place);
  e->table = take_joined(p, e->function_stem, "_enum", place);
}

static void plan_constants(plan *p, cg_model *m)
{
  for (size_t i = 0; i < m->field_count; i++) {
    cg_field *f = &m->fields[i];
    f->constant = take_constant(p, m->function_stem, "", f->dm->name, f->dm->place);
  }
  for (size_t i = 0; i < m->relation_count; i++) {
    cg_relation *r = &m->relations[i];
    r->constant = take_constant(p, m->function_stem, "", r->dm->name, r->dm->place);
  }
  for (size_t i = 0; i < m->relation_count; i++) {
    cg_relation *r = &m->relations[i];
    if (r->list) r->count_constant = take_constant(p, m->function_stem, "count_", r->dm->name, r->dm->place);
  }
}

/* All that names.def derives, in its order. */
static void plan_derived_names(plan *p, cg_model *m)
{
  span place = m->dm->place;
#define TYPE(symbol, suffix, when)                                                                           \
  if (when) m->types[CG_##symbol] = take_joined(p, m->stem, suffix, place);
#define OPERATION(name, shape, args, when)                                                                   \
  if (when) m->functions[CG_OP_##name] = take_joined(p, m->function_stem, "_" #name, place);
#define STATIC(symbol, suffix)                                                                               \
  m->statics[CG_STATIC_##symbol] = take_joined(p, m->function_stem, suffix, place);
#include "cgen/names.def"
#undef TYPE
#undef OPERATION
#undef STATIC
  m->has_function = take_joined(p, m->function_stem, "_has", place);
  if (m->constraint_count == 0) return;
  m->constraint_function = take_joined(p, m->function_stem, "_constraint_of", place);
  m->unknown_constraint = take_constant(p, m->function_stem, "constraint_", STR("unknown"), place);
}

/* ---- the unit ---- */

static void plan_models(plan *p)
{
  const dm_schema *dm = p->unit->dm;
  p->unit->models = arena_array(p->mem, cg_model, dm->model_count);
  p->model_of = arena_array(p->mem, cg_model *, dm->model_count);
  for (size_t i = 0; i < dm->model_count; i++) {
    if (!plan_shows_model(dm->models[i])) continue;
    cg_model *m = &p->unit->models[p->unit->model_count++];
    p->model_of[dm->models[i]->index] = m;
    m->dm = dm->models[i];
    plan_stems(p, m->dm->name, &m->stem, &m->function_stem);
    m->name = name_take(p->names, m->stem, m->dm->place);
  }
}

static void plan_enums(plan *p)
{
  const dm_schema *dm = p->unit->dm;
  p->unit->enums = arena_array(p->mem, cg_enum, dm->enum_count);
  for (size_t i = 0; i < dm->enum_count; i++) {
    if (dm->enums[i]->value_count == 0) continue;
    cg_enum *e = &p->unit->enums[p->unit->enum_count++];
    e->dm = dm->enums[i];
    plan_stems(p, e->dm->name, &e->stem, &e->function_stem);
    e->name = name_take(p->names, e->stem, e->dm->place);
  }
}

/* Runs a step for every model before the next step begins. */
#define EACH_MODEL(p, m, step)                                                                               \
  for (size_t each = 0; each < (p)->unit->model_count; each++) {                                             \
    cg_model *m = &(p)->unit->models[each];                                                                  \
    step;                                                                                                    \
  }

const cg_unit *cg_plan(const dm_schema *schema, const cg_options *options, arena *mem, diag_list *diags)
{
  cg_unit *unit = arena_new(mem, cg_unit);
  plan p = {.mem = mem,
            .names = name_book_new(mem, diags),
            .unit = unit,
            .prefix = identifier(mem, options->prefix)};
  unit->dm = schema;
  unit->name = options->name.len > 0 ? identifier(mem, options->name) : STR("client");
  const dm_generator *generator = own_generator(schema);
  span place = generator ? generator->place : schema->datasource.place;

  /* The names of models and enums come first: nothing derived may take one of them. */
  plan_models(&p);
  plan_enums(&p);
  str stem = name_snake(mem, unit->name);
  unit->open_function = take_joined(&p, stem, "_open", place);
  unit->client = take_joined(&p, stem, "_client", place);
  for (size_t i = 0; i < unit->enum_count; i++) plan_enum_names(&p, &unit->enums[i]);

  EACH_MODEL(&p, m, plan_fields(&p, m));
  EACH_MODEL(&p, m, plan_relations(&p, m));
  EACH_MODEL(&p, m, plan_uniques(&p, m));
  EACH_MODEL(&p, m, plan_opposites(m));
  EACH_MODEL(&p, m, plan_create_notes(&p, m));
  EACH_MODEL(&p, m, {
    plan_constants(&p, m);
    plan_constraints(&p, m);
    plan_derived_names(&p, m);
  });
  unit->guard = take_joined(&p, name_upper(mem, stem), "_H", place);
  return unit;
}
