/* db push: from the schema straight to the database. */
#include "migrate/apply.h"
#include "migrate/counts.h"
#include "migrate/diagnose.h"
#include "migrate/guard.h"
#include "migrate/lock.h"
#include "migrate/lost.h"
#include "migrate/normalise.h"
#include "migrate/reset.h"

typedef struct push_run push_run;
struct push_run {
  const migrate_context *context;
  const migrate_push_options *options;
  migrate_report *report;
  arena *mem;
  connection db;
  const sql_plan *plan;
};

static migrate_status failed(push_run *run)
{
  return connection_failed(run->mem, run->report);
}

/* ---- what is to be done ---- */

/* Of what only our extensions can say the migrations beside the schema tell what is ours to drop. */
static migrate_status plan(push_run *run)
{
  const sql_schema *live = NULL, *wanted = sql_lower(run->context->schema, run->mem);
  folder migrations;
  migrate_status status = folder_read(run->context, &migrations, run->report);
  if (status != MIGRATE_DONE) return status;
  if (diagnose_inspect(run->context, &run->db, &live) != SC_OK) return failed(run);
  sql_claims claims = folder_claims(run->mem, &migrations);
  sql_diff_options options = {.claims = &claims};
  run->plan = sql_diff(live, wanted, &options, run->mem);
  const sql_schema *spelt = normalise_schema(&run->db, wanted, run->plan);
  if (spelt != wanted) run->plan = sql_diff(live, spelt, &options, run->mem);
  run->report->differs = run->plan->len > 0;
  return MIGRATE_DONE;
}

/* ---- what it costs ---- */

static migrate_status refuse_unexecutable(const push_run *run, const migrate_names *texts)
{
  buf text = {.mem = run->mem};
  BUF_LIT(&text, "⚠️ We found changes that cannot be executed:\n\n");
  for (size_t i = 0; i < texts->len; i++) sc_buf_format(&text, "  • %.*s\n", STR_ARG(texts->items[i]));
  BUF_LIT(&text, "\nYou may use the --force-reset flag to drop the database before push like schemac db push "
                 "--force-reset\nAll data will be lost.");
  return report_refused(run->report, "", buf_str(&text));
}

static migrate_status ask(const push_run *run, const migrate_names *warnings)
{
  const migrate_context *context = run->context;
  if (warnings->len == 0) return MIGRATE_DONE;
  buf text = {.mem = run->mem};
  BUF_LIT(&text, "⚠️  There might be data loss when applying the changes:\n\n");
  for (size_t i = 0; i < warnings->len; i++)
    sc_buf_format(&text, "  • %.*s\n\n", STR_ARG(warnings->items[i]));
  if (run->options->accept_data_loss) {
    buf_add(&run->report->text, buf_str(&text));
    return MIGRATE_DONE;
  }
  if (!context->confirm) {
    BUF_LIT(&text, "Use the --accept-data-loss flag to ignore the data loss warnings like schemac db push "
                   "--accept-data-loss");
    return report_refused(run->report, "", buf_str(&text));
  }
  BUF_LIT(&text, "Do you want to ignore the warning(s)?");
  if (context->confirm(context->ui, buf_str(&text))) return MIGRATE_DONE;
  run->report->error = STR("Push cancelled.");
  return MIGRATE_CANCELLED;
}

static migrate_status weigh(push_run *run)
{
  sql_hazard_list hazards = sql_hazards(run->plan, run->mem);
  hazard_texts texts = counts_evaluate(&run->db, &hazards);
  lost_objects(&run->db, run->plan, &texts.warnings);
  run->report->warnings = texts.warnings;
  run->report->unexecutable = texts.unexecutable;
  if (texts.unexecutable.len) return refuse_unexecutable(run, &texts.unexecutable);
  migrate_status status = texts.destroys ? guard_change(&run->db, run->report) : MIGRATE_DONE;
  return status == MIGRATE_DONE ? ask(run, &texts.warnings) : status;
}

/* ---- doing it ---- */

