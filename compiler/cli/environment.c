#include "cli/environment.h"

#include "cli/files.h"
#include "dev/dev.h"

#include <stdlib.h>

/* ---- .env ---- */

static const char *process_variable(const char *name)
{
  return getenv(name);
}

static cli_exit load_file(const cli *c, const char *path, dotenv *into)
{
  str text, error;
  if (!files_read(c->mem, path, &text, &error)) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  }
  dotenv_parse(text, c->mem, into);
  fprintf(stderr, "%sEnvironment variables loaded from %s%s\n", style_err(c, STYLE_DIM), path,
          style_err(c, STYLE_PLAIN));
  return CLI_OK;
}

/* Prisma's words: a search for them finds Prisma's help. */
static cli_exit conflict(const cli *c, const dotenv *root, const dotenv *beside, const char *path)
{
  buf names = {.mem = c->mem};
  size_t count = 0;
  for (size_t i = 0; i < beside->len; i++) {
    if (!dotenv_find(root, beside->items[i].key)) continue;
    sc_buf_format(&names, "  %.*s\n", STR_ARG(beside->items[i].key));
    count++;
  }
  if (!count) return CLI_OK;
  cli_print_error(
      c,
      sc_str_format(c->mem,
                    "There is a conflict between env var%s in .env and %s\nConflicting env vars:\n%.*s",
                    count > 1 ? "s" : "", path, STR_ARG(buf_str(&names))),
      sc_str_format(c->mem, "We suggest to move the contents of %s to .env to consolidate your env vars.",
                    path));
  return CLI_WORLD;
}

cli_exit environment_load(const cli *c, const cli_schema *schema, environment *env)
{
  *env = (environment){0};
  const char *path = files_join(c->mem, schema->folder, STR(".env")).ptr;
  if (!files_is_file(path)) path = "prisma/.env";
  bool beside_exists = files_is_file(path) && !str_eq(str_from(path), STR(".env"));
  if (files_is_file(".env")) {
    cli_exit code = load_file(c, ".env", &env->file);
    if (code != CLI_OK) return code;
  }
  if (beside_exists) {
    dotenv beside = {0};
    cli_exit code = load_file(c, path, &beside);
    if (code == CLI_OK) code = conflict(c, &env->file, &beside, path);
    if (code != CLI_OK) return code;
    for (size_t i = 0; i < beside.len; i++) vec_push(c->mem, &env->file, beside.items[i]);
  }
  dotenv_expand(&env->file, process_variable, c->mem); /* one file may refer to the other's variables */
  return CLI_OK;
}

const str *environment_get(const cli *c, const environment *env, str name)
{
  const char *value = process_variable(sc_str_c(c->mem, name));
  if (!value) return dotenv_find(&env->file, name);
  str *found = arena_new(c->mem, str);
  *found = str_from(value);
  return found;
}

/* ---- urls ---- */

static cli_exit world_error(const cli *c, str message, str help)
{
  cli_print_error(c, message, help);
  return CLI_WORLD;
}

/* The value of a url in the schema. *set is false when its variable is not set. */
static cli_exit follow(const cli *c, const environment *env, const dm_url *url, str *value, bool *set)
{
  *set = true;
  *value = url->literal;
  if (url->env.len) {
    const str *found = environment_get(c, env, url->env);
    *set = found != NULL;
    if (found) *value = *found;
    if (found && !found->len) {
      return world_error(c,
                         sc_str_format(c->mem,
                                       "You must provide a nonempty URL. The environment variable `%.*s` "
                                       "resolved to an empty string.",
                                       STR_ARG(url->env)),
                         STR_NONE);
    }
  }
  return CLI_OK;
}

static cli_exit private_server(const cli *c, str variable, database_urls *urls)
{
  dev_server server;
  dev_error error;
  if (!dev_inspect(".", c->mem, &server, &error)) return world_error(c, error.message, error.help);
  if (server.state == DEV_ABSENT) {
    return world_error(c, sc_str_format(c->mem, "Environment variable not found: %.*s.", STR_ARG(variable)),
                       STR("Set it, or start a private PostgreSQL with `schemac dev start`."));
  }
  if (server.state == DEV_STOPPED) {
    return world_error(c,
                       sc_str_format(c->mem,
                                     "%.*s is not set, and this folder's private PostgreSQL is not running.",
                                     STR_ARG(variable)),
                       STR("Start it with `schemac dev start`."));
  }
  urls->url = dev_url(&server, STR_NONE, c->mem);
  urls->private_server = true;
  fprintf(stderr, "%s%.*s is not set: using this folder's private PostgreSQL (schemac dev)%s\n",
          style_err(c, STYLE_DIM), STR_ARG(variable), style_err(c, STYLE_PLAIN));
  return CLI_OK;
}

/* A second url of the datasource. One whose variable is not set or empty counts as not written: the same
 * schema serves development and production. */
static void second_url(const cli *c, const environment *env, const dm_url *url, str *value)
{
  const str *found = url->env.len ? environment_get(c, env, url->env) : &url->literal;
  if (url->present && found && found->len) *value = *found;
}

cli_exit environment_database(const cli *c, const cli_schema *schema, const environment *env,
                              database_urls *urls)
{
  *urls = (database_urls){0};
  const dm_datasource *datasource = &schema->dm->datasource;
  dm_url url = datasource->url;
  if (!url.present) url.env = STR("DATABASE_URL");
  cli_exit code = CLI_OK;
  bool set = true;
  if (c->value[OPT_URL])
    urls->url = str_from(c->value[OPT_URL]);
  else
    code = follow(c, env, &url, &urls->url, &set);
  if (code == CLI_OK && !set) code = private_server(c, url.env, urls);
  bool follows_schema = code == CLI_OK && !urls->private_server && !c->value[OPT_URL];
  if (follows_schema) {
    second_url(c, env, &datasource->direct_url, &urls->url);
    second_url(c, env, &datasource->shadow_url, &urls->shadow);
  }
  if (c->value[OPT_SHADOW_URL]) urls->shadow = str_from(c->value[OPT_SHADOW_URL]);
  return code;
}
