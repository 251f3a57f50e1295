#include "dm/literals.h"

#include <stdbool.h>

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* ---- numbers ---- */

const char *dm_integer_fault(str text)
{
  bool negative = text.len && text.ptr[0] == '-';
  uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0), value = 0;
  bool fits = true;
  for (size_t i = negative ? 1 : 0; i < text.len; i++) {
    if (!is_digit(text.ptr[i])) return "invalid digit found in string";
    uint64_t digit = (uint64_t)(text.ptr[i] - '0');
    fits = fits && value <= (limit - digit) / 10;
    if (fits) value = value * 10 + digit;
  }
  if (fits) return NULL;
  return negative ? "number too small to fit in target type" : "number too large to fit in target type";
}

/* Digits, which may be parted by underscores. */
static const char *digits_fault(str text)
{
  static const char digit_expected[] = "invalid digit found in string";
  if (!text.len) return "cannot parse integer from empty string";
  if (text.ptr[0] == '_') return digit_expected;
  for (size_t i = 0; i < text.len; i++)
    if (!is_digit(text.ptr[i]) && text.ptr[i] != '_') return digit_expected;
  return NULL;
}

static str without_sign(str text)
{
  return text.len && (text.ptr[0] == '-' || text.ptr[0] == '+') ? str_slice(text, 1, text.len) : text;
}

/* Digits with at most one point; an exponent may follow. */
const char *dm_decimal_fault(str text)
{
  size_t e = sc_str_find_char(text, 'e');
  if (e == SIZE_MAX) e = sc_str_find_char(text, 'E');
  str base = str_slice(text, 0, e == SIZE_MAX ? text.len : e);
  const char *fault = NULL;
  if (e != SIZE_MAX) {
    str exponent = without_sign(str_slice(text, e + 1, text.len));
    fault = sc_str_find_char(exponent, '_') == SIZE_MAX ? digits_fault(exponent)
                                                        : "invalid digit found in string";
  }
  if (fault) return fault;
  if (!base.len) return "Failed to parse empty string";
  base = without_sign(base);
  size_t point = sc_str_find_char(base, '.');
  if (point == SIZE_MAX) return digits_fault(base);
  str lead = str_slice(base, 0, point), trail = str_slice(base, point + 1, base.len);
  if (!lead.len) return digits_fault(trail);
  fault = digits_fault(lead);
  if (fault || !trail.len || trail.ptr[0] == '_') return fault;
  return digits_fault(trail);
}

/* ---- dates ---- */

static const char too_short[] = "premature end of input", invalid[] = "input contains invalid characters",
                  too_long[] = "trailing input", out_of_range[] = "input is out of range";

typedef struct reader reader;
struct reader {
  str rest;
  const char *fault;
};

static void skip(reader *r, size_t count)
{
  r->rest = str_slice(r->rest, count, r->rest.len);
}

/* `digits` digits whose value lies in [low, high]. */
static unsigned number(reader *r, size_t digits, unsigned low, unsigned high)
{
  unsigned value = 0;
  if (r->fault) return 0;
  if (r->rest.len < digits) {
    r->fault = too_short;
    return 0;
  }
  for (size_t i = 0; i < digits; i++) {
    if (!is_digit(r->rest.ptr[i])) {
      r->fault = invalid;
      return 0;
    }
    value = value * 10 + (unsigned)(r->rest.ptr[i] - '0');
  }
  if (value < low || value > high) r->fault = out_of_range;
  skip(r, digits);
  return value;
}

static void one_of(reader *r, const char *allowed)
{
  if (r->fault) return;
  if (!r->rest.len)
    r->fault = too_short;
  else if (!r->rest.ptr[0] || !strchr(allowed, r->rest.ptr[0]))
    r->fault = invalid;
  else
    skip(r, 1);
}

static void fraction(reader *r)
{
  if (r->fault || !r->rest.len || r->rest.ptr[0] != '.') return;
  skip(r, 1);
  number(r, 1, 0, 9);
  while (!r->fault && r->rest.len && is_digit(r->rest.ptr[0])) skip(r, 1);
}

static void zone(reader *r)
{
  if (!r->fault && r->rest.len && (r->rest.ptr[0] == 'Z' || r->rest.ptr[0] == 'z')) {
    skip(r, 1);
    return;
  }
  one_of(r, "+-");
  number(r, 2, 0, 23);
  one_of(r, ":");
  number(r, 2, 0, 59);
}

static unsigned days_in(unsigned year, unsigned month)
{
  static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

const char *dm_datetime_fault(str text)
{
  reader r = {.rest = text};
  unsigned year = number(&r, 4, 0, 9999);
  one_of(&r, "-");
  unsigned month = number(&r, 2, 1, 12);
  one_of(&r, "-");
  unsigned day = number(&r, 2, 1, 31);
  one_of(&r, "tT ");
  number(&r, 2, 0, 23);
  one_of(&r, ":");
  number(&r, 2, 0, 59);
  one_of(&r, ":");
  number(&r, 2, 0, 60);
  fraction(&r);
  zone(&r);
  if (r.fault) return r.fault;
  if (r.rest.len) return too_long;
  return day > days_in(year, month) ? out_of_range : NULL;
}

/* ---- bytes ---- */

static int base64_value(char c)
{
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Padded, and with no bits left over. */
const char *dm_base64_fault(str text)
{
  static const char fault[] = "Could not convert from `base64 encoded bytes` to `PrismaValue::Bytes`";
  if (text.len % 4) return fault;
  size_t len = text.len;
  while (len && text.len - len < 2 && text.ptr[len - 1] == '=') len--;
  for (size_t i = 0; i < len; i++)
    if (base64_value(text.ptr[i]) < 0) return fault;
  if (!len || text.len == len) return text.len == len ? NULL : fault;
  int last = base64_value(text.ptr[len - 1]);
  return last & (text.len - len == 2 ? 15 : 3) ? fault : NULL;
}
