#include "migrate/shadow.h"

#include "sql/quote.h"

#include <openssl/rand.h>

/* Marks a shadow of shadow_url that we have begun to fill: what a killed run left may be wiped, what else is
 * found in it may not. */
#define SHADOW_MARK "_schemac_shadow"

/* ---- created beside the real one ---- */

static str new_name(arena *mem)
{
  unsigned char bytes[16] = {0};
  buf out = {.mem = mem};
  RAND_bytes(bytes, sizeof bytes);
  BUF_LIT(&out, "prisma_migrate_shadow_db_");
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

static migrate_status create(connection *db, shadow *out, migrate_report *report)
{
  str name = new_name(db->mem);
  if (database_command(db, "CREATE DATABASE ", name) != SC_OK) {
    str cause = sc_str_dup(db->mem, str_from(sc_error_last()->message));
    return report_refused(
        report, "P3014",
        sc_str_format(
            db->mem,
            "Could not create the shadow database. Please make sure the database user has permission to "
            "create "
            "databases, or name a database with shadowDatabaseUrl. Read more about the shadow database (and "
            "workarounds) at https://pris.ly/d/migrate-shadow\n\nOriginal error:\n%.*s",
            STR_ARG(cause)));
  }
  out->neighbour = db;
  out->created = name;
  return connection_open(db->mem, migrate_url_with_database(db->mem, db->url, name), &out->db, report);
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

static migrate_status adopt(const migrate_context *context, shadow *out, migrate_report *report)
{
  int64_t objects = 0, marked = 0;
  migrate_status status = connection_open(context->mem, context->shadow_url, &out->db, report);
  if (status != MIGRATE_DONE) return status;
  sc_status asked =
      count(&out->db, "SELECT count(*) FROM pg_namespace WHERE nspname = '" SHADOW_MARK "'", &marked);
  if (asked == SC_OK && marked) asked = empty(&out->db);
  if (asked == SC_OK)
    asked = count(
        &out->db,
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
        " AND d.deptype = 'e')",
        &objects);
  if (asked == SC_OK && objects) {
    connection_close(&out->db);
    return report_refused(
        report, "",
        sc_str_format(context->mem,
                      "The shadow database `%.*s` is not empty. It is emptied after use, so it must hold "
                      "nothing else: name another one with shadowDatabaseUrl.",
                      STR_ARG(out->db.place.database)));
  }
  if (asked == SC_OK) asked = sc_exec(out->db.session, "CREATE SCHEMA " SHADOW_MARK, SC_NO_ARGS, NULL);
  return asked == SC_OK ? MIGRATE_DONE : connection_failed(context->mem, report);
}

/* ---- both ---- */

migrate_status shadow_open(const migrate_context *context, connection *db, shadow *out,
                           migrate_report *report)
{
  *out = (shadow){0};
  migrate_status status = context->shadow_url.len ? adopt(context, out, report) : create(db, out, report);
  if (status != MIGRATE_DONE) return status;
  /* The URL's schema, which a new database lacks unless it is public. */
  if (!str_eq(out->db.place.schema, STR("public")) &&
      database_command(&out->db, "CREATE SCHEMA IF NOT EXISTS ", out->db.place.schema) != SC_OK)
    return connection_failed(context->mem, report);
  return MIGRATE_DONE;
}

migrate_status shadow_replay(shadow *s, const folder_entry *migration, migrate_report *report)
{
  if (migration->missing) return apply_missing(&s->db, migration, report);
  str failure, sqlstate;
  if (apply_script(&s->db, migration->script, &failure, &sqlstate) == SC_OK) return MIGRATE_DONE;
  return report_refused(
      report, "P3006",
      sc_str_format(s->db.mem,
                    "Migration `%.*s` failed to apply cleanly to the shadow database. \nError code: "
                    "P3018\nError:\n%.*s",
                    STR_ARG(migration->name), STR_ARG(failure)));
}

void shadow_close(shadow *s)
{
  if (s->db.session && !s->created.len) empty(&s->db);
  connection_close(&s->db);
  if (s->created.len) database_command(s->neighbour, "DROP DATABASE IF EXISTS ", s->created);
  s->created = STR_NONE;
}
