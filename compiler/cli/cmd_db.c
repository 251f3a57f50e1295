/* schemac db: the database itself, without migrations. */
#include "cli/files.h"
#include "cli/generate.h"
#include "cli/job.h"

#include "fmt/fmt.h"
#include "migrate/pull.h"

#include <time.h>
#include <unistd.h>

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

/* "auth, public" */
static void read_schemas(const cli *c, sql_raise_options *options)
{
  VEC(str) names = {0};
  str rest = str_from(c->value[OPT_SCHEMAS]);
  while (rest.len) {
    size_t end = sc_str_find_char(rest, ',');
    if (end == SIZE_MAX) end = rest.len;
    str name = sc_str_trim(str_slice(rest, 0, end));
    if (name.len) vec_push(c->mem, &names, name);
    rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
  }
  options->schemas = names.items;
  options->schema_count = names.len;
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
  if (c->given[OPT_SCHEMAS]) read_schemas(c, &options);
  migrate_status status = migrate_pull(&context, schema.ast, &options, &raised, &report);
  return status == MIGRATE_DONE ? write_schema(c, &schema, raised, started)
                                : report_failure(c, &report, status);
}

/* ---- db push ---- */

/* 950ms, 1.25s */
static void write_duration(buf *out, int64_t ms)
{
  if (ms < 1000)
    sc_buf_format(out, "%lldms", (long long)ms);
  else
    sc_buf_format(out, "%lld.%02llds", (long long)(ms / 1000), (long long)(ms % 1000 / 10));
}

cli_exit cmd_db_push(cli *c)
{
  job j;
  cli_exit code = job_prepare(c, &j);
  if (code != CLI_OK) return code;
  int64_t started = now_ms();
  migrate_push_options options = {
      .accept_data_loss = c->given[OPT_ACCEPT_DATA_LOSS],
      .force_reset = c->given[OPT_FORCE_RESET],
  };
  migrate_status status = migrate_push(&j.context, &options, &j.report);
  buf *out = &j.report.text;
  if (status == MIGRATE_DONE && !j.report.differs && !options.force_reset) {
    BUF_LIT(out, "The database is already in sync with the Prisma schema.\n");
  } else if (status == MIGRATE_DONE) {
    BUF_LIT(out, "\n🚀  Your database is now in sync with your Prisma schema. Done in ");
    write_duration(out, now_ms() - started);
    buf_char(out, '\n');
  }
  code = job_finish(c, &j, status);
  return code == CLI_OK ? generate_after(c, &j.schema) : code;
}

/* ---- db execute ---- */

static cli_exit wrong(const cli *c, const char *message)
{
  cli_print_error(c, str_from(message), STR("See `schemac db execute --help`."));
  return CLI_WRONG;
}

static str read_input(const cli *c)
{
  buf text = {.mem = c->mem};
  size_t got = 1;
  while (got && sc_buf_reserve(&text, 65536)) {
    got = fread(text.ptr + text.len, 1, 65536, stdin);
    text.len += got;
  }
  sc_buf_c(&text);
  return buf_str(&text);
}

static cli_exit read_script(const cli *c, str *script)
{
  const char *path = c->value[OPT_SCRIPT_FILE];
  str error;
  if (c->given[OPT_SCRIPT_STDIN]) {
    *script = read_input(c);
    return CLI_OK;
  }
  if (access(path, F_OK) != 0) {
    cli_print_error(c, sc_str_format(c->mem, "Provided --file at %s doesn't exist.", path), STR_NONE);
    return CLI_WRONG;
  }
  if (files_read(c->mem, path, script, &error)) return CLI_OK;
  cli_print_error(c, error, STR_NONE);
  return CLI_WRONG;
}

cli_exit cmd_db_execute(cli *c)
{
  job j = {0};
  str script;
  if (c->given[OPT_SCRIPT_STDIN] && c->given[OPT_SCRIPT_FILE])
    return wrong(c, "--stdin and --file cannot be used at the same time. Only 1 must be provided.");
  if (!c->given[OPT_SCRIPT_STDIN] && !c->given[OPT_SCRIPT_FILE])
    return wrong(c, "Either --stdin or --file must be provided.");
  if (c->given[OPT_URL] && c->given[OPT_SCHEMA])
    return wrong(c, "--url and --schema cannot be used at the same time. Only 1 must be provided.");
  cli_exit code = read_script(c, &script);
  if (code != CLI_OK) return code;
  /* With a URL there need not be a schema. */
  if (c->given[OPT_URL])
    j.context = (migrate_context){.mem = c->mem, .url = str_from(c->value[OPT_URL])};
  else
    code = job_prepare(c, &j);
  return code == CLI_OK ? job_finish(c, &j, migrate_execute(&j.context, script, &j.report)) : code;
}

/* ---- db protect, db unprotect ---- */

static cli_exit set_protection(cli *c, bool on)
{
  job j;
  cli_exit code = job_prepare(c, &j);
  return code == CLI_OK ? job_finish(c, &j, migrate_protect(&j.context, on, &j.report)) : code;
}

cli_exit cmd_db_protect(cli *c)
{
  return set_protection(c, true);
}

cli_exit cmd_db_unprotect(cli *c)
{
  return set_protection(c, false);
}
