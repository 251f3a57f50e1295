/* schemac migrate rollback. */
#include "cli/job.h"

#include <stdlib.h>

cli_exit cmd_migrate_rollback(cli *c)
{
  job j;
  migrate_rollback_options options = {.to = str_from(c->value[OPT_ROLLBACK_TO])};
  if (c->given[OPT_STEPS]) {
    char *end;
    long steps = strtol(c->value[OPT_STEPS], &end, 10);
    if (*end || end == c->value[OPT_STEPS] || steps < 1 || steps > 100000 || options.to.len) {
      cli_print_error(c, STR("--steps takes how many migrations to roll back, and not together with --to."),
                      STR("See `schemac migrate rollback --help`."));
      return CLI_USAGE;
    }
    options.steps = (size_t)steps;
  }
  cli_exit code = job_prepare_steps(c, &j);
  return code == CLI_OK ? job_finish(c, &j, migrate_rollback(&j.context, &options, &j.report)) : code;
}
