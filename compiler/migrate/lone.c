#include "migrate/lone.h"

#include "sql/quote.h"

/* ---- which they are ---- */

typedef struct lone_row lone_row;
struct lone_row {
  lone_kind kind;
  str begins, holds;
};

static const lone_row lone_rows[] = {
#define LONE(kind, begins, holds) {LONE_##kind, STR_INIT(begins), STR_INIT(holds)},
#include "migrate/lone.def"
#undef LONE
};

static bool holds(const sql_script *script, const sql_statement *statement, str word)
{
  for (size_t i = statement->first; i < statement->first + statement->len; i++)
    if (script->tokens.items[i].depth == 0 && sql_token_is(script, i, word)) return true;
  return word.len == 0;
}

lone_kind lone_kind_of(const sql_script *script, const sql_statement *statement)
{
  for (size_t i = 0; i < sizeof lone_rows / sizeof *lone_rows; i++)
    if (sql_statement_begins(script, statement, lone_rows[i].begins) &&
        holds(script, statement, lone_rows[i].holds))
      return lone_rows[i].kind;
  return LONE_NONE;
}

lone_kind lone_told_kind(const sql_script *script, const sql_statement *statement)
{
  lone_kind kind = lone_kind_of(script, statement);
  if (kind != LONE_NONE) return kind;
  return sql_statement_begins(script, statement, STR("alter type")) ? LONE_ENUM_VALUE : LONE_UNKNOWN;
}

bool lone_is_told(str sqlstate)
{
  return str_eq(sqlstate, STR("25001")) || str_eq(sqlstate, STR("2D000"));
}

/* ---- names in them ---- */

/* The name that begins at a token, for to_regclass: its parts quoted. *behind is the token behind it. */
static str name_at(const sql_script *script, size_t token, arena *mem, size_t *behind)
{
  buf out = {.mem = mem};
  for (; token < script->tokens.len; token += 2) {
    sql_ident(&out, sql_token_value(script, token, mem));
    if (token + 1 >= script->tokens.len || !str_eq(sql_token_text(script, token + 1), STR("."))) break;
    buf_char(&out, '.');
  }
  *behind = token + 1;
  return buf_str(&out);
}

/* The token behind a word, the first one outside of parentheses. */
static size_t behind_word(const sql_script *script, const sql_statement *statement, str word)
{
  size_t end = statement->first + statement->len;
  for (size_t i = statement->first; i < end; i++)
    if (script->tokens.items[i].depth == 0 && sql_token_is(script, i, word)) return i + 1;
  return end;
}

static size_t behind_if_exists(const sql_script *script, size_t token)
{
  if (!sql_token_is(script, token, STR("if"))) return token;
  return sql_token_is(script, token + 1, STR("not")) ? token + 3 : token + 2;
}

typedef struct index_names index_names;
struct index_names {
  str table; /* for to_regclass */
  str index; /* as the catalog has it; empty when the server chooses */
};

/* CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table */
static index_names names_of_index(const sql_script *script, const sql_statement *statement, arena *mem)
{
  enum { LONGEST_NAME = 63 };
  size_t at = behind_if_exists(script, behind_word(script, statement, STR("concurrently"))), behind;
  index_names out = {0};
  if (!sql_token_is(script, at, STR("on"))) {
    str name = sql_token_value(script, at++, mem);
    out.index = str_slice(name, 0, sc_str_utf8_floor(name, LONGEST_NAME));
  }
  at++;
  if (sql_token_is(script, at, STR("only"))) at++;
  out.table = name_at(script, at, mem, &behind);
  return out;
}

/* ---- asking the catalog ---- */

static sc_status ask(connection *db, sc_rows *rows, const char *sql, str first, str second, str third)
{
  sc_arg args[] = {SC_TEXT(sc_str_c(db->mem, first)), SC_TEXT(sc_str_c(db->mem, second)),
                   SC_TEXT(sc_str_c(db->mem, third))};
  return sc_query(db->session, db->mem, rows, sql, (sc_args){args, sizeof args / sizeof *args});
}

