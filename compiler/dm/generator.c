/* Generators. Those of other tools are read as Prisma reads them and then ignored. */
#include "base/buf.h"
#include "dm/advise.h"
#include "dm/config.h"

typedef enum preview_state { ACTIVE, GA, GOING, RENAMED, LATER, UNKNOWN } preview_state;

typedef struct preview_row preview_row;
struct preview_row {
  str name;
  preview_state state;
};

static const preview_row previews[] = {
#define PREVIEW(name, state) {STR_INIT(name), state},
#include "dm/preview.def"
#undef PREVIEW
};

static const preview_row *find_preview(str name)
{
  for (size_t i = 0; i < sizeof previews / sizeof previews[0]; i++)
    if (sc_str_eq_fold(previews[i].name, name)) return &previews[i];
  return NULL;
}

/* Full-text search is a matter of PostgreSQL: without a datasource that can be used its new name is unknown,
 * and the old one has had its time. */
static preview_state state_of(const dm_pass *pass, const preview_row *row, bool has_database)
{
  if (!row || (row->state == LATER && pass->options.prisma_only)) return UNKNOWN;
  if (has_database) return row->state;
  if (str_eq(row->name, STR("fullTextSearchPostgres"))) return UNKNOWN;
  return row->state == RENAMED ? GA : row->state;
}

/* ---- preview features ---- */

static void enable(dm_pass *pass, str name)
{
  if (str_eq(name, STR("views"))) pass->preview_views = true;
  if (str_eq(name, STR("postgresqlExtensions"))) pass->preview_extensions = true;
  if (str_eq(name, STR("shardKeys"))) pass->preview_shard_keys = true;
}

static void say_unknown(dm_pass *pass, span place, str name, bool has_database)
{
  diag *d = dm_say(pass, place,
                   "The preview feature \"%.*s\" is not known. Expected one of: %smetrics, nativeDistinct, "
                   "postgresqlExtensions, relationJoins, schemaEngineDriverAdapters, shardKeys, "
                   "strictUndefinedChecks, views",
                   STR_ARG(name), has_database ? "fullTextSearchPostgres, " : "");
  str names[sizeof previews / sizeof previews[0]];
  size_t count = 0;
  for (size_t i = 0; i < sizeof previews / sizeof previews[0]; i++)
    if (state_of(pass, &previews[i], has_database) == ACTIVE) names[count++] = previews[i].name;
  dm_suggest(pass, d, name, names, count);
}

static void check_preview(dm_pass *pass, const ast_expr *value, str name, bool has_database)
{
  const preview_row *row = find_preview(name);
  switch (state_of(pass, row, has_database)) {
  case UNKNOWN: say_unknown(pass, value->place, name, has_database); break;
  case ACTIVE: enable(pass, row->name); break;
  case LATER: break;
  case GA:
    dm_say_warning(pass, value->place,
                   "Preview feature \"%.*s\" is deprecated. The functionality can be used without specifying "
                   "it as a preview feature.",
                   STR_ARG(name));
    break;
  case GOING:
    dm_say_warning(
        pass, value->place,
        "Preview feature \"%.*s\" is deprecated. It will be removed in a future version of Prisma.",
        STR_ARG(name));
    break;
  case RENAMED:
    dm_say_warning(pass, value->place,
                   "On `provider = \"postgresql\"`, preview feature \"%.*s\" has been renamed to "
                   "\"fullTextSearchPostgres\". Learn more at https://pris.ly/d/fts-postgres.",
                   STR_ARG(name));
    break;
  }
}

static void read_previews(dm_pass *pass, dm_generator *generator, const ast_property *property,
                          bool has_database)
{
  const ast_expr *const *items;
  size_t len = dm_array_items(&property->value, &items);
  str *names = arena_array(pass->mem, str, len);
  bool usable = true;
  for (size_t i = 0; i < len; i++) usable = dm_coerce_string(pass, items[i], &names[i]) && usable;
  if (!usable) return;
  generator->preview_features = names;
  generator->preview_feature_count = len;
  for (size_t i = 0; i < len; i++) check_preview(pass, property->value, names[i], has_database);
}

