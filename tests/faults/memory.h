/* Makes one allocation of the library fail. The linker sends malloc, calloc and realloc of every object that
 * is linked in (the test and libschemac.a, not libpq) through here; see --wrap in tests/faults/run. One
 * thread at a time. */
#ifndef TESTS_FAULTS_MEMORY_H
#define TESTS_FAULTS_MEMORY_H

#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

/* How many allocations still succeed; negative: all. After the one that failed all succeed again. */
static long allocations_left = -1;

static int runs_out(void)
{
  return allocations_left >= 0 && allocations_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
  return runs_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
  return runs_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
  return runs_out() ? NULL : __real_realloc(memory, size);
}

#endif
