/* schemac migrate lint: which files are meant, and how the answer looks. */
#include "cli/files.h"
#include "cli/job.h"

#include "migrate/lint.h"

/* A migration is named by its file, or by its folder. */
static cli_exit read_files(cli *c, lint_result *out)
{
  for (size_t i = 0; i < c->operands.len; i++) {
    str path = str_from(c->operands.items[i]), text, error;
    if (!str_ends(path, STR(".sql"))) path = files_join(c->mem, path, STR("migration.sql"));
    if (!files_read(c->mem, sc_str_c(c->mem, path), &text, &error)) {
      cli_print_error(c, error, STR_NONE);
      return CLI_WORLD;
    }
    vec_push(c->mem, out, (lint_file){.name = path, .script = text});
  }
  return CLI_OK;
}

static cli_exit read_level(const cli *c, lint_level *out)
{
  *out = LINT_LEVEL_WARNING;
  if (!c->given[OPT_FAIL_ON] || lint_level_read(str_from(c->value[OPT_FAIL_ON]), out)) return CLI_OK;
  cli_print_error(c,
                  sc_str_format(c->mem, "`--fail-on` is note, warning or error, not `%s`.", c->value[OPT_FAIL_ON]),
                  STR_NONE);
  return CLI_USAGE;
}

static cli_exit print_rules(const cli *c)
{
  buf text = {.mem = c->mem};
  lint_rules(&text);
  cli_print_text(stdout, buf_str(&text));
  return CLI_OK;
}

cli_exit cmd_migrate_lint(cli *c)
{
  job j;
  lint_result result = {0};
  lint_level level;
  if (c->given[OPT_RULES]) return print_rules(c);
  cli_exit code = read_level(c, &level);
  if (code == CLI_OK) code = read_files(c, &result);
  if (code == CLI_OK) code = job_prepare(c, &j);
  if (code != CLI_OK) return code;
  migrate_status status = migrate_lint(&j.context, &result, &j.report);
  if (status != MIGRATE_DONE) return job_finish(c, &j, status);
  code = lint_count(&result, level) ? CLI_WRONG : CLI_OK;
  buf text = {.mem = c->mem};
  if (c->given[OPT_JSON])
    lint_json(&result, (int)code, &text);
  else
    lint_print(&result, &text);
  cli_print_text(stdout, buf_str(&text));
  return code;
}
