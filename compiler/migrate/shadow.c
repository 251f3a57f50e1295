#include "migrate/shadow.h"

#include "migrate/guard.h"
#include "sql/quote.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <time.h>

/* Marks a shadow of shadow_url that we have begun to fill: what a killed run left may be wiped, what else is
 * found in it may not. */
#define SHADOW_MARK "_schemac_shadow"

/* ---- created beside the real one ---- */

#define SHADOW_NAME "prisma_migrate_shadow_db_" /* Prisma's; behind it stands a UUID */
enum { UNTOUCHED_SECONDS = 60 };

static str new_name(arena *mem)
{
  unsigned char bytes[16] = {0};
  buf out = {.mem = mem};
  RAND_bytes(bytes, sizeof bytes);
  /* Of version 7, which begins with the milliseconds: so an abandoned one is known. */
  uint64_t now = (uint64_t)time(NULL) * 1000;
  for (int i = 5; i >= 0; i--, now >>= 8) bytes[i] = (unsigned char)(now & 0xFF);
  bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0F));
  bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));
  BUF_LIT(&out, SHADOW_NAME);
  for (size_t i = 0; i < sizeof bytes; i++)
    sc_buf_format(&out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", (unsigned)bytes[i]);
  return buf_str(&out);
}

static sc_status database_command(connection *db, const char *command, str name)
{
  buf sql = {.mem = db->mem};
  buf_add(&sql, str_from(command));
  sql_ident(&sql, name);
  return sc_exec(db->session, sc_buf_c(&sql), SC_NO_ARGS, NULL);
}

/* When a shadow of ours was made; now, when its name does not say. */
static time_t born(str name)
{
  char digits[13] = {0};
  size_t at = sizeof SHADOW_NAME - 1;
  if (name.len != at + 36) return time(NULL);
  for (size_t i = 0; i < 12; i++) digits[i] = name.ptr[at + i + (i >= 8)];
  return (time_t)(strtoull(digits, NULL, 16) / 1000);
}

/* What killed runs have left: databases of our names that nobody is connected to. The one that another run
 * has made this moment is not yet. */
static void drop_abandoned(connection *db)
{
  sc_rows rows;
  static const char sql[] =
      "SELECT d.datname FROM pg_database d WHERE d.datname ~ '^" SHADOW_NAME "[0-9a-f]{8}-[0-9a-f]{4}-7'"
      " AND pg_has_role(d.datdba, 'USAGE')"
      " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)";
  if (sc_query(db->session, db->mem, &rows, sql, SC_NO_ARGS) != SC_OK) return;
  for (size_t i = 0; i < rows.len; i++) {
    str name = str_from(sc_rows_text(&rows, i, 0));
    if (born(name) < time(NULL) - UNTOUCHED_SECONDS) database_command(db, "DROP DATABASE IF EXISTS ", name);
  }
}

/* Through `neighbour`, which *out then has to keep. False with *why. */
static bool create(arena *mem, const connection *neighbour, shadow *out, str *why)
{
  migrate_report report = {0};
  connection server = *neighbour;
  str name = new_name(mem);
  drop_abandoned(&server);
  if (database_command(&server, "CREATE DATABASE ", name) != SC_OK) {
    *why = sc_str_dup(mem, str_from(sc_error_last()->message));
    return false;
  }
  out->neighbour = server;
  out->created = name;
  if (connection_open(mem, migrate_url_with_database(mem, server.url, name), &out->db, &report) ==
      MIGRATE_DONE)
    return true;
  *why = report.error;
  shadow_close(out);
  return false;
}

/* A connection of its own: the caller's may be in a transaction, or gone before the shadow is. */
static bool create_beside(const migrate_context *context, const connection *db, shadow *out, str *why)
{
  migrate_report report = {0};
  connection server;
  *why = STR("there is no database beside which one could be created");
  if (!db->session) return false;
  if (connection_open(context->mem, db->url, &server, &report) != MIGRATE_DONE) {
    *why = report.error;
    return false;
  }
  if (create(context->mem, &server, out, why)) return true;
  connection_close(&server);
  return false;
}

