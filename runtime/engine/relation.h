/* How the tables of a relation are joined: the one place that knows its four kinds. */
#ifndef ENGINE_RELATION_H
#define ENGINE_RELATION_H

#include "engine/ask.h"

static inline bool sc_relation_is_list(const sc_relation *relation)
{
  return relation->kind == SC_TO_MANY || relation->kind == SC_TO_MANY_BY_JOIN;
}

/* The table at the end of `relation` (of `model`) with the condition that its records belong to those of
 * `alias`, to stand behind FROM: "s"."posts" AS t1 WHERE t1."authorId" = t0."id". More may follow with AND.
 * `other` is the alias of the target, `join` that of a join table. */
void sc_ask_related(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                    unsigned other, unsigned join);
/* The condition alone, of a relation without a join table: t1."authorId" = t0."id". */
void sc_ask_link(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                 unsigned other);
/* "s"."_CategoryToPost" AS t2 JOIN "s"."Post" AS t1 ON t1."id" = t2."B" */
void sc_ask_join(sc_ask *ask, const sc_relation *relation, unsigned other, unsigned join);
/* t2."A" */
void sc_ask_join_here(sc_ask *ask, const sc_relation *relation, unsigned join);

#endif
