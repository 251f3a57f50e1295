/* package.json is read by hand: of all that it may hold two texts are wanted, and dm_json_fault has made sure
 * before that what is walked over here is JSON. */
#include "cli/package.h"

#include "cli/files.h"
#include "dm/literals.h"

/* ---- walking over JSON that is known to be valid ---- */

static size_t skip_space(str json, size_t at)
{
  while (at < json.len && sc_str_find_char(STR(" \t\r\n"), json.ptr[at]) != SIZE_MAX) at++;
  return at;
}

static size_t behind_string(str json, size_t at)
{
  for (at++; at < json.len && json.ptr[at] != '"'; at++) at += json.ptr[at] == '\\';
  return at + 1;
}

static size_t behind_value(str json, size_t at)
{
  size_t depth = 0;
  at = skip_space(json, at);
  do {
    char c = json.ptr[at];
    if (c == '"') {
      at = behind_string(json, at);
      continue;
    }
    depth += c == '{' || c == '[';
    depth -= (c == '}' || c == ']') && depth;
    at++;
  } while (at < json.len && (depth || sc_str_find_char(STR(",}] \t\r\n"), json.ptr[at]) == SIZE_MAX));
  return at;
}

static void add_utf8(buf *out, unsigned code)
{
  static const struct {
    unsigned below, mark;
    int more;
  } forms[] = {{0x80, 0, 0}, {0x800, 0xC0, 1}, {0x10000, 0xE0, 2}, {0x110000, 0xF0, 3}};
  size_t form = 0;
  while (code >= forms[form].below) form++;
  int more = forms[form].more;
  buf_char(out, (char)(forms[form].mark | code >> (6 * more)));
  while (more-- > 0) buf_char(out, (char)(0x80 | (code >> (6 * more) & 0x3F)));
}

static unsigned hex4(str json, size_t at)
{
  unsigned value = 0;
  for (size_t i = at; i < at + 4; i++) {
    unsigned c = (unsigned char)json.ptr[i];
    value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

/* \uXXXX, of which two make a character beyond the first 65,536. `at` is that of the u. */
static size_t add_unicode(str json, size_t at, buf *out)
{
  unsigned code = hex4(json, at + 1);
  size_t end = at + 5;
  if (code >= 0xD800 && code < 0xDC00) {
    code = 0x10000 + ((code - 0xD800) << 10) + (hex4(json, end + 2) - 0xDC00);
    end += 6;
  }
  add_utf8(out, code);
  return end;
}

/* The text of the string that starts at `at`. */
static str decoded(str json, size_t at, arena *mem)
{
  static const str meant = STR_INIT("\b\f\n\r\t");
  buf out = {.mem = mem};
  for (at++; json.ptr[at] != '"';) {
    if (json.ptr[at] != '\\') {
      buf_char(&out, json.ptr[at++]);
      continue;
    }
    char c = json.ptr[++at];
    if (c == 'u') {
      at = add_unicode(json, at, &out);
      continue;
    }
    size_t letter = sc_str_find_char(STR("bfnrt"), c);
    buf_char(&out, letter == SIZE_MAX ? c : meant.ptr[letter]);
    at++;
  }
  return out.len ? buf_str(&out) : STR("");
}

/* Where the value of a key of the object at `at` begins; SIZE_MAX: no object, or no such key. */
static size_t member(str json, size_t at, str key, arena *mem)
{
  if (at == SIZE_MAX || json.ptr[at] != '{') return SIZE_MAX;
  size_t found = SIZE_MAX;
  at = skip_space(json, at + 1);
  while (json.ptr[at] != '}') {
    str name = decoded(json, at, mem);
    at = skip_space(json, behind_string(json, at)) + 1;
    if (str_eq(name, key)) found = skip_space(json, at); /* the last one counts */
    at = skip_space(json, behind_value(json, at));
    if (json.ptr[at] == ',') at = skip_space(json, at + 1);
  }
  return found;
}

cli_exit package_text(const cli *c, str key, str *value)
{
  str json, error;
  *value = STR_NONE;
  if (!files_is_file("package.json")) return CLI_OK;
  bool read = files_read(c->mem, "package.json", &json, &error);
  str fault = read ? dm_json_fault(c->mem, json) : STR_NONE;
  if (fault.len) error = sc_str_format(c->mem, "package.json is not JSON: %.*s", STR_ARG(fault));
  if (!read || fault.len) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  }
  size_t prisma = member(json, skip_space(json, 0), STR("prisma"), c->mem);
  size_t at = member(json, prisma, key, c->mem);
  if (at != SIZE_MAX && json.ptr[at] == '"') *value = decoded(json, at, c->mem);
  return CLI_OK;
}

const char *package_config(const cli *c)
{
  static const char *const stems[] = {"prisma.config", ".config/prisma"};
  static const char *const endings[] = {"ts", "mts", "cts", "js", "mjs", "cjs"};
  for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
      const char *path = sc_str_c(c->mem, sc_str_format(c->mem, "%s.%s", stems[i], endings[k]));
      if (files_is_file(path)) return path;
    }
  return NULL;
}
