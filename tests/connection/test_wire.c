/* The wire core without a blocking call: pipelines, several connections in one loop, and every type by way of
 * the server. */
#include "connection/connection.h"

#include "codec/codec.h"
#include "conn/wire.h"

#include <poll.h>

static arena *mem;
static sc_url url;

static sc_conn *connect_now(void)
{
  sc_conn *conn = NULL;
  assert_ok(sc_conn_open(&url, NULL, sc_deadline_after_ms(5000), &conn));
  return conn;
}

static sc_statement select_int(arena *of, int value)
{
  str sql = sc_str_format(of, "SELECT %d", value);
  return (sc_statement){.sql = sql, .key = sql};
}

static void a_pipeline_is_one_round_trip_with_all_results(void **state)
{
  (void)state;
  enum { COUNT = 200 };
  sc_conn *conn = connect_now();
  sc_statement statements[COUNT];
  PGresult *results[COUNT];
  for (int i = 0; i < COUNT; i++)
    statements[i] = select_int(mem, i % 150); /* some of them twice, more than are kept */
  for (int round = 0; round < 3; round++) {
    assert_ok(
        sc_wire_run(conn, &(sc_pipeline){.statements = statements, .count = COUNT, .results = results}));
    for (int i = 0; i < COUNT; i++) assert_int_equal(atoi(PQgetvalue(results[i], 0, 0)), i % 150);
    sc_results_clear(results, COUNT);
  }
  sc_conn_free(conn, false);
}

static void a_pipeline_happens_whole_or_not_at_all(void **state)
{
  (void)state;
  sc_conn *conn = connect_now();
  PGresult *results[3];
  sc_statement statements[3] = {
      {.sql = STR("CREATE TABLE whole (i int)")}, {.sql = STR("SELECT 1/0")}, {.sql = STR("SELECT 1")}};
  sc_pipeline work = {.statements = statements, .count = 3, .results = results};
  assert_status(sc_wire_run(conn, &work), SC_DATABASE_ERROR);
  assert_int_equal(work.failed, 1);
  assert_non_null(results[0]);
  assert_null(results[1]);
  assert_null(results[2]);
  sc_results_clear(results, 3);
  statements[0] = (sc_statement){.sql = STR("SELECT count(*) FROM pg_class WHERE relname = 'whole'")};
  assert_ok(sc_wire_run(conn, &(sc_pipeline){.statements = statements, .count = 1, .results = results}));
  assert_string_equal(PQgetvalue(results[0], 0, 0), "0");
  sc_results_clear(results, 1);
  sc_conn_free(conn, false);
}

static void the_work_of_several_connections_overlaps_in_one_loop(void **state)
{
  (void)state;
  enum { COUNT = 3 };
  sc_conn *conns[COUNT];
  sc_pipeline works[COUNT];
  PGresult *results[COUNT] = {NULL};
  sc_statement sleep = {.sql = STR("SELECT pg_sleep(0.3)")};
  bool connected[COUNT] = {false};
  int64_t before = clock_ms();
  for (int i = 0; i < COUNT; i++) {
    conns[i] = sc_conn_start(&url, NULL, sc_deadline_after_ms(5000));
    assert_non_null(conns[i]);
    works[i] = (sc_pipeline){.statements = &sleep, .count = 1, .results = &results[i]};
  }
  for (int left = COUNT; left > 0;) {
    struct pollfd fds[COUNT];
    nfds_t waiting = 0;
    for (int i = 0; i < COUNT; i++) {
      if (!conns[i]) continue;
      short events = sc_wire_step(conns[i]);
      if (events) {
        fds[waiting++] = (struct pollfd){.fd = sc_wire_fd(conns[i]), .events = events};
        continue;
      }
      assert_ok(sc_wire_finish(conns[i]));
      if (!connected[i]) { /* the start-up is over: now the work */
        connected[i] = true;
        assert_ok(sc_wire_start(conns[i], &works[i]));
        fds[waiting++] = (struct pollfd){.fd = sc_wire_fd(conns[i]), .events = sc_wire_step(conns[i])};
        continue;
      }
      sc_results_clear(&results[i], 1);
      sc_conn_free(conns[i], false);
      conns[i] = NULL;
      left--;
    }
    if (waiting) assert_true(poll(fds, waiting, 5000) > 0);
  }
  assert_in_range(clock_ms() - before, 290, 800);
}

