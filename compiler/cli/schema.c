#include "cli/schema.h"

#include "cli/files.h"
#include "report/render.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

static cli_exit world_error(const cli *c, str message, str help)
{
  cli_print_error(c, message, help);
  return CLI_WORLD;
}

/* ---- finding ---- */

/* Where a schema is looked for without --schema. A folder counts when it holds a *.prisma file. */
static const struct {
  const char *path;
  bool folder;
} places[] = {{"schema.prisma", false}, {"prisma/schema.prisma", false}, {"prisma", true}};

static cli_exit nothing_found(const cli *c)
{
  buf message = {.mem = c->mem};
  BUF_LIT(&message, "Could not find a schema. Checked:");
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const char *missing = !places[i].folder                 ? "file not found"
                          : files_is_folder(places[i].path) ? "no .prisma file in this folder"
                                                            : "folder not found";
    sc_buf_format(&message, "\n  %s: %s", places[i].path, missing);
  }
  return world_error(c, buf_str(&message), STR("Name it with --schema, or make one with `schemac init`."));
}

static cli_exit find_default(const cli *c, cli_schema *schema, cli_words *paths)
{
  str error;
  for (size_t i = 0; i < sizeof places / sizeof *places && !paths->len; i++) {
    schema->name = str_from(places[i].path);
    schema->folder_given = places[i].folder;
    if (!places[i].folder && files_is_file(places[i].path)) vec_push(c->mem, paths, places[i].path);
    if (places[i].folder && files_is_folder(places[i].path) &&
        !files_collect(c->mem, places[i].path, paths, &error)) {
      return world_error(c, error, STR_NONE);
    }
  }
  return paths->len ? CLI_OK : nothing_found(c);
}

/* Without a slash at its end and "./" in front, as reports should name it. */
static const char *tidy(const cli *c, const char *path)
{
  str text = str_from(path);
  while (text.len > 2 && str_starts(text, STR("./"))) text = str_slice(text, 2, text.len);
  while (text.len > 1 && str_ends(text, STR("/"))) text.len--;
  return sc_str_c(c->mem, text);
}

static cli_exit find_given(const cli *c, const cli_words *given, cli_schema *schema, cli_words *paths)
{
  str error;
  schema->name = str_from(tidy(c, given->items[0]));
  for (size_t i = 0; i < given->len; i++) {
    const char *path = tidy(c, given->items[i]);
    size_t before = paths->len;
    if (files_is_folder(path)) {
      if (given->len == 1) schema->folder_given = true;
      if (!files_collect(c->mem, path, paths, &error)) return world_error(c, error, STR_NONE);
      if (paths->len == before) {
        return world_error(c, sc_str_format(c->mem, "The folder %s holds no .prisma file.", path), STR_NONE);
      }
    } else if (access(path, F_OK) != 0) {
      return world_error(c, sc_str_format(c->mem, "Could not find the schema %s.", path),
                         STR("Make one with `schemac init`, or name another with --schema."));
    } else {
      vec_push(c->mem, paths, path);
    }
  }
  return CLI_OK;
}

cli_exit schema_read(const cli *c, cli_schema *schema)
{
  *schema = (cli_schema){.diags = diag_list_new(c->mem)};
  cli_words paths = {0};
  const cli_words *given = &c->list[OPT_SCHEMA];
  cli_exit code = given->len ? find_given(c, given, schema, &paths) : find_default(c, schema, &paths);
  if (code != CLI_OK) return code;
  for (size_t i = 0; i < paths.len; i++) {
    source file = {.path = str_from(paths.items[i])};
    str error;
    if (!files_read(c->mem, paths.items[i], &file.text, &error)) return world_error(c, error, STR_NONE);
    if (file.text.len >= UINT32_MAX)
      return world_error(c, sc_str_format(c->mem, "%s is too large.", paths.items[i]), STR_NONE);
    vec_push(c->mem, &schema->sources, file);
  }
  schema->folder = schema->folder_given ? schema->name : files_folder(c->mem, schema->sources.items[0].path);
  return CLI_OK;
}

/* ---- meaning ---- */

void schema_resolve(const cli *c, cli_schema *schema, const dm_options *options)
{
  ast_parse_options grammar = {.prisma = options->prisma_only};
  schema->ast = ast_parse_with(&schema->sources, &grammar, c->mem, schema->diags);
  schema->dm = dm_resolve(schema->ast, options, c->mem, schema->diags);
}

void schema_report(const cli *c, const cli_schema *schema)
{
  buf text = {.mem = c->mem};
  render_options options = {.color = c->color_err};
  bool notes = c->given[OPT_HELP_NOTES] || (isatty(STDERR_FILENO) && !c->given[OPT_PRISMA]);
  if (schema->diags->errors) {
    cli_print_error(c, STR("Schema validation failed"), STR("Error code: P1012"));
    render_prisma(schema->diags, &schema->sources, &options, &text);
    if (notes) {
      buf_char(&text, '\n');
      render_notes(schema->diags, &schema->sources, &options, &text);
    }
  } else if (schema->diags->len) {
    fflush(stdout);
    render_notes(schema->diags, &schema->sources, &options, &text);
  }
  cli_print_text(stderr, buf_str(&text));
}

cli_exit schema_load(const cli *c, cli_schema *schema)
{
  cli_exit code = schema_read(c, schema);
  if (code != CLI_OK) return code;
  schema_resolve(c, schema, &(dm_options){.prisma_only = c->given[OPT_PRISMA]});
  schema_report(c, schema);
  return schema->diags->errors ? CLI_WRONG : CLI_OK;
}

str schema_home(const cli *c, const cli_schema *schema)
{
  const dm_datasource *datasource = &schema->dm->datasource;
  if (!schema->folder_given || !datasource->present) return schema->folder;
  return files_folder(c->mem, schema->sources.items[datasource->place.file].path);
}
