#include "conn/handle.h"
#include "codec/random.h"
#include "error/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Prisma's defaults. */
enum { TIMEOUT_MS = 5000, MAX_WAIT_MS = 2000 };
/* A server that does not answer to ROLLBACK loses its connection. */
enum { ROLLBACK_MS = 5000 };

/* By isolation, then read-only. They are sent in front of the first query, hence constants. */
static const str begin_sql[][2] = {
    {STR_INIT("BEGIN"), STR_INIT("BEGIN READ ONLY")},
    [SC_READ_UNCOMMITTED] = {STR_INIT("BEGIN ISOLATION LEVEL READ UNCOMMITTED"),
                             STR_INIT("BEGIN ISOLATION LEVEL READ UNCOMMITTED READ ONLY")},
    [SC_READ_COMMITTED] = {STR_INIT("BEGIN ISOLATION LEVEL READ COMMITTED"),
                           STR_INIT("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY")},
    [SC_REPEATABLE_READ] = {STR_INIT("BEGIN ISOLATION LEVEL REPEATABLE READ"),
                            STR_INIT("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")},
    [SC_SERIALIZABLE] = {STR_INIT("BEGIN ISOLATION LEVEL SERIALIZABLE"),
                         STR_INIT("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY")},
};

/* ---- while it runs ---- */

int64_t sc_tx_deadline(const sc_db *tx)
{
  return tx->timeout_ms ? tx->started_ns + tx->timeout_ms * 1000000 : 0;
}

static sc_status closed(const char *why)
{
  return sc_fail(SC_TX_CLOSED, "Transaction API error: Transaction already closed: %s", why);
}

static sc_db *outermost(sc_db *tx)
{
  while (tx->depth > 0 && tx->parent) tx = tx->parent;
  return tx;
}

/* The connection goes back to whom it came from; the handle stays, for its owner to end. */
static void let_go(sc_db *tx)
{
  for (sc_db *at = tx->child; at; at = at->child) at->conn = NULL;
  sc_db *top = outermost(tx);
  sc_conn *conn = top->conn;
  for (sc_db *at = top; at; at = at->child) at->conn = NULL;
  if (top->parent) {
    top->parent->child = NULL;
    top->parent = NULL;
  } else if (conn) {
    sc_pool_give(top->pool, conn);
  }
}

void sc_tx_lose(sc_db *tx)
{
  let_go(tx);
}

static void roll_back_quietly(sc_conn *conn, const char *sql)
{
  if (sc_conn_broken(conn) || sc_conn_state(conn) == PQTRANS_IDLE) return;
  sc_error_state kept;
  sc_error_save(&kept);
  sc_wire_simple(conn, sql, sc_deadline_after_ms(ROLLBACK_MS), NULL, NULL);
  sc_error_restore(&kept);
}

sc_status sc_tx_expired(sc_db *tx)
{
  sc_db *top = outermost(tx);
  if (tx->conn) {
    sc_conn_keep_prefixes(tx->conn, 0);
    roll_back_quietly(tx->conn, "ROLLBACK");
    let_go(tx);
  }
  for (sc_db *at = top; at; at = at->child) at->expired = true;
  return sc_fail(
      SC_TX_CLOSED,
      "Transaction API error: Transaction already closed: A query cannot be executed on an expired "
      "transaction. The timeout for this transaction was %lld ms, however %lld ms passed since the start of "
      "the transaction. Consider increasing the interactive transaction timeout or doing less work in the "
      "transaction.",
      (long long)tx->timeout_ms, (long long)((sc_clock_ns() - tx->started_ns) / 1000000));
}

sc_status sc_tx_check(sc_db *tx)
{
  int64_t deadline = sc_tx_deadline(tx);
  if (tx->expired || (deadline && sc_clock_ns() >= deadline)) return sc_tx_expired(tx);
  if (!tx->conn) return closed("The connection was lost, or the transaction around it has ended.");
  return SC_OK;
}

/* ---- beginning ---- */

