#include "sql/value.h"

#include "base/buf.h"
#include "base/vec.h"

#include <stdlib.h>

/* ---- numbers ---- */

/* A number as its digits without zeros at either end, and the power of ten of the first of them. */
typedef struct number number;
struct number {
  bool negative;
  str whole, fraction; /* as written, without leading or trailing zeros */
  long exponent;
};

static bool digit(char c)
{
  return c >= '0' && c <= '9';
}

static size_t take_digits(str text, size_t at)
{
  while (at < text.len && digit(text.ptr[at])) at++;
  return at;
}

static bool read_number(str text, number *out)
{
  *out = (number){0};
  size_t at = 0;
  if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+')) out->negative = text.ptr[at++] == '-';
  size_t start = at;
  at = take_digits(text, at);
  out->whole = str_slice(text, start, at);
  if (at < text.len && text.ptr[at] == '.') {
    start = at + 1;
    at = take_digits(text, start);
    out->fraction = str_slice(text, start, at);
  }
  if (out->whole.len + out->fraction.len == 0) return false;
  if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
    size_t sign = at + 1 < text.len && (text.ptr[at + 1] == '-' || text.ptr[at + 1] == '+');
    size_t end = take_digits(text, at + 1 + sign);
    if (end == at + 1 + sign || end - at > 7) return false;
    for (size_t i = at + 1 + sign; i < end; i++) out->exponent = out->exponent * 10 + (text.ptr[i] - '0');
    if (sign && text.ptr[at + 1] == '-') out->exponent = -out->exponent;
    at = end;
  }
  return at == text.len;
}

/* The digit that stands for ten to the power of `place`. */
static char digit_at(const number *n, long place)
{
  place -= n->exponent;
  if (place >= 0) return place < (long)n->whole.len ? n->whole.ptr[(long)n->whole.len - 1 - place] : '0';
  return -place <= (long)n->fraction.len ? n->fraction.ptr[-place - 1] : '0';
}

static long highest(const number *n)
{
  return (long)n->whole.len + n->exponent;
}

static long lowest(const number *n)
{
  return n->exponent - (long)n->fraction.len;
}

bool sql_number_same(str a, str b)
{
  number x, y;
  if (!read_number(a, &x) || !read_number(b, &y)) return str_eq(a, b);
  long top = highest(&x) > highest(&y) ? highest(&x) : highest(&y);
  long bottom = lowest(&x) < lowest(&y) ? lowest(&x) : lowest(&y);
  bool zero = true;
  for (long place = top; place >= bottom; place--) {
    if (digit_at(&x, place) != digit_at(&y, place)) return false;
    if (digit_at(&x, place) != '0') zero = false;
  }
  return zero || x.negative == y.negative;
}

/* ---- JSON ---- */

enum { DEEPEST = 200 };

typedef struct json_reader json_reader;
struct json_reader {
  arena *mem;
  str text;
  size_t at;
  int depth;
};

static void skip_space(json_reader *r)
{
  while (r->at < r->text.len && strchr(" \t\r\n", r->text.ptr[r->at]) && r->text.ptr[r->at]) r->at++;
}

static bool take(json_reader *r, char c)
{
  skip_space(r);
  if (r->at >= r->text.len || r->text.ptr[r->at] != c) return false;
  r->at++;
  return true;
}

static bool read_hex4(json_reader *r, unsigned *out)
{
  *out = 0;
  for (size_t i = 0; i < 4; i++, r->at++) {
    char c = r->at < r->text.len ? r->text.ptr[r->at] : 0;
    unsigned v = digit(c)               ? (unsigned)(c - '0')
                 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                        : 16;
    if (v == 16) return false;
    *out = *out << 4 | v;
  }
  return true;
}

static void put_utf8(buf *out, unsigned point)
{
  if (point < 0x80) {
    buf_char(out, (char)point);
  } else if (point < 0x800) {
    buf_char(out, (char)(0xc0 | point >> 6));
    buf_char(out, (char)(0x80 | (point & 0x3f)));
  } else {
    if (point < 0x10000) {
      buf_char(out, (char)(0xe0 | point >> 12));
    } else {
      buf_char(out, (char)(0xf0 | point >> 18));
      buf_char(out, (char)(0x80 | (point >> 12 & 0x3f)));
    }
    buf_char(out, (char)(0x80 | (point >> 6 & 0x3f)));
    buf_char(out, (char)(0x80 | (point & 0x3f)));
  }
}

