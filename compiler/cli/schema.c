#include "cli/schema.h"

#include "cli/files.h"
#include "cli/package.h"
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
  const char *config = package_config(c);
  if (config)
    return world_error(
        c, buf_str(&message),
        sc_str_format(c->mem, "%s is a program, which schemac does not run: name the schema with --schema.",
                      config));
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

static cli_exit find_at(const cli *c, const char *path, bool only, cli_schema *schema, cli_words *paths)
{
  str error;
  size_t before = paths->len;
  if (files_is_folder(path)) {
    if (only) schema->folder_given = true;
    if (!files_collect(c->mem, path, paths, &error)) return world_error(c, error, STR_NONE);
    if (paths->len > before) return CLI_OK;
    return world_error(c, sc_str_format(c->mem, "The folder %s holds no .prisma file.", path), STR_NONE);
  }
  vec_push(c->mem, paths, path);
  return CLI_OK;
}

static bool is_input(const char *path)
{
  return strcmp(path, "-") == 0;
}

static cli_exit find_given(const cli *c, const cli_words *given, cli_schema *schema, cli_words *paths)
{
  cli_exit code = CLI_OK;
  schema->name = is_input(given->items[0]) ? STR(CLI_SCHEMA_INPUT) : str_from(tidy(c, given->items[0]));
  for (size_t i = 0; i < given->len && code == CLI_OK; i++) {
    const char *path = tidy(c, given->items[i]);
    if (is_input(path)) {
      vec_push(c->mem, paths, path);
    } else if (access(path, F_OK) == 0) {
      code = find_at(c, path, given->len == 1, schema, paths);
    } else {
      code = world_error(c, sc_str_format(c->mem, "Could not find the schema %s.", path),
                         STR("Make one with `schemac init`, or name another with --schema."));
    }
  }
  return code;
}

/* Where package.json says; *found is false when it says nothing. */
static cli_exit find_packaged(const cli *c, cli_schema *schema, cli_words *paths, bool *found)
{
  str named, file;
  cli_exit code = package_text(c, STR("schema"), &named, &file);
  *found = code == CLI_OK && named.len;
  if (!*found) return code;
  const char *path = tidy(c, sc_str_c(c->mem, files_join(c->mem, files_folder(c->mem, file), named)));
  schema->name = str_from(path);
  if (access(path, F_OK) != 0)
    return world_error(
        c, sc_str_format(c->mem, "Could not find the schema %s, which %.*s names.", path, STR_ARG(file)),
        STR("Correct `prisma.schema` there, or name another with --schema."));
  return find_at(c, path, true, schema, paths);
}

/* A configuration that is not read may say something else: better told than guessed. */
static void note_config(const cli *c)
{
  const char *config = package_config(c);
  if (config)
    fprintf(stderr, "%s%s is a program, which schemac does not run; --schema and --url say what it says%s\n",
            style_err(c, STYLE_DIM), config, style_err(c, STYLE_PLAIN));
}

/* What a configuration says cannot be known: it is taken where the schema is said beside it. */
static cli_exit take_config(const cli *c)
{
  const char *config = c->value[OPT_CONFIG];
  if (!files_is_file(config))
    return world_error(c, sc_str_format(c->mem, "Could not find the file %s, which --config names.", config),
                       STR_NONE);
  if (!c->list[OPT_SCHEMA].len)
    return world_error(c, sc_str_format(c->mem, "%s is a program, which schemac does not run.", config),
                       STR("Name the schema with --schema, and the database with --url."));
  note_config(c);
  return CLI_OK;
}

static cli_exit find(const cli *c, cli_schema *schema, cli_words *paths)
{
  const cli_words *given = &c->list[OPT_SCHEMA];
  if (c->given[OPT_CONFIG]) {
    cli_exit taken = take_config(c);
    if (taken != CLI_OK) return taken;
  }
  if (given->len) return find_given(c, given, schema, paths);
  bool packaged;
  cli_exit code = find_packaged(c, schema, paths, &packaged);
  if (code != CLI_OK || packaged) return code;
  code = find_default(c, schema, paths);
  if (code == CLI_OK) note_config(c);
  return code;
}

static cli_exit read_source(const cli *c, const char *path, cli_schema *schema)
{
  source file = {.path = str_from(path)};
  str error;
  if (is_input(path)) {
    if (schema->input != SIZE_MAX) {
      cli_print_error(c, STR("Standard input can be the schema only once."), STR_NONE);
      return CLI_USAGE;
    }
    schema->input = schema->sources.len;
    file.path = STR(CLI_SCHEMA_INPUT);
    path = "/dev/stdin";
  }
  if (!files_read(c->mem, path, &file.text, &error)) return world_error(c, error, STR_NONE);
  vec_push(c->mem, &schema->sources, file);
  return CLI_OK;
}

cli_exit schema_read(const cli *c, cli_schema *schema)
{
  *schema = (cli_schema){.diags = diag_list_new(c->mem), .input = SIZE_MAX};
  cli_words paths = {0};
  cli_exit code = find(c, schema, &paths);
  for (size_t i = 0; i < paths.len && code == CLI_OK; i++) code = read_source(c, paths.items[i], schema);
  if (code != CLI_OK) return code;
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

/* Those of a refused schema stand before its errors, as Prisma's command prints them. */
static void print_warnings(const cli *c, const cli_schema *schema)
{
  buf text = {.mem = c->mem};
  render_options options = {.color = c->color_err, .warnings_only = true};
  render_notes(schema->diags, &schema->sources, &options, &text);
  cli_print_text(stderr, buf_str(&text));
}

void schema_report(const cli *c, const cli_schema *schema)
{
  buf text = {.mem = c->mem};
  render_options options = {.color = c->color_err};
  bool notes = c->given[OPT_HELP_NOTES] || (isatty(STDERR_FILENO) && !c->given[OPT_PRISMA]);
  if (schema->diags->errors) {
    if (!notes) print_warnings(c, schema);
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
