/* Every scalar type of the language, in and out, at its edges: by a record, by a filter, and as the database
 * shows it. */
#include "client.h"

#include <float.h>
#include <math.h>

static Scalar *scalar(const ScalarCreate *given)
{
  Scalar *made = NULL, *found = NULL;
  ScalarCreate data = {.id = SC_INT(1),
                       .text = "",
                       .flag = SC_BOOL(false),
                       .number = SC_INT(0),
                       .big = SC_BIGINT(0),
                       .real = SC_FLOAT(0),
                       .exact = SC_DECIMAL("0"),
                       .moment = SC_TIME(0),
                       .doc = SC_JSON("null"),
                       .blob = SC_BYTES(NULL, 0),
                       .mood = MOOD_HAPPY};
  if (given->text) data.text = given->text;
  if (given->flag.given) data.flag = given->flag;
  if (given->number.given) data.number = given->number;
  if (given->big.given) data.big = given->big;
  if (given->real.given) data.real = given->real;
  if (given->exact.text) data.exact = given->exact;
  if (given->moment.given) data.moment = given->moment;
  if (given->doc.text) data.doc = given->doc;
  if (given->blob.data) data.blob = given->blob;
  if (given->mood) data.mood = given->mood;
  OK(scalar_delete_many(db, &(ScalarDeleteManyArgs){.all = true}, NULL));
  OK(scalar_create(db, mem, &(ScalarCreateArgs){.data = data}, &made));
  OK(scalar_find_unique_or_fail(db, mem, &(ScalarFindUnique){.where = {.id = SC_INT(1)}}, &found));
  assert_string_equal(made->text, found->text);
  return found;
}

static int64_t matches(ScalarWhere where)
{
  int64_t count = -1;
  OK(scalar_count(db, &(ScalarCountArgs){.where = where}, &count));
  return count;
}

static void texts(void **state)
{
  (void)state;
  static const char *const list[] = {"",        " ", "a\tb\n\\", "it's \"quoted\" $1 %s", "Ünïcödé 漢字 🐘",
                                     "\x01\x7f"};
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    assert_string_equal(scalar(&(ScalarCreate){.text = list[i]})->text, list[i]);
    assert_int_equal(matches((ScalarWhere){.text = {.equals = list[i]}}), 1);
  }
  char *longest = sc_arena_alloc(mem, 1000001);
  memset(longest, 'x', 1000000);
  assert_string_equal(scalar(&(ScalarCreate){.text = longest})->text, longest);
}

static void text_that_is_no_utf8_is_an_error(void **state)
{
  (void)state;
  FAILS(SC_DATABASE_ERROR, person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "\xff\xfe"}}, NULL));
  assert_string_equal(sc_error_last()->sqlstate, "22021");
}

static void integers(void **state)
{
  (void)state;
  static const int32_t numbers[] = {INT32_MIN, -1, 0, 1, INT32_MAX};
  static const int64_t bigs[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
  for (size_t i = 0; i < 5; i++) {
    const Scalar *found = scalar(&(ScalarCreate){.number = SC_INT(numbers[i]), .big = SC_BIGINT(bigs[i])});
    assert_int_equal(found->number, numbers[i]);
    assert_true(found->big == bigs[i]);
    assert_int_equal(
        matches((ScalarWhere){.number = {.equals = SC_INT(numbers[i])}, .big = {.lte = SC_BIGINT(bigs[i])}}),
        1);
  }
  FAILS(SC_OUT_OF_RANGE, scalar_update(db, NULL,
                                       &(ScalarUpdateArgs){.where = {.id = SC_INT(1)},
                                                           .data = {.number = {.increment = SC_INT(1)}}},
                                       NULL));
  assert_string_equal(sc_error_last()->code, "P2020");
  assert_string_equal(sc_error_last()->model, "Scalar");
}

static void booleans(void **state)
{
  (void)state;
  assert_true(scalar(&(ScalarCreate){.flag = SC_BOOL(true)})->flag);
  assert_int_equal(matches((ScalarWhere){.flag = {.not_equals = SC_BOOL(false)}}), 1);
  assert_false(scalar(&(ScalarCreate){.flag = SC_BOOL(false)})->flag);
}

static void doubles(void **state)
{
  (void)state;
  static const double list[] = {0.1,      -0.0,         DBL_MIN, DBL_MAX,
                                -DBL_MAX, DBL_TRUE_MIN, 1e300,   3.141592653589793};
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    double found = scalar(&(ScalarCreate){.real = SC_FLOAT(list[i])})->real;
    assert_memory_equal(&found, &list[i], sizeof found);
  }
  assert_true(isnan(scalar(&(ScalarCreate){.real = SC_FLOAT(NAN)})->real));
  assert_true(scalar(&(ScalarCreate){.real = SC_FLOAT(INFINITY)})->real == INFINITY);
  assert_true(scalar(&(ScalarCreate){.real = SC_FLOAT(-INFINITY)})->real == -INFINITY);
  assert_int_equal(matches((ScalarWhere){.real = {.lt = SC_FLOAT(-DBL_MAX)}}), 1);
}

