/* migrate resolve: what a hand did to the database, told to its history. */
#include "migrate/diagnose.h"
#include "migrate/journal.h"
#include "migrate/lock.h"

/* The example is Prisma's: a search for the message finds its help. */
#define EXAMPLE "(example: \"20201207184859_initial_migration\")"

static migrate_status not_found(arena *mem, str name, migrate_report *report)
{
  return report_refused(report, "P3017",
                        sc_str_format(mem,
                                      "The migration %.*s could not be found. Please make sure that the "
                                      "migration exists, and that you included the whole name of the "
                                      "directory. " EXAMPLE,
                                      STR_ARG(name)));
}

/* Those rows of the migration that failed; *count says how many. */
static migrate_status close_failed(connection *db, const history *rows, str name, size_t *count,
                                   migrate_report *report)
{
  *count = 0;
  for (size_t i = 0; i < rows->len; i++) {
    const history_row *row = &rows->items[i];
    if (row->finished || row->rolled_back || !str_eq(row->name, name)) continue;
    if (history_mark_rolled_back(db, row->id) != SC_OK || journal_clear(db, row->id) != SC_OK)
      return connection_failed(db->mem, report);
    (*count)++;
  }
  return MIGRATE_DONE;
}

static migrate_status mark_applied(const migrate_context *context, connection *db, str name,
                                   migrate_report *report)
{
  arena *mem = context->mem;
  folder migrations;
  history rows;
  size_t closed;
  migrate_status status = folder_read(context, &migrations, report);
  if (status != MIGRATE_DONE) return status;
  const folder_entry *entry = folder_find(&migrations, name);
  if (!entry || entry->missing) return not_found(mem, name, report);
  if (history_read(db, &rows) != SC_OK) return connection_failed(mem, report);
  if (history_applied(&rows, name))
    return report_refused(
        report, "P3008",
        sc_str_format(mem, "The migration `%.*s` is already recorded as applied in the database.",
                      STR_ARG(name)));
  sc_db *session = db->session, *tx;
  if (sc_begin(session, NULL, &tx) != SC_OK) return connection_failed(mem, report);
  db->session = tx;
  status = close_failed(db, &rows, name, &closed, report);
  if (status == MIGRATE_DONE &&
      (history_create(db) != SC_OK ||
       history_mark_applied(db, name, folder_checksum(mem, entry->script)) != SC_OK))
    status = connection_failed(mem, report);
  db->session = session;
  if (status != MIGRATE_DONE) {
    sc_rollback(tx);
    return status;
  }
  if (sc_commit(tx) != SC_OK) return connection_failed(mem, report);
  sc_buf_format(&report->text, "Migration %.*s marked as applied.\n", STR_ARG(name));
  return MIGRATE_DONE;
}

static bool recorded(const history *rows, str name)
{
  for (size_t i = 0; i < rows->len; i++)
    if (str_eq(rows->items[i].name, name)) return true;
  return false;
}

/* Whether it has failed, ever: to roll back twice does no harm, and Prisma allows it. */
static bool has_failed(const history *rows, str name)
{
  for (size_t i = 0; i < rows->len; i++)
    if (str_eq(rows->items[i].name, name) && !rows->items[i].finished) return true;
  return false;
}

static migrate_status mark_rolled_back(connection *db, str name, migrate_report *report)
{
  history rows;
  size_t closed;
  if (history_read(db, &rows) != SC_OK) return connection_failed(db->mem, report);
  if (!recorded(&rows, name))
    return report_refused(
        report, "P3011",
        sc_str_format(db->mem,
                      "Migration `%.*s` cannot be rolled back because it was never applied to the database. "
                      "Hint: did you pass in the whole migration name? " EXAMPLE,
                      STR_ARG(name)));
  if (!has_failed(&rows, name))
    return report_refused(
        report, "P3012",
        sc_str_format(db->mem, "Migration `%.*s` cannot be rolled back because it is not in a failed state.",
                      STR_ARG(name)));
  migrate_status status = close_failed(db, &rows, name, &closed, report);
  if (status == MIGRATE_DONE)
    sc_buf_format(&report->text, "Migration %.*s marked as rolled back.\n", STR_ARG(name));
  return status;
}

migrate_status migrate_resolve(const migrate_context *context, str applied, str rolled_back,
                               migrate_report *report)
{
  connection db;
  *report = (migrate_report){0};
  migrate_status status = connection_open(context->mem, context->url, &db, report);
  if (status != MIGRATE_DONE) return status;
  status = lock_take(&db, report);
  if (status == MIGRATE_DONE) {
    status = applied.len ? mark_applied(context, &db, applied, report)
                         : mark_rolled_back(&db, rolled_back, report);
    lock_release(&db);
  }
  connection_close(&db);
  return status;
}
