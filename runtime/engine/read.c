/* The operations that read: find and count. */
#include "conn/db.h"
#include "engine/decode.h"
#include "engine/held.h"
#include "engine/plan.h"
#include "engine/read.h"
#include "error/error.h"

/* ---- running a plan ---- */

/* A statement of a plan with this call's values. `keys` are the parents' keys where it takes them as arrays.
 */
static bool bind(const sc_plan *plan, size_t number, const sc_ask *ask, const sc_param *keys,
                 size_t key_count, sc_statement *out)
{
  const sc_plan_statement *statement = &plan->statements.items[number];
  *out = (sc_statement){.sql = statement->sql, .key = statement->key, .binary_result = true};
  const sc_param *params = ask->params.items;
  if (key_count) {
    sc_param *all = arena_array(ask->mem, sc_param, plan->first_key + key_count);
    if (!all) return false;
    if (plan->first_key) memcpy(all, params, plan->first_key * sizeof *all);
    memcpy(all + plan->first_key, keys, key_count * sizeof *all);
    params = all;
  }
  return sc_sql_bind(ask->mem, params, statement->params.items, statement->params.len, out);
}

/* The statement of a to-many node, its parents grouped and their keys bound. */
static sc_status bind_level(sc_decoding *d, const sc_ask *ask, const sc_node *node, sc_statement *out)
{
  size_t count = node->relation->key_count;
  sc_param *keys = arena_array(ask->mem, sc_param, count);
  if (!keys) return sc_fail_memory();
  for (unsigned i = 0; i < count; i++) {
    sc_status status = sc_decoding_keys(d, node, i, &keys[i]);
    if (status != SC_OK) return status;
  }
  return bind(d->plan, node->statement, ask, keys, count, out) ? SC_OK : sc_fail_memory();
}

/* Decodes every node of one level. */
static sc_status decode_level(sc_decoding *d, unsigned level)
{
  const sc_plan *plan = d->plan;
  for (size_t i = 0; i < plan->nodes.len; i++) {
    const sc_node *node = plan->nodes.items[i];
    if (plan->statements.items[node->statement].level != level) continue;
    sc_status status = SC_OK;
    if (plan->kind == SC_PLAN_PIPELINE && node->relation && !node->joined)
      status = sc_decoding_group(d, node);
    if (status == SC_OK) status = sc_decoding_node(d, node);
    if (status != SC_OK) return status;
  }
  return SC_OK;
}

/* Reads one level of a plan by levels: a pipeline of the statements whose parents there are. */
static sc_status run_level(sc_decoding *d, sc_lease *lease, const sc_ask *ask, unsigned level)
{
  const sc_plan *plan = d->plan;
  size_t total = plan->statements.len, count = 0;
  sc_statement *statements = arena_array(ask->mem, sc_statement, total);
  PGresult **results = arena_array(ask->mem, PGresult *, total);
  size_t *numbers = arena_array(ask->mem, size_t, total);
  if (!statements || !results || !numbers) return sc_fail_memory();
  sc_status status = SC_OK;
  for (size_t i = 0; i < total && status == SC_OK; i++) {
    if (plan->statements.items[i].level != level) continue;
    const sc_node *node = plan->nodes.items[plan->statements.items[i].node];
    if (level == 0) {
      status = bind(plan, i, ask, NULL, 0, &statements[count]) ? SC_OK : sc_fail_memory();
    } else {
      status = sc_decoding_group(d, node);
      if (status == SC_OK && d->groups[node->number].count == 0) continue; /* no parents, no question */
      if (status == SC_OK) status = bind_level(d, ask, node, &statements[count]);
    }
    numbers[count++] = i;
  }
  if (status == SC_OK && count) status = sc_lease_run(lease, statements, count, results);
  for (size_t i = 0; i < count; i++) d->results[numbers[i]] = results[i];
  return status;
}

/* Answers of a level are done with once the level below is decoded: the less memory is held, the less is new.
 */
static void clear_level(sc_decoding *d, unsigned level)
{
  for (size_t i = 0; i < d->plan->statements.len; i++)
    if (d->plan->statements.items[i].level == level) sc_results_clear(&d->results[i], 1);
}

