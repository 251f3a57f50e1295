/* The order of steps: Prisma's, but where one has to make way for another. */
#include "sql/diff.h"

#include <stdlib.h>

/* What makes way for an enum comes just before the first that changes. */
static int place_of(const sql_step *step)
{
  return step->makes_way ? 2 * (int)SQL_ALTER_ENUM - 1 : 2 * (int)step->kind;
}

static int by_order(const void *a, const void *b)
{
  const sql_step *x = a, *y = b;
  if (place_of(x) != place_of(y)) return place_of(x) < place_of(y) ? -1 : 1;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  for (size_t i = 0; i < 3; i++)
    if (x->order[i] != y->order[i]) return x->order[i] < y->order[i] ? -1 : 1;
  return 0;
}

/* The step at `from` goes to `to`, and those between move up. */
static void move_step(sql_plan *plan, size_t from, size_t to)
{
  sql_step step = plan->steps[from];
  if (from < to)
    memmove(&plan->steps[from], &plan->steps[from + 1], (to - from) * sizeof step);
  else
    memmove(&plan->steps[to + 1], &plan->steps[to], (from - to) * sizeof step);
  plan->steps[to] = step;
}

/* ---- a key for a key ---- */

static bool adds_key_of(const sql_step *step, const sql_table *table, const sql_index *index)
{
  bool alters = step->kind == SQL_ALTER_TABLE || step->kind == SQL_FINISH_TABLE;
  if (!alters || step->from_table != table || !step->to_table->primary_key) return false;
  const sql_index *key = step->to_table->primary_key;
  if (key->key_count != index->key_count) return false;
  for (size_t i = 0; i < key->key_count; i++)
    if (!str_eq(key->keys[i].column, index->keys[i].column)) return false;
  return true;
}

/* A unique index makes way for a primary key on the same columns only when that key stands: the table must
 * not be without either, since foreign keys may refer to it. */
static void postpone_dropped_uniques(sql_plan *plan)
{
  for (size_t i = 0; i < plan->len; i++) {
    sql_step drop = plan->steps[i];
    if (drop.kind != SQL_DROP_INDEX || drop.from_index->kind != SQL_UNIQUE || drop.from_table->primary_key)
      continue;
    size_t at = i + 1;
    while (at < plan->len && !adds_key_of(&plan->steps[at], drop.from_table, drop.from_index)) at++;
    if (at == plan->len) continue;
    move_step(plan, i--, at);
  }
}

/* ---- a name that is free only when its owner has another ---- */

typedef struct name_change name_change;
struct name_change {
  const sql_table *table;
  str from, to;
};

static bool read_name_change(const sql_step *step, name_change *out)
{
  *out = (name_change){.table = step->from_table};
  if (step->kind == SQL_RENAME_INDEX) {
    out->from = step->from_index->name;
    out->to = step->to_index->name;
  } else if (step->kind == SQL_RENAME_FOREIGN_KEY) {
    out->from = step->from_key->name;
    out->to = step->to_key->name;
  } else if (step->kind == SQL_RENAME_SEQUENCE) {
    out->from = step->name;
    out->to = step->new_name;
  } else if (step->kind == SQL_ALTER_TABLE) {
    for (size_t i = 0; i < step->change_count; i++) {
      if (step->changes[i].kind != SQL_RENAME_PRIMARY_KEY) continue;
      out->from = step->from_table->primary_key->name;
      out->to = step->to_table->primary_key->name;
    }
  }
  return out->from.len > 0;
}

/* Whether the second of two steps of a kind has to come first: it frees the name that the first takes. */
static bool in_the_way(const sql_step *first, const sql_step *second)
{
  name_change a, b;
  bool same_index = first->to_index && first->to_index == second->from_index; /* it only stepped aside */
  bool same_key = first->to_key && first->to_key == second->from_key;
  if (same_index || same_key) return false;
  if (!read_name_change(first, &a) || !read_name_change(second, &b)) return false;
  bool same_scope =
      first->kind == SQL_RENAME_FOREIGN_KEY ? a.table == b.table : str_eq(a.table->schema, b.table->schema);
  return same_scope && str_eq(a.to, b.from);
}

/* Indexes and keys whose names go round in a circle: one steps aside until all others have moved. */
static bool step_aside(differ *d, size_t at, size_t end)
{
  sql_step *step = &d->steps.items[at];
  sql_step back = *step;
  if (step->kind == SQL_RENAME_INDEX) {
    sql_index *aside = arena_new(d->mem, sql_index);
    *aside = *step->from_index;
    aside->name = sc_str_format(d->mem, "_%.*s", STR_ARG(str_slice(aside->name, 0, SQL_LONGEST_NAME - 1)));
    step->to_index = back.from_index = aside;
  } else if (step->kind == SQL_RENAME_FOREIGN_KEY) {
    sql_foreign_key *aside = arena_new(d->mem, sql_foreign_key);
    *aside = *step->from_key;
    aside->name = sc_str_format(d->mem, "_%.*s", STR_ARG(str_slice(aside->name, 0, SQL_LONGEST_NAME - 1)));
    step->to_key = back.from_key = aside;
  } else {
    return false;
  }
  vec_push(d->mem, &d->steps, back);
  sql_plan plan = {.steps = d->steps.items, .len = d->steps.len};
  move_step(&plan, d->steps.len - 1, end);
  return true;
}

static void make_way(differ *d)
{
  for (size_t i = 0; i < d->steps.len; i++) {
    size_t moved = 0;
    name_change change;
    if (!read_name_change(&d->steps.items[i], &change)) continue;
    for (size_t j = i + 1; j < d->steps.len && d->steps.items[j].kind == d->steps.items[i].kind; j++) {
      if (!in_the_way(&d->steps.items[i], &d->steps.items[j])) continue;
      size_t end = j;
      while (end < d->steps.len && d->steps.items[end].kind == d->steps.items[i].kind) end++;
      if (moved++ > end - i) {
        if (!step_aside(d, i, end)) return;
        moved = 0;
      } else {
        sql_plan plan = {.steps = d->steps.items, .len = d->steps.len};
        move_step(&plan, j, i);
      }
      j = i;
    }
  }
}

/* A new index may take the name of one that is renamed: that one goes first. */
static void rename_before_creating(sql_plan *plan)
{
  for (size_t i = 0; i < plan->len; i++) {
    if (plan->steps[i].kind != SQL_RENAME_INDEX) continue;
    for (size_t j = 0; j < i; j++) {
      const sql_step *create = &plan->steps[j];
      if (create->kind != SQL_CREATE_INDEX ||
          !str_eq(create->to_index->name, plan->steps[i].from_index->name))
        continue;
      move_step(plan, i, j);
      break;
    }
  }
}

void diff_order(differ *d)
{
  if (d->steps.len == 0) return;
  qsort(d->steps.items, d->steps.len, sizeof *d->steps.items, by_order);
  make_way(d);
  sql_plan plan = {.steps = d->steps.items, .len = d->steps.len};
  postpone_dropped_uniques(&plan);
  rename_before_creating(&plan);
}
