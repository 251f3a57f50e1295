/* Emptying a database's schemas: `migrate reset`, `db push --force-reset`. */
#ifndef MIGRATE_RESET_H
#define MIGRATE_RESET_H

#include "migrate/connection.h"

/* Drops everything that stands in the schemas of the data model (or else in the URL's), and the history. The
 * schemas themselves stay, with their owners, grants and default privileges; one that is missing is created.
 * Extensions in them go too where the role owns them, as with Prisma. What stands in other schemas goes only
 * where it depends on what is dropped (foreign keys, views). Runs in a transaction that the caller has begun;
 * P3016 when something does not let itself be dropped. */
migrate_status reset_schemas(const migrate_context *context, connection *db, migrate_report *report);
/* The same in a transaction of its own. */
migrate_status reset_all(const migrate_context *context, connection *db, migrate_report *report);

#endif
