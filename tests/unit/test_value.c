/* Times and decimals as text, and what the inputs of value.h are when given, empty or NULL. */
#include "test.h"

#include <schemac/schemac.h>

#include <math.h>

static void a_time_is_read_and_written(void **state)
{
  (void)state;
  static const struct {
    const char *text, *written;
    int64_t usec;
  } rows[] = {
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", 0},
      {"1970-01-01", "1970-01-01T00:00:00.000Z", 0},
      {"2024-02-29T12:30:00.5Z", "2024-02-29T12:30:00.500Z", INT64_C(1709209800500000)},
      {"2024-02-29 12:30:00+02:00", "2024-02-29T10:30:00.000Z", INT64_C(1709202600000000)},
      {"2024-02-29T12:30-0330", "2024-02-29T16:00:00.000Z", INT64_C(1709222400000000)},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z", -1},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", INT64_C(-62135596800000000)},
      {"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
      {"2000-12-31T23:59:60z", "2001-01-01T00:00:00.000Z", INT64_C(978307200000000)},
  };
  char text[SC_TIME_TEXT];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    sc_time time = {0};
    assert_true(sc_time_parse(rows[i].text, &time));
    assert_true(time.given);
    assert_int_equal(time.usec, rows[i].usec);
    assert_string_equal(sc_time_format(time, text), rows[i].written);
  }
}

static void what_is_no_time_is_refused(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "",
      "2024",
      "2024-1-1",
      "2023-02-29",
      "2024-13-01",
      "2024-00-10",
      "2024-04-31",
      "2024-01-01T",
      "2024-01-01T24:00:00Z",
      "2024-01-01T12:60Z",
      "2024-01-01T12:00:00.Z",
      "2024-01-01T12:00:00+25:00",
      "2024-01-01T12:00:00 Z",
      "2024-01-01x",
      "0000-01-01",
      "now",
  };
  sc_time time = SC_TIME(42);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_false(sc_time_parse(texts[i], &time));
  assert_false(sc_time_parse(NULL, &time));
  assert_int_equal(time.usec, 42);
}

static void times_beyond_the_calendar_have_a_text(void **state)
{
  (void)state;
  char text[SC_TIME_TEXT];
  assert_string_equal(sc_time_format(SC_TIME(INT64_MAX), text), "infinity");
  assert_string_equal(sc_time_format(SC_TIME(INT64_MIN), text), "-infinity");
  assert_string_equal(sc_time_format(SC_TIME(INT64_MAX - 1), text), "+294247-01-10T04:00:54.775806Z");
  assert_string_equal(sc_time_format(SC_TIME(INT64_MIN + 1), text), "-290308-12-21T19:59:05.224193Z");
}

static void a_decimal_becomes_a_double(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double value;
  } rows[] = {
      {"0", 0},
      {"0.1", 0.1},
      {"-12.50", -12.5},
      {"1e3", 1000},
      {".5", 0.5},
      {"5.", 5},
      {"1E-2", 0.01},
      {"9007199254740993", 9007199254740992.0},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"0.000000000000000000000000000001", 1e-30},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_true(sc_decimal_to_double(SC_DECIMAL(rows[i].text)) == rows[i].value);
  }
  assert_true(isnan(sc_decimal_to_double(SC_DECIMAL("NaN"))));
  assert_true(isnan(sc_decimal_to_double(SC_DECIMAL("12,5"))));
  assert_true(isinf(sc_decimal_to_double(SC_DECIMAL("-Infinity"))));
}

static void a_decimal_is_scaled_without_loss(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int scale;
    bool ok;
    int64_t value;
  } rows[] = {
      {"12.50", 2, true, 1250},
      {"12.5", 2, true, 1250},
      {"-12.505", 2, false, 0},
      {"-0.01", 2, true, -1},
      {"12.500", 2, true, 1250},
      {"1e3", 0, true, 1000},
      {"1.5e1", 0, true, 15},
      {"1.55e1", 0, false, 0},
      {"9223372036854775807", 0, true, INT64_MAX},
      {"-9223372036854775808", 0, true, INT64_MIN},
      {"9223372036854775808", 0, false, 0},
      {"92233720368547758.08", 2, false, 0},
      {"x", 0, false, 0},
      {"0", 40, true, 0},
      {"1e-3", 3, true, 1},
      {"1e-4", 3, false, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int64_t value = 7;
    assert_int_equal(sc_decimal_to_scaled(SC_DECIMAL(rows[i].text), rows[i].scale, &value), rows[i].ok);
    assert_int_equal(value, rows[i].ok ? rows[i].value : 7);
  }
}

static void an_integer_becomes_a_decimal(void **state)
{
  (void)state;
  char text[SC_DECIMAL_TEXT];
  assert_string_equal(sc_decimal_from_scaled(1250, 2, text).text, "12.50");
  assert_string_equal(sc_decimal_from_scaled(-5, 2, text).text, "-0.05");
  assert_string_equal(sc_decimal_from_scaled(0, 0, text).text, "0");
  assert_string_equal(sc_decimal_from_scaled(INT64_MIN, 4, text).text, "-922337203685477.5808");
  assert_string_equal(sc_decimal_from_scaled(1, 40, text).text, "0.0000000000000000000000000000000000000001");
}

static void a_null_is_marked_and_never_means_not_given(void **state)
{
  (void)state;
  int32_t one[] = {1};
  assert_ptr_equal(SC_STR(NULL), sc_mark_null);
  assert_ptr_equal(SC_DECIMAL(NULL).text, sc_mark_null);
  assert_ptr_equal(SC_JSON(NULL).text, sc_mark_null);
  assert_ptr_equal(SC_BYTES(NULL, 1).data, (const uint8_t *)sc_mark_null);
  assert_ptr_equal(SC_BYTES(NULL, 0).data, (const uint8_t *)sc_mark_empty);
  sc_ints none = SC_ARRAY((const int32_t *)NULL, 0);
  sc_ints some = SC_ARRAY(one, 1);
  assert_ptr_equal(none.items, (const int32_t *)(const void *)sc_mark_empty);
  assert_ptr_equal(some.items, one);
  sc_strings listed = SC_LIST(const char *, "a", "b");
  assert_int_equal(listed.len, 2);
  assert_true(SC_INT(0).given && SC_BOOL(false).given && SC_FLOAT(0).given && SC_BIGINT(0).given);
}

static void loaded_bits_are_numbered_from_one(void **state)
{
  (void)state;
  const uint32_t bits[2] = {1u << 31, 1u};
  assert_false(sc_loaded(bits, 0));
  assert_false(sc_loaded(bits, 1));
  assert_true(sc_loaded(bits, 32));
  assert_true(sc_loaded(bits, 33));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_time_is_read_and_written),
      cmocka_unit_test(what_is_no_time_is_refused),
      cmocka_unit_test(times_beyond_the_calendar_have_a_text),
      cmocka_unit_test(a_decimal_becomes_a_double),
      cmocka_unit_test(a_decimal_is_scaled_without_loss),
      cmocka_unit_test(an_integer_becomes_a_decimal),
      cmocka_unit_test(a_null_is_marked_and_never_means_not_given),
      cmocka_unit_test(loaded_bits_are_numbered_from_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
