/* What stands behind an sc_db, for the query engine: any handle lends a connection.
 *
 *   sc_lease lease;
 *   sc_status s = sc_lease_take(db, &lease);           a pool waits for a free connection; others have theirs
 *   if (s == SC_OK) s = sc_lease_run(&lease, statements, n, results);
 *   sc_lease_return(&lease);                           always, also after a failure
 *
 * or, where one pipeline is all there is, sc_db_run. Results are the caller's: sc_results_clear(results, n).
 *
 * After a failure of a transaction's own deadline lease.conn may be NULL: nothing more can run, but return is
 * right.
 *
 * A write that needs several pipelines brackets them with sc_lease_begin and sc_lease_end: a transaction
 * where there is none yet, nothing on a handle that is in one already. */
#ifndef CONN_DB_H
#define CONN_DB_H

#include "base/arena.h"
#include "conn/wire.h"

#include <schemac/schemac.h>

typedef struct sc_lease sc_lease;
struct sc_lease {
  sc_db *db;
  sc_conn *conn;
  bool began; /* sc_lease_begin opened a transaction of its own */
};

sc_status sc_lease_take(sc_db *db, sc_lease *lease);
void sc_lease_return(sc_lease *lease);
/* One pipeline, one Sync, under the handle's deadline; see wire.h. */
sc_status sc_lease_run(sc_lease *lease, const sc_statement *statements, size_t count, PGresult **results);
/* One simple query under the handle's deadline and `timeout_ms` (0: none); see sc_wire_simple. */
sc_status sc_lease_simple(sc_lease *lease, const char *sql, int64_t timeout_ms, PQnoticeReceiver hear,
                          void *context);
/* BEGIN travels with the first pipeline that follows. */
sc_status sc_lease_begin(sc_lease *lease);
/* The next sc_lease_run is the last: COMMIT travels with it. */
void sc_lease_commit_with_next(sc_lease *lease);
/* Ends what sc_lease_begin began: commits when `outcome` is SC_OK, else rolls back and returns `outcome` with
 * the thread's error as it was. */
sc_status sc_lease_end(sc_lease *lease, sc_status outcome);

/* take, run, return. */
sc_status sc_db_run(sc_db *db, const sc_statement *statements, size_t count, PGresult **results);

/* The schema that unqualified models live in: the URL's `schema`, "public" when it has none. Not quoted. */
str sc_db_schema(const sc_db *db);
/* A place for what the engine keeps per database (one for a pool and all handles made from it), freed by
 * sc_close. The engine guards its content: handles of several threads share it. `release` is set once. */
void **sc_db_slot(sc_db *db, void (*release)(void *));

#endif
