#include "cli/cli.h"

#include "cli/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define O(symbol) (UINT64_C(1) << OPT_##symbol)

const cli_option cli_options[OPT_COUNT] = {
#define OPTION(symbol, name, letter, kind, value, help) {name, letter, OPTION_##kind, value, help},
#include "cli/options.def"
#undef OPTION
};

const cli_command cli_commands[] = {
#define COMMAND(symbol, words, operands, options, summary, description, examples)                            \
  {words, operands, (options) | O(HELP), summary, description, examples, cmd_##symbol},
#include "cli/commands.def"
#undef COMMAND
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;

const cli_group cli_groups[] = {
    {"migrate", "migrations, compatible with Prisma's"},
    {"db", "the database itself"},
    {"dev", "the private PostgreSQL of this project"},
};
const size_t cli_group_count = sizeof cli_groups / sizeof *cli_groups;

static void out_of_memory(void)
{
  static const char message[] = "Error: out of memory\n";
  ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
  (void)ignored;
  _exit(CLI_WORLD);
}

/* Whoever starts us with a closed stream must not have a file of ours take its number. */
static void open_standard_streams(void)
{
  int fd;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) close(fd);
}

static bool wants_color(int fd)
{
  const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
  return isatty(fd) && !(no_color && *no_color) && !(terminal && str_eq(str_from(terminal), STR("dumb")));
}

/* Output that could not be written is an answer that was not given: a full disk must not look like success.
 */
static cli_exit flush(const cli *c, cli_exit code)
{
  bool failed = fflush(stdout) != 0 || ferror(stdout);
  if (!failed) return code;
  cli_print_error(c, STR("Cannot write to standard output."), STR_NONE);
  return code == CLI_OK ? CLI_WORLD : code;
}

int cli_main(int argc, char **argv)
{
  open_standard_streams();
  arena *mem = memory_new(out_of_memory);
  cli c = {.mem = mem, .color_out = wants_color(STDOUT_FILENO), .color_err = wants_color(STDERR_FILENO)};
  cli_exit code = args_parse(&c, argc, argv);
  if (code == CLI_OK && c.command) code = c.command->run(&c);
  code = flush(&c, code);
  sc_arena_free(mem);
  return (int)code;
}
