#include "engine/order.h"

#include "engine/held.h"
#include "engine/relation.h"

typedef struct ordering {
  sc_ask *ask;
  buf *joins;
  bool backwards;
} ordering;

/* By sc_order: forwards and backwards. Without NULLS, PostgreSQL has them last when ascending, first when
 * descending. */
static const char *const directions[][2] = {
    [SC_ASC] = {" ASC", " DESC"},
    [SC_DESC] = {" DESC", " ASC"},
    [SC_ASC_NULLS_FIRST] = {" ASC NULLS FIRST", " DESC NULLS LAST"},
    [SC_ASC_NULLS_LAST] = {" ASC NULLS LAST", " DESC NULLS FIRST"},
    [SC_DESC_NULLS_FIRST] = {" DESC NULLS FIRST", " ASC NULLS LAST"},
    [SC_DESC_NULLS_LAST] = {" DESC NULLS LAST", " ASC NULLS FIRST"},
};

static sc_order direction_at(const void *order, size_t offset)
{
  sc_order direction;
  memcpy(&direction, (const char *)order + offset, sizeof direction);
  return direction;
}

static bool known(ordering *o, const sc_model *model, const char *name, sc_order direction)
{
  if ((unsigned)direction <= SC_DESC_NULLS_LAST) return true;
  sc_ask_fail(o->ask, SC_INVALID_ARGUMENT, model, name, "Argument `orderBy`: %d is no order.",
              (int)direction);
  return false;
}

static void write_direction(ordering *o, sc_order direction)
{
  sc_ask_key(o->ask, 'd', (unsigned)direction);
  sc_ask_text(o->ask, str_from(directions[direction][o->backwards]));
}

/* LEFT JOIN "s"."users" AS t1 ON t1."id" = t0."authorId" */
static unsigned join(ordering *o, const sc_model *model, const sc_relation *relation, unsigned alias)
{
  sc_ask *ask = o->ask;
  unsigned other = ask->aliases++;
  buf *text = ask->sql;
  if (text) ask->sql = o->joins;
  ASK_SQL(ask, " LEFT JOIN ");
  sc_ask_table(ask, relation->target, other);
  ASK_SQL(ask, " ON ");
  sc_ask_link(ask, model, relation, alias, other);
  ask->sql = text;
  return other;
}

static void by_count(ordering *o, const sc_model *model, const sc_relation *relation, unsigned alias,
                     sc_order direction)
{
  unsigned other = o->ask->aliases;
  o->ask->aliases += 2;
  ASK_SQL(o->ask, "(SELECT count(*) FROM ");
  sc_ask_related(o->ask, model, relation, alias, other, other + 1);
  ASK_SQL(o->ask, ")");
  write_direction(o, direction);
}

static unsigned element(ordering *o, const sc_model *model, unsigned alias, const char *order);

static unsigned by_relation(ordering *o, const sc_model *model, unsigned alias, unsigned number,
                            const char *order)
{
  const sc_relation *relation = &model->relations[number];
  if (sc_relation_is_list(relation)) {
    sc_order direction = direction_at(order, relation->order_by);
    if (!direction || !known(o, model, relation->name, direction)) return 0;
    sc_ask_key(o->ask, 'n', number);
    by_count(o, model, relation, alias, direction);
    return 1;
  }
  const void *inner = sc_pointer_at(order, relation->order_by);
  if (sc_given_pointer(o->ask, model, relation->name, inner) != SC_GIVEN) return 0;
  if (++o->ask->depth > SC_ASK_DEPTH) {
    sc_ask_fail(o->ask, SC_INVALID_ARGUMENT, model, relation->name,
                "The query is nested deeper than %d levels.", SC_ASK_DEPTH);
    return 0;
  }
  sc_ask_key(o->ask, 'j', number);
  unsigned keys = element(o, relation->target, join(o, model, relation, alias), inner);
  o->ask->depth--;
  return keys;
}

/* How many keys an element names; all are written. */
static unsigned element(ordering *o, const sc_model *model, unsigned alias, const char *order)
{
  unsigned keys = 0;
  for (unsigned i = 0; i < model->field_count; i++) {
    sc_order direction = direction_at(order, i * sizeof direction);
    if (!direction || !known(o, model, model->fields[i].name, direction)) continue;
    keys++;
    sc_ask_key(o->ask, 'f', i);
    sc_ask_column(o->ask, alias, &model->fields[i]);
    write_direction(o, direction);
  }
  for (unsigned j = 0; j < model->relation_count; j++) keys += by_relation(o, model, alias, j, order);
  return keys;
}

bool sc_ask_order(sc_ask *ask, const sc_model *model, unsigned alias, const sc_list *list, bool backwards,
                  buf *joins)
{
  if (sc_given_list(ask, model, "orderBy", list) != SC_GIVEN) return false;
  ordering o = {ask, joins, backwards};
  bool any = false;
  for (size_t i = 0; i < list->len && ask->status == SC_OK; i++) {
    size_t before = ask->sql ? ask->sql->len : 0;
    if (any) ASK_SQL(ask, ", ");
    unsigned keys = element(&o, model, alias, (const char *)list->items + i * model->order_by_size);
    if (keys > 1)
      sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, "orderBy",
                  "Argument `orderBy`: an element names one key; %u are given. Write an element for each.",
                  keys);
    if (keys == 0 && ask->sql) ask->sql->len = before;
    any |= keys > 0;
  }
  return any;
}
