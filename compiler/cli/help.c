/* Help on the terminal and manual pages, from the same rows. */
#include "cli/cli.h"

#include <string.h>

enum { WIDTH = 96, SUMMARY_COLUMN = 20, OPTION_COLUMN = 30 };

/* "-o, --output FOLDER" */
static str option_title(arena *mem, const cli_option *option)
{
  str letter = option->letter ? sc_str_format(mem, "-%c, ", option->letter) : STR("    ");
  return sc_str_format(mem, "%.*s--%s%s%s", STR_ARG(letter), option->name, *option->value ? " " : "",
                       option->value);
}

/* How many columns a UTF-8 text fills. */
static size_t columns(str text)
{
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++) count += ((unsigned char)text.ptr[i] & 0xC0u) != 0x80u;
  return count;
}

/* Words in lines of at most WIDTH columns, all but the first behind `indent` spaces. We are at `column`. */
static void wrap(FILE *to, str text, size_t indent, size_t column)
{
  while (text.len) {
    size_t space = sc_str_find_char(text, ' '), width = columns(str_slice(text, 0, space));
    if (column > indent && column + 1 + width > WIDTH) {
      fprintf(to, "\n%*s", (int)indent, "");
      column = indent;
    } else if (column > indent) {
      fputc(' ', to);
      column++;
    }
    cli_print_text(to, str_slice(text, 0, space));
    column += width;
    text = space == SIZE_MAX ? STR_NONE : str_slice(text, space + 1, text.len);
  }
  fputc('\n', to);
}

/* The text up to `mark`, which is taken off *text with it. */
static str cut(str *text, str mark)
{
  size_t at = sc_str_find(*text, mark);
  str head = str_slice(*text, 0, at);
  *text = at == SIZE_MAX ? STR_NONE : str_slice(*text, at + mark.len, text->len);
  return head;
}

static void paragraphs(FILE *to, const char *text)
{
  for (str rest = str_from(text); rest.len;) {
    fputc('\n', to);
    wrap(to, cut(&rest, STR("\n\n")), 0, 0);
  }
}

static void heading(const cli *c, FILE *to, const char *text)
{
  fprintf(to, "\n%s%s%s\n", to == stdout ? style_out(c, STYLE_BOLD) : "", text,
          to == stdout ? style_out(c, STYLE_PLAIN) : "");
}

static void command_line(FILE *to, const cli_command *command)
{
  fprintf(to, "  %-*s", SUMMARY_COLUMN - 2, command->words);
  wrap(to, str_from(command->summary), SUMMARY_COLUMN, SUMMARY_COLUMN);
}

static bool in_group(const cli_command *command, const cli_group *group)
{
  size_t len = strlen(group->word);
  return strncmp(command->words, group->word, len) == 0 && command->words[len] == ' ';
}

void help_group(const cli *c, const cli_group *group, FILE *to)
{
  fprintf(to, "schemac %s: %s\n", group->word, group->summary);
  heading(c, to, "Commands:");
  for (size_t i = 0; i < cli_command_count; i++)
    if (in_group(&cli_commands[i], group)) command_line(to, &cli_commands[i]);
  fprintf(to, "\n`schemac %s COMMAND --help` explains one.\n", group->word);
}

void help_all(const cli *c, FILE *to)
{
  fprintf(to, "schemac: from a Prisma schema to PostgreSQL tables and a typed C client\n\n"
              "Usage: schemac COMMAND [OPTIONS]\n");
  heading(c, to, "Commands:");
  for (size_t i = 0; i < cli_command_count; i++) command_line(to, &cli_commands[i]);
  fprintf(to, "\n`schemac COMMAND --help` explains one. To begin: schemac init --with-model\n");
}

void help_command(const cli *c, const cli_command *command, FILE *to)
{
  fprintf(to, "schemac %s: %s\n\nUsage: schemac %s [OPTIONS]%s%s\n", command->words, command->summary,
          command->words, *command->operands ? " " : "", command->operands);
  paragraphs(to, command->description);
  heading(c, to, "Options:");
  for (size_t i = 0; i < OPT_COUNT; i++) {
    if (!(command->options >> i & 1)) continue;
    str title = option_title(c->mem, &cli_options[i]);
    fprintf(to, "  %-*.*s", OPTION_COLUMN - 2, STR_ARG(title));
    size_t column = title.len + 2;
    if (column >= OPTION_COLUMN) fprintf(to, "\n%*s", OPTION_COLUMN, "");
    wrap(to, str_from(cli_options[i].help), OPTION_COLUMN, OPTION_COLUMN);
  }
  heading(c, to, strchr(command->examples, '\n') ? "Examples:" : "Example:");
  for (str rest = str_from(command->examples); rest.len;) {
    str line = cut(&rest, STR("\n"));
    fprintf(to, "  %.*s\n", STR_ARG(line));
  }
}

/* The command that the operands of `help` name, all of them; NULL when none. */
static const cli_command *named_command(const cli *c)
{
  for (size_t i = 0; i < cli_command_count; i++) {
    if (c->operands.len &&
        args_match(&cli_commands[i], c->operands.items, c->operands.len) == c->operands.len) {
      return &cli_commands[i];
    }
  }
  return NULL;
}

cli_exit cmd_help(cli *c)
{
  const cli_command *command = named_command(c);
  const cli_group *group = NULL;
  for (size_t i = 0; i < cli_group_count && c->operands.len == 1; i++)
    if (strcmp(cli_groups[i].word, c->operands.items[0]) == 0) group = &cli_groups[i];
  if (c->operands.len && !command && !(group && !c->given[OPT_MAN])) return args_unknown_command(c, group);
  if (c->given[OPT_MAN]) {
    buf page = {.mem = c->mem};
    man_page(c->mem, command, &page);
    cli_print_text(stdout, buf_str(&page));
  } else if (command) {
    help_command(c, command, stdout);
  } else if (group) {
    help_group(c, group, stdout);
  } else {
    help_all(c, stdout);
  }
  return CLI_OK;
}
