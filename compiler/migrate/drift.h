/* Drift: what the database has beyond its history, or lacks of it.
 *
 * It is printed, and settled as the user says: written down as a migration, taken back, left alone, or lost
 * in a reset. Nothing is done before drift_settle: until then the command may still be refused for another
 * reason. */
#ifndef MIGRATE_DRIFT_H
#define MIGRATE_DRIFT_H

#include "migrate/shadow.h"
#include "sql/sql.h"

typedef struct drift drift;
struct drift {
  const sql_plan *plan; /* from where the history leads to what there is; NULL: there is none */
  migrate_drift way;
  str name, script; /* of the migration that adopts it; the script that reverts it */
};

/* Compares the database with `expected`, where the applied migrations lead. */
migrate_status drift_find(const migrate_context *context, const sql_schema *expected, connection *db,
                          drift *out, migrate_report *report);
/* Takes the way that the options name, or asks for it; weighs what taking it back would cost. Where nobody
 * can be asked, or does not want any of the ways, the command is refused with the difference. */
migrate_status drift_decide(const migrate_context *context, const migrate_dev_options *options,
                            const folder *migrations, connection *db, drift *d, migrate_report *report);
/* What adopts it has to apply behind the whole history. */
migrate_status drift_prove(drift *d, shadow *s, migrate_report *report);
migrate_status drift_settle(const migrate_context *context, connection *db, drift *d, migrate_report *report);

#endif
