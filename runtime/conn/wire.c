#include "conn/wire.h"

#include "conn/conn.h"
#include "error/error.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* How long the server may take to obey a cancellation before its connection is given up. */
static const int64_t CANCEL_GRACE_NS = 1000000000;
/* The protocol counts parameters in 16 bits. */
enum { MOST_PARAMS = 65535 };

/* ---- before and behind ---- */

bool sc_conn_prefix(sc_conn *conn, str sql)
{
  if (conn->prefix_count == SC_WIRE_PREFIXES) return false;
  conn->prefixes[conn->prefix_count++] = sql;
  return true;
}

void sc_conn_suffix(sc_conn *conn, str sql)
{
  conn->suffix = sql;
}

size_t sc_conn_waiting(const sc_conn *conn)
{
  return conn->prefix_count;
}

void sc_conn_keep_prefixes(sc_conn *conn, size_t keep)
{
  if (keep < conn->prefix_count) conn->prefix_count = keep;
}

uint64_t sc_conn_runs(const sc_conn *conn)
{
  return conn->runs;
}

/* ---- sending ---- */

static bool owe(sc_conn *conn, sc_owed answer)
{
  if (conn->owed_count == conn->owed_room) {
    size_t room = conn->owed_room ? conn->owed_room * 2 : 16;
    sc_owed *grown = room > SIZE_MAX / sizeof *grown ? NULL : realloc(conn->owed, room * sizeof *grown);
    if (!grown) return false;
    conn->owed = grown;
    conn->owed_room = room;
  }
  conn->owed[conn->owed_count++] = answer;
  return true;
}

static bool send_text(sc_conn *conn, sc_owed answer, const char *sql)
{
  return owe(conn, answer) && PQsendQueryParams(conn->pq, sql, 0, NULL, NULL, NULL, NULL, 0);
}

static bool send_sync(sc_conn *conn)
{
  return owe(conn, (sc_owed){.kind = SC_OWED_SYNC}) && PQpipelineSync(conn->pq);
}

/* What is not part of the work, each in a transaction of its own so that its failure spoils nothing. */
static bool send_housekeeping(sc_conn *conn)
{
  if (conn->heal) {
    if (!send_text(conn, (sc_owed){.kind = SC_OWED_ROLLBACK}, "ROLLBACK") || !send_sync(conn)) return false;
    conn->heal = false;
  }
  if (!conn->cache.retired || conn->was_in_transaction) return true;
  for (sc_prepared *entry = conn->cache.retired; entry; entry = entry->older) {
    char sql[48];
    snprintf(sql, sizeof sql, "DEALLOCATE %s", entry->name);
    if (!send_text(conn, (sc_owed){.kind = SC_OWED_DEALLOCATE, .prepared = entry}, sql)) return false;
  }
  return send_sync(conn);
}

static bool send_prepared(sc_conn *conn, const sc_statement *statement, size_t index)
{
  sc_prepared *entry = sc_statement_cache_get(&conn->cache, statement->key);
  if (!entry) return false;
  if (entry->state == SC_PREPARED_NEW) {
    if (!owe(conn, (sc_owed){SC_OWED_PREPARE, index, entry}) ||
        !PQsendPrepare(conn->pq, entry->name, statement->sql.ptr, statement->param_count, statement->types))
      return false;
    entry->state = SC_PREPARED_SENT;
    conn->settle = true;
    if (conn->counters) atomic_fetch_add_explicit(&conn->counters->prepared, 1, memory_order_relaxed);
  }
  return owe(conn, (sc_owed){SC_OWED_RESULT, index, entry}) &&
         PQsendQueryPrepared(conn->pq, entry->name, statement->param_count, statement->values,
                             statement->lengths, statement->formats, statement->binary_result);
}

static bool send_statement(sc_conn *conn, const sc_statement *statement, size_t index)
{
  if (statement->key.len && conn->cache.by_key) return send_prepared(conn, statement, index);
  return owe(conn, (sc_owed){SC_OWED_RESULT, index, NULL}) &&
         PQsendQueryParams(conn->pq, statement->sql.ptr, statement->param_count, statement->types,
                           statement->values, statement->lengths, statement->formats,
                           statement->binary_result);
}

static bool send_work(sc_conn *conn)
{
  const sc_pipeline *work = conn->work;
  bool sent = send_housekeeping(conn);
  for (size_t i = 0; sent && i < conn->prefix_count; i++)
    sent = send_text(conn, (sc_owed){.kind = SC_OWED_CONTROL}, conn->prefixes[i].ptr);
  for (size_t i = 0; sent && i < work->count; i++) sent = send_statement(conn, &work->statements[i], i);
  if (sent && conn->suffix.len) sent = send_text(conn, (sc_owed){.kind = SC_OWED_CONTROL}, conn->suffix.ptr);
  return sent && send_sync(conn);
}

