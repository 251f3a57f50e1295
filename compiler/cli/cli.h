/* The command line: the only layer that prints, reads files and the environment, asks questions and knows
 * exit codes.
 *
 * Commands, options and their help are rows of commands.def and options.def. A command is a function
 * cmd_<symbol> that gets the parsed line and returns the exit code. Everything lives in one arena that ends
 * the process when memory runs out; nobody frees. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum cli_exit {
  CLI_OK = 0,
  CLI_WRONG = 1, /* the schema or the database */
  CLI_USAGE = 2, /* the command line */
  CLI_WORLD = 3, /* a file, the network, a missing program */
  CLI_CANCELLED = 130,
} cli_exit;

typedef enum cli_option_id {
#define OPTION(symbol, name, letter, kind, value, help) OPT_##symbol,
#include "cli/options.def"
#undef OPTION
  OPT_COUNT
} cli_option_id;

_Static_assert(OPT_COUNT <= 64, "a command's options are the bits of one number");

typedef enum cli_option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_LIST } cli_option_kind;

typedef struct cli_option cli_option;
struct cli_option {
  const char *name;
  char letter;
  cli_option_kind kind;
  const char *value, *help;
};

typedef struct cli cli;

typedef struct cli_command cli_command;
struct cli_command {
  const char *words; /* "migrate dev" */
  const char *operands;
  uint64_t options; /* bit OPT_x */
  const char *summary, *description, *examples;
  cli_exit (*run)(cli *c);
};

/* Commands that share their first word. */
typedef struct cli_group cli_group;
struct cli_group {
  const char *word, *summary;
};

extern const cli_option cli_options[OPT_COUNT];
extern const cli_command cli_commands[];
extern const size_t cli_command_count;
extern const cli_group cli_groups[];
extern const size_t cli_group_count;

typedef struct cli_words cli_words;
struct cli_words {
  const char **items;
  size_t len, cap;
};

struct cli {
  arena *mem;
  const cli_command *command;
  bool given[OPT_COUNT];
  const char *value[OPT_COUNT]; /* of VALUE options; NULL when not given */
  cli_words list[OPT_COUNT];    /* of LIST options */
  cli_words operands;
  bool color_out, color_err;
};

/* main() without the process around it: parses the line, runs the command, returns the exit code. */
int cli_main(int argc, char **argv);

/* ---- args.c ---- */

/* Finds the command and reads its line into *c. CLI_OK with c->command NULL: help was asked for and has been
 * printed. */
cli_exit args_parse(cli *c, int argc, char **argv);
/* How many words of the line name this command; 0 when they do not. */
size_t args_match(const cli_command *command, const char *const *words, size_t count);
/* Reports that the operands of `help` name nothing. */
cli_exit args_unknown_command(const cli *c, const cli_group *group);

/* ---- help.c ---- */

void help_all(const cli *c, FILE *to);
void help_group(const cli *c, const cli_group *group, FILE *to);
void help_command(const cli *c, const cli_command *command, FILE *to);

/* ---- man.c ---- */

/* The manual page in man(7)'s language; a NULL command gives schemac(1). */
void man_page(arena *mem, const cli_command *command, buf *out);

/* ---- output.c ---- */

typedef enum cli_style { STYLE_BOLD, STYLE_RED, STYLE_GREEN, STYLE_YELLOW, STYLE_DIM, STYLE_PLAIN } cli_style;

/* The escape sequence of a style, or "" where colours are off. */
const char *style_out(const cli *c, cli_style style);
const char *style_err(const cli *c, cli_style style);
/* "Error: message" and, on lines of its own, what to do about it (may be empty), on standard error. */
void cli_print_error(const cli *c, str message, str help);
void cli_print_warning(const cli *c, str message);
void cli_print_text(FILE *to, str text);
/* Both ends are a terminal: questions make sense. */
bool can_ask(void);
/* Asks a question that takes yes or no; anything but y or yes is no. */
bool ask_yes(const cli *c, str question);
/* Asks for a line; empty at the end of input. */
str ask_line(const cli *c, str question);

/* ---- the commands ---- */

#define COMMAND(symbol, words, operands, options, summary, description, examples)                            \
  cli_exit cmd_##symbol(cli *c);
#include "cli/commands.def"
#undef COMMAND

#endif
