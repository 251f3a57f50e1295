/* The datasource: which database, where, and what of it. */
#include "dm/config.h"

#include "dm/advise.h"

/* ---- properties ---- */

bool dm_properties_begin(dm_properties *properties, dm_pass *pass, const ast_block *block)
{
  *properties = (dm_properties){.pass = pass, .block = block};
  properties->items = arena_array(pass->mem, const ast_property *, block->items.len);
  const char *word = block->kind == AST_DATASOURCE ? "datasource" : "generator";
  for (size_t i = 0; i < block->items.len; i++) {
    if (block->items.items[i]->kind != AST_PROPERTY) continue;
    const ast_property *property = block->items.items[i]->as.property;
    properties->items[properties->len++] = property;
    if (property->value) continue;
    diag_add(pass->diags, DIAG_PROPERTY_UNASSIGNED, block->place, property->key.text, str_from(word),
             block->name.text);
    return false;
  }
  return true;
}

span dm_property_place(const ast_property *property)
{
  return property->value ? span_join(property->key.place, property->value->place) : property->key.place;
}

/* The last one of a name counts. */
const ast_property *dm_property_take(dm_properties *properties, const char *key)
{
  const ast_property *found = NULL;
  for (size_t i = 0; i < properties->len; i++) {
    if (!properties->items[i] || !str_eq(properties->items[i]->key.text, str_from(key))) continue;
    found = properties->items[i];
    properties->items[i] = NULL;
  }
  return found;
}

static bool config_env(dm_pass *pass, const ast_expr *value, dm_url *out)
{
  const ast_args *args = value->args;
  size_t empty = 0; /* arguments of which only the name is there */
  for (size_t i = 0; i < args->len; i++) {
    if (!args->items[i].value)
      empty++;
    else if (args->items[i].name.text.len)
      dm_say_warning(pass, args->items[i].place, "The env function doesn't expect named arguments");
  }
  if (empty && empty == args->len)
    dm_say(pass, value->place, "The env function expects a singular, unnamed, string argument.");
  else if (args->len != 1 || args->trailing_comma)
    dm_say(pass, value->place, "Exactly one string parameter must be passed to the env function.");
  else
    return dm_coerce_string(pass, args->items[0].value, &out->env);
  return false;
}

bool dm_config_text(dm_pass *pass, const ast_expr *value, dm_url *out)
{
  *out = (dm_url){.present = true, .place = value->place};
  if (value->kind == AST_FUNCTION && str_eq(value->text, STR("env"))) return config_env(pass, value, out);
  if (value->kind != AST_STRING) {
    dm_coerce_failed(pass, "String", value);
    return false;
  }
  out->literal = value->text;
  return true;
}

/* ---- provider ---- */

static bool is_one_of(str name, const char *const *names)
{
  for (; *names; names++)
    if (str_eq(name, str_from(*names))) return true;
  return false;
}

static void say_source(dm_pass *pass, str name, span place, const char *text)
{
  diag_add(pass->diags, DIAG_DATASOURCE, place, name, str_from(text));
}

static bool read_provider(dm_pass *pass, dm_properties *properties, dm_datasource *out)
{
  static const char *const ours[] = {"postgresql", "postgres", NULL};
  const ast_property *property = dm_property_take(properties, "provider");
  const ast_block *block = properties->block;
  if (!property) {
    diag_add(pass->diags, DIAG_PROPERTY_MISSING, block->place, STR("provider"), STR("data source"),
             block->name.text);
    return false;
  }
  const ast_expr *value = property->value;
  if (value->kind == AST_FUNCTION && str_eq(value->text, STR("env"))) {
    dm_say(pass, block->place, "A datasource must not use the env() function in the provider argument.");
    return false;
  }
  if (value->kind != AST_STRING) {
    say_source(pass, block->name.text, value->place,
               "The provider argument in a datasource must be a string literal");
    return false;
  }
  if (!value->text.len) {
    say_source(pass, block->name.text, value->place,
               "The provider argument in a datasource must not be empty");
    return false;
  }
  out->provider = value->text;
  if (is_one_of(value->text, ours)) return true;
  dm_suggest(pass, diag_add(pass->diags, DIAG_PROVIDER_UNKNOWN, value->place, value->text), value->text,
             (const str[]){STR("postgresql")}, 1);
  return false;
}