static void decimals_are_exact(void **state)
{
  (void)state;
  static const struct {
    const char *in, *out; /* the column is DECIMAL(65,30) */
  } list[] = {
      {"0", "0.000000000000000000000000000000"},
      {"-0.000000000000000000000000000001", "-0.000000000000000000000000000001"},
      {"12345678901234567890123456789012345",
       "12345678901234567890123456789012345.000000000000000000000000000000"},
      {"99999999999999999999999999999999999.999999999999999999999999999999",
       "99999999999999999999999999999999999.999999999999999999999999999999"},
      {"10000.0001", "10000.000100000000000000000000000000"},
      {"NaN", "NaN"},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    assert_string_equal(scalar(&(ScalarCreate){.exact = SC_DECIMAL(list[i].in)})->exact.text, list[i].out);
    assert_int_equal(matches((ScalarWhere){.exact = {.equals = SC_DECIMAL(list[i].in)}}), 1);
  }
  FAILS(SC_OUT_OF_RANGE, scalar_update(db, NULL,
                                       &(ScalarUpdateArgs){.where = {.id = SC_INT(1)},
                                                           .data = {.exact = {.set = SC_DECIMAL("1e40")}}},
                                       NULL));
  FAILS(SC_DATABASE_ERROR,
        scalar_update(
            db, NULL,
            &(ScalarUpdateArgs){.where = {.id = SC_INT(1)}, .data = {.exact = {.set = SC_DECIMAL("twelve")}}},
            NULL));
  assert_string_equal(sc_error_last()->sqlstate, "22P02");
  assert_null(strstr(sc_error_last()->message, "twelve"));
}

static void moments(void **state)
{
  (void)state;
  static const char *const list[] = {"1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z",
                                     "2024-02-29T12:30:00.500Z", "0001-01-01T00:00:00.000Z",
                                     "9999-12-31T23:59:59.999Z", "1582-10-15T00:00:00.000Z"};
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    sc_time time;
    char text[SC_TIME_TEXT];
    assert_true(sc_time_parse(list[i], &time));
    const Scalar *found = scalar(&(ScalarCreate){.moment = time});
    assert_string_equal(sc_time_format(found->moment, text), list[i]);
    assert_int_equal(matches((ScalarWhere){.moment = {.equals = time}}), 1);
  }
  assert_true(scalar(&(ScalarCreate){.moment = SC_TIME(INT64_MAX)})->moment.usec == INT64_MAX);
  assert_string_equal(text_of("SELECT moment FROM \"Scalar\""), "infinity");
  assert_true(scalar(&(ScalarCreate){.moment = SC_TIME(INT64_MIN)})->moment.usec == INT64_MIN);
  assert_string_equal(text_of("SELECT moment FROM \"Scalar\""), "-infinity");
}

static void documents(void **state)
{
  (void)state;
  static const struct {
    const char *in, *out; /* as jsonb writes it */
  } list[] = {
      {"{\"b\": 1,\"a\":[true, null, \"x\\u0041\"]}", "{\"a\": [true, null, \"xA\"], \"b\": 1}"},
      {"null", "null"},
      {"\"\"", "\"\""},
      {"-1.50", "-1.50"},
      {"[]", "[]"},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    const Scalar *found = scalar(&(ScalarCreate){.doc = SC_JSON(list[i].in)});
    assert_string_equal(found->doc.text, list[i].out);
    assert_int_equal(found->doc.len, strlen(list[i].out));
  }
  FAILS(SC_DATABASE_ERROR, scalar_update(db, NULL,
                                         &(ScalarUpdateArgs){.where = {.id = SC_INT(1)},
                                                             .data = {.doc = {.set = SC_JSON("{oops")}}},
                                         NULL));
  assert_string_equal(sc_error_last()->sqlstate, "22P02");
}