/* Half a pipeline cannot be taken back: what cannot be sent whole costs the connection. */
static bool submit(sc_conn *conn)
{
  conn->owed_count = conn->owed_next = 0;
  conn->was_in_transaction = !conn->heal && PQtransactionStatus(conn->pq) != PQTRANS_IDLE;
  conn->fresh = true;
  if (!send_work(conn)) return false;
  if (conn->counters) {
    atomic_fetch_add_explicit(&conn->counters->statements, conn->work->count, memory_order_relaxed);
    atomic_fetch_add_explicit(&conn->counters->round_trips, 1, memory_order_relaxed);
  }
  return true;
}

/* ---- what runs ---- */

static void begin_run(sc_conn *conn, sc_pipeline *work, int64_t deadline_ns)
{
  conn->phase = SC_CONN_RUNNING;
  conn->runs++;
  conn->work = work;
  conn->retried = conn->copy = conn->settle = conn->heal = conn->timed_out = false;
  conn->done = 0;
  conn->deadline_ns = deadline_ns;
  conn->started_ns = deadline_ns ? sc_clock_ns() : 0;
}

static void end_run(sc_conn *conn)
{
  conn->phase = SC_CONN_IDLE;
  conn->work = NULL;
  conn->prefix_count = 0;
  conn->suffix = STR_NONE;
  conn->deadline_ns = 0;
  PQclear(conn->error);
  conn->error = NULL;
  sc_cancel_release(conn->cancel);
  conn->cancel = NULL;
  if (conn->settle) sc_statement_cache_settle(&conn->cache);
  conn->settle = false;
}

static sc_status not_idle(const sc_conn *conn)
{
  if (conn->broken) return sc_fail(SC_CLOSED, "Server has closed the connection.");
  return sc_fail(SC_MISUSE, "The connection is running another query.");
}

/* Nothing more will come: the connection is of no further use. */
static void give_up(sc_conn *conn)
{
  conn->broken = true;
  conn->phase = SC_CONN_ENDED;
}

static sc_status check(const sc_pipeline *work)
{
  for (size_t i = 0; i < work->count; i++) {
    if (work->statements[i].param_count <= MOST_PARAMS) continue;
    return sc_fail_as(
        SC_INVALID_ARGUMENT, "P2029",
        "Query parameter limit exceeded error: too many bind variables in prepared statement, expected "
        "maximum of %d, received %d.",
        MOST_PARAMS, work->statements[i].param_count);
  }
  return SC_OK;
}

sc_status sc_wire_start(sc_conn *conn, sc_pipeline *work)
{
  if (conn->phase != SC_CONN_IDLE || conn->broken) return not_idle(conn);
  sc_status s = check(work);
  if (s != SC_OK) return s;
  work->failed = SIZE_MAX;
  for (size_t i = 0; i < work->count; i++) work->results[i] = NULL;
  begin_run(conn, work, work->deadline_ns);
  if (submit(conn)) return SC_OK;
  bool lost = PQstatus(conn->pq) == CONNECTION_BAD;
  conn->broken = true;
  end_run(conn);
  return lost ? sc_fail(SC_CLOSED, "Server has closed the connection.") : sc_fail_memory();
}

/* ---- receiving ---- */

static const char *sqlstate_of(const PGresult *result)
{
  const char *sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
  return sqlstate ? sqlstate : "";
}

static void note_answer(sc_conn *conn, PGresult *result)
{
  sc_owed answer =
      conn->owed_next < conn->owed_count ? conn->owed[conn->owed_next] : (sc_owed){.kind = SC_OWED_ROLLBACK};
  ExecStatusType status = PQresultStatus(result);
  bool failed =
      status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED || status == PGRES_BAD_RESPONSE;
  if (answer.kind == SC_OWED_DEALLOCATE) sc_statement_cache_drop(&conn->cache, answer.prepared);
  bool ours = answer.kind != SC_OWED_ROLLBACK && answer.kind != SC_OWED_DEALLOCATE;
  if (ours && failed && status != PGRES_PIPELINE_ABORTED && !conn->error) {
    conn->error = result;
    conn->error_at = answer;
    return;
  }
  if (!failed && answer.kind == SC_OWED_PREPARE) answer.prepared->state = SC_PREPARED_READY;
  if (!failed && answer.kind == SC_OWED_RESULT && !conn->work->results[answer.index])
    conn->work->results[answer.index] = result;
  else
    PQclear(result);
}

