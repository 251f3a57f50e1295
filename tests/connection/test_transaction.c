/* sc_begin, sc_commit, sc_rollback, savepoints, sc_transaction. */
#include "connection/connection.h"

#include <pthread.h>

static sc_db *db;
static sc_arena *mem;

static int64_t count(sc_db *on)
{
  return one_int(on, "SELECT count(*) FROM tx", SC_NO_ARGS);
}

static sc_db *begun(sc_db *on, sc_tx_options options)
{
  sc_db *tx = NULL;
  assert_ok(sc_begin(on, &options, &tx));
  return tx;
}

static int empty(void **state)
{
  (void)state;
  return sc_exec(db, "TRUNCATE tx", SC_NO_ARGS, NULL) == SC_OK ? 0 : -1;
}

static void commit_keeps_and_rollback_drops(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  assert_int_equal(count(tx), 1);
  assert_int_equal(count(db), 0);
  assert_ok(sc_commit(tx));
  assert_int_equal(count(db), 1);
  tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "DELETE FROM tx");
  assert_ok(sc_rollback(tx));
  assert_int_equal(count(db), 1);
  tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "DELETE FROM tx");
  sc_close(tx);
  assert_int_equal(count(db), 1);
}

static void begin_and_an_empty_transaction_cost_no_round_trip(void **state)
{
  (void)state;
  uint64_t before = sc_statistics(db).round_trips;
  assert_ok(sc_commit(begun(db, (sc_tx_options){0})));
  assert_ok(sc_rollback(begun(db, (sc_tx_options){0})));
  assert_int_equal(sc_statistics(db).round_trips, before);
  sc_db *tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  assert_ok(sc_commit(tx));
  assert_int_equal(sc_statistics(db).round_trips, before + 2);
}

static void isolation_and_read_only_are_asked_for(void **state)
{
  (void)state;
  static const struct {
    sc_isolation isolation;
    const char *name;
  } cases[] = {{SC_READ_UNCOMMITTED, "read uncommitted"},
               {SC_READ_COMMITTED, "read committed"},
               {SC_REPEATABLE_READ, "repeatable read"},
               {SC_SERIALIZABLE, "serializable"},
               {0, "read committed"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    sc_db *tx = begun(db, (sc_tx_options){.isolation = cases[i].isolation, .read_only = i % 2});
    assert_string_equal(one_text(tx, mem, "SELECT current_setting('transaction_isolation')", SC_NO_ARGS),
                        cases[i].name);
    assert_string_equal(one_text(tx, mem, "SELECT current_setting('transaction_read_only')", SC_NO_ARGS),
                        i % 2 ? "on" : "off");
    assert_ok(sc_rollback(tx));
  }
  sc_db *tx;
  assert_status(sc_begin(db, &(sc_tx_options){.isolation = (sc_isolation)9}, &tx), SC_INVALID_ARGUMENT);
  assert_null(tx);
}

static void a_failed_transaction_can_only_be_rolled_back(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  assert_status(sc_exec(tx, "SELECT 1/0", SC_NO_ARGS, NULL), SC_DATABASE_ERROR);
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_string_equal(sc_error_last()->code, "P2028");
  assert_status(sc_commit(tx), SC_TX_CLOSED);
  assert_int_equal(count(db), 0);
}

static void the_first_statement_may_fail(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0});
  assert_status(sc_exec(tx, "SELEC", SC_NO_ARGS, NULL), SC_DATABASE_ERROR);
  assert_ok(sc_rollback(tx));
  run_sql(db, "SELECT 1");
}

static void savepoints_nest(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  sc_db *inner = begun(tx, (sc_tx_options){0});
  run_sql(inner, "INSERT INTO tx VALUES (2)");
  sc_db *innermost = begun(inner, (sc_tx_options){0});
  run_sql(innermost, "INSERT INTO tx VALUES (3)");
  assert_status(sc_exec(innermost, "SELECT 1/0", SC_NO_ARGS, NULL), SC_DATABASE_ERROR);
  assert_ok(sc_rollback(innermost));
  assert_int_equal(count(inner), 2);
  assert_ok(sc_commit(inner));
  inner = begun(tx, (sc_tx_options){0});
  run_sql(inner, "INSERT INTO tx VALUES (4)");
  assert_ok(sc_rollback(inner));
  assert_ok(sc_commit(tx));
  assert_int_equal(count(db), 2);
}

static void a_failed_savepoint_leaves_the_rest(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0});
  sc_db *inner = begun(tx, (sc_tx_options){0}); /* BEGIN and SAVEPOINT travel together */
  assert_status(sc_exec(inner, "INSERT INTO tx VALUES (1/0)", SC_NO_ARGS, NULL), SC_DATABASE_ERROR);
  assert_status(sc_commit(inner), SC_TX_CLOSED);
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  assert_ok(sc_commit(tx));
  assert_int_equal(count(db), 1);
}

