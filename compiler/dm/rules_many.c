/* Rules about many-to-many relations without a model of their own, and about cycles of referential actions.
 */
#include "dm/rules.h"

static const dm_field *single_id(const dm_draft *draft)
{
  const dm_key_draft *key = draft->primary_key;
  return key && key->index.key_count == 1 ? key->index.keys[0].field : NULL;
}

static void check_id(dm_pass *pass, const dm_side *side)
{
  const dm_field *id = single_id(side->target);
  if (!id) {
    const char *word = dm_model_word(side->target->model);
    diag_add(pass->diags, DIAG_FIELD, dm_field_place(side->field), side->field->name, str_from(word),
             side->draft->model->name,
             sc_str_format(pass->mem,
                           "The relation field `%.*s` on %s `%.*s` references `%.*s` which does not have an "
                           "`@id` field. Models without `@id` cannot be part of a many to many relation. Use "
                           "an explicit intermediate Model to represent this relationship.",
                           STR_ARG(side->field->name), word, STR_ARG(side->draft->model->name),
                           STR_ARG(side->target->model->name)));
    return;
  }
  if (!side->has_references || (side->reference_count == 1 && side->references[0] == id)) return;
  dm_say_invalid(pass, dm_field_place(side->field),
                 "Implicit many-to-many relations must always reference the id field of the related model. "
                 "Change the argument `references` to use the id field of the related model `%.*s`. But it "
                 "is referencing the following fields that are not the id: %.*s",
                 STR_ARG(side->target->model->name),
                 STR_ARG(dm_join_fields(pass, side->references, side->reference_count, ", ")));
}

static void check_no_actions(dm_pass *pass, const dm_side *side)
{
  static const char rule[] = "Referential actions on implicit many-to-many relations are not supported";
  if (side->has_on_delete) dm_say_invalid(pass, side->on_delete_place, "%s", rule);
  if (side->has_on_update) dm_say_invalid(pass, side->on_update_place, "%s", rule);
}

static void check_no_references(dm_pass *pass, const dm_side *side)
{
  if (side->has_references)
    dm_say_attr_at(pass, "@relation", dm_field_place(side->field),
                   "Implicit many-to-many relation should not have references argument defined. Either "
                   "remove it, or change the relation to one-to-many.");
}

static void check_no_view(dm_pass *pass, const dm_pair *pair)
{
  if (!pair->from->draft->model->is_view && !pair->to->draft->model->is_view) return;
  dm_say_invalid(pass, dm_field_place(pair->from->field),
                 "Implicit many-to-many relations are not supported for views.");
  dm_say_invalid(pass, dm_field_place(pair->to->field),
                 "Implicit many-to-many relations are not supported for views.");
}

static void check_embedded(dm_pass *pass, const dm_pair *pair)
{
  static const char rule[] = "Embedded many-to-many relations are not supported on Postgres. Please use the "
                             "syntax defined in https://pris.ly/d/relational-database-many-to-many";
  dm_say_invalid(pass, dm_field_place(pair->from->field), "%s", rule);
  dm_say_invalid(pass, dm_field_place(pair->to->field), "%s", rule);
}

void dm_rules_many_to_many(dm_pass *pass, const dm_pair *pair)
{
  if (pair->embedded) {
    check_embedded(pass, pair);
    return;
  }
  check_no_view(pass, pair);
  check_id(pass, pair->from);
  check_id(pass, pair->to);
  check_no_actions(pass, pair->from);
  check_no_actions(pass, pair->to);
  check_no_references(pass, pair->from);
  check_no_references(pass, pair->to);
}
