#include "unit/test.h"

#include "error/error.h"

#include <pthread.h>

static void every_status_has_a_name(void **state)
{
  (void)state;
  assert_string_equal(sc_status_name(SC_OK), "SC_OK");
  assert_string_equal(sc_status_name(SC_FORKED), "SC_FORKED");
  for (int s = SC_OK; s <= SC_FORKED; s++)
    assert_int_equal(strncmp(sc_status_name((sc_status)s), "SC_", 3), 0);
  assert_string_equal(sc_status_name((sc_status)(SC_FORKED + 1)), "SC_UNKNOWN");
  assert_string_equal(sc_status_name((sc_status)-1), "SC_UNKNOWN");
}

static void a_failure_replaces_the_one_before(void **state)
{
  (void)state;
  assert_int_equal(sc_fail_as(SC_INVALID_ARGUMENT, "P1013", "%s", "first"), SC_INVALID_ARGUMENT);
  sc_error_name("User", (const char *[]){"email"}, 1);
  assert_int_equal(sc_fail(SC_NOT_FOUND, "No %s", "record"), SC_NOT_FOUND);
  const sc_error *error = sc_error_last();
  assert_int_equal(error->status, SC_NOT_FOUND);
  assert_string_equal(error->code, "P2025");
  assert_string_equal(error->message, "No record");
  assert_string_equal(error->sqlstate, "");
  assert_string_equal(error->detail, "");
  assert_null(error->model);
  assert_null(error->constraint);
  assert_int_equal(error->fields.len, 0);
}

static void sqlstates_have_their_status(void **state)
{
  (void)state;
  static const struct {
    const char *sqlstate;
    sc_status status;
  } cases[] = {
      {"23505", SC_UNIQUE_VIOLATION},
      {"23503", SC_FOREIGN_KEY_VIOLATION},
      {"23502", SC_NULL_VIOLATION},
      {"23514", SC_CHECK_VIOLATION},
      {"22001", SC_VALUE_TOO_LONG},
      {"22003", SC_OUT_OF_RANGE},
      {"40001", SC_CONFLICT},
      {"40P01", SC_CONFLICT},
      {"57014", SC_TIMEOUT},
      {"42P01", SC_NO_TABLE},
      {"42703", SC_NO_COLUMN},
      {"3D000", SC_NO_DATABASE},
      {"28P01", SC_AUTH},
      {"08006", SC_CLOSED},
      {"57P01", SC_CLOSED},
      {"25P02", SC_TX_CLOSED},
      {"22P02", SC_DATABASE_ERROR},
      {"42601", SC_DATABASE_ERROR},
      {"XX000", SC_DATABASE_ERROR},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(sc_status_of_sqlstate(cases[i].sqlstate), cases[i].status);
}

static void violations_speak_of_the_fields(void **state)
{
  (void)state;
  sc_fail(SC_UNIQUE_VIOLATION, "by the constraint");
  sc_error_name("User", (const char *[]){"email", "orgId"}, 2);
  assert_string_equal(sc_error_last()->model, "User");
  assert_int_equal(sc_error_last()->fields.len, 2);
  assert_string_equal(sc_error_last()->fields.items[1], "orgId");
  assert_string_equal(sc_error_last()->message, "Unique constraint failed on the fields: (`email`,`orgId`)");
  sc_fail(SC_NULL_VIOLATION, "x");
  sc_error_name(NULL, (const char *[]){"age"}, 1);
  assert_string_equal(sc_error_last()->message, "Null constraint violation on the fields: (`age`)");
  sc_fail(SC_FOREIGN_KEY_VIOLATION, "as it was");
  sc_error_name("Post", (const char *[]){"authorId"}, 1);
  assert_string_equal(sc_error_last()->message, "as it was");
}

static void long_texts_are_cut_between_characters(void **state)
{
  (void)state;
  char text[3001];
  for (size_t i = 0; i < 3000; i += 3) memcpy(text + i, "\xE2\x82\xAC", 3); /* the euro sign */
  text[3000] = '\0';
  sc_fail(SC_MISUSE, "%s", text);
  size_t len = strlen(sc_error_last()->message);
  assert_in_range(len, 900, 1023);
  assert_int_equal(len % 3, 0);
  const char *many[100];
  for (size_t i = 0; i < 100; i++) many[i] = text + 3000 - 150;
  sc_error_name("M", many, 100);
  assert_true(sc_error_last()->fields.len < 10);
}

static void a_saved_error_comes_back(void **state)
{
  (void)state;
  sc_error_state kept;
  sc_fail(SC_UNIQUE_VIOLATION, "first");
  sc_error_name("User", (const char *[]){"email"}, 1);
  sc_error_save(&kept);
  sc_fail(SC_MISUSE, "second");
  sc_error_restore(&kept);
  memset(&kept, 'x', sizeof kept);
  assert_int_equal(sc_error_last()->status, SC_UNIQUE_VIOLATION);
  assert_string_equal(sc_error_last()->model, "User");
  assert_string_equal(sc_error_last()->fields.items[0], "email");
}

static void *of_another_thread(void *unused)
{
  bool clean = sc_error_last()->status == SC_OK && sc_error_last()->message[0] == '\0';
  sc_fail(SC_MISUSE, "elsewhere");
  return clean ? unused : NULL;
}

static void each_thread_has_its_own(void **state)
{
  pthread_t thread;
  void *clean = NULL;
  sc_fail(SC_NOT_FOUND, "here");
  pthread_create(&thread, NULL, of_another_thread, &state);
  pthread_join(thread, &clean);
  assert_non_null(clean);
  assert_string_equal(sc_error_last()->message, "here");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_status_has_a_name),
      cmocka_unit_test(a_failure_replaces_the_one_before),
      cmocka_unit_test(sqlstates_have_their_status),
      cmocka_unit_test(violations_speak_of_the_fields),
      cmocka_unit_test(long_texts_are_cut_between_characters),
      cmocka_unit_test(a_saved_error_comes_back),
      cmocka_unit_test(each_thread_has_its_own),
  };
  return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
