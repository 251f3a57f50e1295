/* Operator classes of indexes: opclass.def read as a table. */
#ifndef DM_OPCLASS_H
#define DM_OPCLASS_H

#include "dm/dm.h"

typedef struct dm_opclass dm_opclass;
struct dm_opclass {
  str name, sql;
  unsigned types;   /* bit 1 << dm_index_type */
  dm_native native; /* DM_NATIVE_COUNT: arrays of any type */
  dm_scalar scalar; /* written without @db., this scalar has that native type; DM_SCALAR_COUNT: none */
};

/* NULL when there is none of that name. */
const dm_opclass *dm_find_opclass(str name);
/* The name that reports and the DMMF have for it: Prisma calls UuidMinMaxMultiOps BitMinMaxOps there. */
str dm_opclass_shown(str name);

#endif