static void bytes(void **state)
{
  (void)state;
  uint8_t all[256];
  for (int i = 0; i < 256; i++) all[i] = (uint8_t)i;
  const Scalar *found = scalar(&(ScalarCreate){.blob = SC_BYTES(all, sizeof all)});
  assert_int_equal(found->blob.len, 256);
  assert_memory_equal(found->blob.data, all, 256);
  assert_int_equal(matches((ScalarWhere){.blob = {.equals = SC_BYTES(all, sizeof all)}}), 1);
  assert_int_equal(scalar(&(ScalarCreate){.blob = SC_BYTES(NULL, 0)})->blob.len, 0);
  assert_int_equal(number_of("SELECT length(blob) FROM \"Scalar\""), 0);
}

static void enums(void **state)
{
  (void)state;
  for (int mood = MOOD_HAPPY; mood <= MOOD_TIRED; mood++) {
    assert_int_equal(scalar(&(ScalarCreate){.mood = (Mood)mood})->mood, mood);
    assert_int_equal(matches((ScalarWhere){.mood = {.equals = (Mood)mood}}), 1);
  }
  scalar(&(ScalarCreate){.mood = MOOD_SAD});
  assert_string_equal(text_of("SELECT mood FROM \"Scalar\""), "not so happy"); /* @map */
  assert_string_equal(mood_name(MOOD_SAD), "SAD");
  assert_null(mood_name((Mood)0));
  Mood mood = (Mood)0;
  assert_true(mood_parse("TIRED", &mood));
  assert_int_equal(mood, MOOD_TIRED);
  assert_false(mood_parse("not so happy", &mood));
  FAILS(SC_INVALID_ARGUMENT,
        person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "x", .mood = (Mood)9}}, NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "mood");
}

static void null_everywhere(void **state)
{
  (void)state;
  Nullable *found;
  OK(nullable_create(db, NULL, &(NullableCreateArgs){.data = {.id = SC_INT(1)}}, NULL));
  OK(nullable_find_unique_or_fail(db, mem, &(NullableFindUnique){.where = {.id = SC_INT(1)}}, &found));
  assert_null(found->text);
  assert_null(found->flag);
  assert_null(found->number);
  assert_null(found->big);
  assert_null(found->real);
  assert_null(found->exact);
  assert_null(found->moment);
  assert_null(found->doc);
  assert_null(found->blob);
  assert_null(found->mood);
  assert_true(nullable_has(found, NULLABLE_TEXT));
  NullableUpdateArgs args = {
      .where = {.id = SC_INT(1)},
      .data = {.text = {.set = ""},
               .flag = {.set = SC_BOOL(false)},
               .number = {.set = SC_INT(0)},
               .big = {.set = SC_BIGINT(0)},
               .real = {.set = SC_FLOAT(0)},
               .exact = {.set = SC_DECIMAL("0")},
               .moment = {.set = SC_TIME(0)},
               .doc = {.set = SC_JSON("null")},
               .blob = {.set = SC_BYTES(NULL, 0)},
               .mood = {.set = MOOD_SAD}},
  };
  OK(nullable_update(db, mem, &args, &found));
  assert_string_equal(found->text, "");
  assert_false(*found->flag);
  assert_int_equal(*found->number, 0);
  assert_true(*found->big == 0);
  assert_true(*found->real == 0);
  assert_true(sc_decimal_to_double(*found->exact) == 0);
  assert_int_equal(found->moment->usec, 0);
  assert_string_equal(found->doc->text, "null"); /* the JSON null is a value */
  assert_int_equal(found->blob->len, 0);
  assert_int_equal(*found->mood, MOOD_SAD);
}

