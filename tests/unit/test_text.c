#include "unit/test.h"

#include "base/buf.h"
#include "base/table.h"
#include "base/vec.h"

#include <stdio.h>

static arena *mem;

static int setup(void **state)
{
  (void)state;
  mem = sc_arena_new();
  return mem ? 0 : -1;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

static void pieces_and_comparisons(void **state)
{
  (void)state;
  assert_str_eq(str_slice(STR("schema"), 2, 4), "he");
  assert_str_eq(str_slice(STR("schema"), 4, 99), "ma");
  assert_int_equal(str_slice(STR("schema"), 5, 2).len, 0);
  assert_true(str_eq(STR_NONE, STR("")));
  assert_true(str_starts(STR("model A"), STR("model")) && !str_starts(STR("mod"), STR("model")));
  assert_true(str_ends(STR("a.prisma"), STR(".prisma")) && !str_ends(STR("prisma"), STR(".prisma")));
  assert_true(sc_str_cmp(STR("a"), STR("ab")) < 0 && sc_str_cmp(STR("b"), STR("ab")) > 0);
  assert_int_equal(sc_str_cmp(STR("ab"), STR("ab")), 0);
  assert_true(sc_str_eq_fold(STR("VarChar"), STR("varchar")));
  assert_int_equal(sc_str_find(STR("abcabd"), STR("abd")), 3);
  assert_true(sc_str_find(STR("ab"), STR("abc")) == SIZE_MAX);
  assert_true(sc_str_find_char(STR("abc"), 'x') == SIZE_MAX);
  assert_str_eq(sc_str_trim(STR(" \t x y\r\n")), "x y");
  assert_str_eq(sc_str_format(mem, "%s-%d", "a", 7), "a-7");
}

static void names_are_not_cut_inside_a_character(void **state)
{
  (void)state;
  assert_int_equal(sc_str_utf8_floor(STR("a\xC3\xA9z"), 2), 1);
  assert_int_equal(sc_str_utf8_floor(STR("a\xC3\xA9z"), 3), 3);
  assert_int_equal(sc_str_utf8_floor(STR("ab"), 63), 2);
}

static void numbers_in_text(void **state)
{
  (void)state;
  buf out = {.mem = mem};
  sc_buf_i64(&out, INT64_MIN);
  buf_char(&out, ' ');
  sc_buf_u64(&out, UINT64_MAX);
  buf_char(&out, ' ');
  sc_buf_i64(&out, 0);
  sc_buf_format(&out, " %s", "end");
  assert_str_eq(buf_str(&out), "-9223372036854775808 18446744073709551615 0 end");
  assert_string_equal(sc_buf_c(&out), "-9223372036854775808 18446744073709551615 0 end");
}

static void json_strings(void **state)
{
  (void)state;
  buf out = {.mem = mem};
  sc_buf_json(&out, (str){"a\"\\\n\x01\0z\xC3\xA9", 9});
  assert_str_eq(buf_str(&out), "\"a\\\"\\\\\\n\\u0001\\u0000z\xC3\xA9\"");
  out.len = 0;
  sc_buf_json(&out, STR("\xFFx\xC3\xED\xA0\x80")); /* a stray byte, a cut sequence, a surrogate */
  assert_str_eq(buf_str(&out), "\"\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void *nothing(void *context, size_t size)
{
  int *left = context;
  return (*left)-- > 0 ? malloc(size) : NULL;
}

static void freed(void *context, void *memory, size_t size)
{
  (void)context, (void)size;
  free(memory);
}

static void a_buffer_breaks_once_and_stays_broken(void **state)
{
  (void)state;
  int left = 2;
  arena *small = sc_arena_new_with(&(sc_allocator){nothing, freed, &left});
  buf out = {.mem = small};
  for (int i = 0; i < 100000; i++) BUF_LIT(&out, "0123456789");
  assert_true(out.broken);
  size_t len = out.len;
  buf_char(&out, 'x');
  assert_int_equal(out.len, len);
  assert_null(sc_buf_c(&out));
  sc_arena_free(small);
}

static void vectors_keep_order(void **state)
{
  (void)state;
  VEC(int) numbers = {0};
  for (int i = 0; i < 10000; i++) {
    assert_true(vec_push(mem, &numbers, i));
    if (i % 100 == 0) sc_arena_alloc(mem, 1); /* so that growing has to move */
  }
  assert_int_equal(numbers.len, 10000);
  for (int i = 0; i < 10000; i++) assert_int_equal(numbers.items[i], i);
  assert_int_equal(vec_last(&numbers), 9999);
}

static void use_table(table *t)
{
  int values[1000];
  char key[16];
  assert_null(sc_table_get(t, STR("nothing")));
  for (int i = 0; i < 1000; i++) {
    int len = snprintf(key, sizeof key, "key%d", i);
    values[i] = i;
    assert_true(sc_table_put(t, (str){key, (size_t)len}, &values[i]));
  }
  assert_int_equal(sc_table_count(t), 1000);
  assert_ptr_equal(sc_table_get(t, STR("key500")), &values[500]);
  assert_true(sc_table_put(t, STR("key500"), &values[1]));
  assert_ptr_equal(sc_table_get(t, STR("key500")), &values[1]);
  assert_ptr_equal(sc_table_remove(t, STR("key500")), &values[1]);
  assert_null(sc_table_remove(t, STR("key500")));
  assert_null(sc_table_get(t, STR("key50\0" "0")));
  assert_true(sc_table_put(t, STR(""), &values[2]));
  assert_ptr_equal(sc_table_get(t, STR_NONE), &values[2]);
  assert_int_equal(sc_table_count(t), 1000);
}

static void tables_in_an_arena_and_outside(void **state)
{
  (void)state;
  use_table(sc_table_new(mem));
  table *t = sc_table_new(NULL);
  use_table(t);
  sc_table_free(t);
}

static void a_full_memory_leaves_a_table_as_it_was(void **state)
{
  (void)state;
  for (int allowed = 1; allowed < 6; allowed++) {
    int left = allowed;
    arena *small = sc_arena_new_with(&(sc_allocator){nothing, freed, &left});
    table *t = small ? sc_table_new(small) : NULL;
    char key[8];
    int value = 1;
    size_t added = 0;
    for (int i = 0; t && i < 100000; i++) {
      int len = snprintf(key, sizeof key, "%d", i);
      if (!sc_table_put(t, (str){key, (size_t)len}, &value)) break;
      added++;
    }
    if (t) assert_int_equal(sc_table_count(t), added);
    sc_arena_free(small);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(pieces_and_comparisons, setup, teardown),
      cmocka_unit_test(names_are_not_cut_inside_a_character),
      cmocka_unit_test_setup_teardown(numbers_in_text, setup, teardown),
      cmocka_unit_test_setup_teardown(json_strings, setup, teardown),
      cmocka_unit_test(a_buffer_breaks_once_and_stays_broken),
      cmocka_unit_test_setup_teardown(vectors_keep_order, setup, teardown),
      cmocka_unit_test_setup_teardown(tables_in_an_arena_and_outside, setup, teardown),
      cmocka_unit_test(a_full_memory_leaves_a_table_as_it_was),
  };
  return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
