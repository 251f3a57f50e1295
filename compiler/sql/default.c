/* Column defaults: reading them as PostgreSQL prints them, and telling whether two are the same. */
#include "base/vec.h"
#include "sql/quote.h"
#include "sql/sql.h"
#include "sql/value.h"

/* ---- reading ----
 *
 * pg_get_expr writes a constant as 'text'::type, a number with or without parentheses and a cast, a word,
 * ARRAY[…] of these, or an array's text. Anything else stays an expression. */

typedef struct expr_reader expr_reader;
struct expr_reader {
  arena *mem;
  str text;
  size_t at;
};

static char peek(const expr_reader *r)
{
  return r->at < r->text.len ? r->text.ptr[r->at] : 0;
}

static str rest(const expr_reader *r)
{
  return str_slice(r->text, r->at, r->text.len);
}

static bool take_text(expr_reader *r, str text)
{
  while (peek(r) == ' ') r->at++;
  if (!str_starts(rest(r), text)) return false;
  r->at += text.len;
  return true;
}

static bool in_type_name(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c & '\x80' ||
         (c && strchr("_$ .\"([,])", c));
}

/* The type behind ::, such as character varying(3)[] or public."Role". */
static void skip_casts(expr_reader *r)
{
  while (take_text(r, STR("::")))
    for (int depth = 0; in_type_name(peek(r)); r->at++) {
      str name;
      char c = peek(r);
      size_t quoted = c == '"' ? sql_unquote(r->mem, rest(r), &name) : 1;
      if (quoted == 0) return;
      r->at += quoted - 1;
      bool closing = c == ')' || (c == ']' && r->text.ptr[r->at - 1] != '[');
      if (depth == 0 && (c == ',' || closing)) break;
      depth += (c == '(') - (c == ')');
    }
}

static bool read_scalar(expr_reader *r, str *out)
{
  if (take_text(r, STR("("))) {
    if (!read_scalar(r, out) || !take_text(r, STR(")"))) return false;
    skip_casts(r);
    return true;
  }
  size_t quoted = peek(r) == '\'' ? sql_unquote(r->mem, rest(r), out) : 0;
  if (quoted) {
    r->at += quoted;
  } else {
    size_t start = r->at;
    while (r->at < r->text.len && strchr("+-.0123456789eE", peek(r))) r->at++;
    if (r->at == start && !take_text(r, STR("true")) && !take_text(r, STR("false"))) return false;
    *out = str_slice(r->text, start, r->at);
  }
  skip_casts(r);
  return true;
}

/* One element of an array's text, {1,"a b",NULL} (PostgreSQL manual, 8.15.6). False for one that is no value.
 */
static bool read_element(expr_reader *r, str *out)
{
  buf text = {.mem = r->mem};
  bool quoted = take_text(r, STR("\"")), closed = !quoted;
  for (; r->at < r->text.len; r->at++) {
    char c = peek(r);
    if (quoted ? c == '"' : c == ',' || c == '}') break;
    if (c == '{') return false;
    if (c == '\\') r->at++;
    if (r->at < r->text.len) buf_char(&text, peek(r));
  }
  if (quoted) closed = take_text(r, STR("\""));
  *out = text.len ? buf_str(&text) : STR("");
  return closed && (quoted || (out->len && !sc_str_eq_fold(*out, STR("NULL"))));
}

/* The text of an array of one dimension. */
static bool read_elements(arena *mem, str text, sql_default *out)
{
  expr_reader r = {.mem = mem, .text = text};
  VEC(str) items = {0};
  if (!take_text(&r, STR("{"))) return false;
  bool more = !take_text(&r, STR("}"));
  while (more) {
    str item;
    if (!read_element(&r, &item)) return false;
    vec_push(mem, &items, item);
    more = take_text(&r, STR(","));
    if (!more && !take_text(&r, STR("}"))) return false;
  }
  *out = (sql_default){.kind = SQL_DEFAULT_LIST, .items = items.items, .len = items.len};
  return r.at == text.len;
}

static bool read_array_text(expr_reader *r, sql_default *out)
{
  str text;
  size_t taken = peek(r) == '\'' ? sql_unquote(r->mem, rest(r), &text) : 0;
  if (!taken || !read_elements(r->mem, text, out)) return false;
  r->at += taken;
  skip_casts(r);
  return true;
}

