/* migrate diff: from one state to another. */
#include "migrate/diagnose.h"
#include "migrate/normalise.h"
#include "migrate/renames.h"
#include "migrate/shadow.h"
#include "sql/online.h"

/* One of the two states, and what was opened to read it. */
typedef struct side side;
struct side {
  const migrate_state *state;
  connection db;
  shadow shadow;
  folder migrations;
  const sql_schema *sql;
};

typedef struct diff_run diff_run;
struct diff_run {
  migrate_context context;
  migrate_report *report;
  side from, to;
  sql_renames renames;
  VEC(str) namespaces; /* that either side's datasource lists: a database is looked at in all of them */
};

static connection *live_connection(side *s)
{
  if (s->db.session) return &s->db;
  return s->shadow.db.session ? &s->shadow.db : NULL;
}

static migrate_status inspect(diff_run *run, side *s)
{
  return diagnose_inspect_schemas(live_connection(s), run->namespaces.items, run->namespaces.len, &s->sql) ==
                 SC_OK
             ? MIGRATE_DONE
             : connection_failed(run->context.mem, run->report);
}

/* ---- reading a state ---- */

static migrate_status open_database(diff_run *run, side *s)
{
  if (s->state->kind != MIGRATE_STATE_DATABASE) return MIGRATE_DONE;
  migrate_status status = connection_open(run->context.mem, s->state->url, &s->db, run->report);
  return status == MIGRATE_DONE ? inspect(run, s) : status;
}

/* After the databases: the shadow may have to be created beside one. */
static migrate_status replay(diff_run *run, side *s, side *other)
{
  if (s->state->kind != MIGRATE_STATE_FOLDER) return MIGRATE_DONE;
  if (!run->context.shadow_url.len && !run->context.private_url.len && !other->db.session)
    return report_refused(
        run->report, "",
        STR("You must pass the --shadow-database-url if you want to diff a migrations directory."));
  run->context.folder = s->state->folder;
  migrate_status status = folder_read(&run->context, &s->migrations, run->report);
  if (status == MIGRATE_DONE)
    status = shadow_open(&run->context, &other->db, &s->migrations, &s->shadow, run->report);
  for (size_t i = 0; i < s->migrations.len && status == MIGRATE_DONE; i++)
    status = shadow_replay(&s->shadow, &s->migrations.items[i], run->report);
  return status == MIGRATE_DONE ? inspect(run, s) : status;
}

/* What names no schema means that of the other side's URL. */
static void lower(diff_run *run, side *s, side *other)
{
  if (s->state->kind == MIGRATE_STATE_DATABASE || s->state->kind == MIGRATE_STATE_FOLDER) return;
  sql_schema *out = arena_new(run->context.mem, sql_schema);
  *out = (sql_schema){.default_schema = STR("public")};
  if (s->state->kind == MIGRATE_STATE_SCHEMA) *out = *sql_lower(s->state->schema, run->context.mem);
  connection *live = live_connection(other);
  if (live && run->namespaces.len == 0) out->default_schema = other->sql->default_schema;
  s->sql = out;
}

static void collect_namespaces(diff_run *run, const migrate_state *state)
{
  for (size_t i = 0; state->schema && i < state->schema->datasource.schema_count; i++) {
    str name = state->schema->datasource.schemas[i];
    size_t at = 0;
    while (at < run->namespaces.len && !str_eq(run->namespaces.items[at], name)) at++;
    if (at == run->namespaces.len) vec_push(run->context.mem, &run->namespaces, name);
  }
}

static migrate_status read_both(diff_run *run)
{
  collect_namespaces(run, run->from.state);
  collect_namespaces(run, run->to.state);
  migrate_status status = open_database(run, &run->from);
  if (status == MIGRATE_DONE) status = open_database(run, &run->to);
  if (status == MIGRATE_DONE) status = replay(run, &run->from, &run->to);
  /* One shadow may serve both: what the first has shown is known by now. */
  if (status == MIGRATE_DONE && run->to.state->kind == MIGRATE_STATE_FOLDER) shadow_close(&run->from.shadow);
  if (status == MIGRATE_DONE) status = replay(run, &run->to, &run->from);
  if (status != MIGRATE_DONE) return status;
  lower(run, &run->from, &run->to);
  lower(run, &run->to, &run->from);
  return status;
}

