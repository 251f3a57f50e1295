/* schemac init: the first files of a project. */
#include "cli/cli.h"

#include "cli/files.h"
#include "init_tmpl.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* What does not belong into git. */
static const str ignored[] = {STR_INIT(".env"), STR_INIT(".schemac/"), STR_INIT("generated/")};

static cli_exit exists_already(const cli *c, const char *path)
{
  cli_print_error(c, sc_str_format(c->mem, "%s already exists in your project. Nothing was changed.", path),
                  STR("Go on with `schemac validate`, or name another file with --schema."));
  return CLI_WORLD;
}

/* The project's folder as a word: "my-shop 2" becomes my_shop_2. What begins like the library's own names, or
 * has no letter, becomes app. */
static str folder_word(const cli *c)
{
  char path[PATH_MAX];
  str name = getcwd(path, sizeof path) ? files_base(str_from(path)) : STR("");
  buf word = {.mem = c->mem};
  for (size_t i = 0; i < name.len; i++) {
    char letter = (char)(name.ptr[i] | 0x20);
    bool is_letter = letter >= 'a' && letter <= 'z', is_digit = name.ptr[i] >= '0' && name.ptr[i] <= '9';
    if (is_letter)
      buf_char(&word, letter);
    else if (is_digit && word.len)
      buf_char(&word, name.ptr[i]);
    else if (word.len && word.ptr[word.len - 1] != '_')
      buf_char(&word, '_');
  }
  while (word.len && word.ptr[word.len - 1] == '_') word.len--;
  return word.len && !str_eq(buf_str(&word), STR("sc")) ? buf_str(&word) : STR("app");
}

static str schema_text(const cli *c)
{
  buf generator = {.mem = c->mem}, models = generator, text = generator;
  str prefix = c->value[OPT_INIT_PREFIX] ? str_from(c->value[OPT_INIT_PREFIX]) : folder_word(c);
  if (prefix.len)
    tmpl_init_generator_prefixed(&generator, prefix);
  else
    tmpl_init_generator(&generator);
  if (c->given[OPT_WITH_MODEL]) tmpl_init_models(&models);
  tmpl_init_schema(&text, buf_str(&generator), buf_str(&models));
  return buf_str(&text);
}

static str env_text(const cli *c)
{
  buf text = {.mem = c->mem};
  if (c->value[OPT_INIT_URL])
    tmpl_init_env_url(&text, str_from(c->value[OPT_INIT_URL]));
  else
    tmpl_init_env(&text);
  return buf_str(&text);
}

/* One line of the file is exactly this. */
static bool has_line(str text, str line)
{
  while (text.len) {
    size_t end = sc_str_find_char(text, '\n');
    if (str_eq(sc_str_trim(str_slice(text, 0, end)), line)) return true;
    text = end == SIZE_MAX ? STR_NONE : str_slice(text, end + 1, text.len);
  }
  return false;
}

/* The present .gitignore with the lines that it lacks. */
static bool gitignore_text(const cli *c, str *text, str *error)
{
  buf out = {.mem = c->mem};
  str present = STR_NONE;
  if (files_is_file(".gitignore") && !files_read(c->mem, ".gitignore", &present, error)) return false;
  buf_add(&out, present);
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
    if (has_line(present, ignored[i])) continue;
    if (out.len && out.ptr[out.len - 1] != '\n') buf_char(&out, '\n');
    buf_add(&out, ignored[i]);
    buf_char(&out, '\n');
  }
  *text = buf_str(&out);
  return true;
}

/* A prefix goes into the schema as text between quotes, and into C names. */
static bool is_word(const char *text)
{
  for (const char *c = text; *c; c++) {
    bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_';
    if (!letter && !(c > text && *c >= '0' && *c <= '9')) return false;
  }
  return *text != '\0';
}

static void say_next(const cli *c, bool has_env, str schema)
{
  const char *url = c->value[OPT_INIT_URL];
  printf("\nNext:\n");
  if (has_env && url) printf("  Add to .env: DATABASE_URL=\"%s\"\n", url);
  if (!c->given[OPT_WITH_MODEL]) printf("  Write your models into %.*s.\n", STR_ARG(schema));
  if (!url)
    printf(
        "  schemac dev start                 a private PostgreSQL; or set DATABASE_URL in .env to yours\n");
  printf("  schemac migrate dev --name init   make the tables, and the C client in generated/\n");
}

cli_exit cmd_init(cli *c)
{
  const cli_words *given = &c->list[OPT_SCHEMA];
  str error, schema = given->len ? str_from(given->items[0]) : STR("schema.prisma");
  const char *taken[] = {sc_str_c(c->mem, schema), "schema.prisma", "prisma/schema.prisma", "prisma/schema"};
  for (size_t i = 0; i < (given->len ? 1 : sizeof taken / sizeof *taken); i++)
    if (files_is_file(taken[i]) || files_is_folder(taken[i])) return exists_already(c, taken[i]);
  if (c->value[OPT_INIT_PREFIX] && *c->value[OPT_INIT_PREFIX] && !is_word(c->value[OPT_INIT_PREFIX])) {
    cli_print_error(c, STR("A prefix is a C name: letters, digits and _."), STR_NONE);
    return CLI_USAGE;
  }
  if (c->value[OPT_INIT_URL] && strpbrk(c->value[OPT_INIT_URL], "\"\\\n")) {
    cli_print_error(c, STR("Quotes and backslashes in a URL are percent-encoded: %22 and %5C."), STR_NONE);
    return CLI_USAGE;
  }
  file_output files[3] = {{.path = schema, .text = schema_text(c)}, {.path = STR(".gitignore")}};
  size_t count = 2;
  bool has_env = files_is_file(".env");
  if (!has_env) files[count++] = (file_output){.path = STR(".env"), .text = env_text(c)};
  if (!gitignore_text(c, &files[1].text, &error) || !files_write(c->mem, files, count, &error)) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  }
  for (size_t i = 0; i < count; i++)
    if (files[i].changed) printf("Wrote %.*s\n", STR_ARG(files[i].path));
  if (has_env) printf("Left .env as it is\n");
  say_next(c, has_env, schema);
  return CLI_OK;
}