static void savepoints_that_say_nothing_cost_nothing(void **state)
{
  (void)state;
  sc_db *at[8];
  at[0] = begun(db, (sc_tx_options){0});
  for (int i = 1; i < 8; i++) at[i] = begun(at[i - 1], (sc_tx_options){0}); /* more than may wait */
  run_sql(at[7], "INSERT INTO tx VALUES (1)");
  for (int i = 7; i >= 0; i--) assert_ok(sc_commit(at[i]));
  assert_int_equal(count(db), 1);
  uint64_t before = sc_statistics(db).round_trips;
  sc_db *tx = begun(db, (sc_tx_options){0});
  assert_ok(sc_commit(begun(tx, (sc_tx_options){0})));
  assert_ok(sc_rollback(begun(tx, (sc_tx_options){0})));
  assert_ok(sc_commit(tx));
  assert_int_equal(sc_statistics(db).round_trips, before);
}

static void the_outer_handle_waits_for_the_inner(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0}), *inner = begun(tx, (sc_tx_options){0}), *second;
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_MISUSE);
  assert_status(sc_begin(tx, NULL, &second), SC_MISUSE);
  run_sql(inner, "INSERT INTO tx VALUES (1)");
  assert_ok(sc_commit(tx)); /* ends the inner one too, whose handle still has to be ended */
  assert_status(sc_exec(inner, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_status(sc_commit(inner), SC_TX_CLOSED);
}

static void scripts_run_inside_it(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0}); /* its BEGIN has not been sent yet */
  assert_ok(sc_script(tx, "INSERT INTO tx VALUES (1); INSERT INTO tx VALUES (2)", NULL));
  assert_int_equal(count(tx), 2);
  assert_int_equal(count(db), 0);
  assert_ok(sc_rollback(tx));
  assert_int_equal(count(db), 0);
  tx = begun(db, (sc_tx_options){0});
  assert_status(sc_script(tx, "INSERT INTO tx VALUES (1); SELECT 1/0", NULL), SC_DATABASE_ERROR);
  assert_status(sc_commit(tx), SC_TX_CLOSED);
  assert_int_equal(count(db), 0);
}

static void it_expires(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){.timeout_ms = 100});
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  sleep_ms(150);
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  const sc_error *error = sc_error_last();
  assert_string_equal(error->code, "P2028");
  assert_non_null(strstr(error->message, "The timeout for this transaction was 100 ms, however 1"));
  assert_status(sc_commit(tx), SC_TX_CLOSED);
  assert_int_equal(count(db), 0);
}

