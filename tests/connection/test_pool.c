/* The pool: limits, waiting, threads, idle connections, fork, the end. */
#include "connection/connection.h"

#include <schemac/descriptor.h>

#include <pthread.h>
#include <sys/wait.h>

static void open_makes_one_connection(void **state)
{
  (void)state;
  sc_db *db = open_db();
  sc_stats stats = sc_statistics(db);
  assert_int_equal(stats.connections, 1);
  assert_int_equal(stats.idle, 1);
  assert_int_equal(stats.busy, 0);
  assert_int_equal(stats.connections_made, 1);
  run_sql(db, "SELECT 1");
  stats = sc_statistics(db);
  assert_int_equal(stats.connections_made, 1);
  assert_int_equal(stats.statements, 1);
  assert_int_equal(stats.round_trips, 1);
  sc_close(db);
}

static void no_connection_in_time_is_p2024(void **state)
{
  (void)state;
  sc_db *db = open_with((sc_open_options){.max_connections = 2, .pool_timeout_ms = 120}), *one, *two;
  assert_ok(sc_session(db, &one));
  assert_ok(sc_session(db, &two));
  int64_t before = clock_ms();
  assert_status(sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL), SC_POOL_TIMEOUT);
  assert_in_range(clock_ms() - before, 110, 2000);
  const sc_error *error = sc_error_last();
  assert_string_equal(error->code, "P2024");
  assert_non_null(strstr(error->message, "Timed out fetching a new connection from the connection pool."));
  assert_non_null(strstr(error->message, "connection limit: 2)"));
  sc_close(one);
  run_sql(db, "SELECT 1");
  sc_close(two);
  assert_int_equal(sc_statistics(db).idle, 2);
  sc_close(db);
}

static void the_urls_limit_counts(void **state)
{
  (void)state;
  char url[512];
  snprintf(url, sizeof url, "%s&connection_limit=1&pool_timeout=1", getenv("DATABASE_URL"));
  sc_db *db = open_with((sc_open_options){.url = url}), *session;
  assert_ok(sc_session(db, &session));
  assert_status(sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL), SC_POOL_TIMEOUT);
  assert_non_null(strstr(sc_error_last()->message, "connection pool timeout: 1, connection limit: 1)"));
  sc_close(session);
  sc_close(db);
}

/* ---- threads ---- */

enum { THREADS = 8, ROUNDS = 200 };

typedef struct job {
  sc_db *db;
  int number, wrong;
} job;

static void *work(void *argument)
{
  job *j = argument;
  sc_arena *mem = sc_arena_new();
  for (int i = 0; i < ROUNDS; i++) {
    sc_rows rows;
    int64_t value = -1;
    sc_arena_reset(mem);
    int sent = j->number * ROUNDS + i;
    sc_status s = sc_query(j->db, mem, &rows, "SELECT $1::int4 + 1", SC_ARGS(SC_INT4(sent)));
    if (s != SC_OK || !sc_rows_int(&rows, 0, 0, &value) || value != sent + 1) j->wrong++;
    /* Errors are the thread's own. */
    if (i % 10 == 0 && (sc_exec(j->db, j->number % 2 ? "SELECT 1/0" : "SELEC", SC_NO_ARGS, NULL) == SC_OK ||
                        strcmp(sc_error_last()->sqlstate, j->number % 2 ? "22012" : "42601") != 0))
      j->wrong++;
  }
  sc_arena_free(mem);
  return NULL;
}

static void threads_share_fewer_connections(void **state)
{
  (void)state;
  sc_db *db = open_with((sc_open_options){.max_connections = 3});
  pthread_t threads[THREADS];
  job jobs[THREADS];
  for (int i = 0; i < THREADS; i++) {
    jobs[i] = (job){db, i, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(jobs[i].wrong, 0);
  }
  sc_stats stats = sc_statistics(db);
  assert_in_range(stats.connections_made, 1, 3);
  assert_int_equal(stats.busy, 0);
  assert_int_equal(stats.waiting, 0);
  assert_int_equal(stats.statements, THREADS * (ROUNDS + ROUNDS / 10));
  sc_close(db);
}

static void *wait_for_a_connection(void *db)
{
  return (void *)(intptr_t)sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL);
}

static void a_waiting_thread_gets_the_connection_given_back(void **state)
{
  (void)state;
  sc_db *db = open_with((sc_open_options){.max_connections = 1}), *session;
  assert_ok(sc_session(db, &session));
  pthread_t thread;
  void *status;
  pthread_create(&thread, NULL, wait_for_a_connection, db);
  while (sc_statistics(db).waiting == 0) sleep_ms(5);
  sc_stats stats = sc_statistics(session);
  assert_int_equal(stats.waiting, 1);
  sc_close(session);
  pthread_join(thread, &status);
  assert_int_equal((intptr_t)status, SC_OK);
  sc_close(db);
}

