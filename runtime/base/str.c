#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

int sc_str_cmp(str a, str b)
{
  size_t common = a.len < b.len ? a.len : b.len;
  int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
  if (order) return order;
  return (a.len > b.len) - (a.len < b.len);
}

static char fold(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sc_str_eq_fold(str a, str b)
{
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++)
    if (fold(a.ptr[i]) != fold(b.ptr[i])) return false;
  return true;
}

size_t sc_str_find(str s, str needle)
{
  for (size_t i = 0; needle.len <= s.len && i <= s.len - needle.len; i++)
    if (needle.len == 0 || memcmp(s.ptr + i, needle.ptr, needle.len) == 0) return i;
  return SIZE_MAX;
}

size_t sc_str_find_char(str s, char c)
{
  const char *found = s.len ? memchr(s.ptr, c, s.len) : NULL;
  return found ? (size_t)(found - s.ptr) : SIZE_MAX;
}

static bool is_space(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

str sc_str_trim(str s)
{
  size_t from = 0, to = s.len;
  while (from < to && is_space(s.ptr[from])) from++;
  while (to > from && is_space(s.ptr[to - 1])) to--;
  return str_slice(s, from, to);
}

char *sc_str_c(arena *mem, str s)
{
  if (s.len == SIZE_MAX) return NULL;
  char *copy = sc_arena_raw(mem, s.len + 1);
  if (!copy) return NULL;
  if (s.len) memcpy(copy, s.ptr, s.len);
  copy[s.len] = '\0';
  return copy;
}

str sc_str_dup(arena *mem, str s)
{
  const char *copy = sc_str_c(mem, s);
  return copy ? (str){copy, s.len} : STR_NONE;
}

str sc_str_format(arena *mem, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *text = len < 0 ? NULL : sc_arena_raw(mem, (size_t)len + 1);
  if (text) vsnprintf(text, (size_t)len + 1, format, again);
  va_end(again);
  return text ? (str){text, (size_t)len} : STR_NONE;
}

size_t sc_str_utf8_floor(str s, size_t limit)
{
  if (limit >= s.len) return s.len;
  while (limit > 0 && ((unsigned char)s.ptr[limit] & 0xC0u) == 0x80u) limit--;
  return limit;
}
