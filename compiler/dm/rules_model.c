/* Rules about a model or view and its columns. */
#include "base/buf.h"
#include "dm/advise.h"
#include "dm/rules.h"

/* ---- something by which a record can be found ---- */

static bool is_strict(const dm_draft *draft, const dm_index *index)
{
  for (size_t i = 0; i < index->key_count; i++) {
    const dm_field *field = index->keys[i].field;
    if (!field || field->arity == AST_OPTIONAL) return false;
    if (field->type == DM_TYPE_UNSUPPORTED && !draft->fields[field->index].composite) return false;
  }
  return true;
}

static str loose_criteria(dm_pass *pass, const dm_draft *draft)
{
  buf out = {.mem = pass->mem};
  for (size_t n = 0; n < dm_criterion_count(draft); n++) {
    const dm_index *index = dm_criterion(draft, n);
    if (!index) continue;
    if (!out.len)
      BUF_LIT(&out, " The following unique criterias were not considered as they contain fields that are not "
                    "required:");
    BUF_LIT(&out, "\n- ");
    for (size_t k = 0; k < index->key_count; k++) {
      if (k) BUF_LIT(&out, ", ");
      if (index->keys[k].field) buf_add(&out, index->keys[k].field->name);
    }
  }
  return buf_str(&out);
}

const dm_index *dm_strict_criterion(const dm_draft *draft)
{
  for (size_t n = 0; n < dm_criterion_count(draft); n++) {
    const dm_index *index = dm_criterion(draft, n);
    if (index && is_strict(draft, index)) return index;
  }
  return NULL;
}

static void check_criterion(dm_pass *pass, const dm_draft *draft)
{
  if (draft->model->is_ignored || dm_strict_criterion(draft)) return;
  const char *word = dm_model_word(draft->model);
  dm_say_model(pass, draft->model, draft->model->place,
               "Each %s must have at least one unique criteria that has only required fields. Either mark a "
               "single field with `@id`, `@unique` or add a multi field criterion with `@@id([])` or "
               "`@@unique([])` to the %s.%.*s",
               word, word, STR_ARG(loose_criteria(pass, draft)));
}

/* ---- the primary key ---- */

void dm_say_clash(dm_pass *pass, const dm_scopes *scopes, const dm_index *index, span place)
{
  const char *word = dm_key_word(index);
  if (dm_is_bare(pass)) return;
  if (dm_scopes_clash_in_schema(scopes, index->model, index->db_name)) {
    diag *d = dm_say_attr_at(
        pass, word, place,
        "The given constraint name `%.*s` has to be unique in the following namespace: global for primary "
        "key, indexes and unique constraints. Please provide a different name using the `map` argument.",
        STR_ARG(index->db_name));
    const dm_index *first = dm_scopes_first(scopes, index);
    if (first) dm_note_first(pass, d, first->ast->full_place);
  }
  if (index->kind == DM_PRIMARY_KEY && dm_scopes_clash_in_table(scopes, index->model, index->db_name))
    dm_say_attr_at(pass, word, place,
                   "The given constraint name `%.*s` has to be unique in the following namespace: on model "
                   "`%.*s` for primary key, indexes, unique constraints and foreign keys. Please provide a "
                   "different name using the `map` argument.",
                   STR_ARG(index->db_name), STR_ARG(index->model->name));
}

void dm_check_client_clash(dm_pass *pass, const dm_scopes *scopes, const dm_index *index)
{
  if (!index->client_named || !dm_scopes_client_clash(scopes, index->model, index->client_name)) return;
  dm_say_attr_at(pass, dm_key_word(index), dm_arg_place(index->ast, "name"),
                 "The given custom name `%.*s` has to be unique on the model. Please provide a different "
                 "name for the `name` argument.",
                 STR_ARG(index->client_name));
}

str dm_compound_name(dm_pass *pass, const dm_index *index)
{
  str *names = arena_array(pass->mem, str, index->key_count);
  for (size_t i = 0; i < index->key_count; i++)
    names[i] = index->keys[i].field ? index->keys[i].field->name : STR_NONE;
  return dm_join(pass, names, index->key_count, "_");
}

bool dm_is_column_name(const dm_draft *draft, str name)
{
  const dm_field *field = dm_draft_field(draft, name);
  return field && dm_field_is_column(field);
}

static void check_primary_key_shape(dm_pass *pass, const dm_draft *draft, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  const char *word = dm_key_word(index);
  if (!index->key_count)
    dm_say_attr_at(
        pass, word, index->place,
        "The list of fields in an `%s()` attribute cannot be empty. Please specify at least one field.",
        word);
  str name = index->key_count > 1 ? dm_compound_name(pass, index) : STR_NONE;
  if (name.len && dm_is_column_name(draft, name))
    dm_say_model(pass, draft->model, index->place,
                 "The field `%.*s` clashes with the `@@id` attribute's name. Please resolve the conflict by "
                 "providing a custom id name: `@@id([...], name: \"custom_name\")`",
                 STR_ARG(name));
  dm_bare_key(pass, draft);
  if (key->length_written)
    dm_say_attr_at(pass, word, index->place,
                   "The length argument is not supported in the primary key with the current connector");
  for (size_t i = 0; i < index->key_count; i++) {
    if (index->keys[i].sort == DM_SORT_NONE) continue;
    dm_say_attr_at(pass, word, index->place,
                   "The sort argument is not supported in the primary key with the current connector");
    break;
  }
}

