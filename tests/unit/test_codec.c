#include "unit/test.h"

#include "base/buf.h"
#include "codec/codec.h"

#include <math.h>

/* Bytes as hex, to compare and to show. */
static const char *hex(arena *mem, str bytes)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < bytes.len; i++) sc_buf_format(&out, "%02x", (unsigned char)bytes.ptr[i]);
  return sc_buf_c(&out);
}

static str from_hex(arena *mem, const char *text)
{
  size_t len = strlen(text) / 2;
  char *bytes = sc_arena_alloc(mem, len);
  for (size_t i = 0; i < len; i++)
    bytes[i] = (char)strtoul((char[]){text[2 * i], text[2 * i + 1], '\0'}, NULL, 16);
  return (str){bytes, len};
}

static const char *encoded(arena *mem, sc_native native, const void *value)
{
  buf out = {.mem = mem};
  assert_int_equal(sc_codec_encode(sc_codec_of(native), &out, value), SC_OK);
  return hex(mem, buf_str(&out));
}

static void refused(arena *mem, sc_native native, const void *value, sc_status expected)
{
  buf out = {.mem = mem};
  assert_int_equal(sc_codec_encode(sc_codec_of(native), &out, value), expected);
}

static void decode(arena *mem, sc_native native, const char *bytes, void *value)
{
  assert_int_equal(sc_codec_decode(sc_codec_of(native), mem, from_hex(mem, bytes), true, value), SC_OK);
}

static const char *text_of(arena *mem, sc_native native, const char *bytes)
{
  const char *text;
  decode(mem, native, bytes, &text);
  return text;
}

static void every_native_type_has_a_row(void **state)
{
  (void)state;
  for (unsigned n = SC_NATIVE_NONE; n <= SC_NATIVE_BYTEA; n++) {
    const sc_codec *codec = sc_codec_of(n);
    assert_non_null(codec->name);
    assert_non_null(codec->encode);
    assert_non_null(codec->decode_binary);
    assert_true(codec->size > 0);
    assert_int_equal(codec->oid == 0, codec->array_oid == 0);
  }
}

static void whole_numbers(void **state)
{
  arena *mem = *state;
  assert_string_equal(encoded(mem, SC_NATIVE_INTEGER, &(sc_int){-2, true, 0}), "fffffffe");
  assert_string_equal(encoded(mem, SC_NATIVE_SMALLINT, &(int32_t){-32768}), "8000");
  assert_string_equal(encoded(mem, SC_NATIVE_BIGINT, &(sc_bigint){INT64_MIN, true, 0}), "8000000000000000");
  assert_string_equal(encoded(mem, SC_NATIVE_OID, &(int32_t){25}), "00000019");
  refused(mem, SC_NATIVE_SMALLINT, &(int32_t){32768}, SC_OUT_OF_RANGE);
  refused(mem, SC_NATIVE_OID, &(int32_t){-1}, SC_OUT_OF_RANGE);
  int32_t i;
  int64_t l;
  decode(mem, SC_NATIVE_SMALLINT, "8000", &i);
  assert_int_equal(i, -32768);
  decode(mem, SC_NATIVE_INTEGER, "fffffffe", &i);
  assert_int_equal(i, -2);
  decode(mem, SC_NATIVE_BIGINT, "8000000000000000", &l);
  assert_true(l == INT64_MIN);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_OID), mem, from_hex(mem, "ffffffff"), true, &i),
                   SC_OUT_OF_RANGE);
  assert_int_equal(
      sc_codec_decode(sc_codec_of(SC_NATIVE_BIGINT), mem, STR("-9223372036854775808"), false, &l), SC_OK);
  assert_true(l == INT64_MIN);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_BIGINT), mem, STR("9223372036854775808"), false, &l),
                   SC_DATABASE_ERROR);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_INTEGER), mem, STR("12"), false, &i), SC_OK);
  assert_int_equal(i, 12);
}

