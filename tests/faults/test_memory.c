/* Every allocation of the library fails once: SC_NO_MEMORY each time, nothing leaks, and the next call works.
 */
#include "connection/connection.h"

#include "faults/memory.h"

/* All that a program may do, until the first failure. */
static sc_status session_of_work(void)
{
  sc_db *db = NULL, *tx = NULL, *inner = NULL, *session = NULL;
  sc_arena *mem = sc_arena_new();
  sc_rows rows;
  if (!mem) return SC_NO_MEMORY;
  sc_status s = sc_open(&(sc_open_options){.application_name = "memory"}, &db);
  if (s == SC_OK)
    s = sc_query(db, mem, &rows, "SELECT $1::text, $2::int4[]",
                 SC_ARGS(SC_TEXT("a"), SC_INTS(((int32_t[]){1, 2}), 2)));
  if (s == SC_OK) s = sc_exec(db, "SELECT 1", SC_NO_ARGS, NULL);
  if (s == SC_OK) s = sc_begin(db, NULL, &tx);
  if (s == SC_OK) s = sc_exec(tx, "SELECT 2", SC_NO_ARGS, NULL);
  if (s == SC_OK) s = sc_begin(tx, NULL, &inner);
  if (s == SC_OK) s = sc_exec(inner, "SELECT 3", SC_NO_ARGS, NULL);
  if (inner) {
    sc_status ended = sc_commit(inner);
    if (s == SC_OK) s = ended;
  }
  if (tx) {
    sc_status ended = s == SC_OK ? sc_commit(tx) : sc_rollback(tx);
    if (s == SC_OK) s = ended;
  }
  if (s == SC_OK) s = sc_session(db, &session);
  if (s == SC_OK) s = sc_script(session, "SELECT 1; SELECT 2", NULL);
  sc_close(session);
  sc_close(db);
  sc_arena_free(mem);
  return s;
}

static void any_allocation_may_fail(void **state)
{
  (void)state;
  long tried = 0, told = 0;
  for (;; tried++) {
    allocations_left = tried;
    sc_status s = session_of_work();
    bool happened = allocations_left < 0;
    allocations_left = -1;
    if (!happened) {
      assert_ok(s);
      break;
    }
    told += s == SC_NO_MEMORY;
    /* Where the failure hits a commit in flight the transaction is lost with its connection. And a statement
     * that there is no memory to remember runs all the same. */
    if (s != SC_NO_MEMORY && s != SC_TX_CLOSED && s != SC_OK)
      fail_msg("allocation %ld: %s", tried, sc_status_name(s));
    assert_true(tried < 1000);
  }
  assert_true(tried > 20);
  assert_true(told * 10 > tried * 8);
}

/* The arena of a result, rather than the library. */
static void *limited(void *left, size_t size)
{
  long *count = left;
  return (*count)-- > 0 ? malloc(size) : NULL;
}

static void to_free(void *context, void *memory, size_t size)
{
  (void)context, (void)size;
  free(memory);
}

static void a_full_arena_is_said_and_costs_no_connection(void **state)
{
  (void)state;
  sc_db *db = open_db();
  sc_status s = SC_NO_MEMORY;
  long blocks = 1;
  for (; s == SC_NO_MEMORY && blocks < 100; blocks++) {
    long left = blocks;
    arena *mem = sc_arena_new_with(&(sc_allocator){limited, to_free, &left});
    sc_rows rows;
    s = sc_query(db, mem, &rows, "SELECT repeat('x', 10000) FROM generate_series(1, 50)", SC_NO_ARGS);
    if (s != SC_OK) assert_int_equal(rows.len, 0);
    sc_arena_free(mem);
  }
  assert_ok(s);
  assert_true(blocks > 5);
  assert_int_equal(sc_statistics(db).connections_made, 1);
  sc_close(db);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_allocation_may_fail),
      cmocka_unit_test(a_full_arena_is_said_and_costs_no_connection),
  };
  return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
