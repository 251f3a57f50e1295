/* What stands around every test of the client: an open pool, an arena, empty tables, and checks of a status
 * that show the library's error. A test is a program of one file; `tests/client/run` says where it finds its
 * database. */
#ifndef TESTS_CLIENT_CLIENT_H
#define TESTS_CLIENT_CLIENT_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "zoo.h"

static sc_db *db;
static sc_arena *mem;

/* OK(call): it must succeed. FAILS(status, call): it must fail in just this way. */
#define OK(call)            check_status((call), SC_OK, #call, __FILE__, __LINE__)
#define FAILS(status, call) check_status((call), (status), #call, __FILE__, __LINE__)

static inline void check_status(sc_status actual, sc_status wanted, const char *call, const char *file,
                                int line)
{
  const sc_error *error = sc_error_last();
  if (actual == wanted && (wanted == SC_OK || error->status == wanted)) return;
  print_error("%s\n  returned %s, not %s\n", call, sc_status_name(actual), sc_status_name(wanted));
  if (actual != SC_OK)
    print_error("  %s %s: %s %s\n", error->code, error->sqlstate, error->message, error->detail);
  _fail(file, line);
}

/* The whole error: Prisma's code and text, model and first field ("" when there is none). */
#define ERROR_IS(code, message, model, field)                                                                \
  check_error((code), (message), (model), (field), __FILE__, __LINE__)

static inline void check_error(const char *code, const char *message, const char *model, const char *field,
                               const char *file, int line)
{
  const sc_error *error = sc_error_last();
  const char *first = error->fields.len ? error->fields.items[0] : "";
  _assert_string_equal(error->message, message, file, line);
  _assert_string_equal(error->code, code, file, line);
  _assert_string_equal(error->model ? error->model : "", model, file, line);
  _assert_string_equal(first, field, file, line);
}

/* The one number that a query returns. */
static inline int64_t number_of(const char *sql)
{
  sc_rows rows;
  int64_t number = -1;
  OK(sc_query(db, mem, &rows, sql, SC_NO_ARGS));
  assert_true(sc_rows_int(&rows, 0, 0, &number));
  return number;
}

/* The one text that a query returns, "NULL" for the SQL NULL. */
static inline const char *text_of(const char *sql)
{
  sc_rows rows;
  OK(sc_query(db, mem, &rows, sql, SC_NO_ARGS));
  assert_int_equal(rows.len, 1);
  const char *text = sc_rows_text(&rows, 0, 0);
  return text ? text : "NULL";
}

/* Waits for the server while `call` runs. */
#define ROUND_TRIPS(call)                                                                                    \
  (round_trips_before = sc_statistics(db).round_trips, OK(call),                                             \
   (int)(sc_statistics(db).round_trips - round_trips_before))
static uint64_t round_trips_before;

static inline int open_client(void **state)
{
  (void)state;
  (void)round_trips_before;
  if (zoo_open(NULL, &db) != SC_OK) {
    print_error("%s\n", sc_error_last()->message);
    return -1;
  }
  mem = sc_arena_new();
  return mem ? 0 : -1;
}

static inline int close_client(void **state)
{
  (void)state;
  sc_arena_free(mem);
  sc_close(db);
  return 0;
}

/* Every table empty, every sequence at 1. */
static inline int empty_tables(void **state)
{
  (void)state;
  sc_arena_reset(mem);
  sc_status s =
      sc_exec(db,
              "DO $$ DECLARE names text; BEGIN"
              " SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO names FROM pg_tables"
              " WHERE schemaname = 'public' AND tablename <> '_prisma_migrations';"
              " EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY CASCADE'; END $$",
              SC_NO_ARGS, NULL);
  if (s != SC_OK) print_error("%s\n", sc_error_last()->message);
  return s == SC_OK ? 0 : -1;
}

#define TEST(function)  cmocka_unit_test_setup(function, empty_tables)
#define RUN_TESTS(list) cmocka_run_group_tests(list, open_client, close_client)

#endif
