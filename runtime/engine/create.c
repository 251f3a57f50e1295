#include "engine/held.h"
#include "engine/write.h"

/* ---- reading the arguments ---- */

/* How a relation is held in Create; see descriptor.h. */
typedef struct nested_one {
  const void *create, *connect;
} nested_one;

typedef struct nested_many {
  sc_list create, connect;
} nested_many;

static const void *at(const void *base, size_t offset)
{
  return (const char *)base + offset;
}

static bool in_relation(const sc_relation *relation, size_t field)
{
  for (size_t k = 0; k < relation->key_count; k++)
    if (relation->here[k] == field) return true;
  return false;
}

/* The relation whose key a field is part of; NULL when it is a field of its own. */
static const sc_relation *relation_of(const sc_model *model, size_t field)
{
  for (size_t r = 0; r < model->relation_count; r++)
    if (model->relations[r].kind == SC_TO_ONE && in_relation(&model->relations[r], field))
      return &model->relations[r];
  return NULL;
}

void sc_plan_scalars(sc_write *write, const sc_model *model, const void *data, sc_source *sources)
{
  for (size_t i = 0; i < model->field_count && write->ask.status == SC_OK; i++) {
    const sc_field *field = &model->fields[i];
    const void *held = at(data, field->create);
    sc_given given =
        field->flags & SC_FIELD_READ_ONLY ? SC_NOT_GIVEN : sc_ask_given(&write->ask, model, field, held);
    bool null = field->flags & SC_FIELD_NULLABLE && model->create_null &&
                *(const bool *)at(data, model->create_null + field->null_slot);
    if (given == SC_NOT_GIVEN && !null) continue;
    if (given == SC_GIVEN && null) {
      sc_ask_fail(&write->ask, SC_INVALID_ARGUMENT, model, field->name,
                  "Argument `%s` is given a value and NULL at once.", field->name);
    } else if (sources[i].kind != SC_SOURCE_NONE) {
      sc_ask_fail(&write->ask, SC_INVALID_ARGUMENT, model, field->name,
                  "Argument `%s` is set by %s%s already.", field->name,
                  sources[i].through ? "the relation " : "the record around this one",
                  sources[i].through ? sources[i].through->name : "");
    } else {
      sources[i] = (sc_source){.kind = null ? SC_SOURCE_NULL : SC_SOURCE_VALUE, .held = held};
    }
  }
}

static void fail_missing(sc_write *write, const sc_model *model, size_t index)
{
  const char *name = model->fields[index].name;
  const sc_relation *relation = relation_of(model, index);
  if (relation)
    sc_ask_fail(&write->ask, SC_MISSING_FIELD, model, name, "Argument `%s` or `%s` is missing.", name,
                relation->name);
  else
    sc_ask_fail(&write->ask, SC_MISSING_FIELD, model, name, "Argument `%s` is missing.", name);
}

void sc_plan_defaults(sc_write *write, const sc_model *model, sc_source *sources)
{
  const unsigned left_to_database = SC_FIELD_HAS_DEFAULT | SC_FIELD_READ_ONLY;
  for (size_t i = 0; i < model->field_count && write->ask.status == SC_OK; i++) {
    const sc_field *field = &model->fields[i];
    if (sources[i].kind != SC_SOURCE_NONE) continue;
    if (field->maker != SC_MAKE_NONE) {
      sources[i] = (sc_source){.kind = SC_SOURCE_VALUE, .held = sc_make(write->mem, field)};
      if (!sources[i].held) sc_ask_broken(&write->ask);
    } else if (field->flags & SC_FIELD_UPDATED_AT) {
      sources[i] = (sc_source){.kind = SC_SOURCE_VALUE, .held = &write->now};
    } else if (field->flags & left_to_database) {
      continue;
    } else if (field->flags & SC_FIELD_LIST) {
      sources[i].kind = SC_SOURCE_EMPTY;
    } else if (!(field->flags & SC_FIELD_NULLABLE)) {
      fail_missing(write, model, i);
    }
  }
}

/* ---- the side that has the key ---- */

static bool has_logic(const sc_model *model, const void *unique)
{
  const sc_list *lists = at(unique, model->unique_logic);
  for (int i = 0; i < 3; i++)
    if (lists[i].items) return true;
  return false;
}

static size_t given_parts(sc_write *write, const sc_model *model, const sc_unique *unique, const void *where)
{
  size_t given = 0;
  for (size_t k = 0; k < unique->field_count; k++)
    if (sc_ask_given(&write->ask, model, &model->fields[unique->fields[k]], at(where, unique->offsets[k])) ==
        SC_GIVEN)
      given++;
  return given;
}

