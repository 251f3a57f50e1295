/* The server kills backends, restarts, crashes, is full, and refuses. */
#include "connection/connection.h"

#include "faults/memory.h"

#include <pthread.h>

static void server(const char *verb)
{
  char command[512];
  snprintf(command, sizeof command, "tests/faults/server %.*s '%s'%s", (int)strcspn(verb, " "), verb,
           getenv("FAULTS_SERVER"), verb + strcspn(verb, " "));
  assert_int_equal(system(command), 0);
}

/* Ends the other sessions that run a query with the word in it, once there is one. */
static void *kill_those_who_sleep(void *unused)
{
  sc_db *db = open_db();
  sc_arena *mem = sc_arena_new();
  for (int i = 0; i < 500; i++) {
    sc_rows rows;
    sc_arena_reset(mem);
    sc_status s = sc_query(
        db, mem, &rows, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
        SC_NO_ARGS);
    if (s == SC_OK && rows.len > 0) break;
    sleep_ms(10);
  }
  sc_arena_free(mem);
  sc_close(db);
  return unused;
}

static sc_status sleep_and_be_killed(sc_db *db)
{
  pthread_t killer;
  pthread_create(&killer, NULL, kill_those_who_sleep, NULL);
  sc_status s = sc_exec(db, "SELECT pg_sleep(20)", SC_NO_ARGS, NULL);
  pthread_join(killer, NULL);
  return s;
}

static void a_backend_killed_during_a_query(void **state)
{
  (void)state;
  sc_db *db = open_db();
  assert_status(sleep_and_be_killed(db), SC_CLOSED);
  const sc_error *error = sc_error_last();
  assert_string_equal(error->code, "P1017");
  assert_string_equal(error->sqlstate, "57P01");
  assert_string_equal(error->message, "Server has closed the connection.");
  run_sql(db, "SELECT 1");
  sc_stats stats = sc_statistics(db);
  assert_int_equal(stats.connections, 1);
  assert_int_equal(stats.connections_made, 2);
  sc_close(db);
}

