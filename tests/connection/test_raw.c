/* sc_query, sc_exec and sc_script: parameters in, rows out, errors. */
#include "connection/connection.h"

static sc_db *db;
static sc_arena *mem;

static void parameters_of_every_kind(void **state)
{
  (void)state;
  sc_rows rows;
  sc_time time = {0};
  assert_true(sc_time_parse("2024-02-29T12:30:00.5Z", &time));
  assert_ok(sc_query(
      db, mem, &rows,
      "SELECT $1::text, $2::int4, $3::int8, $4::float8, $5::bool, $6::timestamptz AT TIME ZONE 'UTC', "
      "$7::bytea, $8::text[], $9::int4[], $10::int8[], $11::text",
      SC_ARGS(SC_TEXT("a'b\"c\\"), SC_INT4(-5), SC_INT8(INT64_MAX), SC_FLOAT8(0.1), SC_BOOLEAN(true),
              SC_TIMESTAMPTZ(time), SC_BYTEA("\0\xff", 2), SC_TEXTS(((const char *[]){"x", "y,\"z"}), 2),
              SC_INTS(((int32_t[]){1, -2}), 2), SC_BIGINTS(((int64_t[]){INT64_MIN}), 1), SC_NULL)));
  static const char *const expected[] = {
      "a'b\"c\\",        "-5",     "9223372036854775807",    "0.1", "t", "2024-02-29 12:30:00.5", "\\x00ff",
      "{x,\"y,\\\"z\"}", "{1,-2}", "{-9223372036854775808}", NULL};
  assert_int_equal(rows.len, 1);
  assert_int_equal(rows.column_count, 11);
  for (size_t c = 0; c < rows.column_count; c++) {
    const char *text = sc_rows_text(&rows, 0, c);
    if (expected[c])
      assert_string_equal(text, expected[c]);
    else
      assert_null(text);
  }
}

static void empty_values_are_values(void **state)
{
  (void)state;
  assert_string_equal(one_text(db, mem, "SELECT $1::text", SC_ARGS(SC_TEXT(""))), "");
  assert_string_equal(one_text(db, mem, "SELECT $1::bytea", SC_ARGS(SC_BYTEA(NULL, 0))), "\\x");
  assert_string_equal(one_text(db, mem, "SELECT $1::int4[]", SC_ARGS(SC_INTS(NULL, 0))), "{}");
  assert_string_equal(one_text(db, mem, "SELECT $1::text[]", SC_ARGS(SC_TEXTS(NULL, 0))), "{}");
}

static void a_text_is_taken_for_any_type(void **state)
{
  (void)state;
  assert_string_equal(
      one_text(db, mem, "SELECT $1::uuid", SC_ARGS(SC_TEXT("00112233445566778899AABBCCDDEEFF"))),
      "00112233-4455-6677-8899-aabbccddeeff");
  assert_string_equal(one_text(db, mem, "SELECT 1 + $1", SC_ARGS(SC_TEXT("41"))), "42");
}

static void forgotten_pointers_are_refused(void **state)
{
  (void)state;
  const char *missing = NULL;
  sc_rows rows;
  assert_status(sc_query(db, mem, &rows, "SELECT $1, $2", SC_ARGS(SC_INT4(1), SC_TEXT(missing))),
                SC_INVALID_ARGUMENT);
  assert_non_null(strstr(sc_error_last()->message, "$2"));
  assert_status(sc_exec(db, "SELECT $1", SC_ARGS(SC_INTS(NULL, 2)), NULL), SC_INVALID_ARGUMENT);
  assert_status(sc_exec(db, "SELECT $1", SC_ARGS(SC_BYTEA(NULL, 2)), NULL), SC_INVALID_ARGUMENT);
  assert_status(sc_exec(db, "SELECT $1", SC_ARGS(SC_TEXTS(((const char *[]){"a", NULL}), 2)), NULL),
                SC_INVALID_ARGUMENT);
  assert_status(sc_exec(db, "SELECT $1", SC_ARGS(SC_INT4(INT64_C(3000000000))), NULL), SC_INVALID_ARGUMENT);
  assert_status(sc_exec(db, NULL, SC_NO_ARGS, NULL), SC_INVALID_ARGUMENT);
}

