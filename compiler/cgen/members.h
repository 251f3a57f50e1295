/* What a model is made of, as the client sees it: fields, relations, unique keys and constraints. The parts
 * of cg_plan that look at one model after another; each step needs the one before it for all models. */
#ifndef CGEN_MEMBERS_H
#define CGEN_MEMBERS_H

#include "cgen/name.h"
#include "cgen/unit.h"

typedef struct plan plan;
struct plan {
  arena *mem;
  name_book *names;
  cg_unit *unit;
  str prefix;          /* an identifier, or empty */
  cg_model **model_of; /* by dm_model.index; NULL: the model is left out */
};

/* Whether a model has a column that the client shows. */
bool plan_shows_model(const dm_model *model);

void plan_fields(plan *p, cg_model *model);
void plan_relations(plan *p, cg_model *model);
/* Needs the relations of all models. */
void plan_opposites(cg_model *model);
void plan_uniques(plan *p, cg_model *model);
/* Needs to know which models can be written. */
void plan_create_notes(plan *p, cg_model *model);
void plan_constraints(plan *p, cg_model *model);

#endif
