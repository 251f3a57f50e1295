#include "migrate/apply.h"

/* The line of a place and those before it, numbered. `place` counts characters from 1. */
static void write_place(buf *out, str script, size_t place)
{
  enum { LINES_BEFORE = 5 };
  size_t at = 0, line = 1, line_start = 0;
  for (size_t characters = 1; at < script.len && characters < place; at++) {
    if (script.ptr[at] == '\n') line++, line_start = at + 1;
    if (at + 1 < script.len && (script.ptr[at + 1] & '\xC0') != '\x80') characters++;
  }
  size_t first = line > LINES_BEFORE ? line - LINES_BEFORE : 1, start = line_start;
  for (size_t back = line; back > first; back--)
    for (start--; start > 0 && script.ptr[start - 1] != '\n';) start--;
  BUF_LIT(out, "\n\nPosition:\n");
  for (size_t number = first; number <= line; number++) {
    str rest = str_slice(script, start, script.len);
    size_t end = sc_str_find_char(rest, '\n');
    if (end == SIZE_MAX) end = rest.len;
    sc_buf_format(out, "%s%3zu %.*s\n", number == line ? ">" : " ", number, STR_ARG(str_slice(rest, 0, end)));
    start += end + 1;
  }
}

sc_status apply_script(connection *db, str script, str *failure, str *sqlstate)
{
  sc_status status = connection_use_schema(db);
  if (status == SC_OK) status = sc_script(db->session, script.len ? script.ptr : "", NULL);
  if (status == SC_OK) return SC_OK;

  const sc_error *error = sc_error_last();
  buf text = {.mem = db->mem};
  sc_buf_format(&text, "ERROR: %s", error->message);
  if (error->detail && *error->detail) sc_buf_format(&text, "\nDETAIL: %s", error->detail);
  if (error->hint && *error->hint) sc_buf_format(&text, "\nHINT: %s", error->hint);
  if (error->position) write_place(&text, script, error->position);
  *failure = buf_str(&text);
  *sqlstate = sc_str_dup(db->mem, str_from(error->sqlstate));
  /* A script that said BEGIN has left its transaction open. */
  sc_script(db->session, "ROLLBACK", NULL);
  connection_use_schema(db);
  return status;
}

migrate_status apply_missing(connection *db, const folder_entry *migration, migrate_report *report)
{
  return report_refused(
      report, "P3015",
      sc_str_format(db->mem,
                    "Could not find the migration file at %.*s/migration.sql. Please delete the "
                    "directory or restore the migration file.",
                    STR_ARG(migration->name)));
}

static migrate_status failed(connection *db, const folder_entry *migration, str failure, str sqlstate,
                             migrate_report *report)
{
  return report_refused(
      report, "P3018",
      sc_str_format(
          db->mem,
          "A migration failed to apply. New migrations cannot be applied before the error is recovered from. "
          "Read more about how to resolve migration issues in a production database: "
          "https://pris.ly/d/migrate-resolve\n\nMigration name: %.*s\n\nDatabase error code: %.*s\n\n"
          "Database error:\n%.*s",
          STR_ARG(migration->name), STR_ARG(sqlstate), STR_ARG(failure)));
}

migrate_status apply_migration(connection *db, const folder_entry *migration, migrate_report *report)
{
  if (migration->missing) return apply_missing(db, migration, report);
  str id, failure, sqlstate;
  sc_status status = history_create(db);
  if (status == SC_OK)
    status = history_start(db, migration->name, folder_checksum(db->mem, migration->script), &id);
  if (status != SC_OK) return connection_failed(db->mem, report);
  if (apply_script(db, migration->script, &failure, &sqlstate) != SC_OK) {
    history_fail(db, id, failure);
    return failed(db, migration, failure, sqlstate, report);
  }
  if (history_finish(db, id) != SC_OK) return connection_failed(db->mem, report);
  vec_push(db->mem, &report->applied, migration->name);
  return MIGRATE_DONE;
}

migrate_status apply_pending(connection *db, const folder *migrations, migrate_report *report)
{
  history rows;
  if (history_read(db, &rows) != SC_OK) return connection_failed(db->mem, report);
  migrate_status status = MIGRATE_DONE;
  for (size_t i = 0; i < migrations->len && status == MIGRATE_DONE; i++)
    if (!history_applied(&rows, migrations->items[i].name))
      status = apply_migration(db, &migrations->items[i], report);
  return status;
}
