/* Groups of records by key: how children find their parents.
 *
 * A key is the bytes of some columns of a row, as the server sent them. Rows without a key (one of its
 * columns is NULL) belong to no group. */
#ifndef ENGINE_GROUP_H
#define ENGINE_GROUP_H

#include "base/arena.h"
#include "base/str.h"
#include "engine/plan.h"

typedef struct sc_groups sc_groups;
struct sc_groups {
  uint32_t *of_parent; /* each parent's group, or SC_NO_GROUP */
  str *keys;           /* `width` cells for each group, in the parents' answer */
  unsigned width;
  uint32_t count;
  uint32_t *slots; /* a hash table of groups: SC_NO_GROUP where free */
  uint32_t mask;
};
#define SC_NO_GROUP UINT32_MAX

/* The cell of a binary answer; ptr is NULL when it is the SQL NULL. */
str sc_cell_at(const PGresult *result, int row, unsigned column);
/* Groups `count` parents, which are rows of a result, by the columns of their keys. */
sc_status sc_groups_make(sc_groups *groups, arena *mem, const PGresult *result, const int *rows,
                         uint32_t count, const sc_column_numbers *columns);
/* The group of a child's row, or SC_NO_GROUP. */
uint32_t sc_groups_find(const sc_groups *groups, const PGresult *result, int row,
                        const sc_column_numbers *columns);

#endif
