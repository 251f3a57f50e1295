#include "migrate/batches.h"

#include "sql/quote.h"

/* ---- the statement ---- */

str batches_said(const sql_script *script, const sql_statement *statement)
{
  str value;
  for (size_t i = 0; i < script->comments.len; i++) {
    const sql_comment *comment = &script->comments.items[i];
    if (comment->start < statement->lead || comment->start >= statement->start) continue;
    if (sql_comment_says(script, comment, STR("batches"), &value)) return value.len ? value : STR("?");
  }
  return STR_NONE;
}

size_t batches_size(str said)
{
  enum { MOST = 1000000 };
  size_t size = 0;
  for (size_t i = 0; i < said.len; i++) {
    if (said.ptr[i] < '0' || said.ptr[i] > '9' || size > MOST) return 0;
    size = size * 10 + (size_t)(said.ptr[i] - '0');
  }
  return size <= MOST ? size : 0;
}

static bool outside(const sql_script *script, size_t token, const char *word)
{
  return script->tokens.items[token].depth == 0 && sql_token_is(script, token, str_from(word));
}

static bool is_mark(const sql_script *script, size_t token, const char *mark)
{
  return token < script->tokens.len && str_eq(sql_token_text(script, token), str_from(mark));
}

static bool mixes(const sql_script *script, size_t token)
{
  return outside(script, token, "from") || outside(script, token, "returning") ||
         outside(script, token, "or");
}

/* `column IS NULL`, with nothing or AND behind it. */
static bool leaves_out(const sql_script *script, size_t at, size_t end, str column)
{
  if (at + 3 > end || !str_eq(sql_token_text(script, at), column)) return false;
  if (!sql_token_is(script, at + 1, STR("is")) || !sql_token_is(script, at + 2, STR("null"))) return false;
  return at + 3 == end || sql_token_is(script, at + 3, STR("and"));
}

static str text_of(const sql_script *script, size_t first, size_t behind)
{
  return str_slice(script->text, script->tokens.items[first].start, script->tokens.items[behind - 1].end);
}

bool batches_read(const sql_script *script, const sql_statement *statement, batches_form *out)
{
  size_t first = statement->first, end = first + statement->len, set = first + 2, where = 0;
  if (!sql_token_is(script, first, STR("update"))) return false;
  if (is_mark(script, set, ".")) set += 2;
  if (set + 2 >= end || !sql_token_is(script, set, STR("set")) || !is_mark(script, set + 2, "="))
    return false;
  for (size_t i = set; i < end; i++) {
    if (mixes(script, i)) return false;
    if (!where && outside(script, i, "where")) where = i;
  }
  if (!where || !leaves_out(script, where + 1, end, sql_token_text(script, set + 1))) return false;
  *out = (batches_form){.table = text_of(script, first + 1, set),
                        .head = text_of(script, first, where),
                        .condition = text_of(script, where + 1, end)};
  return true;
}

/* ---- the table ---- */

static const char keys_of_table[] =
    "SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), greatest(c.reltuples, 0)::bigint "
    "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid "
    "CROSS JOIN generate_series(0, i.indnkeyatts - 1) k "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] "
    "WHERE i.indisprimary AND i.indrelid = to_regclass($1) ORDER BY k";

static str cell(const sc_rows *rows, size_t row, size_t column)
{
  return str_from(sc_rows_text(rows, row, column));
}

/* The rows that it counts: its first element. */
static int64_t rows_of(str reached)
{
  int64_t rows = 0;
  for (size_t i = 1;
       i < reached.len && reached.ptr[i] >= '0' && reached.ptr[i] <= '9' && rows < INT64_MAX / 10; i++)
    rows = rows * 10 + (reached.ptr[i] - '0');
  return rows;
}

