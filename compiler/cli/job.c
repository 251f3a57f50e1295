#include "cli/job.h"

#include "cli/files.h"
#include "cli/interrupt.h"
#include "dev/dev.h"

#include <stdlib.h>
#include <unistd.h>

static bool confirm(void *ui, str text)
{
  return ask_yes(ui, text);
}

static str ask(void *ui, str question)
{
  return ask_line(ui, question);
}

static void progress(void *ui, str line)
{
  (void)ui;
  fprintf(stderr, "\r\033[K%.*s", STR_ARG(line));
  fflush(stderr);
}

void job_say(const cli *c, str line)
{
  if (c->given[OPT_JSON]) return;
  fprintf(stderr, "%s%.*s%s\n", style_err(c, STYLE_DIM), STR_ARG(line), style_err(c, STYLE_PLAIN));
}

/* Datasource "db": PostgreSQL database "app", schema "public" at "localhost:5432" */
static cli_exit say_datasource(const cli *c, const dm_datasource *datasource, str url)
{
  migrate_url parts;
  if (!migrate_url_read(c->mem, url, &parts)) {
    cli_print_error(c,
                    STR("The database's URL is not valid: it must start with the protocol `postgresql://` or "
                        "`postgres://`."),
                    STR_NONE);
    return CLI_WORLD;
  }
  buf line = {.mem = c->mem};
  sc_buf_format(&line, "Datasource \"%.*s\": PostgreSQL database \"%.*s\", schema%s \"",
                STR_ARG(datasource->present ? datasource->name : STR("db")), STR_ARG(parts.database),
                datasource->schema_count ? "s" : "");
  if (!datasource->schema_count) buf_add(&line, parts.schema);
  for (size_t i = 0; i < datasource->schema_count; i++) {
    if (i) BUF_LIT(&line, ", ");
    buf_add(&line, datasource->schemas[i]);
  }
  sc_buf_format(&line, "\" at \"%.*s", STR_ARG(parts.host));
  if (!str_starts(parts.host, STR("/"))) sc_buf_format(&line, ":%.*s", STR_ARG(parts.port));
  buf_char(&line, '"');
  job_say(c, buf_str(&line));
  return CLI_OK;
}

str job_private_server(const cli *c)
{
  dev_server server;
  dev_error error;
  bool runs = dev_inspect(".", c->mem, &server, &error) && server.state == DEV_RUNNING;
  return runs ? dev_url(&server, STR_NONE, c->mem) : STR_NONE;
}

cli_exit job_prepare(cli *c, job *j)
{
  *j = (job){0};
  cli_exit code = schema_load(c, &j->schema);
  if (code == CLI_OK) code = environment_load(c, &j->schema, &j->env);
  if (code != CLI_OK) return code;
  job_say(c, sc_str_format(c->mem, "Schema loaded from %.*s", STR_ARG(j->schema.name)));
  code = environment_database(c, &j->schema, &j->env, &j->urls);
  if (code == CLI_OK) code = say_datasource(c, &j->schema.dm->datasource, j->urls.url);
  bool questions = can_ask() && !c->given[OPT_JSON];
  j->context = (migrate_context){
      .mem = c->mem,
      .schema = j->schema.dm,
      .folder = files_join(c->mem, schema_home(c, &j->schema), STR("migrations")),
      .url = j->urls.url,
      .shadow_url = j->urls.shadow,
      .private_url = c->command->options >> OPT_SHADOW_URL & 1 ? job_private_server(c) : STR_NONE,
      .reset_shadow = c->given[OPT_RESET_SHADOW],
      .confirmed = str_from(c->value[OPT_CONFIRM]),
      .force = c->given[OPT_FORCE],
      .ui = c,
      .confirm = questions ? confirm : NULL,
      .ask = questions ? ask : NULL,
      .progress = isatty(STDERR_FILENO) && !c->given[OPT_JSON] ? progress : NULL,
  };
  return code;
}

cli_exit job_prepare_steps(cli *c, job *j)
{
  cli_exit code = job_prepare(c, j);
  if (code == CLI_OK) interrupt_heed(&j->context);
  return code;
}

migrate_names job_words(const cli *c, cli_option_id option)
{
  migrate_names words = {0};
  for (size_t i = 0; i < c->list[option].len; i++)
    vec_push(c->mem, &words, str_from(c->list[option].items[i]));
  return words;
}

