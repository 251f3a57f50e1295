/* Composite types, which PostgreSQL does not have in this form. Before Prisma says so it looks for types that
 * hold themselves without end, and so do we.
 *
 * From every required field the fields of its type are followed, the last one first, until the type of the
 * start is met again. Prisma never comes back from other circles on the way; ours leaves them. */
#include "base/buf.h"
#include "dm/rules.h"

#include <stdlib.h>

typedef struct composite_step composite_step;
struct composite_step {
  const ast_block *holder, *type; /* of the field: where it stands, and what it holds */
  const ast_field *field;
  size_t before; /* the step that led here, counted from 1; 0: the start */
};

/* Reported in the order of the types that the fields hold. */
typedef struct composite_fault composite_fault;
struct composite_fault {
  size_t type, number;
  composite_step at;
  str text;
};

typedef struct composite_walk composite_walk;
struct composite_walk {
  dm_pass *pass;
  VEC(composite_step) steps;
  VEC(size_t) stack;
  VEC(composite_fault) faults;
};

/* More steps than any schema needs that a hand wrote: what grows without bound is left alone. */
enum { MOST_STEPS = 20000 };

static size_t number_of(const dm_pass *pass, const ast_block *type)
{
  size_t number = 0;
  while (number < pass->composites.len && pass->composites.items[number] != type) number++;
  return number;
}

static void push_fields(composite_walk *walk, const ast_block *holder, size_t before)
{
  for (size_t i = 0; i < holder->items.len; i++) {
    if (holder->items.items[i]->kind != AST_FIELD) continue;
    const ast_field *field = holder->items.items[i]->as.field;
    const dm_top *top = field->unsupported ? NULL : sc_table_get(walk->pass->tops, field->type.text);
    if (field->arity != AST_REQUIRED || !top || top->kind != DM_TOP_COMPOSITE) continue;
    vec_push(walk->pass->mem, &walk->steps, (composite_step){holder, top->block, field, before});
    vec_push(walk->pass->mem, &walk->stack, walk->steps.len);
  }
}

static void add_fault(composite_walk *walk, const composite_step *at, str text)
{
  composite_fault fault = {number_of(walk->pass, at->type), walk->faults.len, *at, text};
  vec_push(walk->pass->mem, &walk->faults, fault);
}

/* `B` → `A` → `B`: from this step back to the start. */
static str path_text(const composite_walk *walk, size_t number)
{
  buf out = {.mem = walk->pass->mem};
  for (; number; number = walk->steps.items[number - 1].before) {
    str name = walk->steps.items[number - 1].holder->name.text;
    sc_buf_format(&out, "%s`%.*s`", out.len ? " → " : "", STR_ARG(name));
  }
  return buf_str(&out);
}

static bool was_on_the_way(const composite_walk *walk, const composite_step *at)
{
  for (size_t number = at->before; number; number = walk->steps.items[number - 1].before)
    if (walk->steps.items[number - 1].type == at->type) return true;
  return false;
}

static const ast_block *start_of(const composite_walk *walk, const composite_step *at)
{
  while (at->before) at = &walk->steps.items[at->before - 1];
  return at->type;
}

static void take_step(composite_walk *walk, size_t number)
{
  composite_step at = walk->steps.items[number - 1];
  if (at.holder == at.type)
    add_fault(
        walk, &at,
        STR("The type is the same as the parent and causes an endless cycle. Please change the field to be "
            "either optional or a list."));
  else if (at.before && start_of(walk, &at) == at.type)
    add_fault(
        walk, &at,
        sc_str_format(walk->pass->mem,
                      "The types cause an endless cycle in the path %.*s. Please change one of the fields to "
                      "be either optional or a list to break the cycle.",
                      STR_ARG(path_text(walk, number))));
  else if (!was_on_the_way(walk, &at))
    push_fields(walk, at.type, number);
}

static int compare_faults(const void *left, const void *right)
{
  const composite_fault *a = left, *b = right;
  if (a->type != b->type) return a->type < b->type ? -1 : 1;
  return (a->number > b->number) - (a->number < b->number);
}

static void check_cycles(dm_pass *pass)
{
  composite_walk walk = {.pass = pass};
  for (size_t i = 0; i < pass->composites.len; i++) push_fields(&walk, pass->composites.items[i], 0);
  while (walk.stack.len && walk.steps.len < MOST_STEPS) take_step(&walk, walk.stack.items[--walk.stack.len]);
  if (walk.faults.len) qsort(walk.faults.items, walk.faults.len, sizeof walk.faults.items[0], compare_faults);
  for (size_t i = 0; i < walk.faults.len; i++) {
    const composite_step *at = &walk.faults.items[i].at;
    diag_add(pass->diags, DIAG_FIELD, at->field->place, at->field->name.text, STR("composite type"),
             at->holder->name.text, walk.faults.items[i].text);
  }
}

void dm_rules_composites(dm_pass *pass)
{
  check_cycles(pass);
  const char *database = dm_is_bare(pass)
                             ? "psl_core::datamodel_connector::empty_connector::EmptyDatamodelConnector"
                             : "Postgres";
  for (size_t i = 0; i < pass->composites.len; i++)
    dm_say_invalid(pass, pass->composites.items[i]->place, "Composite types are not supported on %s.",
                   database);
}
