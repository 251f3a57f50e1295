/* What the programs of tests/connection and tests/faults share: a database from DATABASE_URL, and checks that
 * show the error when a call did not end as it should. */
#ifndef TESTS_CONNECTION_CONNECTION_H
#define TESTS_CONNECTION_CONNECTION_H

#include "unit/test.h"

#include <schemac/schemac.h>

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define assert_status(call, expected) check_status((call), (expected), #call, __FILE__, __LINE__)
#define assert_ok(call)               assert_status(call, SC_OK)

static inline void check_status(sc_status actual, sc_status expected, const char *call, const char *file,
                                int line)
{
  if (actual == expected) return;
  print_error("%s\n  is %s, not %s: %s\n", call, sc_status_name(actual), sc_status_name(expected),
              actual == SC_OK ? "" : sc_error_last()->message);
  _fail(file, line);
}

/* Sessions of the server behind a pooler change from one transaction to the next. */
static inline bool through_pooler(void)
{
  return getenv("SCHEMAC_TEST_POOLER") != NULL;
}

static inline sc_db *open_with(sc_open_options options)
{
  sc_db *db = NULL;
  assert_ok(sc_open(&options, &db));
  assert_non_null(db);
  return db;
}

static inline sc_db *open_db(void)
{
  return open_with((sc_open_options){0});
}

/* The single cell of a query, in the arena; NULL is the SQL NULL. */
static inline const char *one_text(sc_db *db, sc_arena *mem, const char *sql, sc_args args)
{
  sc_rows rows;
  assert_ok(sc_query(db, mem, &rows, sql, args));
  assert_int_equal(rows.len, 1);
  return sc_rows_text(&rows, 0, 0);
}

static inline int64_t one_int(sc_db *db, const char *sql, sc_args args)
{
  sc_arena *mem = sc_arena_new();
  sc_rows rows;
  int64_t value = -1;
  assert_ok(sc_query(db, mem, &rows, sql, args));
  assert_true(sc_rows_int(&rows, 0, 0, &value));
  sc_arena_free(mem);
  return value;
}

static inline void run_sql(sc_db *db, const char *sql)
{
  assert_ok(sc_exec(db, sql, SC_NO_ARGS, NULL));
}

static inline int64_t clock_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void sleep_ms(long ms)
{
  nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

#endif
