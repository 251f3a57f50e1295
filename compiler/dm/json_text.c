/* Whether a text is JSON (RFC 8259). Faults are worded and placed as Prisma's parser has them: the column is
 * that of the character that does not fit, or of the last one read. */
#include "dm/literals.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct json json;
struct json {
  str text;
  size_t at;
  size_t depth;
  const char *fault;
  size_t fault_at; /* characters before the fault's column */
};

enum { deepest = 128 };

/* At the character that is looked at. */
static bool fail_here(json *j, const char *fault)
{
  j->fault = fault;
  j->fault_at = j->at < j->text.len ? j->at + 1 : j->text.len;
  return false;
}

/* Behind the last character that was read. */
static bool fail_behind(json *j, const char *fault)
{
  j->fault = fault;
  j->fault_at = j->at;
  return false;
}

/* The next character that is not white space, or -1 at the end. */
static int look(json *j)
{
  while (j->at < j->text.len && memchr(" \t\n\r", j->text.ptr[j->at], 4)) j->at++;
  return j->at < j->text.len ? (unsigned char)j->text.ptr[j->at] : -1;
}

static int peek(const json *j)
{
  return j->at < j->text.len ? (unsigned char)j->text.ptr[j->at] : -1;
}

static bool is_digit(int c)
{
  return c >= '0' && c <= '9';
}

static bool word(json *j, const char *rest)
{
  j->at++;
  for (; *rest; rest++) {
    if (peek(j) < 0) return fail_behind(j, "EOF while parsing a value");
    bool same = peek(j) == *rest;
    j->at++;
    if (!same) return fail_behind(j, "expected ident");
  }
  return true;
}

/* ---- numbers ---- */

static bool exponent(json *j)
{
  j->at++;
  if (peek(j) == '+' || peek(j) == '-') j->at++;
  if (peek(j) < 0) return fail_behind(j, "EOF while parsing a value");
  bool digit = is_digit(peek(j));
  j->at++;
  if (!digit) return fail_behind(j, "invalid number");
  while (is_digit(peek(j))) j->at++;
  return true;
}

/* An exponent can make a number larger than any double. */
static bool in_range(json *j, size_t start)
{
  char digits[64];
  size_t len = j->at - start;
  if (len >= sizeof digits) return true;
  memcpy(digits, j->text.ptr + start, len);
  digits[len] = 0;
  return isfinite(strtod(digits, NULL)) ? true : fail_behind(j, "number out of range");
}

static bool number(json *j)
{
  size_t start = j->at;
  if (peek(j) == '-') j->at++;
  if (peek(j) == '0') {
    j->at++;
    if (is_digit(peek(j))) return fail_here(j, "invalid number");
  } else if (is_digit(peek(j))) {
    while (is_digit(peek(j))) j->at++;
  } else {
    if (peek(j) < 0) return fail_behind(j, "EOF while parsing a value");
    j->at++;
    return fail_behind(j, "invalid number");
  }
  if (peek(j) == '.') {
    j->at++;
    if (!is_digit(peek(j))) return fail_here(j, peek(j) < 0 ? "EOF while parsing a value" : "invalid number");
    while (is_digit(peek(j))) j->at++;
  }
  return peek(j) == 'e' || peek(j) == 'E' ? exponent(j) && in_range(j, start) : true;
}

/* ---- strings ---- */

static bool hex4(json *j, unsigned *out)
{
  unsigned value = 0;
  if (j->text.len - j->at < 4) {
    j->at = j->text.len;
    return fail_behind(j, "EOF while parsing a string");
  }
  for (size_t i = 0; i < 4; i++) {
    int c = peek(j), lower = c | 0x20;
    j->at++;
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) return fail_behind(j, "invalid escape");
    value = value * 16 + (unsigned)(is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  *out = value;
  return true;
}

static bool unicode(json *j)
{
  unsigned first, second;
  if (!hex4(j, &first)) return false;
  if (first >= 0xDC00 && first <= 0xDFFF) return fail_behind(j, "lone leading surrogate in hex escape");
  if (first < 0xD800 || first > 0xDBFF) return true;
  for (const char *expected = "\\u"; *expected; expected++) {
    if (peek(j) < 0) return fail_behind(j, "EOF while parsing a string");
    bool same = peek(j) == *expected;
    j->at++;
    if (!same) return fail_behind(j, "unexpected end of hex escape");
  }
  if (!hex4(j, &second)) return false;
  return second >= 0xDC00 && second <= 0xDFFF ? true : fail_behind(j, "lone leading surrogate in hex escape");
}

static bool string(json *j)
{
  j->at++;
  for (;;) {
    int c = peek(j);
    if (c < 0) return fail_behind(j, "EOF while parsing a string");
    j->at++;
    if (c == '"') return true;
    if (c < 0x20) return fail_behind(j, "control character (\\u0000-\\u001F) found while parsing a string");
    if (c != '\\') continue;
    c = peek(j);
    if (c < 0) return fail_behind(j, "EOF while parsing a string");
    j->at++;
    if (c == 'u') {
      if (!unicode(j)) return false;
    } else if (!memchr("\"\\/bfnrt", c, 8)) {
      return fail_behind(j, "invalid escape");
    }
  }
}

/* ---- lists and objects ---- */

static bool value(json *j);

/* In front of the next member: true when there is one, false at the end or with a fault. */
static bool member(json *j, bool first, char close, const char *unclosed, const char *joint)
{
  int c = look(j);
  if (c < 0) return fail_here(j, unclosed);
  if (c == close) return false;
  if (first) return true;
  if (c != ',') return fail_here(j, joint);
  j->at++;
  c = look(j);
  if (c < 0) return fail_here(j, "EOF while parsing a value");
  return c == close ? fail_here(j, "trailing comma") : true;
}

static bool list(json *j)
{
  j->at++;
  for (bool first = true; member(j, first, ']', "EOF while parsing a list", "expected `,` or `]`");
       first = false)
    if (!value(j)) return false;
  if (!j->fault) j->at++;
  return !j->fault;
}

static bool object(json *j)
{
  j->at++;
  for (bool first = true; member(j, first, '}', "EOF while parsing an object", "expected `,` or `}`");
       first = false) {
    if (look(j) != '"') return fail_here(j, "key must be a string");
    if (!string(j)) return false;
    int c = look(j);
    if (c != ':') return fail_here(j, c < 0 ? "EOF while parsing an object" : "expected `:`");
    j->at++;
    if (!value(j)) return false;
  }
  if (!j->fault) j->at++;
  return !j->fault;
}

static bool value(json *j)
{
  int c = look(j);
  if (c == '"') return string(j);
  if (c == '-' || is_digit(c)) return number(j);
  if (c == 'n') return word(j, "ull");
  if (c == 't') return word(j, "rue");
  if (c == 'f') return word(j, "alse");
  if (c != '[' && c != '{') return fail_here(j, c < 0 ? "EOF while parsing a value" : "expected value");
  if (++j->depth >= deepest) return fail_here(j, "recursion limit exceeded");
  bool fine = c == '[' ? list(j) : object(j);
  j->depth--;
  return fine;
}

str dm_json_fault(arena *mem, str text)
{
  json j = {.text = text};
  if (value(&j) && look(&j) >= 0) fail_here(&j, "trailing characters");
  if (!j.fault) return STR_NONE;
  size_t line = 1, start = 0;
  for (size_t i = 0; i < j.fault_at; i++) {
    if (text.ptr[i] != '\n') continue;
    line++;
    start = i + 1;
  }
  return sc_str_format(mem, "%s at line %zu column %zu", j.fault, line, j.fault_at - start);
}
