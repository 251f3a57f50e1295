/* The SQL of the steps of a write. */
#include "engine/write.h"

/* A guard is SQL that raises 42704, which nothing else here can, naming this type when no row was counted. */
#define GUARD_TYPE "schemac_required_record_not_found"
#define GUARD      "SELECT CASE count(*) WHEN 0 THEN '" GUARD_TYPE "' ELSE '0' END::pg_catalog.regtype FROM "

bool sc_guard_raised(void)
{
  const sc_error *error = sc_error_last();
  return strcmp(error->sqlstate, "42704") == 0 && strstr(error->message, GUARD_TYPE) != NULL;
}

bool sc_source_known(const sc_source *source, const void **held)
{
  while (source->kind == SC_SOURCE_RECORD) source = &source->from->sources[source->field];
  *held = source->kind == SC_SOURCE_VALUE ? source->held : NULL;
  return source->kind == SC_SOURCE_VALUE || source->kind == SC_SOURCE_NULL;
}

/* ---- parts ---- */

static const char *separator(size_t *written)
{
  return (*written)++ ? ", " : "";
}

static void known_value(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held)
{
  if (held)
    sc_ask_value(ask, model, field, held);
  else
    ASK_SQL(ask, "NULL");
}

/* Lookup number n has alias n + 1; 0 is the record itself. */
static void source_text(sc_ask *ask, const sc_step *step, size_t index)
{
  const sc_source *source = &step->sources[index];
  const sc_field *field = &step->model->fields[index];
  const void *held;
  if (source->kind == SC_SOURCE_FOUND) {
    const sc_model *target = step->lookups.items[source->lookup].relation->target;
    sc_ask_column(ask, source->lookup + 1u, &target->fields[source->field]);
  } else if (source->kind == SC_SOURCE_EMPTY) {
    ASK_SQL(ask, "'{}'");
  } else if (sc_source_known(source, &held)) {
    known_value(ask, step->model, field, held);
  }
}

static size_t insert_columns(sc_ask *ask, const sc_step *step)
{
  size_t written = 0;
  for (size_t i = 0; i < step->model->field_count; i++) {
    if (step->sources[i].kind == SC_SOURCE_NONE) continue;
    sc_ask_text(ask, str_from(separator(&written)));
    sc_ask_name(ask, step->model->fields[i].column);
  }
  return written;
}

static void insert_values(sc_ask *ask, const sc_step *step)
{
  size_t written = 0;
  for (size_t i = 0; i < step->model->field_count; i++) {
    if (step->sources[i].kind == SC_SOURCE_NONE) continue;
    sc_ask_text(ask, str_from(separator(&written)));
    source_text(ask, step, i);
  }
}

/* A part of the key that something else has set must be the same in the record that is found. */
static void compare_shared_key(sc_ask *ask, const sc_step *step, size_t lookup)
{
  const sc_relation *relation = step->lookups.items[lookup].relation;
  for (size_t k = 0; k < relation->key_count; k++) {
    const sc_source *source = &step->sources[relation->here[k]];
    if (source->kind == SC_SOURCE_FOUND && source->lookup == lookup) continue;
    ASK_SQL(ask, " AND ");
    sc_ask_column(ask, (unsigned)lookup + 1, &relation->target->fields[relation->there[k]]);
    ASK_SQL(ask, " = ");
    source_text(ask, step, relation->here[k]);
  }
}

static void insert_lookups(sc_ask *ask, const sc_step *step)
{
  for (size_t i = 0; i < step->lookups.len; i++) {
    sc_ask_text(ask, i ? STR(", ") : STR(" FROM "));
    sc_ask_table(ask, step->lookups.items[i].relation->target, (unsigned)i + 1);
  }
  for (size_t i = 0; i < step->lookups.len; i++) {
    const sc_lookup *lookup = &step->lookups.items[i];
    sc_ask_text(ask, i ? STR(" AND ") : STR(" WHERE "));
    sc_ask_unique(ask, lookup->relation->target, (unsigned)i + 1, lookup->unique);
    compare_shared_key(ask, step, i);
  }
}

/* ---- steps ---- */

