/* The rules in Prisma's order. Each says what it finds and leaves the others their turn. */
#include "dm/advise.h"
#include "dm/rules.h"

#include "base/buf.h"

/* ---- small things that many rules need ---- */

const char *dm_key_word(const dm_index *index)
{
  switch (index->kind) {
  case DM_PRIMARY_KEY: return index->on_field ? "@id" : "@@id";
  case DM_UNIQUE: return index->on_field ? "@unique" : "@@unique";
  case DM_INDEX: return "@@index";
  case DM_FULLTEXT: return "@@fulltext";
  }
  return "";
}

span dm_arg_place(const ast_attr *attr, const char *name)
{
  const ast_arg *arg = ast_args_named(attr->args, str_from(name));
  return arg ? arg->place : attr->place;
}

void dm_check_name_length(dm_pass *pass, const dm_model *model, const ast_attr *attr, str name, bool on_block)
{
  if (name.len <= 63 || dm_is_bare(pass)) return;
  dm_say_model_only(pass, model, dm_arg_place(attr, "map"),
                    "The constraint name '%.*s' specified in the `map` argument for the `%s%.*s` constraint "
                    "is too long for your chosen provider. The maximum allowed length is 63 bytes.",
                    STR_ARG(name), on_block ? "@@" : "@", STR_ARG(attr->name.text));
}

const dm_pair *dm_pair_of(const dm_pass *pass, const dm_side *side)
{
  return side->pair ? &pass->pairs.items[side->pair - 1] : NULL;
}

size_t dm_criterion_count(const dm_draft *draft)
{
  return draft->keys.len + 1;
}

const dm_index *dm_criterion(const dm_draft *draft, size_t number)
{
  const dm_key_draft *key = number ? draft->keys.items[number - 1] : draft->primary_key;
  if (!key || (key->index.kind != DM_PRIMARY_KEY && key->index.kind != DM_UNIQUE)) return NULL;
  bool partial = key->index.where.len || key->index.where_object;
  return partial ? NULL : &key->index;
}

bool dm_key_has_exactly(const dm_index *index, const dm_field *const *fields, size_t count)
{
  if (index->key_count != count) return false;
  for (size_t i = 0; i < count; i++) {
    bool found = false;
    for (size_t k = 0; k < count && !found; k++) found = index->keys[k].field == fields[i];
    if (!found) return false;
  }
  return true;
}

/* ---- before the models ---- */

static void say_unknown_function(dm_pass *pass, const ast_expr *call)
{
  static const str known[] = {STR_INIT("autoincrement"), STR_INIT("now"),  STR_INIT("uuid"),
                              STR_INIT("cuid"),          STR_INIT("ulid"), STR_INIT("nanoid"),
                              STR_INIT("dbgenerated")};
  diag *d = diag_add(pass->diags, DIAG_DEFAULT_FUNCTION_UNKNOWN, call->place, call->text);
  dm_suggest(pass, d, call->text, known, sizeof known / sizeof known[0]);
}

static void check_default_functions(dm_pass *pass)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    const dm_draft *draft = pass->drafts[m];
    for (size_t f = 0; f < draft->model->field_count; f++) {
      const dm_field_draft *field = &draft->fields[f];
      if (field->unknown_function) say_unknown_function(pass, field->default_value);
    }
  }
}

static void check_extension_names(dm_pass *pass)
{
  const dm_datasource *datasource = &pass->schema->datasource;
  for (size_t i = 0; i < datasource->extension_count; i++) {
    str name = datasource->extensions[i].name;
    if (!name.len)
      dm_say_invalid(pass, pass->extensions_place, "The name of an extension must not be empty.");
    else if (name.ptr[0] >= '0' && name.ptr[0] <= '9')
      dm_say_invalid(pass, pass->extensions_place, "The name of an extension must not start with a number.");
    else if (sc_str_find_char(name, '-') != SIZE_MAX)
      dm_say_invalid(pass, pass->extensions_place, "The character `-` is not allowed in extension names.");
  }
}

static void check_datasource(dm_pass *pass)
{
  if (!pass->extensions_written) return;
  if (pass->preview_extensions) {
    check_extension_names(pass);
    return;
  }
  diag *d =
      dm_say(pass, pass->extensions_place,
             "The `extensions` property is only available with the `postgresqlExtensions` preview feature.");
  diag_help(pass->diags, d, "add `previewFeatures = [\"postgresqlExtensions\"]` to a generator");
}

/* ---- names in the database ---- */