/* ---- the block ---- */

static void read_output(dm_pass *pass, dm_properties *properties)
{
  const ast_property *property = dm_property_take(properties, "output");
  dm_url text;
  if (property) dm_config_text(pass, property->value, &text);
}

static void read_engine(dm_pass *pass, const dm_properties *properties)
{
  const ast_property *property = NULL; /* stays with the others, whose env() are looked at */
  for (size_t i = 0; i < properties->len; i++)
    if (properties->items[i] && str_eq(properties->items[i]->key.text, STR("engineType")))
      property = properties->items[i];
  if (property && property->value->kind != AST_STRING) dm_coerce_failed(pass, "String", property->value);
}

/* Any value will do, but the variables of the environment in it must be sound. */
static bool read_any(dm_pass *pass, const ast_expr *value)
{
  dm_url text;
  if (value->kind == AST_FUNCTION && str_eq(value->text, STR("env")))
    return dm_config_text(pass, value, &text);
  if (value->kind != AST_ARRAY) return true;
  const ast_expr *const *items;
  size_t len = dm_array_items(&value, &items);
  for (size_t i = 0; i < len; i++)
    if (!read_any(pass, items[i])) return false;
  return true;
}

/* What the generator itself will understand. The first mistake ends the reading. */
static void read_others(dm_pass *pass, dm_properties *properties)
{
  for (size_t i = 0; i < properties->len; i++) {
    if (!properties->items[i]) continue;
    str key = properties->items[i]->key.text;
    const ast_property *property = dm_property_take(properties, sc_str_c(pass->mem, key));
    if (!read_any(pass, property->value)) return;
  }
}

static void read_targets(dm_pass *pass, dm_properties *properties)
{
  const ast_property *property = dm_property_take(properties, "binaryTargets");
  if (!property) return;
  const ast_expr *const *items;
  size_t len = dm_array_items(&property->value, &items);
  dm_url text;
  for (size_t i = 0; i < len; i++) dm_config_text(pass, items[i], &text);
}

static void keep_properties(dm_pass *pass, dm_generator *generator, const ast_block *block)
{
  generator->properties = arena_array(pass->mem, dm_property, block->items.len);
  for (size_t i = 0; i < block->items.len; i++) {
    if (block->items.items[i]->kind != AST_PROPERTY) continue;
    const ast_property *property = block->items.items[i]->as.property;
    generator->properties[generator->property_count++] = (dm_property){property->key.text, property->value};
  }
}

/* What our own generator reads has to be text. */
static void check_own_keys(dm_pass *pass, const dm_generator *generator)
{
  if (!str_eq(generator->provider, STR("schemac"))) return;
  for (size_t i = 0; i < generator->property_count; i++) {
    str text;
    if (str_eq(generator->properties[i].key, STR("prefix")))
      dm_coerce_string(pass, generator->properties[i].value, &text);
  }
}

void dm_read_generator(dm_pass *pass, const ast_block *block, bool has_database)
{
  dm_properties properties;
  if (!dm_properties_begin(&properties, pass, block)) return;
  const ast_property *provider = dm_property_take(&properties, "provider");
  const ast_property *previews_written = dm_property_take(&properties, "previewFeatures");
  read_engine(pass, &properties);
  if (!provider) {
    diag_add(pass->diags, DIAG_PROPERTY_MISSING, block->place, STR("provider"), STR("generator"),
             block->name.text);
    return;
  }
  dm_url text;
  if (!dm_config_text(pass, provider->value, &text)) return;
  dm_generator *generator = &pass->schema->generators[pass->schema->generator_count++];
  *generator = (dm_generator){.name = block->name.text,
                              .provider = text.env.len ? text.env : text.literal,
                              .provider_from_env = text.env.len > 0,
                              .place = block->place};
  keep_properties(pass, generator, block);
  check_own_keys(pass, generator);
  read_output(pass, &properties);
  read_targets(pass, &properties);
  if (previews_written) read_previews(pass, generator, previews_written, has_database);
  read_others(pass, &properties);
}
