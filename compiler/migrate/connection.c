#include "migrate/connection.h"

#include "sql/quote.h"

migrate_status report_refused(migrate_report *report, const char *code, str message)
{
  report->code = str_from(code);
  report->error = message;
  return MIGRATE_REFUSED;
}

str connection_place(const connection *db)
{
  if (str_starts(db->place.host, STR("/"))) return db->place.host;
  return sc_str_format(db->mem, "%.*s:%.*s", STR_ARG(db->place.host), STR_ARG(db->place.port));
}

static bool unreachable(sc_status status)
{
  return status == SC_UNREACHABLE || status == SC_AUTH || status == SC_NO_DATABASE || status == SC_CLOSED ||
         status == SC_TIMEOUT || status == SC_POOL_TIMEOUT;
}

/* What is not in the message of an error that has nothing to do with what was wanted. */
static str advice_of(str sqlstate)
{
  if (str_eq(sqlstate, STR("25006")))
    return STR(" It only takes reads: it is a standby, or default_transaction_read_only is set.");
  if (str_eq(sqlstate, STR("42501")))
    return STR(" The role of the URL lacks that right, or another URL was meant.");
  return STR_NONE;
}

migrate_status connection_failed(arena *mem, migrate_report *report)
{
  const sc_error *error = sc_error_last();
  str sqlstate = str_from(error->sqlstate);
  report->code = sc_str_dup(mem, str_from(error->code));
  report->error = sc_str_dup(mem, str_from(error->message));
  /* P2010 is of a query of the client's. */
  if (str_eq(report->code, STR("P2010"))) {
    report->code = STR_NONE;
    report->error = sc_str_format(mem, "The database refused it: %s (%s).%.*s", error->message,
                                  error->sqlstate, STR_ARG(advice_of(sqlstate)));
  }
  return unreachable(error->status) ? MIGRATE_UNREACHABLE : MIGRATE_REFUSED;
}

static sc_status open_pool(connection *db)
{
  sc_open_options options = {
      .url = sc_str_c(db->mem, db->url), .application_name = "schemac", .max_connections = 1};
  sc_status status = sc_open(&options, &db->pool);
  if (status == SC_OK) status = sc_session(db->pool, &db->session);
  return status;
}

void connection_watch(connection *db, const migrate_context *context)
{
  db->ui = context->ui;
  db->progress = context->progress;
  db->stopped = context->stopped;
}

migrate_status connection_go_on(const connection *db, migrate_report *report)
{
  if (!db->stopped || !db->stopped(db->ui)) return MIGRATE_DONE;
  report->error = STR("Interrupted: what had begun was brought to its end, and the rest was not done.");
  return MIGRATE_CANCELLED;
}

sc_status connection_use_schema(connection *db)
{
  buf sql = {.mem = db->mem};
  BUF_LIT(&sql, "SET search_path = ");
  sql_ident(&sql, db->place.schema);
  return sc_exec(db->session, sc_buf_c(&sql), SC_NO_ARGS, NULL);
}

static migrate_status opened(connection *db, sc_status status, migrate_report *report)
{
  if (status == SC_OK) status = connection_use_schema(db);
  if (status == SC_OK) return MIGRATE_DONE;
  migrate_status failed = connection_failed(db->mem, report);
  connection_close(db);
  return failed;
}

static migrate_status prepare(arena *mem, str url, connection *out, migrate_report *report)
{
  *out = (connection){.mem = mem, .url = url};
  report->text.mem = mem;
  if (migrate_url_read(mem, url, &out->place)) return MIGRATE_DONE;
  report_refused(
      report, "P1013",
      STR("The provided database string is invalid: the URL must start with the protocol `postgresql://` or "
          "`postgres://`."));
  return MIGRATE_UNREACHABLE;
}

migrate_status connection_open(arena *mem, str url, connection *out, migrate_report *report)
{
  migrate_status status = prepare(mem, url, out, report);
  return status == MIGRATE_DONE ? opened(out, open_pool(out), report) : status;
}

/* Somebody else was faster to make what we wanted to make. */
static bool is_there_already(void)
{
  str sqlstate = str_from(sc_error_last()->sqlstate);
  return str_eq(sqlstate, STR("42P04")) || str_eq(sqlstate, STR("42P06")) || str_eq(sqlstate, STR("23505"));
}

/* From the database `postgres`, which every server has, or else template1. */
static sc_status create_database(connection *db)
{
  static const str neighbours[] = {STR_INIT("postgres"), STR_INIT("template1")};
  sc_status status = SC_NO_DATABASE;
  buf sql = {.mem = db->mem};
  BUF_LIT(&sql, "CREATE DATABASE ");
  sql_ident(&sql, db->place.database);
  for (size_t i = 0; i < 2 && status == SC_NO_DATABASE; i++) {
    connection other = {.mem = db->mem, .url = migrate_url_with_database(db->mem, db->url, neighbours[i])};
    status = open_pool(&other);
    if (status == SC_OK) status = sc_exec(other.session, sc_buf_c(&sql), SC_NO_ARGS, NULL);
    if (status != SC_OK && is_there_already()) status = SC_OK;
    connection_close(&other);
  }
  return status;
}

static sc_status create_schema(connection *db)
{
  sc_rows rows;
  sc_status status = sc_query(db->session, db->mem, &rows, "SELECT 1 FROM pg_namespace WHERE nspname = $1",
                              SC_ARGS(SC_TEXT(sc_str_c(db->mem, db->place.schema))));
  if (status != SC_OK || rows.len) return status;
  buf sql = {.mem = db->mem};
  BUF_LIT(&sql, "CREATE SCHEMA IF NOT EXISTS ");
  sql_ident(&sql, db->place.schema);
  status = sc_exec(db->session, sc_buf_c(&sql), SC_NO_ARGS, NULL);
  return status != SC_OK && is_there_already() ? SC_OK : status;
}

migrate_status connection_open_or_create(arena *mem, str url, connection *out, migrate_report *report)
{
  migrate_status ready = prepare(mem, url, out, report);
  if (ready != MIGRATE_DONE) return ready;
  sc_status status = open_pool(out);
  if (status == SC_NO_DATABASE && out->place.database.len) {
    connection_close(out);
    status = create_database(out);
    if (status == SC_OK) {
      report->database_created = true;
      sc_buf_format(&report->text, "PostgreSQL database %.*s created at %.*s\n\n",
                    STR_ARG(out->place.database), STR_ARG(connection_place(out)));
      status = open_pool(out);
    }
  }
  if (status == SC_OK) status = create_schema(out);
  return opened(out, status, report);
}

void connection_close(connection *db)
{
  sc_close(db->session);
  sc_close(db->pool);
  db->session = db->pool = NULL;
}