static void floats_and_booleans(void **state)
{
  arena *mem = *state;
  double d;
  bool b;
  assert_string_equal(encoded(mem, SC_NATIVE_DOUBLE_PRECISION, &(double){1.5}), "3ff8000000000000");
  assert_string_equal(encoded(mem, SC_NATIVE_REAL, &(double){1.5}), "3fc00000");
  refused(mem, SC_NATIVE_REAL, &(double){1e300}, SC_OUT_OF_RANGE);
  assert_string_equal(encoded(mem, SC_NATIVE_REAL, &(double){(double)INFINITY}), "7f800000");
  decode(mem, SC_NATIVE_REAL, "3fc00000", &d);
  assert_true(d == 1.5);
  decode(mem, SC_NATIVE_DOUBLE_PRECISION, "7ff8000000000000", &d);
  assert_true(isnan(d));
  const sc_codec *codec = sc_codec_of(SC_NATIVE_DOUBLE_PRECISION);
  assert_int_equal(sc_codec_decode(codec, mem, STR("-1.25e-3"), false, &d), SC_OK);
  assert_true(d == -1.25e-3);
  assert_int_equal(sc_codec_decode(codec, mem, STR("-Infinity"), false, &d), SC_OK);
  assert_true(isinf(d) && d < 0);
  assert_int_equal(sc_codec_decode(codec, mem, STR("x"), false, &d), SC_DATABASE_ERROR);
  assert_string_equal(encoded(mem, SC_NATIVE_BOOLEAN, &(bool){true}), "01");
  decode(mem, SC_NATIVE_BOOLEAN, "00", &b);
  assert_false(b);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_BOOLEAN), mem, STR("t"), false, &b), SC_OK);
  assert_true(b);
}

static void numerics_become_exact_text(void **state)
{
  arena *mem = *state;
  static const struct {
    const char *bytes, *text; /* as numeric_send writes them */
  } cases[] = {
      {"0000000000000000", "0"},
      {"0000000000000002", "0.00"},
      {"00010000000000000001", "1"},
      {"0002000040000002000c1388", "-12.50"},
      {"0001ffff000000020064", "0.01"},
      {"0001fffe0000000801f4", "0.00000500"},
      {"00010001000000000001", "10000"},
      {"00020001000000000001270f", "19999"},
      {"00040001000000050001000a04d21388", "10010.12345"},
      {"00000000c0000000", "NaN"},
      {"00000000d0000020", "Infinity"},
      {"00000000f0000020", "-Infinity"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_string_equal(text_of(mem, SC_NATIVE_DECIMAL, cases[i].bytes), cases[i].text);
  const char *text;
  const sc_codec *codec = sc_codec_of(SC_NATIVE_DECIMAL);
  assert_int_equal(sc_codec_decode(codec, mem, from_hex(mem, "0001000000000000"), true, &text),
                   SC_DATABASE_ERROR);
  assert_int_equal(sc_codec_decode(codec, mem, from_hex(mem, "00010000000000002710"), true, &text),
                   SC_DATABASE_ERROR);
}

static void money_uuid_inet_and_bits(void **state)
{
  arena *mem = *state;
  assert_string_equal(text_of(mem, SC_NATIVE_MONEY, "fffffffffffffb2e"), "-12.34");
  assert_string_equal(text_of(mem, SC_NATIVE_MONEY, "0000000000000005"), "0.05");
  assert_string_equal(text_of(mem, SC_NATIVE_UUID, "00112233445566778899aabbccddeeff"),
                      "00112233-4455-6677-8899-aabbccddeeff");
  assert_string_equal(text_of(mem, SC_NATIVE_INET, "02200004c0a80001"), "192.168.0.1");
  assert_string_equal(text_of(mem, SC_NATIVE_INET, "02180004c0a80001"), "192.168.0.1/24");
  assert_string_equal(text_of(mem, SC_NATIVE_INET, "0380001000000000000000000000000000000001"), "::1");
  assert_string_equal(text_of(mem, SC_NATIVE_BIT, "00000003a0"), "101");
  assert_string_equal(text_of(mem, SC_NATIVE_VARBIT, "00000000"), "");
  assert_string_equal(text_of(mem, SC_NATIVE_VARBIT, "00000009ff80"), "111111111");
}

static void json_and_bytes(void **state)
{
  arena *mem = *state;
  sc_json json;
  decode(mem, SC_NATIVE_JSONB, "017b7d", &json);
  assert_string_equal(json.text, "{}");
  assert_int_equal(json.len, 2);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_JSONB), mem, from_hex(mem, "027b7d"), true, &json),
                   SC_DATABASE_ERROR);
  sc_bytes bytes;
  decode(mem, SC_NATIVE_BYTEA, "00ff", &bytes);
  assert_int_equal(bytes.len, 2);
  assert_int_equal(bytes.data[1], 0xFF);
  decode(mem, SC_NATIVE_BYTEA, "", &bytes);
  assert_int_equal(bytes.len, 0);
  assert_non_null(bytes.data);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_BYTEA), mem, STR("\\x0aFf"), false, &bytes), SC_OK);
  assert_int_equal(bytes.len, 2);
  assert_int_equal(bytes.data[0], 10);
  assert_int_equal(sc_codec_decode(sc_codec_of(SC_NATIVE_BYTEA), mem, STR("\\x0"), false, &bytes),
                   SC_DATABASE_ERROR);
  assert_string_equal(encoded(mem, SC_NATIVE_BYTEA, &(sc_bytes){0}), "");
}

