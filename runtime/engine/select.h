/* What a call selects of a model: select, or all without omit, and include. */
#ifndef ENGINE_SELECT_H
#define ENGINE_SELECT_H

#include "engine/ask.h"

/* Each is NULL when it asks for nothing. */
typedef struct sc_picked sc_picked;
struct sc_picked {
  const char *select, *omit, *include;
};

/* SC_INVALID_ARGUMENT when select comes with omit or include. Adds to the shape which fields are picked. */
sc_picked sc_pick(sc_ask *ask, const sc_model *model, const void *args, const sc_args_at *at);

static inline bool sc_picks_field(const sc_picked *picked, unsigned field)
{
  return picked->select ? picked->select[field] != 0 : !picked->omit || !picked->omit[field];
}

/* The arguments of a relation's read, NULL when it is not picked. */
const void *sc_picks_relation(const sc_picked *picked, const sc_relation *relation);
/* Whether the records of a to-many relation are counted; *where is NULL when all are. */
bool sc_picks_count(const sc_picked *picked, const sc_model *model, const sc_relation *relation,
                    const void **where);

#endif