static str cell(const sc_rows *rows, size_t row, size_t column)
{
  return str_from(sc_rows_text(rows, row, column));
}

static sc_status ask_bool(connection *db, bool *out, const char *sql, str first, str second)
{
  sc_rows rows;
  sc_status status = ask(db, &rows, sql, first, second, STR(""));
  *out = status == SC_OK && str_eq(cell(&rows, 0, 0), STR("t"));
  return status;
}

/* $1 is a table, $2 an index of it or empty, $3 the indexes that do not count, by their numbers. An index
 * that somebody is building at this moment is not looked at. */
#define NOT_GROWING                                                                                          \
  " AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid)"
#define INDEXES                                                                                              \
  " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"   \
  " WHERE i.indrelid = to_regclass($1) AND ($2 = '' OR c.relname = $2)"                                      \
  " AND c.oid::text <> ALL (string_to_array($3, ' '))" NOT_GROWING
/* The half-built twin of an index that REINDEX CONCURRENTLY leaves behind. */
#define TWINS                                                                                                \
  " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"   \
  " WHERE $1 = $1 AND $2 = $2 AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'"                    \
  " AND c.oid::text <> ALL (string_to_array($3, ' '))" NOT_GROWING
#define NUMBERS "SELECT coalesce(string_agg(c.oid::text, ' '), '')"
#define NAMES   "SELECT n.nspname, c.relname, i.indisvalid AND i.indisready"

static sc_status limit_locks(connection *db, str timeout)
{
  return sc_exec(db->session, "SELECT set_config('lock_timeout', $1, false)",
                 SC_ARGS(SC_TEXT(sc_str_c(db->mem, timeout))), NULL);
}

/* Without the script's own limit for locks: nobody waits for one that is dropped CONCURRENTLY, and what was
 * in the way of its making is in the way of its going. */
static sc_status drop_index(connection *db, str schema, str name, str *dropped)
{
  sc_rows rows;
  buf sql = {.mem = db->mem};
  BUF_LIT(&sql, "DROP INDEX CONCURRENTLY IF EXISTS ");
  sql_name(&sql, schema, name);
  *dropped = name;
  sc_status status =
      sc_query(db->session, db->mem, &rows, "SELECT current_setting('lock_timeout')", SC_NO_ARGS);
  if (status == SC_OK) status = limit_locks(db, STR("0"));
  if (status == SC_OK) status = sc_script(db->session, sc_buf_c(&sql), NULL);
  if (status == SC_OK) status = limit_locks(db, cell(&rows, 0, 0));
  return status;
}

/* Drops those that are not valid; *valid when one of the others is there. */
static sc_status drop_invalid(connection *db, const char *sql, index_names names, str except, bool *valid,
                              str *dropped)
{
  sc_rows rows;
  sc_status status = ask(db, &rows, sql, names.table, names.index, except);
  *valid = false;
  for (size_t i = 0; status == SC_OK && i < rows.len; i++) {
    if (str_eq(cell(&rows, i, 2), STR("t")))
      *valid = true;
    else
      status = drop_index(db, cell(&rows, i, 0), cell(&rows, i, 1), dropped);
  }
  return status;
}

/* ---- before ---- */

sc_status lone_before(connection *db, const sql_script *script, const sql_statement *statement,
                      lone_kind kind, str *before, str *dropped)
{
  sc_rows rows;
  sc_status status = SC_OK;
  bool valid;
  *before = *dropped = STR("");
  if (kind == LONE_INDEX) {
    index_names names = names_of_index(script, statement, db->mem);
    if (names.index.len) status = drop_invalid(db, NAMES INDEXES, names, STR(""), &valid, dropped);
    if (status == SC_OK) status = ask(db, &rows, NUMBERS INDEXES, names.table, STR(""), STR(""));
    if (status == SC_OK) *before = cell(&rows, 0, 0);
  } else if (kind == LONE_REINDEX) {
    status = ask(db, &rows, NUMBERS TWINS, STR(""), STR(""), STR(""));
    if (status == SC_OK) *before = cell(&rows, 0, 0);
  }
  return status;
}