/* Prisma's script makes an enum anew in a transaction of its own; here all is one. */
static str without_transaction(str script)
{
  static const str begin = STR_INIT("BEGIN;\n"), commit = STR_INIT("COMMIT;\n");
  bool own = str_starts(script, begin) && str_ends(script, commit);
  return own ? str_slice(script, begin.len, script.len - commit.len) : script;
}

static str render(const push_run *run)
{
  buf out = {.mem = run->mem};
  for (size_t i = 0; i < run->plan->len; i++) {
    const sql_step *step = &run->plan->steps[i];
    buf one = {.mem = run->mem};
    sql_render_step(run->plan, step, &one);
    buf_add(&out, step->kind == SQL_ALTER_ENUM && step->rewrite ? without_transaction(buf_str(&one))
                                                                : buf_str(&one));
  }
  sc_buf_c(&out);
  return buf_str(&out);
}

static migrate_status apply(push_run *run)
{
  str failure, sqlstate;
  if (run->plan->len == 0) return MIGRATE_DONE;
  if (apply_script(&run->db, render(run), &failure, &sqlstate) == SC_OK) return MIGRATE_DONE;
  return report_refused(run->report, "",
                        sc_str_format(run->mem,
                                      "The database refused the change, and nothing of it was done.\n%.*s",
                                      STR_ARG(failure)));
}

/* ---- --force-reset ---- */

static void say_reset(const push_run *run)
{
  buf *out = &run->report->text;
  const migrate_url *place = &run->db.place;
  const dm_datasource *datasource = &run->context->schema->datasource;
  sc_buf_format(out, "The PostgreSQL database \"%.*s\" schema%s \"", STR_ARG(place->database),
                datasource->schema_count > 1 ? "s" : "");
  if (!datasource->schema_count) buf_add(out, place->schema);
  for (size_t i = 0; i < datasource->schema_count; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, datasource->schemas[i]);
  }
  sc_buf_format(out, "\" at \"%.*s\" %s successfully reset.\n", STR_ARG(connection_place(&run->db)),
                datasource->schema_count > 1 ? "were" : "was");
}

/* In one transaction: a schema that does not apply leaves the data where it was. */
static migrate_status push_anew(push_run *run)
{
  sc_db *session = run->db.session, *tx;
  if (sc_begin(session, &(sc_tx_options){.timeout_ms = -1}, &tx) != SC_OK) return failed(run);
  run->db.session = tx;
  migrate_status status = reset_schemas(run->context, &run->db, run->report);
  if (status == MIGRATE_DONE) status = plan(run);
  if (status == MIGRATE_DONE) status = apply(run);
  run->db.session = session;
  if (status != MIGRATE_DONE) {
    sc_rollback(tx);
    return status;
  }
  if (sc_commit(tx) != SC_OK) return failed(run);
  say_reset(run);
  return MIGRATE_DONE;
}

static migrate_status push(push_run *run)
{
  if (run->options->force_reset) return push_anew(run);
  migrate_status status = plan(run);
  if (status == MIGRATE_DONE) status = weigh(run);
  return status == MIGRATE_DONE ? apply(run) : status;
}

/* Prisma's scripts pass --force-reset and nothing else: where nobody can be asked, that will do. */
static migrate_status guard(const migrate_context *context, connection *db, migrate_report *report)
{
  static const guard_texts texts = {
      .question = STR_INIT("Are you sure you want to drop the database before push? All data will be lost."),
      .cancelled = STR_INIT("Push cancelled."),
  };
  migrate_context forced = *context;
  forced.force = !context->ask;
  return guard_pass(&forced, db, &texts, report);
}

migrate_status migrate_push(const migrate_context *context, const migrate_push_options *options,
                            migrate_report *report)
{
  push_run run = {.context = context, .options = options, .report = report, .mem = context->mem};
  *report = (migrate_report){0};
  migrate_status status = connection_open_or_create(context->mem, context->url, &run.db, report);
  if (status == MIGRATE_DONE && options->force_reset && !report->database_created)
    status = guard(context, &run.db, report);
  if (status == MIGRATE_DONE) status = lock_take(&run.db, report);
  if (status == MIGRATE_DONE) {
    status = push(&run);
    lock_release(&run.db);
  }
  connection_close(&run.db);
  return status;
}