static sc_time when(const char *text)
{
  sc_time time = {0};
  assert_true(sc_time_parse(text, &time));
  return time;
}

static void assert_time(arena *mem, sc_native native, const char *bytes, const char *text)
{
  sc_time time;
  char shown[SC_TIME_TEXT];
  decode(mem, native, bytes, &time);
  assert_true(time.given);
  assert_string_equal(sc_time_format(time, shown), text);
}

static void times(void **state)
{
  arena *mem = *state;
  sc_time time = when("2000-01-01T00:00:01Z"), before = when("1969-12-31T23:00:00Z");
  assert_string_equal(encoded(mem, SC_NATIVE_TIMESTAMPTZ, &time), "00000000000f4240");
  assert_string_equal(encoded(mem, SC_NATIVE_TIMESTAMP, &(sc_time){INT64_MAX, true, 0}), "7fffffffffffffff");
  assert_string_equal(encoded(mem, SC_NATIVE_DATE, &time), "00000000");
  assert_string_equal(encoded(mem, SC_NATIVE_DATE, &before), "ffffd532"); /* the day before 1970: -10958 */
  assert_string_equal(encoded(mem, SC_NATIVE_DATE, &(sc_time){INT64_MIN, true, 0}), "80000000");
  assert_string_equal(encoded(mem, SC_NATIVE_TIME, &before), "000000134743bc00"); /* 23:00 */
  assert_string_equal(encoded(mem, SC_NATIVE_TIMETZ, &time), "00000000000f424000000000");
  refused(mem, SC_NATIVE_TIME, &(sc_time){INT64_MAX, true, 0}, SC_OUT_OF_RANGE);
  refused(mem, SC_NATIVE_TIMESTAMP, &(sc_time){INT64_MIN + 1, true, 0}, SC_OUT_OF_RANGE);
  assert_time(mem, SC_NATIVE_TIMESTAMP, "00000000000f4240", "2000-01-01T00:00:01.000Z");
  assert_time(mem, SC_NATIVE_DATE, "ffffd532", "1969-12-31T00:00:00.000Z");
  assert_time(mem, SC_NATIVE_TIME, "000000134743bc00", "1970-01-01T23:00:00.000Z");
  assert_time(mem, SC_NATIVE_TIMETZ, "000000134743bc0000001c20", "1970-01-01T01:00:00.000Z"); /* 23:00-02 */
  sc_time infinite;
  decode(mem, SC_NATIVE_DATE, "7fffffff", &infinite);
  assert_true(infinite.usec == INT64_MAX);
}