static void rows_are_told_by_name_and_number(void **state)
{
  (void)state;
  sc_rows rows;
  int64_t value = 7;
  assert_ok(sc_query(db, mem, &rows,
                     "SELECT g AS id, NULL AS nothing, 'x' AS text FROM generate_series(1, 3) g",
                     SC_NO_ARGS));
  assert_int_equal(rows.len, 3);
  assert_int_equal(sc_rows_column(&rows, "text"), 2);
  assert_int_equal(sc_rows_column(&rows, "none"), SIZE_MAX);
  assert_int_equal(rows.types[0], 23);
  assert_true(sc_rows_int(&rows, 2, 0, &value));
  assert_int_equal(value, 3);
  assert_false(sc_rows_int(&rows, 0, 1, &value));
  assert_false(sc_rows_int(&rows, 0, 2, &value));
  assert_false(sc_rows_int(&rows, 3, 0, &value));
  assert_int_equal(value, 3);
  assert_ok(sc_query(db, mem, &rows, "SELECT WHERE false", SC_NO_ARGS));
  assert_int_equal(rows.len, 0);
  assert_int_equal(rows.column_count, 0);
}

static void changed_rows_are_counted(void **state)
{
  (void)state;
  int64_t changed = -1;
  run_sql(db, "CREATE TABLE counted (id int)");
  assert_ok(sc_exec(db, "INSERT INTO counted SELECT generate_series(1, $1)", SC_ARGS(SC_INT4(25)), &changed));
  assert_int_equal(changed, 25);
  assert_ok(sc_exec(db, "DELETE FROM counted WHERE id > 20", SC_NO_ARGS, &changed));
  assert_int_equal(changed, 5);
  assert_ok(sc_exec(db, "DROP TABLE counted", SC_NO_ARGS, &changed));
  assert_int_equal(changed, 0);
}

static void large_values_pass(void **state)
{
  (void)state;
  enum { SIZE = 3 * 1024 * 1024 };
  char *text = malloc(SIZE + 1);
  memset(text, 'x', SIZE);
  text[SIZE] = '\0';
  sc_rows rows;
  assert_ok(sc_query(db, mem, &rows, "SELECT $1::text, length($1)", SC_ARGS(SC_TEXT(text))));
  assert_int_equal(rows.cells[0].len, SIZE);
  assert_memory_equal(rows.cells[0].text, text, SIZE);
  free(text);
}

static void more_parameters_than_the_protocol_has(void **state)
{
  (void)state;
  enum { COUNT = 65536 };
  sc_arg *args = calloc(COUNT, sizeof *args);
  assert_status(sc_exec(db, "SELECT 1", (sc_args){args, COUNT}, NULL), SC_INVALID_ARGUMENT);
  assert_string_equal(sc_error_last()->code, "P2029");
  free(args);
  run_sql(db, "SELECT 1");
}

