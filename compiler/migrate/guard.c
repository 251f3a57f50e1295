#include "migrate/guard.h"

/* Found through the catalog: the schema may not be there, and reading it must not need rights that only its
 * owner has. */
sc_status guard_is_protected(connection *db, bool *out)
{
  sc_rows rows;
  *out = false;
  sc_status status = sc_query(db->session, db->mem, &rows,
                              "SELECT to_regclass('_schemac.protected') IS NOT NULL", SC_NO_ARGS);
  if (status != SC_OK || !str_eq(str_from(sc_rows_text(&rows, 0, 0)), STR("t"))) return status;
  status = sc_query(db->session, db->mem, &rows,
                    "SELECT 1 FROM _schemac.protected WHERE database = current_database()", SC_NO_ARGS);
  *out = status == SC_OK && rows.len > 0;
  return status;
}

static migrate_status refuse_protected(connection *db, migrate_report *report)
{
  str name = db->place.database;
  return report_refused(report, "",
                        sc_str_format(db->mem,
                                      "The database \"%.*s\" is protected. Nothing was changed.\nIf its data "
                                      "may be destroyed, take the protection away first: schemac db "
                                      "unprotect --confirm %.*s",
                                      STR_ARG(name), STR_ARG(name)));
}

static migrate_status refuse_name(connection *db, str given, migrate_report *report)
{
  return report_refused(report, "",
                        sc_str_format(db->mem,
                                      "--confirm names \"%.*s\", but the database is \"%.*s\". Nothing was "
                                      "changed.",
                                      STR_ARG(given), STR_ARG(db->place.database)));
}

/* A URL may leave the database's name to the server. */
static sc_status name_database(connection *db)
{
  sc_rows rows;
  if (db->place.database.len) return SC_OK;
  sc_status status = sc_query(db->session, db->mem, &rows, "SELECT current_database()", SC_NO_ARGS);
  if (status == SC_OK) db->place.database = str_from(sc_rows_text(&rows, 0, 0));
  return status;
}

static migrate_status ask(const migrate_context *context, connection *db, const guard_texts *texts,
                          migrate_report *report)
{
  str name = db->place.database;
  if (context->confirmed.len)
    return str_eq(context->confirmed, name) ? MIGRATE_DONE : refuse_name(db, context->confirmed, report);
  if (context->force) return MIGRATE_DONE;
  if (!context->ask)
    return report_refused(report, "",
                          sc_str_format(db->mem, "%.*s\nThe database is named with --confirm %.*s.",
                                        STR_ARG(texts->unasked), STR_ARG(name)));
  str typed =
      context->ask(context->ui, sc_str_format(db->mem, "%.*s\nType the database's name, %.*s, to go on:",
                                              STR_ARG(texts->question), STR_ARG(name)));
  if (str_eq(typed, name)) return MIGRATE_DONE;
  report->error = texts->cancelled;
  return MIGRATE_CANCELLED;
}

migrate_status guard_pass(const migrate_context *context, connection *db, const guard_texts *texts,
                          migrate_report *report)
{
  bool protected_;
  if (name_database(db) != SC_OK || guard_is_protected(db, &protected_) != SC_OK)
    return connection_failed(db->mem, report);
  return protected_ ? refuse_protected(db, report) : ask(context, db, texts, report);
}

migrate_status guard_change(connection *db, migrate_report *report)
{
  bool protected_;
  if (name_database(db) != SC_OK || guard_is_protected(db, &protected_) != SC_OK)
    return connection_failed(db->mem, report);
  return protected_ ? refuse_protected(db, report) : MIGRATE_DONE;
}

/* ---- db protect, db unprotect ---- */

static migrate_status protect(connection *db, migrate_report *report)
{
  static const char mark[] =
      "CREATE SCHEMA IF NOT EXISTS _schemac;"
      "CREATE TABLE IF NOT EXISTS _schemac.protected (database name PRIMARY KEY, since timestamptz NOT NULL "
      "DEFAULT now(), by name NOT NULL DEFAULT current_user);"
      "GRANT USAGE ON SCHEMA _schemac TO PUBLIC;"
      "GRANT SELECT ON _schemac.protected TO PUBLIC;"
      "INSERT INTO _schemac.protected (database) VALUES (current_database()) ON CONFLICT DO NOTHING";
  if (sc_script(db->session, mark, NULL) != SC_OK) return connection_failed(db->mem, report);
  sc_buf_format(&report->text, "The database \"%.*s\" is protected now.\n", STR_ARG(db->place.database));
  return MIGRATE_DONE;
}

static migrate_status unprotect(const migrate_context *context, connection *db, migrate_report *report)
{
  static const guard_texts texts = {
      .question = STR_INIT("Are you sure that the data of this database may be destroyed?"),
      .unasked = STR_INIT("There is no terminal to ask whether the protection may be taken away."),
      .cancelled = STR_INIT("Cancelled."),
  };
  bool protected_;
  if (guard_is_protected(db, &protected_) != SC_OK) return connection_failed(db->mem, report);
  migrate_status status = protected_ ? ask(context, db, &texts, report) : MIGRATE_DONE;
  if (status != MIGRATE_DONE) return status;
  if (protected_ && sc_exec(db->session, "DELETE FROM _schemac.protected WHERE database = current_database()",
                            SC_NO_ARGS, NULL) != SC_OK)
    return connection_failed(db->mem, report);
  sc_buf_format(&report->text, "The database \"%.*s\" is not protected%s.\n", STR_ARG(db->place.database),
                protected_ ? " any more" : "");
  return MIGRATE_DONE;
}

migrate_status migrate_protect(const migrate_context *context, bool on, migrate_report *report)
{
  connection db;
  *report = (migrate_report){0};
  migrate_status status = connection_open(context->mem, context->url, &db, report);
  if (status != MIGRATE_DONE) return status;
  if (name_database(&db) != SC_OK)
    status = connection_failed(context->mem, report);
  else
    status = on ? protect(&db, report) : unprotect(context, &db, report);
  connection_close(&db);
  return status;
}
