#include "sql/respell.h"

#include "base/buf.h"
#include "sql/quote.h"

static bool word_character(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         c & '\x80';
}

static bool opens_call(str rest)
{
  str next = sc_str_trim(rest);
  return next.len && next.ptr[0] == '(';
}

/* Whether a name that stands between these two is of the kind that is changed. */
static bool in_place(const respelling *change, const buf *before, str rest)
{
  str text = sc_str_trim(buf_str(before));
  bool typed = str_ends(text, STR("::"));
  if (change->kind == RESPELL_TYPE) return typed || str_ends(text, STR("."));
  return !typed && !opens_call(rest);
}

static size_t word_length(str sql)
{
  size_t len = 0;
  while (len < sql.len && word_character(sql.ptr[len])) len++;
  return len;
}

/* A word without quotes means its lower case. */
static bool word_means(str word, str name)
{
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') return false;
  return sc_str_eq_fold(word, name);
}

static void write_name(buf *out, const respelling *change, bool quoted)
{
  if (change->server || !quoted)
    sql_ident_plain(out, change->to);
  else
    sql_ident(out, change->to);
}

str sql_respell(arena *mem, str sql, const respelling *change)
{
  buf out = {.mem = mem};
  while (sql.len) {
    str text = STR_NONE;
    size_t len = sql_unquote(mem, sql, &text);
    bool literal = len && sql.ptr[0] == '\'', quoted = len && !literal;
    if (!len) len = word_length(sql);
    bool word = len && !literal && !quoted;
    if (!len) len = 1;
    str rest = str_slice(sql, len, sql.len);
    bool same = word ? word_means(str_slice(sql, 0, len), change->from) : str_eq(text, change->from);
    if (literal && same && change->kind == RESPELL_LITERAL)
      sql_literal(&out, change->to);
    else if ((word || quoted) && same && change->kind != RESPELL_LITERAL && in_place(change, &out, rest))
      write_name(&out, change, quoted);
    else
      buf_add(&out, str_slice(sql, 0, len));
    sql = rest;
  }
  return buf_str(&out);
}
