#include "unit/test.h"

#include "base/arena.h"
#include "conn/statement.h"

#include <stdio.h>

static sc_prepared *used(sc_statement_cache *cache, const char *key)
{
  sc_prepared *entry = sc_statement_cache_get(cache, str_from(key));
  assert_non_null(entry);
  entry->state = SC_PREPARED_READY;
  return entry;
}

static size_t retired(const sc_statement_cache *cache)
{
  size_t count = 0;
  for (const sc_prepared *entry = cache->retired; entry; entry = entry->older) count++;
  return count;
}

static void a_key_keeps_its_name(void **state)
{
  (void)state;
  sc_statement_cache cache;
  assert_true(sc_statement_cache_init(&cache, 10));
  sc_prepared *a = used(&cache, "a"), *b = used(&cache, "b");
  assert_ptr_equal(sc_statement_cache_get(&cache, STR("a")), a);
  assert_string_not_equal(a->name, b->name);
  sc_statement_cache_free(&cache);
}

static void names_differ_between_connections(void **state)
{
  (void)state;
  sc_statement_cache one, other;
  sc_statement_cache_init(&one, 1);
  sc_statement_cache_init(&other, 1);
  assert_string_not_equal(used(&one, "a")->name, used(&other, "a")->name);
  sc_statement_cache_free(&one);
  sc_statement_cache_free(&other);
}

static void the_least_recently_used_makes_room(void **state)
{
  (void)state;
  sc_statement_cache cache;
  sc_statement_cache_init(&cache, 2);
  used(&cache, "a"), used(&cache, "b"), used(&cache, "a");
  sc_prepared *c = used(&cache, "c");
  assert_int_equal(cache.count, 2);
  assert_ptr_equal(cache.newest, c);
  assert_int_equal(cache.oldest->key[0], 'a');
  assert_int_equal(retired(&cache), 1);
  assert_int_equal(cache.retired->key[0], 'b');
  sc_statement_cache_drop(&cache, cache.retired);
  assert_int_equal(retired(&cache), 0);
  sc_statement_cache_free(&cache);
}

static void what_the_server_never_accepted_is_forgotten(void **state)
{
  (void)state;
  sc_statement_cache cache;
  sc_statement_cache_init(&cache, 10);
  used(&cache, "good");
  sc_statement_cache_get(&cache, STR("bad"))->state = SC_PREPARED_SENT;
  sc_statement_cache_settle(&cache);
  assert_int_equal(cache.count, 1);
  assert_int_equal(retired(&cache), 0); /* nothing to deallocate */
  assert_int_equal(sc_statement_cache_get(&cache, STR("bad"))->state, SC_PREPARED_NEW);
  sc_statement_cache_free(&cache);
}

static void a_doomed_one_is_deallocated_and_made_anew(void **state)
{
  (void)state;
  sc_statement_cache cache;
  sc_statement_cache_init(&cache, 10);
  used(&cache, "a")->doomed = true;
  sc_statement_cache_settle(&cache);
  assert_int_equal(retired(&cache), 1);
  char before[sizeof cache.retired->name];
  memcpy(before, cache.retired->name, sizeof before);
  sc_prepared *again = sc_statement_cache_get(&cache, STR("a"));
  assert_int_equal(again->state, SC_PREPARED_NEW);
  assert_string_not_equal(again->name, before);
  sc_statement_cache_free(&cache);
}

static void more_statements_than_room_in_one_pipeline(void **state)
{
  (void)state;
  sc_statement_cache cache;
  sc_statement_cache_init(&cache, 3);
  sc_prepared *entries[10];
  for (int i = 0; i < 10; i++) {
    char key[16];
    snprintf(key, sizeof key, "k%d", i);
    entries[i] = sc_statement_cache_get(&cache, str_from(key));
    entries[i]->state = SC_PREPARED_SENT;
  }
  for (int i = 0; i < 10; i++)
    entries[i]->state = SC_PREPARED_READY; /* their answers: the pointers are still good */
  sc_statement_cache_settle(&cache);
  assert_int_equal(cache.count, 3);
  assert_int_equal(retired(&cache), 7);
  sc_statement_cache_forget(&cache);
  assert_int_equal(cache.count, 0);
  assert_int_equal(retired(&cache), 0);
  sc_statement_cache_free(&cache);
}

static void no_room_keeps_nothing(void **state)
{
  (void)state;
  sc_statement_cache cache;
  assert_true(sc_statement_cache_init(&cache, 0));
  assert_null(cache.by_key);
  sc_statement_cache_free(&cache);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_key_keeps_its_name),
      cmocka_unit_test(names_differ_between_connections),
      cmocka_unit_test(the_least_recently_used_makes_room),
      cmocka_unit_test(what_the_server_never_accepted_is_forgotten),
      cmocka_unit_test(a_doomed_one_is_deallocated_and_made_anew),
      cmocka_unit_test(more_statements_than_room_in_one_pipeline),
      cmocka_unit_test(no_room_keeps_nothing),
  };
  return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
