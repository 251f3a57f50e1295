/* migrate deploy and migrate status. */
#include "migrate/apply.h"
#include "migrate/diagnose.h"
#include "migrate/lock.h"

/* ---- deploy ---- */

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

static migrate_status deploy(const migrate_context *context, connection *db, migrate_report *report)
{
  diagnosis found;
  migrate_status status = diagnose(context, db, &found, report);
  if (status != MIGRATE_DONE) return status;
  diagnose_count(context, &found, &report->text);
  status = refuse_unmanaged(context, db, &found, report);
  if (status == MIGRATE_DONE && found.failed.len)
    status = diagnose_refuse_failed(context->mem, &found, report);
  if (status == MIGRATE_DONE && found.pending.len == 0) {
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
  status = lock_take(&db, report);
  if (status == MIGRATE_DONE) {
    status = deploy(context, &db, report);
    lock_release(&db);
  }
  connection_close(&db);
  return status;
}

/* ---- status ---- */

static void list(buf *out, const migrate_names *names)
{
  for (size_t i = 0; i < names->len; i++) sc_buf_format(out, "%.*s\n", STR_ARG(names->items[i]));
}

static migrate_status say_failed(const diagnosis *found, buf *out)
{
  str last = found->failed.items[found->failed.len - 1];
  buf_add(out, found->failed.len == 1 ? STR("Following migration have failed:\n")
                                      : STR("Following migrations have failed:\n"));
  list(out, &found->failed);
  sc_buf_format(
      out,
      "\nDuring development if the failed migration(s) have not been deployed to a production database you "
      "can "
      "then fix the migration(s) and run schemac migrate dev.\n\nThe row of `%.*s` in `_prisma_migrations` "
      "holds the error. Read more about how to resolve migration issues in a production database:\n"
      "https://pris.ly/d/migrate-resolve\n",
      STR_ARG(last));
  return MIGRATE_REFUSED;
}

static migrate_status say_diverged(const migrate_context *context, const diagnosis *found, buf *out)
{
  BUF_LIT(out, "Your local migration history and the migrations table from your database are different:\n\n");
  if (found->last_common.len)
    sc_buf_format(out, "The last common migration is: %.*s\n\n", STR_ARG(found->last_common));
  if (found->pending.len) {
    BUF_LIT(out, "The migration(s) have not yet been applied:\n");
    list(out, &found->pending);
    buf_char(out, '\n');
  }
  sc_buf_format(out, "The migration(s) from the database are not found locally in %.*s:\n",
                STR_ARG(context->folder));
  list(out, &found->missing);
  return MIGRATE_REFUSED;
}

static migrate_status say_pending(const diagnosis *found, buf *out)
{
  buf_add(out, found->pending.len == 1 ? STR("Following migration have not yet been applied:\n")
                                       : STR("Following migrations have not yet been applied:\n"));
  list(out, &found->pending);
  BUF_LIT(out, "\nTo apply migrations in development run schemac migrate dev.\n"
               "To apply migrations in production run schemac migrate deploy.\n");
  return MIGRATE_REFUSED;
}

static migrate_status say_unmanaged(buf *out)
{
  BUF_LIT(out, "The current database is not managed by Prisma Migrate.\n\n"
               "Read more about how to baseline an existing production database:\n"
               "https://pris.ly/d/migrate-baseline\n");
  return MIGRATE_REFUSED;
}

static migrate_status compare(const migrate_context *context, connection *db, migrate_report *report)
{
  diagnosis found;
  const sql_schema *live;
  buf *out = &report->text;
  migrate_status status = diagnose(context, db, &found, report);
  if (status != MIGRATE_DONE) return status;
  report->pending = found.pending;
  diagnose_count(context, &found, out);
  if (found.failed.len) return say_failed(&found, out);
  if (found.missing.len) return say_diverged(context, &found, out);
  if (!found.rows.exists) {
    if (diagnose_inspect(context, db, &live) != SC_OK) return connection_failed(context->mem, report);
    if (!diagnose_is_empty(live)) return say_unmanaged(out);
  }
  if (found.pending.len) return say_pending(&found, out);
  BUF_LIT(out, "Database schema is up to date!\n");
  return MIGRATE_DONE;
}

migrate_status migrate_status_of(const migrate_context *context, migrate_report *report)
{
  connection db;
  *report = (migrate_report){0};
  migrate_status status = connection_open(context->mem, context->url, &db, report);
  if (status != MIGRATE_DONE) return status;
  status = compare(context, &db, report);
  connection_close(&db);
  return status;
}