static span map_place(const ast_block *block)
{
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind == AST_BLOCK_ATTR && str_eq(item->as.attr->name.text, STR("map")))
      return item->as.attr->place;
  }
  return block->name.place;
}

/* The report stands at the @@map that made the names equal, on whichever model it is. */
static void check_table_names(dm_pass *pass, bool views, table *seen)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    dm_model *model = pass->schema->models[m];
    if (model->is_view != views) continue;
    char room[DM_KEY_ROOM];
    str key = dm_key_of(pass->mem, room, sizeof room, model->schema, model->db_name);
    void **slot = sc_table_slot(seen, key);
    const dm_model *other = *slot;
    *slot = model;
    if (!other) continue;
    bool mine = !str_eq(model->name, model->db_name);
    str other_name = mine ? other->name : model->name;
    dm_say(pass, map_place(mine ? model->ast : other->ast),
           "The model with database name \"%.*s\" could not be defined because another model or view with "
           "this name exists: \"%.*s\"",
           STR_ARG(model->db_name), STR_ARG(other_name));
  }
}

static void check_enum_names(dm_pass *pass)
{
  table *seen = sc_table_new(pass->mem);
  for (size_t e = 0; e < pass->schema->enum_count; e++) {
    dm_enum *enum_ = pass->schema->enums[e];
    char room[DM_KEY_ROOM];
    str key = dm_key_of(pass->mem, room, sizeof room, enum_->schema, enum_->db_name);
    bool taken = sc_table_get(seen, key) != NULL;
    sc_table_put(seen, key, enum_);
    if (taken) dm_say(pass, enum_->place, "An enum with the same database name is already defined.");
  }
}

static bool schema_exists(const dm_pass *pass, str name)
{
  for (size_t i = 0; i < pass->schema->datasource.schema_count; i++)
    if (str_eq(pass->schema->datasource.schemas[i], name)) return true;
  return false;
}

static void check_enum_schemas(dm_pass *pass)
{
  for (size_t e = 0; e < pass->schema->enum_count; e++) {
    const dm_enum_draft *draft = &pass->enums[e];
    if (draft->schema && dm_is_bare(pass))
      dm_say(pass, draft->schema->place, "@@schema is not supported on the current datasource provider");
    else if (draft->schema && !schema_exists(pass, draft->enum_->schema))
      diag_add_plain(pass->diags, DIAG_SCHEMA_UNKNOWN, draft->schema->place);
    else if (!draft->schema && pass->schema->datasource.schema_count)
      dm_say(pass, draft->enum_->place, "This enum is missing an `@@schema` attribute.");
  }
}

/* ---- models ---- */

/* False when a relation is ambiguous: that ends all rules. */
static bool check_model(dm_pass *pass, const dm_scopes *scopes, dm_draft *draft)
{
  dm_rules_model(pass, scopes, draft);
  for (size_t f = 0; f < draft->model->field_count; f++)
    if (dm_field_is_column(&draft->model->fields[f]))
      dm_rules_column(pass, scopes, draft, &draft->model->fields[f]);
  for (size_t i = 0; i < draft->sides.len; i++)
    if (!dm_rules_side(pass, scopes, draft->sides.items[i])) return false;
  for (size_t i = 0; i < draft->keys.len; i++) dm_rules_index(pass, scopes, draft->keys.items[i]);
  return true;
}

static bool check_models(dm_pass *pass, const dm_scopes *scopes, bool views)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    if (pass->schema->models[m]->is_view != views) continue;
    dm_fetch_model(pass, m);
    dm_fetch_keys(pass, m);
    if (!check_model(pass, scopes, pass->drafts[m])) return false;
  }
  return true;
}

void dm_pass_rules(dm_pass *pass)
{
  dm_name_keys(pass);
  const dm_scopes *scopes = dm_scopes_new(pass);
  dm_rules_composites(pass);
  if (pass->unknown_functions) check_default_functions(pass);
  if (pass->schema->datasource.present) check_datasource(pass);
  table *seen = sc_table_new(pass->mem);
  check_table_names(pass, false, seen);
  check_table_names(pass, true, seen);
  if (!check_models(pass, scopes, false) || !check_models(pass, scopes, true)) return;
  check_enum_names(pass);
  check_enum_schemas(pass);
  dm_cycles *cycles = dm_cycles_new(pass);
  for (size_t i = 0; i < pass->pairs.len; i++) dm_rules_relation(pass, scopes, cycles, &pass->pairs.items[i]);
  dm_rules_extensions(pass, scopes);
}