/* ---- afterwards ---- */

/* DETACH PARTITION name CONCURRENTLY: a detachment in two transactions, of which the second may be missing.
 */
static sc_status ask_detached(connection *db, const sql_script *script, const sql_statement *statement,
                              lone_answer *answer)
{
  sc_rows rows;
  size_t at = behind_word(script, statement, STR("table")), behind, end;
  at = behind_if_exists(script, at);
  if (sql_token_is(script, at, STR("only"))) at++;
  str parent = name_at(script, at, db->mem, &behind),
      partition = name_at(script, behind_word(script, statement, STR("partition")), db->mem, &end);
  sc_status status = ask(db, &rows,
                         "SELECT inhdetachpending FROM pg_inherits WHERE inhparent = to_regclass($1)"
                         " AND inhrelid = to_regclass($2) AND $3 = $3",
                         parent, partition, STR(""));
  if (status != SC_OK) return status;
  if (rows.len) *answer = LONE_TO_RUN;
  if (rows.len == 0 || !str_eq(cell(&rows, 0, 0), STR("t"))) return SC_OK;
  *answer = LONE_IS_DONE;
  return sc_script(db->session,
                   sc_str_format(db->mem, "ALTER TABLE %.*s DETACH PARTITION %.*s FINALIZE", STR_ARG(parent),
                                 STR_ARG(partition))
                       .ptr,
                   NULL);
}

static sc_status ask_enum_value(connection *db, const sql_script *script, const sql_statement *statement,
                                bool *there)
{
  size_t behind, value = behind_if_exists(script, behind_word(script, statement, STR("value")));
  str type = name_at(script, behind_word(script, statement, STR("type")), db->mem, &behind);
  return ask_bool(db, there,
                  "SELECT EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype($1) AND enumlabel = $2"
                  " AND $3 = $3)",
                  type, sql_token_value(script, value, db->mem));
}

static sc_status ask_database(connection *db, const sql_script *script, const sql_statement *statement,
                              bool *there)
{
  size_t at = behind_if_exists(script, behind_word(script, statement, STR("database")));
  return ask_bool(db, there,
                  "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND $2 = $2 AND $3 = $3)",
                  sql_token_value(script, at, db->mem), STR(""));
}

static sc_status ask_dropped(connection *db, const sql_script *script, const sql_statement *statement,
                             bool *there)
{
  size_t behind, at = behind_if_exists(script, behind_word(script, statement, STR("concurrently")));
  return ask_bool(db, there, "SELECT to_regclass($1) IS NOT NULL AND $2 = $2 AND $3 = $3",
                  name_at(script, at, db->mem, &behind), STR(""));
}

sc_status lone_ask(connection *db, const sql_script *script, const sql_statement *statement, lone_kind kind,
                   str before, lone_answer *answer, str *dropped)
{
  sc_status status = SC_OK;
  bool done = false, there = true;
  *dropped = STR("");
  *answer = LONE_TO_RUN;
  switch (kind) {
  case LONE_INDEX:
    status =
        drop_invalid(db, NAMES INDEXES, names_of_index(script, statement, db->mem), before, &done, dropped);
    break;
  case LONE_REINDEX: status = drop_invalid(db, NAMES TWINS, (index_names){0}, before, &there, dropped); break;
  case LONE_DROP_INDEX:
    status = ask_dropped(db, script, statement, &there);
    done = !there;
    break;
  case LONE_DETACH: *answer = LONE_IS_DONE; return ask_detached(db, script, statement, answer);
  case LONE_ENUM_VALUE: status = ask_enum_value(db, script, statement, &done); break;
  case LONE_CREATE_DATABASE: status = ask_database(db, script, statement, &done); break;
  case LONE_DROP_DATABASE:
    status = ask_database(db, script, statement, &there);
    done = !there;
    break;
  case LONE_AGAIN: break;
  case LONE_NONE:
  case LONE_UNKNOWN: *answer = LONE_CANNOT_TELL; return SC_OK;
  }
  if (status == SC_OK && done) *answer = LONE_IS_DONE;
  return status;
}