/* Where the value of the target's field stands in a unique criterion; SIZE_MAX when it has no such part. */
static size_t part_of(const sc_unique *unique, uint16_t field)
{
  for (size_t k = 0; k < unique->field_count; k++)
    if (unique->fields[k] == field) return k;
  return SIZE_MAX;
}

/* The one criterion that `where` gives when it gives the relation's key and nothing else, else NULL. */
static const sc_unique *just_the_key(sc_write *write, const sc_relation *relation, const void *where)
{
  const sc_model *target = relation->target;
  const sc_unique *only = NULL;
  for (size_t u = 0; u < target->unique_count; u++) {
    const sc_unique *unique = &target->uniques[u];
    size_t given = given_parts(write, target, unique, where);
    if (!given) continue;
    if (only || given != unique->field_count || given != relation->key_count) return NULL;
    only = unique;
  }
  if (!only || has_logic(target, where)) return NULL;
  for (size_t k = 0; k < relation->key_count; k++)
    if (part_of(only, relation->there[k]) == SIZE_MAX) return NULL;
  return only;
}

static bool same_fields(const uint16_t *a, size_t a_count, const uint16_t *b, size_t b_count)
{
  if (a_count != b_count) return false;
  for (size_t i = 0; i < a_count; i++) {
    bool found = false;
    for (size_t j = 0; j < b_count; j++) found = found || a[i] == b[j];
    if (!found) return false;
  }
  return true;
}

/* Whether the database checks the relation: there are more constraints on its fields than unique ones. */
static bool has_foreign_key(const sc_model *model, const sc_relation *relation)
{
  size_t constraints = 0, uniques = 0;
  for (size_t i = 0; i < model->constraint_count; i++) {
    const sc_constraint *constraint = &model->constraints[i];
    constraints +=
        same_fields(constraint->fields, constraint->field_count, relation->here, relation->key_count);
  }
  for (size_t i = 0; i < model->unique_count; i++) {
    const sc_unique *unique = &model->uniques[i];
    uniques += same_fields(unique->fields, unique->field_count, relation->here, relation->key_count);
  }
  return constraints > uniques;
}

/* One part of the key; a field that two relations share keeps what it got first. */
static void set_key_source(sc_step *step, const sc_relation *relation, size_t k, sc_source source)
{
  sc_source *place = &step->sources[relation->here[k]];
  if (place->kind != SC_SOURCE_NONE) return;
  source.through = relation;
  *place = source;
}

static bool shares_key(const sc_step *step, const sc_relation *relation)
{
  for (size_t k = 0; k < relation->key_count; k++)
    if (step->sources[relation->here[k]].kind != SC_SOURCE_NONE) return true;
  return false;
}

/* A connect by the referenced key needs no lookup: the foreign key tells when there is no such record. But
 * where a part of it is set already, by a relation that shares it, the lookup compares. */
static void plan_connect(sc_write *write, sc_step *step, const sc_relation *relation, const void *where)
{
  bool direct = has_foreign_key(step->model, relation) && !shares_key(step, relation);
  const sc_unique *key = direct ? just_the_key(write, relation, where) : NULL;
  for (size_t k = 0; k < relation->key_count; k++) {
    uint16_t field = relation->there[k];
    set_key_source(
        step, relation, k,
        key ? (sc_source){.kind = SC_SOURCE_VALUE, .held = at(where, key->offsets[part_of(key, field)])}
            : (sc_source){.kind = SC_SOURCE_FOUND, .lookup = (uint16_t)step->lookups.len, .field = field});
  }
  if (key || write->ask.status != SC_OK) return;
  if (!vec_push(write->mem, &step->lookups, (sc_lookup){relation, where})) sc_ask_broken(&write->ask);
}

static bool same_value(const sc_field *field, const void *a, const void *b)
{
  const sc_held *how = sc_held_of(field);
  bool text = field->type == SC_TYPE_STRING || field->type == SC_TYPE_DECIMAL;
  if (text) return strcmp(sc_pointer_at(a, 0), sc_pointer_at(b, 0)) == 0;
  return how->how != SC_GIVEN_FLAG || memcmp(a, b, how->plain) == 0;
}

