/* Running migrations.
 *
 * A migration's row in `_prisma_migrations` is begun in a transaction of its own. Then:
 *
 *   - a script that is one transaction goes as one simple query, and the row is finished by it: either both
 * stand or neither. Cut off at any point (kill -9, a server that stops), it is simply run again;
 *   - a script of several transactions, or one with `-- schemac:transaction off` at its top, goes unit by
 * unit (unit.h), each committed with a row of the journal (journal.h), or for a statement that no transaction
 * can hold (lone.h) between two of them. Cut off, it goes on where it stopped, by what the journal and the
 * catalog say;
 *   - what can be neither goes whole, as Prisma sends it. Cut off, it is for a person to look (P3009).
 *
 * A script that fails leaves what Prisma leaves: its row unfinished, with the error in `logs`. */
#ifndef MIGRATE_APPLY_H
#define MIGRATE_APPLY_H

#include "migrate/folder.h"
#include "migrate/history.h"

/* Runs a script that nobody records: as one simple query, which is one transaction unless it says BEGIN, or
 * statement by statement where it says `-- schemac:transaction off`. When it fails, `*failure` says what
 * PostgreSQL said, with the lines around the place, and `*sqlstate` its code; the session is usable again. */
sc_status apply_script(connection *db, str script, str *failure, str *sqlstate);

/* Applies and records those that the history lacks, in the order of the folder, adding their names to
 * report->applied. Stops at the first failure, which is recorded too (P3018). The caller holds the lock: what
 * another run has left half done is gone on with. */
migrate_status apply_pending(connection *db, const folder *migrations, migrate_report *report);
/* One new migration, recorded. */
migrate_status apply_migration(connection *db, const folder_entry *migration, migrate_report *report);
/* Goes on with a migration in several steps that failed: its row is `failed`. */
migrate_status apply_resume(connection *db, const folder_entry *migration, const history_row *failed,
                            migrate_report *report);
/* P3015 for a directory without its file. */
migrate_status apply_missing(connection *db, const folder_entry *migration, migrate_report *report);

#endif
