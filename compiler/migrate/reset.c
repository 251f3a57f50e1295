/* migrate reset, and emptying schemas for others. */
#include "migrate/reset.h"

#include "migrate/apply.h"
#include "migrate/guard.h"
#include "migrate/lock.h"
#include "sql/quote.h"

/* ---- emptying ---- */

static migrate_status failed(connection *db, migrate_report *report)
{
  str cause = sc_str_dup(db->mem, str_from(sc_error_last()->message));
  return report_refused(
      report, "P3016",
      sc_str_format(db->mem,
                    "The database could not be cleaned up entirely, so nothing of it was changed. Original "
                    "error: %.*s",
                    STR_ARG(cause)));
}

static sc_status on_schema(connection *db, const char *before, str schema, const char *behind)
{
  buf sql = {.mem = db->mem};
  buf_add(&sql, str_from(before));
  sql_ident(&sql, schema);
  buf_add(&sql, str_from(behind));
  return sc_exec(db->session, sc_buf_c(&sql), SC_NO_ARGS, NULL);
}

/* Not IF NOT EXISTS: that wants the right to create one even where there is nothing to do. */
static sc_status ensure_schema(connection *db, str schema)
{
  sc_rows rows;
  sc_status status = sc_query(db->session, db->mem, &rows, "SELECT 1 FROM pg_namespace WHERE nspname = $1",
                              SC_ARGS(SC_TEXT(sc_str_c(db->mem, schema))));
  return status == SC_OK && rows.len == 0 ? on_schema(db, "CREATE SCHEMA ", schema, "") : status;
}

/* One DROP for each thing in the schema, as the server names it; tables before the sequences that are theirs.
 * What belongs to an extension goes with it. */
static const char drops[] =
    "SELECT string_agg(format('DROP %s IF EXISTS %s CASCADE', CASE what.type WHEN 'statistics object' THEN"
    " 'STATISTICS' ELSE upper(what.type) END, what.identity), '; ' ORDER BY CASE what.type WHEN 'extension' "
    "THEN 0"
    " WHEN 'table' THEN 1 ELSE 2 END)"
    " FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid"
    " CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) what"
    " LEFT JOIN pg_extension e ON d.classid = 'pg_extension'::regclass AND e.oid = d.objid"
    " WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = $1 AND d.deptype = 'n'"
    " AND what.type NOT IN ('default acl', 'publication namespace')"
    " AND (e.oid IS NULL OR pg_has_role(e.extowner, 'USAGE'))"
    " AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid"
    " AND x.deptype = 'e')";

/* Twice where a thing could only go after another. */
static sc_status empty_schema(connection *db, str schema)
{
  enum { ROUNDS = 3 };
  sc_status status = ensure_schema(db, schema);
  for (int round = 0; status == SC_OK && round < ROUNDS; round++) {
    sc_rows rows;
    status = sc_query(db->session, db->mem, &rows, drops, SC_ARGS(SC_TEXT(sc_str_c(db->mem, schema))));
    const char *script = status == SC_OK ? sc_rows_text(&rows, 0, 0) : NULL;
    if (!script) break;
    status = sc_script(db->session, script, NULL);
  }
  return status;
}

/* What our engine notes about runs of migrations that are gone now. The marks of protection are not its. */
static sc_status forget_notes(connection *db)
{
  sc_rows rows;
  sc_status status =
      sc_query(db->session, db->mem, &rows,
               "SELECT string_agg(format('DROP TABLE _schemac.%I CASCADE', c.relname), '; ') FROM pg_class c"
               " JOIN pg_namespace n ON n.oid = c.relnamespace"
               " WHERE n.nspname = '_schemac' AND c.relkind = 'r' AND c.relname <> 'protected'",
               SC_NO_ARGS);
  const char *script = status == SC_OK ? sc_rows_text(&rows, 0, 0) : NULL;
  return script ? sc_script(db->session, script, NULL) : status;
}

migrate_status reset_schemas(const migrate_context *context, connection *db, migrate_report *report)
{
  str own = db->place.schema;
  const str *schemas = &own;
  size_t count = 1;
  if (context->schema && context->schema->datasource.schema_count) {
    schemas = context->schema->datasource.schemas;
    count = context->schema->datasource.schema_count;
  }
  sc_status status = SC_OK;
  for (size_t i = 0; i < count && status == SC_OK; i++) status = empty_schema(db, schemas[i]);
  if (status == SC_OK) status = ensure_schema(db, own);
  if (status == SC_OK) status = on_schema(db, "DROP TABLE IF EXISTS ", own, "._prisma_migrations");
  if (status == SC_OK) status = forget_notes(db);
  return status == SC_OK ? MIGRATE_DONE : failed(db, report);
}

/* ---- migrate reset ---- */

/* What is wrong with the folder is said before anything is dropped. */
static migrate_status check_folder(const migrate_context *context, connection *db, folder *migrations,
                                   migrate_report *report)
{
  migrate_status status = folder_read(context, migrations, report);
  for (size_t i = 0; i < migrations->len && status == MIGRATE_DONE; i++) {
    vec_push(context->mem, &report->found, migrations->items[i].name);
    if (migrations->items[i].missing) status = apply_missing(db, &migrations->items[i], report);
  }
  return status;
}

migrate_status reset_all(const migrate_context *context, connection *db, migrate_report *report)
{
  sc_db *session = db->session;
  if (sc_begin(session, &(sc_tx_options){.timeout_ms = -1}, &db->session) != SC_OK) {
    db->session = session;
    return connection_failed(context->mem, report);
  }
  migrate_status status = reset_schemas(context, db, report);
  sc_db *tx = db->session;
  db->session = session;
  if (status != MIGRATE_DONE)
    sc_rollback(tx);
  else if (sc_commit(tx) != SC_OK)
    status = connection_failed(context->mem, report);
  return status;
}

static migrate_status reset(const migrate_context *context, connection *db, const folder *migrations,
                            migrate_report *report)
{
  buf *out = &report->text;
  migrate_status status = reset_all(context, db, report);
  if (status != MIGRATE_DONE) return status;
  BUF_LIT(out, "Database reset successful\n");
  status = apply_pending(db, migrations, report);
  if (report->applied.len) {
    BUF_LIT(out, "\nThe following migration(s) have been applied:\n\n");
    folder_tree(context, &report->applied, out);
  }
  return status;
}

migrate_status migrate_reset(const migrate_context *context, migrate_report *report)
{
  static const guard_texts texts = {
      .question = STR_INIT("Are you sure you want to reset your database? All data will be lost."),
      .unasked = STR_INIT(
          "schemac has detected that the environment is non-interactive. It is recommended to run this "
          "command in an interactive environment.\n\nUse --force to run this command without user "
          "interaction."),
      .cancelled = STR_INIT("Reset cancelled."),
  };
  connection db = {.mem = context->mem};
  folder migrations;
  *report = (migrate_report){0};
  migrate_status status = check_folder(context, &db, &migrations, report);
  if (status == MIGRATE_DONE) status = connection_open_or_create(context->mem, context->url, &db, report);
  if (status == MIGRATE_DONE && !report->database_created) status = guard_pass(context, &db, &texts, report);
  if (status == MIGRATE_DONE) status = lock_take(&db, report);
  if (status == MIGRATE_DONE) {
    connection_watch(&db, context);
    status = reset(context, &db, &migrations, report);
    lock_release(&db);
  }
  connection_close(&db);
  return status;
}
