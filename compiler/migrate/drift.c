#include "migrate/drift.h"

#include "migrate/diagnose.h"
#include "migrate/guard.h"
#include "migrate/reset.h"
#include "migrate/weigh.h"

migrate_status drift_find(const migrate_context *context, const sql_schema *expected, connection *db,
                          drift *out, migrate_report *report)
{
  const sql_schema *actual;
  buf text = {.mem = context->mem};
  *out = (drift){0};
  if (diagnose_inspect(context, db, &actual) != SC_OK) return connection_failed(context->mem, report);
  const sql_plan *plan = sql_diff(expected, actual, &(sql_diff_options){.prisma_only = true}, context->mem);
  if (plan->len == 0) return MIGRATE_DONE;
  out->plan = plan;
  sql_summary(plan, &text);
  report->drift = buf_str(&text);
  return MIGRATE_DONE;
}

/* ---- which way? ---- */

static const struct {
  migrate_drift way;
  const char *word, *meaning;
} ways[] = {
    {MIGRATE_DRIFT_ADOPT, "adopt", "write it down as a migration that counts as applied"},
    {MIGRATE_DRIFT_REVERT, "revert", "take it back in the database"},
    {MIGRATE_DRIFT_IGNORE, "ignore", "leave it there, and go on"},
    {MIGRATE_DRIFT_RESET, "reset", "drop everything and apply all migrations. All data will be lost."},
};
enum { WAYS = sizeof ways / sizeof *ways };

bool migrate_drift_read(str word, migrate_drift *out)
{
  for (size_t i = 0; i < WAYS; i++) {
    if (!str_eq(word, str_from(ways[i].word))) continue;
    *out = ways[i].way;
    return true;
  }
  return false;
}

static void say(const migrate_report *report, buf *out)
{
  BUF_LIT(out,
          "Drift detected: Your database schema is not in sync with your migration history.\n\n"
          "The following is a summary of the differences between the expected database schema given your "
          "migrations files, and the actual schema of the database.\n\nIt should be understood as the set "
          "of changes to get from the expected schema to the actual schema.\n");
  buf_add(out, report->drift);
}

static void list_ways(buf *out, const char *before)
{
  for (size_t i = 0; i < WAYS; i++)
    sc_buf_format(out, "  %s%-6s  %s\n", before, ways[i].word, ways[i].meaning);
}

static migrate_status refuse(arena *mem, migrate_report *report)
{
  buf text = {.mem = mem};
  say(report, &text);
  BUF_LIT(&text, "\nNothing was changed. Say what shall be done about it:\n");
  list_ways(&text, "--drift ");
  report_refused(report, "", sc_str_trim(buf_str(&text)));
  return MIGRATE_CANCELLED;
}

static migrate_status ask(const migrate_context *context, migrate_drift *way, migrate_report *report)
{
  if (!context->ask) return refuse(context->mem, report);
  buf text = {.mem = context->mem};
  say(report, &text);
  buf_char(&text, '\n');
  list_ways(&text, "");
  BUF_LIT(&text, "\nWhat shall be done about it (anything else: nothing)?");
  if (migrate_drift_read(context->ask(context->ui, buf_str(&text)), way)) return MIGRATE_DONE;
  report->error = STR("Cancelled. Nothing was changed.");
  return MIGRATE_CANCELLED;
}

/* ---- what does it cost? ---- */

static migrate_status plan_adoption(const migrate_context *context, const migrate_dev_options *options,
                                    const folder *migrations, drift *d)
{
  buf script = {.mem = context->mem};
  sql_render(d->plan, &script);
  sc_buf_c(&script);
  d->script = buf_str(&script);
  d->name = folder_new_name(context->mem, migrations, options->name_given ? options->name : STR("drift"));
  return MIGRATE_DONE;
}

static migrate_status plan_reversal(const migrate_context *context, const migrate_dev_options *options,
                                    connection *db, drift *d, migrate_report *report)
{
  buf script = {.mem = context->mem};
  const sql_plan *back =
      sql_diff(d->plan->to, d->plan->from, &(sql_diff_options){.prisma_only = true}, context->mem);
  sql_render(back, &script);
  sc_buf_c(&script);
  d->script = buf_str(&script);
  return weigh_plan(context, back, db,
                    &(weigh_options){
                        .accepted = options->accept_data_loss,
                        .question = STR("Are you sure you want to take the drift back?"),
                        .way_out = STR("The drift cannot be taken back as long as these rows are there."),
                    },
                    report);
}

