/* Rules about many-to-many relations without a model of their own, and about cycles of referential actions.
 */
#include "base/buf.h"
#include "dm/rules.h"

/* ---- many to many ---- */

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
    diag_add(
        pass->diags, DIAG_FIELD, dm_field_place(side->field), side->field->name, str_from(word),
        side->draft->model->name,
        sc_str_format(
            pass->mem,
            "The relation field `%.*s` on %s `%.*s` references `%.*s` which does not have an `@id` field. "
            "Models without `@id` cannot be part of a many to many relation. Use an explicit intermediate "
            "Model to represent this relationship.",
            STR_ARG(side->field->name), word, STR_ARG(side->draft->model->name),
            STR_ARG(side->target->model->name)));
    return;
  }
  if (!side->has_references || (side->reference_count == 1 && side->references[0] == id)) return;
  dm_say_invalid(
      pass, dm_field_place(side->field),
      "Implicit many-to-many relations must always reference the id field of the related model. Change the "
      "argument `references` to use the id field of the related model `%.*s`. But it is referencing the "
      "following fields that are not the id: %.*s",
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
    dm_say_attr_at(
        pass, "@relation", dm_field_place(side->field),
        "Implicit many-to-many relation should not have references argument defined. Either remove it, or "
        "change the relation to one-to-many.");
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
  static const char rule[] =
      "Embedded many-to-many relations are not supported on Postgres. Please use the syntax defined "
      "in https://pris.ly/d/relational-database-many-to-many";
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

/* ---- cycles ---- */

/* A step on the way from the relation that is looked at. */
typedef struct path path;
struct path {
  const dm_pair *pair;
  const path *before;
};

static bool modifies(dm_action action)
{
  return action == DM_CASCADE || action == DM_SET_NULL || action == DM_SET_DEFAULT;
}

static str path_text(dm_pass *pass, const path *end)
{
  str text = STR("");
  for (; end; end = end->before) {
    const dm_side *side = end->pair->from;
    text = sc_str_format(pass->mem, "%.*s.%.*s%s%.*s", STR_ARG(side->draft->model->name),
                         STR_ARG(side->field->name), text.len ? " → " : "", STR_ARG(text));
  }
  return text;
}

static void say_cycle(dm_pass *pass, const dm_side *from, str text)
{
  bool on_delete = !from->has_on_delete && modifies(dm_on_delete(from));
  bool on_update = !from->has_on_update && modifies(dm_on_update(from));
  str defaults = STR("");
  if (on_delete && on_update)
    defaults = sc_str_format(pass->mem, " (Implicit default `onDelete`: `%s`, and `onUpdate`: `%s`)",
                             dm_action_name(dm_on_delete(from)), dm_action_name(dm_on_update(from)));
  else if (on_delete)
    defaults =
        sc_str_format(pass->mem, " (Implicit default `onDelete`: `%s`)", dm_action_name(dm_on_delete(from)));
  else if (on_update)
    defaults =
        sc_str_format(pass->mem, " (Implicit default `onUpdate`: `%s`)", dm_action_name(dm_on_update(from)));
  dm_say_invalid(pass, dm_field_place(from->field),
                 "%.*s%.*s Read more at https://pris.ly/d/cyclic-referential-actions", STR_ARG(text),
                 STR_ARG(defaults));
}

typedef VEC(path *) paths;

/* The relations whose key stands in a model, by the model they refer to. */
static void push_relations(dm_pass *pass, const dm_draft *draft, const path *before, const bool *visited,
                           paths *stack)
{
  size_t first = stack->len;
  for (size_t i = 0; i < draft->sides.len; i++) {
    const dm_pair *pair = dm_pair_of(pass, draft->sides.items[i]);
    bool complete = pair && pair->to && pair->kind != DM_MANY_TO_MANY;
    if (!complete || pair->from != draft->sides.items[i] || visited[pair - pass->pairs.items]) continue;
    path *step = arena_new(pass->mem, path);
    *step = (path){pair, before};
    vec_push(pass->mem, stack, step);
    for (size_t at = stack->len - 1; at > first; at--) {
      const dm_pair *a = stack->items[at - 1]->pair, *b = stack->items[at]->pair;
      if (a->to->draft->model->index <= b->to->draft->model->index) break;
      path *swap = stack->items[at];
      stack->items[at] = stack->items[at - 1];
      stack->items[at - 1] = swap;
    }
  }
}

void dm_rules_cycles(dm_pass *pass, const dm_pair *pair)
{
  if (!pass->schema->datasource.relation_mode_prisma) return;
  bool *visited = arena_array(pass->mem, bool, pass->pairs.len);
  paths stack = {0};
  path *root = arena_new(pass->mem, path);
  *root = (path){pair, NULL};
  vec_push(pass->mem, &stack, root);
  while (stack.len) {
    const path *step = stack.items[--stack.len];
    const dm_side *from = step->pair->from;
    visited[step->pair - pass->pairs.items] = true;
    if (!modifies(dm_on_update(from)) && !modifies(dm_on_delete(from))) continue;
    if (from->draft == from->target) {
      say_cycle(pass, pair->from,
                STR("A self-relation must have `onDelete` and `onUpdate` referential actions set to "
                    "`NoAction` in one of "
                    "the @relation attributes."));
      return;
    }
    if (from->target == pair->from->draft) {
      say_cycle(
          pass, pair->from,
          sc_str_format(pass->mem,
                        "Reference causes a cycle. One of the @relation attributes in this cycle must have "
                        "`onDelete` and `onUpdate` referential actions set to `NoAction`. Cycle path: %.*s.",
                        STR_ARG(path_text(pass, step))));
      return;
    }
    push_relations(pass, from->target, step, visited, &stack);
  }
}
