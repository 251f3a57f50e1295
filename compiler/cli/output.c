#include "cli/cli.h"

#include "cli/interrupt.h"

#include <unistd.h>

static const char *const sequences[] = {
    [STYLE_BOLD] = "\033[1m",    [STYLE_RED] = "\033[1;31m", [STYLE_GREEN] = "\033[32m",
    [STYLE_YELLOW] = "\033[33m", [STYLE_DIM] = "\033[2m",    [STYLE_PLAIN] = "\033[0m",
};

const char *style_out(const cli *c, cli_style style)
{
  return c->color_out ? sequences[style] : "";
}

const char *style_err(const cli *c, cli_style style)
{
  return c->color_err ? sequences[style] : "";
}

void cli_print_text(FILE *to, str text)
{
  if (text.len) fwrite(text.ptr, 1, text.len, to);
}

void cli_print_error(const cli *c, str message, str help)
{
  fflush(stdout); /* what was said before comes before, where both streams end in one place */
  fprintf(stderr, "%sError:%s %.*s\n", style_err(c, STYLE_RED), style_err(c, STYLE_PLAIN), STR_ARG(message));
  if (help.len) fprintf(stderr, "%.*s\n", STR_ARG(help));
}

void cli_print_warning(const cli *c, str message)
{
  fflush(stdout);
  fprintf(stderr, "%sWarning:%s %.*s\n", style_err(c, STYLE_YELLOW), style_err(c, STYLE_PLAIN),
          STR_ARG(message));
}

bool can_ask(void)
{
  return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

str ask_line(const cli *c, str question)
{
  char line[1024];
  fflush(stdout);
  fprintf(stderr, "%s%.*s%s ", style_err(c, STYLE_BOLD), STR_ARG(question), style_err(c, STYLE_PLAIN));
  fflush(stderr);
  interrupt_asking(true);
  bool answered = fgets(line, sizeof line, stdin) != NULL;
  interrupt_asking(false);
  if (!answered) {
    fputc('\n', stderr);
    return STR("");
  }
  return sc_str_dup(c->mem, sc_str_trim(str_from(line)));
}

bool ask_yes(const cli *c, str question)
{
  str answer = ask_line(c, sc_str_format(c->mem, "%.*s (y/N)", STR_ARG(question)));
  return sc_str_eq_fold(answer, STR("y")) || sc_str_eq_fold(answer, STR("yes"));
}