static sc_status run_levels(sc_decoding *d, sc_db *db, const sc_ask *ask)
{
  sc_lease lease;
  sc_status status = sc_lease_take(db, &lease);
  for (unsigned level = 0; level < d->plan->levels && status == SC_OK; level++) {
    status = run_level(d, &lease, ask, level);
    if (status == SC_OK) status = decode_level(d, level);
    if (level > 0) clear_level(d, level - 1);
  }
  sc_lease_return(&lease);
  return status;
}

/* All statements of a plan, to travel at once. */
static sc_status bind_all(const sc_plan *plan, const sc_ask *ask, sc_statement **out)
{
  *out = arena_array(ask->mem, sc_statement, plan->statements.len);
  bool bound = *out != NULL;
  for (size_t i = 0; i < plan->statements.len && bound; i++) bound = bind(plan, i, ask, NULL, 0, *out + i);
  return bound ? SC_OK : sc_fail_memory();
}

static sc_status decode_all(sc_decoding *d)
{
  sc_status status = SC_OK;
  for (unsigned level = 0; level < d->plan->levels && status == SC_OK; level++)
    status = decode_level(d, level);
  return status;
}

static sc_status run_pipeline(sc_decoding *d, sc_db *db, const sc_ask *ask)
{
  sc_statement *statements;
  sc_status status = bind_all(d->plan, ask, &statements);
  if (status == SC_OK) status = sc_db_run(db, statements, d->plan->statements.len, d->results);
  return status == SC_OK ? decode_all(d) : status;
}

/* The records of the root. */
static sc_status read_records(sc_db *db, arena *mem, const sc_request *request, sc_list *out)
{
  *out = (sc_list){0};
  if (!db) return sc_fail(SC_MISUSE, "The database handle is NULL.");
  if (!mem) return sc_fail(SC_INVALID_ARGUMENT, "The arena for the result is NULL.");
  sc_ask ask = {.mem = mem, .schema = sc_db_schema(db), .keyed = true, .key = {.mem = mem}};
  sc_plan *plan;
  sc_status status = sc_plan_get(db, &ask, request, &plan);
  if (status != SC_OK) return status;
  PGresult **results = arena_array(mem, PGresult *, plan->statements.len);
  if (!results) {
    sc_plan_release(plan);
    return sc_fail_memory();
  }
  sc_decoding d = {.plan = plan, .results = results};
  bool pipeline = plan->kind == SC_PLAN_PIPELINE || plan->levels == 1;
  status = sc_decoding_start(&d, plan, results, mem);
  if (status == SC_OK) status = pipeline ? run_pipeline(&d, db, &ask) : run_levels(&d, db, &ask);
  if (status == SC_OK && d.nodes && d.nodes[0].count) *out = (sc_list){d.nodes[0].records, d.nodes[0].count};
  if (status != SC_OK) sc_error_name(request->model->name, NULL, 0);
  sc_results_clear(results, plan->statements.len);
  sc_plan_release(plan);
  return status;
}

/* ---- operations ---- */

static sc_status find_one(const sc_model *model, sc_db *db, arena *mem, const void *args,
                          sc_operation operation, void *out)
{
  sc_request request = {.model = model,
                        .operation = operation,
                        .where = args,
                        .args = args,
                        .at = operation == SC_READ_UNIQUE ? &model->find_unique : &model->find_many};
  sc_list records;
  sc_status status = read_records(db, mem, &request, &records);
  memcpy(out, &records.items, sizeof records.items);
  return status;
}

static sc_status or_fail(const sc_model *model, sc_status status, const void *out)
{
  if (status != SC_OK || sc_pointer_at(out, 0)) return status;
  sc_fail(SC_NOT_FOUND,
          "An operation failed because it depends on one or more records that were required but not found. "
          "No record was found for a query.");
  sc_error_name(model->name, NULL, 0);
  return SC_NOT_FOUND;
}

sc_status sc_find_unique(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  return find_one(model, db, mem, args, SC_READ_UNIQUE, out);
}

sc_status sc_find_unique_or_fail(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  return or_fail(model, find_one(model, db, mem, args, SC_READ_UNIQUE, out), out);
}

