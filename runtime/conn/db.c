#include "conn/db.h"

#include "conn/handle.h"
#include "error/error.h"

#include <schemac/descriptor.h>

#include <stdlib.h>

/* ---- opening ---- */

static const int64_t IDLE_MS = 300000;
/* How long the server may take to tidy up what a caller leaves behind. */
enum { TIDY_MS = 5000 };

const char *sc_version(void)
{
  return SCHEMAC_VERSION;
}

static sc_status copied(arena *mem, const char *text, const char **place)
{
  if (!text) return SC_OK;
  *place = sc_str_c(mem, str_from(text));
  return *place ? SC_OK : sc_fail_memory();
}

/* A zero asks for `otherwise`, a negative for none, which is 0 inside. */
static int64_t chosen(int option, int64_t otherwise)
{
  return option == 0 ? otherwise : option < 0 ? 0 : option;
}

static sc_pool_limits limits_of(const sc_open_options *options, const sc_url *url)
{
  sc_pool_limits limits = {
      .most = options->max_connections > 0 ? options->max_connections : url->connection_limit,
      .fewest = options->min_connections > 0 ? options->min_connections : 0,
      .wait_ms = chosen(options->pool_timeout_ms, url->pool_timeout_ms),
      .connect_ms = chosen(options->connect_timeout_ms, url->connect_timeout_ms),
      .idle_ms = chosen(options->idle_timeout_ms, IDLE_MS),
  };
  return limits;
}

static sc_status read_options(arena *mem, const sc_open_options *options, sc_url *url)
{
  sc_status s = sc_url_parse(mem, str_from(options->url), url);
  if (s == SC_OK) s = copied(mem, options->application_name, &url->application_name);
  if (options->statement_cache_size > 0) url->statement_cache_size = options->statement_cache_size;
  if (options->statement_cache_size < 0) url->statement_cache_size = 0;
  return s;
}

static sc_status make_pool(const sc_open_options *options, sc_pool **pool)
{
  arena *mem = sc_arena_new();
  sc_url *url = mem ? arena_new(mem, sc_url) : NULL;
  if (!url) {
    sc_arena_free(mem);
    return sc_fail_memory();
  }
  sc_status s = read_options(mem, options, url);
  if (s != SC_OK) {
    sc_arena_free(mem);
    return s;
  }
  sc_pool_limits limits = limits_of(options, url);
  *pool = sc_pool_new(mem, url, &limits);
  return *pool ? SC_OK : sc_fail_memory();
}

static sc_status first_connection(sc_pool *pool)
{
  sc_conn *conn;
  sc_status s = sc_pool_take(pool, 0, &conn);
  if (s == SC_OK) sc_pool_give(pool, conn);
  return s;
}

sc_status sc_open(const sc_open_options *options, sc_db **out)
{
  static const sc_open_options nothing = {0};
  *out = NULL;
  if (!options) options = &nothing;
  sc_open_options with_url = *options;
  if (!with_url.url) with_url.url = getenv("DATABASE_URL");
  if (!with_url.url)
    return sc_fail_as(SC_INVALID_ARGUMENT, "P1012", "Environment variable not found: DATABASE_URL.");
  sc_db *db = calloc(1, sizeof *db);
  if (!db) return sc_fail_memory();
  sc_status s = make_pool(&with_url, &db->pool);
  if (s == SC_OK) {
    db->query_timeout_ms = chosen(options->query_timeout_ms, sc_pool_url(db->pool)->socket_timeout_ms);
    s = first_connection(db->pool);
    if (s == SC_OK) {
      *out = db;
      return SC_OK;
    }
    sc_pool_close(db->pool);
  }
  free(db);
  return s;
}

