/* Arrays that grow in an arena.
 *
 *   VEC(const dm_field *) fields = {0};
 *   vec_push(mem, &fields, field);          false when memory ran out (never in a fatal arena)
 *   for (size_t i = 0; i < fields.len; i++) use(fields.items[i]);
 *
 * A zeroed VEC is empty. Growing moves the items: keep indexes, not pointers, while pushing. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                                         \
  struct {                                                                                                             \
    T *items;                                                                                                          \
    size_t len, cap;                                                                                                   \
  }

/* Room for one more item: true, or false with the vec as it was. */
#define vec_room(mem, v)                                                                                               \
  ((v)->len < (v)->cap ||                                                                                              \
   ((v)->items = sc_vec_grow((mem), (v)->items, (v)->len, &(v)->cap, sizeof *(v)->items), (v)->len < (v)->cap))
#define vec_push(mem, v, ...) (vec_room((mem), (v)) ? ((v)->items[(v)->len++] = (__VA_ARGS__), true) : false)
#define vec_last(v)           ((v)->items[(v)->len - 1])

/* The items moved to at least twice the room with *cap raised, or `items` itself when memory ran out. */
void *sc_vec_grow(arena *mem, void *items, size_t len, size_t *cap, size_t item_size);

#endif
