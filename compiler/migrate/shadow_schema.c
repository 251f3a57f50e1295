/* The history replayed in a schema of its own, inside the real database.
 *
 * A replayed ALTER TABLE "users" must never reach the live table. So search_path is that schema alone, all of
 * it happens in one transaction that is rolled back, and the scripts hold nothing that could look elsewhere:
 * every statement is of a kind that is known to work on unqualified names, no name has a dot, and no word is
 * one that leads out of the schema or the transaction. What is not known is refused: a history with a
 * function or a DO block needs a database of its own. */
#include "migrate/shadow.h"

#include "sql/lex.h"
#include "sql/quote.h"

#include <openssl/rand.h>

/* ---- the proof ---- */

/* Kinds of statement that change nothing but what their names mean. */
static const str known[] = {
    STR_INIT("CREATE TABLE"),    STR_INIT("ALTER TABLE"),         STR_INIT("DROP TABLE"),
    STR_INIT("CREATE INDEX"),    STR_INIT("CREATE UNIQUE INDEX"), STR_INIT("ALTER INDEX"),
    STR_INIT("DROP INDEX"),      STR_INIT("CREATE TYPE"),         STR_INIT("ALTER TYPE"),
    STR_INIT("DROP TYPE"),       STR_INIT("CREATE SEQUENCE"),     STR_INIT("ALTER SEQUENCE"),
    STR_INIT("DROP SEQUENCE"),   STR_INIT("CREATE VIEW"),         STR_INIT("CREATE OR REPLACE VIEW"),
    STR_INIT("DROP VIEW"),       STR_INIT("COMMENT ON COLUMN"),   STR_INIT("COMMENT ON TABLE"),
    STR_INIT("COMMENT ON TYPE"), STR_INIT("COMMENT ON INDEX"),    STR_INIT("INSERT INTO"),
    STR_INIT("UPDATE"),          STR_INIT("DELETE FROM"),
};

/* Words that lead out of the schema or the transaction, wherever they stand. */
static const str leading_out[] = {
    STR_INIT("schema"),      STR_INIT("extension"), STR_INIT("concurrently"),
    STR_INIT("set_config"),  STR_INIT("setval"),    STR_INIT("regclass"),
    STR_INIT("to_regclass"), STR_INIT("ts_stat"),   STR_INIT("ts_rewrite"),
};
/* Tables of the system are found without their schema's name, and functions of these run or write elsewhere.
 */
static const str prefixes[] = {STR_INIT("pg_"), STR_INIT("dblink"), STR_INIT("lo_"), STR_INIT("query_to_")};

static bool is_known(const sql_script *script, const sql_statement *statement)
{
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (sql_statement_begins(script, statement, known[i])) return true;
  return false;
}

/* Behind OWNED BY and COMMENT ON COLUMN one dot stands between a table and its column; a second would make
 * the first a schema's. */
static bool is_column_dot(const sql_script *script, const sql_statement *statement, size_t token)
{
  size_t end = statement->first + statement->len;
  if (token < statement->first + 3) return false;
  bool column = sql_token_is(script, token - 2, STR("COLUMN")) && sql_token_is(script, token - 3, STR("ON"));
  bool owner = sql_token_is(script, token - 2, STR("BY")) && sql_token_is(script, token - 3, STR("OWNED"));
  bool more = token + 2 < end && str_eq(sql_token_text(script, token + 2), STR("."));
  return (column || owner) && !more;
}

/* nextval('other.s'): a string is a name where a function takes it for one. */
static bool names_sequence(const sql_script *script, const sql_statement *statement, size_t token)
{
  for (size_t t = statement->first; t < token; t++)
    if (sql_token_is(script, t, STR("nextval"))) return true;
  return false;
}

