/* A command that works on a database: how it begins and ends.
 *
 *   job j;
 *   cli_exit code = job_prepare(c, &j);
 *   return code == CLI_OK ? job_finish(c, &j, migrate_deploy(&j.context, &j.report)) : code;
 *
 * With --json standard output holds one JSON object and nothing else, whose members are the same for every
 * command:
 *
 *   command          "migrate status"
 *   exitCode         as the process will return it
 *   error            null, or {"code": "P3009" or null, "message": "…"}
 *   database         its name; databaseCreated: it was not there before
 *   found            all migrations of the folder, and of these pending, failed, edited, missing:
 *                    arrays of names
 *   rolledBack       names, by migrate rollback
 *   applied          by this run; created: the name of the migration that was written, or null
 *   drift            null, or what the database has beyond its history, as a summary
 *   differs          of a comparison (migrate diff, db push)
 *   warnings         of the change, and unexecutable: arrays of sentences
 *   notes            what a person should know besides
 *   text             what would have been printed
 *
 * Then nothing is asked either: a program would not answer. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "cli/environment.h"

#include "migrate/migrate.h"

typedef struct job job;
struct job {
  cli_schema schema;
  environment env;
  database_urls urls;
  migrate_context context;
  migrate_report report;
};

/* Loads the schema and the environment, says on standard error which database is meant, and fills the
 * context. */
cli_exit job_prepare(cli *c, job *j);
/* The same for a command of many steps, or with a shadow database: it ends tidily when it is interrupted. */
cli_exit job_prepare_steps(cli *c, job *j);
/* Prints what the command reported, and gives its exit code. */
cli_exit job_finish(const cli *c, const job *j, migrate_status status);
/* The same with another exit code, where the command line asks for it. */
cli_exit job_answer(const cli *c, const job *j, cli_exit code);
/* Whether one of the steps that follow is left out: by its flag (SKIP_GENERATE, SKIP_SEED), or by the
 * variable that Prisma has for it. */
bool job_skips(const cli *c, cli_option_id step);
/* The URL of this folder's private server where it runs, for a shadow database; else empty. */
str job_private_server(const cli *c);
/* The values of an option that may be given several times. */
migrate_names job_words(const cli *c, cli_option_id option);
/* A line about what is going on, dim on standard error; nothing with --json. */
void job_say(const cli *c, str line);

#endif
