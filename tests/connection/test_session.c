/* sc_session: one pinned connection, and what it leaves behind. */
#include "connection/connection.h"

static sc_db *db;

static void settings_last_for_the_session_only(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  sc_db *session;
  assert_ok(sc_session(db, &session));
  run_sql(session, "SET statement_timeout = '77s'");
  run_sql(session, "CREATE TEMP TABLE mine (i int)");
  run_sql(session, "INSERT INTO mine VALUES (1)");
  run_sql(session, "SELECT pg_advisory_lock(4711) FROM mine");
  int64_t pid = one_int(session, "SELECT pg_backend_pid()", SC_NO_ARGS);
  sc_close(session);
  sc_arena *mem = sc_arena_new();
  assert_int_equal(one_int(db, "SELECT pg_backend_pid()", SC_NO_ARGS),
                   pid); /* the same connection, tidied up */
  assert_string_equal(one_text(db, mem, "SELECT current_setting('statement_timeout')", SC_NO_ARGS), "0");
  assert_string_equal(/* pg_locks lists those of all databases */
                      one_text(db, mem,
                               "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
                               " WHERE locktype = 'advisory' AND datname = current_database()",
                               SC_NO_ARGS),
                      "0");
  assert_status(sc_exec(db, "SELECT * FROM mine", SC_NO_ARGS, NULL), SC_NO_TABLE);
  sc_arena_free(mem);
}

static void transactions_run_on_it(void **state)
{
  (void)state;
  sc_db *session, *tx;
  assert_ok(sc_session(db, &session));
  assert_ok(sc_begin(session, NULL, &tx));
  run_sql(tx, "CREATE TABLE never ()");
  assert_status(sc_exec(session, "SELECT 1", SC_NO_ARGS, NULL), SC_MISUSE);
  assert_ok(sc_rollback(tx));
  assert_status(sc_exec(session, "SELECT * FROM never", SC_NO_ARGS, NULL), SC_NO_TABLE);
  assert_ok(sc_begin(session, NULL, &tx));
  run_sql(tx, "SELECT 1");
  sc_close(session); /* with its transaction open */
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_ok(sc_rollback(tx));
  assert_int_equal(sc_statistics(db).busy, 0);
}

static void a_transaction_begun_with_sql_is_not_nested(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  sc_db *session, *tx;
  assert_ok(sc_session(db, &session));
  run_sql(session, "BEGIN");
  assert_status(sc_begin(session, NULL, &tx), SC_MISUSE);
  run_sql(session, "COMMIT");
  run_sql(session, "BEGIN");
  sc_close(session); /* rolled back */
  run_sql(db, "SELECT 1");
}

static void a_script_may_begin_and_commit(void **state)
{
  (void)state;
  if (through_pooler()) skip();
  sc_db *session;
  assert_ok(sc_session(db, &session));
  /* The server's rules are the server's: some commands are refused in a script of several. */
  assert_status(sc_script(session, "BEGIN; CREATE TABLE scripted (); COMMIT; VACUUM scripted", NULL),
                SC_DATABASE_ERROR);
  assert_string_equal(sc_error_last()->sqlstate, "25001");
  run_sql(session, "DROP TABLE scripted"); /* what was committed stays */
  sc_close(session);
}

static int setup(void **state)
{
  (void)state;
  db = open_with((sc_open_options){.max_connections = 1});
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
      cmocka_unit_test(settings_last_for_the_session_only),
      cmocka_unit_test(transactions_run_on_it),
      cmocka_unit_test(a_transaction_begun_with_sql_is_not_nested),
      cmocka_unit_test(a_script_may_begin_and_commit),
  };
  return cmocka_run_group_tests_name("session", tests, setup, teardown);
}