static bool read_array(expr_reader *r, sql_default *out)
{
  if (read_array_text(r, out)) return true;
  if (take_text(r, STR("("))) {
    if (!read_array(r, out) || !take_text(r, STR(")"))) return false;
    skip_casts(r);
    return true;
  }
  VEC(str) items = {0};
  if (take_text(r, STR("ARRAY["))) {
    bool more = !take_text(r, STR("]"));
    while (more) {
      str item;
      while (peek(r) == ' ') r->at++;
      if (!read_scalar(r, &item)) return false;
      vec_push(r->mem, &items, item);
      more = take_text(r, STR(","));
      if (!more && !take_text(r, STR("]"))) return false;
    }
  } else {
    return false;
  }
  skip_casts(r);
  *out = (sql_default){.kind = SQL_DEFAULT_LIST, .items = items.items, .len = items.len};
  return true;
}

static bool is_now(str expression, const sql_type *type)
{
  bool time = type->kind == SQL_TYPE_NATIVE && dm_native_scalar(type->native) == DM_DATETIME;
  return time &&
         (sc_str_eq_fold(expression, STR("CURRENT_TIMESTAMP")) || sc_str_eq_fold(expression, STR("now()")));
}

sql_default sql_default_parse(arena *mem, str expression, const sql_type *type, sql_arity arity)
{
  expr_reader r = {.mem = mem, .text = sc_str_trim(expression)};
  sql_default out = {.kind = SQL_DEFAULT_EXPRESSION, .text = expression};
  str text;
  if (str_starts(r.text, STR("nextval("))) {
    out = (sql_default){.kind = SQL_DEFAULT_SEQUENCE};
  } else if (is_now(r.text, type)) {
    out = (sql_default){.kind = SQL_DEFAULT_NOW};
  } else if (type->kind != SQL_TYPE_OTHER && arity == SQL_LIST) {
    sql_default list;
    if (read_array(&r, &list) && r.at == r.text.len) out = list;
    for (size_t i = 0; type->kind == SQL_TYPE_NATIVE && type->native == DM_NATIVE_BOOLEAN && i < out.len; i++)
      out.items[i] = str_starts(out.items[i], STR("t")) ? STR("true") : STR("false");
  } else if (type->kind != SQL_TYPE_OTHER && read_scalar(&r, &text) && r.at == r.text.len) {
    out = (sql_default){.kind = SQL_DEFAULT_LITERAL, .text = text};
  }
  out.raw = expression;
  return out;
}

/* ---- comparing ---- */

static bool text_same(arena *mem, const sql_type *type, str a, str b)
{
  if (type->kind != SQL_TYPE_NATIVE) return str_eq(a, b);
  dm_scalar scalar = dm_native_scalar(type->native);
  if (scalar == DM_DATETIME) return true;
  if (scalar == DM_JSON) return sql_json_same(mem, a, b);
  if (scalar == DM_STRING || scalar == DM_BYTES || scalar == DM_BOOLEAN) return str_eq(a, b);
  return sql_number_same(a, b);
}

/* An expression of the schema against what the server made of it. */
static bool expression_same(arena *mem, const sql_column *column, const sql_default *wanted,
                            const sql_default *live)
{
  if (sc_str_eq_fold(wanted->raw.len ? wanted->raw : wanted->text, live->raw)) return true;
  sql_column read = *column, have = *column;
  read.default_ = sql_default_parse(mem, wanted->text, &column->type, column->arity);
  read.default_.raw = STR_NONE;
  have.default_ = *live;
  have.default_.raw = STR_NONE;
  return read.default_.kind != SQL_DEFAULT_EXPRESSION && sql_default_same(mem, &read, &have);
}

bool sql_default_same(arena *mem, const sql_column *a, const sql_column *b)
{
  const sql_default *x = &a->default_, *y = &b->default_;
  if (y->unsaid || x->unsaid) return y->unsaid;
  if (x->kind == SQL_DEFAULT_EXPRESSION && y->raw.len) return expression_same(mem, a, x, y);
  if (y->kind == SQL_DEFAULT_EXPRESSION && x->raw.len) return expression_same(mem, b, y, x);
  if (x->kind != y->kind) return false;
  switch (x->kind) {
  case SQL_DEFAULT_NONE:
  case SQL_DEFAULT_NOW:
  case SQL_DEFAULT_SEQUENCE: return true;
  case SQL_DEFAULT_EXPRESSION: return sc_str_eq_fold(x->text, y->text);
  case SQL_DEFAULT_LITERAL: return text_same(mem, &b->type, x->text, y->text);
  case SQL_DEFAULT_LIST: break;
  }
  if (x->len != y->len) return false;
  for (size_t i = 0; i < x->len; i++)
    if (!text_same(mem, &b->type, x->items[i], y->items[i])) return false;
  return true;
}