static bool is_foreign(const ast_expr *value)
{
  static const char *const foreign[] = {"mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb", NULL};
  return value && value->kind == AST_STRING && is_one_of(value->text, foreign);
}

bool dm_pass_foreign(dm_pass *pass)
{
  for (size_t i = 0; i < pass->ast->blocks.len; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    for (size_t k = 0; block->kind == AST_DATASOURCE && k < block->items.len; k++) {
      const ast_item *item = block->items.items[k];
      bool provider = item->kind == AST_PROPERTY && str_eq(item->as.property->key.text, STR("provider"));
      if (!provider || !is_foreign(item->as.property->value)) continue;
      const ast_expr *value = item->as.property->value;
      diag_add(pass->diags, DIAG_PROVIDER_FOREIGN, value->place, block->name.text, value->text);
      return true;
    }
  }
  return false;
}

/* ---- relationMode ---- */

static void read_relation_mode(dm_pass *pass, dm_properties *properties, dm_datasource *out)
{
  const ast_property *mode = dm_property_take(properties, "relationMode");
  const ast_property *integrity = dm_property_take(properties, "referentialIntegrity");
  if (integrity)
    dm_say_warning(pass, dm_property_place(integrity),
                   "The `referentialIntegrity` attribute is deprecated. Please use `relationMode` instead. "
                   "Learn more at https://pris.ly/d/relation-mode");
  if (mode && integrity) {
    dm_say(pass, dm_property_place(integrity),
           "The `referentialIntegrity` and `relationMode` attributes cannot be used together. Please use "
           "only `relationMode` instead.");
    return;
  }
  const ast_property *written = mode ? mode : integrity;
  str name;
  if (!written || !dm_coerce_string(pass, written->value, &name)) return;
  out->relation_mode_prisma = str_eq(name, STR("prisma"));
  if (out->relation_mode_prisma || str_eq(name, STR("foreignKeys"))) return;
  diag_add(
      pass->diags, DIAG_DATASOURCE, properties->block->place, STR("relationMode"),
      sc_str_format(pass->mem,
                    "Invalid relation mode setting: \"%.*s\". Supported values: \"prisma\", \"foreignKeys\"",
                    STR_ARG(name)));
}

/* ---- extensions = [citext, pgcrypto(schema: "x")] ---- */

/* In Prisma's order: all arguments are read, then those that it knows are looked at, then the others. */
static void read_extension_args(dm_pass *pass, const ast_args *args, dm_extension *out)
{
  static const str names[] = {STR_INIT("map"), STR_INIT("schema"), STR_INIT("version")};
  enum { KNOWN = sizeof names / sizeof names[0] };
  str *const slots[KNOWN] = {&out->db_name, &out->schema, &out->version};
  bool no_text[KNOWN] = {false};
  VEC(const ast_arg *) unknown = {0};
  table *seen = sc_table_new(pass->mem);
  for (size_t i = 0; i < args->len; i++) {
    const ast_arg *arg = &args->items[i];
    str name = arg->name.text, unused;
    if (!arg->value) continue; /* Prisma does not see a name alone */
    size_t at = 0;
    while (at < KNOWN && !str_eq(name, names[at])) at++;
    if (!name.len) {
      dm_say_invalid(pass, arg->place, "The argument must have a name");
      continue;
    }
    void **before = sc_table_slot(seen, name);
    if (*before) {
      dm_say_invalid(pass, arg->place, "The argument `%.*s` can only be defined once", STR_ARG(name));
    } else {
      *before = out;
      bool text = dm_coerce_string(pass, arg->value, at < KNOWN ? slots[at] : &unused);
      if (at < KNOWN)
        no_text[at] = !text;
      else
        vec_push(pass->mem, &unknown, arg);
    }
  }
  for (size_t at = 0; at < KNOWN; at++)
    if (no_text[at])
      dm_say_invalid(pass, ast_args_named(args, names[at])->place,
                     "The `%.*s` argument must be a string literal", STR_ARG(names[at]));
  for (size_t i = 0; i < unknown.len; i++)
    dm_say(pass, unknown.items[i]->place, "Argument not known: \"%.*s\".",
           STR_ARG(unknown.items[i]->name.text));
}

