#include "cli/seed.h"

#include "cli/files.h"
#include "cli/generate.h"
#include "cli/package.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Empty when the project has none. */
static cli_exit find_command(const cli *c, const job *j, str *command)
{
  *command = generate_property(j->schema.dm, STR("seed"));
  str file;
  cli_exit code = command->len ? CLI_OK : package_text(c, STR("seed"), command, &file);
  *command = sc_str_trim(*command);
  return code;
}

/* Separated by blanks; "\ " is a blank that does not separate. No quotes: Prisma's commands are read so. */
static void split(const cli *c, str command, cli_words *words)
{
  buf word = {.mem = c->mem};
  for (size_t i = 0; i <= command.len; i++) {
    bool end = i == command.len || command.ptr[i] == ' ';
    if (end && word.len && word.ptr[word.len - 1] == '\\' && i < command.len)
      word.ptr[word.len - 1] = ' ';
    else if (!end)
      buf_char(&word, command.ptr[i]);
    else if (word.len) {
      vec_push(c->mem, words, sc_str_c(c->mem, buf_str(&word)));
      word = (buf){.mem = c->mem};
    }
  }
}

/* ---- a program ---- */

/* .env's variables, where the process has none of that name; the database that we have found; and the
 * project's own programs first, as npm has it. */
static void prepare_environment(const cli *c, const job *j)
{
  const dm_url *url = &j->schema.dm->datasource.url;
  const char *path = getenv("PATH");
  char here[4096];
  for (size_t i = 0; i < j->env.file.len; i++) {
    const dotenv_entry *entry = &j->env.file.items[i];
    setenv(sc_str_c(c->mem, entry->key), sc_str_c(c->mem, entry->value), 0);
  }
  const char *name = url->env.len ? sc_str_c(c->mem, url->env) : "DATABASE_URL";
  setenv(name, sc_str_c(c->mem, j->context.url), c->given[OPT_URL]);
  if (files_is_folder("node_modules/.bin") && getcwd(here, sizeof here))
    setenv("PATH", sc_str_format(c->mem, "%s/node_modules/.bin:%s", here, path ? path : "/usr/bin:/bin").ptr,
           1);
}

static cli_exit failed(const cli *c, str cause)
{
  cli_print_error(
      c, sc_str_format(c->mem, "An error occurred while running the seed command:\n%.*s", STR_ARG(cause)),
      STR_NONE);
  return CLI_WRONG;
}

/* With --json standard output is ours alone. */
static cli_exit run_program(const cli *c, const job *j, str command)
{
  cli_words words = {0};
  posix_spawn_file_actions_t actions;
  pid_t child;
  int status = 0;
  split(c, command, &words);
  vec_push(c->mem, &words, NULL);
  prepare_environment(c, j);
  if (posix_spawn_file_actions_init(&actions) != 0) return failed(c, str_from(strerror(errno)));
  if (c->given[OPT_JSON]) posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  char **arguments = arena_array(c->mem, char *, words.len);
  for (size_t i = 0; i + 1 < words.len; i++) arguments[i] = sc_str_c(c->mem, str_from(words.items[i]));
  int error = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error) return failed(c, sc_str_format(c->mem, "%s: %s", arguments[0], strerror(error)));
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return CLI_OK;
  return failed(c, WIFEXITED(status) ? sc_str_format(c->mem, "Command failed with exit code %d: %.*s",
                                                     WEXITSTATUS(status), STR_ARG(command))
                                     : sc_str_format(c->mem, "Command was killed by signal %d: %.*s",
                                                     WTERMSIG(status), STR_ARG(command)));
}

/* ---- a script ---- */

static bool is_script(str command)
{
  return str_ends(command, STR(".sql")) && sc_str_find_char(command, ' ') == SIZE_MAX;
}

static cli_exit run_script(const cli *c, const job *j, str path)
{
  str script, error;
  migrate_report report;
  if (!files_read(c->mem, sc_str_c(c->mem, path), &script, &error)) return failed(c, error);
  return migrate_execute(&j->context, script, &report) == MIGRATE_DONE ? CLI_OK : failed(c, report.error);
}

/* ---- both ---- */

static void say(const cli *c, const char *text)
{
  fflush(stdout);
  if (!c->given[OPT_JSON]) printf("%s", text);
  fflush(stdout); /* before what the command says */
}

static cli_exit run(const cli *c, const job *j, str command)
{
  say(c, sc_str_format(c->mem, "Running seed command `%.*s` ...\n", STR_ARG(command)).ptr);
  cli_exit code = is_script(command) ? run_script(c, j, command) : run_program(c, j, command);
  if (code == CLI_OK) say(c, "\n🌱  The seed command has been executed.\n");
  return code;
}

cli_exit seed_after(cli *c, const job *j)
{
  str command;
  if (job_skips(c, OPT_SKIP_SEED)) return CLI_OK;
  cli_exit code = find_command(c, j, &command);
  if (code != CLI_OK || !command.len) return code;
  say(c, "\n");
  return run(c, j, command);
}

cli_exit cmd_db_seed(cli *c)
{
  job j;
  str command;
  cli_exit code = job_prepare(c, &j);
  if (code == CLI_OK) code = find_command(c, &j, &command);
  if (code != CLI_OK) return code;
  if (!command.len) {
    job_say(c,
            STR("There is no seed command: `seed = \"…\"` in the schema's generator block, or prisma.seed in "
                "package.json, names one."));
    return CLI_OK;
  }
  buf whole = {.mem = c->mem};
  buf_add(&whole, command);
  for (size_t i = 0; i < c->operands.len; i++) {
    buf_char(&whole, ' ');
    for (const char *at = c->operands.items[i]; *at; at++) {
      if (*at == ' ') buf_char(&whole, '\\');
      buf_char(&whole, *at);
    }
  }
  return run(c, &j, buf_str(&whole));
}
