/* create_many, update_many, delete_many. */
#include "client.h"

static void rows_with_different_fields(void **state)
{
  (void)state;
  int64_t count;
  OK(person_create_many(
      db,
      &(PersonCreateManyArgs){
          .data = SC_LIST(PersonCreate, {.name = "a", .age = SC_INT(1)}, {.name = "b", .mood = MOOD_SAD},
                          {.name = "c"}, {.name = "d", .mood = MOOD_TIRED, ._null = {.age = true}}),
      },
      &count));
  assert_int_equal(count, 4);
  assert_string_equal(
      text_of("SELECT string_agg(format('%s %s %s', name, age, mood), ',' ORDER BY name) FROM people"),
      "a 1 HAPPY,b  not so happy,c  HAPPY,d  TIRED");
  assert_int_equal(number_of("SELECT count(DISTINCT id) FROM people WHERE length(id) = 36"), 4);
}

static void ids_follow_the_order_of_the_rows(void **state)
{
  (void)state;
  OK(made_create_many(
      db,
      &(MadeCreateManyArgs){
          .data = SC_LIST(MadeCreate, {.number = SC_INT(10)}, {.text = "second"}, {.number = SC_INT(30)}),
      },
      NULL));
  assert_string_equal(text_of("SELECT string_agg(number::text, ',' ORDER BY serial) FROM \"Made\""),
                      "10,42,30");
  assert_string_equal(text_of("SELECT text FROM \"Made\" WHERE serial = 2"), "second");
}

static void rows_that_give_nothing(void **state)
{
  (void)state;
  int64_t count;
  MadeCreate rows[3] = {0};
  OK(made_create_many(db, &(MadeCreateManyArgs){.data = SC_ARRAY(rows, 3)}, &count));
  assert_int_equal(count, 3);
  OK(made_create_many(db, &(MadeCreateManyArgs){.data = SC_ARRAY(rows, 0)}, &count));
  assert_int_equal(count, 0);
  OK(made_create_many(db, NULL, &count));
  assert_int_equal(count, 0);
}

static void rows_with_lists(void **state)
{
  (void)state;
  OK(lists_create_many(
      db,
      &(ListsCreateManyArgs){
          .data = SC_LIST(ListsCreate, {.id = SC_INT(1), .number = SC_LIST(int32_t, 1, 2)}, {.id = SC_INT(2)},
                          {.id = SC_INT(3), .text = SC_LIST(const char *, "x")}),
      },
      NULL));
  assert_string_equal(
      text_of("SELECT string_agg(number::text || text::text, ' ' ORDER BY id) FROM \"all lists\""),
      "{1,2}{} {}{} {}{x}");
}

/* Every type goes through an array of its own kind. */
static void rows_of_every_type(void **state)
{
  (void)state;
  uint8_t bytes[] = {0, 1, 255};
  ScalarCreate row = {
      .id = SC_INT(1),
      .text = "a,\"b\"",
      .flag = SC_BOOL(true),
      .number = SC_INT(INT32_MIN),
      .big = SC_BIGINT(INT64_MAX),
      .real = SC_FLOAT(0.1),
      .exact = SC_DECIMAL("123456789012345678901234567890.5"),
      .moment = SC_TIME(-1000),
      .doc = SC_JSON("{\"a\": [1]}"),
      .blob = SC_BYTES(bytes, sizeof bytes),
      .mood = MOOD_SAD,
  };
  ScalarCreate rows[] = {row, row};
  rows[1].id = SC_INT(2);
  OK(scalar_create_many(db, &(ScalarCreateManyArgs){.data = SC_ARRAY(rows, 2)}, NULL));
  assert_int_equal(
      number_of("SELECT count(*) FROM \"Scalar\" WHERE text = 'a,\"b\"' AND flag AND number = -2147483648"
                " AND big = 9223372036854775807 AND real = 0.1 AND exact ="
                " 123456789012345678901234567890.5 AND moment = '1969-12-31 23:59:59.999'"
                " AND doc = '{\"a\": [1]}' AND blob = '\\x0001ff' AND mood = 'not so happy'"),
      2);
}

static void nullable_rows_of_every_type(void **state)
{
  (void)state;
  NullableCreate rows[] = {
      {.id = SC_INT(1)},
      {.id = SC_INT(2), .text = "", .flag = SC_BOOL(false), .number = SC_INT(0), .mood = MOOD_TIRED}};
  OK(nullable_create_many(db, &(NullableCreateManyArgs){.data = SC_ARRAY(rows, 2)}, NULL));
  assert_int_equal(
      number_of("SELECT id FROM \"Nullable\" WHERE text IS NULL AND flag IS NULL AND number IS NULL"
                " AND big IS NULL AND mood IS NULL AND blob IS NULL AND doc IS NULL"),
      1);
  assert_int_equal(number_of("SELECT id FROM \"Nullable\" WHERE text = '' AND NOT flag AND number = 0"
                             " AND mood = 'TIRED' AND real IS NULL"),
                   2);
}

static void duplicates_are_skipped_when_asked(void **state)
{
  (void)state;
  int64_t count;
  PersonCreateManyArgs args = {.data = SC_LIST(PersonCreate, {.name = "a"}, {.name = "b"}, {.name = "a"})};
  FAILS(SC_UNIQUE_VIOLATION, person_create_many(db, &args, &count));
  assert_int_equal(count, 0);
  assert_int_equal(person_constraint_of(sc_error_last()), PERSON_NAME_TAKEN);
  args.skip_duplicates = true;
  OK(person_create_many(db, &args, &count));
  assert_int_equal(count, 2);
}

