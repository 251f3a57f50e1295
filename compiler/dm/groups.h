/* Relation fields by model, referred model and relation name (as written; empty where there is none): how the
 * sides find each other and how ambiguity shows. */
#ifndef DM_GROUPS_H
#define DM_GROUPS_H

#include "dm/resolve.h"

struct dm_group {
  dm_sides sides; /* in the order of the schema */
};

#endif