/* "15", or empty. */
static str major_version(const connection *db)
{
  sc_rows rows;
  if (sc_query(db->session, db->mem, &rows, "SELECT current_setting('server_version_num')::int / 10000",
               SC_NO_ARGS) != SC_OK)
    return STR_NONE;
  return str_from(sc_rows_text(&rows, 0, 0));
}

static bool create_on_private(const migrate_context *context, const connection *db, shadow *out, str *why)
{
  migrate_report report = {0};
  connection server;
  *why = STR("none runs; start one with `schemac dev start`");
  if (!context->private_url.len) return false;
  if (connection_open(context->mem, context->private_url, &server, &report) != MIGRATE_DONE) {
    *why = report.error;
    return false;
  }
  str here = db->session ? major_version(db) : STR_NONE, there = major_version(&server);
  *why = sc_str_format(context->mem, "it is a PostgreSQL %.*s, and the database is a PostgreSQL %.*s",
                       STR_ARG(there), STR_ARG(here));
  bool good = !db->session || str_eq(here, there);
  good = good && create(context->mem, &server, out, why);
  if (!good) connection_close(&server);
  return good;
}

/* ---- given by its URL ---- */

static sc_status count(connection *db, const char *sql, int64_t *out)
{
  sc_rows rows;
  sc_status status = sc_query(db->session, db->mem, &rows, sql, SC_NO_ARGS);
  if (status == SC_OK) sc_rows_int(&rows, 0, 0, out);
  return status;
}

/* Back to a database as CREATE DATABASE makes it. */
static sc_status empty(connection *db)
{
  static const char wipe[] = "DO $wipe$ DECLARE s text; BEGIN"
                             " FOR s IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND "
                             "nspname <> 'information_schema'"
                             " LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP;"
                             " CREATE SCHEMA public; END $wipe$";
  return sc_script(db->session, wipe, NULL);
}

/* Whatever it holds may go, but for what looks like somebody's database. */
static migrate_status wipe_foreign(connection *db, migrate_report *report)
{
  history applied;
  bool protected_ = false;
  if (history_read(db, &applied) != SC_OK || guard_is_protected(db, &protected_) != SC_OK)
    return connection_failed(db->mem, report);
  if (applied.len || protected_)
    return report_refused(
        report, "",
        sc_str_format(db->mem,
                      "The shadow database `%.*s` %s: --reset-shadow does not empty it. Nothing was changed.",
                      STR_ARG(db->place.database),
                      protected_ ? "is protected" : "has a history of migrations, so it is no shadow"));
  return empty(db) == SC_OK ? MIGRATE_DONE : connection_failed(db->mem, report);
}

static migrate_status refuse_filled(const connection *db, migrate_report *report)
{
  return report_refused(
      report, "",
      sc_str_format(
          db->mem,
          "The shadow database `%.*s` is not empty. It is emptied after use, so it must hold nothing "
          "else.\nIf what it holds may go, pass --reset-shadow; else name another database with "
          "shadowDatabaseUrl or --shadow-database-url.",
          STR_ARG(db->place.database)));
}

static migrate_status take_given(const migrate_context *context, shadow *out, migrate_report *report)
{
  int64_t objects = 0, marked = 0;
  connection *db = &out->db;
  migrate_status status = connection_open(context->mem, context->shadow_url, db, report);
  if (status != MIGRATE_DONE) return status;
  sc_status asked = count(db, "SELECT count(*) FROM pg_namespace WHERE nspname = '" SHADOW_MARK "'", &marked);
  if (asked == SC_OK && marked) asked = empty(db);
  if (asked == SC_OK)
    asked =
        count(db,
              "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
              " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
              " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = "
              "c.oid AND d.deptype = 'e')",
              &objects);
  if (asked == SC_OK && objects)
    status = context->reset_shadow ? wipe_foreign(db, report) : refuse_filled(db, report);
  if (asked == SC_OK && status == MIGRATE_DONE)
    asked = sc_exec(db->session, "CREATE SCHEMA " SHADOW_MARK, SC_NO_ARGS, NULL);
  if (asked != SC_OK) status = connection_failed(context->mem, report);
  if (status == MIGRATE_DONE)
    out->given = true;
  else
    connection_close(db);
  return status;
}

/* ---- all of them ---- */