static sc_status begin_savepoint(sc_db *parent, sc_db *tx)
{
  tx->parent = parent;
  tx->depth = parent->depth + 1;
  tx->conn = parent->conn;
  tx->started_ns = parent->started_ns;
  tx->timeout_ms = parent->timeout_ms;
  snprintf(tx->savepoint, sizeof tx->savepoint, "SAVEPOINT sc_%u", tx->depth);
  return SC_OK;
}

static sc_status begin_top(sc_db *db, const sc_tx_options *options, sc_db *tx)
{
  tx->timeout_ms = options->timeout_ms == 0 ? TIMEOUT_MS : options->timeout_ms < 0 ? 0 : options->timeout_ms;
  int64_t wait_ms = options->max_wait_ms == 0  ? MAX_WAIT_MS
                    : options->max_wait_ms < 0 ? 0
                                               : options->max_wait_ms;
  if (db->kind == SC_DB_SESSION) {
    tx->parent = db;
    tx->conn = db->conn;
    if (sc_conn_state(tx->conn) != PQTRANS_IDLE)
      return sc_fail(SC_MISUSE, "The session is in a transaction that was begun with SQL.");
  } else {
    sc_status s = sc_pool_take(db->pool, wait_ms, &tx->conn);
    if (s == SC_POOL_TIMEOUT)
      sc_fail_as(s, "P2028", "Transaction API error: Unable to start a transaction in the given time.");
    if (s != SC_OK) return s;
  }
  tx->started_ns = sc_clock_ns();
  return SC_OK;
}

/* Room among what waits to be sent, if need be by sending it. */
static sc_status add_prefix(sc_db *tx, str sql)
{
  if (sc_conn_waiting(tx->conn) == SC_WIRE_PREFIXES) {
    sc_status s = sc_wire_run(tx->conn, &(sc_pipeline){.deadline_ns = sc_tx_deadline(tx)});
    if (s != SC_OK) return s;
  }
  tx->waiting = sc_conn_waiting(tx->conn);
  tx->runs = sc_conn_runs(tx->conn);
  sc_conn_prefix(tx->conn, sql);
  return SC_OK;
}

static sc_status begin(sc_db *db, const sc_tx_options *options, sc_db *tx)
{
  sc_status s = db->kind == SC_DB_TRANSACTION ? begin_savepoint(db, tx) : begin_top(db, options, tx);
  if (s != SC_OK) return s;
  str sql = tx->depth ? str_from(tx->savepoint) : begin_sql[options->isolation][options->read_only];
  s = add_prefix(tx, sql);
  if (s == SC_OK && tx->parent) tx->parent->child = tx;
  return s;
}

sc_status sc_begin(sc_db *db, const sc_tx_options *options, sc_db **out)
{
  static const sc_tx_options defaults = {0};
  *out = NULL;
  if (!options) options = &defaults;
  if ((size_t)options->isolation >= sizeof begin_sql / sizeof begin_sql[0])
    return sc_fail_as(SC_INVALID_ARGUMENT, "P2023", "Invalid isolation level: %d", (int)options->isolation);
  sc_db *tx = sc_db_derive(db, SC_DB_TRANSACTION);
  if (!tx) return sc_fail_memory();
  sc_lease lease = {0};
  sc_status s = db->kind == SC_DB_POOL ? SC_OK : sc_lease_take(db, &lease);
  if (s == SC_OK) s = begin(db, options, tx);
  if (lease.conn) sc_lease_return(&lease);
  if (s == SC_OK)
    *out = tx;
  else
    free(tx);
  return s;
}

/* ---- ending ---- */

/* Nothing of it was sent: taking back what waits is all there is to do. */
static bool still_waiting(const sc_db *tx)
{
  return sc_conn_runs(tx->conn) == tx->runs;
}

static sc_status send(sc_db *tx, str sql)
{
  PGresult *result = NULL;
  sc_pipeline work = {.statements = &(sc_statement){.sql = sql}, .count = 1, .results = &result};
  work.deadline_ns = sc_deadline_after_ms(tx->query_timeout_ms);
  sc_status s = sc_wire_run(tx->conn, &work);
  /* COMMIT of a failed transaction succeeds as a ROLLBACK. */
  if (s == SC_OK && !tx->depth && strcmp(PQcmdStatus(result), "ROLLBACK") == 0)
    s = closed("An earlier query of it failed, so that it was rolled back.");
  sc_results_clear(&result, 1);
  return s;
}

