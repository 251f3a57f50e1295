/* Rules for a schema that has no datasource: Prisma then knows no database that could do more than the least.
 */
#include "dm/rules.h"

bool dm_is_bare(const dm_pass *pass)
{
  return !pass->schema->datasource.present;
}

/* ---- autoincrement() ---- */

static bool starts_an_index(const dm_draft *draft, const dm_field *field)
{
  const dm_key_draft *key = draft->primary_key;
  if (key && key->index.key_count && key->index.keys[0].field == field) return true;
  for (size_t i = 0; i < draft->keys.len; i++)
    if (draft->keys.items[i]->index.key_count && draft->keys.items[i]->index.keys[0].field == field)
      return true;
  return false;
}

static bool is_whole_key(const dm_draft *draft, const dm_field *field)
{
  const dm_key_draft *key = draft->primary_key;
  return key && key->index.key_count == 1 && key->index.keys[0].field == field;
}

static void check_counter(dm_pass *pass, const dm_draft *draft, const dm_field *field)
{
  if (!is_whole_key(draft, field))
    dm_say_attr_at(pass, "@default", dm_field_place(field),
                   "The `autoincrement()` default value is used on a non-id field even though the datasource "
                   "does not support this.");
  if (!starts_an_index(draft, field))
    dm_say_attr_at(pass, "@default", dm_field_place(field),
                   "The `autoincrement()` default value is used on a non-indexed field even though the "
                   "datasource does not support this.");
}

static void check_counters(dm_pass *pass, const dm_draft *draft)
{
  const dm_model *model = draft->model;
  size_t count = 0;
  for (size_t i = 0; i < model->field_count; i++)
    count += model->fields[i].default_->kind == DM_DEFAULT_AUTOINCREMENT;
  if (count > 1)
    dm_say_attr_at(pass, "@default", model->place,
                   "The `autoincrement()` default value is used multiple times on this model even though the "
                   "underlying datasource only supports one instance per table.");
  for (size_t i = 0; i < model->field_count; i++)
    if (model->fields[i].default_->kind == DM_DEFAULT_AUTOINCREMENT)
      check_counter(pass, draft, &model->fields[i]);
}

/* ---- the rules by what they are about ---- */

void dm_bare_key(dm_pass *pass, const dm_draft *draft)
{
  if (dm_is_bare(pass) && draft->primary_key->index.db_named)
    dm_say_model(pass, draft->model, draft->model->place,
                 "You defined a database name for the primary key on the model. This is not supported by the "
                 "provider.");
}

void dm_bare_model(dm_pass *pass, const dm_draft *draft)
{
  if (!dm_is_bare(pass)) return;
  if (draft->schema)
    dm_say(pass, draft->schema->place, "@@schema is not supported on the current datasource provider");
  if (!draft->model->is_view) check_counters(pass, draft);
}

void dm_bare_column(dm_pass *pass, const dm_field *field)
{
  if (!dm_is_bare(pass)) return;
  const dm_model *model = field->model;
  const char *unsupported = NULL;
  if (field->type == DM_TYPE_SCALAR && field->scalar == DM_DECIMAL) unsupported = "Decimal";
  if (field->type == DM_TYPE_SCALAR && field->scalar == DM_JSON && field->arity == AST_LIST)
    unsupported = "Json[]";
  if (unsupported)
    dm_say_field(
        pass, field,
        "Field `%.*s` in %s `%.*s` can't be of type %s. The current connector does not support the %s type.",
        STR_ARG(field->name), dm_model_word(model), STR_ARG(model->name), unsupported,
        field->scalar == DM_JSON ? "Json List" : unsupported);
  if (field->arity == AST_LIST)
    dm_say(pass, dm_field_place(field),
           "Field \"%.*s\" in %s \"%.*s\" can't be a list. The current connector does not support lists of "
           "primitive types.",
           STR_ARG(field->name), dm_model_word(model), STR_ARG(model->name));
}

void dm_bare_index(dm_pass *pass, const dm_index *index)
{
  if (dm_is_bare(pass) && index->type_written && index->type != DM_BTREE)
    dm_say_attr_at(pass, dm_key_word(index), dm_arg_place(index->ast, "type"),
                   "The given index type is not supported with the current connector");
}

void dm_bare_order(dm_pass *pass, const dm_side *from)
{
  if (!dm_is_bare(pass) || from->reference_count < 2) return;
  for (size_t n = 0; n < dm_criterion_count(from->target); n++) {
    const dm_index *index = dm_criterion(from->target, n);
    bool same = index && index->key_count == from->reference_count;
    for (size_t i = 0; same && i < index->key_count; i++) same = index->keys[i].field == from->references[i];
    if (same) return;
  }
  dm_say_invalid(pass, dm_field_place(from->field),
                 "The argument `references` must refer to a unique criterion in the related model `%.*s` "
                 "using the same order of fields. Please check the ordering in the following fields: `%.*s`.",
                 STR_ARG(from->target->model->name),
                 STR_ARG(dm_join_fields(pass, from->references, from->reference_count, ", ")));
}
