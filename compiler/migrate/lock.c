#include "migrate/lock.h"

#include <stdlib.h>
#include <time.h>

enum { LOCK_TIMEOUT_MS = 10000, LOCK_PAUSE_MS = 100 };

bool lock_enabled(void)
{
  const char *value = getenv("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK");
  return !value || !*value;
}

static migrate_status timed_out(connection *db, migrate_report *report)
{
  str place = connection_place(db),
      message = sc_str_format(db->mem,
                              "The database server at `%.*s` was reached but timed out.\n\nPlease try "
                              "again.\n\nPlease make sure your "
                              "database server is running at `%.*s`.\n\nContext: Timed out trying to acquire "
                              "a postgres advisory lock "
                              "(SELECT pg_advisory_lock(72707369)). Timeout: %dms. See "
                              "https://pris.ly/d/migrate-advisory-locking for details.",
                              STR_ARG(place), STR_ARG(place), LOCK_TIMEOUT_MS);
  report_refused(report, "P1002", message);
  return MIGRATE_UNREACHABLE;
}

migrate_status lock_take(connection *db, migrate_report *report)
{
  if (!lock_enabled()) return MIGRATE_DONE;
  for (int waited = 0; waited <= LOCK_TIMEOUT_MS; waited += LOCK_PAUSE_MS) {
    sc_rows rows;
    if (sc_query(db->session, db->mem, &rows, "SELECT pg_try_advisory_lock(72707369)", SC_NO_ARGS) != SC_OK)
      return connection_failed(db->mem, report);
    if (str_eq(str_from(sc_rows_text(&rows, 0, 0)), STR("t"))) return MIGRATE_DONE;
    nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_MS * 1000000L}, NULL);
  }
  return timed_out(db, report);
}

void lock_release(connection *db)
{
  sc_rows rows;
  if (db->session && lock_enabled())
    sc_query(db->session, db->mem, &rows, "SELECT pg_advisory_unlock(72707369)", SC_NO_ARGS);
}