static void errors_have_status_code_and_names(void **state)
{
  (void)state;
  static const struct {
    const char *sql;
    sc_status status;
    const char *code, *sqlstate, *constraint, *says;
  } cases[] = {
      {"INSERT INTO e VALUES (1, 'x', 0)", SC_UNIQUE_VIOLATION, "P2002", "23505", "e_pkey", "`e_pkey`"},
      {"INSERT INTO e VALUES (NULL, 'x', 0)", SC_NULL_VIOLATION, "P2011", "23502", NULL, "(`id`)"},
      {"INSERT INTO e VALUES (2, 'x', -1)", SC_CHECK_VIOLATION, "P2004", "23514", "e_n_check", "e_n_check"},
      {"INSERT INTO e VALUES (2, 'much too long', 1)", SC_VALUE_TOO_LONG, "P2000", "22001", NULL, "too long"},
      {"INSERT INTO e VALUES (2, 'x', 40000)", SC_OUT_OF_RANGE, "P2020", "22003", NULL, "out of range"},
      {"INSERT INTO f VALUES (9)", SC_FOREIGN_KEY_VIOLATION, "P2003", "23503", "f_e_fkey", "`f_e_fkey`"},
      {"SELECT * FROM nowhere", SC_NO_TABLE, "P2021", "42P01", NULL, "`nowhere`"},
      {"SELECT nothing FROM e", SC_NO_COLUMN, "P2022", "42703", NULL, "`nothing`"},
      {"SELECT e.nothing FROM e", SC_NO_COLUMN, "P2022", "42703", NULL, "`e.nothing`"},
      {"SELECT 1 FROM", SC_DATABASE_ERROR, "P2010", "42601", NULL, "syntax error"},
  };
  run_sql(db, "CREATE TABLE e (id int PRIMARY KEY, t varchar(3), n smallint CHECK (n >= 0))");
  run_sql(db, "CREATE TABLE f (e int REFERENCES e)");
  run_sql(db, "INSERT INTO e VALUES (1, 'a', 0)");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_status(sc_exec(db, cases[i].sql, SC_NO_ARGS, NULL), cases[i].status);
    const sc_error *error = sc_error_last();
    assert_int_equal(error->status, cases[i].status);
    assert_string_equal(error->code, cases[i].code);
    assert_string_equal(error->sqlstate, cases[i].sqlstate);
    if (cases[i].constraint)
      assert_string_equal(error->constraint, cases[i].constraint);
    else
      assert_null(error->constraint);
    if (!strstr(error->message, cases[i].says)) fail_msg("%s", error->message);
  }
  run_sql(db, "DROP TABLE f, e");
}

static void messages_hold_no_values(void **state)
{
  (void)state;
  static const char *const statements[] = {
      "SELECT $1::int",  "SELECT $1::timestamptz",   "SELECT $1::uuid", "SELECT $1::mood",
      "SELECT $1::json", "SELECT ($1 || '00')::int", "SELECT $1::bool", "SELECT $1::inet",
  };
  run_sql(db, "CREATE TYPE mood AS ENUM ('sad', 'ok')");
  for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
    sc_status s = sc_exec(db, statements[i], SC_ARGS(SC_TEXT("hunter2\" or \"x")), NULL);
    assert_true(s == SC_DATABASE_ERROR || s == SC_OUT_OF_RANGE);
    if (strstr(sc_error_last()->message, "hunter2")) fail_msg("%s", sc_error_last()->message);
  }
  assert_status(sc_exec(db, "SELECT $1::mood", SC_ARGS(SC_TEXT("hunter2")), NULL), SC_DATABASE_ERROR);
  assert_non_null(strstr(sc_error_last()->message, "enum mood"));
  run_sql(db, "CREATE TABLE keyed (k text UNIQUE)");
  run_sql(db, "INSERT INTO keyed VALUES ('hunter2')");
  assert_status(sc_exec(db, "INSERT INTO keyed VALUES ($1)", SC_ARGS(SC_TEXT("hunter2")), NULL),
                SC_UNIQUE_VIOLATION);
  assert_null(strstr(sc_error_last()->message, "hunter2"));
  assert_non_null(strstr(sc_error_last()->detail, "hunter2")); /* where it belongs */
  run_sql(db, "DROP TABLE keyed");
  run_sql(db, "DROP TYPE mood");
}

static void a_statement_that_cannot_be_in_a_transaction_runs(void **state)
{
  (void)state;
  run_sql(db, "CREATE TABLE vacuumed ()");
  run_sql(db, "VACUUM vacuumed");
  run_sql(db, "DROP TABLE vacuumed");
}

