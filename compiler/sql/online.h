/* The same plan as a script that keeps others waiting as little as PostgreSQL allows.
 *
 * Its statements are sent one by one (`-- schemac:transaction off`), each under a lock_timeout, and tried again
 * when they did not get their lock (`-- schemac:retry`). Where it leads is where sql_render leads. On tables that
 * stand already (sources: the PostgreSQL manual, ALTER TABLE "Notes", CREATE INDEX "Building Indexes Concurrently"):
 *
 *   an index                CREATE INDEX CONCURRENTLY, and DROP INDEX CONCURRENTLY; one that changes under its name
 *                           is made beside the old one before that goes
 *   a primary key, a        such an index, which the constraint then takes over; of two keys one always stands
 *   deferrable unique key
 *   a foreign key, a check  ADD … NOT VALID, then VALIDATE
 *   a backfill              an UPDATE in batches (`-- schemac:batches`; migrate/batches.h), each in a transaction
 *   SET NOT NULL            a valid CHECK (… IS NOT NULL) first, which spares the scan, and goes afterwards; behind a
 *                           backfill that is done once more while the check is NOT VALID, for rows that came meanwhile
 *
 * What there is no such form for stays as it is, with a comment that says so: a column's type where the table has to
 * be rewritten, values that every row has to be given, the keys of a partitioned table.
 *
 * A script that touches nothing that stands is the plain one. */
#ifndef SQL_ONLINE_H
#define SQL_ONLINE_H

#include "sql/sql.h"

void sql_render_online(const sql_plan *plan, buf *out);

#endif
