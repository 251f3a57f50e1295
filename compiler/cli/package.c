#include "cli/package.h"

#include "cli/files.h"

#include <json-c/json_object.h>
#include <json-c/json_tokener.h>
#include <sys/stat.h>

/* As deep as a package.json may be nested. */
enum { DEEPEST = 200 };

/* ---- where it is ---- */

static bool is_root(const char *folder, const char *above)
{
  struct stat here, there;
  return stat(folder, &here) != 0 || stat(above, &there) != 0 ||
         (here.st_dev == there.st_dev && here.st_ino == there.st_ino);
}

/* The package.json of the working folder, else the nearest one above it; NULL: none. */
static const char *nearest(arena *mem)
{
  for (str folder = STR("");;) {
    const char *path = sc_str_c(mem, sc_str_format(mem, "%.*spackage.json", STR_ARG(folder)));
    if (files_is_file(path)) return path;
    str above = sc_str_format(mem, "%.*s../", STR_ARG(folder));
    if (is_root(folder.len ? sc_str_c(mem, folder) : ".", sc_str_c(mem, above))) return NULL;
    folder = above;
  }
}

/* ---- what it says ---- */

static str place_of(arena *mem, str text, size_t at)
{
  size_t line = 1, column = 1;
  for (size_t i = 0; i < at && i < text.len; i++) {
    column = text.ptr[i] == '\n' ? 1 : column + 1;
    line += text.ptr[i] == '\n';
  }
  return sc_str_format(mem, "line %zu column %zu", line, column);
}

/* NULL with *error set: the text is not JSON. The caller puts what it got. */
static json_object *parse(arena *mem, const char *path, str text, str *error)
{
  json_tokener *tokener = json_tokener_new_ex(DEEPEST);
  if (!tokener) return *error = STR("There is no memory left."), NULL;
  json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
  /* With the NUL behind the text, which says that it ends there. */
  json_object *whole = json_tokener_parse_ex(tokener, sc_str_c(mem, text), (int)text.len + 1);
  enum json_tokener_error fault = json_tokener_get_error(tokener);
  if (fault != json_tokener_success)
    *error = sc_str_format(mem, "%s is not JSON: %s at %.*s", path, json_tokener_error_desc(fault),
                           STR_ARG(place_of(mem, text, json_tokener_get_parse_end(tokener))));
  json_tokener_free(tokener);
  return whole;
}

/* The text under "prisma" and `key`. False with *error set: it is there, and is no text. */
static bool prisma_text(arena *mem, const char *path, json_object *whole, str key, str *value, str *error)
{
  json_object *prisma = NULL, *found = NULL;
  if (!json_object_is_type(whole, json_type_object) || !json_object_object_get_ex(whole, "prisma", &prisma) ||
      !json_object_is_type(prisma, json_type_object) ||
      !json_object_object_get_ex(prisma, sc_str_c(mem, key), &found) || !found)
    return true;
  if (!json_object_is_type(found, json_type_string)) {
    *error = sc_str_format(mem, "`prisma.%.*s` in %s is not a text.", STR_ARG(key), path);
    return false;
  }
  *value = sc_str_dup(mem, (str){json_object_get_string(found), (size_t)json_object_get_string_len(found)});
  return true;
}

cli_exit package_text(const cli *c, str key, str *value, str *file)
{
  *value = *file = STR_NONE;
  const char *path = nearest(c->mem);
  if (!path) return CLI_OK;
  *file = str_from(path);
  str text, error = STR_NONE;
  if (files_read(c->mem, path, &text, &error)) {
    json_object *whole = parse(c->mem, path, text, &error);
    if (!error.len) prisma_text(c->mem, path, whole, key, value, &error);
    json_object_put(whole);
  }
  if (!error.len) return CLI_OK;
  cli_print_error(c, error, STR_NONE);
  return CLI_WORLD;
}

const char *package_config(const cli *c)
{
  static const char *const stems[] = {"prisma.config", ".config/prisma"};
  static const char *const endings[] = {"ts", "mts", "cts", "js", "mjs", "cjs"};
  if (c->given[OPT_CONFIG]) return c->value[OPT_CONFIG];
  for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
      const char *path = sc_str_c(c->mem, sc_str_format(c->mem, "%s.%s", stems[i], endings[k]));
      if (files_is_file(path)) return path;
    }
  return NULL;
}