sc_status sc_open_client(const sc_client *client, const sc_open_options *options, sc_db **out)
{
  sc_open_options chosen_options = options ? *options : (sc_open_options){0};
  *out = NULL;
  if (client->abi < SC_ABI_OLDEST || client->abi > SC_ABI)
    return sc_fail(
        SC_MISUSE,
        "The client `%s` was generated for version %lu of the library's contract, and this library serves "
        "%d to %d: generate it again with the schemac that belongs to the library.",
        client->name, (unsigned long)client->abi, SC_ABI_OLDEST, SC_ABI);
  if (!chosen_options.url) chosen_options.url = client->url;
  if (!chosen_options.url && client->url_env) {
    chosen_options.url = getenv(client->url_env);
    if (!chosen_options.url || !chosen_options.url[0])
      return sc_fail_as(SC_INVALID_ARGUMENT, "P1012", "Environment variable not found: %s.", client->url_env);
  }
  return sc_open(&chosen_options, out);
}

/* ---- sessions, and the end of any handle ---- */

sc_db *sc_db_derive(const sc_db *from, sc_db_kind kind)
{
  sc_db *db = calloc(1, sizeof *db);
  if (!db) return NULL;
  db->kind = kind;
  db->pool = from->pool;
  db->query_timeout_ms = from->query_timeout_ms;
  return db;
}

sc_status sc_session(sc_db *db, sc_db **out)
{
  *out = NULL;
  sc_db *session = sc_db_derive(db, SC_DB_SESSION);
  if (!session) return sc_fail_memory();
  sc_status s = sc_pool_take(db->pool, sc_pool_limits_of(db->pool)->wait_ms, &session->conn);
  if (s == SC_OK)
    *out = session;
  else
    free(session);
  return s;
}

/* The next user of the connection shall find nothing of this one: settings, locks, temporary tables. */
static void end_session(sc_db *session)
{
  if (session->child) sc_tx_lose(session->child);
  if (!session->conn) return;
  bool mine = sc_pool_check(session->pool) != SC_FORKED;
  if (mine && !sc_conn_broken(session->conn)) {
    if (sc_conn_state(session->conn) != PQTRANS_IDLE)
      sc_wire_simple(session->conn, "ROLLBACK", sc_deadline_after_ms(TIDY_MS), NULL, NULL);
    sc_wire_simple(session->conn, "DISCARD ALL", sc_deadline_after_ms(TIDY_MS), NULL, NULL);
    sc_conn_forget_statements(session->conn);
  }
  sc_pool_give(session->pool, session->conn);
}

void sc_close(sc_db *db)
{
  if (!db) return;
  switch (db->kind) {
  case SC_DB_TRANSACTION: sc_rollback(db); return;
  case SC_DB_SESSION: end_session(db); break;
  case SC_DB_POOL: sc_pool_close(db->pool); break;
  }
  free(db);
}

sc_stats sc_statistics(const sc_db *db)
{
  return sc_pool_stats(db->pool);
}

/* ---- leases ---- */

static sc_status take_pinned(sc_db *db)
{
  sc_status s = sc_pool_check(db->pool);
  if (s != SC_OK) return s;
  if (atomic_exchange_explicit(&db->busy, true, memory_order_acquire))
    return sc_fail(SC_MISUSE,
                   "The handle is in use by another call: a session or a transaction serves one at a time.");
  if (db->child)
    s = sc_fail(SC_MISUSE,
                "A transaction is open inside this handle: use the handle of that one until it has ended.");
  else if (db->kind == SC_DB_TRANSACTION)
    s = sc_tx_check(db);
  else if (sc_conn_broken(db->conn))
    s = sc_fail(SC_CLOSED, "Server has closed the connection.");
  if (s != SC_OK) atomic_store_explicit(&db->busy, false, memory_order_release);
  return s;
}

sc_status sc_lease_take(sc_db *db, sc_lease *lease)
{
  *lease = (sc_lease){.db = db};
  if (db->kind == SC_DB_POOL)
    return sc_pool_take(db->pool, sc_pool_limits_of(db->pool)->wait_ms, &lease->conn);
  sc_status s = take_pinned(db);
  if (s == SC_OK) lease->conn = db->conn;
  return s;
}

void sc_lease_return(sc_lease *lease)
{
  sc_db *db = lease->db;
  sc_conn *conn = lease->conn;
  if (!conn) return;
  lease->conn = NULL;
  if (db->kind == SC_DB_POOL) {
    sc_pool_give(db->pool, conn);
    return;
  }
  if (db->kind == SC_DB_TRANSACTION && sc_conn_broken(conn)) sc_tx_lose(db);
  atomic_store_explicit(&db->busy, false, memory_order_release);
}

