/* Which units of a migration stand, when it is run in several steps.
 *
 * `_schemac.journal` has a row for each unit that was begun; a unit that a transaction can hold commits
 * together with its row. It is filled while a migration runs and emptied of it when it has ended well, and
 * made when it is first needed. It stands in a schema of its own, so that nobody takes it for drift. */
#ifndef MIGRATE_JOURNAL_H
#define MIGRATE_JOURNAL_H

#include "migrate/connection.h"
#include "migrate/unit.h"

#define JOURNAL_SCHEMA "_schemac"

typedef struct journal_row journal_row;
struct journal_row {
  bool begun, finished;
  str checksum; /* of the unit's text */
  str before;   /* what lone_before said; of an UPDATE in batches: how far it is */
};

/* Makes the schema and the table, which takes the right to create schemas in the database (42501), unless
 * they are there. */
sc_status journal_ready(connection *db);
/* The rows of a migration, by the number of the unit, into `out`, which has `count` zeroed ones. *standing
 * counts the finished ones. Fine when the journal does not exist. `id` is that of its row in
 * `_prisma_migrations`. */
sc_status journal_read(connection *db, str id, size_t count, journal_row *out, size_t *standing);

/* SQL to be sent with a unit, which notes that it has finished. */
void journal_note(buf *out, str id, size_t number, const unit *u, str checksum);
/* The same with a batch, which notes how far the unit is. */
void journal_note_batch(buf *out, str id, size_t number, const unit *u, str checksum, str reached);
/* For a unit that cannot carry its note: before it, and behind it. */
sc_status journal_begin(connection *db, str id, size_t number, const unit *u, str checksum, str before);
sc_status journal_finish(connection *db, str id, size_t number);
/* It has left nothing. */
sc_status journal_drop(connection *db, str id, size_t number);
/* Forgets a migration, where there is a journal. */
sc_status journal_clear(connection *db, str id);
/* SQL that forgets a migration. */
void journal_forget(buf *out, str id);

#endif