/* A statement whose plan the server has dropped, or may no longer run, is prepared anew. Whether that may
 * happen behind the caller's back depends on there being no transaction that the failure has already ended.
 */
static bool lost_statement(sc_conn *conn)
{
  const char *sqlstate = sqlstate_of(conn->error);
  if (!conn->error_at.prepared) return false;
  if (strcmp(sqlstate, "26000") == 0) {
    sc_statement_cache_forget(&conn->cache);
    conn->settle = false;
    return true;
  }
  if (strcmp(sqlstate, "0A000") != 0 || conn->error_at.kind != SC_OWED_RESULT) return false;
  conn->error_at.prepared->doomed = true;
  sc_statement_cache_settle(&conn->cache);
  conn->settle = false;
  return true;
}

static void end_pipeline(sc_conn *conn)
{
  PQclear(PQgetResult(conn->pq)); /* NULL: it lets libpq notice that it is idle */
  bool again =
      conn->error && lost_statement(conn) && !conn->retried && !conn->was_in_transaction && !conn->timed_out;
  if (!again) {
    conn->phase = SC_CONN_ENDED;
    return;
  }
  sc_results_clear(conn->work->results, conn->work->count);
  PQclear(conn->error);
  conn->error = NULL;
  conn->retried = true;
  conn->heal = PQtransactionStatus(conn->pq) == PQTRANS_INERROR;
  if (!submit(conn)) give_up(conn);
}

static void take_pipeline_result(sc_conn *conn, PGresult *result)
{
  if (!result) { /* the end of one command's answer */
    if (conn->owed_next < conn->owed_count && conn->owed[conn->owed_next].kind != SC_OWED_SYNC)
      conn->owed_next++;
    return;
  }
  switch ((int)PQresultStatus(result)) {
  case PGRES_PIPELINE_SYNC:
    PQclear(result);
    if (++conn->owed_next >= conn->owed_count) end_pipeline(conn);
    return;
  case PGRES_COPY_IN:
  case PGRES_COPY_OUT:
  case PGRES_COPY_BOTH: /* no way back to the pipeline from here */
    PQclear(result);
    conn->copy = true;
    give_up(conn);
    return;
  default: note_answer(conn, result); return;
  }
}

static void take_simple_result(sc_conn *conn, PGresult *result)
{
  if (!result) {
    conn->phase = SC_CONN_ENDED;
    return;
  }
  switch ((int)PQresultStatus(result)) {
  case PGRES_COPY_IN:
    conn->copy = true;
    PQputCopyEnd(conn->pq, "there is no data to copy");
    break;
  case PGRES_COPY_OUT:
  case PGRES_COPY_BOTH:
    conn->copy = true;
    give_up(conn);
    break;
  case PGRES_FATAL_ERROR:
    if (conn->error) break;
    conn->error = result;
    return;
  default: conn->done++; break;
  }
  PQclear(result);
}

/* After the last answer a cancellation may still be on its way: the connection waits for it. */
static bool lingering(const sc_conn *conn)
{
  return conn->phase == SC_CONN_ENDED && !conn->broken && conn->cancel && !sc_cancel_delivered(conn->cancel);
}

static void watch_deadline(sc_conn *conn)
{
  if (!conn->deadline_ns) return;
  int64_t now = sc_clock_ns();
  if (!conn->timed_out) {
    if (now < conn->deadline_ns) return;
    conn->timed_out = true;
    conn->cancel_until_ns = now + CANCEL_GRACE_NS;
    conn->cancel = sc_cancel_start(conn->pq);
    if (!conn->cancel) give_up(conn);
  } else if (now >= conn->cancel_until_ns) {
    give_up(conn);
  }
}

static short run_step(sc_conn *conn)
{
  int unsent = PQflush(conn->pq);
  if (conn->fresh) {
    conn->fresh = false;
  } else if (!PQconsumeInput(conn->pq) && conn->phase == SC_CONN_ENDED) {
    give_up(conn);
  }
  while (conn->phase == SC_CONN_RUNNING && !PQisBusy(conn->pq)) {
    PGresult *result = PQgetResult(conn->pq);
    if (!result && PQstatus(conn->pq) == CONNECTION_BAD)
      give_up(conn);
    else if (conn->work)
      take_pipeline_result(conn, result);
    else
      take_simple_result(conn, result);
  }
  if (conn->phase == SC_CONN_ENDED && !lingering(conn)) return 0;
  watch_deadline(conn);
  if (conn->phase == SC_CONN_ENDED && !lingering(conn)) return 0;
  return unsent > 0 ? POLLIN | POLLOUT : POLLIN;
}

short sc_wire_step(sc_conn *conn)
{
  if (conn->opening) return conn->phase == SC_CONN_ENDED ? 0 : sc_connect_step(conn);
  if (conn->phase == SC_CONN_RUNNING || lingering(conn)) return run_step(conn);
  return 0;
}

