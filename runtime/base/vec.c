#include "base/vec.h"

#include <stdint.h>
#include <string.h>

void *sc_vec_grow(arena *mem, void *items, size_t len, size_t *cap, size_t item_size)
{
  size_t grown = *cap ? *cap * 2 : item_size > 48 ? 1 : 4; /* most lists stay short, and growing in place is cheap */
  if (grown < *cap || grown > SIZE_MAX / item_size) grown = SIZE_MAX / item_size;
  if (sc_arena_extend(mem, items, *cap * item_size, grown * item_size)) {
    *cap = grown;
    return items;
  }
  void *moved = sc_arena_raw(mem, grown * item_size);
  if (!moved) return items;
  if (len) memcpy(moved, items, len * item_size);
  *cap = grown;
  return moved;
}