static void a_session_that_outlives_its_pool_is_an_error(void **state)
{
  (void)state;
  sc_db *db = open_db(), *session, *tx;
  assert_ok(sc_session(db, &session));
  assert_ok(sc_begin(db, NULL, &tx));
  sc_close(db);
  assert_status(sc_exec(session, "SELECT 1", SC_NO_ARGS, NULL), SC_MISUSE);
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_MISUSE);
  sc_close(session);
  assert_ok(sc_rollback(tx));
}

/* ---- connections that rest ---- */

static void an_idle_connection_is_closed_after_a_while(void **state)
{
  (void)state;
  sc_db *db = open_with((sc_open_options){.idle_timeout_ms = 50}), *one;
  assert_ok(sc_session(db, &one));
  run_sql(db, "SELECT 1"); /* a second connection, which is left idle */
  assert_int_equal(sc_statistics(db).connections, 2);
  sleep_ms(80);
  sc_close(one);
  assert_int_equal(sc_statistics(db).connections, 1);
  sc_close(db);
  db = open_with((sc_open_options){.idle_timeout_ms = 50, .min_connections = 2});
  assert_ok(sc_session(db, &one));
  run_sql(db, "SELECT 1");
  sleep_ms(80);
  sc_close(one);
  assert_int_equal(sc_statistics(db).connections, 2);
  sc_close(db);
}

static void a_connection_that_died_while_resting_is_replaced(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  sc_db *db = open_db(), *other = open_db();
  int64_t pid = one_int(db, "SELECT pg_backend_pid()", SC_NO_ARGS);
  assert_ok(sc_exec(other, "SELECT pg_terminate_backend($1)", SC_ARGS(SC_INT4(pid)), NULL));
  sleep_ms(1200);
  run_sql(db, "SELECT 1"); /* no error, for it had rested long enough to be looked at */
  assert_int_equal(sc_statistics(db).connections_made, 2);
  sc_close(other);
  sc_close(db);
}

static void a_transaction_left_open_by_sql_is_rolled_back(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  sc_db *db = open_with((sc_open_options){.max_connections = 1});
  run_sql(db, "BEGIN");
  assert_status(sc_exec(db, "SAVEPOINT s", SC_NO_ARGS, NULL), SC_DATABASE_ERROR);
  assert_string_equal(sc_error_last()->sqlstate, "25P01"); /* there is no transaction */
  sc_close(db);
}

/* ---- fork ---- */

static void a_child_may_only_close(void **state)
{
  (void)state;
  sc_db *db = open_db(), *session, *tx;
  assert_ok(sc_session(db, &session));
  assert_ok(sc_begin(db, NULL, &tx));
  run_sql(tx, "SELECT 1");
  pid_t child = fork();
  if (child == 0) {
    int wrong = sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL) != SC_FORKED;
    wrong += sc_exec(session, "SELECT 1", SC_NO_ARGS, NULL) != SC_FORKED;
    wrong += sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL) != SC_FORKED;
    wrong += sc_commit(tx) != SC_FORKED;
    sc_close(session);
    sc_close(db);
    _exit(wrong);
  }
  int status = -1;
  waitpid(child, &status, 0);
  assert_int_equal(status, 0);
  run_sql(session, "SELECT 1"); /* the child said nothing on the parent's connections */
  run_sql(tx, "SELECT 1");
  assert_ok(sc_commit(tx));
  run_sql(db, "SELECT 1");
  sc_close(session);
  sc_close(db);
}

/* ---- opening ---- */

