#include "sql/quote.h"

static void quoted(buf *out, str text, char quote)
{
  buf_char(out, quote);
  for (size_t at; (at = sc_str_find_char(text, quote)) != SIZE_MAX;
       text = str_slice(text, at + 1, text.len)) {
    buf_add(out, str_slice(text, 0, at + 1));
    buf_char(out, quote);
  }
  buf_add(out, text);
  buf_char(out, quote);
}

void sql_ident(buf *out, str name)
{
  quoted(out, name, '"');
}

void sql_name(buf *out, str schema, str name)
{
  if (schema.len) {
    sql_ident(out, schema);
    buf_char(out, '.');
  }
  sql_ident(out, name);
}

void sql_ident_list(buf *out, const str *names, size_t count, str separator)
{
  for (size_t i = 0; i < count; i++) {
    if (i) buf_add(out, separator);
    sql_ident(out, names[i]);
  }
}

void sql_literal(buf *out, str text)
{
  quoted(out, text, '\'');
}

/* A name that PostgreSQL reads back as it is without quotes. */
static bool plain(str name)
{
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool letter = (c >= 'a' && c <= 'z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return name.len > 0;
}

void sql_ident_plain(buf *out, str name)
{
  if (plain(name))
    buf_add(out, name);
  else
    sql_ident(out, name);
}

void sql_sequence(buf *out, str schema, str name)
{
  if (schema.len) {
    sql_ident(out, schema);
    buf_char(out, '.');
  }
  sql_ident_plain(out, name);
}

void sql_nextval(buf *out, str schema, str name)
{
  buf inner = {.mem = out->mem};
  sql_sequence(&inner, schema, name);
  BUF_LIT(out, "nextval(");
  sql_literal(out, buf_str(&inner));
  buf_char(out, ')');
}

size_t sql_unquote(arena *mem, str sql, str *out)
{
  if (sql.len < 2 || (sql.ptr[0] != '"' && sql.ptr[0] != '\'')) return 0;
  char quote = sql.ptr[0];
  buf text = {.mem = mem};
  for (size_t i = 1; i < sql.len; i++) {
    if (sql.ptr[i] == quote) {
      if (i + 1 == sql.len || sql.ptr[i + 1] != quote) {
        *out = buf_str(&text);
        return i + 1;
      }
      i++;
    }
    buf_char(&text, sql.ptr[i]);
  }
  return 0;
}