/* The key of a record that was just planned. A part that is set already must have the value it has there. */
static void take_key(sc_write *write, sc_step *step, const sc_relation *relation, sc_step *made)
{
  for (size_t k = 0; k < relation->key_count; k++) {
    const sc_field *field = &step->model->fields[relation->here[k]];
    const sc_source *place = &step->sources[relation->here[k]];
    const void *here, *there;
    bool set = place->kind != SC_SOURCE_NONE;
    set_key_source(step, relation, k,
                   (sc_source){.kind = SC_SOURCE_RECORD, .from = made, .field = relation->there[k]});
    if (!set || !sc_source_known(place, &here) ||
        !sc_source_known(&made->sources[relation->there[k]], &there))
      continue;
    if (here && there && same_value(field, here, there)) continue;
    sc_ask_fail(&write->ask, SC_INVALID_ARGUMENT, step->model, field->name,
                "Argument `%s` is set to another value by the relation `%s`.", field->name, relation->name);
  }
}

typedef enum one_given { ONE_NOTHING, ONE_CREATE, ONE_CONNECT } one_given;

static one_given given_one(sc_write *write, const sc_model *model, const sc_relation *relation,
                           const nested_one *nested)
{
  bool create = sc_given_pointer(&write->ask, model, relation->name, nested->create) == SC_GIVEN;
  bool connect = sc_given_pointer(&write->ask, model, relation->name, nested->connect) == SC_GIVEN;
  if (create && connect)
    sc_ask_fail(&write->ask, SC_INVALID_ARGUMENT, model, relation->name,
                "Argument `%s` takes one of `create` and `connect`.", relation->name);
  if (write->ask.status != SC_OK) return ONE_NOTHING;
  return create ? ONE_CREATE : connect ? ONE_CONNECT : ONE_NOTHING;
}

static void plan_to_one(sc_write *write, sc_step *step, const sc_relation *relation, const nested_one *nested)
{
  const sc_model *model = step->model;
  one_given given = given_one(write, model, relation, nested);
  if (given == ONE_CONNECT) plan_connect(write, step, relation, nested->connect);
  sc_step *made =
      given == ONE_CREATE ? sc_plan_record(write, relation->target, nested->create, step, relation) : NULL;
  if (made) take_key(write, step, relation, made);
}

/* The parent's key, for a record that is nested on the side without it. */
static void plan_parent_key(sc_step *step, sc_step *parent, const sc_relation *through)
{
  bool named = through->opposite != SC_NO_RELATION;
  const sc_relation *back = named ? &step->model->relations[through->opposite] : NULL;
  for (size_t k = 0; k < through->key_count; k++)
    step->sources[through->there[k]] =
        (sc_source){.kind = SC_SOURCE_RECORD, .from = parent, .field = through->here[k], .through = back};
}

static bool refers_here(const sc_relation *relation)
{
  return relation->kind == SC_TO_MANY || relation->kind == SC_TO_ONE_BACK;
}

static void plan_keys(sc_write *write, sc_step *step, const void *data, const sc_relation *through)
{
  const sc_model *model = step->model;
  for (size_t r = 0; r < model->relation_count && write->ask.status == SC_OK; r++) {
    const sc_relation *relation = &model->relations[r];
    if (relation->kind != SC_TO_ONE) continue;
    const nested_one *nested = at(data, relation->create);
    bool taken = through && refers_here(through) && through->opposite == r;
    if (!taken)
      plan_to_one(write, step, relation, nested);
    else if (nested->create || nested->connect)
      sc_ask_fail(&write->ask, SC_INVALID_ARGUMENT, model, relation->name,
                  "Argument `%s` is set by the record that this one is nested in.", relation->name);
  }
}

/* ---- steps ---- */

static sc_step *new_step(sc_write *write, sc_step_kind kind, const sc_model *model)
{
  sc_step *step = arena_new(write->mem, sc_step);
  if (step) {
    step->kind = kind;
    step->model = model;
    if (kind == SC_STEP_INSERT) step->sources = arena_array(write->mem, sc_source, model->field_count);
    if (kind != SC_STEP_INSERT || step->sources) return step;
  }
  sc_ask_broken(&write->ask);
  return NULL;
}

static void push(sc_write *write, sc_step *step)
{
  *(write->last ? &write->last->next : &write->first) = step;
  write->last = step;
  write->step_count++;
}

/* One lookup that finds nothing is told by the INSERT that then adds no row; of several it could not be told
 * which. */
static void push_checks(sc_write *write, const sc_step *step)
{
  for (size_t i = 0; step->lookups.len > 1 && i < step->lookups.len; i++) {
    sc_step *check = new_step(write, SC_STEP_CHECK, step->model);
    if (!check) return;
    check->relation = step->lookups.items[i].relation;
    check->unique = step->lookups.items[i].unique;
    push(write, check);
  }
}

