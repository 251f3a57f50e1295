#include "cli/generate.h"

#include "cgen/cgen.h"
#include "cli/files.h"
#include "cli/job.h"
#include "report/render.h"

/* The generator block that is ours, the first where there are several; NULL in a project of Prisma's. */
static const dm_generator *our_generator(const dm_schema *schema)
{
  for (size_t i = 0; i < schema->generator_count; i++) {
    const dm_generator *generator = &schema->generators[i];
    if (!generator->provider_from_env && str_eq(generator->provider, STR("schemac"))) return generator;
  }
  return NULL;
}

/* The text of `key = "…"`, or empty. */
static str property(const dm_generator *generator, str key)
{
  for (size_t i = 0; generator && i < generator->property_count; i++) {
    const dm_property *entry = &generator->properties[i];
    if (str_eq(entry->key, key) && entry->value && entry->value->kind == AST_STRING)
      return entry->value->text;
  }
  return STR_NONE;
}

str generate_property(const dm_schema *schema, str key)
{
  return property(our_generator(schema), key);
}

/* --output is seen from where we stand, the generator's output from the file that the block is in. */
static str output_folder(const cli *c, const cli_schema *schema, const dm_generator *generator)
{
  if (c->value[OPT_OUTPUT]) return str_from(c->value[OPT_OUTPUT]);
  str written = property(generator, STR("output")), home = schema->folder;
  if (generator) home = files_folder(c->mem, schema->sources.items[generator->place.file].path);
  return files_join(c->mem, home, written.len ? written : STR("generated"));
}

static cg_options client_options(const cli *c, const cli_schema *schema, const dm_generator *generator)
{
  cg_options options = cg_options_of(schema->dm, schema->folder_given ? STR_NONE : schema->name, c->mem);
  if (c->value[OPT_PREFIX]) {
    options.prefix = str_from(c->value[OPT_PREFIX]);
    if (!property(generator, STR("name")).len) options.name = options.prefix;
  }
  if (c->command->options >> OPT_CLIENT_NAME & 1 && c->value[OPT_CLIENT_NAME]) {
    options.name = str_from(c->value[OPT_CLIENT_NAME]);
  }
  return options;
}

/* What the plan has to say: names that had to yield. */
static bool report(const cli *c, const cli_schema *schema, const diag_list *notices)
{
  buf text = {.mem = c->mem};
  fflush(stdout);
  if (notices->len) render_notes(notices, &schema->sources, &(render_options){.color = c->color_err}, &text);
  cli_print_text(stderr, buf_str(&text));
  return notices->errors == 0;
}

static void say_done(const cli *c, const file_output *header, const file_output *source_file,
                     const dm_generator *generator)
{
  if (c->given[OPT_JSON]) return;
  bool changed = header->changed || source_file->changed;
  printf("%s%s%s %.*s and %.*s\n", style_out(c, STYLE_GREEN),
         changed ? "Generated" : "Up to date:", style_out(c, STYLE_PLAIN), STR_ARG(header->path),
         STR_ARG(source_file->path));
  if (generator || c->given[OPT_OUTPUT]) return;
  printf("The schema has no generator with provider = \"schemac\": the client has the default folder and "
         "names.\n");
}

/* Bytes that a client of this schema hardly exceeds. What is not written to costs no memory; growing would,
 * twice. */
static size_t expected_size(const dm_schema *schema)
{
  size_t fields = 0;
  for (size_t i = 0; i < schema->model_count; i++) fields += schema->models[i]->field_count;
  return 16384 + 8192 * schema->model_count + 512 * fields;
}

/* Writes the client of a loaded schema. Options come from the command line, then from the generator block
 * with provider "schemac", then they are defaults, which is said. */
static cli_exit generate_client(const cli *c, const cli_schema *schema)
{
  const dm_generator *generator = our_generator(schema->dm);
  cg_options options = client_options(c, schema, generator);
  diag_list *notices = diag_list_new(c->mem);
  const cg_unit *unit = cg_plan(schema->dm, &options, c->mem, notices);
  if (!report(c, schema, notices)) return CLI_WRONG;

  buf header = {.mem = c->mem}, code = header;
  sc_buf_reserve(&header, expected_size(schema->dm));
  sc_buf_reserve(&code, expected_size(schema->dm));
  cg_header(unit, &header);
  cg_source(unit, &code);
  str folder = output_folder(c, schema, generator), name = cg_name(unit), error;
  file_output files[] = {
      {.path = files_join(c->mem, folder, sc_str_format(c->mem, "%.*s.h", STR_ARG(name))),
       .text = buf_str(&header)},
      {.path = files_join(c->mem, folder, sc_str_format(c->mem, "%.*s.c", STR_ARG(name))),
       .text = buf_str(&code)},
  };
  if (!files_write(c->mem, files, 2, &error)) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  }
  say_done(c, &files[0], &files[1], generator);
  return CLI_OK;
}

cli_exit generate_after(const cli *c, const cli_schema *schema)
{
  bool of_others = !our_generator(schema->dm) && schema->dm->generator_count > 0;
  return of_others || job_skips(c, OPT_SKIP_GENERATE) ? CLI_OK : generate_client(c, schema);
}

cli_exit cmd_generate(cli *c)
{
  cli_schema schema;
  cli_exit code = schema_load(c, &schema);
  return code == CLI_OK ? generate_client(c, &schema) : code;
}