static migrate_status guard(const migrate_context *context, connection *db, migrate_report *report)
{
  static const guard_texts texts = {
      .question = STR_INIT("Are you sure you want to reset your database? All data will be lost."),
      .unasked = STR_INIT("There is no terminal to ask whether all data may be lost."),
      .cancelled = STR_INIT("Reset cancelled."),
  };
  return guard_pass(context, db, &texts, report);
}

migrate_status drift_decide(const migrate_context *context, const migrate_dev_options *options,
                            const folder *migrations, connection *db, drift *d, migrate_report *report)
{
  if (!d->plan) return MIGRATE_DONE;
  d->way = options->drift;
  migrate_status status = d->way == MIGRATE_DRIFT_ASK ? ask(context, &d->way, report) : MIGRATE_DONE;
  if (status != MIGRATE_DONE) return status;
  switch (d->way) {
  case MIGRATE_DRIFT_ADOPT: return plan_adoption(context, options, migrations, d);
  case MIGRATE_DRIFT_REVERT: return plan_reversal(context, options, db, d, report);
  case MIGRATE_DRIFT_RESET: return guard(context, db, report);
  case MIGRATE_DRIFT_ASK:
  case MIGRATE_DRIFT_IGNORE: break;
  }
  return MIGRATE_DONE;
}

migrate_status drift_prove(drift *d, shadow *s, migrate_report *report)
{
  str failure;
  if (d->way != MIGRATE_DRIFT_ADOPT || shadow_try(s, d->script, &failure)) return MIGRATE_DONE;
  return report_refused(
      report, "P3006",
      sc_str_format(s->db.mem,
                    "The drift cannot be adopted: as a migration behind the others it does not "
                    "apply to the shadow database.\nError:\n%.*s",
                    STR_ARG(failure)));
}

/* ---- doing it ---- */

static migrate_status adopt(const migrate_context *context, connection *db, const drift *d,
                            migrate_report *report)
{
  migrate_status status = folder_write(context, d->name, d->script, STR_NONE, report);
  if (status != MIGRATE_DONE) return status;
  if (history_create(db) != SC_OK ||
      history_mark_applied(db, d->name, folder_checksum(context->mem, d->script)) != SC_OK) {
    folder_remove(context, d->name);
    return connection_failed(context->mem, report);
  }
  report->created = d->name;
  sc_buf_format(&report->text,
                "The drift was written down as the migration %.*s, which counts as applied.\n\n",
                STR_ARG(d->name));
  return MIGRATE_DONE;
}

static migrate_status revert(const migrate_context *context, connection *db, const drift *d,
                             migrate_report *report)
{
  str failure, sqlstate;
  if (apply_script(db, d->script, &failure, &sqlstate) != SC_OK)
    return report_refused(
        report, "",
        sc_str_format(context->mem, "The drift could not be taken back.\n%.*s", STR_ARG(failure)));
  BUF_LIT(&report->text, "The drift was taken back.\n\n");
  return MIGRATE_DONE;
}

static migrate_status reset(const migrate_context *context, connection *db, migrate_report *report)
{
  migrate_status status = reset_all(context, db, report);
  if (status == MIGRATE_DONE) BUF_LIT(&report->text, "Database reset successful\n\n");
  return status;
}

migrate_status drift_settle(const migrate_context *context, connection *db, drift *d, migrate_report *report)
{
  if (!d->plan) return MIGRATE_DONE;
  switch (d->way) {
  case MIGRATE_DRIFT_ADOPT: return adopt(context, db, d, report);
  case MIGRATE_DRIFT_REVERT: return revert(context, db, d, report);
  case MIGRATE_DRIFT_RESET: return reset(context, db, report);
  case MIGRATE_DRIFT_ASK:
  case MIGRATE_DRIFT_IGNORE: break;
  }
  return MIGRATE_DONE;
}
