/* One database as the migration commands see it: a pool of one connection, and a session on it. */
#ifndef MIGRATE_CONNECTION_H
#define MIGRATE_CONNECTION_H

#include "migrate/migrate.h"

#include <schemac/schemac.h>

typedef struct connection connection;
struct connection {
  arena *mem;
  str url;
  migrate_url place;
  str stands_for; /* the schema as which place.schema counts; empty: itself */
  sc_db *pool, *session;
  void *ui; /* for these two, of the context (connection_watch); NULL: nobody watches */
  void (*progress)(void *ui, str line);
  bool (*stopped)(void *ui);
};

/* Opens the database. On failure the report holds Prisma's code and one message (P1000, P1001, P1003 …) and
 * nothing is open. */
migrate_status connection_open(arena *mem, str url, connection *out, migrate_report *report);
/* The same, but a database that does not exist is created, and so is the schema that the URL names. */
migrate_status connection_open_or_create(arena *mem, str url, connection *out, migrate_report *report);
/* What is done with the connection is told to the context's `progress`, and may be stopped. */
void connection_watch(connection *db, const migrate_context *context);
/* MIGRATE_CANCELLED, with a message, when it shall be: to be asked before each step that stands by itself. */
migrate_status connection_go_on(const connection *db, migrate_report *report);
/* Safe on a zeroed connection, and twice. */
void connection_close(connection *db);

/* Unqualified names mean the URL's schema again, whatever a migration has set. */
sc_status connection_use_schema(connection *db);
/* The report takes over the thread's last error of the runtime. */
migrate_status connection_failed(arena *mem, migrate_report *report);
/* "localhost:5432", or the folder of a socket. */
str connection_place(const connection *db);
/* One message without a code of ours; returns MIGRATE_REFUSED. */
migrate_status report_refused(migrate_report *report, const char *code, str message);

#endif
