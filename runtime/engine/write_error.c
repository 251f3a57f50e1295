/* What an error is about: the model, its fields, and the connect that found nothing. */
#include "engine/write.h"

#include <stdio.h>

#define REQUIRED                                                                                             \
  "An operation failed because it depends on one or more records that were required but not found. "

sc_status sc_fail_no_record(const sc_model *model, const char *what)
{
  sc_status s = sc_fail(SC_NOT_FOUND, REQUIRED "No record was found for %s.", what);
  sc_error_name(model->name, NULL, 0);
  return s;
}

/* ---- connects ---- */

static const char *type_of(const sc_relation *relation)
{
  bool known = relation->opposite != SC_NO_RELATION;
  bool many = known && relation->target->relations[relation->opposite].kind == SC_TO_MANY;
  return many || relation->kind == SC_TO_MANY ? "one-to-many" : "one-to-one";
}

sc_status sc_fail_connect(const sc_step *step, const sc_relation *relation)
{
  bool keyed = relation->kind == SC_TO_ONE, back = relation->kind == SC_TO_ONE_BACK;
  if (keyed)
    sc_fail(SC_NOT_FOUND,
            REQUIRED
            "No '%s' record (needed to inline the relation on '%s' record(s)) was found for a nested connect "
            "on %s relation '%s'.",
            relation->target->name, step->model->name, type_of(relation), relation->relation);
  else if (back)
    sc_fail(SC_NOT_FOUND, REQUIRED "No '%s' record was found for a nested connect on %s relation '%s'.",
            relation->target->name, type_of(relation), relation->relation);
  else
    sc_fail(SC_NOT_FOUND, REQUIRED "Expected 1 records to be connected, found only 0.");
  sc_error_name(step->model->name, &relation->name, 1);
  return SC_NOT_FOUND;
}

/* ---- constraints ---- */

static bool name_constraint(const sc_model *model, const char *name)
{
  for (size_t i = 0; i < model->constraint_count; i++) {
    const sc_constraint *constraint = &model->constraints[i];
    if (strcmp(constraint->name, name) != 0) continue;
    const char *fields[SC_ERROR_FIELDS];
    size_t count = 0;
    for (; count < constraint->field_count && count < SC_ERROR_FIELDS; count++)
      fields[count] = model->fields[constraint->fields[count]].name;
    sc_error_name(model->name, fields, count);
    return true;
  }
  return false;
}

/* The messages of 23502 and 22001 end with the column's name, where the server gave it. */
static void name_column(const sc_model *model, const char *message)
{
  sc_error_name(model->name, NULL, 0);
  for (size_t i = 0; i < model->field_count; i++) {
    char quoted[256];
    snprintf(quoted, sizeof quoted, "`%s`", model->fields[i].column);
    if (!strstr(message, quoted)) continue;
    sc_error_name(model->name, &model->fields[i].name, 1);
    return;
  }
}

sc_status sc_error_place(const sc_model *model)
{
  const sc_error *error = sc_error_last();
  if (!error->constraint) {
    name_column(model, error->status == SC_NULL_VIOLATION ? error->message : "");
    return error->status;
  }
  if (name_constraint(model, error->constraint)) return error->status;
  for (size_t i = 0; i < model->relation_count; i++) /* a delete fails on the key of those that refer here */
    if (name_constraint(model->relations[i].target, error->constraint)) return error->status;
  sc_error_name(model->name, NULL, 0);
  return error->status;
}

static bool key_covers(const sc_relation *relation, const sc_constraint *constraint)
{
  if (relation->key_count != constraint->field_count) return false;
  for (size_t i = 0; i < constraint->field_count; i++) {
    bool found = false;
    for (size_t k = 0; k < relation->key_count; k++)
      found = found || relation->here[k] == constraint->fields[i];
    if (!found) return false;
  }
  return true;
}

/* The relation whose connect gave the key that no record has. */
static const sc_relation *broken_connect(const sc_step *step, const sc_error *error)
{
  int number =
      error->constraint ? sc_constraint_of(step->model, &(sc_error){.constraint = error->constraint}) : 0;
  if (error->status != SC_FOREIGN_KEY_VIOLATION || !number) return NULL;
  const sc_constraint *constraint = &step->model->constraints[number - 1];
  for (size_t i = 0; i < constraint->field_count; i++) {
    const sc_source *source = &step->sources[constraint->fields[i]];
    if (source->kind == SC_SOURCE_VALUE && source->through && key_covers(source->through, constraint))
      return source->through;
  }
  return NULL;
}

sc_status sc_error_place_step(const sc_step *step)
{
  if (sc_guard_raised())
    return sc_fail_connect(step, step->relation ? step->relation : step->lookups.items[0].relation);
  const sc_relation *relation = step->kind == SC_STEP_INSERT ? broken_connect(step, sc_error_last()) : NULL;
  if (relation) return sc_fail_connect(step, relation);
  bool theirs = step->kind == SC_STEP_ATTACH || step->kind == SC_STEP_CHECK;
  return sc_error_place(theirs ? step->relation->target : step->model);
}
