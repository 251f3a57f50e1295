/* One migration command at a time runs on a database. */
#ifndef MIGRATE_LOCK_H
#define MIGRATE_LOCK_H

#include "migrate/connection.h"

/* Takes Prisma's advisory lock for the session, waiting up to ten seconds (then P1002). It is asked for again
 * and again rather than waited for: a session that waits inside pg_advisory_lock holds up a CREATE INDEX
 * CONCURRENTLY. PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK in the environment turns it off, as with Prisma.
 *
 * A pooler in transaction mode keeps no lock for a session: it is refused, the way out is directUrl. */
migrate_status lock_take(connection *db, migrate_report *report);
void lock_release(connection *db);
/* Not turned off: whoever has the lock knows that no other run is at work. */
bool lock_enabled(void);

#endif