bool job_skips(const cli *c, cli_option_id step)
{
  const char *value =
      getenv(step == OPT_SKIP_SEED ? "PRISMA_MIGRATE_SKIP_SEED" : "PRISMA_MIGRATE_SKIP_GENERATE");
  return c->given[step] || (value && *value);
}

/* ---- --json ---- */

static void json_text(buf *out, const char *key, str value)
{
  sc_buf_format(out, ", \"%s\": ", key);
  if (value.len)
    sc_buf_json(out, value);
  else
    BUF_LIT(out, "null");
}

static void json_flag(buf *out, const char *key, bool value)
{
  sc_buf_format(out, ", \"%s\": %s", key, value ? "true" : "false");
}

static void json_list(buf *out, const char *key, const migrate_names *names)
{
  sc_buf_format(out, ", \"%s\": [", key);
  for (size_t i = 0; i < names->len; i++) {
    if (i) BUF_LIT(out, ", ");
    sc_buf_json(out, names->items[i]);
  }
  buf_char(out, ']');
}

static void json_error(buf *out, const migrate_report *report)
{
  BUF_LIT(out, ", \"error\": ");
  if (report->error.len) {
    BUF_LIT(out, "{\"code\": ");
    if (report->code.len)
      sc_buf_json(out, report->code);
    else
      BUF_LIT(out, "null");
    json_text(out, "message", report->error);
    buf_char(out, '}');
  } else {
    BUF_LIT(out, "null");
  }
}

static void print_json(const cli *c, const job *j, cli_exit code)
{
  const migrate_report *report = &j->report;
  migrate_url place = {0};
  buf out = {.mem = c->mem};
  migrate_url_read(c->mem, j->context.url, &place);
  BUF_LIT(&out, "{\"command\": ");
  sc_buf_json(&out, str_from(c->command->words));
  sc_buf_format(&out, ", \"exitCode\": %d", (int)code);
  json_error(&out, report);
  json_text(&out, "database", place.database);
  json_flag(&out, "databaseCreated", report->database_created);
  json_list(&out, "found", &report->found);
  json_list(&out, "pending", &report->pending);
  json_list(&out, "failed", &report->failed);
  json_list(&out, "edited", &report->edited);
  json_list(&out, "missing", &report->missing);
  json_list(&out, "applied", &report->applied);
  json_list(&out, "rolledBack", &report->rolled_back);
  json_text(&out, "created", report->created);
  json_text(&out, "drift", report->drift);
  json_flag(&out, "differs", report->differs);
  json_list(&out, "warnings", &report->warnings);
  json_list(&out, "unexecutable", &report->unexecutable);
  json_list(&out, "notes", &report->notes);
  json_text(&out, "text", buf_str(&report->text));
  BUF_LIT(&out, "}\n");
  cli_print_text(stdout, buf_str(&out));
}

/* ---- the end ---- */

cli_exit job_answer(const cli *c, const job *j, cli_exit code)
{
  const migrate_report *report = &j->report;
  if (c->given[OPT_JSON]) {
    print_json(c, j, code);
    return code;
  }
  cli_print_text(stdout, buf_str(&report->text));
  fflush(stdout);
  for (size_t i = 0; i < report->notes.len; i++)
    job_say(c, sc_str_format(c->mem, "note: %.*s", STR_ARG(report->notes.items[i])));
  if (report->error.len) {
    str message = report->code.len
                      ? sc_str_format(c->mem, "%.*s: %.*s", STR_ARG(report->code), STR_ARG(report->error))
                      : report->error;
    cli_print_error(c, message, STR_NONE);
  }
  return code;
}

cli_exit job_finish(const cli *c, const job *j, migrate_status status)
{
  static const cli_exit codes[] = {
      [MIGRATE_DONE] = CLI_OK,
      [MIGRATE_REFUSED] = CLI_WRONG,
      [MIGRATE_UNREACHABLE] = CLI_WORLD,
      [MIGRATE_CANCELLED] = CLI_CANCELLED,
  };
  if (!interrupt_forget() || status != MIGRATE_DONE) return job_answer(c, j, codes[status]);
  job done = *j;
  done.report.error = STR("Interrupted: this was done, and nothing that would have followed.");
  return job_answer(c, &done, CLI_CANCELLED);
}
