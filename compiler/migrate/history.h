/* What was applied to a database: the rows of `_prisma_migrations`. */
#ifndef MIGRATE_HISTORY_H
#define MIGRATE_HISTORY_H

#include "migrate/connection.h"

/* How a migration was begun, which says what stands of one that was cut off. It is part of the row's id, so
 * that no other table is needed for it: ids are random UUIDs (version 4), and ours sign themselves in the
 * last four bytes. */
typedef enum history_run {
  HISTORY_WHOLE,  /* by Prisma, or in a way that leaves it open what stands */
  HISTORY_ATOMIC, /* the row finishes together with the script: unfinished, nothing of it stands */
  HISTORY_STEPS,  /* the journal knows */
} history_run;

typedef struct history_row history_row;
struct history_row {
  str id, name, checksum, logs;
  str started_at; /* 2026-11-21 01:45:21.170 UTC */
  bool finished, rolled_back;
  history_run run; /* how it was begun */
};

typedef struct history history;
struct history {
  bool exists;        /* the table does */
  history_row *items; /* in the order in which they were started */
  size_t len;
};

sc_status history_read(connection *db, history *out);
/* Applied, and not rolled back. */
bool history_applied(const history *rows, str name);
/* A row of a run of ours that was cut off (killed, disconnected) before it could note a success or a failure:
 * it can go on. The newest of that name, or NULL. Whoever asks holds the lock, so it runs no more. */
const history_row *history_cut_off(const history *rows, str name);
/* The first row that neither finished nor was rolled back, or NULL. */
const history_row *history_failed(const history *rows);

/* Makes the table unless it exists. */
sc_status history_create(connection *db);
/* A row in a transaction of its own, before the script runs; the session is a clean one then (no SET of an
 * earlier script, the URL's schema). A row that was cut off, when there is one, begins again under a new id.
 * *id is the row's. */
sc_status history_start(connection *db, str name, str checksum, history_run run, const history_row *again,
                        str *id);
/* The same row goes on, with what the file is now; the session is a clean one. */
sc_status history_resume(connection *db, str id, str checksum);
/* Another run of the same row: its id is replaced. */
sc_status history_change_run(connection *db, history_run run, str *id);
/* SQL that finishes the row, to be sent with the script or behind it, as whoever the session was opened for.
 */
void history_finish(connection *db, buf *out, str id);
sc_status history_fail(connection *db, str id, str logs);
/* A row of a migration that a hand has applied, finished and without steps. */
sc_status history_mark_applied(connection *db, str name, str checksum);
sc_status history_mark_rolled_back(connection *db, str id);
/* Of a migration that was taken back. Not marked as rolled back: to Prisma's `migrate status` a row that has
 * finished is applied, whatever else it says. */
sc_status history_remove(connection *db, str id);

#endif
