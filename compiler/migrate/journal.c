#include "migrate/journal.h"

#include "sql/quote.h"

static const char make[] = "CREATE SCHEMA IF NOT EXISTS " JOURNAL_SCHEMA ";\n"
                           "CREATE TABLE " JOURNAL_SCHEMA ".journal (\n"
                           "    migration   VARCHAR(36) NOT NULL,\n"
                           "    unit        INTEGER NOT NULL,\n"
                           "    line        INTEGER NOT NULL,\n"
                           "    checksum    VARCHAR(64) NOT NULL,\n"
                           "    before      TEXT,\n"
                           "    started_at  TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
                           "    finished_at TIMESTAMPTZ,\n"
                           "    PRIMARY KEY (migration, unit)\n"
                           ");\n"
                           "COMMENT ON TABLE " JOURNAL_SCHEMA
                           ".journal IS 'Steps of unfinished migrations, kept by schemac migrate'";

static sc_status exists(connection *db, bool *out)
{
  sc_rows rows;
  sc_status status = sc_query(db->session, db->mem, &rows,
                              "SELECT to_regclass('" JOURNAL_SCHEMA ".journal') IS NOT NULL", SC_NO_ARGS);
  *out = status == SC_OK && str_eq(str_from(sc_rows_text(&rows, 0, 0)), STR("t"));
  return status;
}

sc_status journal_ready(connection *db)
{
  bool there;
  sc_status status = exists(db, &there);
  return status != SC_OK || there ? status : sc_script(db->session, make, NULL);
}

static const char *text(connection *db, str value)
{
  return sc_str_c(db->mem, value);
}

sc_status journal_read(connection *db, str id, size_t count, journal_row *out, size_t *standing)
{
  sc_rows rows;
  bool there;
  *standing = 0;
  sc_status status = exists(db, &there);
  if (status != SC_OK || !there) return status;
  status =
      sc_query(db->session, db->mem, &rows,
               "SELECT unit, finished_at IS NOT NULL, checksum, coalesce(before, '') FROM " JOURNAL_SCHEMA
               ".journal WHERE migration = $1",
               SC_ARGS(SC_TEXT(text(db, id))));
  for (size_t i = 0; status == SC_OK && i < rows.len; i++) {
    int64_t number = -1;
    bool finished = str_eq(str_from(sc_rows_text(&rows, i, 1)), STR("t"));
    if (finished) ++*standing;
    if (!sc_rows_int(&rows, i, 0, &number) || number < 0 || (size_t)number >= count) continue;
    out[number] = (journal_row){.begun = true,
                                .finished = finished,
                                .checksum = str_from(sc_rows_text(&rows, i, 2)),
                                .before = str_from(sc_rows_text(&rows, i, 3))};
  }
  return status;
}

/* Up to the value of the last column; that of the batches before it is replaced. */
static void note(buf *out, str id, size_t number, const unit *u, str checksum, const char *column)
{
  sc_buf_format(out, "INSERT INTO " JOURNAL_SCHEMA ".journal (migration, unit, line, checksum, %s) VALUES (",
                column);
  sql_literal(out, id);
  sc_buf_format(out, ", %zu, %zu, ", number, u->line);
  sql_literal(out, checksum);
  BUF_LIT(out, ", ");
}

static void note_again(buf *out, const char *column)
{
  sc_buf_format(out, ") ON CONFLICT (migration, unit) DO UPDATE SET %s = excluded.%s;", column, column);
}

void journal_note(buf *out, str id, size_t number, const unit *u, str checksum)
{
  note(out, id, number, u, checksum, "finished_at");
  BUF_LIT(out, "clock_timestamp()");
  note_again(out, "finished_at");
}

void journal_note_batch(buf *out, str id, size_t number, const unit *u, str checksum, str reached)
{
  note(out, id, number, u, checksum, "before");
  sql_literal(out, reached);
  note_again(out, "before");
}

sc_status journal_begin(connection *db, str id, size_t number, const unit *u, str checksum, str before)
{
  sc_arg args[] = {SC_TEXT(text(db, id)), SC_INT8((int64_t)number), SC_INT8((int64_t)u->line),
                   SC_TEXT(text(db, checksum)), SC_TEXT(text(db, before))};
  return sc_exec(db->session,
                 "INSERT INTO " JOURNAL_SCHEMA
                 ".journal (migration, unit, line, checksum, before) VALUES ($1, $2, $3, $4, $5)",
                 (sc_args){args, sizeof args / sizeof *args}, NULL);
}

sc_status journal_finish(connection *db, str id, size_t number)
{
  return sc_exec(db->session,
                 "UPDATE " JOURNAL_SCHEMA
                 ".journal SET finished_at = now() WHERE migration = $1 AND unit = $2",
                 SC_ARGS(SC_TEXT(text(db, id)), SC_INT8((int64_t)number)), NULL);
}

sc_status journal_drop(connection *db, str id, size_t number)
{
  return sc_exec(db->session, "DELETE FROM " JOURNAL_SCHEMA ".journal WHERE migration = $1 AND unit = $2",
                 SC_ARGS(SC_TEXT(text(db, id)), SC_INT8((int64_t)number)), NULL);
}

sc_status journal_clear(connection *db, str id)
{
  sc_rows rows;
  sc_status status =
      sc_query(db->session, db->mem, &rows,
               "SELECT 1 WHERE to_regclass('" JOURNAL_SCHEMA ".journal') IS NOT NULL", SC_NO_ARGS);
  if (status != SC_OK || rows.len == 0) return status;
  return sc_exec(db->session, "DELETE FROM " JOURNAL_SCHEMA ".journal WHERE migration = $1",
                 SC_ARGS(SC_TEXT(text(db, id))), NULL);
}

void journal_forget(buf *out, str id)
{
  BUF_LIT(out, "DELETE FROM " JOURNAL_SCHEMA ".journal WHERE migration = ");
  sql_literal(out, id);
  buf_char(out, ';');
}
