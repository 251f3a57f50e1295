#include "migrate/history.h"

#include "sql/quote.h"

#include <openssl/rand.h>

/* Statements name the table with its schema: a migration may have changed search_path. */
static const char *on_table(connection *db, const char *before, const char *behind)
{
  buf sql = {.mem = db->mem};
  buf_add(&sql, str_from(before));
  sql_name(&sql, db->place.schema, STR("_prisma_migrations"));
  buf_add(&sql, str_from(behind));
  return sc_buf_c(&sql);
}

static str cell(const sc_rows *rows, size_t row, size_t column)
{
  return str_from(sc_rows_text(rows, row, column));
}

sc_status history_read(connection *db, history *out)
{
  sc_rows rows;
  *out = (history){0};
  sc_status status = sc_query(db->session, db->mem, &rows,
                              "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                              " WHERE n.nspname = $1 AND c.relname = '_prisma_migrations'",
                              SC_ARGS(SC_TEXT(sc_str_c(db->mem, db->place.schema))));
  if (status != SC_OK || rows.len == 0) return status;
  out->exists = true;
  status = sc_query(db->session, db->mem, &rows,
                    on_table(db,
                             "SELECT id, migration_name, checksum, COALESCE(logs, ''),"
                             " to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') || ' UTC',"
                             " finished_at IS NOT NULL, rolled_back_at IS NOT NULL FROM ",
                             " ORDER BY started_at, migration_name"),
                    SC_NO_ARGS);
  if (status != SC_OK) return status;
  out->items = arena_array(db->mem, history_row, rows.len);
  out->len = rows.len;
  for (size_t i = 0; i < rows.len; i++)
    out->items[i] = (history_row){
        .id = cell(&rows, i, 0),
        .name = cell(&rows, i, 1),
        .checksum = cell(&rows, i, 2),
        .logs = cell(&rows, i, 3),
        .started_at = cell(&rows, i, 4),
        .finished = str_eq(cell(&rows, i, 5), STR("t")),
        .rolled_back = str_eq(cell(&rows, i, 6), STR("t")),
    };
  return SC_OK;
}

bool history_applied(const history *rows, str name)
{
  for (size_t i = 0; i < rows->len; i++)
    if (str_eq(rows->items[i].name, name) && rows->items[i].finished && !rows->items[i].rolled_back)
      return true;
  return false;
}

const history_row *history_failed(const history *rows)
{
  for (size_t i = 0; i < rows->len; i++)
    if (!rows->items[i].finished && !rows->items[i].rolled_back) return &rows->items[i];
  return NULL;
}

sc_status history_create(connection *db)
{
  return sc_exec(db->session,
                 on_table(db, "CREATE TABLE IF NOT EXISTS ",
                          " (\n"
                          "    id                  VARCHAR(36) PRIMARY KEY NOT NULL,\n"
                          "    checksum            VARCHAR(64) NOT NULL,\n"
                          "    finished_at         TIMESTAMPTZ,\n"
                          "    migration_name      VARCHAR(255) NOT NULL,\n"
                          "    logs                TEXT,\n"
                          "    rolled_back_at      TIMESTAMPTZ,\n"
                          "    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
                          "    applied_steps_count INTEGER NOT NULL DEFAULT 0\n"
                          ")"),
                 SC_NO_ARGS, NULL);
}

/* A random UUID (RFC 4122, version 4). */
static str new_id(arena *mem)
{
  unsigned char b[16] = {0};
  buf out = {.mem = mem};
  if (RAND_bytes(b, sizeof b) != 1) return STR_NONE;
  b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
  b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
  for (size_t i = 0; i < sizeof b; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) buf_char(&out, '-');
    sc_buf_format(&out, "%02x", (unsigned)b[i]);
  }
  return buf_str(&out);
}

sc_status history_start(connection *db, str name, str checksum, str *id)
{
  *id = new_id(db->mem);
  return sc_exec(
      db->session,
      on_table(db, "INSERT INTO ", " (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, now())"),
      SC_ARGS(SC_TEXT(sc_str_c(db->mem, *id)), SC_TEXT(sc_str_c(db->mem, checksum)),
              SC_TEXT(sc_str_c(db->mem, name))),
      NULL);
}

sc_status history_finish(connection *db, str id)
{
  return sc_exec(
      db->session,
      on_table(db, "UPDATE ",
               " SET finished_at = now(), applied_steps_count = applied_steps_count + 1 WHERE id = $1"),
      SC_ARGS(SC_TEXT(sc_str_c(db->mem, id))), NULL);
}

sc_status history_fail(connection *db, str id, str logs)
{
  return sc_exec(db->session, on_table(db, "UPDATE ", " SET logs = $2 WHERE id = $1"),
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, id)), SC_TEXT(sc_str_c(db->mem, logs))), NULL);
}

sc_status history_mark_applied(connection *db, str name, str checksum)
{
  return sc_exec(db->session,
                 on_table(db, "INSERT INTO ",
                          " (id, checksum, migration_name, started_at, finished_at, applied_steps_count)"
                          " VALUES ($1, $2, $3, now(), now(), 0)"),
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, new_id(db->mem))), SC_TEXT(sc_str_c(db->mem, checksum)),
                         SC_TEXT(sc_str_c(db->mem, name))),
                 NULL);
}

sc_status history_mark_rolled_back(connection *db, str id)
{
  return sc_exec(db->session, on_table(db, "UPDATE ", " SET rolled_back_at = now() WHERE id = $1"),
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, id))), NULL);
}