static void large_pipelines_do_not_deadlock(void **state)
{
  (void)state;
  enum { COUNT = 40, SIZE = 500 * 1024 }; /* both directions are full at once */
  sc_conn *conn = connect_now();
  char *text = sc_arena_alloc(mem, SIZE + 1);
  memset(text, 'y', SIZE);
  const char *values[] = {text};
  sc_statement statements[COUNT];
  PGresult *results[COUNT];
  for (int i = 0; i < COUNT; i++)
    statements[i] = (sc_statement){
        .sql = STR("SELECT $1::text || $1"), .key = STR("double"), .param_count = 1, .values = values};
  assert_ok(sc_wire_run(conn, &(sc_pipeline){statements, COUNT, results, sc_deadline_after_ms(30000), 0}));
  for (int i = 0; i < COUNT; i++) assert_int_equal(PQgetlength(results[i], 0, 0), 2 * SIZE);
  sc_results_clear(results, COUNT);
  sc_conn_free(conn, false);
}

static void freed_in_the_middle_of_its_work(void **state)
{
  (void)state;
  sc_conn *conn = connect_now();
  PGresult *result = NULL;
  sc_pipeline work = {
      .statements = &(sc_statement){.sql = STR("SELECT pg_sleep(5)")}, .count = 1, .results = &result};
  assert_ok(sc_wire_start(conn, &work));
  assert_true(sc_wire_step(conn) != 0);
  assert_status(sc_wire_start(conn, &work), SC_MISUSE);
  assert_status(sc_wire_finish(conn), SC_CLOSED); /* too early: nobody waits for the answer any more */
  assert_true(sc_conn_broken(conn));
  assert_status(sc_wire_start(conn, &work), SC_CLOSED);
  sc_conn_free(conn, false);
}

/* ---- types ---- */

/* A value as PostgreSQL writes it, through the type's codec and back: decoded from binary, encoded, and asked
 * whether it is the same; a list of it likewise. */
static void round_trip(sc_conn *conn, sc_native native, const char *sql_type, const char *literal)
{
  const sc_codec *codec = sc_codec_of(native);
  str sql = sc_str_format(mem, "SELECT '%s'::%s, ARRAY['%s', '%s']::%s[]", literal, sql_type, literal,
                          literal, sql_type);
  PGresult *result = NULL;
  sc_statement ask = {.sql = sql, .binary_result = true};
  assert_ok(sc_wire_run(conn, &(sc_pipeline){.statements = &ask, .count = 1, .results = &result}));
  void *value = sc_arena_alloc(mem, 64);
  sc_list list;
  str bytes = {PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0)};
  assert_ok(sc_codec_decode(codec, mem, bytes, true, value));
  bytes = (str){PQgetvalue(result, 0, 1), (size_t)PQgetlength(result, 0, 1)};
  assert_ok(sc_codec_decode_array(codec, mem, bytes, &list));
  assert_int_equal(list.len, 2);
  sc_results_clear(&result, 1);

  buf one = {.mem = mem}, many = {.mem = mem};
  assert_ok(sc_codec_encode(codec, &one, value));
  assert_ok(sc_codec_encode_array(codec, &many, list.items, codec->size, list.len, NULL));
  const char *compared = native == SC_NATIVE_JSON || native == SC_NATIVE_XML ? "::text" : "";
  ask = (sc_statement){
      .sql = sc_str_format(
          mem, "SELECT '%s'::%s%s = $1::%s%s AND ARRAY['%s', '%s']::%s[]::text = $2::%s[]::text", literal,
          sql_type, compared, sql_type, compared, literal, literal, sql_type, sql_type),
      .param_count = 2,
      .types = (Oid[]){codec->oid, codec->array_oid},
      .values = (const char *[]){one.ptr ? one.ptr : "", many.ptr},
      .lengths = (int[]){(int)one.len, (int)many.len},
      .formats = (int[]){codec->format, codec->array_format},
  };
  sc_status s = sc_wire_run(conn, &(sc_pipeline){.statements = &ask, .count = 1, .results = &result});
  if (s != SC_OK || strcmp(PQgetvalue(result, 0, 0), "t") != 0)
    fail_msg("%s %s: %s", sql_type, literal, s == SC_OK ? "not the same" : sc_error_last()->message);
  sc_results_clear(&result, 1);

  if (!codec->decode_text) return; /* the text decoder gives what the binary one gave */
  ask = (sc_statement){.sql = sql};
  assert_ok(sc_wire_run(conn, &(sc_pipeline){.statements = &ask, .count = 1, .results = &result}));
  void *again = sc_arena_alloc(mem, 64);
  assert_ok(sc_codec_decode(codec, mem, (str){PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0)},
                            false, again));
  buf second = {.mem = mem};
  assert_ok(sc_codec_encode(codec, &second, again));
  if (!str_eq(buf_str(&one), buf_str(&second))) fail_msg("%s %s: text and binary differ", sql_type, literal);
  sc_results_clear(&result, 1);
}

