/* Text is a pointer and a length: no strlen in loops, no copies to cut a piece out.
 *
 * A str does not own its bytes; they live as long as whatever they point into (a source file, an arena, a literal).
 * The bytes need not end with NUL: sc_str_c makes a C string where libpq or a user needs one. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct sc_str str;
struct sc_str {
  const char *ptr;
  size_t len;
};

#define STR(literal)  ((str){("" literal), sizeof(literal) - 1})
#define STR_NONE      ((str){NULL, 0})
/* The same as an initialiser of static data, where a compound literal is not a constant. */
#define STR_INIT(literal) {("" literal), sizeof(literal) - 1}
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).len, (s).ptr

static inline str str_from(const char *c)
{
  return c ? (str){c, strlen(c)} : STR_NONE;
}

static inline str str_slice(str s, size_t from, size_t to)
{
  if (to > s.len) to = s.len;
  return from >= to ? (str){s.ptr, 0} : (str){s.ptr + from, to - from};
}

static inline bool str_eq(str a, str b)
{
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_starts(str s, str prefix)
{
  return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_ends(str s, str suffix)
{
  return s.len >= suffix.len && (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* Byte order, as memcmp: <0, 0, >0. A shorter string sorts before its continuations. */
int sc_str_cmp(str a, str b);
/* ASCII letters compared without case. */
bool sc_str_eq_fold(str a, str b);
/* Index of the first occurrence, or SIZE_MAX. */
size_t sc_str_find(str s, str needle);
size_t sc_str_find_char(str s, char c);
/* Without the ASCII white space at both ends. */
str sc_str_trim(str s);
/* A copy in the arena; the bytes end with NUL, which is not counted. ptr is NULL when memory ran out. */
str sc_str_dup(arena *mem, str s);
/* The copy as a C string, NULL when memory ran out. */
char *sc_str_c(arena *mem, str s);
/* printf into the arena. ptr is NULL when memory ran out. */
str sc_str_format(arena *mem, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Largest length <= limit that does not cut a UTF-8 sequence of s. */
size_t sc_str_utf8_floor(str s, size_t limit);

#endif
