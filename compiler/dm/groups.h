/* Relation fields by model, referred model and relation name: how the sides find each other and how ambiguity
 * shows. */
#ifndef DM_GROUPS_H
#define DM_GROUPS_H

#include "dm/resolve.h"

typedef struct dm_group dm_group;
struct dm_group {
  dm_sides sides; /* in the order of the schema */
};

/* NULL: none. The name is as written; empty for relations without one. */
const dm_group *dm_group_of(dm_pass *pass, const dm_model *model, const dm_model *target, str name);

#endif
