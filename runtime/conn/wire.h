/* One connection, and the pipelines of statements that run on it. Never blocks: start, step, finish.
 *
 *   sc_pipeline work = {.statements = list, .count = n, .results = results};
 *   sc_wire_start(conn, &work);
 *   while ((events = sc_wire_step(conn)) != 0)  wait for `events` on sc_wire_fd(conn), at most
 * sc_wire_wait_ms(conn); status = sc_wire_finish(conn);
 *
 * sc_wire_run is that loop over poll(). Connecting goes through the same step, wait and finish; only the
 * look-up of a host's name blocks, which libpq leaves to the system.
 *
 * A pipeline is sent at once and ends with one Sync: PostgreSQL runs it as one transaction, so it happens
 * whole or not at all (the manual's section 34.5, "Pipeline Mode", and 55.2.3). Statements are prepared on
 * first use on each connection; the Parse travels in the same pipeline as the execution, so a cold statement
 * costs no more round trips than a warm one.
 *
 * Ownership: statements, their text and parameters belong to the caller and are read until sc_wire_finish.
 * Results belong to the caller as soon as finish or run has returned, on failure too: sc_results_clear. A
 * connection is used by one thread at a time.
 *
 * Failure: a status with the thread's sc_error_last() filled. After SC_CLOSED, SC_UNREACHABLE or a timeout
 * whose cancellation went unanswered the connection is broken (sc_conn_broken) and its owner drops it. */
#ifndef CONN_WIRE_H
#define CONN_WIRE_H

#include "base/str.h"
#include "conn/url.h"

#include <libpq-fe.h>
#include <schemac/schemac.h>
#include <stdatomic.h>

typedef struct sc_conn sc_conn;

typedef struct sc_statement sc_statement;
struct sc_statement {
  str sql; /* one statement; NUL-terminated */
  /* Names the prepared statement in the connection's cache: equal keys must mean equal sql and equal types.
   * An empty key means that the statement is not worth keeping; it is sent unnamed. */
  str key;
  int param_count;
  const Oid *types;          /* NULL, or 0 in a place, lets the server infer it */
  const char *const *values; /* NULL in a place is SQL NULL; text values end with NUL */
  const int *lengths;        /* read for binary values only */
  const int *formats;        /* 0 text, 1 binary; NULL means that all are text */
  bool binary_result;        /* all columns of the answer in binary format */
};

typedef struct sc_pipeline sc_pipeline;
struct sc_pipeline {
  const sc_statement *statements;
  size_t count;
  PGresult **results;  /* `count` places; NULL where a statement did not run */
  int64_t deadline_ns; /* of sc_clock_ns; 0 is none */
  size_t failed;       /* out: which statement the error is about, SIZE_MAX when none or not one of them */
};

/* Monotonic nanoseconds, and a deadline that many milliseconds from now (0 and less: none, which is 0). */
int64_t sc_clock_ns(void);
int64_t sc_deadline_after_ms(int64_t ms);

/* What happened on all connections of a pool; any thread counts. */
typedef struct sc_counters sc_counters;
struct sc_counters {
  atomic_uint_fast64_t connections, statements, prepared, round_trips;
};

/* Begins to connect; NULL when memory ran out. Step until 0, then finish; a failed connection must still be
 * freed. `url` and `counters` (NULL: nothing is counted) must outlive the connection. */
sc_conn *sc_conn_start(const sc_url *url, sc_counters *counters, int64_t deadline_ns);
/* The whole of it, blocking. On failure *conn is NULL. */
sc_status sc_conn_open(const sc_url *url, sc_counters *counters, int64_t deadline_ns, sc_conn **conn);
/* Ends the connection politely; NULL is fine. `abandoned` frees it without a word to the server: after a fork
 * the session belongs to the parent. */
void sc_conn_free(sc_conn *conn, bool abandoned);

bool sc_conn_broken(const sc_conn *conn);
/* The server's view after the last pipeline: PQTRANS_IDLE, PQTRANS_INTRANS, PQTRANS_INERROR. */
PGTransactionStatusType sc_conn_state(const sc_conn *conn);
/* Sent before the next pipeline's statements and in its round trip: how BEGIN and SAVEPOINT cost nothing.
 * `sql` is a literal or outlives the pipeline; at most SC_WIRE_PREFIXES wait. False when there is no room. */
enum { SC_WIRE_PREFIXES = 4 };
bool sc_conn_prefix(sc_conn *conn, str sql);
/* Sent behind the next pipeline's statements and in its round trip: COMMIT. */
void sc_conn_suffix(sc_conn *conn, str sql);
/* How many wait, and dropping all but the first `keep`: for a transaction that ends before it said anything.
 */
size_t sc_conn_waiting(const sc_conn *conn);
void sc_conn_keep_prefixes(sc_conn *conn, size_t keep);
/* How often something was sent: tells whether a prefix still waits. */
uint64_t sc_conn_runs(const sc_conn *conn);
/* For session-level calls the wire does not know: NOTIFY, large objects. */
PGconn *sc_conn_pq(sc_conn *conn);

sc_status sc_wire_start(sc_conn *conn, sc_pipeline *work);
/* Does what can be done without waiting. Returns the poll() events to wait for, or 0 when it is time to
 * finish. */
short sc_wire_step(sc_conn *conn);
int sc_wire_fd(const sc_conn *conn);
/* Milliseconds after which step must be called even if nothing happened on the descriptor; -1 when there is
 * none. */
int sc_wire_wait_ms(const sc_conn *conn);
sc_status sc_wire_finish(sc_conn *conn);
/* The rest of what was started, blocking: step and poll() until finish. */
sc_status sc_wire_wait(sc_conn *conn);
/* start and wait. */
sc_status sc_wire_run(sc_conn *conn, sc_pipeline *work);

/* One simple query, which may hold several statements (the manual's section 55.2.2), blocking. Prefixes that
 * wait are sent before it, in a round trip of their own. An error has the server's own words. `hear` gets the
 * notices, unless it is NULL. */
sc_status sc_wire_simple(sc_conn *conn, const char *sql, int64_t deadline_ns, PQnoticeReceiver hear,
                         void *context);
/* The server has dropped all prepared statements (DISCARD ALL). */
void sc_conn_forget_statements(sc_conn *conn);

/* Clears every result and sets its place to NULL. */
void sc_results_clear(PGresult **results, size_t count);

#endif