static void copy_is_refused_and_harms_nothing(void **state)
{
  (void)state;
  assert_status(sc_exec(db, "COPY pg_class TO STDOUT", SC_NO_ARGS, NULL), SC_INVALID_ARGUMENT);
  run_sql(db, "SELECT 1");
  assert_status(sc_script(db, "CREATE TEMP TABLE c (i int); COPY c FROM STDIN", NULL), SC_INVALID_ARGUMENT);
  run_sql(db, "SELECT 1");
}

/* ---- scripts ---- */

static void listen(const sc_notice *notice, void *context)
{
  char *heard = context;
  snprintf(heard, 100, "%s %s", notice->severity, notice->message);
}

static void a_script_is_one_transaction(void **state)
{
  (void)state;
  assert_status(sc_script(db, "CREATE TABLE half (i int); INSERT INTO half VALUES (1); SELECT 1/0;", NULL),
                SC_DATABASE_ERROR);
  assert_string_equal(sc_error_last()->sqlstate, "22012");
  assert_string_equal(sc_error_last()->message, "division by zero"); /* the server's own words */
  assert_string_equal(one_text(db, mem, "SELECT count(*) FROM pg_class WHERE relname = 'half'", SC_NO_ARGS),
                      "0");
  assert_ok(sc_script(db, "CREATE TABLE half (i int);\n\n-- done\nDROP TABLE half;\n", NULL));
  assert_ok(sc_script(db, "", NULL));
}

static void an_error_in_a_script_has_its_place(void **state)
{
  (void)state;
  assert_status(sc_script(db, "SELECT 1;\nSELECT 'é', nothing;", NULL), SC_NO_COLUMN);
  assert_int_equal(sc_error_last()->position, 23);
  assert_string_equal(sc_error_last()->message, "column \"nothing\" does not exist");
}

static void notices_are_heard_during_the_script_only(void **state)
{
  (void)state;
  char heard[100] = "";
  sc_script_options options = {.notice = listen, .context = heard};
  assert_ok(sc_script(db, "DO $$ BEGIN RAISE NOTICE 'one %', 1; END $$", &options));
  assert_string_equal(heard, "NOTICE one 1");
  heard[0] = '\0';
  run_sql(db, "DO $$ BEGIN RAISE NOTICE 'two'; END $$");
  assert_string_equal(heard, "");
}

static void a_script_has_its_own_deadline(void **state)
{
  (void)state;
  int64_t before = clock_ms();
  assert_status(sc_script(db, "SELECT pg_sleep(10)", &(sc_script_options){.timeout_ms = 150}), SC_TIMEOUT);
  assert_in_range(clock_ms() - before, 140, 3000);
  assert_string_equal(sc_error_last()->code, "P1008");
}

static int setup(void **state)
{
  (void)state;
  db = open_db();
  mem = sc_arena_new();
  return mem ? 0 : -1;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  sc_close(db);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parameters_of_every_kind),
      cmocka_unit_test(empty_values_are_values),
      cmocka_unit_test(a_text_is_taken_for_any_type),
      cmocka_unit_test(forgotten_pointers_are_refused),
      cmocka_unit_test(rows_are_told_by_name_and_number),
      cmocka_unit_test(changed_rows_are_counted),
      cmocka_unit_test(large_values_pass),
      cmocka_unit_test(more_parameters_than_the_protocol_has),
      cmocka_unit_test(errors_have_status_code_and_names),
      cmocka_unit_test(messages_hold_no_values),
      cmocka_unit_test(a_statement_that_cannot_be_in_a_transaction_runs),
      cmocka_unit_test(copy_is_refused_and_harms_nothing),
      cmocka_unit_test(a_script_is_one_transaction),
      cmocka_unit_test(an_error_in_a_script_has_its_place),
      cmocka_unit_test(notices_are_heard_during_the_script_only),
      cmocka_unit_test(a_script_has_its_own_deadline),
  };
  return cmocka_run_group_tests_name("raw", tests, setup, teardown);
}