static void read_extensions(dm_pass *pass, dm_properties *properties, dm_datasource *out)
{
  const ast_property *property = dm_property_take(properties, "extensions");
  if (!property) return;
  pass->extensions_written = true;
  pass->extensions_place = dm_property_place(property);
  const ast_expr *const *items;
  size_t len = dm_array_items(&property->value, &items);
  bool usable = true;
  for (size_t i = 0; i < len; i++) {
    if (items[i]->kind == AST_CONSTANT || items[i]->kind == AST_FUNCTION) continue;
    dm_coerce_failed(pass, "constant or function", items[i]);
    usable = false;
  }
  if (!usable) return;
  out->extensions = arena_array(pass->mem, dm_extension, len);
  for (size_t i = 0; i < len; i++) {
    dm_extension *extension = &out->extensions[out->extension_count++];
    extension->name = items[i]->text;
    if (items[i]->kind == AST_FUNCTION) read_extension_args(pass, items[i]->args, extension);
    if (!extension->db_name.len) extension->db_name = extension->name;
  }
}

/* ---- urls ---- */

static bool same_url(const dm_url *a, const dm_url *b)
{
  return a->present && b->present && str_eq(a->literal, b->literal) && str_eq(a->env, b->env);
}

static void read_optional_url(dm_pass *pass, dm_properties *properties, const char *key, dm_url *out)
{
  const ast_property *property = dm_property_take(properties, key);
  if (property && !dm_config_text(pass, property->value, out)) *out = (dm_url){0};
}

/* False when there is no url that can be used. Prisma 7 keeps it elsewhere: to us it need not be there. */
static bool read_urls(dm_pass *pass, dm_properties *properties, dm_datasource *out)
{
  const ast_property *url = dm_property_take(properties, "url");
  if (url && !dm_config_text(pass, url->value, &out->url)) return false;
  if (!url && pass->options.prisma_only) {
    diag_add(pass->diags, DIAG_PROPERTY_MISSING, properties->block->place, STR("url"), STR("data source"),
             properties->block->name.text);
    return false;
  }
  read_optional_url(pass, properties, "shadowDatabaseUrl", &out->shadow_url);
  if (out->shadow_url.present && !out->shadow_url.env.len && !out->shadow_url.literal.len)
    out->shadow_url.present = false;
  read_optional_url(pass, properties, "directUrl", &out->direct_url);
  if (same_url(&out->shadow_url, &out->direct_url))
    dm_say(pass, out->direct_url.place,
           "shadowDatabaseUrl is the same as directUrl for datasource \"%.*s\". Please specify a different "
           "database as shadow database to avoid data loss.",
           STR_ARG(properties->block->name.text));
  if (same_url(&out->shadow_url, &out->url))
    dm_say(pass, out->url.place,
           "shadowDatabaseUrl is the same as url for datasource \"%.*s\". Please specify a different "
           "database as shadow database to avoid data loss.",
           STR_ARG(properties->block->name.text));
  return true;
}

/* ---- schemas ---- */

/* Every schema that was there before is reported, once for each repetition. */
static void report_repeated_schemas(dm_pass *pass, const dm_datasource *out)
{
  for (size_t i = 0; i < out->schema_count; i++) {
    for (size_t j = i + 1; j < out->schema_count; j++) {
      if (!str_eq(out->schemas[i], out->schemas[j])) continue;
      dm_say(pass, pass->schema_places[i], "Duplicated schema names are not allowed");
      break;
    }
  }
}