static void a_backend_killed_during_a_transaction(void **state)
{
  (void)state;
  sc_db *db = open_db(), *tx;
  run_sql(db, "CREATE TABLE killed (i int)");
  assert_ok(sc_begin(db, NULL, &tx));
  run_sql(tx, "INSERT INTO killed VALUES (1)");
  assert_status(sleep_and_be_killed(tx), SC_CLOSED);
  assert_status(sc_exec(tx, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_status(sc_commit(tx), SC_TX_CLOSED);
  assert_int_equal(one_int(db, "SELECT count(*) FROM killed", SC_NO_ARGS), 0);
  run_sql(db, "DROP TABLE killed");
  sc_close(db);
}

static void a_session_killed_stays_closed(void **state)
{
  (void)state;
  sc_db *db = open_db(), *session, *tx;
  assert_ok(sc_session(db, &session));
  assert_status(sleep_and_be_killed(session), SC_CLOSED);
  assert_status(sc_exec(session, "SELECT 1", SC_NO_ARGS, NULL), SC_CLOSED);
  assert_status(sc_begin(session, NULL, &tx), SC_CLOSED);
  sc_close(session);
  run_sql(db, "SELECT 1");
  sc_close(db);
}

static void a_cancelled_query_is_a_timeout(void **state)
{
  (void)state;
  sc_db *db = open_db(), *session;
  assert_ok(sc_session(db, &session));
  run_sql(session, "SET statement_timeout = 50");
  assert_status(sc_exec(session, "SELECT pg_sleep(5)", SC_NO_ARGS, NULL), SC_TIMEOUT);
  assert_string_equal(sc_error_last()->sqlstate, "57014");
  run_sql(session, "SELECT 1"); /* the server's own timeout: the connection is well */
  sc_close(session);
  sc_close(db);
}

static void a_restart_costs_one_error_at_most(void **state)
{
  (void)state;
  static const char *const modes[] = {"down fast", "down immediate"};
  for (size_t i = 0; i < 2; i++) {
    sc_db *db = open_db(), *one, *two;
    assert_ok(sc_session(db, &one));
    assert_ok(sc_session(db, &two));
    sc_close(one);
    sc_close(two);
    char mode[32];
    snprintf(mode, sizeof mode, "%s", modes[i]);
    server(mode);
    sleep_ms(1100);
    assert_status(sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL), SC_UNREACHABLE);
    assert_string_equal(sc_error_last()->code, "P1001");
    server("up");
    run_sql(db, "SELECT 1");
    run_sql(db, "SELECT 1");
    sc_close(db);
  }
}

static void all_idle_connections_are_doubted_when_one_has_died(void **state)
{
  (void)state;
  sc_db *db = open_db(), *other = open_db(), *sessions[4];
  for (size_t i = 0; i < 4; i++) assert_ok(sc_session(db, &sessions[i]));
  for (size_t i = 0; i < 4; i++) sc_close(sessions[i]);
  run_sql(other, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                 "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
  assert_status(sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL), SC_CLOSED); /* used just now, so it was trusted */
  for (int i = 0; i < 5; i++) run_sql(db, "SELECT 1");
  sc_close(other);
  sc_close(db);
}

static void no_slot_left_is_p2037(void **state)
{
  (void)state;
  sc_db *db = open_db(), *limited;
  run_sql(db, "CREATE ROLE limited LOGIN CONNECTION LIMIT 1");
  char url[512];
  snprintf(url, sizeof url, "postgresql://limited@/postgres?host=%s", getenv("FAULTS_SERVER"));
  limited = open_with((sc_open_options){.url = url});
  sc_db *second;
  assert_status(sc_open(&(sc_open_options){.url = url}, &second), SC_UNREACHABLE);
  assert_string_equal(sc_error_last()->code, "P2037");
  assert_string_equal(sc_error_last()->sqlstate, "53300");
  sc_close(limited);
  sleep_ms(100);
  run_sql(db, "DROP ROLE limited");
  sc_close(db);
}

/* ---- refusals ---- */

static void refused(const char *user_and_password, const char *database, sc_status status, const char *code,
                    const char *says)
{
  char url[512];
  sc_db *db;
  snprintf(url, sizeof url, "postgresql://%s@/%s?host=%s", user_and_password, database,
           getenv("FAULTS_SERVER"));
  assert_status(sc_open(&(sc_open_options){.url = url}, &db), status);
  const sc_error *error = sc_error_last();
  assert_string_equal(error->code, code);
  if (!strstr(error->message, says)) fail_msg("%s", error->message);
  assert_null(strstr(error->message, "SECRET"));
}

static void refusals_are_told_apart(void **state)
{
  (void)state;
  sc_db *db = open_db();
  char path[512];
  run_sql(db, "CREATE ROLE guarded LOGIN PASSWORD 'right'");
  run_sql(db, "CREATE ROLE idle NOLOGIN");
  snprintf(path, sizeof path, "%s/data/pg_hba.conf", getenv("FAULTS_SERVER"));
  FILE *rules = fopen(path, "w");
  assert_non_null(rules);
  fputs("local all guarded scram-sha-256\nlocal all outlaw reject\nlocal all all trust\n", rules);
  fclose(rules);
  run_sql(db, "SELECT pg_reload_conf()");
  run_sql(db, "CREATE DATABASE closed");
  run_sql(db, "REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
  sleep_ms(200);
  char url[512];
  snprintf(url, sizeof url, "postgresql://guarded:right@/postgres?host=%s", getenv("FAULTS_SERVER"));
  sc_close(open_with((sc_open_options){.url = url}));
  refused("guarded:SECRET", "postgres", SC_AUTH, "P1000",
          "Authentication failed against database server at `");
  refused("guarded", "postgres", SC_AUTH, "P1000", "asks for a password");
  refused("outlaw:SECRET", "postgres", SC_AUTH, "P1010",
          "User `outlaw` was denied access on the database `postgres`");
  refused("idle:SECRET", "postgres", SC_AUTH, "P1010", "`idle`");
  refused("guarded:right", "closed", SC_AUTH, "P1010", "`closed`");
  refused("postgres:SECRET", "nothing", SC_NO_DATABASE, "P1003",
          "Database `nothing` does not exist on the database server at `");
  refused("nobody:SECRET", "postgres", SC_AUTH, "P1010", "`nobody`");
  run_sql(db, "DROP DATABASE closed");
  sc_close(db);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_backend_killed_during_a_query),
      cmocka_unit_test(a_backend_killed_during_a_transaction),
      cmocka_unit_test(a_session_killed_stays_closed),
      cmocka_unit_test(a_cancelled_query_is_a_timeout),
      cmocka_unit_test(a_restart_costs_one_error_at_most),
      cmocka_unit_test(all_idle_connections_are_doubted_when_one_has_died),
      cmocka_unit_test(no_slot_left_is_p2037),
      cmocka_unit_test(refusals_are_told_apart),
  };
  return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