/* ---- comparing ---- */

static bool previews_extensions(const migrate_state *state)
{
  const dm_schema *schema = state->schema;
  for (size_t i = 0; schema && i < schema->generator_count; i++)
    for (size_t j = 0; j < schema->generators[i].preview_feature_count; j++)
      if (str_eq(schema->generators[i].preview_features[j], STR("postgresqlExtensions"))) return true;
  return false;
}

/* What Prisma makes of it: the extensions of a database are the administrator's, unless a schema asks for them.
 */
static const sql_schema *found_in_full(const diff_run *run)
{
  sql_schema *out = arena_new(run->context.mem, sql_schema);
  *out = *sql_in_full(run->to.sql, run->context.mem);
  if (!previews_extensions(run->from.state) && !previews_extensions(run->to.state)) out->extension_count = 0;
  return out;
}

static const sql_plan *compare(diff_run *run)
{
  arena *mem = run->context.mem;
  side *from = &run->from, *to = &run->to;
  sql_claims claims = folder_claims(mem, &from->migrations);
  sql_diff_options options = {.claims = &claims, .renames = &run->renames};
  options.in_full = to->state->kind != MIGRATE_STATE_SCHEMA;
  const sql_schema *target = to->sql->inspected ? found_in_full(run) : to->sql;
  const sql_plan *plan = sql_diff(from->sql, target, &options, mem);
  /* What differs may do so in spelling alone: then the server is asked for its own. */
  const sql_schema *old = from->sql, *wanted = to->sql;
  connection *before = live_connection(from), *behind = live_connection(to);
  if (before && to->state->kind == MIGRATE_STATE_SCHEMA) to->sql = normalise_schema(before, wanted, plan);
  if (behind && from->state->kind == MIGRATE_STATE_SCHEMA) from->sql = normalise_schema(behind, old, NULL);
  bool same = from->sql == old && to->sql == wanted;
  if (plan->len == 0 || same) return plan;
  return sql_diff(from->sql, options.in_full ? target : to->sql, &options, mem);
}

/* What a rename moves is claimed anew, where it was claimed: by the folder, or by the schema itself. */
static void write_claims(diff_run *run, const sql_plan *plan)
{
  arena *mem = run->context.mem;
  sql_claims claims = run->from.state->kind == MIGRATE_STATE_SCHEMA
                          ? sql_claims_of(plan->origin, mem)
                          : folder_claims(mem, &run->from.migrations);
  sql_claims moved = sql_claims_moved(plan, &claims, mem);
  folder_write_claims(plan->from, run->to.sql, &moved, &run->report->text);
}

migrate_status migrate_diff(const migrate_context *context, const migrate_diff_options *options, bool *empty,
                            migrate_report *report)
{
  *report = (migrate_report){.text = {.mem = context->mem}};
  *empty = false;
  diff_run run = {.context = *context, .report = report};
  run.from.state = &options->from;
  run.to.state = &options->to;
  run.context.schema = options->to.schema ? options->to.schema : options->from.schema;
  migrate_status status = MIGRATE_DONE;
  if (options->to.kind == MIGRATE_STATE_SCHEMA)
    status = renames_read(run.context.mem, options->to.schema, &options->renames, &run.renames, report);
  if (status == MIGRATE_DONE) status = read_both(&run);
  if (status == MIGRATE_DONE) {
    const sql_plan *plan = compare(&run);
    *empty = plan->len == 0;
    void (*say)(const sql_plan *, buf *) = options->script ? sql_render : sql_summary;
    (options->script && options->online ? sql_render_online : say)(plan, &report->text);
    if (options->script) write_claims(&run, plan);
  }
  shadow_close(&run.from.shadow);
  shadow_close(&run.to.shadow);
  connection_close(&run.from.db);
  connection_close(&run.to.db);
  return status;
}
