#include "conn/conn.h"

#include "base/buf.h"
#include "error/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t sc_clock_ns(void)
{
  struct timespec now = {0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t sc_deadline_after_ms(int64_t ms)
{
  if (ms <= 0) return 0;
  int64_t now = sc_clock_ns();
  return ms > (INT64_MAX - now) / 1000000 ? INT64_MAX : now + ms * 1000000;
}

/* ---- starting ---- */

/* libpq prints what it is told unless somebody listens. */
static void ignore_notice(void *context, const PGresult *result)
{
  (void)context, (void)result;
}

/* The start-up option that makes the URL's schema the one of unqualified names, as Prisma does: within
 * `options` a backslash stands before spaces and backslashes (the manual's section 20.1.3, libpq's
 * `options`). */
static void write_search_path(buf *out, const char *schema)
{
  BUF_LIT(out, "-c search_path=\"");
  for (; *schema; schema++) {
    if (*schema == ' ' || *schema == '\\' || *schema == '\t' || *schema == '\n') buf_char(out, '\\');
    if (*schema == '"') buf_char(out, '"');
    buf_char(out, *schema);
  }
  buf_char(out, '"');
}

static const char *startup_options(arena *mem, const sc_url *url)
{
  if (url->pgbouncer) return "";
  buf out = {.mem = mem};
  write_search_path(&out, url->schema);
  if (url->options) {
    buf_char(&out, ' ');
    buf_add(&out, str_from(url->options));
  }
  return sc_buf_c(&out);
}

static PGconn *start_pq(const sc_url *url)
{
  arena *mem = sc_arena_new();
  const char *options = mem ? startup_options(mem, url) : NULL;
  if (!options) {
    sc_arena_free(mem);
    return NULL;
  }
  const char *parameters[][2] = {
      {"host", url->host},
      {"port", url->port},
      {"user", url->user},
      {"password", url->password},
      {"dbname", url->database},
      {"client_encoding", "UTF8"},
      {"fallback_application_name", "schemac"},
      {"application_name", url->application_name},
      {"options", options},
      {"sslmode", url->sslmode},
      {"sslcert", url->sslcert},
      {"sslkey", url->sslkey},
      {"sslpassword", url->sslpassword},
      {"sslrootcert", url->sslrootcert},
      {"channel_binding", url->channel_binding},
  };
  enum { COUNT = sizeof parameters / sizeof parameters[0] };
  const char *names[COUNT + 1] = {NULL}, *values[COUNT + 1] = {NULL};
  size_t used = 0;
  for (size_t i = 0; i < COUNT; i++) {
    if (!parameters[i][1]) continue;
    names[used] = parameters[i][0];
    values[used++] = parameters[i][1];
  }
  PGconn *pq = PQconnectStartParams(names, values, 0);
  sc_arena_free(mem);
  return pq;
}

sc_conn *sc_conn_start(const sc_url *url, sc_counters *counters, int64_t deadline_ns)
{
  sc_conn *conn = malloc(sizeof *conn);
  if (!conn) return NULL;
  *conn = (sc_conn){
      .url = url,
      .counters = counters,
      .opening = true,
      .polling = PGRES_POLLING_WRITING,
      .deadline_ns = deadline_ns,
  };
  size_t cache_size = url->pgbouncer ? 0 : (size_t)url->statement_cache_size;
  if (sc_statement_cache_init(&conn->cache, cache_size)) conn->pq = start_pq(url);
  if (!conn->pq) {
    sc_conn_free(conn, false);
    return NULL;
  }
  PQsetNoticeReceiver(conn->pq, ignore_notice, NULL);
  /* The only way to learn the SQLSTATE of a refused connection: libpq keeps no result of it, but writes its
   * text. */
  PQsetErrorVerbosity(conn->pq, PQERRORS_VERBOSE);
  if (PQstatus(conn->pq) == CONNECTION_BAD) conn->phase = SC_CONN_ENDED;
  return conn;
}

/* ---- stepping ---- */

static bool deadline_passed(const sc_conn *conn)
{
  return conn->deadline_ns != 0 && sc_clock_ns() >= conn->deadline_ns;
}

static bool descriptor_ready(const sc_conn *conn, short events)
{
  struct pollfd fd = {.fd = PQsocket(conn->pq), .events = events};
  return poll(&fd, 1, 0) > 0;
}

/* PQconnectPoll may only be called when the descriptor is ready for what it asked for. */
short sc_connect_step(sc_conn *conn)
{
  for (;;) {
    short events = conn->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!descriptor_ready(conn, events)) {
      if (!deadline_passed(conn)) return events;
      conn->phase = SC_CONN_ENDED;
      return 0;
    }
    conn->polling = PQconnectPoll(conn->pq);
    if (conn->polling == PGRES_POLLING_OK || conn->polling == PGRES_POLLING_FAILED) {
      conn->connected = conn->polling == PGRES_POLLING_OK;
      conn->phase = SC_CONN_ENDED;
      return 0;
    }
  }
}

/* ---- what went wrong ---- */

/* The last SQLSTATE in libpq's text, which with several addresses holds several errors: "FATAL:  28P01:
 * password …". `text` is moved behind it. */
static bool find_sqlstate(const char **text, char sqlstate[6])
{
  bool found = false;
  for (const char *at = strstr(*text, ":  "); at; at = strstr(at, ":  ")) {
    at += 3;
    if (strspn(at, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5 || at[5] != ':' || at[6] != ' ') continue;
    memcpy(sqlstate, at, 5);
    sqlstate[5] = '\0';
    *text = at + 7;
    found = true;
  }
  return found;
}

static sc_status refused(const sc_url *url, const char *sqlstate, const char *text)
{
  sc_status status = sc_status_of_sqlstate(sqlstate);
  const char *user = url->user ? url->user : "(not given)";
  if (strcmp(sqlstate, "28000") == 0 || strcmp(sqlstate, "42501") == 0)
    sc_fail_as(status = SC_AUTH, "P1010", "User `%s` was denied access on the database `%s`", user,
               url->database);
  else if (status == SC_AUTH)
    sc_fail(status,
            "Authentication failed against database server at `%s`, the provided database credentials for "
            "`%s` are not "
            "valid.",
            url->host, user);
  else if (status == SC_NO_DATABASE)
    sc_fail(status, "Database `%s` does not exist on the database server at `%s:%s`.", url->database,
            url->host, url->port);
  else if (strcmp(sqlstate, "53300") == 0)
    sc_fail_as(status, "P2037", "Too many database connections opened: %.*s", (int)strcspn(text, "\n"), text);
  else
    sc_fail(status = SC_UNREACHABLE, "The database server at `%s:%s` refused the connection: %.*s%s",
            url->host, url->port, (int)strcspn(text, "\n"), text,
            strstr(text, "startup parameter")
                ? ". A PgBouncer needs `pgbouncer=true` in the connection string."
                : "");
  sc_error_set_sqlstate(sqlstate);
  return status;
}

static sc_status connect_failed(const sc_conn *conn)
{
  const sc_url *url = conn->url;
  const char *text = PQerrorMessage(conn->pq);
  char sqlstate[6];
  if (find_sqlstate(&text, sqlstate)) return refused(url, sqlstate, text);
  if (strstr(text, "no password supplied") || strstr(text, "password authentication"))
    return sc_fail(SC_AUTH, "Authentication failed against database server at `%s`: it asks for a password.",
                   url->host);
  if (strstr(text, "SSL") || strstr(text, "certificate"))
    return sc_fail_as(SC_UNREACHABLE, "P1011", "Error opening a TLS connection: %.*s",
                      (int)strcspn(text, "\n"), text);
  return sc_fail(
      SC_UNREACHABLE,
      "Can't reach database server at `%s:%s`\n\nPlease make sure your database server is running at "
      "`%s:%s`.",
      url->host, url->port, url->host, url->port);
}

sc_status sc_connect_finish(sc_conn *conn)
{
  conn->phase = SC_CONN_IDLE;
  conn->opening = false;
  conn->deadline_ns = 0;
  if (!conn->connected) {
    conn->broken = true;
    return connect_failed(conn);
  }
  PQsetErrorVerbosity(conn->pq, PQERRORS_DEFAULT);
  if (PQsetnonblocking(conn->pq, 1) != 0 || !PQenterPipelineMode(conn->pq)) {
    conn->broken = true;
    return sc_fail_memory();
  }
  if (conn->counters) atomic_fetch_add_explicit(&conn->counters->connections, 1, memory_order_relaxed);
  return SC_OK;
}

sc_status sc_conn_open(const sc_url *url, sc_counters *counters, int64_t deadline_ns, sc_conn **out)
{
  *out = NULL;
  sc_conn *conn = sc_conn_start(url, counters, deadline_ns);
  if (!conn) return sc_fail_memory();
  sc_status s = sc_wire_wait(conn);
  if (s == SC_OK)
    *out = conn;
  else
    sc_conn_free(conn, false);
  return s;
}

/* ---- ending ---- */

/* The session of a forked child is its parent's: nothing may be written to it. */
static void silence(PGconn *pq)
{
  int fd = PQsocket(pq), nowhere = fd >= 0 ? open("/dev/null", O_RDWR) : -1;
  if (nowhere < 0) return;
  dup2(nowhere, fd);
  close(nowhere);
}

void sc_conn_free(sc_conn *conn, bool abandoned)
{
  if (!conn) return;
  sc_cancel_release(conn->cancel);
  PQclear(conn->error);
  if (conn->pq) {
    if (abandoned) silence(conn->pq);
    PQfinish(conn->pq);
  }
  sc_statement_cache_free(&conn->cache);
  free(conn->owed);
  free(conn);
}

/* ---- looking ---- */

bool sc_conn_broken(const sc_conn *conn)
{
  return conn->broken;
}

PGTransactionStatusType sc_conn_state(const sc_conn *conn)
{
  return PQtransactionStatus(conn->pq);
}

PGconn *sc_conn_pq(sc_conn *conn)
{
  return conn->pq;
}

void sc_conn_forget_statements(sc_conn *conn)
{
  if (conn->cache.by_key) sc_statement_cache_forget(&conn->cache);
}
