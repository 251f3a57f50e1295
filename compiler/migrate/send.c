#include "migrate/send.h"

/* ---- where it failed ---- */

static bool begins_character(char c)
{
  return (c & '\xC0') != '\x80';
}

static size_t characters(str text)
{
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++)
    if (begins_character(text.ptr[i])) count++;
  return count;
}

/* The line of a place and those before it, numbered. `place` counts characters from 1. */
static void write_place(buf *out, str script, size_t place)
{
  enum { LINES_BEFORE = 5 };
  size_t at = 0, line = 1, line_start = 0;
  for (size_t seen = 1; at < script.len && seen < place; at++) {
    if (script.ptr[at] == '\n') line++, line_start = at + 1;
    if (at + 1 < script.len && begins_character(script.ptr[at + 1])) seen++;
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

/* The statement that failed, where the server does not say at which place in it. */
static void write_statement(buf *out, const sql_script *script, const sql_statement *statement)
{
  enum { LINES = 8 };
  str rest = sql_statement_text(script, statement);
  sc_buf_format(out, "\n\nStatement, in line %zu:\n", statement->line);
  for (size_t number = statement->line; rest.len; number++) {
    size_t end = sc_str_find_char(rest, '\n');
    bool more = end != SIZE_MAX && number + 1 == statement->line + LINES;
    sc_buf_format(out, "  %3zu %.*s%s\n", number,
                  STR_ARG(str_slice(rest, 0, end == SIZE_MAX ? rest.len : end)), more ? " …" : "");
    rest = end == SIZE_MAX || more ? STR_NONE : str_slice(rest, end + 1, rest.len);
  }
}

/* The place in the script of a place in a unit's query; 0 when it is in what was inserted. */
static size_t place_in_script(const unit_list *units, const unit *u, str inserted, size_t place)
{
  str text = units->script->text;
  size_t before = characters(str_slice(text, 0, u->begin)),
         head = characters(str_slice(text, u->begin, u->insert)), more = characters(inserted);
  if (place <= head) return before + place;
  return place <= head + more ? 0 : before + place - more;
}

/* ---- the way out ---- */

/* What refuses the transaction that a file is, by its SQLSTATE. */
static const struct {
  str sqlstate, text;
} ways_out[] = {
    {STR_INIT("25001"), STR_INIT("A file is sent as one transaction, which this statement refuses: put `-- "
                                 "schemac:transaction off` at the top of the file, or the statement into a "
                                 "migration of its own.")},
    {STR_INIT("55P04"),
     STR_INIT("A file is sent as one transaction: put what uses the new value into a "
              "migration behind this one, or `-- schemac:transaction off` at the top of the "
              "file.")},
};

static str way_out(str sqlstate)
{
  for (size_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++)
    if (str_eq(ways_out[i].sqlstate, sqlstate)) return ways_out[i].text;
  return STR_NONE;
}

/* ---- failing ---- */

/* What was sent: `count` statements of the script from `first` on. */
typedef struct sent sent;
struct sent {
  const sql_script *script;
  size_t first, count;
};

static sc_status failed(connection *db, sc_status status, sent what, size_t place, send_failure *out)
{
  const sc_error *error = sc_error_last();
  buf text = {.mem = db->mem};
  sc_buf_format(&text, "ERROR: %s", error->message);
  if (error->detail && *error->detail) sc_buf_format(&text, "\nDETAIL: %s", error->detail);
  if (error->hint && *error->hint) sc_buf_format(&text, "\nHINT: %s", error->hint);
  if (error->context && *error->context) sc_buf_format(&text, "\nCONTEXT: %s", error->context);
  if (place)
    write_place(&text, what.script->text, place);
  else if (error->statement && error->statement <= what.count)
    write_statement(&text, what.script, &what.script->statements.items[what.first + error->statement - 1]);
  out->text = sc_str_trim(buf_str(&text));
  out->sqlstate = sc_str_dup(db->mem, str_from(error->sqlstate));
  out->way_out = way_out(out->sqlstate);
  out->lost = status == SC_CLOSED;
  return status;
}

/* ---- sending ---- */

/* A script that said BEGIN and failed has left its transaction open. */
static void clean_up(connection *db, const send_failure *failure)
{
  if (failure->lost) return;
  sc_script(db->session, "ROLLBACK", NULL);
  connection_use_schema(db);
}

sc_status send_text(connection *db, const sql_script *script, send_failure *failure)
{
  sc_status status = sc_script(db->session, sc_str_c(db->mem, script->text), NULL);
  if (status == SC_OK) return SC_OK;
  failed(db, status, (sent){script, 0, script->statements.len}, sc_error_last()->position, failure);
  clean_up(db, failure);
  return status;
}

sc_status send_unit(connection *db, const unit_list *units, const unit *u, str inserted,
                    send_failure *failure)
{
  str text = units->script->text;
  buf query = {.mem = db->mem}, between = {.mem = db->mem};
  if (inserted.len) sc_buf_format(&between, ";\n%.*s\n", STR_ARG(inserted));
  buf_add(&query, str_slice(text, u->begin, u->insert));
  buf_add(&query, buf_str(&between));
  buf_add(&query, str_slice(text, u->insert, u->end));
  sc_status status = sc_script(db->session, sc_buf_c(&query), NULL);
  if (status == SC_OK) return SC_OK;
  size_t place = sc_error_last()->position;
  if (place) place = place_in_script(units, u, buf_str(&between), place);
  failed(db, status, (sent){units->script, u->first, u->len}, place, failure);
  clean_up(db, failure);
  return status;
}