static void a_row_that_misses_a_field_stops_all(void **state)
{
  (void)state;
  FAILS(SC_MISSING_FIELD,
        person_create_many(
            db, &(PersonCreateManyArgs){.data = SC_LIST(PersonCreate, {.name = "a"}, {.age = SC_INT(3)})},
            NULL));
  ERROR_IS("P2012", "Argument `name` is missing.", "Person", "name");
  assert_int_equal(number_of("SELECT count(*) FROM people"), 0);
}

static void nested_records_are_refused(void **state)
{
  (void)state;
  FAILS(SC_INVALID_ARGUMENT,
        person_create_many(
            db,
            &(PersonCreateManyArgs){
                .data = SC_LIST(PersonCreate,
                                {.name = "a", .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"})}})},
            NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "pets");
}

static void thousands_are_one_round_trip(void **state)
{
  (void)state;
  enum { COUNT = 25000 };
  static PetCreate rows[COUNT];
  Person *owner;
  OK(person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada"}}, &owner));
  for (int i = 0; i < COUNT; i++) {
    char name[16];
    snprintf(name, sizeof name, "%d", i);
    rows[i] = (PetCreate){.name = (const char *)sc_arena_keep(mem, name, sizeof name), .owner_id = owner->id};
  }
  int64_t count = 0;
  assert_int_equal(
      ROUND_TRIPS(pet_create_many(db, &(PetCreateManyArgs){.data = SC_ARRAY(rows, COUNT)}, &count)), 1);
  assert_int_equal(count, COUNT);
  assert_int_equal(number_of("SELECT count(*) FROM \"Pet\" WHERE id = name::int + 1"), COUNT);
}

static void update_many_counts_what_matches(void **state)
{
  (void)state;
  int64_t count;
  OK(person_create_many(
      db,
      &(PersonCreateManyArgs){.data = SC_LIST(PersonCreate, {.name = "a", .age = SC_INT(1)},
                                              {.name = "b", .age = SC_INT(2)}, {.name = "c"})},
      NULL));
  OK(person_update_many(db,
                        &(PersonUpdateManyArgs){.where = {.age = {.gte = SC_INT(1)}},
                                                .data = {.age = {.increment = SC_INT(10)}}},
                        &count));
  assert_int_equal(count, 2);
  assert_int_equal(number_of("SELECT sum(age) FROM people"), 23);
  OK(person_update_many(
      db,
      &(PersonUpdateManyArgs){.where = {.name = {.equals = "nobody"}}, .data = {.mood = {.set = MOOD_SAD}}},
      &count));
  assert_int_equal(count, 0);
  OK(person_update_many(db, &(PersonUpdateManyArgs){.data = {.mood = {.set = MOOD_SAD}}, .all = true},
                        &count));
  assert_int_equal(count, 3);
}

static void a_forgotten_filter_is_refused(void **state)
{
  (void)state;
  int64_t count = 5;
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "a"}}, NULL));
  FAILS(SC_INVALID_ARGUMENT, person_delete_many(db, NULL, &count));
  ERROR_IS("P2009",
           "Argument `where` asks for nothing: delete_many must say `all` when it means every record.",
           "Person", "where");
  assert_int_equal(count, 0);
  FAILS(SC_INVALID_ARGUMENT,
        person_delete_many(db, &(PersonDeleteManyArgs){.where = {.AND = SC_LIST(PersonWhere, {.pets = {0}})}},
                           &count));
  FAILS(SC_INVALID_ARGUMENT,
        person_update_many(db, &(PersonUpdateManyArgs){.data = {.age = {.set = SC_INT(1)}}}, NULL));
  assert_int_equal(number_of("SELECT count(*) FROM people WHERE age IS NULL"), 1);
}

static void delete_many_follows_relations(void **state)
{
  (void)state;
  int64_t count;
  OK(person_create(db, NULL,
                   &(PersonCreateArgs){
                       .data = {.name = "a",
                                .books = {.create = SC_LIST(BookCreate, {.isbn = "1", .title = "x"},
                                                            {.isbn = "2", .title = "y"})}},
                   },
                   NULL));
  OK(book_create(db, NULL, &(BookCreateArgs){.data = {.isbn = "3", .title = "z"}}, NULL));
  OK(book_delete_many(
      db, &(BookDeleteManyArgs){.where = {.author = {.is = &(PersonWhere){.name = {.equals = "a"}}}}},
      &count));
  assert_int_equal(count, 2);
  OK(book_delete_many(db, &(BookDeleteManyArgs){.all = true}, &count));
  assert_int_equal(count, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(rows_with_different_fields),
      TEST(ids_follow_the_order_of_the_rows),
      TEST(rows_that_give_nothing),
      TEST(rows_with_lists),
      TEST(rows_of_every_type),
      TEST(nullable_rows_of_every_type),
      TEST(duplicates_are_skipped_when_asked),
      TEST(a_row_that_misses_a_field_stops_all),
      TEST(nested_records_are_refused),
      TEST(thousands_are_one_round_trip),
      TEST(update_many_counts_what_matches),
      TEST(a_forgotten_filter_is_refused),
      TEST(delete_many_follows_relations),
  };
  return RUN_TESTS(tests);
}
