#include "cli/environment.h"

#include "cli/files.h"
#include "cli/package.h"
#include "dev/dev.h"

#include <stdlib.h>

/* ---- .env ---- */

static const char *process_variable(const char *name)
{
  return getenv(name);
}

/* A file without a variable in it is not worth a line. */
static cli_exit load_file(const cli *c, const char *path, dotenv *into)
{
  str text, error;
  if (!files_read(c->mem, path, &text, &error)) {
    cli_print_error(c, error, STR_NONE);
    return CLI_WORLD;
  }
  dotenv_parse(text, c->mem, into);
  if (into->len)
    fprintf(stderr, "%sEnvironment variables loaded from %s%s\n", style_err(c, STYLE_DIM), path,
            style_err(c, STYLE_PLAIN));
  return CLI_OK;
}

/* Prisma's rule: a variable that both files give the same value is a conflict; where the values differ the
 * first file's counts. Prisma's words: a search for them finds Prisma's help. */
static cli_exit conflict(const cli *c, const dotenv *root, const dotenv *beside, const char *path)
{
  buf names = {.mem = c->mem};
  size_t count = 0;
  for (size_t i = 0; i < beside->len; i++) {
    const str *value = dotenv_find(root, beside->items[i].key);
    if (!value || !str_eq(*value, beside->items[i].value)) continue;
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

static void add_entries(const cli *c, dotenv *into, const dotenv *from)
{
  for (size_t i = 0; i < from->len; i++) vec_push(c->mem, into, from->items[i]);
}

cli_exit environment_load(const cli *c, const cli_schema *schema, environment *env)
{
  *env = (environment){0};
  const char *path = files_join(c->mem, schema->folder, STR(".env")).ptr;
  if (!files_is_file(path)) path = "prisma/.env";
  bool beside_exists = files_is_file(path) && !str_eq(str_from(path), STR(".env"));
  dotenv root = {0}, beside = {0}, both = {0};
  cli_exit code = files_is_file(".env") ? load_file(c, ".env", &root) : CLI_OK;
  if (code == CLI_OK && beside_exists) code = load_file(c, path, &beside);
  if (code != CLI_OK) return code;
  add_entries(c, &both, &root);
  add_entries(c, &both, &beside);
  dotenv_expand(&both, process_variable, c->mem); /* the second file may refer to the first one's variables */
  dotenv_expand(&root, process_variable, c->mem); /* … but not the other way round */
  code = conflict(c, &root, &beside, path);
  add_entries(c, &env->file, &root);
  for (size_t i = root.len; i < both.len; i++) vec_push(c->mem, &env->file, both.items[i]);
  return code;
}

/* The variable's value, the process's own first; NULL when it is not set. */
static const str *variable(const cli *c, const environment *env, str name)
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

/* A mistake in a url of the datasource, reported at its place as Prisma does (P1012), and what to do about
 * it. */
static cli_exit refuse(const cli *c, const cli_schema *schema, span place, str message, str help)
{
  cli_schema told = *schema; /* what was said of the schema itself is not said again */
  told.diags = diag_list_new(c->mem);
  diag_add(told.diags, DIAG_SENTENCE, place, message);
  schema_report(c, &told);
  if (help.len) fprintf(stderr, "\n%.*s\n", STR_ARG(help));
  return CLI_WRONG;
}

static cli_exit refuse_source(const cli *c, const cli_schema *schema, span place, str message, str help)
{
  return refuse(c, schema, place,
                sc_str_format(c->mem, "Error validating datasource `%.*s`: %.*s",
                              STR_ARG(schema->dm->datasource.name), STR_ARG(message)),
                help);
}

static const char protocol[] = "must start with the protocol `postgresql://` or `postgres://`.";

static bool is_postgres(str url)
{
  return str_starts(url, STR("postgresql://")) || str_starts(url, STR("postgres://"));
}

/* `what` is how Prisma calls it: "URL", "direct URL". */
static cli_exit check_protocol(const cli *c, const cli_schema *schema, const dm_url *url, str value,
                               const char *what)
{
  if (is_postgres(value)) return CLI_OK;
  bool service = str_starts(value, STR("prisma://")) || str_starts(value, STR("prisma+postgres://"));
  return refuse_source(c, schema, url->place, sc_str_format(c->mem, "the %s %s", what, protocol),
                       service ? STR("That URL leads to a service of Prisma's. schemac talks to PostgreSQL "
                                     "itself: give the database's own "
                                     "URL, in `directUrl` or with --url.")
                               : STR_NONE);
}

/* The value of a url in the schema; *set is false when its variable is not. */
static cli_exit follow(const cli *c, const cli_schema *schema, const environment *env, const dm_url *url,
                       const char *what, str *value, bool *set)
{
  const str *found = url->env.len ? variable(c, env, url->env) : &url->literal;
  *set = found != NULL;
  if (!found) return CLI_OK;
  *value = *found;
  if (sc_str_trim(*found).len) return CLI_OK;
  if (!url->present) /* DATABASE_URL, which the schema does not name */
    return world_error(
        c, sc_str_format(c->mem, "The environment variable `%.*s` is empty.", STR_ARG(url->env)), STR_NONE);
  str message = sc_str_format(c->mem, "You must provide a nonempty %s", what);
  if (url->env.len)
    message = sc_str_format(c->mem, "%.*s. The environment variable `%.*s` resolved to an empty string.",
                            STR_ARG(message), STR_ARG(url->env));
  return refuse_source(c, schema, url->place, message, STR_NONE);
}

/* ---- the private server ---- */

static cli_exit not_found(const cli *c, const cli_schema *schema, const dm_url *url, str help)
{
  str message = sc_str_format(c->mem, "Environment variable not found: %.*s.", STR_ARG(url->env));
  const char *config = url->present ? NULL : package_config(c);
  if (config)
    help = sc_str_format(c->mem, "%s is a program, which schemac does not run: give the database with --url.",
                         config);
  return url->present ? refuse(c, schema, url->place, message, help) : world_error(c, message, help);
}

static cli_exit private_server(const cli *c, const cli_schema *schema, const dm_url *url, database_urls *urls)
{
  dev_server server;
  dev_error error;
  if (!dev_inspect(".", c->mem, &server, &error)) return world_error(c, error.message, error.help);
  if (server.state == DEV_ABSENT)
    return not_found(c, schema, url, STR("Set it, or start a private PostgreSQL with `schemac dev start`."));
  if (server.state == DEV_STOPPED)
    return world_error(c,
                       sc_str_format(c->mem,
                                     "%.*s is not set, and this folder's private PostgreSQL is not running.",
                                     STR_ARG(url->env)),
                       STR("Start it with `schemac dev start`."));
  urls->url = dev_url(&server, STR_NONE, c->mem);
  urls->private_server = true;
  fprintf(stderr, "%s%.*s is not set: using this folder's private PostgreSQL (schemac dev)%s\n",
          style_err(c, STYLE_DIM), STR_ARG(url->env), style_err(c, STYLE_PLAIN));
  return CLI_OK;
}

/* ---- the second urls ---- */

/* directUrl wins over url. Its variable may be missing where the database needs no second way to it. */
static cli_exit direct_url(const cli *c, const cli_schema *schema, const environment *env, str *value)
{
  const dm_url *url = &schema->dm->datasource.direct_url;
  str found;
  bool set;
  cli_exit code = follow(c, schema, env, url, "direct URL", &found, &set);
  if (code != CLI_OK) return code;
  if (!set) {
    fprintf(stderr, "%s%.*s is not set: using `url` instead of `directUrl`%s\n", style_err(c, STYLE_DIM),
            STR_ARG(url->env), style_err(c, STYLE_PLAIN));
    return check_protocol(c, schema, &schema->dm->datasource.url, *value, "URL");
  }
  *value = found;
  return check_protocol(c, schema, url, found, "direct URL");
}

/* One whose variable is not set or empty counts as not written: the same schema serves development and
 * production. */
static cli_exit shadow_url(const cli *c, const cli_schema *schema, const environment *env, str *value)
{
  const dm_url *url = &schema->dm->datasource.shadow_url;
  const str *found = url->env.len ? variable(c, env, url->env) : &url->literal;
  if (!found || !sc_str_trim(*found).len) return CLI_OK;
  *value = *found;
  return check_protocol(c, schema, url, *found, "shadow database URL");
}

/* What the datasource says, once its url is known. */
static cli_exit follow_datasource(const cli *c, const cli_schema *schema, const environment *env,
                                  const dm_url *url, database_urls *urls)
{
  const dm_datasource *datasource = &schema->dm->datasource;
  cli_exit code = CLI_OK;
  if (datasource->direct_url.present)
    code = direct_url(c, schema, env, &urls->url);
  else if (url->present)
    code = check_protocol(c, schema, url, urls->url, "URL");
  if (code == CLI_OK && datasource->shadow_url.present) code = shadow_url(c, schema, env, &urls->shadow);
  return code;
}

cli_exit environment_database(const cli *c, const cli_schema *schema, const environment *env,
                              database_urls *urls)
{
  *urls = (database_urls){0};
  dm_url url = schema->dm->datasource.url;
  if (!url.present) url.env = STR("DATABASE_URL");
  cli_exit code = CLI_OK;
  bool set = true;
  if (c->value[OPT_URL])
    urls->url = str_from(c->value[OPT_URL]);
  else
    code = follow(c, schema, env, &url, "URL", &urls->url, &set);
  if (code == CLI_OK && !set) code = private_server(c, schema, &url, urls);
  if (code == CLI_OK && !urls->private_server && !c->value[OPT_URL])
    code = follow_datasource(c, schema, env, &url, urls);
  if (c->value[OPT_SHADOW_URL]) urls->shadow = str_from(c->value[OPT_SHADOW_URL]);
  return code;
}