static void insert_text(sc_ask *ask, const sc_step *step, const sc_selection *returning)
{
  ask->aliases = (unsigned)step->lookups.len + 1;
  if (step->guarded) ASK_SQL(ask, "WITH w AS (");
  ASK_SQL(ask, "INSERT INTO ");
  sc_ask_table(ask, step->model, 0);
  ASK_SQL(ask, " (");
  size_t columns = insert_columns(ask, step);
  if (!columns) ask->sql->len -= STR(" (").len;
  if (!columns) {
    ASK_SQL(ask, " DEFAULT VALUES");
  } else if (step->lookups.len) {
    ASK_SQL(ask, ") SELECT ");
    insert_values(ask, step);
    insert_lookups(ask, step);
  } else {
    ASK_SQL(ask, ") VALUES (");
    insert_values(ask, step);
    ASK_SQL(ask, ")");
  }
  if (step->skip_duplicates) ASK_SQL(ask, " ON CONFLICT DO NOTHING");
  if (step->guarded) {
    ASK_SQL(ask, " RETURNING 1) " GUARD "w");
  } else if (returning) {
    ASK_SQL(ask, " RETURNING ");
    sc_ask_columns(ask, returning, 0);
  }
}

static void check_text(sc_ask *ask, const sc_step *step)
{
  ask->aliases = 1;
  ASK_SQL(ask, GUARD);
  sc_ask_table(ask, step->relation->target, 0);
  ASK_SQL(ask, " WHERE ");
  sc_ask_unique(ask, step->relation->target, 0, step->unique);
}

static void attach_text(sc_ask *ask, const sc_step *step)
{
  const sc_relation *relation = step->relation;
  const sc_model *target = relation->target;
  ask->aliases = 1;
  ASK_SQL(ask, "WITH w AS (UPDATE ");
  sc_ask_table(ask, target, 0);
  ASK_SQL(ask, " SET ");
  for (size_t k = 0; k < relation->key_count; k++) {
    const sc_field *field = &target->fields[relation->there[k]];
    const void *held = NULL;
    sc_source_known(&step->parent->sources[relation->here[k]], &held);
    if (k) ASK_SQL(ask, ", ");
    sc_ask_name(ask, field->column);
    ASK_SQL(ask, " = ");
    known_value(ask, target, field, held);
  }
  ASK_SQL(ask, " WHERE ");
  sc_ask_unique(ask, target, 0, step->unique);
  ASK_SQL(ask, " RETURNING 1) " GUARD "w");
}

static void link_table(sc_ask *ask, const sc_relation *relation)
{
  const sc_join *join = relation->join;
  ASK_SQL(ask, "INSERT INTO ");
  sc_ask_qualified(ask, join->schema, join->table);
  ASK_SQL(ask, " (");
  sc_ask_name(ask, join->here);
  ASK_SQL(ask, ", ");
  sc_ask_name(ask, join->there);
  ASK_SQL(ask, ")");
}

static void id_of(sc_ask *ask, const sc_step *record, size_t field)
{
  const void *held = NULL;
  sc_source_known(&record->sources[field], &held);
  known_value(ask, record->model, &record->model->fields[field], held);
}

static void link_text(sc_ask *ask, const sc_step *step)
{
  link_table(ask, step->relation);
  ASK_SQL(ask, " VALUES (");
  id_of(ask, step->parent, step->relation->here[0]);
  ASK_SQL(ask, ", ");
  id_of(ask, step->other, step->relation->there[0]);
  ASK_SQL(ask, ") ON CONFLICT DO NOTHING");
}

static void link_found_text(sc_ask *ask, const sc_step *step)
{
  const sc_model *target = step->relation->target;
  const sc_field *id = &target->fields[step->relation->there[0]];
  ask->aliases = 1;
  ASK_SQL(ask, "WITH f AS (SELECT ");
  sc_ask_column(ask, 0, id);
  ASK_SQL(ask, " AS id FROM ");
  sc_ask_table(ask, target, 0);
  ASK_SQL(ask, " WHERE ");
  sc_ask_unique(ask, target, 0, step->unique);
  ASK_SQL(ask, "), w AS (");
  link_table(ask, step->relation);
  ASK_SQL(ask, " SELECT ");
  id_of(ask, step->parent, step->relation->here[0]);
  ASK_SQL(ask, ", f.id FROM f ON CONFLICT DO NOTHING) " GUARD "f");
}

sc_status sc_step_statement(const sc_write *write, const sc_step *step, const sc_selection *returning,
                            sc_statement *out)
{
  buf sql = {0};
  sc_ask ask = sc_write_ask(write, &sql);
  switch (step->kind) {
  case SC_STEP_INSERT: insert_text(&ask, step, returning); break;
  case SC_STEP_CHECK: check_text(&ask, step); break;
  case SC_STEP_ATTACH: attach_text(&ask, step); break;
  case SC_STEP_LINK: link_text(&ask, step); break;
  case SC_STEP_LINK_FOUND: link_found_text(&ask, step); break;
  }
  return sc_ask_statement(&ask, out);
}
