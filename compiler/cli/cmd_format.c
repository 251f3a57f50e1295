#include "cli/files.h"
#include "cli/schema.h"

#include "fmt/complete.h"
#include "fmt/fmt.h"

static cli_exit check(const cli *c, const file_output *files, const cli_schema *schema)
{
  cli_exit code = CLI_OK;
  for (size_t i = 0; i < schema->sources.len; i++) {
    if (str_eq(files[i].text, schema->sources.items[i].text)) continue;
    printf("%.*s is not formatted\n", STR_ARG(files[i].path));
    code = CLI_WRONG;
  }
  if (code == CLI_OK)
    puts("All files are formatted correctly!");
  else
    cli_print_error(c, STR("There are unformatted files."), STR("Run `schemac format` to format them."));
  return code;
}

static cli_exit write_in_place(const cli *c, file_output *files, size_t count)
{
  str error;
  if (!files_write(c->mem, files, count, &error)) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  }
  for (size_t i = 0; i < count; i++) {
    printf("%s %.*s\n", files[i].changed ? "Formatted" : "Up to date:", STR_ARG(files[i].path));
  }
  return CLI_OK;
}

/* The tree that is written: of the sources with what was missing in them, where names and attributes are
 * right. */
static const ast_schema *completed(cli *c, const cli_schema *schema)
{
  const source_set *sources = fmt_complete(schema->ast, c->mem);
  if (!sources) return schema->ast;
  diag_list *diags = diag_list_new(c->mem);
  dm_check_attributes(schema->ast, NULL, c->mem, diags);
  return diags->errors ? schema->ast : ast_parse(sources, c->mem, diags);
}

static void print(const file_output *files, const cli_schema *schema)
{
  for (size_t i = 0; i < schema->sources.len; i++)
    if (schema->input == SIZE_MAX || schema->input == i) cli_print_text(stdout, files[i].text);
}

cli_exit cmd_format(cli *c)
{
  cli_schema schema;
  cli_exit code = schema_read(c, &schema);
  if (code != CLI_OK) return code;
  schema.ast = ast_parse(&schema.sources, c->mem, schema.diags);
  schema_report(c, &schema);
  /* Where one line cannot be read no file is written; an editor that asks for the text gets it all the same.
   */
  bool readable = !schema.diags->errors, to_stdout = c->given[OPT_STDOUT] || schema.input != SIZE_MAX;
  if (!readable && (!to_stdout || c->given[OPT_CHECK])) return CLI_WRONG;
  const ast_schema *ast = readable ? completed(c, &schema) : schema.ast;
  size_t count = schema.sources.len;
  file_output *files = arena_array(c->mem, file_output, count);
  for (size_t i = 0; i < count; i++) {
    buf text = {.mem = c->mem};
    fmt_write(ast, (uint32_t)i, &text);
    files[i] = (file_output){.path = schema.sources.items[i].path, .text = buf_str(&text)};
  }
  if (c->given[OPT_CHECK]) return check(c, files, &schema);
  if (!to_stdout) return write_in_place(c, files, count);
  print(files, &schema);
  return readable ? CLI_OK : CLI_WRONG;
}