static void what_cannot_be_opened_says_why(void **state)
{
  (void)state;
  static const struct {
    const char *url;
    sc_status status;
    const char *code, *says;
  } cases[] = {
      {"mysql://u:SECRET@h/d", SC_INVALID_ARGUMENT, "P1013", "postgresql://"},
      {"postgresql://u:SECRET@127.0.0.1:1/d", SC_UNREACHABLE, "P1001",
       "Can't reach database server at `127.0.0.1:1`"},
      {"postgresql://u:SECRET@/d?host=/nowhere", SC_UNREACHABLE, "P1001", "`/nowhere:5432`"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    sc_db *db = (sc_db *)&cases;
    assert_status(sc_open(&(sc_open_options){.url = cases[i].url}, &db), cases[i].status);
    assert_null(db);
    assert_string_equal(sc_error_last()->code, cases[i].code);
    if (!strstr(sc_error_last()->message, cases[i].says)) fail_msg("%s", sc_error_last()->message);
    assert_null(strstr(sc_error_last()->message, "SECRET"));
  }
}

static void a_pooler_that_is_not_announced_is_named(void **state)
{
  (void)state;
  if (!through_pooler()) skip();
  char url[512], *argument;
  snprintf(url, sizeof url, "%s", getenv("DATABASE_URL"));
  argument = strstr(url, "pgbouncer=true");
  assert_non_null(argument);
  argument[0] = 'x';
  sc_db *db;
  assert_status(sc_open(&(sc_open_options){.url = url}, &db), SC_UNREACHABLE);
  assert_non_null(strstr(sc_error_last()->message, "needs `pgbouncer=true`"));
}

static void without_a_url_it_asks_for_one(void **state)
{
  (void)state;
  char *kept = strdup(getenv("DATABASE_URL"));
  unsetenv("DATABASE_URL");
  sc_db *db;
  assert_status(sc_open(NULL, &db), SC_INVALID_ARGUMENT);
  assert_string_equal(sc_error_last()->message, "Environment variable not found: DATABASE_URL.");
  setenv("DATABASE_URL", kept, 1);
  free(kept);
}

/* ---- generated clients ---- */

static void a_client_knows_where_its_url_is(void **state)
{
  (void)state;
  sc_client client = {.abi = SC_ABI, .name = "blog", .url_env = "SCHEMAC_TEST_URL"};
  sc_db *db;
  assert_status(sc_open_client(&client, NULL, &db), SC_INVALID_ARGUMENT);
  assert_string_equal(sc_error_last()->code, "P1012");
  assert_string_equal(sc_error_last()->message, "Environment variable not found: SCHEMAC_TEST_URL.");
  setenv("SCHEMAC_TEST_URL", getenv("DATABASE_URL"), 1);
  assert_ok(sc_open_client(&client, NULL, &db));
  sc_close(db);
  unsetenv("SCHEMAC_TEST_URL");
  client = (sc_client){.abi = SC_ABI, .name = "blog", .url = getenv("DATABASE_URL")};
  assert_ok(sc_open_client(&client, NULL, &db));
  sc_close(db);
  client.url = "postgresql://127.0.0.1:1/d"; /* what the program says wins */
  assert_ok(sc_open_client(&client, &(sc_open_options){.url = getenv("DATABASE_URL")}, &db));
  sc_close(db);
}

static void a_client_of_another_contract_is_refused(void **state)
{
  (void)state;
  sc_client client = {.abi = SC_ABI + 1, .name = "blog"};
  sc_db *db;
  assert_status(sc_open_client(&client, NULL, &db), SC_MISUSE);
  assert_non_null(strstr(sc_error_last()->message, "`blog`"));
  assert_null(db);
  client.abi = SC_ABI_OLDEST - 1;
  assert_status(sc_open_client(&client, NULL, &db), SC_MISUSE);
}

static void the_program_names_itself(void **state)
{
  (void)state;
  sc_db *db = open_with((sc_open_options){.application_name = "ledger"});
  sc_arena *mem = sc_arena_new();
  assert_string_equal(one_text(db, mem, "SELECT current_setting('application_name')", SC_NO_ARGS), "ledger");
  sc_arena_free(mem);
  sc_close(db);
}

static void the_urls_schema_is_where_names_are_looked_up(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  char url[512];
  snprintf(url, sizeof url, "%s&schema=Odd%%20%%22%%5Cschema", getenv("DATABASE_URL"));
  sc_db *db = open_with((sc_open_options){.url = url});
  run_sql(db, "CREATE SCHEMA \"Odd \"\"\\schema\"");
  run_sql(db, "CREATE TABLE here ()");
  assert_int_equal(
      one_int(db, "SELECT count(*) FROM pg_tables WHERE schemaname = 'Odd \"\\schema'", SC_NO_ARGS), 1);
  assert_ok(sc_script(db, "DROP SCHEMA \"Odd \"\"\\schema\" CASCADE", NULL));
  sc_close(db);
}

static void a_calls_deadline_is_the_pools(void **state)
{
  (void)state;
  sc_db *db = open_with((sc_open_options){.query_timeout_ms = 100});
  int64_t before = clock_ms();
  assert_status(sc_exec(db, "SELECT pg_sleep(10)", SC_NO_ARGS, NULL), SC_TIMEOUT);
  assert_in_range(clock_ms() - before, 90, 3000);
  assert_string_equal(sc_error_last()->code, "P1008");
  assert_string_equal(sc_error_last()->message, "Operations timed out after `100 ms`.");
  run_sql(db, "SELECT 1");
  sc_close(db);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(open_makes_one_connection),
      cmocka_unit_test(no_connection_in_time_is_p2024),
      cmocka_unit_test(the_urls_limit_counts),
      cmocka_unit_test(threads_share_fewer_connections),
      cmocka_unit_test(a_waiting_thread_gets_the_connection_given_back),
      cmocka_unit_test(a_session_that_outlives_its_pool_is_an_error),
      cmocka_unit_test(an_idle_connection_is_closed_after_a_while),
      cmocka_unit_test(a_connection_that_died_while_resting_is_replaced),
      cmocka_unit_test(a_transaction_left_open_by_sql_is_rolled_back),
      cmocka_unit_test(a_child_may_only_close),
      cmocka_unit_test(what_cannot_be_opened_says_why),
      cmocka_unit_test(a_pooler_that_is_not_announced_is_named),
      cmocka_unit_test(without_a_url_it_asks_for_one),
      cmocka_unit_test(a_client_knows_where_its_url_is),
      cmocka_unit_test(a_client_of_another_contract_is_refused),
      cmocka_unit_test(the_program_names_itself),
      cmocka_unit_test(the_urls_schema_is_where_names_are_looked_up),
      cmocka_unit_test(a_calls_deadline_is_the_pools),
  };
  return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
