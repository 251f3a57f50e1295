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

/* The place in the script of a place in a unit's query; 0 when it is in what was inserted. */
static size_t place_in_script(const unit_list *units, const unit *u, str inserted, size_t place)
{
  str text = units->script->text;
  size_t before = characters(str_slice(text, 0, u->begin)),
         head = characters(str_slice(text, u->begin, u->insert)), more = characters(inserted);
  if (place <= head) return before + place;
  return place <= head + more ? 0 : before + place - more;
}

static sc_status failed(connection *db, sc_status status, str script, size_t place, send_failure *out)
{
  const sc_error *error = sc_error_last();
  buf text = {.mem = db->mem};
  sc_buf_format(&text, "ERROR: %s", error->message);
  if (error->detail && *error->detail) sc_buf_format(&text, "\nDETAIL: %s", error->detail);
  if (error->hint && *error->hint) sc_buf_format(&text, "\nHINT: %s", error->hint);
  if (place) write_place(&text, script, place);
  out->text = buf_str(&text);
  out->sqlstate = sc_str_dup(db->mem, str_from(error->sqlstate));
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

sc_status send_text(connection *db, str script, send_failure *failure)
{
  sc_status status = sc_script(db->session, sc_str_c(db->mem, script), NULL);
  if (status == SC_OK) return SC_OK;
  failed(db, status, script, sc_error_last()->position, failure);
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
  failed(db, status, text, place, failure);
  clean_up(db, failure);
  return status;
}