static void read_schemas(dm_pass *pass, dm_properties *properties, dm_datasource *out)
{
  const ast_property *property = dm_property_take(properties, "schemas");
  if (!property) return;
  const ast_expr *const *items;
  size_t len = dm_array_items(&property->value, &items);
  str *names = arena_array(pass->mem, str, len);
  pass->schema_places = arena_array(pass->mem, span, len);
  bool usable = true;
  for (size_t i = 0; i < len; i++) {
    pass->schema_places[i] = items[i]->place;
    usable = dm_coerce_string(pass, items[i], &names[i]) && usable;
  }
  if (!usable) return;
  if (!len) {
    dm_say(pass, property->value->place, "If provided, the schemas array can not be empty.");
    return;
  }
  out->schemas = names;
  out->schema_count = len;
  report_repeated_schemas(pass, out);
}

/* ---- the block ---- */

static void say_unknown(dm_pass *pass, const ast_property *property)
{
  static const str known[] = {
      STR_INIT("provider"),   STR_INIT("url"),          STR_INIT("directUrl"), STR_INIT("shadowDatabaseUrl"),
      STR_INIT("extensions"), STR_INIT("relationMode"), STR_INIT("schemas")};
  str name = property->key.text;
  diag *d = diag_add(pass->diags, DIAG_PROPERTY_UNKNOWN, dm_property_place(property), name);
  dm_suggest(pass, d, name, known, sizeof known / sizeof known[0]);
}

/* Of several properties of one name Prisma knows the last. */
static void say_all_unknown(dm_pass *pass, const dm_properties *properties)
{
  table *last = sc_table_new(pass->mem);
  for (size_t i = 0; i < properties->len; i++)
    if (properties->items[i]) sc_table_put(last, properties->items[i]->key.text, properties->items + i);
  for (size_t i = 0; i < properties->len; i++)
    if (properties->items[i] && sc_table_get(last, properties->items[i]->key.text) == properties->items + i)
      say_unknown(pass, properties->items[i]);
}

static bool read_datasource(dm_pass *pass, const ast_block *block, dm_datasource *out)
{
  dm_properties properties;
  *out = (dm_datasource){.name = block->name.text, .place = block->place};
  if (!dm_properties_begin(&properties, pass, block)) return false;
  if (!read_provider(pass, &properties, out)) return false;
  read_relation_mode(pass, &properties, out);
  read_extensions(pass, &properties, out);
  if (!read_urls(pass, &properties, out)) return false;
  const ast_property *preview = dm_property_take(&properties, "previewFeatures");
  if (preview)
    dm_say(pass, dm_property_place(preview),
           "Preview features are only supported in the generator block. Please move this field to the "
           "generator block.");
  read_schemas(pass, &properties, out);
  say_all_unknown(pass, &properties);
  out->present = true;
  return true;
}

/* Of one file: blocks from `first` to `last`. True when there is one that can be used. */
static bool read_datasources(dm_pass *pass, size_t first, size_t last)
{
  size_t count = 0;
  for (size_t i = first; i < last; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    dm_datasource found;
    if (block->kind != AST_DATASOURCE || !read_datasource(pass, block, &found)) continue;
    if (!count++ && !pass->schema->datasource.present) pass->schema->datasource = found;
  }
  for (size_t i = first; count > 1 && i < last; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    if (block->kind == AST_DATASOURCE)
      say_source(pass, block->name.text, block->place,
                 "You defined more than one datasource. This is not allowed yet because support for multiple "
                 "databases has not been implemented yet.");
  }
  return count > 0;
}

/* Prisma reads the configuration file by file, and a generator knows only the datasource beside it. */
void dm_pass_config(dm_pass *pass)
{
  const ast_block *const *blocks = (const ast_block *const *)pass->ast->blocks.items;
  pass->schema->generators = arena_array(pass->mem, dm_generator, pass->ast->blocks.len);
  for (size_t first = 0, last = 0; first < pass->ast->blocks.len; first = last) {
    while (last < pass->ast->blocks.len && blocks[last]->place.file == blocks[first]->place.file) last++;
    bool has_database = read_datasources(pass, first, last);
    for (size_t i = first; i < last; i++)
      if (blocks[i]->kind == AST_GENERATOR) dm_read_generator(pass, blocks[i], has_database);
  }
}
