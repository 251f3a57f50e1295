/* The two sides of every relation find each other: by the name both give, or by being the only fields between
 * their models. Prisma's rules: what is ambiguous or missing is reported later, by the rules. */
#include "dm/groups.h"

/* ---- the relation fields of a model that refer to another under one name ---- */

typedef struct group_scope group_scope;
struct group_scope {
  size_t model, target;
};

static str group_key(dm_pass *pass, char *room, const dm_model *model, const dm_model *target, str name)
{
  group_scope scope = {model->index, target->index};
  return dm_key_of(pass->mem, room, DM_KEY_ROOM, DM_BYTES(scope), name);
}

static void enter_group(dm_pass *pass, dm_side *side)
{
  char room[DM_KEY_ROOM];
  str key = group_key(pass, room, side->draft->model, side->target->model, side->name);
  void **slot = sc_table_slot(pass->groups, key);
  if (!*slot) *slot = arena_new(pass->mem, dm_group);
  dm_group *group = *slot;
  vec_push(pass->mem, &group->sides, side);
  side->group = group;
}

static dm_side *find_opposite(dm_pass *pass, const dm_side *side)
{
  char room[DM_KEY_ROOM];
  str key = group_key(pass, room, side->target->model, side->draft->model, side->name);
  const dm_group *group = sc_table_get(pass->groups, key);
  for (size_t i = 0; group && i < group->sides.len; i++)
    if (group->sides.items[i] != side) return group->sides.items[i];
  return NULL;
}

/* ---- one relation from its evidence ---- */

static void add_pair(dm_pass *pass, dm_side *from, dm_side *to, dm_relation_kind kind)
{
  vec_push(pass->mem, &pass->pairs, (dm_pair){.from = from, .to = to, .kind = kind});
  if (from) from->pair = pass->pairs.len;
  if (to) to->pair = pass->pairs.len;
}

/* Model names decide, then field names. */
static bool comes_after(const dm_side *a, const dm_side *b)
{
  int order = sc_str_cmp(a->draft->model->name, b->draft->model->name);
  if (!order) order = sc_str_cmp(a->field->name, b->field->name);
  return order > 0;
}

static void ingest_lists(dm_pass *pass, dm_side *side, dm_side *opposite)
{
  if (sc_str_cmp(side->draft->model->name, opposite->draft->model->name) > 0) return;
  if (side->draft == opposite->draft && sc_str_cmp(side->field->name, opposite->field->name) > 0) return;
  add_pair(pass, side, opposite, DM_MANY_TO_MANY);
  vec_last(&pass->pairs).embedded = side->has_fields || opposite->has_fields;
}

static void ingest_one_to_one(dm_pass *pass, dm_side *side, dm_side *opposite)
{
  ast_arity mine = side->field->arity, other = opposite->field->arity;
  if (mine == AST_OPTIONAL && other == AST_REQUIRED) return; /* the other side will do it */
  bool decided = mine == AST_REQUIRED && other == AST_OPTIONAL;
  if (mine == AST_OPTIONAL && other == AST_OPTIONAL) {
    if (side->has_fields)
      decided = true;
    else if (opposite->has_fields)
      return;
  }
  if (!decided && comes_after(side, opposite)) return;
  add_pair(pass, side, opposite, DM_ONE_TO_ONE);
}

static bool fields_are_unique(const dm_side *side)
{
  for (size_t k = 0; k < side->draft->keys.len; k++) {
    const dm_index *index = &side->draft->keys.items[k]->index;
    bool same = index->kind == DM_UNIQUE && index->key_count == side->field_count;
    for (size_t i = 0; same && i < index->key_count; i++) same = index->keys[i].field == side->fields[i];
    if (same) return true;
  }
  return false;
}

/* Each relation is met from both of its sides and made at one of them. */
static void ingest(dm_pass *pass, dm_side *side)
{
  dm_side *opposite = find_opposite(pass, side);
  side->opposite = opposite;
  bool list = side->field->arity == AST_LIST;
  if (!opposite && list)
    add_pair(pass, NULL, side, DM_ONE_TO_MANY);
  else if (!opposite)
    add_pair(pass, side, NULL, side->has_fields && fields_are_unique(side) ? DM_ONE_TO_ONE : DM_ONE_TO_MANY);
  else if (list && opposite->field->arity == AST_LIST)
    ingest_lists(pass, side, opposite);
  else if (list)
    return;
  else if (opposite->field->arity == AST_LIST)
    add_pair(pass, side, opposite, DM_ONE_TO_MANY);
  else
    ingest_one_to_one(pass, side, opposite);
}

void dm_pass_relations(dm_pass *pass)
{
  pass->groups = sc_table_new(pass->mem);
  for (size_t i = 0; i < pass->sides.len; i++) enter_group(pass, pass->sides.items[i]);
  for (size_t i = 0; i < pass->sides.len; i++) ingest(pass, pass->sides.items[i]);
}
