#include "migrate/lock.h"

#include <stdlib.h>
#include <time.h>

#define LOCK_KEY "72707369" /* Prisma's */
enum { LOCK_TIMEOUT_MS = 10000, LOCK_PAUSE_MS = 50 };

bool lock_enabled(void)
{
  const char *value = getenv("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK");
  return !value || !*value;
}

/* Who has it, and since when it has been doing what. */
static void say_holder(connection *db, buf *out)
{
  sc_rows rows;
  static const char sql[] =
      "SELECT a.pid, coalesce(nullif(a.application_name, ''), 'unknown'), a.state,"
      " date_trunc('second', clock_timestamp() - a.query_start), left(regexp_replace(a.query, '\\s+', ' ', "
      "'g'), 200)"
      " FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted"
      " AND l.classid = 0 AND l.objid = " LOCK_KEY " AND l.objsubid = 1"
      " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
  if (sc_query(db->session, db->mem, &rows, sql, SC_NO_ARGS) != SC_OK || rows.len == 0) return;
  sc_buf_format(out, "\n\nIt is held by process %s (%s, %s for %s): %s", sc_rows_text(&rows, 0, 0),
                sc_rows_text(&rows, 0, 1), sc_rows_text(&rows, 0, 2), sc_rows_text(&rows, 0, 3),
                sc_rows_text(&rows, 0, 4));
}

static migrate_status timed_out(connection *db, migrate_report *report)
{
  str place = connection_place(db);
  buf text = {.mem = db->mem};
  sc_buf_format(
      &text,
      "The database server at `%.*s` was reached but timed out.\n\nPlease try again.\n\nPlease make sure "
      "your database server is running at `%.*s`.\n\nContext: Timed out trying to acquire a postgres "
      "advisory lock (SELECT pg_advisory_lock(" LOCK_KEY ")). Timeout: %dms. See "
      "https://pris.ly/d/migrate-advisory-locking for details.",
      STR_ARG(place), STR_ARG(place), LOCK_TIMEOUT_MS);
  say_holder(db, &text);
  report_refused(report, "P1002", buf_str(&text));
  return MIGRATE_UNREACHABLE;
}

/* ---- poolers ---- */

static migrate_status refuse_pooler(connection *db, migrate_report *report)
{
  return report_refused(
      report, "",
      sc_str_format(
          db->mem,
          "`%.*s` is a pooler in transaction mode (PgBouncer): it hands the statements of one session to "
          "several server connections, so that neither a lock nor a setting can be relied on. Name the "
          "server "
          "itself with `directUrl` in the datasource, or with --url. Nothing was changed.",
          STR_ARG(connection_place(db))));
}

/* A second session that finds itself holding the lock of the first shares its server connection. Where no
 * second one can be had, nothing is known and nothing said. */
static bool shares_connection(connection *db)
{
  migrate_report ignored = {0};
  connection second;
  sc_rows rows;
  if (connection_open(db->mem, db->url, &second, &ignored) != MIGRATE_DONE) return false;
  sc_status status = sc_query(
      second.session, db->mem, &rows,
      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = " LOCK_KEY
      " AND pid = pg_backend_pid()",
      SC_NO_ARGS);
  bool shares = status == SC_OK && !str_eq(str_from(sc_rows_text(&rows, 0, 0)), STR("0"));
  connection_close(&second);
  return shares;
}

/* ---- taking it ---- */

static migrate_status take(connection *db, migrate_report *report)
{
  for (int waited = 0; waited <= LOCK_TIMEOUT_MS; waited += LOCK_PAUSE_MS) {
    sc_rows rows;
    if (sc_query(db->session, db->mem, &rows, "SELECT pg_try_advisory_lock(" LOCK_KEY ")", SC_NO_ARGS) !=
        SC_OK)
      return connection_failed(db->mem, report);
    if (str_eq(str_from(sc_rows_text(&rows, 0, 0)), STR("t"))) return MIGRATE_DONE;
    migrate_status status = connection_go_on(db, report);
    if (status != MIGRATE_DONE) return status;
    nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_MS * 1000000L}, NULL);
  }
  return timed_out(db, report);
}

migrate_status lock_take(connection *db, migrate_report *report)
{
  if (!lock_enabled()) return MIGRATE_DONE;
  migrate_status status = take(db, report);
  if (status != MIGRATE_DONE || !shares_connection(db)) return status;
  lock_release(db);
  return refuse_pooler(db, report);
}

void lock_release(connection *db)
{
  sc_rows rows;
  if (db->session && lock_enabled())
    sc_query(db->session, db->mem, &rows, "SELECT pg_advisory_unlock(" LOCK_KEY ")", SC_NO_ARGS);
}