static void roll_back(sc_db *tx)
{
  char sql[2 * sizeof tx->savepoint + 32];
  snprintf(sql, sizeof sql, "ROLLBACK TO %s; RELEASE %s", tx->savepoint, tx->savepoint);
  roll_back_quietly(tx->conn, tx->depth ? sql : "ROLLBACK");
}

static sc_status release_savepoint(sc_db *tx)
{
  char sql[sizeof tx->savepoint + 16];
  int len = snprintf(sql, sizeof sql, "RELEASE %s", tx->savepoint);
  return send(tx, (str){sql, (size_t)len});
}

static sc_status commit(sc_db *tx)
{
  if (still_waiting(tx)) {
    sc_conn_keep_prefixes(tx->conn, tx->waiting);
    return SC_OK;
  }
  if (sc_conn_state(tx->conn) == PQTRANS_INERROR) {
    roll_back(tx);
    return closed("An earlier query of it failed, so that it was rolled back.");
  }
  sc_status s = tx->depth ? release_savepoint(tx) : send(tx, STR("COMMIT"));
  if (s != SC_OK) roll_back(tx);
  return s;
}

static void forget(sc_db *tx)
{
  if (tx->child) tx->child->parent = NULL;
  for (sc_db *at = tx->child; at; at = at->child) at->conn = NULL;
  if (tx->conn && !tx->depth) {
    tx->child = NULL;
    let_go(tx);
  } else if (tx->parent) {
    tx->parent->child = NULL;
    if (tx->conn && sc_conn_broken(tx->conn)) sc_tx_lose(tx->parent);
  }
  free(tx);
}

static bool is_transaction(const sc_db *tx)
{
  return tx && tx->kind == SC_DB_TRANSACTION;
}

static sc_status no_transaction(void)
{
  return sc_fail(SC_MISUSE, "The handle is not a transaction.");
}

sc_status sc_commit(sc_db *tx)
{
  if (!is_transaction(tx)) return no_transaction();
  sc_status s = sc_pool_check(tx->pool);
  if (s != SC_FORKED) s = sc_tx_check(tx);
  if (s == SC_OK) s = commit(tx);
  forget(tx);
  return s;
}

sc_status sc_rollback(sc_db *tx)
{
  if (!is_transaction(tx)) return no_transaction();
  if (tx->conn && sc_pool_check(tx->pool) != SC_FORKED) {
    if (still_waiting(tx))
      sc_conn_keep_prefixes(tx->conn, tx->waiting);
    else
      roll_back(tx);
  }
  forget(tx);
  return SC_OK;
}

/* ---- the whole of it ---- */

/* 10 ms, doubled each time up to a second, of which a random half is waited at least: those who met shall not
 * meet again. */
static void pause_before(int attempt)
{
  uint32_t most = attempt < 7 ? 10u << attempt : 1000;
  uint32_t ms = most / 2 + sc_random_below(most / 2 + 1);
  struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0) continue;
}

static sc_status attempt(sc_db *db, const sc_tx_options *options, sc_work work, void *context)
{
  sc_db *tx;
  sc_status s = sc_begin(db, options, &tx);
  if (s != SC_OK) return s;
  s = work(tx, context);
  if (s == SC_OK) return sc_commit(tx);
  sc_rollback(tx);
  return s;
}

sc_status sc_transaction(sc_db *db, const sc_tx_options *options, sc_work work, void *context)
{
  /* A conflict ends the whole transaction: a savepoint inside it cannot be tried again. */
  int retries = options && db->kind != SC_DB_TRANSACTION ? options->retries : 0;
  for (int tried = 0;; tried++) {
    sc_status s = attempt(db, options, work, context);
    if (s != SC_CONFLICT || tried >= retries) return s;
    pause_before(tried);
  }
}
