#include "unit/test.h"

#include "base/buf.h"
#include "migrate/lone.h"
#include "migrate/unit.h"

static arena *mem;

static int set_up(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

/* The units one after the other: the letter of the kind, and the text with ^ where a note is inserted. */
static void assert_units(const char *text, const char *expected)
{
  static const char letters[] = "TLSUW";
  const unit_list *units = unit_read(str_from(text), mem);
  buf out = {.mem = mem};
  for (size_t i = 0; i < units->len; i++) {
    const unit *u = &units->items[i];
    sc_buf_format(&out, "%c[%.*s^%.*s]", letters[u->kind],
                  STR_ARG(str_slice(units->script->text, u->begin, u->insert)),
                  STR_ARG(str_slice(units->script->text, u->insert, u->end)));
  }
  assert_str_eq(units->problem, "");
  assert_str_eq(buf_str(&out), expected);
}

static void a_script_is_one_transaction(void **state)
{
  (void)state;
  assert_units("", "");
  assert_units("-- nothing", "");
  assert_units("-- a\nSELECT 1;\nSELECT 2 -- b", "T[SELECT 1;\nSELECT 2^]");
  assert_units("BEGIN; SELECT 1; COMMIT;", "T[BEGIN; SELECT 1; ^COMMIT;]");
  assert_units("SELECT 1; SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; COMMIT AND NO CHAIN",
               "T[SELECT 1; SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; ^COMMIT AND NO CHAIN]");
  assert_true(unit_is_atomic(unit_read(STR("BEGIN; SELECT 1; END"), mem)));
  assert_true(unit_is_atomic(unit_read(STR(""), mem)));
}

static void or_several_when_it_says_so(void **state)
{
  (void)state;
  assert_units("SELECT 1; COMMIT; START TRANSACTION; SELECT 2; ROLLBACK; SELECT 3; SELECT 4",
               "T[SELECT 1; ^COMMIT;]U[START TRANSACTION; SELECT 2; ROLLBACK;^]T[SELECT 3; SELECT 4^]");
  assert_false(unit_is_atomic(unit_read(STR("BEGIN; COMMIT; SELECT 1"), mem)));
  assert_units("COMMIT AND CHAIN; SELECT 1", "W[COMMIT AND CHAIN; SELECT 1^]");
  assert_units("SELECT 'open", "W[SELECT 'open^]");
}

static void one_statement_may_have_to_be_alone(void **state)
{
  (void)state;
  assert_units("CREATE INDEX CONCURRENTLY a ON b (c);", "L[CREATE INDEX CONCURRENTLY a ON b (c);^]");
  assert_units("create /**/ unique index concurrently a on b (c)",
               "L[create /**/ unique index concurrently a on b (c)^]");
  assert_units("VACUUM; SELECT 1", "T[VACUUM; SELECT 1^]");
  assert_units("REINDEX TABLE a", "T[REINDEX TABLE a^]");
  assert_units("REINDEX (VERBOSE) TABLE CONCURRENTLY a", "L[REINDEX (VERBOSE) TABLE CONCURRENTLY a^]");
  assert_units("ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
               "L[ALTER TABLE a DETACH PARTITION b CONCURRENTLY^]");
}

static void off_takes_statement_by_statement(void **state)
{
  (void)state;
  assert_units("-- schemac:transaction off\nSET lock_timeout = 1; SELECT 1;\nBEGIN; SELECT 2; SELECT 3; "
               "COMMIT; VACUUM a; "
               "SELECT pg_catalog.set_config('a.b', '', false); SET LOCAL x = 1",
               "S[SET lock_timeout = 1;^]T[SELECT 1;^]T[BEGIN; SELECT 2; SELECT 3; ^COMMIT;]L[VACUUM a;^]"
               "S[SELECT pg_catalog.set_config('a.b', '', false);^]T[SET LOCAL x = 1^]");
  assert_true(unit_limits_locks(unit_read(STR("SET LOCAL lock_timeout = 1"), mem)));
  assert_false(unit_limits_locks(unit_read(STR("SELECT 'SET lock_timeout'"), mem)));
}

static void assert_refused(const char *text, const char *why)
{
  const unit_list *units = unit_read(str_from(text), mem);
  assert_str_eq(str_slice(units->problem, 0, strlen(why)), why);
  assert_int_equal(units->len, 0);
}

static void what_cannot_be_sent_is_refused(void **state)
{
  (void)state;
  assert_refused("SELECT 1;\nBEGIN;\nSELECT 2;",
                 "line 2: the transaction that begins here is never committed");
  assert_refused("\n\\d", "line 2: a backslash");
  assert_refused("COPY a FROM stdin;\n1\n\\.\n", "line 1: COPY");
  assert_refused("-- schemac:transaction on\nSELECT 1",
                 "line 1: schemac:transaction is `on`: it can only be `off`");
  assert_refused("-- schemac:transaction off\nSELECT 'open", "line 2: the string");
  assert_refused("-- schemac:transaction off\nBEGIN; COMMIT AND CHAIN; COMMIT",
                 "line 2: with schemac:transaction off");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_script_is_one_transaction),
      cmocka_unit_test(or_several_when_it_says_so),
      cmocka_unit_test(one_statement_may_have_to_be_alone),
      cmocka_unit_test(off_takes_statement_by_statement),
      cmocka_unit_test(what_cannot_be_sent_is_refused),
  };
  return cmocka_run_group_tests_name("migrate_unit", tests, set_up, tear_down);
}
