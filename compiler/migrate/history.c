#include "migrate/history.h"

#include "sql/quote.h"

#include <openssl/evp.h>
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

/* ---- ids ---- */

enum { ID_BYTES = 16, SIGNED_BYTES = 12 };

static str id_text(arena *mem, const unsigned char *b)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < ID_BYTES; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) buf_char(&out, '-');
    sc_buf_format(&out, "%02x", (unsigned)b[i]);
  }
  return buf_str(&out);
}

/* Replaces the last bytes by a digest of those before and of how it is run. */
static void sign(unsigned char *b, history_run run)
{
  static const str salts[] = {[HISTORY_WHOLE] = STR_INIT(""),
                              [HISTORY_ATOMIC] = STR_INIT("schemac: atomic"),
                              [HISTORY_STEPS] = STR_INIT("schemac: steps")};
  unsigned char text[64], digest[EVP_MAX_MD_SIZE];
  if (run == HISTORY_WHOLE) return;
  memcpy(text, b, SIGNED_BYTES);
  memcpy(text + SIGNED_BYTES, salts[run].ptr, salts[run].len);
  if (EVP_Digest(text, SIGNED_BYTES + salts[run].len, digest, NULL, EVP_sha256(), NULL))
    memcpy(b + SIGNED_BYTES, digest, ID_BYTES - SIGNED_BYTES);
}

/* A random UUID (RFC 9562, version 4). */
static str new_id(arena *mem, history_run run)
{
  unsigned char b[ID_BYTES] = {0};
  if (RAND_bytes(b, sizeof b) != 1) return STR_NONE;
  b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
  b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
  sign(b, run);
  return id_text(mem, b);
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static history_run run_of(arena *mem, str id)
{
  unsigned char b[ID_BYTES] = {0};
  size_t digits = 0;
  for (size_t i = 0; i < id.len && digits < (size_t)2 * ID_BYTES; i++) {
    int digit = hex_digit(id.ptr[i]);
    if (digit < 0) continue;
    b[digits / 2] = (unsigned char)(b[digits / 2] << 4 | digit);
    digits++;
  }
  for (history_run run = HISTORY_ATOMIC; run <= HISTORY_STEPS; run++) {
    sign(b, run);
    if (str_eq(id_text(mem, b), id)) return run;
  }
  return HISTORY_WHOLE;
}

/* ---- reading ---- */

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
        .run = run_of(db->mem, cell(&rows, i, 0)),
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

const history_row *history_cut_off(const history *rows, str name)
{
  for (size_t i = rows->len; i-- > 0;) {
    const history_row *row = &rows->items[i];
    if (!str_eq(row->name, name) || row->finished || row->rolled_back) continue;
    return row->run != HISTORY_WHOLE && row->logs.len == 0 ? row : NULL;
  }
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

/* ---- the row of a run ---- */

/* Nothing of it needs to be on disk before the script is: the commit of the script, or of anything later,
 * puts it there. */
static void begin_clean(connection *db, buf *sql)
{
  BUF_LIT(sql, "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET LOCAL synchronous_commit = off;"
               " SET search_path = ");
  sql_ident(sql, db->place.schema);
  BUF_LIT(sql, "; ");
}

static void add_table(connection *db, buf *sql)
{
  sql_name(sql, db->place.schema, STR("_prisma_migrations"));
}

sc_status history_start(connection *db, str name, str checksum, history_run run, const history_row *again,
                        str *id)
{
  buf sql = {.mem = db->mem};
  *id = new_id(db->mem, run);
  begin_clean(db, &sql);
  buf_add(&sql, again ? STR("UPDATE ") : STR("INSERT INTO "));
  add_table(db, &sql);
  buf_add(&sql, again ? STR(" SET (id, checksum, migration_name, started_at) = (")
                      : STR(" (id, checksum, migration_name, started_at) VALUES ("));
  sql_literal(&sql, *id);
  BUF_LIT(&sql, ", ");
  sql_literal(&sql, checksum);
  BUF_LIT(&sql, ", ");
  sql_literal(&sql, name);
  BUF_LIT(&sql, ", now())");
  if (again) BUF_LIT(&sql, " WHERE id = ");
  if (again) sql_literal(&sql, again->id);
  return sc_script(db->session, sc_buf_c(&sql), NULL);
}

sc_status history_resume(connection *db, str id, str checksum)
{
  buf sql = {.mem = db->mem};
  begin_clean(db, &sql);
  BUF_LIT(&sql, "UPDATE ");
  add_table(db, &sql);
  BUF_LIT(&sql, " SET logs = NULL, checksum = ");
  sql_literal(&sql, checksum);
  BUF_LIT(&sql, " WHERE id = ");
  sql_literal(&sql, id);
  return sc_script(db->session, sc_buf_c(&sql), NULL);
}

sc_status history_change_run(connection *db, history_run run, str *id)
{
  str old = *id;
  *id = new_id(db->mem, run);
  return sc_exec(db->session, on_table(db, "UPDATE ", " SET id = $2 WHERE id = $1"),
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, old)), SC_TEXT(sc_str_c(db->mem, *id))), NULL);
}

void history_finish(connection *db, buf *out, str id)
{
  BUF_LIT(out, "RESET SESSION AUTHORIZATION; RESET ROLE; UPDATE ");
  add_table(db, out);
  BUF_LIT(out, " SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = ");
  sql_literal(out, id);
  buf_char(out, ';');
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
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, new_id(db->mem, HISTORY_WHOLE))),
                         SC_TEXT(sc_str_c(db->mem, checksum)), SC_TEXT(sc_str_c(db->mem, name))),
                 NULL);
}

sc_status history_remove(connection *db, str id)
{
  return sc_exec(db->session, on_table(db, "DELETE FROM ", " WHERE id = $1"),
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, id))), NULL);
}

sc_status history_mark_rolled_back(connection *db, str id)
{
  return sc_exec(db->session, on_table(db, "UPDATE ", " SET rolled_back_at = now() WHERE id = $1"),
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, id))), NULL);
}
