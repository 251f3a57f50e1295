/* Cycles of referential actions. Where the database has no foreign keys Prisma carries the actions out
 * itself, and a cycle would never end: each one has to be broken by hand.
 *
 * From every relation the relations behind it are followed depth first, in Prisma's order, since the first
 * cycle that is found is the one that is named. */
#include "base/buf.h"
#include "dm/rules.h"

/* A step on the way; `before` counts steps from 1, 0 is the start. */
typedef struct step step;
struct step {
  const dm_pair *pair;
  size_t before;
};

struct dm_cycles {
  VEC(step) steps;   /* of the current walk */
  VEC(size_t) stack; /* steps yet to be taken */
  uint32_t *visited; /* by relation: the number of the walk that was there last */
  uint32_t walk;
};

dm_cycles *dm_cycles_new(dm_pass *pass)
{
  dm_cycles *cycles = arena_new(pass->mem, dm_cycles);
  if (pass->schema->datasource.relation_mode_prisma)
    cycles->visited = arena_array(pass->mem, uint32_t, pass->pairs.len);
  return cycles;
}

static bool modifies(dm_action action)
{
  return action == DM_CASCADE || action == DM_SET_NULL || action == DM_SET_DEFAULT;
}

/* ---- reports ---- */

/* A.b → B.a: from the start of the walk to this step. */
static str path_text(dm_pass *pass, const dm_cycles *cycles, size_t end)
{
  VEC(const dm_side *) sides = {0};
  for (; end; end = cycles->steps.items[end - 1].before)
    vec_push(pass->mem, &sides, cycles->steps.items[end - 1].pair->from);
  buf out = {.mem = pass->mem};
  for (size_t i = sides.len; i-- > 0;) {
    if (out.len) BUF_LIT(&out, " → ");
    buf_add(&out, sides.items[i]->draft->model->name);
    buf_char(&out, '.');
    buf_add(&out, sides.items[i]->field->name);
  }
  return buf_str(&out);
}

static void say_cycle(dm_pass *pass, const dm_side *from, str text)
{
  bool on_delete = !from->has_on_delete && modifies(dm_on_delete(from));
  bool on_update = !from->has_on_update && modifies(dm_on_update(from));
  const char *deletes = dm_action_name(dm_on_delete(from)), *updates = dm_action_name(dm_on_update(from));
  str defaults = STR("");
  if (on_delete && on_update)
    defaults = sc_str_format(pass->mem, " (Implicit default `onDelete`: `%s`, and `onUpdate`: `%s`)", deletes,
                             updates);
  else if (on_delete)
    defaults = sc_str_format(pass->mem, " (Implicit default `onDelete`: `%s`)", deletes);
  else if (on_update)
    defaults = sc_str_format(pass->mem, " (Implicit default `onUpdate`: `%s`)", updates);
  dm_say_invalid(pass, dm_field_place(from->field),
                 "%.*s%.*s Read more at https://pris.ly/d/cyclic-referential-actions", STR_ARG(text),
                 STR_ARG(defaults));
}

/* ---- the walk ---- */

static void push(dm_pass *pass, dm_cycles *cycles, const dm_pair *pair, size_t before)
{
  vec_push(pass->mem, &cycles->steps, (step){pair, before});
  vec_push(pass->mem, &cycles->stack, cycles->steps.len);
}

/* The relations whose key stands in a model, by the model they refer to: the last one pushed is walked first.
 */
static void push_relations(dm_pass *pass, dm_cycles *cycles, const dm_draft *draft, size_t before)
{
  size_t first = cycles->stack.len;
  for (size_t i = 0; i < draft->sides.len; i++) {
    const dm_pair *pair = dm_pair_of(pass, draft->sides.items[i]);
    bool complete = pair && pair->to && pair->kind != DM_MANY_TO_MANY && pair->from == draft->sides.items[i];
    if (!complete || cycles->visited[pair - pass->pairs.items] == cycles->walk) continue;
    push(pass, cycles, pair, before);
    for (size_t at = cycles->stack.len - 1; at > first; at--) {
      size_t *a = &cycles->stack.items[at - 1], *b = &cycles->stack.items[at], swap = *a;
      if (cycles->steps.items[*a - 1].pair->to->draft->model->index <=
          cycles->steps.items[*b - 1].pair->to->draft->model->index)
        break;
      *a = *b;
      *b = swap;
    }
  }
}

/* True when this step closes a cycle, which has been reported. */
static bool closes(dm_pass *pass, const dm_cycles *cycles, const dm_pair *root, size_t number)
{
  const dm_side *from = cycles->steps.items[number - 1].pair->from;
  if (from->draft == from->target) {
    say_cycle(pass, root->from,
              STR("A self-relation must have `onDelete` and `onUpdate` referential actions set to `NoAction` "
                  "in one of the @relation attributes."));
    return true;
  }
  if (from->target != root->from->draft) return false;
  say_cycle(
      pass, root->from,
      sc_str_format(pass->mem,
                    "Reference causes a cycle. One of the @relation attributes in this cycle must have "
                    "`onDelete` and `onUpdate` referential actions set to `NoAction`. Cycle path: %.*s.",
                    STR_ARG(path_text(pass, cycles, number))));
  return true;
}

void dm_rules_cycles(dm_pass *pass, dm_cycles *cycles, const dm_pair *pair)
{
  if (!cycles->visited) return;
  cycles->walk++;
  cycles->steps.len = cycles->stack.len = 0;
  push(pass, cycles, pair, 0);
  while (cycles->stack.len) {
    size_t number = cycles->stack.items[--cycles->stack.len];
    const dm_pair *at = cycles->steps.items[number - 1].pair;
    cycles->visited[at - pass->pairs.items] = cycles->walk;
    if (!modifies(dm_on_update(at->from)) && !modifies(dm_on_delete(at->from))) continue;
    if (closes(pass, cycles, pair, number)) return;
    push_relations(pass, cycles, at->from->target, number);
  }
}
