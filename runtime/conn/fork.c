#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise */
#endif

#include "conn/fork.h"

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if defined(MADV_WIPEONFORK)
static size_t page_size(void)
{
  long size = sysconf(_SC_PAGESIZE);
  return size > 0 ? (size_t)size : 4096;
}

static const volatile unsigned char *make_mark(void)
{
  unsigned char *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return NULL;
  if (madvise(page, page_size(), MADV_WIPEONFORK) != 0) {
    munmap(page, page_size());
    return NULL;
  }
  *page = 1;
  return page;
}

static void end_mark(const volatile unsigned char *mark)
{
  munmap((void *)(uintptr_t)mark, page_size());
}
#else
static const volatile unsigned char *make_mark(void)
{
  return NULL;
}

static void end_mark(const volatile unsigned char *mark)
{
  (void)mark;
}
#endif

void sc_fork_guard_init(sc_fork_guard *guard)
{
  guard->owner = getpid();
  guard->mark = make_mark();
}

void sc_fork_guard_end(sc_fork_guard *guard)
{
  if (guard->mark) end_mark(guard->mark);
  guard->mark = NULL;
}

bool sc_fork_guard_same(const sc_fork_guard *guard)
{
  return guard->mark ? *guard->mark == 1 : guard->owner == getpid();
}
