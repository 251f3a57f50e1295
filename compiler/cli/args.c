#include "cli/cli.h"

#include "report/diag.h"

#include <stdarg.h>
#include <string.h>

/* ---- words and commands ---- */

size_t args_match(const cli_command *command, const char *const *words, size_t count)
{
  str rest = str_from(command->words);
  size_t matched = 0;
  while (rest.len) {
    size_t space = sc_str_find_char(rest, ' ');
    if (matched == count || !str_eq(str_slice(rest, 0, space), str_from(words[matched]))) return 0;
    matched++;
    rest = space == SIZE_MAX ? STR_NONE : str_slice(rest, space + 1, rest.len);
  }
  return matched;
}

static const cli_group *find_group(const char *word)
{
  for (size_t i = 0; i < cli_group_count; i++)
    if (strcmp(cli_groups[i].word, word) == 0) return &cli_groups[i];
  return NULL;
}

static bool is_help_flag(const char *word)
{
  return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* ---- mistakes ---- */

static cli_exit refuse(const cli *c, str see, const char *format, ...) __attribute__((format(printf, 3, 4)));

static cli_exit refuse(const cli *c, str see, const char *format, ...)
{
  char line[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  cli_print_error(c, str_from(line), sc_str_format(c->mem, "See `%.*s`.", STR_ARG(see)));
  /* Where --exit-code makes 2 an answer it cannot be an error too. */
  bool answers = c->command && c->command->options >> OPT_EXIT_CODE & 1;
  return answers ? CLI_WRONG : CLI_USAGE;
}

/* " Did you mean `x`?" or nothing. */
static str suggestion(const cli *c, str written, const cli_words *names)
{
  str *candidates = arena_array(c->mem, str, names->len);
  for (size_t i = 0; i < names->len; i++) candidates[i] = str_from(names->items[i]);
  str closest = diag_closest(written, candidates, names->len);
  return closest.len ? sc_str_format(c->mem, " Did you mean `%.*s`?", STR_ARG(closest)) : STR("");
}

/* Candidates are the words that may stand here: first words, or those behind the group's word. */
static cli_exit unknown_command(const cli *c, const cli_group *group, const char *word)
{
  cli_words names = {0};
  for (size_t i = 0; i < cli_command_count; i++) {
    const char *words = cli_commands[i].words, *space = strchr(words, ' ');
    if (!group && !space) vec_push(c->mem, &names, words);
    if (group && space && str_starts(str_from(words), str_from(group->word))) vec_push(c->mem, &names, words);
  }
  for (size_t i = 0; !group && i < cli_group_count; i++) vec_push(c->mem, &names, cli_groups[i].word);
  str see = group ? sc_str_format(c->mem, "schemac %s --help", group->word) : STR("schemac --help");
  str written = group ? sc_str_format(c->mem, "%s %s", group->word, word) : str_from(word);
  return refuse(c, see, "Unknown command `%.*s`.%.*s", STR_ARG(written),
                STR_ARG(suggestion(c, written, &names)));
}

cli_exit args_unknown_command(const cli *c, const cli_group *group)
{
  return unknown_command(c, group, c->operands.items[c->operands.len - 1]);
}

static str see_help(const cli *c)
{
  return sc_str_format(c->mem, "schemac %s --help", c->command->words);
}

static cli_exit unknown_option(const cli *c, str written)
{
  cli_words names = {0};
  for (size_t i = 0; i < OPT_COUNT; i++) {
    if (c->command->options >> i & 1)
      vec_push(c->mem, &names, sc_str_format(c->mem, "--%s", cli_options[i].name).ptr);
  }
  return refuse(c, see_help(c), "`schemac %s` has no option `%.*s`.%.*s", c->command->words, STR_ARG(written),
                STR_ARG(suggestion(c, written, &names)));
}

/* ---- options ---- */

static size_t find_option(const cli *c, str name, char letter)
{
  for (size_t i = 0; i < OPT_COUNT; i++) {
    if (!(c->command->options >> i & 1)) continue;
    if (letter ? cli_options[i].letter == letter : str_eq(str_from(cli_options[i].name), name)) return i;
  }
  return OPT_COUNT;
}

/* Takes the option at words[*at], and the word behind it where that is its value. */
static cli_exit take_option(cli *c, const char *const *words, size_t count, size_t *at)
{
  const char *word = words[*at], *value = NULL;
  bool is_long = word[1] == '-';
  str name = str_from(word + (is_long ? 2 : 1));
  size_t equals = is_long ? sc_str_find_char(name, '=') : SIZE_MAX;
  if (equals != SIZE_MAX) {
    value = name.ptr + equals + 1;
    name = str_slice(name, 0, equals);
  }
  if (!is_long && name.len > 1) value = word + 2; /* -nfoo */
  size_t id = find_option(c, name, is_long ? '\0' : word[1]);
  str shown = is_long ? (str){word, name.len + 2} : str_slice(str_from(word), 0, 2);
  if (id == OPT_COUNT) return unknown_option(c, shown);

  const cli_option *option = &cli_options[id];
  if (option->kind == OPTION_FLAG && value) {
    return refuse(c, see_help(c), "The option `%.*s` takes no value.", STR_ARG(shown));
  }
  if (option->kind != OPTION_FLAG && !value) {
    if (*at + 1 == count) {
      return refuse(c, see_help(c), "The option `%.*s` needs a value: %s.", STR_ARG(shown), option->value);
    }
    value = words[++*at];
  }
  c->given[id] = true;
  if (option->kind == OPTION_VALUE) c->value[id] = value;
  if (option->kind == OPTION_LIST) vec_push(c->mem, &c->list[id], value);
  return CLI_OK;
}

static cli_exit take_words(cli *c, const char *const *words, size_t count)
{
  bool options_end = false;
  for (size_t at = 0; at < count; at++) {
    const char *word = words[at];
    if (!options_end && strcmp(word, "--") == 0) {
      options_end = true;
    } else if (!options_end && word[0] == '-' && word[1]) {
      cli_exit code = take_option(c, words, count, &at);
      if (code != CLI_OK) return code;
    } else if (!*c->command->operands) {
      return refuse(c, see_help(c), "`schemac %s` takes options only, not `%s`.%s", c->command->words, word,
                    c->command->options >> OPT_SCHEMA & 1 ? " A schema is named with --schema." : "");
    } else {
      vec_push(c->mem, &c->operands, word);
    }
  }
  return CLI_OK;
}

cli_exit args_parse(cli *c, int argc, char **argv)
{
  size_t count = argc > 1 ? (size_t)argc - 1 : 0;
  const char **words = arena_array(c->mem, const char *, count);
  for (size_t i = 0; i < count; i++) words[i] = argv[i + 1];
  if (count == 0 || is_help_flag(words[0])) return help_all(c, stdout), CLI_OK;
  if (strcmp(words[0], "--version") == 0 || strcmp(words[0], "-v") == 0) words[0] = "version";

  size_t used = 0;
  for (size_t i = 0; i < cli_command_count && !used; i++) {
    used = args_match(&cli_commands[i], words, count);
    if (used) c->command = &cli_commands[i];
  }
  if (!used) {
    const cli_group *group = find_group(words[0]);
    if (group && (count == 1 || is_help_flag(words[1]))) return help_group(c, group, stdout), CLI_OK;
    if (words[0][0] == '-' && !group) {
      return refuse(c, STR("schemac --help"), "A command comes before its options: `%s` is none.", words[0]);
    }
    return unknown_command(c, group, group ? words[1] : words[0]);
  }
  cli_exit code = take_words(c, words + used, count - used);
  if (code != CLI_OK || !c->given[OPT_HELP]) return code;
  help_command(c, c->command, stdout);
  c->command = NULL;
  return CLI_OK;
}
