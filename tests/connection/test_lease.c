/* How the engine gets at a connection: leases, and the transactions that several pipelines share. */
#include "connection/connection.h"

#include "conn/db.h"

static sc_db *db;

static sc_status run(sc_lease *lease, const char *sql)
{
  PGresult *result = NULL;
  sc_status s = sc_lease_run(lease, &(sc_statement){.sql = str_from(sql), .key = str_from(sql)}, 1, &result);
  sc_results_clear(&result, 1);
  return s;
}

static int64_t count(void)
{
  return one_int(db, "SELECT count(*) FROM leased", SC_NO_ARGS);
}

static int empty(void **state)
{
  (void)state;
  return sc_exec(db, "TRUNCATE leased", SC_NO_ARGS, NULL) == SC_OK ? 0 : -1;
}

static void several_pipelines_are_one_transaction(void **state)
{
  (void)state;
  sc_lease lease;
  uint64_t before = sc_statistics(db).round_trips;
  assert_ok(sc_lease_take(db, &lease));
  assert_ok(sc_lease_begin(&lease));
  assert_ok(run(&lease, "INSERT INTO leased VALUES (1)"));
  assert_ok(run(&lease, "INSERT INTO leased VALUES (2)"));
  assert_ok(sc_lease_end(&lease, SC_OK));
  sc_lease_return(&lease);
  assert_int_equal(sc_statistics(db).round_trips - before, 3);
  assert_int_equal(count(), 2);
}

static void the_last_pipeline_carries_the_commit(void **state)
{
  (void)state;
  sc_lease lease;
  uint64_t before = sc_statistics(db).round_trips;
  assert_ok(sc_lease_take(db, &lease));
  assert_ok(sc_lease_begin(&lease));
  assert_ok(run(&lease, "INSERT INTO leased VALUES (1)"));
  sc_lease_commit_with_next(&lease);
  assert_ok(run(&lease, "INSERT INTO leased VALUES (2)"));
  assert_ok(sc_lease_end(&lease, SC_OK));
  sc_lease_return(&lease);
  assert_int_equal(sc_statistics(db).round_trips - before, 2);
  assert_int_equal(count(), 2);
}

static void a_failure_takes_everything_back_and_keeps_the_error(void **state)
{
  (void)state;
  for (int last = 0; last < 2; last++) {
    sc_lease lease;
    assert_ok(sc_lease_take(db, &lease));
    assert_ok(sc_lease_begin(&lease));
    assert_ok(run(&lease, "INSERT INTO leased VALUES (1)"));
    if (last) sc_lease_commit_with_next(&lease);
    sc_status s = run(&lease, "INSERT INTO leased VALUES (1)");
    assert_status(s, SC_UNIQUE_VIOLATION);
    assert_status(sc_lease_end(&lease, s), SC_UNIQUE_VIOLATION);
    assert_string_equal(sc_error_last()->constraint, "leased_i_key");
    sc_lease_return(&lease);
    assert_int_equal(count(), 0);
  }
}

static void what_the_engine_refuses_is_rolled_back(void **state)
{
  (void)state;
  sc_lease lease;
  assert_ok(sc_lease_take(db, &lease));
  assert_ok(sc_lease_begin(&lease));
  assert_ok(run(&lease, "INSERT INTO leased VALUES (1)"));
  sc_lease_commit_with_next(&lease); /* but nothing follows */
  assert_status(sc_lease_end(&lease, SC_NOT_FOUND), SC_NOT_FOUND);
  sc_lease_return(&lease);
  assert_int_equal(count(), 0);
  uint64_t before = sc_statistics(db).round_trips;
  assert_ok(sc_lease_take(db, &lease));
  assert_ok(sc_lease_begin(&lease));
  assert_ok(sc_lease_end(&lease, SC_OK)); /* nothing was said */
  sc_lease_return(&lease);
  assert_int_equal(sc_statistics(db).round_trips, before);
}

static void in_a_transaction_the_brackets_do_nothing(void **state)
{
  (void)state;
  sc_db *tx;
  sc_lease lease;
  assert_ok(sc_begin(db, NULL, &tx));
  assert_ok(sc_lease_take(tx, &lease));
  assert_ok(sc_lease_begin(&lease));
  assert_ok(run(&lease, "INSERT INTO leased VALUES (1)"));
  sc_lease_commit_with_next(&lease);
  assert_ok(run(&lease, "INSERT INTO leased VALUES (2)"));
  assert_ok(sc_lease_end(&lease, SC_OK));
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_MISUSE); /* the lease is out */
  sc_lease_return(&lease);
  assert_int_equal(count(), 0);
  assert_ok(sc_commit(tx));
  assert_int_equal(count(), 2);
}

static void a_deferred_constraint_fails_the_carried_commit(void **state)
{
  (void)state;
  sc_lease lease;
  assert_ok(sc_lease_take(db, &lease));
  assert_ok(sc_lease_begin(&lease));
  sc_lease_commit_with_next(&lease);
  sc_status s = run(&lease, "INSERT INTO leased VALUES (1, 99)");
  assert_status(s, SC_FOREIGN_KEY_VIOLATION);
  assert_status(sc_lease_end(&lease, s), SC_FOREIGN_KEY_VIOLATION);
  sc_lease_return(&lease);
  assert_int_equal(count(), 0);
}

static void released(void *place)
{
  ++**(int **)place;
  free(place);
}

static void the_engines_place_is_freed_in_the_end(void **state)
{
  (void)state;
  static int ends;
  sc_db *own = open_db(), *tx;
  int **of_db = malloc(sizeof *of_db);
  *of_db = &ends;
  assert_ok(sc_begin(own, NULL, &tx));
  *sc_db_slot(own, released) = of_db;
  assert_ptr_equal(*sc_db_slot(tx, released), of_db); /* one for a pool and all handles made from it */
  assert_ok(sc_rollback(tx));
  assert_int_equal(ends, 0);
  sc_close(own);
  assert_int_equal(ends, 1);
}

static void the_schema_is_the_urls(void **state)
{
  (void)state;
  assert_str_eq(sc_db_schema(db), "public");
  char url[512];
  snprintf(url, sizeof url, "%s&schema=sales", getenv("DATABASE_URL"));
  sc_db *other = open_with((sc_open_options){.url = url});
  assert_str_eq(sc_db_schema(other), "sales");
  sc_close(other);
}

static int setup(void **state)
{
  (void)state;
  db = open_db();
  run_sql(
      db,
      "CREATE TABLE leased (i int UNIQUE, parent int REFERENCES leased (i) DEFERRABLE INITIALLY DEFERRED)");
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  run_sql(db, "DROP TABLE leased");
  assert_int_equal(sc_statistics(db).busy, 0);
  sc_close(db);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(several_pipelines_are_one_transaction, empty),
      cmocka_unit_test_setup(the_last_pipeline_carries_the_commit, empty),
      cmocka_unit_test_setup(a_failure_takes_everything_back_and_keeps_the_error, empty),
      cmocka_unit_test_setup(what_the_engine_refuses_is_rolled_back, empty),
      cmocka_unit_test_setup(in_a_transaction_the_brackets_do_nothing, empty),
      cmocka_unit_test_setup(a_deferred_constraint_fails_the_carried_commit, empty),
      cmocka_unit_test_setup(the_engines_place_is_freed_in_the_end, empty),
      cmocka_unit_test_setup(the_schema_is_the_urls, empty),
  };
  return cmocka_run_group_tests_name("lease", tests, setup, teardown);
}