/* ---- the side without the key ---- */

static void plan_found(sc_write *write, sc_step *parent, const sc_relation *relation, const void *unique)
{
  bool join = relation->kind == SC_TO_MANY_BY_JOIN;
  sc_step *step = new_step(write, join ? SC_STEP_LINK_FOUND : SC_STEP_ATTACH, parent->model);
  if (!step) return;
  step->relation = relation;
  step->parent = parent;
  step->unique = unique;
  push(write, step);
}

static void plan_made(sc_write *write, sc_step *parent, const sc_relation *relation, const void *data)
{
  sc_step *made = sc_plan_record(write, relation->target, data, parent, relation);
  if (!made || relation->kind != SC_TO_MANY_BY_JOIN) return;
  sc_step *link = new_step(write, SC_STEP_LINK, parent->model);
  if (!link) return;
  link->relation = relation;
  link->parent = parent;
  link->other = made;
  push(write, link);
}

static void plan_many(sc_write *write, sc_step *step, const sc_relation *relation, const nested_many *nested)
{
  const sc_model *target = relation->target;
  bool create = sc_given_list(&write->ask, step->model, relation->name, &nested->create) == SC_GIVEN;
  bool connect = sc_given_list(&write->ask, step->model, relation->name, &nested->connect) == SC_GIVEN;
  for (size_t i = 0; create && i < nested->create.len && write->ask.status == SC_OK; i++)
    plan_made(write, step, relation, at(nested->create.items, i * target->create_size));
  for (size_t i = 0; connect && i < nested->connect.len && write->ask.status == SC_OK; i++)
    plan_found(write, step, relation, at(nested->connect.items, i * target->unique_size));
}

static void plan_one_back(sc_write *write, sc_step *step, const sc_relation *relation,
                          const nested_one *nested)
{
  one_given given = given_one(write, step->model, relation, nested);
  if (given == ONE_CREATE) plan_made(write, step, relation, nested->create);
  if (given == ONE_CONNECT) plan_found(write, step, relation, nested->connect);
}

static void plan_children(sc_write *write, sc_step *step, const void *data, const sc_relation *through)
{
  const sc_model *model = step->model;
  for (size_t r = 0; r < model->relation_count && write->ask.status == SC_OK; r++) {
    const sc_relation *relation = &model->relations[r];
    const void *nested = at(data, relation->create);
    bool taken = through && through->kind == SC_TO_ONE && through->opposite == r;
    if (relation->kind == SC_TO_ONE_BACK && !taken) plan_one_back(write, step, relation, nested);
    if (relation->kind == SC_TO_MANY || relation->kind == SC_TO_MANY_BY_JOIN)
      plan_many(write, step, relation, nested);
  }
}

/* ---- a record ---- */

sc_step *sc_plan_record(sc_write *write, const sc_model *model, const void *data, sc_step *parent,
                        const sc_relation *through)
{
  if (write->ask.status != SC_OK) return NULL;
  if (write->ask.depth >= SC_ASK_DEPTH) {
    sc_ask_fail(&write->ask, SC_INVALID_ARGUMENT, model, NULL, "Records are nested more than %d deep.",
                SC_ASK_DEPTH);
    return NULL;
  }
  sc_step *step = new_step(write, SC_STEP_INSERT, model);
  if (!step) return NULL;
  write->ask.depth++;
  if (through && refers_here(through)) plan_parent_key(step, parent, through);
  plan_keys(write, step, data, through);
  sc_plan_scalars(write, model, data, step->sources);
  sc_plan_defaults(write, model, step->sources);
  push_checks(write, step);
  push(write, step);
  plan_children(write, step, data, through);
  write->ask.depth--;
  return write->ask.status == SC_OK ? step : NULL;
}

sc_status sc_create(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  sc_write write;
  if (!sc_write_begin(&write, db, model, mem, out)) return sc_error_last()->status;
  const void *data = args ? args : sc_arena_alloc(write.mem, model->create_size);
  sc_step *root = data ? sc_plan_record(&write, model, data, NULL, NULL) : NULL;
  sc_readback back = {.model = model, .args = args, .at = &model->create, .mem = mem, .record = out};
  sc_status s = root ? sc_write_run(&write, root, &back) : data ? write.ask.status : sc_fail_memory();
  sc_write_end(&write);
  return s;
}