static int64_t deadline_of(const sc_db *db)
{
  int64_t call = sc_deadline_after_ms(db->query_timeout_ms);
  int64_t whole = db->kind == SC_DB_TRANSACTION ? sc_tx_deadline(db) : 0;
  return !call || (whole && whole < call) ? whole : call;
}

/* A timeout that was the transaction's own ends it. */
static sc_status judge(sc_lease *lease, sc_status s)
{
  sc_db *db = lease->db;
  if (s != SC_TIMEOUT || db->kind != SC_DB_TRANSACTION) return s;
  int64_t whole = sc_tx_deadline(db);
  if (!whole || sc_clock_ns() < whole) return s;
  s = sc_tx_expired(db);
  if (!db->conn) {
    lease->conn = NULL;
    atomic_store_explicit(&db->busy, false, memory_order_release);
  }
  return s;
}

sc_status sc_lease_run(sc_lease *lease, const sc_statement *statements, size_t count, PGresult **results)
{
  sc_pipeline work = {
      .statements = statements,
      .count = count,
      .results = results,
      .deadline_ns = deadline_of(lease->db),
  };
  return judge(lease, sc_wire_run(lease->conn, &work));
}

sc_status sc_lease_simple(sc_lease *lease, const char *sql, int64_t timeout_ms, PQnoticeReceiver hear,
                          void *context)
{
  int64_t own = sc_deadline_after_ms(timeout_ms), handle = deadline_of(lease->db);
  int64_t deadline = !own || (handle && handle < own) ? handle : own;
  return judge(lease, sc_wire_simple(lease->conn, sql, deadline, hear, context));
}

sc_status sc_lease_begin(sc_lease *lease)
{
  if (lease->db->kind == SC_DB_TRANSACTION || sc_conn_state(lease->conn) != PQTRANS_IDLE) return SC_OK;
  if (!sc_conn_prefix(lease->conn, STR("BEGIN")))
    return sc_fail(SC_MISUSE, "A transaction has begun already.");
  lease->began = true;
  return SC_OK;
}

void sc_lease_commit_with_next(sc_lease *lease)
{
  if (lease->began) sc_conn_suffix(lease->conn, STR("COMMIT"));
}

sc_status sc_lease_end(sc_lease *lease, sc_status outcome)
{
  sc_conn *conn = lease->conn;
  if (!lease->began || !conn) return outcome;
  lease->began = false;
  sc_conn_suffix(conn, STR_NONE); /* of a last pipeline that never came */
  if (sc_conn_waiting(conn)) {    /* nothing was sent */
    sc_conn_keep_prefixes(conn, 0);
    return outcome;
  }
  if (sc_conn_broken(conn) || sc_conn_state(conn) == PQTRANS_IDLE) return outcome;
  if (outcome == SC_OK) {
    PGresult *result = NULL;
    outcome = sc_lease_run(lease, &(sc_statement){.sql = STR("COMMIT")}, 1, &result);
    sc_results_clear(&result, 1);
    return outcome;
  }
  sc_error_state kept;
  sc_error_save(&kept);
  sc_wire_simple(conn, "ROLLBACK", sc_deadline_after_ms(TIDY_MS), NULL, NULL);
  sc_error_restore(&kept);
  return outcome;
}

sc_status sc_db_run(sc_db *db, const sc_statement *statements, size_t count, PGresult **results)
{
  sc_lease lease;
  sc_status s = sc_lease_take(db, &lease);
  if (s == SC_OK) s = sc_lease_run(&lease, statements, count, results);
  sc_lease_return(&lease);
  return s;
}

/* ---- looking ---- */

str sc_db_schema(const sc_db *db)
{
  return str_from(sc_pool_url(db->pool)->schema);
}

void **sc_db_slot(sc_db *db, void (*release)(void *))
{
  return sc_pool_slot(db->pool, release);
}
