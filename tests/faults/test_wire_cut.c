/* The wire is cut, held or spoiled at every byte: always an error value, never a crash, and the pool
 * recovers. */
#include "connection/connection.h"

#include "faults/memory.h"
#include "faults/proxy.h"

static const char *server(void)
{
  return getenv("FAULTS_SERVER");
}

static const char work[] =
    "SELECT $1::int4 AS number, repeat('x', 300) AS text, ARRAY[1,2,3] FROM generate_series(1, 3)";

static void cut_at_every_byte(void **state)
{
  (void)state;
  int worked = 0, unreachable = 0, closed = 0;
  for (long at = 0; at < 3000; at += at < 700 ? 7 : 61) {
    proxy *p = proxy_start(server());
    atomic_store(&p->cut_after, at);
    sc_arena *mem = sc_arena_new();
    sc_db *db = NULL;
    sc_rows rows;
    sc_status s = sc_open(&(sc_open_options){.url = p->url}, &db);
    if (s == SC_OK) {
      s = sc_query(db, mem, &rows, work, SC_ARGS(SC_INT4(5)));
      if (s == SC_OK) {
        worked++;
        assert_int_equal(rows.len, 3);
      } else {
        assert_status(s, SC_CLOSED);
        assert_string_equal(sc_error_last()->code, "P1017");
        closed++;
        atomic_store(&p->cut_after, -1);
        run_sql(db, "SELECT 1"); /* on a new connection */
      }
      sc_close(db);
    } else {
      assert_status(s, SC_UNREACHABLE);
      assert_null(db);
      unreachable++;
    }
    sc_arena_free(mem);
    proxy_stop(p);
  }
  assert_true(worked > 5 && unreachable > 20 && closed > 20);
}

static void cut_in_a_transaction(void **state)
{
  (void)state;
  proxy *p = proxy_start(server());
  sc_db *db = open_with((sc_open_options){.url = p->url}), *tx, *inner;
  assert_ok(sc_begin(db, NULL, &tx));
  run_sql(tx, "SELECT 1");
  assert_ok(sc_begin(tx, NULL, &inner));
  atomic_store(&p->cut_after, 0);
  assert_status(sc_exec(inner, "SELECT 1", SC_NO_ARGS, NULL), SC_CLOSED);
  assert_status(sc_exec(inner, "SELECT 1", SC_NO_ARGS, NULL), SC_TX_CLOSED);
  assert_status(sc_commit(inner), SC_TX_CLOSED);
  assert_status(sc_commit(tx), SC_TX_CLOSED);
  assert_ok(sc_begin(db, NULL, &tx) == SC_OK ? sc_rollback(tx) : SC_OK);
  atomic_store(&p->cut_after, -1);
  assert_ok(sc_begin(db, NULL, &tx));
  run_sql(tx, "SELECT 1");
  atomic_store(&p->cut_after, 0);
  assert_status(sc_commit(tx), SC_CLOSED); /* nobody knows whether it happened */
  assert_int_equal(sc_statistics(db).busy, 0);
  sc_close(db);
  proxy_stop(p);
}

/* A byte on the way is another: the call fails with a sentence, or the answer has another letter. */
static void spoiled_bytes_are_errors(void **state)
{
  (void)state;
  int failed = 0;
  for (long at = 0; at < 1200; at += 13) {
    proxy *p = proxy_start(server());
    atomic_store(&p->spoil_at, at);
    sc_arena *mem = sc_arena_new();
    sc_db *db = NULL;
    sc_rows rows;
    sc_open_options options = {.url = p->url, .connect_timeout_ms = 300, .query_timeout_ms = 300};
    sc_status s = sc_open(&options, &db);
    if (s == SC_OK) s = sc_query(db, mem, &rows, work, SC_ARGS(SC_INT4(5)));
    if (s == SC_OK) s = sc_query(db, mem, &rows, work, SC_ARGS(SC_INT4(6)));
    if (s != SC_OK) {
      failed++;
      assert_int_equal(sc_error_last()->status, s);
      assert_true(strlen(sc_error_last()->message) > 0);
    }
    sc_close(db);
    sc_arena_free(mem);
    proxy_stop(p);
  }
  assert_true(failed >= 5);
}

static void a_server_that_falls_silent_is_timed_out(void **state)
{
  (void)state;
  proxy *p = proxy_start(server());
  sc_db *db = open_with((sc_open_options){.url = p->url, .query_timeout_ms = 200});
  run_sql(db, "SELECT 1");
  atomic_store(&p->hold, true);
  int64_t before = clock_ms();
  assert_status(sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL), SC_TIMEOUT);
  assert_in_range(clock_ms() - before, 190, 2500);    /* not the minutes that a lost cancellation may take */
  assert_int_equal(sc_statistics(db).connections, 0); /* what does not answer is not used again */
  atomic_store(&p->hold, false);
  sleep_ms(50);
  run_sql(db, "SELECT 1");
  sc_close(db);
  proxy_stop(p);
}

static void a_server_that_never_greets_is_unreachable(void **state)
{
  (void)state;
  proxy *p = proxy_start(server());
  atomic_store(&p->hold, true);
  sc_db *db;
  int64_t before = clock_ms();
  assert_status(sc_open(&(sc_open_options){.url = p->url, .connect_timeout_ms = 200}, &db), SC_UNREACHABLE);
  assert_in_range(clock_ms() - before, 190, 1500);
  before = clock_ms();
  assert_status(sc_open(&(sc_open_options){.url = p->url}, &db),
                SC_UNREACHABLE); /* connect_timeout=1 of the URL */
  assert_in_range(clock_ms() - before, 900, 2500);
  proxy_stop(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cut_at_every_byte),
      cmocka_unit_test(cut_in_a_transaction),
      cmocka_unit_test(spoiled_bytes_are_errors),
      cmocka_unit_test(a_server_that_falls_silent_is_timed_out),
      cmocka_unit_test(a_server_that_never_greets_is_unreachable),
  };
  return cmocka_run_group_tests_name("wire_cut", tests, NULL, NULL);
}
