/* schemac migrate: what the options mean; what happens is compiler/migrate's business. */
#include "cli/generate.h"
#include "cli/job.h"
#include "cli/seed.h"

cli_exit cmd_migrate_dev(cli *c)
{
  job j;
  migrate_drift drift = MIGRATE_DRIFT_ASK;
  if (c->given[OPT_DRIFT] && !migrate_drift_read(str_from(c->value[OPT_DRIFT]), &drift)) {
    cli_print_error(
        c,
        sc_str_format(c->mem, "--drift takes adopt, revert, ignore or reset, not `%s`.", c->value[OPT_DRIFT]),
        STR("See `schemac migrate dev --help`."));
    return CLI_USAGE;
  }
  cli_exit code = job_prepare_steps(c, &j);
  if (code != CLI_OK) return code;
  migrate_dev_options options = {
      .name = str_from(c->value[OPT_MIGRATION_NAME]),
      .name_given = c->given[OPT_MIGRATION_NAME],
      .create_only = c->given[OPT_CREATE_ONLY],
      .accept_data_loss = c->given[OPT_ACCEPT_DATA_LOSS],
      .drift = drift,
      .online = c->given[OPT_ONLINE],
      .renames = job_words(c, OPT_RENAME),
  };
  code = job_finish(c, &j, migrate_dev(&j.context, &options, &j.report));
  if (code == CLI_OK && !options.create_only) code = generate_after(c, &j.schema);
  return code == CLI_OK && j.report.database_created ? seed_after(c, &j) : code;
}

cli_exit cmd_migrate_deploy(cli *c)
{
  job j;
  cli_exit code = job_prepare_steps(c, &j);
  j.context.resume = c->given[OPT_RESUME];
  return code == CLI_OK ? job_finish(c, &j, migrate_deploy(&j.context, &j.report)) : code;
}

cli_exit cmd_migrate_status(cli *c)
{
  job j;
  cli_exit code = job_prepare(c, &j);
  return code == CLI_OK ? job_finish(c, &j, migrate_status_of(&j.context, &j.report)) : code;
}

cli_exit cmd_migrate_reset(cli *c)
{
  job j;
  cli_exit code = job_prepare_steps(c, &j);
  if (code == CLI_OK) code = job_finish(c, &j, migrate_reset(&j.context, &j.report));
  if (code == CLI_OK) code = generate_after(c, &j.schema);
  return code == CLI_OK ? seed_after(c, &j) : code;
}

cli_exit cmd_migrate_resolve(cli *c)
{
  job j;
  str applied = str_from(c->value[OPT_APPLIED]), rolled_back = str_from(c->value[OPT_ROLLED_BACK]);
  if (!applied.len && !rolled_back.len) {
    cli_print_error(c,
                    STR("--applied or --rolled-back must be part of the command like:\n"
                        "schemac migrate resolve --applied 20201231000000_example\n"
                        "schemac migrate resolve --rolled-back 20201231000000_example"),
                    STR_NONE);
    return CLI_WRONG;
  }
  if (applied.len && rolled_back.len) {
    cli_print_error(c, STR("Pass either --applied or --rolled-back, not both."), STR_NONE);
    return CLI_WRONG;
  }
  cli_exit code = job_prepare(c, &j);
  return code == CLI_OK ? job_finish(c, &j, migrate_resolve(&j.context, applied, rolled_back, &j.report))
                        : code;
}
