#include "dm/numbers.h"

#include "base/buf.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { LONGEST = 1000 };

/* Without point and exponent: `digits` times ten to the power of -scale. */
typedef struct decimal decimal;
struct decimal {
  bool negative;
  str digits; /* at least one, no leading zeros */
  long scale;
};

static long exponent_of(str text)
{
  bool negative = text.len && text.ptr[0] == '-';
  long value = 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] >= '0' && text.ptr[i] <= '9' && value < 100000000)
      value = value * 10 + (text.ptr[i] - '0');
  return negative ? -value : value;
}

static decimal read_decimal(arena *mem, str text)
{
  decimal number = {.negative = text.len && text.ptr[0] == '-'};
  size_t e = sc_str_find_char(text, 'e');
  if (e == SIZE_MAX) e = sc_str_find_char(text, 'E');
  str base = str_slice(text, 0, e);
  size_t point = sc_str_find_char(base, '.');
  if (point != SIZE_MAX) number.scale = (long)(base.len - point - 1); /* underscores count, as with Prisma */
  if (e != SIZE_MAX) number.scale -= exponent_of(str_slice(text, e + 1, text.len));
  buf digits = {.mem = mem};
  for (size_t i = 0; i < base.len; i++) {
    char c = base.ptr[i];
    if (c >= '0' && c <= '9' && (c != '0' || digits.len)) buf_char(&digits, c);
  }
  number.digits = digits.len ? buf_str(&digits) : STR("0");
  if (!digits.len) number.negative = false;
  return number;
}

static bool is_plain(str text)
{
  size_t at = text.len && text.ptr[0] == '-';
  if (at == text.len || (text.ptr[at] == '0' && (at || (text.len > 1 && text.ptr[1] != '.')))) return false;
  bool digit = false, point = false;
  for (; at < text.len; at++) {
    char c = text.ptr[at];
    if (c == '.' && digit && !point)
      point = true;
    else if (c >= '0' && c <= '9')
      digit = true;
    else
      return false;
  }
  return text.ptr[text.len - 1] != '.';
}

str dm_number_plain(arena *mem, str text)
{
  if (is_plain(text)) return text;
  decimal number = read_decimal(mem, text);
  long whole = (long)number.digits.len - number.scale; /* digits before the point */
  if (whole > LONGEST || number.scale > LONGEST) return text;
  buf out = {.mem = mem};
  if (number.negative) buf_char(&out, '-');
  if (whole <= 0) {
    BUF_LIT(&out, "0.");
    sc_buf_fill(&out, '0', (size_t)-whole);
    buf_add(&out, number.digits);
    return buf_str(&out);
  }
  buf_add(&out, str_slice(number.digits, 0, (size_t)whole));
  if (number.scale < 0) sc_buf_fill(&out, '0', (size_t)-number.scale);
  str fraction = str_slice(number.digits, (size_t)whole, number.digits.len);
  if (fraction.len) buf_char(&out, '.');
  buf_add(&out, fraction);
  return buf_str(&out);
}

/* Ten to a power as compilers multiply it out, by squaring; a negative power is one divided by it. */
static double power_of_ten(long power)
{
  double result = 1, square = 10;
  for (unsigned long left = power < 0 ? 0UL - (unsigned long)power : (unsigned long)power; left; left /= 2) {
    if (left & 1) result *= square;
    square *= square;
  }
  return power < 0 ? 1 / result : result;
}

str dm_number_json(arena *mem, str text)
{
  decimal number = read_decimal(mem, text);
  double value = strtod(sc_str_c(mem, number.digits), NULL) * power_of_ten(-number.scale);
  if (!isfinite(value)) return STR("null");
  if (number.negative) value = -value;
  str shortest = STR_NONE;
  for (int digits = 15; digits <= 17; digits++) {
    shortest = sc_str_format(mem, "%.*g", digits, value);
    if (!(strtod(sc_str_c(mem, shortest), NULL) < value || strtod(sc_str_c(mem, shortest), NULL) > value))
      break;
  }
  return shortest;
}
