/* migrate deploy. */
#include "migrate/apply.h"
#include "migrate/diagnose.h"
#include "migrate/lock.h"

/* A database that others have filled must be baselined first. */
static migrate_status refuse_unmanaged(const migrate_context *context, connection *db, const diagnosis *found,
                                       migrate_report *report)
{
  const sql_schema *live;
  if (found->rows.exists) return MIGRATE_DONE;
  if (diagnose_inspect(context, db, &live) != SC_OK) return connection_failed(context->mem, report);
  if (diagnose_is_empty(live)) return MIGRATE_DONE;
  return report_refused(
      report, "P3005",
      STR("The database schema is not empty. Read more about how to baseline an existing production "
          "database: https://pris.ly/d/migrate-baseline"));
}

static void say_applied(const migrate_context *context, migrate_report *report)
{
  if (report->applied.len == 0) return;
  BUF_LIT(&report->text, "The following migration(s) have been applied:\n\n");
  folder_tree(context, &report->applied, &report->text);
  buf_char(&report->text, '\n');
}

/* --resume: what a migration in steps could not do has been made possible; its steps that stand are not run
 * again. */
static migrate_status resume(const migrate_context *context, connection *db, const diagnosis *found,
                             migrate_report *report)
{
  const history_row *row = history_failed(&found->rows);
  const folder_entry *entry = folder_find(&found->migrations, row->name);
  if (entry && row->run == HISTORY_STEPS) return apply_resume(db, entry, row, report);
  return report_refused(
      report, "P3009",
      sc_str_format(
          context->mem,
          "The `%.*s` migration cannot be resumed: %s. Undo what is left of it in the database, if anything "
          "is, and mark it with `schemac migrate resolve --rolled-back`.",
          STR_ARG(row->name),
          entry ? "it was not run in steps that were noted, so that it either left nothing or is not known"
                : "it is not in the folder"));
}

static migrate_status refuse_failed(const migrate_context *context, const diagnosis *found,
                                    migrate_report *report)
{
  migrate_status status = diagnose_refuse_failed(context->mem, found, report);
  if (history_failed(&found->rows)->run == HISTORY_STEPS)
    report->error =
        sc_str_format(context->mem,
                      "%.*s\n\nWhen what stopped it is mended, `schemac migrate deploy --resume` goes on "
                      "behind its steps that stand.",
                      STR_ARG(report->error));
  return status;
}

static migrate_status deploy(const migrate_context *context, connection *db, migrate_report *report)
{
  diagnosis found;
  migrate_status status = diagnose(context, db, &found, report);
  if (status != MIGRATE_DONE) return status;
  diagnose_count(context, &found, &report->text);
  status = refuse_unmanaged(context, db, &found, report);
  if (status == MIGRATE_DONE && found.failed.len)
    status = context->resume ? resume(context, db, &found, report) : refuse_failed(context, &found, report);
  if (status == MIGRATE_DONE && found.failed.len == 0 && found.pending.len == 0) {
    BUF_LIT(&report->text, "No pending migrations to apply.\n");
    return MIGRATE_DONE;
  }
  if (status == MIGRATE_DONE) status = apply_pending(db, &found.migrations, report);
  say_applied(context, report);
  if (status == MIGRATE_DONE) BUF_LIT(&report->text, "All migrations have been successfully applied.\n");
  return status;
}

migrate_status migrate_deploy(const migrate_context *context, migrate_report *report)
{
  connection db;
  *report = (migrate_report){0};
  migrate_status status = connection_open_or_create(context->mem, context->url, &db, report);
  if (status != MIGRATE_DONE) return status;
  connection_watch(&db, context);
  status = lock_take(&db, report);
  if (status == MIGRATE_DONE) {
    status = deploy(context, &db, report);
    lock_release(&db);
  }
  connection_close(&db);
  return status;
}