static bool read_escape(json_reader *r, buf *out)
{
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  char c = r->at < r->text.len ? r->text.ptr[r->at++] : 0;
  const char *found = c ? strchr(names, c) : NULL;
  if (found) {
    buf_char(out, values[found - names]);
    return true;
  }
  unsigned point, low;
  if (c != 'u' || !read_hex4(r, &point)) return false;
  if (point >= 0xd800 && point < 0xdc00 && str_starts(str_slice(r->text, r->at, r->text.len), STR("\\u"))) {
    r->at += 2;
    if (!read_hex4(r, &low) || low < 0xdc00 || low > 0xdfff) return false;
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  }
  put_utf8(out, point);
  return true;
}

static bool read_string(json_reader *r, str *out)
{
  if (!take(r, '"')) return false;
  buf text = {.mem = r->mem};
  while (r->at < r->text.len && r->text.ptr[r->at] != '"') {
    char c = r->text.ptr[r->at++];
    if (c != '\\')
      buf_char(&text, c);
    else if (!read_escape(r, &text))
      return false;
  }
  *out = buf_str(&text);
  return take(r, '"');
}

typedef struct json_value json_value;
struct json_value {
  char kind; /* { [ " 0 for a number, w for a word */
  str text;
  struct json_member *members; /* of an object, sorted by name; of an array, nameless */
  size_t len;
};

typedef struct json_member json_member;
struct json_member {
  str name;
  json_value value;
};

static int by_member_name(const void *a, const void *b)
{
  return sc_str_cmp(((const json_member *)a)->name, ((const json_member *)b)->name);
}

static bool read_value(json_reader *r, json_value *out);

static bool read_members(json_reader *r, char close, json_value *out)
{
  VEC(json_member) members = {0};
  if (++r->depth > DEEPEST) return false;
  bool more = !take(r, close);
  while (more) {
    json_member member = {STR_NONE, {0}};
    if (close == '}' && (!read_string(r, &member.name) || !take(r, ':'))) return false;
    if (!read_value(r, &member.value)) return false;
    vec_push(r->mem, &members, member);
    more = take(r, ',');
    if (!more && !take(r, close)) return false;
  }
  r->depth--;
  if (close == '}' && members.len) qsort(members.items, members.len, sizeof *members.items, by_member_name);
  out->members = members.items;
  out->len = members.len;
  return true;
}

static bool read_value(json_reader *r, json_value *out)
{
  *out = (json_value){0};
  skip_space(r);
  if (r->at >= r->text.len) return false;
  out->kind = r->text.ptr[r->at];
  if (out->kind == '"') return read_string(r, &out->text);
  if (take(r, '{')) return read_members(r, '}', out);
  if (take(r, '[')) return read_members(r, ']', out);
  size_t start = r->at;
  while (r->at < r->text.len && !strchr(" \t\r\n,]}:", r->text.ptr[r->at])) r->at++;
  out->text = str_slice(r->text, start, r->at);
  out->kind = digit(out->kind) || out->kind == '-' ? '0' : 'w';
  return out->text.len > 0;
}

static bool values_same(const json_value *a, const json_value *b)
{
  if (a->kind != b->kind || a->len != b->len) return false;
  if (a->kind == '0') return sql_number_same(a->text, b->text);
  if (!str_eq(a->text, b->text)) return false;
  for (size_t i = 0; i < a->len; i++)
    if (!str_eq(a->members[i].name, b->members[i].name) ||
        !values_same(&a->members[i].value, &b->members[i].value))
      return false;
  return true;
}

bool sql_json_same(arena *mem, str a, str b)
{
  json_reader ra = {.mem = mem, .text = a}, rb = {.mem = mem, .text = b};
  json_value x, y;
  if (!read_value(&ra, &x) || !read_value(&rb, &y)) return str_eq(a, b);
  skip_space(&ra);
  skip_space(&rb);
  if (ra.at != a.len || rb.at != b.len) return str_eq(a, b);
  return values_same(&x, &y);
}
