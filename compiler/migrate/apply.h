/* Running migrations. */
#ifndef MIGRATE_APPLY_H
#define MIGRATE_APPLY_H

#include "migrate/folder.h"
#include "migrate/history.h"

/* Sends a script as one simple query, which is one transaction unless it says BEGIN. When it fails,
 * `*failure` says what PostgreSQL said, with the lines around the place, and `*sqlstate` its code; the
 * session is usable again. */
sc_status apply_script(connection *db, str script, str *failure, str *sqlstate);

/* Applies and records those that the history lacks, in the order of the folder, adding their names to
 * report->applied. Stops at the first failure, which is recorded too (P3018). */
migrate_status apply_pending(connection *db, const folder *migrations, migrate_report *report);
/* One migration, recorded. */
migrate_status apply_migration(connection *db, const folder_entry *migration, migrate_report *report);
/* P3015 for a directory without its file. */
migrate_status apply_missing(connection *db, const folder_entry *migration, migrate_report *report);

#endif