static void lists_of_everything(void **state)
{
  (void)state;
  Lists *found;
  uint8_t one[] = {1};
  OK(lists_create(db, NULL,
                  &(ListsCreateArgs){
                      .data =
                          {
                              .id = SC_INT(1),
                              .text = SC_LIST(const char *, "", "a,b", "\"q\"", "\\", "NULL", "{x}", "ü"),
                              .flag = SC_LIST(bool, true, false),
                              .number = SC_LIST(int32_t, INT32_MIN, 0, INT32_MAX),
                              .big = SC_LIST(int64_t, INT64_MIN, INT64_MAX),
                              .real = SC_LIST(double, 0.5, INFINITY),
                              .exact = SC_LIST(sc_decimal, {"1.5"}, {"NaN"}),
                              .moment = SC_LIST(sc_time, {.usec = -1000}, {.usec = INT64_MAX}),
                              .doc = SC_LIST(sc_json, {"{\"a\": \"b,c\"}", 12}, {"null", 4}),
                              .blob = SC_LIST(sc_bytes, {one, 1}, {one, 0}),
                              .mood = SC_LIST(Mood, MOOD_SAD, MOOD_HAPPY),
                              .uuid = SC_LIST(const char *, "8F2B9C1E-0000-4000-8000-000000000001"),
                              .date = SC_LIST(sc_time, {.usec = 86400000000}),
                          },
                  },
                  NULL));
  OK(lists_find_unique_or_fail(db, mem, &(ListsFindUnique){.where = {.id = SC_INT(1)}}, &found));
  assert_int_equal(found->text.len, 7);
  assert_string_equal(found->text.items[0], "");
  assert_string_equal(found->text.items[1], "a,b");
  assert_string_equal(found->text.items[4], "NULL");
  assert_string_equal(found->text.items[6], "ü");
  assert_true(found->flag.len == 2 && found->flag.items[0] && !found->flag.items[1]);
  assert_true(found->number.len == 3 && found->number.items[0] == INT32_MIN &&
              found->number.items[2] == INT32_MAX);
  assert_true(found->big.len == 2 && found->big.items[0] == INT64_MIN);
  assert_true(found->real.items[0] == 0.5 && found->real.items[1] == INFINITY);
  assert_string_equal(found->exact.items[1].text, "NaN");
  assert_true(found->moment.items[0].usec == -1000 && found->moment.items[1].usec == INT64_MAX);
  assert_string_equal(found->doc.items[0].text, "{\"a\": \"b,c\"}");
  assert_int_equal(found->blob.items[0].len, 1);
  assert_int_equal(found->blob.items[1].len, 0);
  assert_true(found->mood.len == 2 && found->mood.items[0] == MOOD_SAD && found->mood.items[1] == MOOD_HAPPY);
  assert_string_equal(found->uuid.items[0], "8f2b9c1e-0000-4000-8000-000000000001");
  assert_true(found->date.items[0].usec == 86400000000);
}

static void native_types(void **state)
{
  (void)state;
  Native *found;
  sc_time time = SC_TIME(((int64_t)12 * 3600 + 34 * 60 + 56) * 1000000 + 789012);
  sc_time moment = SC_TIME(1709209800000000 + 123456);
  NativeCreateArgs args = {.data = {
                               .id = SC_INT(1),
                               .text = "t",
                               .varchar = "0123456789",
                               .fixed = "ab",
                               .bit = "0101",
                               .varbit = "10101",
                               .uuid = "8F2B9C1E-0000-4000-8000-00000000000A",
                               .xml = "<a>b</a>",
                               .inet = "192.168.0.0/24",
                               .smallint = SC_INT(-32768),
                               .oid = SC_INT(1),
                               .real = SC_FLOAT(0.25),
                               .numeric = SC_DECIMAL("-12.345"),
                               .money = SC_DECIMAL("-1234.5"),
                               .timestamp = moment,
                               .timestamptz = moment,
                               .timestamptz0 = moment,
                               .date = moment,
                               .time = time,
                               .timetz = time,
                               .jsontext = SC_JSON("{ \"kept\":  1 }"),
                           }};
  OK(native_create(db, NULL, &args, NULL));
  OK(native_find_unique_or_fail(db, mem, &(NativeFindUnique){.where = {.id = SC_INT(1)}}, &found));
  assert_string_equal(found->varchar, "0123456789");
  assert_string_equal(found->fixed, "ab  "); /* CHAR(4) is padded */
  assert_string_equal(found->bit, "0101");
  assert_string_equal(found->varbit, "10101");
  assert_string_equal(found->uuid, "8f2b9c1e-0000-4000-8000-00000000000a");
  assert_string_equal(found->xml, "<a>b</a>");
  assert_string_equal(found->inet, "192.168.0.0/24");
  assert_int_equal(found->smallint, -32768);
  assert_int_equal(found->oid, 1);
  assert_true(found->real == 0.25);
  assert_string_equal(found->numeric.text, "-12.35"); /* DECIMAL(6,2) rounds */
  assert_string_equal(found->money.text, "-1234.50");
  assert_true(found->timestamp.usec == moment.usec);
  assert_true(found->timestamptz.usec == moment.usec);
  assert_true(found->timestamptz0.usec == moment.usec - 123456);
  assert_true(found->date.usec == 1709164800000000); /* midnight of that day */
  assert_true(found->time.usec == time.usec);
  assert_true(found->timetz.usec == time.usec);
  assert_string_equal(found->jsontext.text, "{ \"kept\":  1 }");
}

