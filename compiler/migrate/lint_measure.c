/* What a statement does, seen on the shadow; and what the live database holds. */
#include "migrate/lint_inside.h"
#include "migrate/lone.h"

/* ---- looking ---- */

/* Of every table that is no system's: its name, its file, how often this session has scanned it (counted until the
 * transaction is reported), and the strongest lock that the session holds on it. */
static const char look[] =
    "SELECT c.oid::regclass::text, COALESCE(pg_relation_filenode(c.oid), 0), pg_stat_get_xact_numscans(c.oid),"
    " (SELECT max(array_position(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock',"
    "   'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],"
    "   l.mode)) FROM pg_locks l WHERE l.locktype = 'relation' AND l.relation = c.oid AND l.pid = pg_backend_pid()"
    "   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())), c.oid"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm')"
    " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', '_schemac') ORDER BY c.oid";

static bool ask(sc_db *db, arena *mem, sc_rows *rows)
{
  return sc_query(db, mem, rows, look, SC_NO_ARGS) == SC_OK;
}

static int64_t number(const sc_rows *rows, size_t row, size_t column)
{
  int64_t value = 0;
  sc_rows_int(rows, row, column, &value);
  return value;
}

static size_t same_row(const sc_rows *rows, int64_t oid)
{
  for (size_t i = 0; i < rows->len; i++)
    if (number(rows, i, 4) == oid) return i;
  return SIZE_MAX;
}

static void compare(const sc_rows *before, const sc_rows *after, arena *mem, lint_seens *out)
{
  for (size_t i = 0; i < after->len; i++) {
    size_t at = same_row(before, number(after, i, 4));
    lint_seen seen = {.table = str_from(sc_rows_text(after, i, 0)),
                      .lock = (lint_lock)number(after, i, 3),
                      .created = at == SIZE_MAX};
    if (at != SIZE_MAX) {
      seen.rewrites = number(after, i, 1) != number(before, at, 1);
      seen.scans = number(after, i, 2) > number(before, at, 2);
    }
    if (seen.lock > LINT_LOCK_ACCESS_SHARE || seen.created) vec_push(mem, out, seen);
  }
  /* One that is gone was locked as strongly as can be. */
  for (size_t i = 0; i < before->len; i++)
    if (same_row(after, number(before, i, 4)) == SIZE_MAX)
      vec_push(mem, out, (lint_seen){str_from(sc_rows_text(before, i, 0)), LINT_LOCK_ACCESS_EXCLUSIVE, false, false,
                                     false});
}

static str why(arena *mem)
{
  return sc_str_dup(mem, str_from(sc_error_last()->message));
}

static bool run_alone(connection *db, char *sql, bool *watched, str *failure)
{
  *watched = false;
  if (sc_script(db->session, sql, NULL) == SC_OK) return true;
  *failure = why(db->mem);
  return false;
}

/* The file's own transactions are not begun here: each statement is watched in one of its own. */
static bool ends_or_begins(const sql_script *script, const sql_statement *statement)
{
  static const str words[] = {STR_INIT("begin"),     STR_INIT("start transaction"), STR_INIT("commit"),
                              STR_INIT("end"),       STR_INIT("rollback"),          STR_INIT("savepoint"),
                              STR_INIT("release"),   STR_INIT("abort")};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (sql_statement_begins(script, statement, words[i])) return true;
  return false;
}

void lint_measure_clause(connection *db, lint_hit *hit)
{
  arena *mem = db->mem;
  sc_rows before, after;
  lint_seens seens = {0};
  sc_db *tx;
  if (sc_begin(db->session, &(sc_tx_options){.timeout_ms = -1}, &tx) != SC_OK) return;
  bool done = ask(tx, mem, &before) && sc_script(tx, sc_str_c(mem, hit->alone), NULL) == SC_OK && ask(tx, mem, &after);
  sc_rollback(tx);
  if (done) compare(&before, &after, mem, &seens);
  hit->measured = done;
  for (size_t i = 0; i < seens.len; i++) {
    hit->scans |= seens.items[i].scans;
    hit->rewrites |= seens.items[i].rewrites;
  }
}

