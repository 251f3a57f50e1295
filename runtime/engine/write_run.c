/* Running the steps of a write: which go together in a pipeline, and what becomes of their answers. */
#include "engine/held.h"
#include "engine/write.h"

#include <stdlib.h>

/* ---- the write ---- */

bool sc_write_begin(sc_write *write, sc_db *db, const sc_model *model, const arena *mem, void *out)
{
  *write = (sc_write){.db = db, .now = sc_time_now()};
  if (out && mem) memset(out, 0, sizeof(void *));
  if (!db) return sc_fail(SC_MISUSE, "The database handle is NULL."), false;
  if (!mem != !out)
    return sc_fail(SC_INVALID_ARGUMENT, "An arena and a place for the result go together."), false;
  if (model->flags & SC_MODEL_VIEW) {
    sc_fail(SC_INVALID_ARGUMENT, "`%s` is a view, which cannot be written to.", model->name);
    sc_error_name(model->name, NULL, 0);
    return false;
  }
  write->mem = sc_arena_new();
  if (!write->mem) return sc_fail_memory(), false;
  write->ask = (sc_ask){.mem = write->mem, .schema = sc_db_schema(db)};
  return true;
}

void sc_write_end(sc_write *write)
{
  sc_arena_free(write->mem);
}

sc_ask sc_write_ask(const sc_write *write, buf *sql)
{
  *sql = (buf){.mem = write->mem};
  return (sc_ask){.mem = write->mem, .schema = write->ask.schema, .sql = sql};
}

/* ---- results ---- */

static size_t first_unrun(PGresult *const *results, size_t count)
{
  size_t i = 0;
  while (i < count && results[i]) i++;
  return i;
}

int64_t sc_result_count(const PGresult *result)
{
  /* libpq takes a pointer to what it will not change. */
  union {
    const PGresult *in;
    PGresult *out;
  } result_of = {result};
  const char *text = result ? PQcmdTuples(result_of.out) : "";
  return text[0] ? strtoll(text, NULL, 10) : PQntuples(result);
}

/* ---- many at once ---- */

sc_status sc_write_filter(sc_ask *ask, const sc_model *model, const void *args, size_t flag,
                          const char *operation)
{
  size_t before = ask->sql->len;
  ASK_SQL(ask, " WHERE ");
  bool asked = sc_ask_where(ask, model, 0, args);
  if (asked || ask->status != SC_OK) return ask->status;
  if (!args || !*((const bool *)args + flag))
    return sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, "where",
                       "Argument `where` asks for nothing: %s must say `all` when it means every record.",
                       operation);
  if (!ask->sql->broken) ask->sql->len = before;
  return SC_OK;
}

sc_status sc_write_many(const sc_write *write, const sc_model *model, const sc_statement *statement,
                        int64_t *count)
{
  PGresult *result = NULL;
  sc_status s = sc_db_run(write->db, statement, 1, &result);
  if (s == SC_OK)
    *count = sc_result_count(result);
  else
    sc_error_place(model);
  sc_results_clear(&result, 1);
  return s;
}

/* ---- which values are wanted ---- */

/* The record that makes the value, when it is not known: through the keys of records that themselves have it
 * from another one. */
static void want(sc_step *record, size_t field)
{
  sc_source *source = &record->sources[field];
  while (source->kind == SC_SOURCE_RECORD) {
    record = source->from;
    source = &record->sources[source->field];
  }
  if (source->kind == SC_SOURCE_VALUE || source->kind == SC_SOURCE_NULL) return;
  source->wanted = true;
  record->wants = true;
}

static void want_sources(const sc_step *step)
{
  const sc_relation *relation = step->relation;
  for (size_t i = 0; step->sources && i < step->model->field_count; i++)
    if (step->sources[i].kind == SC_SOURCE_RECORD) want(step->sources[i].from, step->sources[i].field);
  if (step->parent)
    for (size_t k = 0; k < relation->key_count; k++) want(step->parent, relation->here[k]);
  if (step->other) want(step->other, relation->there[0]);
}

static bool known(const sc_step *record, size_t field)
{
  const void *held;
  return sc_source_known(&record->sources[field], &held);
}

static bool ready(const sc_step *step)
{
  const sc_relation *relation = step->relation;
  for (size_t i = 0; step->sources && i < step->model->field_count; i++) {
    const sc_source *source = &step->sources[i];
    if (source->kind == SC_SOURCE_RECORD && (!source->from->sent || !known(source->from, source->field)))
      return false;
  }
  if (step->parent && !step->parent->sent) return false;
  if (step->other && !step->other->sent) return false;
  for (size_t k = 0; step->parent && k < relation->key_count; k++)
    if (!known(step->parent, relation->here[k])) return false;
  return !step->other || known(step->other, relation->there[0]);
}

