#include "unit/test.h"

#include "base/arena.h"
#include "base/table.h"
#include "codec/id.h"
#include "codec/random.h"

#include <stdlib.h>
#include <time.h>

/* Whether all characters are of the set, and as many as said. */
static void assert_shape(const char *id, const char *set, size_t len)
{
  if (strspn(id, set) != len || strlen(id) != len) fail_msg("not %zu characters of %s: %s", len, set, id);
}

static void assert_uuid(const char *id, char version)
{
  assert_shape(id, "0123456789abcdef-", 36);
  for (size_t i = 0; i < 36; i++) assert_int_equal(id[i] == '-', i == 8 || i == 13 || i == 18 || i == 23);
  assert_int_equal(id[14], version);
  assert_non_null(strchr("89ab", id[19]));
}

static uint64_t milliseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)(now.tv_nsec / 1000000);
}

static void uuid4_has_its_shape(void **state)
{
  (void)state;
  char id[SC_UUID_TEXT];
  for (int i = 0; i < 100; i++) assert_uuid(sc_id_uuid4(id), '4');
}

static void uuid7_begins_with_the_time(void **state)
{
  (void)state;
  char id[SC_UUID_TEXT], digits[13];
  uint64_t before = milliseconds();
  assert_uuid(sc_id_uuid7(id), '7');
  memcpy(digits, id, 8);
  memcpy(digits + 8, id + 9, 4);
  digits[12] = '\0';
  uint64_t told = strtoull(digits, NULL, 16);
  assert_in_range(told, before, milliseconds());
}

static void cuid1_has_its_shape_and_time(void **state)
{
  (void)state;
  char id[SC_CUID_TEXT], digits[9] = "";
  uint64_t before = milliseconds();
  assert_shape(sc_id_cuid1(id), "0123456789abcdefghijklmnopqrstuvwxyz", 25);
  assert_int_equal(id[0], 'c');
  memcpy(digits, id + 1, 8);
  assert_in_range(strtoull(digits, NULL, 36), before, milliseconds());
}

static void cuid2_begins_with_a_letter(void **state)
{
  (void)state;
  char id[SC_CUID2_TEXT];
  for (int i = 0; i < 200; i++) {
    assert_shape(sc_id_cuid2(id), "0123456789abcdefghijklmnopqrstuvwxyz", 24);
    assert_in_range(id[0], 'a', 'z');
  }
}

static void ulids_sort_by_time(void **state)
{
  (void)state;
  char first[SC_ULID_TEXT], second[SC_ULID_TEXT];
  assert_shape(sc_id_ulid(first), "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26);
  nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
  sc_id_ulid(second);
  assert_true(strcmp(first, second) < 0);
}

static void nanoids_have_the_length_asked_for(void **state)
{
  (void)state;
  static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  char id[SC_NANOID_MOST + 1];
  assert_shape(sc_id_nanoid(id, SC_NANOID_LEAST), set, 2);
  assert_shape(sc_id_nanoid(id, 21), set, 21);
  assert_shape(sc_id_nanoid(id, SC_NANOID_MOST), set, 255);
}

static void no_two_are_alike(void **state)
{
  (void)state;
  arena *mem = sc_arena_new();
  table *seen = sc_table_new(mem);
  enum { ROUNDS = 2000 };
  for (int i = 0; i < ROUNDS; i++) {
    char ids[5][SC_UUID_TEXT];
    sc_id_uuid4(ids[0]), sc_id_uuid7(ids[1]), sc_id_cuid1(ids[2]), sc_id_cuid2(ids[3]), sc_id_ulid(ids[4]);
    for (int k = 0; k < 5; k++) sc_table_put(seen, str_from(ids[k]), mem);
  }
  assert_int_equal(sc_table_count(seen), 5 * ROUNDS);
  sc_arena_free(mem);
}

static void random_numbers_stay_below_their_limit(void **state)
{
  (void)state;
  unsigned seen = 0;
  for (int i = 0; i < 1000; i++) {
    uint32_t n = sc_random_below(7);
    assert_true(n < 7);
    seen |= 1u << n;
  }
  assert_int_equal(seen, 0x7F);
  assert_int_equal(sc_random_below(1), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(uuid4_has_its_shape),
      cmocka_unit_test(uuid7_begins_with_the_time),
      cmocka_unit_test(cuid1_has_its_shape_and_time),
      cmocka_unit_test(cuid2_begins_with_a_letter),
      cmocka_unit_test(ulids_sort_by_time),
      cmocka_unit_test(nanoids_have_the_length_asked_for),
      cmocka_unit_test(no_two_are_alike),
      cmocka_unit_test(random_numbers_stay_below_their_limit),
  };
  return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