static migrate_status refuse_all(arena *mem, const str why[3], migrate_report *report)
{
  return report_refused(
      report, "P3014",
      sc_str_format(
          mem,
          "Could not create the shadow database. Please make sure the database user has permission to create "
          "databases, or name an empty database with shadowDatabaseUrl. Read more about the shadow database "
          "(and workarounds) at https://pris.ly/d/migrate-shadow\n\nBeside the database: %.*s\nOn the "
          "private "
          "server of schemac dev: %.*s\nIn a schema of its own: %.*s",
          STR_ARG(why[0]), STR_ARG(why[1]), STR_ARG(why[2])));
}

/* A shadow is emptied: it must never be the database that it stands beside. */
static bool is_same_database(arena *mem, const connection *db, str shadow_url)
{
  migrate_url other;
  return db && db->session && migrate_url_read(mem, shadow_url, &other) &&
         str_eq(other.database, db->place.database) && str_eq(other.host, db->place.host) &&
         str_eq(other.port, db->place.port);
}

migrate_status shadow_open(const migrate_context *context, const connection *db, const folder *migrations,
                           shadow *out, migrate_report *report)
{
  str why[3];
  *out = (shadow){0};
  if (context->shadow_url.len && is_same_database(context->mem, db, context->shadow_url))
    return report_refused(
        report, "",
        STR("The shadow database you configured appears to be the same as the main database. "
            "Please specify another shadow database."));
  if (context->shadow_url.len) {
    migrate_status status = take_given(context, out, report);
    if (status != MIGRATE_DONE) return status;
  } else if (!create_beside(context, db, out, &why[0]) && !create_on_private(context, db, out, &why[1])) {
    return shadow_open_within(context, db, migrations, out, &why[2]) ? MIGRATE_DONE
                                                                     : refuse_all(context->mem, why, report);
  }
  /* Replayed where the real ones stand: a new database has no schema but public. */
  migrate_url *place = &out->db.place;
  if (db->session && !place->schema_given) place->schema = db->place.schema;
  out->db.ui = context->ui;
  out->db.stopped = context->stopped;
  sc_status status = SC_OK;
  if (!str_eq(place->schema, STR("public")))
    status = database_command(&out->db, "CREATE SCHEMA IF NOT EXISTS ", place->schema);
  if (status == SC_OK) status = connection_use_schema(&out->db);
  return status == SC_OK ? MIGRATE_DONE : connection_failed(context->mem, report);
}

/* A transaction that never ends has limits of its own: a new value of an enum cannot be used in it. */
static str explain_within(arena *mem, str failure)
{
  return sc_str_format(
      mem,
      "%.*s\n\nNo shadow database could be created, so this ran in a schema of its own, inside of "
      "one transaction. With a database named by shadowDatabaseUrl it may well apply.",
      STR_ARG(failure));
}

bool shadow_try(shadow *s, str script, str *failure)
{
  str sqlstate;
  *failure = s->within ? shadow_reaches_out(s->db.mem, script) : STR_NONE;
  bool good = !failure->len && apply_script(&s->db, script, failure, &sqlstate) == SC_OK;
  if (!good && s->within) *failure = explain_within(s->db.mem, *failure);
  return good;
}

migrate_status shadow_replay(shadow *s, const folder_entry *migration, migrate_report *report)
{
  if (migration->missing) return apply_missing(&s->db, migration, report);
  migrate_status status = connection_go_on(&s->db, report);
  if (status != MIGRATE_DONE) return status;
  str failure;
  if (shadow_try(s, migration->script, &failure)) return MIGRATE_DONE;
  return report_refused(
      report, "P3006",
      sc_str_format(s->db.mem,
                    "Migration `%.*s` failed to apply cleanly to the shadow database. \nError code: "
                    "P3018\nError:\n%.*s",
                    STR_ARG(migration->name), STR_ARG(failure)));
}

void shadow_close(shadow *s)
{
  if (s->within) {
    sc_rollback(s->db.session);
    s->db.session = s->session;
  }
  if (s->db.session && s->given) empty(&s->db);
  connection_close(&s->db);
  if (s->created.len) database_command(&s->neighbour, "DROP DATABASE IF EXISTS ", s->created);
  connection_close(&s->neighbour);
  *s = (shadow){0};
}