sc_status batches_open(connection *db, const batches_form *form, size_t size, str reached, batches *out)
{
  sc_rows rows;
  *out = (batches){.db = db, .form = *form, .size = size, .reached = reached};
  out->done = out->begun = rows_of(reached);
  clock_gettime(CLOCK_MONOTONIC, &out->start);
  sc_status status =
      sc_query(db->session, db->mem, &rows, keys_of_table, SC_ARGS(SC_TEXT(sc_str_c(db->mem, form->table))));
  if (status != SC_OK || rows.len == 0) return status;
  for (size_t i = 0; i < rows.len; i++)
    vec_push(db->mem, &out->keys, (batches_key){.column = cell(&rows, i, 0), .type = cell(&rows, i, 1)});
  sc_rows_int(&rows, 0, 2, &out->rows);
  return SC_OK;
}

/* ---- ranges ---- */

static void add_columns(const batches *b, const char *behind, buf *out)
{
  for (size_t i = 0; i < b->keys.len; i++)
    sc_buf_format(out, "%s%.*s%s", i ? ", " : "", STR_ARG(b->keys.items[i].column), behind);
}

/* (a, b) > (…, …): the keys on one side of a place. */
static void add_side(const batches *b, const char *comparison, str reached, buf *out)
{
  buf_char(out, '(');
  add_columns(b, "", out);
  sc_buf_format(out, ") %s (", comparison);
  for (size_t i = 0; i < b->keys.len; i++) {
    buf_add(out, i ? STR(", (") : STR("("));
    sql_literal(out, reached);
    sc_buf_format(out, "::text[])[%zu]::%.*s", i + 2, STR_ARG(b->keys.items[i].type));
  }
  buf_char(out, ')');
}

/* Where the next batch ends; empty when there are less rows than that. */
static sc_status find_end(const batches *b, str *end)
{
  sc_rows rows;
  buf sql = {.mem = b->db->mem};
  sc_buf_format(&sql, "SELECT ARRAY['%lld', ", (long long)b->done + (long long)b->size);
  add_columns(b, "::text", &sql);
  sc_buf_format(&sql, "]::text AS \"schemac:position\" FROM %.*s", STR_ARG(b->form.table));
  if (b->reached.len) {
    BUF_LIT(&sql, " WHERE ");
    add_side(b, ">", b->reached, &sql);
  }
  BUF_LIT(&sql, " ORDER BY ");
  add_columns(b, "", &sql);
  sc_buf_format(&sql, " LIMIT 1 OFFSET %zu", b->size - 1);
  sc_status status = sc_query(b->db->session, b->db->mem, &rows, sc_buf_c(&sql), SC_NO_ARGS);
  *end = status == SC_OK && rows.len ? cell(&rows, 0, 0) : STR_NONE;
  return status;
}

sc_status batches_next(batches *b, str *sql)
{
  str end = STR_NONE;
  *sql = STR_NONE;
  sc_status status = b->keys.len ? find_end(b, &end) : SC_OK;
  if (!end.len) return status;
  buf out = {.mem = b->db->mem};
  sc_buf_format(&out, "%.*s WHERE (%.*s) AND ", STR_ARG(b->form.head), STR_ARG(b->form.condition));
  if (b->reached.len) {
    add_side(b, ">", b->reached, &out);
    BUF_LIT(&out, " AND ");
  }
  add_side(b, "<=", end, &out);
  b->reached = end;
  b->done += (int64_t)b->size;
  *sql = buf_str(&out);
  return SC_OK;
}

/* ---- how far it is ---- */

void batches_tell(const batches *b)
{
  struct timespec now;
  buf line = {.mem = b->db->mem};
  if (!b->db->progress) return;
  clock_gettime(CLOCK_MONOTONIC, &now);
  sc_buf_format(&line, "Backfilling %.*s: %lld", STR_ARG(b->form.table), (long long)b->done);
  if (b->rows > b->done) {
    double seconds = (double)(now.tv_sec - b->start.tv_sec) + (double)(now.tv_nsec - b->start.tv_nsec) / 1e9;
    double left = seconds / (double)(b->done - b->begun) * (double)(b->rows - b->done);
    sc_buf_format(&line, " of about %lld rows, about %.0f s left", (long long)b->rows, left);
  } else {
    BUF_LIT(&line, " rows");
  }
  b->db->progress(b->db->ui, buf_str(&line));
}

void batches_told(const batches *b)
{
  if (b->db->progress && b->done > b->begun) b->db->progress(b->db->ui, STR_NONE);
}
