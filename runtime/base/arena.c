#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define poison(p, n)   ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

enum { ALIGNMENT = _Alignof(max_align_t), FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 1024 * 1024 };

typedef struct block block;
struct block {
  block *next;
  size_t size; /* of the payload */
  size_t used;
  _Alignas(max_align_t) unsigned char bytes[];
};

struct sc_arena {
  sc_allocator allocator;
  void (*out_of_memory)(void);
  block *first, *current;
  size_t used;
};

static void *from_malloc(void *context, size_t size)
{
  (void)context;
  return malloc(size);
}

static void to_free(void *context, void *memory, size_t size)
{
  (void)context;
  (void)size;
  free(memory);
}

static const sc_allocator system_allocator = {from_malloc, to_free, NULL};

static void *fail(const arena *mem)
{
  if (mem->out_of_memory) {
    mem->out_of_memory();
    abort(); /* the handler broke its promise not to return */
  }
  return NULL;
}

arena *sc_arena_new_with(const sc_allocator *allocator)
{
  arena *mem = allocator->allocate(allocator->context, sizeof *mem);
  if (!mem) return NULL;
  *mem = (arena){.allocator = *allocator};
  return mem;
}

arena *sc_arena_new(void)
{
  return sc_arena_new_with(&system_allocator);
}

arena *sc_arena_new_fatal(void (*out_of_memory)(void))
{
  return sc_arena_new_fatal_with(&system_allocator, out_of_memory);
}

arena *sc_arena_new_fatal_with(const sc_allocator *allocator, void (*out_of_memory)(void))
{
  arena *mem = sc_arena_new_with(allocator);
  if (!mem) {
    out_of_memory();
    abort();
  }
  mem->out_of_memory = out_of_memory;
  return mem;
}

static void release_blocks(arena *mem)
{
  for (block *b = mem->first, *next; b; b = next) {
    next = b->next;
    unpoison(b->bytes, b->size);
    mem->allocator.release(mem->allocator.context, b, sizeof *b + b->size);
  }
  mem->first = mem->current = NULL;
}

void sc_arena_reset(arena *mem)
{
#ifdef SC_ARENA_DEBUG
  release_blocks(mem);
#else
  for (block *b = mem->first; b; b = b->next) {
    b->used = 0;
    poison(b->bytes, b->size);
  }
  mem->current = mem->first;
#endif
  mem->used = 0;
}

void sc_arena_free(arena *mem)
{
  if (!mem) return;
  release_blocks(mem);
  sc_allocator allocator = mem->allocator;
  allocator.release(allocator.context, mem, sizeof *mem);
}

static block *add_block(arena *mem, size_t needed)
{
#ifdef SC_ARENA_DEBUG
  size_t size = needed;
#else
  size_t size = mem->current ? mem->current->size * 2 : FIRST_BLOCK;
  if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
  if (size < needed) size = needed;
#endif
  if (size > SIZE_MAX - sizeof(block)) return NULL;
  block *b = mem->allocator.allocate(mem->allocator.context, sizeof *b + size);
  if (!b) return NULL;
  *b = (block){.size = size};
  poison(b->bytes, size);
  if (mem->current) {
    b->next = mem->current->next;
    mem->current->next = b;
  } else {
    mem->first = b;
  }
  return b;
}

static bool fits(const block *b, size_t size)
{
#ifdef SC_ARENA_DEBUG
  return b->used == 0 && b->size == size;
#else
  return b->size - b->used >= size;
#endif
}

void *sc_arena_raw(arena *mem, size_t size)
{
  if (size > SIZE_MAX - ALIGNMENT) return fail(mem);
  size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (rounded == 0) rounded = ALIGNMENT;
  block *b = mem->current;
  while (b && !fits(b, rounded)) b = b->next; /* after a reset the following blocks are empty */
  if (!b && !(b = add_block(mem, rounded))) return fail(mem);
  mem->current = b;
  void *memory = b->bytes + b->used;
  b->used += rounded;
  mem->used += rounded;
  unpoison(memory, size);
  return memory;
}

void *sc_arena_alloc(arena *mem, size_t size)
{
  void *memory = sc_arena_raw(mem, size);
  if (memory && size) memset(memory, 0, size);
  return memory;
}

void *sc_arena_array(arena *mem, size_t count, size_t size)
{
  if (size && count > SIZE_MAX / size) return fail(mem);
  return sc_arena_alloc(mem, count * size);
}

bool sc_arena_extend(arena *mem, void *memory, size_t old_size, size_t new_size)
{
#ifdef SC_ARENA_DEBUG
  (void)mem, (void)memory, (void)old_size, (void)new_size;
  return false;
#else
  block *b = mem->current;
  if (!b || !memory || new_size < old_size || new_size > SIZE_MAX - ALIGNMENT) return false;
  size_t old_rounded = (old_size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  size_t new_rounded = (new_size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (old_rounded == 0 || b->used < old_rounded) return false;
  if ((unsigned char *)memory != b->bytes + b->used - old_rounded) return false;
  if (new_rounded - old_rounded > b->size - b->used) return false;
  b->used += new_rounded - old_rounded;
  mem->used += new_rounded - old_rounded;
  unpoison(memory, new_size);
  return true;
#endif
}

size_t sc_arena_used(const arena *mem)
{
  return mem->used;
}