int sc_wire_fd(const sc_conn *conn)
{
  return PQsocket(conn->pq);
}

int sc_wire_wait_ms(const sc_conn *conn)
{
  if (lingering(conn)) return 1;
  int64_t until = conn->timed_out ? conn->cancel_until_ns : conn->deadline_ns;
  if (!until) return -1;
  int64_t left = until - sc_clock_ns();
  if (left <= 0) return 0;
  return left / 1000000 >= INT_MAX ? INT_MAX : (int)((left + 999999) / 1000000);
}

/* ---- finishing ---- */

static sc_status timed_out(const sc_conn *conn)
{
  return sc_fail(SC_TIMEOUT, "Operations timed out after `%lld ms`.",
                 (long long)((conn->deadline_ns - conn->started_ns + 999999) / 1000000));
}

static sc_status outcome(sc_conn *conn)
{
  const char *sqlstate = sqlstate_of(conn->error);
  if (conn->copy)
    return sc_fail(SC_INVALID_ARGUMENT, "COPY from and to the client cannot be run as a query.");
  if (conn->timed_out && (conn->broken || strcmp(sqlstate, "57014") == 0)) return timed_out(conn);
  bool closed = conn->error && sc_status_of_sqlstate(sqlstate) == SC_CLOSED;
  if (conn->broken && !closed) return sc_fail(SC_CLOSED, "Server has closed the connection.");
  if (!conn->error) return SC_OK;
  bool of_statement = conn->error_at.kind == SC_OWED_RESULT || conn->error_at.kind == SC_OWED_PREPARE;
  if (conn->work && of_statement) conn->work->failed = conn->error_at.index;
  sc_status s = sc_fail_result(conn->error, conn->work == NULL);
  /* The whole of a script is read first: a mistake of syntax has a place, and is of no statement. */
  if (!conn->work && (conn->done || !sc_error_last()->position)) sc_error_set_statement(conn->done + 1);
  return s;
}

sc_status sc_wire_finish(sc_conn *conn)
{
  if (conn->opening) return sc_connect_finish(conn);
  if (conn->phase == SC_CONN_IDLE) return not_idle(conn);
  if (conn->phase != SC_CONN_ENDED || PQstatus(conn->pq) == CONNECTION_BAD) conn->broken = true;
  if (conn->cancel && !sc_cancel_delivered(conn->cancel)) conn->broken = true;
  sc_status s = outcome(conn);
  end_run(conn);
  return s;
}

sc_status sc_wire_wait(sc_conn *conn)
{
  short events;
  while ((events = sc_wire_step(conn)) != 0) {
    struct pollfd fd = {.fd = sc_wire_fd(conn), .events = events};
    if (poll(&fd, 1, sc_wire_wait_ms(conn)) < 0 && errno != EINTR) break;
  }
  return sc_wire_finish(conn);
}

sc_status sc_wire_run(sc_conn *conn, sc_pipeline *work)
{
  sc_status s = sc_wire_start(conn, work);
  return s == SC_OK ? sc_wire_wait(conn) : s;
}

/* ---- simple queries ---- */

static sc_status run_simple(sc_conn *conn, const char *sql, int64_t deadline_ns)
{
  begin_run(conn, NULL, deadline_ns);
  conn->fresh = true;
  if (!PQexitPipelineMode(conn->pq) || !PQsendQuery(conn->pq, sql)) {
    give_up(conn);
    return sc_wire_finish(conn);
  }
  if (conn->counters) atomic_fetch_add_explicit(&conn->counters->round_trips, 1, memory_order_relaxed);
  sc_status s = sc_wire_wait(conn);
  if (!conn->broken && !PQenterPipelineMode(conn->pq)) conn->broken = true;
  return s;
}

sc_status sc_wire_simple(sc_conn *conn, const char *sql, int64_t deadline_ns, PQnoticeReceiver hear,
                         void *context)
{
  if (conn->phase != SC_CONN_IDLE || conn->broken) return not_idle(conn);
  sc_status s = SC_OK;
  if (conn->prefix_count) s = sc_wire_run(conn, &(sc_pipeline){.deadline_ns = deadline_ns});
  if (s != SC_OK) return s;
  PQnoticeReceiver before = hear ? PQsetNoticeReceiver(conn->pq, hear, context) : NULL;
  s = run_simple(conn, sql, deadline_ns);
  if (before) PQsetNoticeReceiver(conn->pq, before, NULL);
  return s;
}

void sc_results_clear(PGresult **results, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    PQclear(results[i]);
    results[i] = NULL;
  }
}
