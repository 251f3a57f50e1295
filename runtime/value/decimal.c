/* Conversions of exact decimal text, whatever the locale of the program. */
#include <schemac/value.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SCALE_MAX          40
#define DIGITS_OF_A_DOUBLE 768 /* no more can change which double is nearest, but by a tie */

/* The parts of "-12.50e3". */
typedef struct number number;
struct number {
  bool negative;
  const char *whole, *fraction; /* digits */
  size_t whole_len, fraction_len;
  int exponent;
};

static size_t digits(const char *p)
{
  size_t len = 0;
  while (p[len] >= '0' && p[len] <= '9') len++;
  return len;
}

static bool read_exponent(const char **p, int *out)
{
  *out = 0;
  if (**p != 'e' && **p != 'E') return true;
  (*p)++;
  bool negative = **p == '-';
  if (negative || **p == '+') (*p)++;
  size_t len = digits(*p);
  if (len == 0 || len > 5) return false;
  for (; len > 0; len--, (*p)++) *out = *out * 10 + (**p - '0');
  if (negative) *out = -*out;
  return true;
}

static bool read_number(const char *p, number *out)
{
  if (!p) return false;
  out->negative = *p == '-';
  if (*p == '-' || *p == '+') p++;
  out->whole = p;
  out->whole_len = digits(p);
  p += out->whole_len;
  if (*p == '.') p++;
  out->fraction = p;
  out->fraction_len = digits(p);
  p += out->fraction_len;
  return out->whole_len + out->fraction_len > 0 && read_exponent(&p, &out->exponent) && *p == '\0';
}

/* Digit i of whole and fraction in one row. */
static int digit_at(const number *n, size_t i)
{
  return (i < n->whole_len ? n->whole[i] : n->fraction[i - n->whole_len]) - '0';
}

double sc_decimal_to_double(sc_decimal decimal)
{
  number n;
  if (!read_number(decimal.text, &n)) {
    if (decimal.text && strcmp(decimal.text, "Infinity") == 0) return (double)INFINITY;
    if (decimal.text && strcmp(decimal.text, "-Infinity") == 0) return -(double)INFINITY;
    return (double)NAN;
  }
  /* Whole digits and an exponent: strtod looks for the locale's decimal point in vain. */
  char text[DIGITS_OF_A_DOUBLE + 32];
  size_t len = 0;
  size_t count = n.whole_len + n.fraction_len;
  if (n.negative) text[len++] = '-';
  for (size_t i = 0; i < count && i < DIGITS_OF_A_DOUBLE; i++) text[len++] = (char)('0' + digit_at(&n, i));
  size_t dropped = count > DIGITS_OF_A_DOUBLE ? count - DIGITS_OF_A_DOUBLE : 0;
  snprintf(text + len, sizeof text - len, "e%lld",
           n.exponent - (long long)n.fraction_len + (long long)dropped);
  return strtod(text, NULL);
}

bool sc_decimal_to_scaled(sc_decimal decimal, int scale, int64_t *out)
{
  number n;
  if (scale < 0 || scale > SCALE_MAX || !read_number(decimal.text, &n)) return false;
  int64_t places = (int64_t)n.whole_len + n.exponent + scale; /* digits in front of the new point */
  int64_t len = (int64_t)(n.whole_len + n.fraction_len);
  int64_t value = 0; /* negative throughout: there is one more of them */
  for (int64_t i = 0; i < (places > len ? places : len); i++) {
    int digit = i < len ? digit_at(&n, (size_t)i) : 0;
    if (i >= places) {
      if (digit != 0) return false;
      continue;
    }
    if (value < (INT64_MIN + digit) / 10) return false;
    value = value * 10 - digit;
  }
  if (!n.negative && value == INT64_MIN) return false;
  *out = n.negative ? value : -value;
  return true;
}

sc_decimal sc_decimal_from_scaled(int64_t value, int scale, char text[SC_DECIMAL_TEXT])
{
  if (scale < 0) scale = 0;
  if (scale > SCALE_MAX) scale = SCALE_MAX;
  char *p = text + SC_DECIMAL_TEXT - 1;
  *p = '\0';
  bool negative = value < 0;
  uint64_t rest = negative ? 0 - (uint64_t)value : (uint64_t)value;
  for (int i = 0; i <= scale || rest > 0; i++) {
    if (i == scale && scale > 0) *--p = '.';
    *--p = (char)('0' + rest % 10);
    rest /= 10;
  }
  if (negative) *--p = '-';
  memmove(text, p, (size_t)(text + SC_DECIMAL_TEXT - p));
  return (sc_decimal){text};
}
