/* migrate status: how the folder and the database stand to each other, in Prisma's words. */
#include "migrate/diagnose.h"

static void list(buf *out, const migrate_names *names)
{
  for (size_t i = 0; i < names->len; i++) sc_buf_format(out, "%.*s\n", STR_ARG(names->items[i]));
}

static const char *plural(const migrate_names *names)
{
  return names->len == 1 ? "" : "s";
}

static void say_pending(const diagnosis *found, buf *out)
{
  sc_buf_format(out, "Following migration%s have not yet been applied:\n", plural(&found->pending));
  list(out, &found->pending);
  BUF_LIT(out, "\nTo apply migrations in development run schemac migrate dev.\n"
               "To apply migrations in production run schemac migrate deploy.\n");
}

static void say_diverged(const migrate_context *context, const diagnosis *found, buf *out)
{
  BUF_LIT(out, "Your local migration history and the migrations table from your database are different:\n\n");
  if (found->last_common.len)
    sc_buf_format(out, "The last common migration is: %.*s\n\n", STR_ARG(found->last_common));
  if (found->pending.len) {
    sc_buf_format(out, "The migration%s have not yet been applied:\n", plural(&found->pending));
    list(out, &found->pending);
    buf_char(out, '\n');
  }
  sc_buf_format(out, "The migration%s from the database are not found locally in %.*s:\n",
                plural(&found->missing), STR_ARG(context->folder));
  list(out, &found->missing);
}

static void say_failed(const diagnosis *found, buf *out)
{
  str first = found->failed.items[0];
  sc_buf_format(out, "Following migration%s have failed:\n", plural(&found->failed));
  list(out, &found->failed);
  sc_buf_format(
      out,
      "\nDuring development if the failed migration(s) have not been deployed to a production database you "
      "can then fix the migration(s) and run schemac migrate dev.\n\n"
      "The failed migration(s) can be marked as rolled back or applied:\n\n"
      "- If you rolled back the migration(s) manually:\n"
      "schemac migrate resolve --rolled-back \"%.*s\"\n\n"
      "- If you fixed the database manually (hotfix):\n"
      "schemac migrate resolve --applied \"%.*s\"\n\n"
      "Read more about how to resolve migration issues in a production database:\n"
      "https://pris.ly/d/migrate-resolve\n",
      STR_ARG(first), STR_ARG(first));
}

static void say_unmanaged(const diagnosis *found, buf *out)
{
  BUF_LIT(out, "The current database is not managed by Prisma Migrate.\n\n");
  if (found->migrations.len) {
    str first = found->migrations.items[0].name;
    sc_buf_format(out,
                  "If you want to keep the current database structure and data and create new migrations, "
                  "baseline this "
                  "database with the migration \"%.*s\":\nschemac migrate resolve --applied \"%.*s\"\n\n",
                  STR_ARG(first), STR_ARG(first));
  }
  BUF_LIT(out, "Read more about how to baseline an existing production database:\n"
               "https://pris.ly/d/migrate-baseline\n");
}

/* Deploy does not mind these, so they do not change the verdict. */
static void say_edited(const diagnosis *found, buf *out)
{
  sc_buf_format(out, "Following migration%s were modified after they were applied:\n",
                plural(&found->edited));
  list(out, &found->edited);
  buf_char(out, '\n');
}

/* *unmanaged: others have filled the database. */
static migrate_status look_inside(const migrate_context *context, connection *db, const diagnosis *found,
                                  bool *unmanaged, migrate_report *report)
{
  const sql_schema *live;
  *unmanaged = false;
  if (found->rows.exists) return MIGRATE_DONE;
  if (diagnose_inspect(context, db, &live) != SC_OK) return connection_failed(context->mem, report);
  *unmanaged = !diagnose_is_empty(live) || found->migrations.len == 0;
  return MIGRATE_DONE;
}

static migrate_status compare(const migrate_context *context, connection *db, migrate_report *report)
{
  diagnosis found;
  buf *out = &report->text;
  bool unmanaged;
  migrate_status status = diagnose(context, db, &found, report);
  if (status == MIGRATE_DONE) status = look_inside(context, db, &found, &unmanaged, report);
  if (status != MIGRATE_DONE) return status;

  diagnose_count(context, &found, out);
  if (found.edited.len) say_edited(&found, out);
  bool diverged = found.missing.len > 0, behind = !diverged && found.pending.len > 0;
  if (diverged) say_diverged(context, &found, out);
  if (behind) say_pending(&found, out);
  if (found.failed.len && (diverged || behind)) buf_char(out, '\n');
  if (found.failed.len) say_failed(&found, out);
  if (unmanaged && behind) buf_char(out, '\n');
  if (unmanaged) say_unmanaged(&found, out);
  if (diverged || behind || found.failed.len || unmanaged) return MIGRATE_REFUSED;
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
