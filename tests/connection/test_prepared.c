/* The statements that a connection keeps prepared. Through a pooler nothing may be kept, and the same must
 * work. */
#include "connection/connection.h"

static sc_db *db;

static uint64_t prepared(void)
{
  return sc_statistics(db).statements_prepared;
}

static void a_statement_is_prepared_once_in_its_own_round_trip(void **state)
{
  (void)state;
  uint64_t before = prepared(), trips = sc_statistics(db).round_trips;
  for (int i = 0; i < 5; i++)
    assert_int_equal(one_int(db, "SELECT $1::int4 + 1", SC_ARGS(SC_INT4(i))), i + 1);
  assert_int_equal(prepared() - before, through_pooler() ? 0 : 1);
  assert_int_equal(sc_statistics(db).round_trips - trips, 5);
}

static void other_types_of_parameters_make_another_statement(void **state)
{
  (void)state;
  sc_arena *mem = sc_arena_new();
  const char *sql = "SELECT pg_typeof($1)::text";
  assert_string_equal(one_text(db, mem, sql, SC_ARGS(SC_INT4(1))), "integer");
  assert_string_equal(one_text(db, mem, sql, SC_ARGS(SC_INT8(1))), "bigint");
  assert_string_equal(one_text(db, mem, sql, SC_ARGS(SC_BOOLEAN(true))), "boolean");
  sc_arena_free(mem);
}

static void the_cache_is_bounded(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  char sql[64];
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < 12; i++) {
      snprintf(sql, sizeof sql, "SELECT %d", i);
      assert_int_equal(one_int(db, sql, SC_NO_ARGS), i);
    }
  assert_in_range(one_int(db, "SELECT count(*) FROM pg_prepared_statements", SC_NO_ARGS), 1, 6);
}

static void a_changed_table_is_no_error(void **state)
{
  (void)state;
  run_sql(db, "CREATE TABLE changing (id int)");
  run_sql(db, "INSERT INTO changing VALUES (1)");
  assert_int_equal(one_int(db, "SELECT * FROM changing", SC_NO_ARGS), 1);
  run_sql(db, "ALTER TABLE changing ALTER id TYPE bigint");
  assert_int_equal(one_int(db, "SELECT * FROM changing", SC_NO_ARGS), 1); /* else 0A000 */
  run_sql(db, "ALTER TABLE changing ADD more text");
  assert_int_equal(one_int(db, "SELECT * FROM changing", SC_NO_ARGS), 1);
  run_sql(db, "DROP TABLE changing");
  assert_status(sc_exec(db, "SELECT * FROM changing", SC_NO_ARGS, NULL), SC_NO_TABLE);
}

static void in_a_transaction_it_fails_once_and_not_for_ever(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  run_sql(db, "CREATE TABLE changing (id int)");
  run_sql(db, "INSERT INTO changing VALUES (1)");
  assert_int_equal(one_int(db, "SELECT * FROM changing", SC_NO_ARGS), 1);
  sc_db *tx;
  assert_ok(sc_begin(db, NULL, &tx));
  run_sql(tx, "ALTER TABLE changing ALTER id TYPE bigint");
  assert_status(sc_exec(tx, "SELECT * FROM changing", SC_NO_ARGS, NULL), SC_DATABASE_ERROR);
  assert_string_equal(sc_error_last()->sqlstate, "0A000");
  assert_ok(sc_rollback(tx));
  assert_ok(sc_begin(db, NULL, &tx));
  run_sql(tx, "ALTER TABLE changing ALTER id TYPE bigint");
  assert_int_equal(one_int(tx, "SELECT * FROM changing", SC_NO_ARGS), 1);
  assert_ok(sc_commit(tx));
  /* The first statement of a transaction that has sent nothing yet is sent again, BEGIN and all. */
  run_sql(db, "ALTER TABLE changing ALTER id TYPE int");
  assert_ok(sc_begin(db, NULL, &tx));
  assert_int_equal(one_int(tx, "SELECT * FROM changing", SC_NO_ARGS), 1);
  run_sql(tx, "DROP TABLE changing");
  assert_ok(sc_commit(tx));
}

static void statements_that_the_server_forgot_are_prepared_again(void **state)
{
  (void)state;
  sc_db *session;
  assert_ok(sc_session(db, &session));
  for (int i = 0; i < 2; i++) {
    assert_int_equal(one_int(session, "SELECT $1::int4", SC_ARGS(SC_INT4(7))), 7);
    assert_int_equal(one_int(session, "SELECT 8", SC_NO_ARGS), 8);
    run_sql(session, "DEALLOCATE ALL");
  }
  sc_close(session);
}

static void a_statement_that_never_parsed_is_not_remembered(void **state)
{
  (void)state;
  assert_status(sc_exec(db, "SELECT * FROM late", SC_NO_ARGS, NULL), SC_NO_TABLE);
  run_sql(db, "CREATE TABLE late ()");
  run_sql(db, "SELECT * FROM late");
  run_sql(db, "DROP TABLE late");
}

static void nothing_is_prepared_when_asked_so(void **state)
{
  (void)state;
  sc_db *plain = open_with((sc_open_options){.statement_cache_size = -1});
  assert_int_equal(one_int(plain, "SELECT $1::int4", SC_ARGS(SC_INT4(7))), 7);
  assert_int_equal(sc_statistics(plain).statements_prepared, 0);
  sc_close(plain);
}

static int setup(void **state)
{
  (void)state;
  db = open_with((sc_open_options){.max_connections = 1, .statement_cache_size = 5});
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sc_close(db);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_statement_is_prepared_once_in_its_own_round_trip),
      cmocka_unit_test(other_types_of_parameters_make_another_statement),
      cmocka_unit_test(the_cache_is_bounded),
      cmocka_unit_test(a_changed_table_is_no_error),
      cmocka_unit_test(in_a_transaction_it_fails_once_and_not_for_ever),
      cmocka_unit_test(statements_that_the_server_forgot_are_prepared_again),
      cmocka_unit_test(a_statement_that_never_parsed_is_not_remembered),
      cmocka_unit_test(nothing_is_prepared_when_asked_so),
  };
  return cmocka_run_group_tests_name("prepared", tests, setup, teardown);
}
