/* schemac migrate diff: which states are meant, and where the answer goes. */
#include "cli/files.h"
#include "cli/job.h"

/* The options that name one side. */
typedef struct side_options side_options;
struct side_options {
  const char *name;
  cli_option_id empty, schema, schema_7, datasource, config, url, folder;
};

static const side_options sides[] = {
    {"from", OPT_FROM_EMPTY, OPT_FROM_SCHEMA, OPT_FROM_SCHEMA_7, OPT_FROM_DATASOURCE, OPT_FROM_CONFIG,
     OPT_FROM_URL, OPT_FROM_MIGRATIONS},
    {"to", OPT_TO_EMPTY, OPT_TO_SCHEMA, OPT_TO_SCHEMA_7, OPT_TO_DATASOURCE, OPT_TO_CONFIG, OPT_TO_URL,
     OPT_TO_MIGRATIONS},
};

/* With --exit-code 2 says that something differs, so nothing else may say 2, nor 3 surprise a script. */
static cli_exit wrong(const cli *c, str message)
{
  cli_print_error(c, message, STR("See `schemac migrate diff --help`."));
  return CLI_WRONG;
}

static cli_exit check_counts(const cli *c)
{
  buf text = {.mem = c->mem};
  for (size_t i = 0; i < 2; i++) {
    const side_options *s = &sides[i];
    int given = c->given[s->empty] + c->given[s->schema] + c->given[s->schema_7] + c->given[s->datasource] +
                c->given[s->config] + c->given[s->url] + c->given[s->folder];
    if (given != 1)
      sc_buf_format(&text, "%s%d `--%s-...` parameter(s) provided. 1 must be provided.", text.len ? "\n" : "",
                    given, s->name);
  }
  return text.len ? wrong(c, buf_str(&text)) : CLI_OK;
}

/* Without a path the project's own. */
static cli_exit load(const cli *c, const char *path, cli_schema *schema)
{
  cli line = *c;
  line.list[OPT_SCHEMA] = (cli_words){0};
  if (path) vec_push(c->mem, &line.list[OPT_SCHEMA], path);
  return schema_load(&line, schema);
}

static cli_exit state_of(const cli *c, const side_options *s, migrate_state *state, str *shadow_url)
{
  cli_schema schema;
  environment env;
  database_urls urls;
  cli_exit code = CLI_OK;
  if (c->given[s->schema] || c->given[s->schema_7]) {
    code = load(c, c->value[c->given[s->schema] ? s->schema : s->schema_7], &schema);
    *state = (migrate_state){.kind = MIGRATE_STATE_SCHEMA, .schema = schema.dm};
  } else if (c->given[s->datasource] || c->given[s->config]) {
    code = load(c, c->value[s->datasource], &schema);
    if (code == CLI_OK) code = environment_load(c, &schema, &env);
    if (code == CLI_OK) code = environment_database(c, &schema, &env, &urls);
    if (code != CLI_OK) return code;
    *state = (migrate_state){.kind = MIGRATE_STATE_DATABASE, .schema = schema.dm, .url = urls.url};
    if (!shadow_url->len) *shadow_url = urls.shadow;
  } else if (c->given[s->url]) {
    *state = (migrate_state){.kind = MIGRATE_STATE_DATABASE, .url = str_from(c->value[s->url])};
  } else if (c->given[s->folder]) {
    if (!files_is_folder(c->value[s->folder]))
      return wrong(c, sc_str_format(c->mem, "There is no folder of migrations at %s.", c->value[s->folder]));
    *state = (migrate_state){.kind = MIGRATE_STATE_FOLDER, .folder = str_from(c->value[s->folder])};
  }
  return code;
}

static cli_exit deliver(const cli *c, str text)
{
  if (!c->given[OPT_DIFF_OUTPUT]) {
    cli_print_text(stdout, text);
    return CLI_OK;
  }
  str error;
  file_output file = {.path = str_from(c->value[OPT_DIFF_OUTPUT]), .text = text};
  if (files_write(c->mem, &file, 1, &error)) return CLI_OK;
  cli_print_error(c, error, STR_NONE);
  return CLI_WRONG;
}

cli_exit cmd_migrate_diff(cli *c)
{
  job j = {.context = {.mem = c->mem,
                       .shadow_url = str_from(c->value[OPT_SHADOW_URL]),
                       .private_url = job_private_server(c),
                       .reset_shadow = c->given[OPT_RESET_SHADOW]}};
  migrate_diff_options options = {
      .script = c->given[OPT_SCRIPT], .online = c->given[OPT_ONLINE], .renames = job_words(c, OPT_RENAME)};
  bool empty;
  cli_exit code = check_counts(c);
  if (code == CLI_OK) code = state_of(c, &sides[0], &options.from, &j.context.shadow_url);
  if (code == CLI_OK) code = state_of(c, &sides[1], &options.to, &j.context.shadow_url);
  if (code != CLI_OK) return CLI_WRONG;
  migrate_status status = migrate_diff(&j.context, &options, &empty, &j.report);
  j.report.differs = !empty;
  if (status != MIGRATE_DONE) return job_answer(c, &j, CLI_WRONG);
  cli_exit answer = c->given[OPT_EXIT_CODE] && !empty ? (cli_exit)2 : CLI_OK;
  if (c->given[OPT_JSON]) return job_answer(c, &j, answer);
  code = deliver(c, buf_str(&j.report.text));
  return code == CLI_OK ? answer : code;
}