static void native_types_in_filters(void **state)
{
  (void)state;
  native_types(state);
  int64_t count;
  OK(native_count(db,
                  &(NativeCountArgs){.where = {.fixed = {.equals = "ab"},
                                               .bit = {.equals = "0101"},
                                               .uuid = {.equals = "8f2b9c1e-0000-4000-8000-00000000000a"},
                                               .inet = {.equals = "192.168.0.0/24"},
                                               .smallint = {.lt = SC_INT(0)},
                                               .oid = {.equals = SC_INT(1)},
                                               .numeric = {.lt = SC_DECIMAL("-12.34")},
                                               .money = {.gt = SC_DECIMAL("-1234.51")},
                                               .date = {.equals = SC_TIME(1709164800000000)},
                                               .time = {.gte = SC_TIME(0)}}},
                  &count));
  assert_int_equal(count, 1);
}

static void money_is_counted_up_and_scaled(void **state)
{
  (void)state;
  native_types(state);
  Native *found;
  NativeUpdateArgs args = {.where = {.id = SC_INT(1)}, .data = {.money = {.increment = SC_DECIMAL("0.50")}}};
  OK(native_update(db, mem, &args, &found));
  assert_string_equal(found->money.text, "-1234.00");
  args.data.money = (sc_decimal_update){.multiply = SC_DECIMAL("0.125")};
  OK(native_update(db, mem, &args, &found));
  assert_string_equal(found->money.text, "-154.25");
}

static void values_that_do_not_fit_name_their_field(void **state)
{
  (void)state;
  native_types(state);
  NativeUpdateArgs args = {.where = {.id = SC_INT(1)}, .data = {.varchar = {.set = "01234567890"}}};
  FAILS(SC_VALUE_TOO_LONG, native_update(db, NULL, &args, NULL));
  assert_string_equal(sc_error_last()->code, "P2000");
  args.data = (NativeUpdate){.smallint = {.set = SC_INT(32768)}};
  FAILS(SC_OUT_OF_RANGE, native_update(db, NULL, &args, NULL));
  args.data = (NativeUpdate){.numeric = {.set = SC_DECIMAL("12345")}};
  FAILS(SC_OUT_OF_RANGE, native_update(db, NULL, &args, NULL));
  args.data = (NativeUpdate){.uuid = {.set = "no uuid"}};
  sc_status s = native_update(db, NULL, &args, NULL);
  assert_true(s == SC_INVALID_ARGUMENT || s == SC_DATABASE_ERROR);
  assert_null(strstr(sc_error_last()->message, "no uuid")); /* a message shows no value */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(texts),
      TEST(text_that_is_no_utf8_is_an_error),
      TEST(integers),
      TEST(booleans),
      TEST(doubles),
      TEST(decimals_are_exact),
      TEST(moments),
      TEST(documents),
      TEST(bytes),
      TEST(enums),
      TEST(null_everywhere),
      TEST(lists_of_everything),
      TEST(native_types),
      TEST(native_types_in_filters),
      TEST(money_is_counted_up_and_scaled),
      TEST(values_that_do_not_fit_name_their_field),
  };
  return RUN_TESTS(tests);
}
