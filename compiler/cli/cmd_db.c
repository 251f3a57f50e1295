/* schemac db: the database itself, without migrations. */
#include "cli/environment.h"
#include "cli/files.h"

#include "fmt/fmt.h"
#include "migrate/pull.h"

#include <time.h>

static int64_t now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- db pull ---- */

static cli_exit report_failure(const cli *c, const migrate_report *report, migrate_status status)
{
  str message = report->code.len
                    ? sc_str_format(c->mem, "%.*s: %.*s", STR_ARG(report->code), STR_ARG(report->error))
                    : report->error;
  cli_print_error(c, message, STR_NONE);
  return status == MIGRATE_UNREACHABLE ? CLI_WORLD : CLI_WRONG;
}

/* The files in their one layout. */
static file_output *format_files(const cli *c, const source_set *sources)
{
  diag_list *diags = diag_list_new(c->mem);
  const ast_schema *ast = ast_parse(sources, c->mem, diags);
  file_output *files = arena_array(c->mem, file_output, sources->len);
  for (size_t i = 0; i < sources->len; i++) {
    buf text = {.mem = c->mem};
    fmt_write(ast, (uint32_t)i, &text);
    files[i] = (file_output){.path = sources->items[i].path, .text = buf_str(&text)};
  }
  return files;
}

static void say_warnings(const cli *c, const sql_raised *raised)
{
  buf text = {.mem = c->mem};
  sql_raise_warnings(raised, &text);
  fflush(stdout);
  cli_print_text(stderr, buf_str(&text));
}

static cli_exit write_schema(const cli *c, const cli_schema *schema, const sql_raised *raised,
                             int64_t started)
{
  str error;
  file_output *files = format_files(c, &raised->sources);
  if (c->given[OPT_PRINT]) {
    for (size_t i = 0; i < raised->sources.len; i++) cli_print_text(stdout, files[i].text);
  } else if (!files_write(c->mem, files, raised->sources.len, &error)) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  } else {
    printf("Introspected %zu model%s and wrote %s into %.*s in %lldms\n", raised->models,
           raised->models == 1 ? "" : "s", raised->models == 1 ? "it" : "them", STR_ARG(schema->name),
           (long long)(now_ms() - started));
  }
  say_warnings(c, raised);
  if (!c->given[OPT_PRINT]) puts("\nRun schemac generate to generate the client.");
  return CLI_OK;
}

cli_exit cmd_db_pull(cli *c)
{
  cli_schema schema;
  environment env;
  database_urls urls;
  int64_t started = now_ms();
  cli_exit code = schema_load(c, &schema);
  if (code == CLI_OK && schema.input != SIZE_MAX && !c->given[OPT_PRINT]) {
    cli_print_error(c, STR("A schema from standard input can only be printed: add --print."), STR_NONE);
    return CLI_USAGE;
  }
  if (code == CLI_OK) code = environment_load(c, &schema, &env);
  if (code == CLI_OK) code = environment_database(c, &schema, &env, &urls);
  if (code != CLI_OK) return code;
  migrate_context context = {.mem = c->mem, .schema = schema.dm, .url = urls.url};
  migrate_report report;
  const sql_raised *raised;
  sql_raise_options options = {.forget = c->given[OPT_FORGET]};
  migrate_status status = migrate_pull(&context, schema.ast, &options, &raised, &report);
  return status == MIGRATE_DONE ? write_schema(c, &schema, raised, started)
                                : report_failure(c, &report, status);
}
