/* What was applied to a database: the rows of `_prisma_migrations`. */
#ifndef MIGRATE_HISTORY_H
#define MIGRATE_HISTORY_H

#include "migrate/connection.h"

typedef struct history_row history_row;
struct history_row {
  str id, name, checksum, logs;
  str started_at; /* 2026-11-21 01:45:21.170 UTC */
  bool finished, rolled_back;
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
/* The first row that neither finished nor was rolled back, or NULL. */
const history_row *history_failed(const history *rows);

/* Makes the table unless it exists. */
sc_status history_create(connection *db);
/* A row of its own transaction, before the script runs. *id is the row's. */
sc_status history_start(connection *db, str name, str checksum, str *id);
sc_status history_finish(connection *db, str id);
sc_status history_fail(connection *db, str id, str logs);
/* A row of a migration that a hand has applied, finished and without steps. */
sc_status history_mark_applied(connection *db, str name, str checksum);
sc_status history_mark_rolled_back(connection *db, str id);

#endif