static void it_expires_during_a_query(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){.timeout_ms = 100});
  sc_db *inner = begun(tx, (sc_tx_options){0});
  int64_t before = clock_ms();
  assert_status(sc_exec(inner, "SELECT pg_sleep(10)", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_in_range(clock_ms() - before, 90, 3000);
  assert_status(sc_commit(inner), SC_TX_CLOSED);
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_ok(sc_rollback(tx));
  run_sql(db, "SELECT 1");
}

static void a_wait_too_long_is_prismas_p2028(void **state)
{
  (void)state;
  sc_db *small = open_with((sc_open_options){.max_connections = 1});
  sc_db *first = begun(small, (sc_tx_options){0}), *second;
  int64_t before = clock_ms();
  assert_status(sc_begin(small, &(sc_tx_options){.max_wait_ms = 100}, &second), SC_POOL_TIMEOUT);
  assert_in_range(clock_ms() - before, 90, 2000);
  assert_string_equal(sc_error_last()->code, "P2028");
  assert_non_null(strstr(sc_error_last()->message, "Unable to start a transaction in the given time."));
  assert_null(second);
  assert_ok(sc_rollback(first));
  sc_close(small);
}

static void a_deferred_constraint_fails_the_commit(void **state)
{
  (void)state;
  sc_db *tx = begun(db, (sc_tx_options){0});
  run_sql(tx, "INSERT INTO tx (id, parent) VALUES (1, 99)");
  assert_status(sc_commit(tx), SC_FOREIGN_KEY_VIOLATION);
  assert_int_equal(count(db), 0);
}

/* ---- sc_transaction ---- */

static sc_status insert_and_say(sc_db *tx, void *context)
{
  run_sql(tx, "INSERT INTO tx VALUES (7)");
  return *(const sc_status *)context;
}

static void the_outcome_of_the_work_decides(void **state)
{
  (void)state;
  assert_ok(sc_transaction(db, NULL, insert_and_say, &(sc_status){SC_OK}));
  assert_int_equal(count(db), 1);
  run_sql(db, "TRUNCATE tx");
  assert_status(sc_transaction(db, NULL, insert_and_say, &(sc_status){SC_NOT_FOUND}), SC_NOT_FOUND);
  assert_int_equal(count(db), 0);
  sc_db *tx = begun(db, (sc_tx_options){0}); /* in a transaction it is a savepoint */
  assert_status(sc_transaction(tx, NULL, insert_and_say, &(sc_status){SC_NOT_FOUND}), SC_NOT_FOUND);
  assert_ok(sc_transaction(tx, NULL, insert_and_say, &(sc_status){SC_OK}));
  assert_ok(sc_commit(tx));
  assert_int_equal(count(db), 1);
}

static sc_status swallow(sc_db *tx, void *context)
{
  (void)context;
  run_sql(tx, "INSERT INTO tx VALUES (1)");
  sc_exec(tx, "SELECT 1/0", SC_NO_ARGS, NULL);
  return SC_OK;
}

static void swallowing_an_error_is_no_commit(void **state)
{
  (void)state;
  assert_status(sc_transaction(db, NULL, swallow, NULL), SC_TX_CLOSED);
  assert_int_equal(count(db), 0);
}

static sc_status conflict_twice(sc_db *tx, void *context)
{
  int *calls = context;
  if (++*calls > 2) return sc_exec(tx, "INSERT INTO tx VALUES (1)", SC_NO_ARGS, NULL);
  return sc_exec(tx, "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$", SC_NO_ARGS, NULL);
}

static void conflicts_are_tried_again(void **state)
{
  (void)state;
  int calls = 0;
  assert_ok(sc_transaction(db, &(sc_tx_options){.retries = 3}, conflict_twice, &calls));
  assert_int_equal(calls, 3);
  assert_int_equal(count(db), 1);
  calls = 0;
  assert_status(sc_transaction(db, &(sc_tx_options){.retries = 1}, conflict_twice, &calls), SC_CONFLICT);
  assert_int_equal(calls, 2);
  assert_string_equal(sc_error_last()->code, "P2034");
  calls = 0;
  assert_status(sc_transaction(db, NULL, conflict_twice, &calls), SC_CONFLICT);
  assert_int_equal(calls, 1);
}

/* Two threads add one to the same row a hundred times each, reading first: without SERIALIZABLE and retries
 * some would be lost. */
static sc_status add_one(sc_db *tx, void *context)
{
  (void)context;
  sc_arena *own = sc_arena_new();
  sc_rows rows;
  int64_t value = 0;
  sc_status s = sc_query(tx, own, &rows, "SELECT id FROM tx", SC_NO_ARGS);
  if (s == SC_OK && sc_rows_int(&rows, 0, 0, &value))
    s = sc_exec(tx, "UPDATE tx SET id = $1", SC_ARGS(SC_INT4(value + 1)), NULL);
  sc_arena_free(own);
  return s;
}

enum { ADDITIONS = 50 };

static void *add_many(void *failures)
{
  sc_tx_options options = {.isolation = SC_SERIALIZABLE, .retries = 100};
  for (int i = 0; i < ADDITIONS; i++)
    if (sc_transaction(db, &options, add_one, NULL) != SC_OK) ++*(int *)failures;
  return NULL;
}

static void serializable_threads_lose_nothing(void **state)
{
  (void)state;
  run_sql(db, "INSERT INTO tx VALUES (0)");
  pthread_t threads[2];
  int failures[2] = {0};
  for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, add_many, &failures[i]), 0);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  assert_int_equal(failures[0] + failures[1], 0);
  assert_int_equal(one_int(db, "SELECT id FROM tx", SC_NO_ARGS), 2 * ADDITIONS);
}

static int setup(void **state)
{
  (void)state;
  db = open_db();
  mem = sc_arena_new();
  run_sql(db, "CREATE TABLE tx (id int UNIQUE, parent int REFERENCES tx (id) DEFERRABLE INITIALLY DEFERRED)");
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  run_sql(db, "DROP TABLE tx");
  sc_stats stats = sc_statistics(db);
  assert_int_equal(stats.busy, 0); /* every transaction gave its connection back */
  sc_arena_free(mem);
  sc_close(db);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(commit_keeps_and_rollback_drops, empty),
      cmocka_unit_test_setup(begin_and_an_empty_transaction_cost_no_round_trip, empty),
      cmocka_unit_test_setup(isolation_and_read_only_are_asked_for, empty),
      cmocka_unit_test_setup(a_failed_transaction_can_only_be_rolled_back, empty),
      cmocka_unit_test_setup(the_first_statement_may_fail, empty),
      cmocka_unit_test_setup(savepoints_nest, empty),
      cmocka_unit_test_setup(a_failed_savepoint_leaves_the_rest, empty),
      cmocka_unit_test_setup(savepoints_that_say_nothing_cost_nothing, empty),
      cmocka_unit_test_setup(the_outer_handle_waits_for_the_inner, empty),
      cmocka_unit_test_setup(scripts_run_inside_it, empty),
      cmocka_unit_test_setup(it_expires, empty),
      cmocka_unit_test_setup(it_expires_during_a_query, empty),
      cmocka_unit_test_setup(a_wait_too_long_is_prismas_p2028, empty),
      cmocka_unit_test_setup(a_deferred_constraint_fails_the_commit, empty),
      cmocka_unit_test_setup(the_outcome_of_the_work_decides, empty),
      cmocka_unit_test_setup(swallowing_an_error_is_no_commit, empty),
      cmocka_unit_test_setup(conflicts_are_tried_again, empty),
      cmocka_unit_test_setup(serializable_threads_lose_nothing, empty),
  };
  return cmocka_run_group_tests_name("transaction", tests, setup, teardown);
}
