/* Manual pages from the rows of commands.def and options.def: docs/man holds them as committed files, and a
 * test says when they have fallen behind. */
#include "cli/cli.h"

#include <string.h>

static const struct {
  const char *code, *meaning;
} exit_codes[] = {
    {"0", "Everything is fine."},
    {"1", "The schema or the database is wrong."},
    {"2", "The command line is wrong."},
    {"3", "The world is wrong: a file, the network, a program that is not installed."},
    {"130", "A question was answered with no."},
};

static const struct {
  const char *name, *meaning;
} environment[] = {
    {"DATABASE_URL", "The database, where the schema says env(\"DATABASE_URL\") or has no url. Wins over the "
                     "private server of dev start."},
    {"NO_COLOR", "When it is not empty, output has no colours."},
};

static const struct {
  const char *path, *meaning;
} files[] = {
    {"schema.prisma, prisma/schema.prisma, prisma/", "Where the schema is looked for, in this order."},
    {".env", "Variables for env() in the schema, here and beside the schema; the environment wins over both. "
             "A variable "
             "that stands in both files is an error."},
    {"migrations/", "The history, beside the schema."},
    {".schemac/",
     "The private server of this folder. Not for git; may be deleted when the server is stopped."},
};

/* Text as man(7) wants it: no line may begin with a dot or a quote, backslashes and hyphens are escaped. */
static void add_text(buf *out, str text)
{
  bool line_start = true;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (line_start && (c == '.' || c == '\'')) BUF_LIT(out, "\\&");
    if (c == '\\')
      BUF_LIT(out, "\\e");
    else if (c == '-')
      BUF_LIT(out, "\\-");
    else if (c == '`' || c == '\'')
      BUF_LIT(out, "\\(aq");
    else
      buf_char(out, c);
    line_start = c == '\n';
  }
}

static void add_line(buf *out, const char *text)
{
  add_text(out, str_from(text));
  buf_char(out, '\n');
}

static void bold_line(buf *out, const char *text)
{
  BUF_LIT(out, ".B ");
  add_line(out, text);
}

static void section(buf *out, const char *title)
{
  sc_buf_format(out, ".SH %s\n", title);
}

static void entry(buf *out, const char *title, const char *text)
{
  BUF_LIT(out, ".TP\n");
  bold_line(out, title);
  add_line(out, text);
}

static void add_paragraphs(buf *out, const char *text)
{
  for (str rest = str_from(text); rest.len;) {
    size_t at = sc_str_find(rest, STR("\n\n"));
    add_text(out, str_slice(rest, 0, at));
    buf_char(out, '\n');
    rest = at == SIZE_MAX ? STR_NONE : str_slice(rest, at + 2, rest.len);
    if (rest.len) BUF_LIT(out, ".PP\n");
  }
}

static void title(buf *out, str name, const char *summary)
{
  BUF_LIT(
      out,
      ".\\\" Written by `schemac help --man`: change compiler/cli/commands.def, then docs/man/update.\n.TH ");
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    buf_char(out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
  }
  sc_buf_format(out, " 1 \"\" \"schemac %s\" \"schemac manual\"\n.SH NAME\n", SCHEMAC_VERSION);
  add_text(out, name);
  BUF_LIT(out, " \\- ");
  add_line(out, summary);
}

/* "schemac-migrate-dev" */
static str page_name(arena *mem, const cli_command *command)
{
  char *name = sc_str_c(mem, sc_str_format(mem, "schemac-%s", command->words));
  for (char *c = name; *c; c++)
    if (*c == ' ') *c = '-';
  return str_from(name);
}

static void add_options(buf *out, const cli_command *command)
{
  section(out, "OPTIONS");
  for (size_t i = 0; i < OPT_COUNT; i++) {
    const cli_option *option = &cli_options[i];
    if (!(command->options >> i & 1)) continue;
    BUF_LIT(out, ".TP\n.BR ");
    if (option->letter) sc_buf_format(out, "\\-%c \", \" ", option->letter);
    add_text(out, sc_str_format(out->mem, "--%s", option->name));
    if (*option->value) sc_buf_format(out, " \" %s\"", option->value);
    buf_char(out, '\n');
    add_line(out, option->help);
  }
}

static void add_exit_status(buf *out)
{
  section(out, "EXIT STATUS");
  for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++)
    entry(out, exit_codes[i].code, exit_codes[i].meaning);
}

static void command_page(const cli_command *command, buf *out)
{
  title(out, page_name(out->mem, command), command->summary);
  section(out, "SYNOPSIS");
  bold_line(out, sc_str_format(out->mem, "schemac %s", command->words).ptr);
  sc_buf_format(out, "[OPTIONS] %s\n", command->operands);
  section(out, "DESCRIPTION");
  add_paragraphs(out, command->description);
  add_options(out, command);
  section(out, "EXAMPLES");
  BUF_LIT(out, ".nf\n");
  add_line(out, command->examples);
  BUF_LIT(out, ".fi\n");
  add_exit_status(out);
  section(out, "SEE ALSO");
  BUF_LIT(out, ".BR schemac (1)\n");
}

static void main_page(buf *out)
{
  title(out, STR("schemac"), "from a Prisma schema to PostgreSQL tables and a typed C client");
  section(out, "SYNOPSIS");
  BUF_LIT(out, ".B schemac\nCOMMAND [OPTIONS]\n");
  section(out, "DESCRIPTION");
  add_line(out, "Reads a schema in Prisma's language, writes and applies the migrations that bring a "
                "PostgreSQL database to it, "
                "and generates a typed client in C. Each command has a page of its own, and explains itself "
                "with --help.");
  section(out, "COMMANDS");
  for (size_t i = 0; i < cli_command_count; i++) {
    BUF_LIT(out, ".TP\n.BR ");
    add_text(out, page_name(out->mem, &cli_commands[i]));
    BUF_LIT(out, " (1)\n");
    add_line(out, cli_commands[i].summary);
  }
  section(out, "ENVIRONMENT");
  for (size_t i = 0; i < sizeof environment / sizeof *environment; i++)
    entry(out, environment[i].name, environment[i].meaning);
  section(out, "FILES");
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) entry(out, files[i].path, files[i].meaning);
  add_exit_status(out);
}

void man_page(arena *mem, const cli_command *command, buf *out)
{
  out->mem = mem;
  if (command)
    command_page(command, out);
  else
    main_page(out);
}
