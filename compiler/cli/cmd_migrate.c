/* schemac migrate: the environment and the questions; what happens is compiler/migrate's business. */
#include "cli/environment.h"
#include "cli/files.h"
#include "cli/generate.h"

#include "migrate/migrate.h"

typedef struct job job;
struct job {
  cli_schema schema;
  migrate_context context;
  migrate_report report;
};

static bool confirm(void *ui, str text)
{
  return ask_yes(ui, text);
}

static str ask_name(void *ui, str question)
{
  return ask_line(ui, question);
}

static void say(const cli *c, str line)
{
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
  say(c, buf_str(&line));
  return CLI_OK;
}

/* What every migrate command begins with. */
static cli_exit prepare(cli *c, job *j)
{
  environment env;
  database_urls urls;
  *j = (job){0};
  cli_exit code = schema_load(c, &j->schema);
  if (code == CLI_OK) code = environment_load(c, &j->schema, &env);
  if (code != CLI_OK) return code;
  say(c, sc_str_format(c->mem, "Schema loaded from %.*s", STR_ARG(j->schema.name)));
  code = environment_database(c, &j->schema, &env, &urls);
  if (code == CLI_OK) code = say_datasource(c, &j->schema.dm->datasource, urls.url);
  bool ask = can_ask();
  j->context = (migrate_context){
      .mem = c->mem,
      .schema = j->schema.dm,
      .folder = files_join(c->mem, schema_home(c, &j->schema), STR("migrations")),
      .url = urls.url,
      .shadow_url = urls.shadow,
      .ui = c,
      .confirm = ask ? confirm : NULL,
      .ask_name = ask ? ask_name : NULL,
  };
  return code;
}

static cli_exit finish(const cli *c, const job *j, migrate_status status)
{
  static const cli_exit codes[] = {
      [MIGRATE_DONE] = CLI_OK,
      [MIGRATE_REFUSED] = CLI_WRONG,
      [MIGRATE_UNREACHABLE] = CLI_WORLD,
      [MIGRATE_CANCELLED] = CLI_CANCELLED,
  };
  const migrate_report *report = &j->report;
  cli_print_text(stdout, buf_str(&report->text));
  if (report->error.len) {
    str message = report->code.len
                      ? sc_str_format(c->mem, "%.*s: %.*s", STR_ARG(report->code), STR_ARG(report->error))
                      : report->error;
    cli_print_error(c, message, STR_NONE);
  }
  return codes[status];
}

cli_exit cmd_migrate_dev(cli *c)
{
  job j;
  cli_exit code = prepare(c, &j);
  if (code != CLI_OK) return code;
  migrate_dev_options options = {
      .name = str_from(c->value[OPT_MIGRATION_NAME]),
      .name_given = c->given[OPT_MIGRATION_NAME],
      .create_only = c->given[OPT_CREATE_ONLY],
      .accept_data_loss = c->given[OPT_ACCEPT_DATA_LOSS],
  };
  code = finish(c, &j, migrate_dev(&j.context, &options, &j.report));
  if (code != CLI_OK || options.create_only || c->given[OPT_SKIP_GENERATE]) return code;
  return generate_client(c, &j.schema);
}

cli_exit cmd_migrate_deploy(cli *c)
{
  job j;
  cli_exit code = prepare(c, &j);
  return code == CLI_OK ? finish(c, &j, migrate_deploy(&j.context, &j.report)) : code;
}

cli_exit cmd_migrate_status(cli *c)
{
  job j;
  cli_exit code = prepare(c, &j);
  return code == CLI_OK ? finish(c, &j, migrate_status_of(&j.context, &j.report)) : code;
}