static void every_type_goes_in_and_comes_out(void **state)
{
  (void)state;
  static const struct {
    sc_native native;
    const char *type, *literal;
  } cases[] = {
      {SC_NATIVE_TEXT, "text", "héllo \"w\\orld"},
      {SC_NATIVE_TEXT, "text", ""},
      {SC_NATIVE_VARCHAR, "varchar(20)", "abc"},
      {SC_NATIVE_CHAR, "char(5)", "ab"},
      {SC_NATIVE_BIT, "bit(11)", "10110011101"},
      {SC_NATIVE_VARBIT, "varbit", "1011"},
      {SC_NATIVE_UUID, "uuid", "00112233-4455-6677-8899-aabbccddeeff"},
      {SC_NATIVE_XML, "xml", "<a b=\"c\">d</a>"},
      {SC_NATIVE_INET, "inet", "192.168.1.7/24"},
      {SC_NATIVE_INET, "inet", "2001:db8::1"},
      {SC_NATIVE_INET, "inet", "::ffff:1.2.3.4/128"},
      {SC_NATIVE_BOOLEAN, "bool", "true"},
      {SC_NATIVE_INTEGER, "int4", "-2147483648"},
      {SC_NATIVE_SMALLINT, "int2", "-32768"},
      {SC_NATIVE_OID, "oid", "2147483647"},
      {SC_NATIVE_BIGINT, "int8", "-9223372036854775808"},
      {SC_NATIVE_DOUBLE_PRECISION, "float8", "0.1"},
      {SC_NATIVE_DOUBLE_PRECISION, "float8", "-1.7976931348623157e+308"},
      {SC_NATIVE_DOUBLE_PRECISION, "float8", "NaN"},
      {SC_NATIVE_DOUBLE_PRECISION, "float8", "Infinity"},
      {SC_NATIVE_REAL, "float4", "1.5"},
      {SC_NATIVE_REAL, "float4", "3.4028235e+38"},
      {SC_NATIVE_DECIMAL, "numeric", "0"},
      {SC_NATIVE_DECIMAL, "numeric", "12345678901234567890.000000000123450"},
      {SC_NATIVE_DECIMAL, "numeric", "-0.00001"},
      {SC_NATIVE_DECIMAL, "numeric", "100000000"},
      {SC_NATIVE_DECIMAL, "numeric", "1e-40"},
      {SC_NATIVE_DECIMAL, "numeric", "NaN"},
      {SC_NATIVE_DECIMAL, "numeric", "-Infinity"},
      {SC_NATIVE_MONEY, "money", "-12.34"},
      {SC_NATIVE_TIMESTAMP, "timestamp", "2024-02-29 12:30:00.123456"},
      {SC_NATIVE_TIMESTAMP, "timestamp", "infinity"},
      {SC_NATIVE_TIMESTAMP, "timestamp", "0044-03-15 12:00:00 BC"},
      {SC_NATIVE_TIMESTAMPTZ, "timestamptz", "1969-12-31 23:59:59.999999+02"},
      {SC_NATIVE_TIMESTAMPTZ, "timestamptz", "-infinity"},
      {SC_NATIVE_DATE, "date", "2024-02-29"},
      {SC_NATIVE_DATE, "date", "1900-01-01"},
      {SC_NATIVE_DATE, "date", "infinity"},
      {SC_NATIVE_TIME, "time", "23:59:59.999999"},
      {SC_NATIVE_TIMETZ, "timetz", "12:00:00+00"},
      {SC_NATIVE_JSONB, "jsonb", "{\"a\": [1, null, \"x\\\\y\"]}"},
      {SC_NATIVE_JSON, "json", "{\"a\" : 1,  \"a\":2}"},
      {SC_NATIVE_BYTEA, "bytea", "\\x00ff5c22"},
      {SC_NATIVE_BYTEA, "bytea", ""},
      {SC_NATIVE_NONE, "moods", "so \"so\""},
  };
  sc_conn *conn = connect_now();
  PGresult *result = NULL;
  sc_statement type = {.sql = STR("CREATE TYPE moods AS ENUM ('so \"so\"', 'ok')")};
  assert_ok(sc_wire_run(conn, &(sc_pipeline){.statements = &type, .count = 1, .results = &result}));
  sc_results_clear(&result, 1);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    round_trip(conn, cases[i].native, cases[i].type, cases[i].literal);
  assert_ok(sc_wire_simple(conn, "DROP TYPE moods", 0, NULL, NULL));
  sc_conn_free(conn, false);
}

static int setup(void **state)
{
  (void)state;
  mem = sc_arena_new();
  return sc_url_parse(mem, str_from(getenv("DATABASE_URL")), &url) == SC_OK ? 0 : -1;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pipeline_is_one_round_trip_with_all_results),
      cmocka_unit_test(a_pipeline_happens_whole_or_not_at_all),
      cmocka_unit_test(the_work_of_several_connections_overlaps_in_one_loop),
      cmocka_unit_test(large_pipelines_do_not_deadlock),
      cmocka_unit_test(freed_in_the_middle_of_its_work),
      cmocka_unit_test(every_type_goes_in_and_comes_out),
  };
  return cmocka_run_group_tests_name("wire", tests, setup, teardown);
}
