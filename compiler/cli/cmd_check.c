/* schemac migrate check. */
#include "cli/job.h"

cli_exit cmd_migrate_check(cli *c)
{
  job j;
  cli_exit code = job_prepare_steps(c, &j);
  return code == CLI_OK ? job_finish(c, &j, migrate_check(&j.context, j.schema.ast, &j.report)) : code;
}
