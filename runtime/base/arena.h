/* A region of memory that is released as a whole.
 *
 * Everything a compiler run or a client call returns lives in one arena: nobody frees a node, and one call releases
 * all of it. The same type is the public `sc_arena` of <schemac/schemac.h>.
 *
 * Ownership: the caller of a `_new` function owns the arena and ends it with sc_arena_free. Pointers from it are valid
 * until the arena is reset or freed. An arena is used by one thread at a time.
 *
 * Failure: allocation returns NULL when memory (or the size arithmetic) runs out. An arena made with
 * sc_arena_new_fatal never returns NULL: it calls its handler, which must not return.
 *
 * Built with -DSC_ARENA_DEBUG every allocation is a malloc of its own, so that valgrind sees each bound; under
 * AddressSanitizer the unused part of a block is poisoned. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sc_arena sc_arena;
typedef sc_arena arena;

/* Where an arena gets its blocks. `release` receives the size that was asked for. */
typedef struct sc_allocator sc_allocator;
struct sc_allocator {
  void *(*allocate)(void *context, size_t size); /* NULL when there is no memory */
  void (*release)(void *context, void *memory, size_t size);
  void *context;
};

arena *sc_arena_new(void);
arena *sc_arena_new_with(const sc_allocator *allocator); /* the allocator is copied */
arena *sc_arena_new_fatal(void (*out_of_memory)(void));
arena *sc_arena_new_fatal_with(const sc_allocator *allocator, void (*out_of_memory)(void));

/* Forgets every allocation but keeps the blocks, so that the next round of the same size allocates nothing. */
void sc_arena_reset(arena *mem);
void sc_arena_free(arena *mem); /* NULL is fine */

/* Zeroed memory, aligned for any type. A size of 0 gives a valid pointer. */
void *sc_arena_alloc(arena *mem, size_t size);
/* The same without zeroing, for bytes that are overwritten at once. */
void *sc_arena_raw(arena *mem, size_t size);
/* count * size with the multiplication checked. */
void *sc_arena_array(arena *mem, size_t count, size_t size);
/* Grows the newest allocation in place. False when `memory` is not the newest or its block has no room. */
bool sc_arena_extend(arena *mem, void *memory, size_t old_size, size_t new_size);

/* Bytes handed out since the last reset. */
size_t sc_arena_used(const arena *mem);

#define arena_new(mem, T)      ((T *)sc_arena_alloc((mem), sizeof(T)))
/* The same not zeroed, for what is assigned as a whole at once. */
#define arena_raw(mem, T)      ((T *)sc_arena_raw((mem), sizeof(T)))
#define arena_array(mem, T, n) ((T *)sc_arena_array((mem), (n), sizeof(T)))

#endif