/* ---- reading back ---- */

/* The key that the record is read by: the first unique criterion of which no part is NULL or left out by
 * choice. */
static const sc_unique *key_of(const sc_step *root)
{
  const sc_model *model = root->model;
  for (size_t u = 0; u < model->unique_count; u++) {
    const sc_unique *unique = &model->uniques[u];
    bool whole = true;
    for (size_t k = 0; k < unique->field_count && whole; k++) {
      const sc_source *source = &root->sources[unique->fields[k]];
      bool nullable = model->fields[unique->fields[k]].flags & SC_FIELD_NULLABLE;
      whole = source->kind == SC_SOURCE_VALUE || !nullable;
    }
    if (whole) return unique;
  }
  return NULL;
}

static bool key_known(const sc_step *root, const sc_unique *key)
{
  for (size_t k = 0; k < key->field_count; k++)
    if (!root->sent || !known(root, key->fields[k])) return false;
  return true;
}

static const void *key_values(arena *mem, const sc_step *root, const sc_unique *key)
{
  char *where = sc_arena_alloc(mem, root->model->unique_size);
  for (size_t k = 0; where && k < key->field_count; k++) {
    const sc_field *field = &root->model->fields[key->fields[k]];
    const void *held;
    size_t size = field->flags & SC_FIELD_LIST ? sizeof(sc_list) : sc_held_of(field)->size;
    if (sc_source_known(&root->sources[key->fields[k]], &held) && held)
      memcpy(where + key->offsets[k], held, size);
  }
  return where;
}

/* ---- the run ---- */

typedef struct run {
  sc_write *write;
  sc_step *root;
  const sc_readback *back;
  sc_selection selection; /* of the result */
  bool returning;         /* the one INSERT returns the result */
  const sc_unique *key;   /* or it is read by this key, */
  bool reading;           /* in the pipeline that is being made */
  sc_read read;
  size_t left;
  sc_lease lease;
  VEC(sc_statement) statements;
  PGresult **results;
} run;

/* The fields that a step returns, in the order of the model. */
static bool wanted_selection(arena *mem, const sc_step *step, sc_selection *out)
{
  uint16_t *fields = arena_array(mem, uint16_t, step->model->field_count);
  if (!fields) return false;
  *out = (sc_selection){.model = step->model, .fields = fields, .simple = true};
  for (uint16_t i = 0; i < step->model->field_count; i++)
    if (step->sources[i].wanted) fields[out->field_count++] = i;
  return true;
}

static sc_status add_step(run *r, sc_step *step)
{
  arena *mem = r->write->mem;
  sc_selection wanted;
  const sc_selection *returning = r->returning ? &r->selection : NULL;
  if (step->wants) {
    if (!wanted_selection(mem, step, &wanted)) return sc_fail_memory();
    returning = &wanted;
  }
  bool alone = r->write->step_count == 1 && !r->key;
  step->guarded = step->lookups.len && !step->wants && !alone;
  step->sent = true;
  step->at = r->statements.len;
  r->left--;
  sc_statement statement;
  sc_status s = sc_step_statement(r->write, step, returning, &statement);
  if (s == SC_OK && !vec_push(mem, &r->statements, statement)) s = sc_fail_memory();
  return s;
}

/* The statements that read the record, when its key is known and nothing else is left to do. */
static sc_status add_read(run *r)
{
  const sc_readback *back = r->back;
  if (!r->key || r->left || !key_known(r->root, r->key)) return SC_OK;
  arena *mem = r->write->mem;
  const void *where = key_values(mem, r->root, r->key);
  if (!where) return sc_fail_memory();
  sc_status s = sc_read_one(r->write->db, mem, back->model, where, back->args, back->at, &r->read);
  r->reading = s == SC_OK;
  for (size_t i = 0; s == SC_OK && i < r->read.count; i++)
    if (!vec_push(mem, &r->statements, r->read.statements[i])) s = sc_fail_memory();
  return s;
}

/* What goes into the next pipeline. True in *last when nothing remains. */
static sc_status gather(run *r, bool *last)
{
  sc_status s = SC_OK;
  size_t before = r->left;
  r->statements.len = 0;
  for (sc_step *step = r->write->first; step && s == SC_OK; step = step->next) {
    step->at = SIZE_MAX;
    if (!step->sent && ready(step)) s = add_step(r, step);
  }
  if (s == SC_OK) s = add_read(r);
  if (s == SC_OK && r->left == before && !r->reading)
    s = sc_fail(SC_MISUSE, "The steps of a write wait for each other.");
  *last = !r->left && (!r->key || r->reading);
  return s;
}

