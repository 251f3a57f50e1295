#include "unit/test.h"

#include "base/arena.h"

#include <string.h>

static void memory_is_zeroed_and_aligned(void **state)
{
  (void)state;
  arena *mem = sc_arena_new();
  for (size_t size = 0; size < 300; size++) {
    unsigned char *p = sc_arena_alloc(mem, size);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
    memset(p, 0xAB, size);
  }
  sc_arena_free(mem);
}

static void allocations_do_not_overlap(void **state)
{
  (void)state;
  arena *mem = sc_arena_new();
  unsigned char *pieces[200];
  for (size_t i = 0; i < 200; i++) {
    pieces[i] = sc_arena_raw(mem, i * 37 + 1);
    memset(pieces[i], (int)i, i * 37 + 1);
  }
  for (size_t i = 0; i < 200; i++)
    for (size_t j = 0; j < i * 37 + 1; j++) assert_int_equal(pieces[i][j], (unsigned char)i);
  sc_arena_free(mem);
}

typedef struct counter {
  size_t blocks, limit;
} counter;

static void *counted(void *context, size_t size)
{
  counter *c = context;
  if (c->blocks >= c->limit) return NULL;
  c->blocks++;
  return malloc(size);
}

static void released(void *context, void *memory, size_t size)
{
  counter *c = context;
  (void)size;
  c->blocks--;
  free(memory);
}

#ifndef SC_ARENA_DEBUG /* one malloc an allocation: there is nothing to keep */
static void reset_keeps_the_memory(void **state)
{
  (void)state;
  counter c = {.limit = SIZE_MAX};
  arena *mem = sc_arena_new_with(&(sc_allocator){counted, released, &c});
  size_t after_first = 0;
  for (int round = 0; round < 5; round++) {
    for (size_t i = 0; i < 1000; i++) sc_arena_alloc(mem, 100);
    sc_arena_alloc(mem, 5000000);
    if (round == 0) after_first = c.blocks;
    assert_int_equal(c.blocks, after_first);
    assert_true(sc_arena_used(mem) >= 5100000);
    sc_arena_reset(mem);
    assert_int_equal(sc_arena_used(mem), 0);
  }
  sc_arena_free(mem);
  assert_int_equal(c.blocks, 0);
}
#endif

static void exhaustion_returns_null(void **state)
{
  (void)state;
  counter c = {.limit = 2};
  arena *mem = sc_arena_new_with(&(sc_allocator){counted, released, &c});
  assert_non_null(sc_arena_alloc(mem, 100));
  assert_null(sc_arena_alloc(mem, 1000000));
  assert_null(sc_arena_array(mem, SIZE_MAX / 2, 3));
  assert_null(sc_arena_raw(mem, SIZE_MAX));
  sc_arena_free(mem);
  assert_int_equal(c.blocks, 0);
  c.limit = 0;
  assert_null(sc_arena_new_with(&(sc_allocator){counted, released, &c}));
}

static void extend_grows_only_the_newest(void **state)
{
  (void)state;
  arena *mem = sc_arena_new();
  char *a = sc_arena_raw(mem, 10), *b = sc_arena_raw(mem, 10);
  assert_false(sc_arena_extend(mem, a, 10, 100));
#ifndef SC_ARENA_DEBUG
  assert_true(sc_arena_extend(mem, b, 10, 100));
  memset(b, 1, 100);
  char *c = sc_arena_raw(mem, 10);
  assert_true(c >= b + 100);
  assert_false(sc_arena_extend(mem, c, 10, 100000000));
#endif
  assert_false(sc_arena_extend(mem, b, 100, SIZE_MAX));
  sc_arena_free(mem);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(memory_is_zeroed_and_aligned),
      cmocka_unit_test(allocations_do_not_overlap),
#ifndef SC_ARENA_DEBUG
      cmocka_unit_test(reset_keeps_the_memory),
#endif
      cmocka_unit_test(exhaustion_returns_null),
      cmocka_unit_test(extend_grows_only_the_newest),
  };
  return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
