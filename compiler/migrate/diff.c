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
};

static connection *live_connection(side *s)
{
  if (s->db.session) return &s->db;
  return s->shadow.db.session ? &s->shadow.db : NULL;
}

static migrate_status inspect(diff_run *run, side *s)
{
  return diagnose_inspect(&run->context, live_connection(s), &s->sql) == SC_OK
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

static void lower(diff_run *run, side *s)
{
  static const sql_schema nothing = {.default_schema = STR_INIT("public")};
  if (s->state->kind == MIGRATE_STATE_EMPTY) s->sql = &nothing;
  if (s->state->kind == MIGRATE_STATE_SCHEMA) s->sql = sql_lower(s->state->schema, run->context.mem);
}

static migrate_status read_both(diff_run *run)
{
  migrate_status status = open_database(run, &run->from);
  if (status == MIGRATE_DONE) status = open_database(run, &run->to);
  if (status == MIGRATE_DONE) status = replay(run, &run->from, &run->to);
  /* One shadow may serve both: what the first has shown is known by now. */
  if (status == MIGRATE_DONE && run->to.state->kind == MIGRATE_STATE_FOLDER) shadow_close(&run->from.shadow);
  if (status == MIGRATE_DONE) status = replay(run, &run->to, &run->from);
  lower(run, &run->from);
  lower(run, &run->to);
  return status;
}

/* ---- comparing ---- */

static const sql_plan *compare(diff_run *run)
{
  arena *mem = run->context.mem;
  side *from = &run->from, *to = &run->to;
  sql_claims claims = folder_claims(mem, &from->migrations);
  sql_diff_options options = {.claims = &claims, .renames = &run->renames};
  const sql_plan *plan = sql_diff(from->sql, to->sql, &options, mem);
  /* What differs may do so in spelling alone: then the server is asked for its own. */
  const sql_schema *old = from->sql, *wanted = to->sql;
  connection *before = live_connection(from), *behind = live_connection(to);
  if (before && to->state->kind == MIGRATE_STATE_SCHEMA) to->sql = normalise_schema(before, wanted, plan);
  if (behind && from->state->kind == MIGRATE_STATE_SCHEMA) from->sql = normalise_schema(behind, old, NULL);
  bool same = from->sql == old && to->sql == wanted;
  return plan->len == 0 || same ? plan : sql_diff(from->sql, to->sql, &options, mem);
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