static sc_step *step_at(const run *r, size_t at)
{
  sc_step *step = r->write->first;
  while (step && step->at != at) step = step->next;
  return step;
}

/* Takes the values that the database made. */
static sc_status take_values(run *r, sc_step *step, const PGresult *result)
{
  arena *mem = r->write->mem;
  sc_selection wanted;
  void *record;
  if (!wanted_selection(mem, step, &wanted)) return sc_fail_memory();
  sc_status s = sc_decode_rows(&wanted, result, mem, &record);
  for (size_t i = 0; i < wanted.field_count && s == SC_OK; i++) {
    sc_source *source = &step->sources[wanted.fields[i]];
    if (!sc_hold(mem, &step->model->fields[wanted.fields[i]], record, &source->held)) return sc_fail_memory();
    source->kind = source->held ? SC_SOURCE_VALUE : SC_SOURCE_NULL;
  }
  return s;
}

/* A trigger or a rule may keep a record out. */
static sc_status fail_suppressed(const sc_model *model)
{
  sc_fail(SC_DATABASE_ERROR, "The database took the new `%s` without an error but did not keep it.",
          model->name);
  sc_error_name(model->name, NULL, 0);
  return SC_DATABASE_ERROR;
}

static sc_status take_step(run *r, sc_step *step)
{
  const PGresult *result = r->results[step->at];
  bool unguarded = step->lookups.len && !step->guarded;
  bool needed = step->wants || (r->returning && step == r->root);
  bool nothing = (unguarded || needed) && sc_result_count(result) == 0;
  if (nothing && unguarded) return sc_fail_connect(step, step->lookups.items[0].relation);
  if (nothing) return fail_suppressed(step->model);
  return step->wants ? take_values(r, step, result) : SC_OK;
}

static sc_status take_record(const run *r)
{
  const sc_readback *back = r->back;
  if (r->returning) return sc_decode_rows(&r->selection, r->results[0], back->mem, back->record);
  if (!r->reading) return SC_OK;
  sc_status s =
      sc_read_decode(&r->read, r->results + (r->statements.len - r->read.count), back->mem, back->record);
  if (s == SC_OK && !*back->record) s = sc_fail_no_record(back->model, "a query");
  return s;
}

static sc_status take(run *r, sc_status s)
{
  if (s != SC_OK) {
    const sc_step *failed = step_at(r, first_unrun(r->results, r->statements.len));
    return failed ? sc_error_place_step(failed) : s;
  }
  for (sc_step *step = r->write->first; step && s == SC_OK; step = step->next)
    if (step->at != SIZE_MAX) s = take_step(r, step);
  return s == SC_OK ? take_record(r) : s;
}

static sc_status pipeline(run *r, bool last)
{
  size_t count = r->statements.len;
  r->results = arena_array(r->write->mem, PGresult *, count);
  if (!r->results) return sc_fail_memory();
  if (last && r->lease.began) sc_lease_commit_with_next(&r->lease);
  sc_status s = take(r, sc_lease_run(&r->lease, r->statements.items, count, r->results));
  sc_results_clear(r->results, count);
  return s;
}

static sc_status run_all(run *r)
{
  bool last = false;
  sc_status s = gather(r, &last);
  if (s != SC_OK) return s;
  s = sc_lease_take(r->write->db, &r->lease);
  if (s != SC_OK) return s;
  if (!last) s = sc_lease_begin(&r->lease);
  while (s == SC_OK) {
    s = pipeline(r, last);
    if (last || s != SC_OK) break;
    s = gather(r, &last);
  }
  s = sc_lease_end(&r->lease, s);
  sc_lease_return(&r->lease);
  return s;
}

sc_status sc_write_run(sc_write *write, sc_step *root, const sc_readback *back)
{
  run r = {.write = write, .root = root, .back = back, .left = write->step_count};
  for (const sc_step *step = write->first; step; step = step->next) want_sources(step);
  if (back->mem) {
    sc_status s = sc_select(&write->ask, back->model, back->args, back->at, &r.selection);
    if (s != SC_OK) return s;
    r.returning = r.selection.simple && write->step_count == 1;
    if (!r.returning) r.key = key_of(root);
    if (!r.returning && !r.key)
      return sc_fail(SC_INVALID_ARGUMENT, "A `%s` without a key cannot be read back with its relations.",
                     back->model->name);
    for (size_t k = 0; r.key && k < r.key->field_count; k++) want(root, r.key->fields[k]);
  }
  sc_status s = run_all(&r);
  if (r.reading) sc_read_end(&r.read);
  return s;
}