static bool leads_out(const sql_script *script, const sql_statement *statement, size_t token, arena *mem)
{
  sql_token_kind kind = script->tokens.items[token].kind;
  if (kind == SQL_TOKEN_MARK)
    return str_eq(sql_token_text(script, token), STR(".")) && !is_column_dot(script, statement, token);
  str value = sql_token_value(script, token, mem);
  if (kind == SQL_TOKEN_STRING)
    return sc_str_find_char(value, '.') != SIZE_MAX && names_sequence(script, statement, token);
  if (kind != SQL_TOKEN_WORD && kind != SQL_TOKEN_NAME) return false;
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (str_starts(value, prefixes[i])) return true;
  for (size_t i = 0; kind == SQL_TOKEN_WORD && i < sizeof leading_out / sizeof *leading_out; i++)
    if (str_eq(value, leading_out[i])) return true;
  return false;
}

str shadow_reaches_out(arena *mem, str text)
{
  const sql_script *script = sql_lex(text, mem);
  str mode;
  if (script->problem != SQL_PROBLEM_NONE) return script->message;
  if (sql_script_says(script, STR("transaction"), &mode)) return STR("it says how its transactions are made");
  for (size_t i = 0; i < script->statements.len; i++) {
    const sql_statement *statement = &script->statements.items[i];
    if (!is_known(script, statement))
      return sc_str_format(mem, "the statement in line %zu might reach what is outside", statement->line);
    for (size_t t = statement->first; t < statement->first + statement->len; t++)
      if (leads_out(script, statement, t, mem))
        return sc_str_format(mem, "`%.*s` in line %zu might reach what is outside",
                             STR_ARG(sql_token_text(script, t)),
                             sql_line_of(script, script->tokens.items[t].start));
  }
  return STR_NONE;
}

/* ---- the schema ---- */

static str new_name(arena *mem)
{
  unsigned char bytes[8] = {0};
  buf out = {.mem = mem};
  RAND_bytes(bytes, sizeof bytes);
  BUF_LIT(&out, "_schemac_shadow_");
  for (size_t i = 0; i < sizeof bytes; i++) sc_buf_format(&out, "%02x", (unsigned)bytes[i]);
  return buf_str(&out);
}

static sc_status begin(shadow *s)
{
  buf sql = {.mem = s->db.mem};
  sc_db *tx;
  sc_status status = sc_begin(s->db.session, &(sc_tx_options){.timeout_ms = -1}, &tx);
  if (status != SC_OK) return status;
  s->session = s->db.session;
  s->db.session = tx;
  s->within = true;
  s->db.stands_for = s->db.place.schema;
  s->db.place.schema = new_name(s->db.mem);
  BUF_LIT(&sql, "CREATE SCHEMA ");
  sql_ident(&sql, s->db.place.schema);
  status = sc_exec(tx, sc_buf_c(&sql), SC_NO_ARGS, NULL);
  return status == SC_OK ? connection_use_schema(&s->db) : status;
}

/* Empty when all of it may run there. */
static str find_obstacle(const migrate_context *context, const folder *migrations)
{
  if (context->schema && context->schema->datasource.schema_count)
    return STR("the datasource has several schemas");
  for (size_t i = 0; i < migrations->len; i++) {
    str reason = shadow_reaches_out(context->mem, migrations->items[i].script);
    if (reason.len)
      return sc_str_format(context->mem, "in %.*s %.*s", STR_ARG(migrations->items[i].name), STR_ARG(reason));
  }
  return STR_NONE;
}

bool shadow_open_within(const migrate_context *context, const connection *db, const folder *migrations,
                        shadow *out, str *why)
{
  migrate_report report = {0};
  *why = STR("there is no database that could hold it");
  if (!db->session) return false;
  *why = find_obstacle(context, migrations);
  if (why->len) return false;
  if (connection_open(context->mem, db->url, &out->db, &report) != MIGRATE_DONE) {
    *why = report.error;
    return false;
  }
  if (begin(out) == SC_OK) return true;
  *why = sc_str_dup(context->mem, str_from(sc_error_last()->message));
  shadow_close(out);
  return false;
}