/* In a transaction an index is built as ever; nobody waits for it there. */
static void leave_out_concurrently(const sql_script *script, const sql_statement *statement, char *sql)
{
  for (size_t i = statement->first; i < statement->first + statement->len; i++) {
    const sql_token *token = &script->tokens.items[i];
    if (sql_token_is(script, i, STR("concurrently")))
      memset(sql + (token->start - statement->start), ' ', token->end - token->start);
  }
}

bool lint_measure(const lint_run *run, const sql_script *script, const sql_statement *statement, lint_seens *out,
                  bool *watched, str *failure)
{
  connection *db = run->shadow;
  arena *mem = db->mem;
  char *sql = sc_str_c(mem, sql_statement_text(script, statement));
  bool lone = lone_kind_of(script, statement) != LONE_NONE;
  sc_rows before, after;
  sc_db *tx;
  *watched = true;
  if (ends_or_begins(script, statement)) return true;
  if (lone && run->within) leave_out_concurrently(script, statement, sql);
  if (lone && !run->within) return run_alone(db, sql, watched, failure);
  if (sc_begin(db->session, &(sc_tx_options){.timeout_ms = -1}, &tx) != SC_OK) {
    *failure = why(mem);
    return false;
  }
  bool done = ask(tx, mem, &before) && sc_script(tx, sql, NULL) == SC_OK && ask(tx, mem, &after);
  bool told = !done && lone_is_told(str_from(sc_error_last()->sqlstate));
  if (!done) *failure = why(mem);
  if (done && sc_commit(tx) != SC_OK) {
    *failure = why(mem);
    return false;
  }
  if (!done) sc_rollback(tx);
  if (told && !run->within) return run_alone(db, sql, watched, failure);
  *watched = !lone;
  if (done && !lone) compare(&before, &after, mem, out);
  return done;
}

/* ---- the live database ---- */

enum { COUNTED_EXACTLY = 100000 };

static bool one_number(connection *live, const char *sql, str name, int64_t *out)
{
  sc_rows rows;
  sc_args none = SC_NO_ARGS;
  sc_arg arg = SC_TEXT(sc_str_c(live->mem, name));
  sc_args args = name.len ? (sc_args){&arg, 1} : none;
  return sc_query(live->session, live->mem, &rows, sql, args) == SC_OK && rows.len == 1 &&
         sc_rows_int(&rows, 0, 0, out);
}

int64_t lint_rows(connection *live, str table)
{
  int64_t exists = 0, rows = 0, estimate = 0;
  if (!one_number(live, "SELECT count(to_regclass($1)) FROM pg_class WHERE oid = to_regclass($1) AND relkind IN "
                        "('r', 'p', 'm', 'f')",
                  table, &exists))
    return -1;
  if (!exists) return -2;
  str count = sc_str_format(live->mem, "SELECT count(*) FROM (SELECT FROM %.*s LIMIT %d) AS counted", STR_ARG(table),
                            COUNTED_EXACTLY);
  if (!one_number(live, sc_str_c(live->mem, count), STR_NONE, &rows)) return -1;
  if (rows < COUNTED_EXACTLY) return rows;
  one_number(live, "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass($1)", table, &estimate);
  return estimate > rows ? estimate : rows;
}

str lint_table_of_index(connection *live, str index)
{
  sc_rows rows;
  sc_status status = sc_query(live->session, live->mem, &rows,
                              "SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = to_regclass($1)",
                              SC_ARGS(SC_TEXT(sc_str_c(live->mem, index))));
  return status == SC_OK && rows.len ? str_from(sc_rows_text(&rows, 0, 0)) : STR_NONE;
}