sc_status sc_find_first(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  return find_one(model, db, mem, args, SC_READ_FIRST, out);
}

sc_status sc_find_first_or_fail(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  return or_fail(model, find_one(model, db, mem, args, SC_READ_FIRST, out), out);
}

sc_status sc_find_many(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  sc_request request = {
      .model = model, .operation = SC_READ_MANY, .where = args, .args = args, .at = &model->find_many};
  sc_list records;
  sc_status status = read_records(db, mem, &request, &records);
  memcpy(out, &records, sizeof records);
  return status;
}

static void write_count(sc_ask *ask, const sc_model *model, const void *args)
{
  int64_t take = args ? sc_integer_at(args, model->count.take) : 0;
  int64_t skip = args ? sc_integer_at(args, model->count.skip) : 0;
  bool limited = take || skip;
  ask->aliases = 1;
  sc_ask_text(ask, limited ? STR("SELECT count(*) FROM (SELECT FROM ") : STR("SELECT count(*) FROM "));
  sc_ask_table(ask, model, 0);
  size_t before = ask->sql->len;
  ASK_SQL(ask, " WHERE ");
  if (!sc_ask_where(ask, model, 0, args)) ask->sql->len = before;
  if (!limited) return;
  sc_ask_limit(ask, model, take, skip);
  ASK_SQL(ask, ") AS limited");
}

sc_status sc_count(const sc_model *model, sc_db *db, const void *args, int64_t *count)
{
  *count = 0;
  if (!db) return sc_fail(SC_MISUSE, "The database handle is NULL.");
  arena *mem = sc_arena_new();
  if (!mem) return sc_fail_memory();
  buf sql = {.mem = mem};
  sc_ask ask = {.mem = mem, .schema = sc_db_schema(db), .sql = &sql};
  write_count(&ask, model, args);
  sc_statement statement;
  PGresult *result = NULL;
  sc_status status = sc_ask_statement(&ask, &statement);
  if (status == SC_OK) {
    status = sc_db_run(db, &statement, 1, &result);
    if (status != SC_OK) sc_error_name(model->name, NULL, 0);
  }
  if (status == SC_OK) {
    str cell = {PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0)};
    status = sc_codec_decode(sc_codec_of(SC_NATIVE_BIGINT), mem, cell, true, count);
  }
  sc_results_clear(&result, 1);
  sc_arena_free(mem);
  return status;
}

/* ---- for writes ---- */

sc_status sc_read_one(sc_db *db, arena *scratch, const sc_model *model, const void *unique, const void *args,
                      const sc_args_at *at, sc_read *out)
{
  *out = (sc_read){0};
  sc_request request = {.model = model, .operation = SC_READ_UNIQUE, .where = unique, .args = args, .at = at};
  sc_ask *ask = arena_new(scratch, sc_ask);
  if (!ask) return sc_fail_memory();
  *ask = (sc_ask){.mem = scratch, .schema = sc_db_schema(db), .keyed = true, .key = {.mem = scratch}};
  sc_status status = sc_plan_get(db, ask, &request, &out->plan);
  if (status != SC_OK) return status;
  sc_statement *statements;
  status = bind_all(out->plan, ask, &statements);
  out->statements = statements;
  out->count = out->plan->statements.len;
  if (status != SC_OK) sc_read_end(out);
  return status;
}

sc_status sc_read_decode(const sc_read *read, PGresult *const *results, arena *mem, void **record)
{
  *record = NULL;
  PGresult **all = arena_array(mem, PGresult *, read->count);
  if (!all) return sc_fail_memory();
  for (size_t i = 0; i < read->count; i++) all[i] = results[i];
  sc_decoding d = {.plan = read->plan, .results = all};
  sc_status status = sc_decoding_start(&d, read->plan, all, mem);
  if (status == SC_OK) status = decode_all(&d);
  if (status == SC_OK && d.nodes && d.nodes[0].count) *record = d.nodes[0].records;
  return status;
}

void sc_read_end(sc_read *read)
{
  sc_plan_release(read->plan);
  *read = (sc_read){0};
}