static void lists(void **state)
{
  arena *mem = *state;
  buf out = {.mem = mem};
  assert_int_equal(sc_codec_encode_array(sc_codec_of(SC_NATIVE_INTEGER), &out, (int32_t[]){1, 2}, 4, 2, NULL),
                   SC_OK);
  assert_string_equal(hex(mem, buf_str(&out)), "0000000100000000000000170000000200000001"
                                               "0000000400000001"
                                               "0000000400000002");
  sc_list list;
  assert_int_equal(sc_codec_decode_array(sc_codec_of(SC_NATIVE_INTEGER), mem, buf_str(&out), &list), SC_OK);
  assert_int_equal(list.len, 2);
  assert_int_equal(((const int32_t *)list.items)[1], 2);

  out = (buf){.mem = mem};
  assert_int_equal(sc_codec_encode_array(sc_codec_of(SC_NATIVE_TEXT), &out, NULL, 8, 0, NULL), SC_OK);
  assert_string_equal(hex(mem, buf_str(&out)), "000000000000000000000019");
  assert_int_equal(sc_codec_decode_array(sc_codec_of(SC_NATIVE_TEXT), mem, buf_str(&out), &list), SC_OK);
  assert_int_equal(list.len, 0);
  assert_non_null(list.items);
}

static void lists_without_a_binary_form_are_literals(void **state)
{
  arena *mem = *state;
  buf out = {.mem = mem};
  const char *values[] = {"a\"b", "c\\d", "", "NULL", NULL};
  bool nulls[] = {false, false, false, false, true};
  assert_int_equal(
      sc_codec_encode_array(sc_codec_of(SC_NATIVE_CITEXT), &out, values, sizeof values[0], 5, nulls), SC_OK);
  assert_string_equal(out.ptr, "{\"a\\\"b\",\"c\\\\d\",\"\",\"NULL\",NULL}");
}

static void nulls_and_dimensions_in_lists_are_told(void **state)
{
  arena *mem = *state;
  buf out = {.mem = mem};
  sc_list list;
  const sc_codec *codec = sc_codec_of(SC_NATIVE_INTEGER);
  assert_int_equal(sc_codec_encode_array(codec, &out, (int32_t[]){1, 2}, 4, 2, (bool[]){false, true}), SC_OK);
  assert_int_equal(sc_codec_decode_array(codec, mem, buf_str(&out), &list), SC_DATABASE_ERROR);
  assert_string_equal(sc_error_last()->code, "P2023");
  str matrix = from_hex(mem, "00000002000000000000001700000001000000010000000100000001"
                             "0000000400000001");
  assert_int_equal(sc_codec_decode_array(codec, mem, matrix, &list), SC_DATABASE_ERROR);
}

/* Whatever is cut off anywhere is an error and reads nothing beyond its end (the sanitizer watches). */
static void cut_bytes_are_refused(void **state)
{
  arena *mem = *state;
  buf out = {.mem = mem};
  sc_codec_encode_array(sc_codec_of(SC_NATIVE_TEXT), &out, (const char *[]){"abc", "d"}, sizeof(char *), 2,
                        NULL);
  for (size_t len = 0; len < out.len; len++) {
    char *exact = malloc(len ? len : 1);
    memcpy(exact, out.ptr, len);
    sc_list list;
    assert_int_equal(sc_codec_decode_array(sc_codec_of(SC_NATIVE_TEXT), mem, (str){exact, len}, &list),
                     SC_DATABASE_ERROR);
    free(exact);
  }
  for (unsigned n = SC_NATIVE_BOOLEAN; n <= SC_NATIVE_TIMETZ; n++) {
    char value[32];
    assert_int_equal(sc_codec_decode(sc_codec_of(n), mem, (str){"", 0}, true, value), SC_DATABASE_ERROR);
  }
}

static int setup(void **state)
{
  *state = sc_arena_new();
  return *state ? 0 : -1;
}

static int teardown(void **state)
{
  sc_arena_free(*state);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_native_type_has_a_row),
      cmocka_unit_test(whole_numbers),
      cmocka_unit_test(floats_and_booleans),
      cmocka_unit_test(numerics_become_exact_text),
      cmocka_unit_test(money_uuid_inet_and_bits),
      cmocka_unit_test(json_and_bytes),
      cmocka_unit_test(times),
      cmocka_unit_test(lists),
      cmocka_unit_test(lists_without_a_binary_form_are_literals),
      cmocka_unit_test(nulls_and_dimensions_in_lists_are_told),
      cmocka_unit_test(cut_bytes_are_refused),
  };
  return cmocka_run_group_tests_name("codec", tests, setup, teardown);
}
