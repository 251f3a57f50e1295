/* schemac dev: the private PostgreSQL of the folder we stand in. */
#include "cli/cli.h"

#include "dev/dev.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static cli_exit fail(const cli *c, const dev_error *error)
{
  cli_print_error(c, error->message, error->help);
  return CLI_WORLD;
}

static cli_exit not_running(const cli *c, cli_exit code)
{
  cli_print_error(c, STR("This folder's private PostgreSQL is not running."),
                  STR("Start it with `schemac dev start`."));
  return code;
}

static void print_place(const cli *c, const dev_server *server)
{
  str url = dev_url(server, STR_NONE, c->mem);
  printf("  url   %.*s\n  data  %.*s\n  log   %.*s\n", STR_ARG(url), STR_ARG(server->data),
         STR_ARG(server->log));
}

cli_exit cmd_dev_start(cli *c)
{
  dev_server server;
  dev_error error;
  const cli_words *settings = &c->list[OPT_SET];
  for (size_t i = 0; i < settings->len; i++) {
    if (strchr(settings->items[i], '=')) continue;
    cli_print_error(c,
                    sc_str_format(c->mem, "`--set %s` is no setting: write NAME=VALUE.", settings->items[i]),
                    STR_NONE);
    return CLI_USAGE;
  }
  dev_options options = {.settings = settings->items, .setting_count = settings->len};
  if (!dev_start(".", &options, c->mem, &server, &error)) return fail(c, &error);
  const char *did = server.was_running ? "runs already"
                    : server.created   ? "was made and started"
                                       : "was started";
  printf("%sPostgreSQL %.*s %s%s (process %ld)\n", style_out(c, STYLE_GREEN), STR_ARG(server.version), did,
         style_out(c, STYLE_PLAIN), server.pid);
  print_place(c, &server);
  if (server.was_running && settings->len) {
    cli_print_warning(c, STR("--set has no effect on a running server: stop it first."));
  }
  return CLI_OK;
}

cli_exit cmd_dev_stop(cli *c)
{
  dev_server server;
  dev_error error;
  if (!dev_stop(".", c->mem, &server, &error)) return fail(c, &error);
  puts(server.was_running ? "PostgreSQL was stopped." : "PostgreSQL does not run here.");
  return CLI_OK;
}

cli_exit cmd_dev_status(cli *c)
{
  dev_server server;
  dev_error error;
  if (!dev_inspect(".", c->mem, &server, &error)) return fail(c, &error);
  switch (server.state) {
  case DEV_ABSENT:
    puts("This folder has no private PostgreSQL. `schemac dev start` makes one.");
    return CLI_WRONG;
  case DEV_STOPPED: printf("PostgreSQL %.*s is stopped\n", STR_ARG(server.version)); break;
  case DEV_RUNNING:
    printf("%sPostgreSQL %.*s is running%s (process %ld)\n", style_out(c, STYLE_GREEN),
           STR_ARG(server.version), style_out(c, STYLE_PLAIN), server.pid);
    break;
  }
  print_place(c, &server);
  return server.state == DEV_RUNNING ? CLI_OK : CLI_WRONG;
}

cli_exit cmd_dev_url(cli *c)
{
  dev_server server;
  dev_error error;
  if (!dev_inspect(".", c->mem, &server, &error)) return fail(c, &error);
  if (server.state != DEV_RUNNING) return not_running(c, CLI_WRONG);
  str url = dev_url(&server, str_from(c->value[OPT_DATABASE]), c->mem);
  printf("%.*s\n", STR_ARG(url));
  return CLI_OK;
}

cli_exit cmd_dev_reset(cli *c)
{
  dev_server server;
  dev_error error;
  if (!dev_inspect(".", c->mem, &server, &error)) return fail(c, &error);
  if (server.state != DEV_ABSENT && !c->given[OPT_FORCE]) {
    if (!can_ask()) {
      cli_print_error(c,
                      STR("Deleting all data of this folder's private PostgreSQL needs a yes, and there is "
                          "nobody to ask."),
                      STR("Use --force."));
      return CLI_USAGE;
    }
    if (!ask_yes(c, STR("Delete all data of this folder's private PostgreSQL?"))) {
      puts("Nothing was deleted.");
      return CLI_CANCELLED;
    }
  }
  if (!dev_erase(".", c->mem, &server, &error)) return fail(c, &error);
  puts("The private PostgreSQL of this folder and its data are gone. `schemac dev start` makes a new one.");
  return CLI_OK;
}

cli_exit cmd_dev_psql(cli *c)
{
  dev_server server;
  dev_error error;
  if (!dev_inspect(".", c->mem, &server, &error)) return fail(c, &error);
  if (server.state != DEV_RUNNING) return not_running(c, CLI_WRONG);
  const char *psql = dev_program("psql", STR_NONE, c->mem, &error);
  if (!psql) return fail(c, &error);
  VEC(char *) argv = {0};
  vec_push(c->mem, &argv, sc_str_c(c->mem, str_from(psql)));
  vec_push(c->mem, &argv, sc_str_c(c->mem, dev_url(&server, str_from(c->value[OPT_DATABASE]), c->mem)));
  for (size_t i = 0; i < c->operands.len; i++)
    vec_push(c->mem, &argv, sc_str_c(c->mem, str_from(c->operands.items[i])));
  vec_push(c->mem, &argv, NULL);
  fflush(stdout);
  execv(psql, argv.items);
  cli_print_error(c, sc_str_format(c->mem, "Cannot run %s: %s.", psql, strerror(errno)), STR_NONE);
  return CLI_WORLD;
}