static void check_primary_key(dm_pass *pass, const dm_scopes *scopes, const dm_draft *draft)
{
  const dm_key_draft *key = draft->primary_key;
  if (!key) return;
  const dm_index *index = &key->index;
  dm_check_name_length(pass, draft->model, index->ast, index->db_name, !index->on_field);
  dm_say_clash(pass, scopes, index, dm_arg_place(index->ast, "map"));
  dm_check_client_clash(pass, scopes, index);
  check_primary_key_shape(pass, draft, key);
}

/* ---- @@schema ---- */

static void check_schema(dm_pass *pass, const dm_draft *draft)
{
  const dm_datasource *datasource = &pass->schema->datasource;
  if (!datasource->present) return;
  bool known = false;
  for (size_t i = 0; i < datasource->schema_count && !known; i++)
    known = str_eq(datasource->schemas[i], draft->model->schema);
  if (draft->schema && !known) diag_add_plain(pass->diags, DIAG_SCHEMA_UNKNOWN, draft->schema->place);
  if (!draft->schema && datasource->schema_count)
    dm_say_model(pass, draft->model, draft->model->place, "This %s is missing an `@@schema` attribute.",
                 dm_model_word(draft->model));
}

static void check_shard_key(dm_pass *pass, const dm_draft *draft)
{
  if (!draft->shard_key || draft->model->is_view) return;
  const char *word = draft->sharded_by ? "@shardKey" : "@@shardKey";
  span place = draft->shard_key->place;
  if (!pass->preview_shard_keys)
    dm_say_attr_at(pass, word, place,
                   "Defining shard keys requires enabling the `shardKeys` preview feature");
  dm_say_attr_at(pass, word, place, "Shard keys are not currently supported for provider %s",
                 dm_is_bare(pass) ? "empty" : "postgresql");
  if (draft->shards_by_nothing)
    dm_say_attr_at(
        pass, word, place,
        "The list of fields in a `%s()` attribute cannot be empty. Please specify at least one field.", word);
}

/* @@sql is ours: with it a view is no preview. */
static bool has_query(const dm_draft *draft)
{
  for (size_t i = 0; i < draft->model->carried.len; i++)
    if (str_eq(draft->model->carried.items[i]->name.text, STR("sql"))) return true;
  return false;
}

static void check_view(dm_pass *pass, const dm_draft *draft)
{
  if (!pass->preview_views && !has_query(draft)) {
    diag *d = dm_say_invalid(pass, draft->model->place,
                             "View definitions are only available with the `views` preview feature.");
    diag_help(
        pass->diags, d,
        "add `previewFeatures = [\"views\"]` to a generator, or the view's query: `@@sql(\"SELECT …\")`");
  }
}

void dm_rules_model(dm_pass *pass, const dm_scopes *scopes, dm_draft *draft)
{
  if (draft->model->is_view)
    check_view(pass, draft);
  else {
    check_criterion(pass, draft);
    check_primary_key(pass, scopes, draft);
  }
  check_shard_key(pass, draft);
  bool postgres = !draft->model->is_view && !dm_is_bare(pass);
  for (size_t i = 0; i < draft->keys.len && postgres; i++) dm_rules_opclasses(pass, draft->keys.items[i]);
  check_schema(pass, draft);
  dm_bare_model(pass, draft);
  if (draft->model->is_view && draft->primary_key)
    dm_say_invalid(pass, draft->primary_key->index.place, "Views cannot have primary keys.");
  if (draft->primary_key && draft->primary_key->clustered_written && !draft->model->is_view)
    dm_say_attr_at(pass, dm_key_word(&draft->primary_key->index), draft->primary_key->index.place,
                   "Defining clustering is not supported in the current connector.");
}

/* ---- columns ---- */

void dm_check_field_name(dm_pass *pass, const dm_scopes *scopes, const dm_field *field)
{
  const dm_index *index = dm_scopes_client_key(scopes, field->model, field->name);
  if (!index) return;
  dm_say_model(pass, field->model, field->model->place,
               "The custom name `%.*s` specified for the `@@%s` attribute is already used as a name for a "
               "field. Please choose a different name.",
               STR_ARG(field->name), index->kind == DM_PRIMARY_KEY ? "id" : "unique");
}

static void check_default(dm_pass *pass, const dm_field *field, const dm_field_draft *draft)
{
  if (!draft->default_value) return;
  if (draft->default_named)
    dm_say_attr_at(pass, "@default", dm_arg_place(draft->default_attr, "map"),
                   "You defined a database name for the default value of a field on the model. This is not "
                   "supported by the provider.");
  if (draft->default_value->kind == AST_FUNCTION && str_eq(draft->default_value->text, STR("auto")))
    dm_say_attr_at(pass, "@default", draft->default_attr->place,
                   "The current connector does not support the `auto()` function.");
  dm_check_default(pass, field, draft);
}

void dm_rules_column(dm_pass *pass, const dm_scopes *scopes, dm_draft *draft, dm_field *field)
{
  const dm_field_draft *mine = &draft->fields[field->index];
  dm_bare_column(pass, field);
  dm_check_field_name(pass, scopes, field);
  if (mine->native) dm_check_native(pass, field, mine->native);
  check_default(pass, field, mine);
  if (field->type == DM_TYPE_UNSUPPORTED && !mine->composite && pass->schema->datasource.present)
    dm_check_unsupported(pass, field);
}
