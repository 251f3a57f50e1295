#include "cgen/name.h"

struct name_book {
  arena *mem;
  diag_list *diags;
  table *globals;
  table *reserved_members;
};

/* Values of the tables: only whether a key is there matters. */
static char taken_mark;
static char reserved_mark;

static const char *const reserved_members[] = {
#define RESERVED_MEMBERS
#include "cgen/reserved.def"
#undef RESERVED_MEMBERS
};

static const char *const reserved_globals[] = {
#define RESERVED_GLOBALS
#include "cgen/reserved.def"
#undef RESERVED_GLOBALS
};

/* Puts every word of the lines into a table. */
static void reserve(table *t, const char *const *lines, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    str rest = str_from(lines[i]);
    while (rest.len > 0) {
      size_t end = sc_str_find_char(rest, ' ');
      sc_table_put(t, str_slice(rest, 0, end), &reserved_mark);
      rest = str_slice(rest, end == SIZE_MAX ? rest.len : end + 1, rest.len);
    }
  }
}

name_book *name_book_new(arena *mem, diag_list *diags)
{
  name_book *book = arena_new(mem, name_book);
  *book = (name_book){mem, diags, sc_table_new(mem), sc_table_new(mem)};
  reserve(book->reserved_members, reserved_members, sizeof reserved_members / sizeof *reserved_members);
  reserve(book->globals, reserved_members, sizeof reserved_members / sizeof *reserved_members);
  reserve(book->globals, reserved_globals, sizeof reserved_globals / sizeof *reserved_globals);
  return book;
}

/* The library's own; as a member, the name of a type would change its meaning in C++. */
static bool is_of_library(str name)
{
  return str_starts(name, STR("sc_")) || str_starts(name, STR("SC_"));
}

static void report(name_book *book, str wanted, str given, const char *because, span place)
{
  diag_add(book->diags, DIAG_NOTICE, place,
           sc_str_format(book->mem, "The C name `%.*s` is %s: the client has `%.*s` instead.",
                         STR_ARG(wanted), because, STR_ARG(given)));
}

static const char *reason(const void *holder)
{
  return holder == &reserved_mark ? "reserved" : "taken by another part of the schema";
}

str name_take(name_book *book, str wanted, span place)
{
  str name = wanted;
  const void *holder = is_of_library(name) ? &reserved_mark : sc_table_get(book->globals, name);
  const char *because = reason(holder);
  while (holder) {
    name = name_join(book->mem, name, STR("_"));
    holder = sc_table_get(book->globals, name);
  }
  if (!str_eq(name, wanted)) report(book, wanted, name, because, place);
  sc_table_put(book->globals, name, &taken_mark);
  return name;
}

str name_take_member(name_book *book, table *members, str wanted, span place)
{
  str name = wanted;
  const void *holder = is_of_library(name) ? &reserved_mark : sc_table_get(book->reserved_members, name);
  if (!holder) holder = sc_table_get(members, name);
  const char *because = reason(holder);
  while (holder) {
    name = name_join(book->mem, name, STR("_"));
    holder = sc_table_get(members, name);
  }
  if (!str_eq(name, wanted)) report(book, wanted, name, because, place);
  sc_table_put(members, name, &taken_mark);
  return name;
}

/* ---- case ---- */

static bool is_upper(char c)
{
  return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
  return c >= 'a' && c <= 'z';
}

static char to_lower(char c)
{
  return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
  return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

/* A word begins at an upper-case letter that ends a run of others, or begins a run of lower-case ones. */
static bool begins_word(str name, size_t i)
{
  if (i == 0 || !is_upper(name.ptr[i]) || name.ptr[i - 1] == '_') return false;
  return !is_upper(name.ptr[i - 1]) || (i + 1 < name.len && is_lower(name.ptr[i + 1]));
}

str name_snake(arena *mem, str name)
{
  char *bytes = sc_arena_raw(mem, 2 * name.len);
  size_t len = 0;
  for (size_t i = 0; i < name.len; i++) {
    if (begins_word(name, i)) bytes[len++] = '_';
    bytes[len++] = to_lower(name.ptr[i]);
  }
  return (str){bytes, len};
}

str name_upper(arena *mem, str name)
{
  char *bytes = sc_arena_raw(mem, name.len);
  for (size_t i = 0; i < name.len; i++) bytes[i] = to_upper(name.ptr[i]);
  return (str){bytes, name.len};
}

str name_pascal(arena *mem, str name)
{
  char *bytes = sc_arena_raw(mem, name.len);
  size_t len = 0;
  bool begins = true;
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (c != '_') bytes[len++] = begins ? to_upper(c) : c;
    begins = c == '_';
  }
  return (str){bytes, len};
}

str name_join(arena *mem, str first, str second)
{
  char *bytes = sc_arena_raw(mem, first.len + second.len);
  if (first.len > 0) memcpy(bytes, first.ptr, first.len);
  if (second.len > 0) memcpy(bytes + first.len, second.ptr, second.len);
  return (str){bytes, first.len + second.len};
}
