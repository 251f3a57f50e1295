#include "cgen/members.h"

/* ---- types ---- */

typedef struct ctype ctype;
struct ctype {
  str record, input, stem, list;
};

static const ctype ctypes[DM_SCALAR_COUNT] = {
#define CTYPE(scalar, record, input, stem, list)                                                             \
  [DM_##scalar] = {STR_INIT(record), STR_INIT(input), STR_INIT(stem), STR_INIT(list)},
#include "cgen/ctype.def"
#undef CTYPE
};

/* A nullable value that cannot say so itself is behind a pointer. */
static str record_type(const plan *p, const cg_field *f, str value)
{
  bool is_text = f->dm->type == DM_TYPE_SCALAR && f->dm->scalar == DM_STRING;
  return f->nullable && !is_text ? sc_str_format(p->mem, "const %.*s*", STR_ARG(value)) : value;
}

static void plan_enum_types(const plan *p, cg_field *f)
{
  const cg_enum *e = f->enum_;
  str type = name_join(p->mem, f->list ? e->list : e->name, STR(" "));
  f->record_type = f->list ? type : record_type(p, f, type);
  f->input_type = type;
  f->filter_type = name_join(p->mem, f->list ? e->list_filter : e->filter, STR(" "));
  f->update_type = name_join(p->mem, f->list ? e->list_update : e->update, STR(" "));
}

static void plan_scalar_types(const plan *p, cg_field *f)
{
  const ctype *type = &ctypes[f->dm->scalar];
  const char *list = f->list ? "_list" : "";
  if (f->list) {
    f->record_type = f->input_type = name_join(p->mem, type->list, STR(" "));
  } else {
    f->record_type = record_type(p, f, type->record);
    f->input_type = type->input;
  }
  bool is_uuid = f->dm->native.native == DM_NATIVE_UUID && !f->list;
  str stem = is_uuid ? STR("uuid") : type->stem;
  f->filter_type = sc_str_format(p->mem, "sc_%.*s%s_filter ", STR_ARG(stem), list);
  f->update_type = sc_str_format(p->mem, "sc_%.*s%s_update ", STR_ARG(type->stem), list);
}

/* ---- fields ---- */

static bool shows_column(const dm_field *field)
{
  return !field->is_ignored && (field->type == DM_TYPE_SCALAR || field->type == DM_TYPE_ENUM);
}

bool plan_shows_model(const dm_model *model)
{
  if (model->is_ignored) return false;
  for (size_t i = 0; i < model->field_count; i++) {
    if (shows_column(&model->fields[i])) return true;
  }
  return false;
}

static const cg_enum *find_enum(const plan *p, const dm_enum *wanted)
{
  for (size_t i = 0; i < p->unit->enum_count; i++) {
    if (p->unit->enums[i].dm == wanted) return &p->unit->enums[i];
  }
  return NULL;
}

/* The shown field of a column, or NULL. */
static const cg_field *find_field(const cg_model *model, const dm_field *wanted)
{
  for (size_t i = 0; i < model->field_count; i++) {
    if (model->fields[i].dm == wanted) return &model->fields[i];
  }
  return NULL;
}

/* All of them, or NULL when one is not shown. */
static const cg_field **find_fields(const plan *p, const cg_model *model, const dm_field *const *wanted,
                                    size_t count)
{
  const cg_field **fields = arena_array(p->mem, const cg_field *, count);
  for (size_t i = 0; i < count; i++) {
    fields[i] = find_field(model, wanted[i]);
    if (!fields[i]) return NULL;
  }
  return fields;
}

static void plan_field(plan *p, cg_model *model, cg_field *f)
{
  f->nullable = f->dm->arity == AST_OPTIONAL;
  f->list = f->dm->arity == AST_LIST;
  if (f->nullable && cg_is_written(f)) f->null_slot = model->nullable_count++;
  if (f->dm->type == DM_TYPE_ENUM) {
    f->enum_ = find_enum(p, f->dm->enum_);
    plan_enum_types(p, f);
  } else {
    plan_scalar_types(p, f);
  }
}

/* Columns and relations are members of the same structs: names are given in the order of the schema. */
void plan_fields(plan *p, cg_model *model)
{
  const dm_model *dm = model->dm;
  table *members = sc_table_new(p->mem);
  model->fields = arena_array(p->mem, cg_field, dm->field_count);
  model->relations = arena_array(p->mem, cg_relation, dm->field_count);
  for (size_t i = 0; i < dm->field_count; i++) {
    const dm_field *field = &dm->fields[i];
    bool is_relation =
        field->type == DM_TYPE_RELATION && !field->is_ignored && p->model_of[field->target->index];
    if (!is_relation && !shows_column(field)) continue;
    str name = name_take_member(p->names, members, name_snake(p->mem, field->name), field->place);
    if (is_relation) {
      model->relations[model->relation_count++] = (cg_relation){.dm = field, .name = name};
    } else {
      cg_field *f = &model->fields[model->field_count];
      *f = (cg_field){.dm = field, .name = name, .index = model->field_count++};
      plan_field(p, model, f);
    }
  }
}

/* ---- relations ---- */

/* The columns on both sides of a relation; false when one of them is not shown. */
static bool find_keys(const plan *p, const cg_model *model, cg_relation *r)
{
  const dm_relation *dm = r->dm->relation;
  if (dm->kind == DM_MANY_TO_MANY) {
    const dm_index *here = model->dm->primary_key;
    const dm_index *there = r->target->dm->primary_key;
    if (!here || !there || here->key_count != 1 || there->key_count != 1) return false;
    r->key_count = 1;
    r->here = find_fields(p, model, &here->keys[0].field, 1);
    r->there = find_fields(p, r->target, &there->keys[0].field, 1);
  } else {
    r->key_count = dm->field_count;
    r->here = find_fields(p, model, r->owns_key ? dm->fields : dm->references, dm->field_count);
    r->there = find_fields(p, r->target, r->owns_key ? dm->references : dm->fields, dm->field_count);
  }
  return r->here && r->there;
}

void plan_relations(plan *p, cg_model *model)
{
  size_t kept = 0;
  for (size_t i = 0; i < model->relation_count; i++) {
    cg_relation r = model->relations[i];
    cg_model *target = p->model_of[r.dm->target->index];
    r.target = target;
    r.list = r.dm->arity == AST_LIST;
    r.owns_key = dm_field_owns_key(r.dm);
    r.by_join = r.dm->relation->kind == DM_MANY_TO_MANY;
    if (!find_keys(p, model, &r)) continue;
    if (r.list) {
      r.count_slot = model->many_count++;
      target->is_many = true;
    } else {
      target->is_one = true;
    }
    r.index = kept;
    model->relations[kept++] = r;
  }
  model->relation_count = kept;
}

void plan_opposites(cg_model *model)
{
  for (size_t i = 0; i < model->relation_count; i++) {
    cg_relation *r = &model->relations[i];
    r->in_create = r->target->is_writable;
    for (size_t j = 0; j < r->target->relation_count; j++) {
      if (r->target->relations[j].dm == r->dm->opposite) r->opposite = &r->target->relations[j];
    }
  }
}

/* ---- keys ---- */

/* A record can be asked for by it: whole columns, of all rows. */
static bool is_criterion(const dm_index *index)
{
  if (index->kind != DM_PRIMARY_KEY && index->kind != DM_UNIQUE) return false;
  if (index->where.len > 0 || index->where_object) return false;
  for (size_t i = 0; i < index->key_count; i++) {
    if (!index->keys[i].field) return false;
  }
  return index->key_count > 0;
}

static bool plan_unique(plan *p, const cg_model *model, table *members, const dm_index *index, cg_unique *out)
{
  const dm_field **columns = arena_array(p->mem, const dm_field *, index->key_count);
  for (size_t i = 0; i < index->key_count; i++) columns[i] = index->keys[i].field;
  *out = (cg_unique){.dm = index, .field_count = index->key_count};
  out->fields = find_fields(p, model, columns, index->key_count);
  if (!out->fields) return false;
  if (index->key_count == 1) {
    out->name = out->fields[0]->name;
  } else {
    out->name = name_take_member(p->names, members, name_snake(p->mem, index->client_name), index->place);
  }
  return true;
}

/* Every required column can be given by a create. */
static bool can_create(const cg_model *model)
{
  for (size_t i = 0; i < model->dm->field_count; i++) {
    const dm_field *field = &model->dm->fields[i];
    bool is_column = dm_field_is_column(field);
    if (is_column && !shows_column(field) && field->arity == AST_REQUIRED &&
        field->default_->kind == DM_DEFAULT_NONE) {
      return false;
    }
  }
  return true;
}

void plan_uniques(plan *p, cg_model *model)
{
  const dm_model *dm = model->dm;
  table *members = sc_table_new(p->mem);
  for (size_t i = 0; i < model->field_count; i++) sc_table_put(members, model->fields[i].name, model);
  model->uniques = arena_array(p->mem, cg_unique, dm->index_count + 1);
  for (int primary = 1; primary >= 0; primary--) {
    for (size_t i = 0; i < dm->index_count; i++) {
      const dm_index *index = &dm->indexes[i];
      if ((index->kind == DM_PRIMARY_KEY) != (primary == 1) || !is_criterion(index)) continue;
      if (plan_unique(p, model, members, index, &model->uniques[model->unique_count])) model->unique_count++;
    }
  }
  model->has_unique = model->unique_count > 0;
  model->is_writable = model->has_unique && !dm->is_view;
  model->is_creatable = model->is_writable && can_create(model);
}

/* USER_EMAIL_TAKEN for a key, POST_AUTHOR_MISSING for a reference. */
static str constraint_constant(plan *p, const cg_model *model, str what, const char *suffix, span place)
{
  str name = sc_str_format(p->mem, "%.*s_%.*s_%s", STR_ARG(model->function_stem), STR_ARG(what), suffix);
  return name_take(p->names, name_upper(p->mem, name), place);
}

void plan_constraints(plan *p, cg_model *model)
{
  if (model->dm->is_view) return;
  model->constraints = arena_array(p->mem, cg_constraint, model->unique_count + model->relation_count);
  for (size_t i = 0; i < model->unique_count; i++) {
    const cg_unique *u = &model->uniques[i];
    str what = u->field_count == 1 ? u->fields[0]->dm->name : u->dm->client_name;
    model->constraints[model->constraint_count++] = (cg_constraint){
        .constant = constraint_constant(p, model, name_snake(p->mem, what), "TAKEN", u->dm->place),
        .db_name = u->dm->db_name,
        .fields = u->fields,
        .field_count = u->field_count,
    };
  }
  if (p->unit->dm->datasource.relation_mode_prisma) return;
  for (size_t i = 0; i < model->relation_count; i++) {
    const cg_relation *r = &model->relations[i];
    if (!r->owns_key) continue;
    model->constraints[model->constraint_count++] = (cg_constraint){
        .constant = constraint_constant(p, model, name_snake(p->mem, r->dm->name), "MISSING", r->dm->place),
        .db_name = r->dm->relation->db_name,
        .fields = r->here,
        .field_count = r->key_count,
    };
  }
}

/* ---- what a create says of its members ---- */

/* Who gives the value when the program does not; empty when nobody does. */
static str default_note(const dm_field *field)
{
  switch (field->default_->kind) {
  case DM_DEFAULT_UUID:
  case DM_DEFAULT_CUID:
  case DM_DEFAULT_ULID:
  case DM_DEFAULT_NANOID: return STR("made when not given");
  case DM_DEFAULT_VALUE:
  case DM_DEFAULT_AUTOINCREMENT:
  case DM_DEFAULT_NOW:
  case DM_DEFAULT_DBGENERATED: return field->is_updated_at ? STR("now when not given") : STR("has a default");
  case DM_DEFAULT_NONE: break;
  }
  return field->is_updated_at ? STR("now when not given") : STR_NONE;
}

static const cg_relation *relation_over(const cg_model *model, const cg_field *field)
{
  for (size_t i = 0; i < model->relation_count; i++) {
    const cg_relation *r = &model->relations[i];
    for (size_t k = 0; k < r->key_count && r->owns_key && r->in_create; k++) {
      if (r->here[k] == field) return r;
    }
  }
  return NULL;
}

static str required_note(const plan *p, str other)
{
  return other.len > 0 ? sc_str_format(p->mem, "required, or %.*s", STR_ARG(other)) : STR("required");
}

void plan_create_notes(plan *p, cg_model *model)
{
  for (size_t i = 0; i < model->field_count; i++) {
    cg_field *f = &model->fields[i];
    f->create_note = default_note(f->dm);
    if (f->create_note.len > 0 || f->nullable || f->list) continue;
    const cg_relation *r = relation_over(model, f);
    f->create_note = required_note(p, r ? r->name : STR_NONE);
  }
  for (size_t i = 0; i < model->relation_count; i++) {
    cg_relation *r = &model->relations[i];
    if (r->owns_key && r->dm->arity == AST_REQUIRED) r->create_note = required_note(p, r->here[0]->name);
  }
}
