/* mmap(2) without a file and madvise(2) are everywhere and not in POSIX 2008. */
#define _DEFAULT_SOURCE
#include "cli/memory.h"

#include <stdint.h>
#include <sys/mman.h>

/* A run hands out memory until it ends: blocks are cut off a region one behind the other, and the system
 * takes all of it back at the end. A large schema touches tens of megabytes. As large pages these are a dozen
 * page faults and not thousands, which took a third of the time. Address space that is not touched costs
 * nothing. */
#define LARGE_PAGE  ((size_t)2 * 1024 * 1024)
#define REGION_SIZE (64 * LARGE_PAGE)

static struct {
  char *at;
  size_t left;
} region;

/* A region that begins at a large page, smaller where address space is short. */
static bool new_region(size_t needed)
{
  for (size_t size = needed > REGION_SIZE ? needed : REGION_SIZE; size >= needed; size /= 2) {
    char *memory = mmap(NULL, size + LARGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) continue;
    size_t skipped = LARGE_PAGE - (uintptr_t)memory % LARGE_PAGE;
    region.at = memory + skipped;
    region.left = size + LARGE_PAGE - skipped;
#ifdef MADV_HUGEPAGE
    madvise(region.at, region.left, MADV_HUGEPAGE); /* without them it works too */
#endif
    return true;
  }
  return false;
}

static void *cut(void *context, size_t size)
{
  enum { ALIGNMENT = _Alignof(max_align_t) };
  (void)context;
  if (size > SIZE_MAX / 2) return NULL;
  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (size > region.left && !new_region(size)) return NULL;
  void *memory = region.at;
  region.at += size;
  region.left -= size;
  return memory;
}

static void keep(void *context, void *memory, size_t size)
{
  (void)context, (void)memory, (void)size;
}

arena *memory_new(void (*out_of_memory)(void))
{
  static const sc_allocator pages = {cut, keep, NULL};
#ifdef SC_ARENA_DEBUG
  (void)pages;
  return sc_arena_new_fatal(out_of_memory); /* by malloc, which checks the bounds of each */
#else
  return sc_arena_new_fatal_with(&pages, out_of_memory);
#endif
}
