/* Pieces of SQL in a schema, raw("…"): PostgreSQL will judge them, but what is not one piece would change the
 * statement around it, and is found here. */
#include "base/buf.h"
#include "dm/extensions.h"

typedef struct reader reader;
struct reader {
  str sql;
  size_t at;
  buf open;      /* the brackets that are open */
  bool has_text; /* something that is neither space nor comment */
};

static char peek(const reader *r, size_t ahead)
{
  return r->at + ahead < r->sql.len ? r->sql.ptr[r->at + ahead] : '\0';
}

static bool is_word(char c)
{
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return letter || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* The character before the current one may end a word: `a$b$` is a name, and in `name'x'` no E stands alone.
 */
static bool behind_word(const reader *r, size_t back)
{
  return r->at >= back && is_word(r->sql.ptr[r->at - back]);
}

/* '…' or "…". Doubled quotes close and open again, which comes to the same. In E'…' a backslash takes the
 * next character with it. */
static const char *skip_quoted(reader *r)
{
  char quote = peek(r, 0);
  bool escapes = quote == '\'' && r->at && (r->sql.ptr[r->at - 1] | 0x20) == 'e' && !behind_word(r, 2);
  for (r->at++; r->at < r->sql.len; r->at++) {
    if (escapes && peek(r, 0) == '\\')
      r->at++;
    else if (peek(r, 0) == quote) {
      r->at++;
      return NULL;
    }
  }
  return "has a quote that is not closed";
}

/* $$ … $$ or $tag$ … $tag$; a lone $ is passed over. */
static const char *skip_dollars(reader *r)
{
  size_t end = r->at + 1;
  bool tagged = !behind_word(r, 1) && !is_digit(peek(r, 1));
  while (tagged && end < r->sql.len && is_word(r->sql.ptr[end])) end++;
  if (!tagged || end == r->sql.len || r->sql.ptr[end] != '$') {
    r->at++;
    return NULL;
  }
  str tag = str_slice(r->sql, r->at, end + 1);
  size_t close = sc_str_find(str_slice(r->sql, end + 1, r->sql.len), tag);
  if (close == SIZE_MAX) return "has a dollar quote that is not closed";
  r->at = end + 1 + close + tag.len;
  return NULL;
}

/* Comments of several lines nest. */
static const char *skip_comment(reader *r)
{
  size_t depth = 0;
  do {
    bool opens = peek(r, 0) == '/' && peek(r, 1) == '*', closes = peek(r, 0) == '*' && peek(r, 1) == '/';
    depth += opens;
    depth -= closes;
    r->at += opens || closes ? 2 : 1;
  } while (depth && r->at < r->sql.len);
  return depth ? "has a comment that is not closed" : NULL;
}

/* What follows a piece of SQL stands on its last line. */
static const char *skip_line(reader *r)
{
  while (r->at < r->sql.len && peek(r, 0) != '\n') r->at++;
  return r->at < r->sql.len ? NULL : "ends in a comment that is not closed";
}

static const char *close_bracket(reader *r)
{
  char closing = peek(r, 0), opening = closing == ')' ? '(' : '[';
  bool matches = r->open.len && r->open.ptr[r->open.len - 1] == opening;
  if (!matches && closing == ')') return "closes a parenthesis that was not opened";
  if (!matches) return "closes a bracket that was not opened";
  r->open.len--;
  r->at++;
  return NULL;
}

static const char *read_piece(reader *r)
{
  char c = peek(r, 0);
  if (c == '-' && peek(r, 1) == '-') return skip_line(r);
  if (c == '/' && peek(r, 1) == '*') return skip_comment(r);
  if (sc_str_find_char(STR(" \t\r\n\f\v"), c) == SIZE_MAX) r->has_text = true;
  switch (c) {
  case '\'':
  case '"': return skip_quoted(r);
  case '$': return skip_dollars(r);
  case ')':
  case ']': return close_bracket(r);
  case ';': return "holds a `;` outside quotes: it is one piece of a statement";
  case '\0': return "holds a NUL character";
  case '(':
  case '[': buf_char(&r->open, c); break;
  default: break;
  }
  r->at++;
  return NULL;
}

static const char *sql_fault(arena *mem, str sql)
{
  reader r = {.sql = sql, .open = {.mem = mem}};
  while (r.at < sql.len) {
    const char *fault = read_piece(&r);
    if (fault) return fault;
  }
  if (!r.has_text) return "is empty";
  if (!r.open.len) return NULL;
  return r.open.ptr[r.open.len - 1] == '(' ? "opens a parenthesis that is not closed"
                                           : "opens a bracket that is not closed";
}

bool dm_check_sql(dm_pass *pass, const ast_attr *attr, str sql)
{
  const char *fault = sql_fault(pass->mem, sql);
  if (fault) dm_say_attr(pass, attr, "The SQL in raw(\"…\") %s.", fault);
  return !fault;
}
