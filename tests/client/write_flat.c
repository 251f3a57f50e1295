/* Creates, updates and deletes of single records, without relations. */
#include "client.h"

/* ---- create ---- */

static void create_returns_what_the_database_holds(void **state)
{
  (void)state;
  Person *ada;
  OK(person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada", .age = SC_INT(36)}}, &ada));
  assert_string_equal(ada->name, "Ada");
  assert_int_equal(*ada->age, 36);
  assert_int_equal(ada->mood, MOOD_HAPPY); /* the database's default */
  assert_int_equal(strlen(ada->id), 36);   /* made by the client */
  assert_null(ada->boss_id);
  assert_true(person_has(ada, PERSON_NAME));
  assert_false(person_has(ada, PERSON_PETS));
}

static void create_without_a_result_reads_nothing_back(void **state)
{
  (void)state;
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}}, NULL));
  assert_int_equal(number_of("SELECT count(*) FROM people WHERE name = 'Ada' AND age IS NULL"), 1);
}

static void create_selects_and_omits(void **state)
{
  (void)state;
  Person *person;
  OK(person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada"}, .select = {.name = true}}, &person));
  assert_true(person_has(person, PERSON_NAME));
  assert_false(person_has(person, PERSON_ID));
  OK(person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Bob"}, .omit = {.id = true}}, &person));
  assert_false(person_has(person, PERSON_ID));
  assert_int_equal(person->mood, MOOD_HAPPY);
}

static void create_writes_null_where_it_is_said(void **state)
{
  (void)state;
  Person *person;
  OK(person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada", ._null = {.age = true}}}, &person));
  assert_null(person->age);
  FAILS(SC_INVALID_ARGUMENT,
        person_create(db, mem,
                      &(PersonCreateArgs){.data = {.name = "Bob", .age = SC_INT(1), ._null = {.age = true}}},
                      &person));
  assert_null(person);
  ERROR_IS("P2009", "Argument `age` is given a value and NULL at once.", "Person", "age");
}

static void makers_make_values_that_differ(void **state)
{
  (void)state;
  Made *a, *b;
  OK(made_create(db, mem, NULL, &a));
  OK(made_create(db, mem, &(MadeCreateArgs){.data = {.number = SC_INT(7)}}, &b));
  assert_int_equal(a->serial, 1);
  assert_int_equal(b->serial, 2);
  assert_int_equal(a->uuid[14], '4');
  assert_int_equal(a->uuid7[14], '7');
  assert_int_equal(a->cuid[0], 'c');
  assert_int_equal(strlen(a->cuid), 25);
  assert_int_equal(strlen(a->cuid2), 24);
  assert_int_equal(strlen(a->ulid), 26);
  assert_int_equal(strlen(a->nano), 21);
  assert_int_equal(strlen(a->nano8), 8);
  assert_int_equal(strlen(a->server), 36);
  assert_string_not_equal(a->uuid, b->uuid);
  assert_string_not_equal(a->cuid, b->cuid);
  assert_string_not_equal(a->nano, b->nano);
}

static void defaults_are_the_databases(void **state)
{
  (void)state;
  Made *made;
  int64_t before = sc_time_now().usec;
  OK(made_create(db, mem, NULL, &made));
  assert_int_equal(made->number, 42);
  assert_string_equal(made->text, "it's \"here\"");
  assert_int_equal(made->mood, MOOD_SAD);
  assert_int_equal(made->tags.len, 2);
  assert_string_equal(made->tags.items[1], "b");
  assert_true(llabs(made->at.usec - before) < 60000000);
  assert_true(llabs(made->touched.usec - before) < 60000000);
}

static void a_given_value_replaces_a_made_one(void **state)
{
  (void)state;
  Made *made;
  OK(made_create(db, mem,
                 &(MadeCreateArgs){
                     .data = {.serial = SC_INT(77),
                              .nano = "mine",
                              .touched = SC_TIME(0),
                              .tags = SC_ARRAY((const char **)NULL, 0)},
                 },
                 &made));
  assert_int_equal(made->serial, 77);
  assert_string_equal(made->nano, "mine");
  assert_int_equal(made->touched.usec, 0);
  assert_int_equal(made->tags.len, 0);
}

static void a_list_left_out_is_empty_and_not_null(void **state)
{
  (void)state;
  OK(lists_create(db, NULL, &(ListsCreateArgs){.data = {.id = SC_INT(1)}}, NULL));
  assert_int_equal(number_of("SELECT count(*) FROM \"all lists\" WHERE number = '{}' AND doc = '{}'"), 1);
}

static void a_missing_field_is_told_before_anything_is_sent(void **state)
{
  (void)state;
  Person *person = (Person *)&person;
  uint64_t before = sc_statistics(db).statements;
  FAILS(SC_MISSING_FIELD, person_create(db, mem, &(PersonCreateArgs){.data = {.age = SC_INT(1)}}, &person));
  ERROR_IS("P2012", "Argument `name` is missing.", "Person", "name");
  assert_null(person);
  FAILS(SC_MISSING_FIELD, pet_create(db, NULL, &(PetCreateArgs){.data = {.name = "Rex"}}, NULL));
  ERROR_IS("P2012", "Argument `ownerId` or `owner` is missing.", "Pet", "ownerId");
  assert_int_equal(sc_statistics(db).statements, before);
}

static void a_string_that_is_null_is_refused(void **state)
{
  (void)state;
  FAILS(SC_INVALID_ARGUMENT,
        person_create(db, NULL, &(PersonCreateArgs){.data = {.name = SC_STR(NULL)}}, NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "name");
}

static void an_arena_and_a_place_go_together(void **state)
{
  (void)state;
  Person *person;
  FAILS(SC_INVALID_ARGUMENT, person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}}, &person));
  FAILS(SC_INVALID_ARGUMENT, person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada"}}, NULL));
  assert_int_equal(number_of("SELECT count(*) FROM people"), 0);
}

/* ---- update ---- */

static void add_person(const char *name, int age)
{
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = name, .age = SC_INT(age)}}, NULL));
}

static void update_changes_and_returns(void **state)
{
  (void)state;
  Person *person;
  add_person("Ada", 36);
  OK(person_update(
      db, mem,
      &(PersonUpdateArgs){
          .where = {.name = "Ada"},
          .data = {.name = {.set = "Countess"}, .age = {.increment = SC_INT(1)}, .mood = {.set = MOOD_SAD}},
      },
      &person));
  assert_string_equal(person->name, "Countess");
  assert_int_equal(*person->age, 37);
  assert_int_equal(person->mood, MOOD_SAD);
  OK(person_update(db, mem,
                   &(PersonUpdateArgs){.where = {.name = "Countess"}, .data = {._null = {.age = true}}},
                   &person));
  assert_null(person->age);
}

static void update_counts(void **state)
{
  (void)state;
  Person *person;
  PersonUpdateArgs args = {.where = {.name = "Ada"}};
  add_person("Ada", 10);
  args.data.age = (sc_int_update){.multiply = SC_INT(6)};
  OK(person_update(db, mem, &args, &person));
  assert_int_equal(*person->age, 60);
  args.data.age = (sc_int_update){.divide = SC_INT(7)}; /* of integers */
  OK(person_update(db, mem, &args, &person));
  assert_int_equal(*person->age, 8);
  args.data.age = (sc_int_update){.decrement = SC_INT(10)};
  OK(person_update(db, mem, &args, &person));
  assert_int_equal(*person->age, -2);
  args.data.age = (sc_int_update){.divide = SC_INT(0)};
  FAILS(SC_DATABASE_ERROR, person_update(db, mem, &args, &person));
  assert_string_equal(sc_error_last()->sqlstate, "22012");
  OK(person_update(db, NULL, &(PersonUpdateArgs){.where = {.name = "Ada"}, .data = {._null = {.age = true}}},
                   NULL));
  args.data.age = (sc_int_update){.increment = SC_INT(1)}; /* NULL stays NULL */
  OK(person_update(db, mem, &args, &person));
  assert_null(person->age);
}

static void update_takes_one_change_of_a_field(void **state)
{
  (void)state;
  add_person("Ada", 10);
  FAILS(SC_INVALID_ARGUMENT,
        person_update(db, NULL,
                      &(PersonUpdateArgs){.where = {.name = "Ada"},
                                          .data = {.age = {.set = SC_INT(1), .increment = SC_INT(1)}}},
                      NULL));
  ERROR_IS("P2009", "Argument `age` takes one change at a time.", "Person", "age");
}

static void update_sets_and_pushes_lists(void **state)
{
  (void)state;
  Lists *lists;
  OK(lists_create(db, NULL, &(ListsCreateArgs){.data = {.id = SC_INT(1), .number = SC_LIST(int32_t, 1)}},
                  NULL));
  OK(lists_update(
      db, mem,
      &(ListsUpdateArgs){
          .where = {.id = SC_INT(1)},
          .data = {.number = {.push = SC_LIST(int32_t, 2, 3)},
                   .text = {.set = SC_LIST(const char *, "x, \"y\"", "")},
                   .mood = {.push = SC_LIST(Mood, MOOD_SAD)},
                   .uuid = {.push = SC_LIST(const char *, "8f2b9c1e-0000-4000-8000-000000000001")}},
      },
      &lists));
  assert_int_equal(lists->number.len, 3);
  assert_int_equal(lists->number.items[2], 3);
  assert_int_equal(lists->text.len, 2);
  assert_string_equal(lists->text.items[0], "x, \"y\"");
  assert_string_equal(lists->text.items[1], "");
  assert_int_equal(lists->mood.items[0], MOOD_SAD);
  assert_int_equal(lists->uuid.len, 1);
  sc_exec(db, "UPDATE \"all lists\" SET number = NULL", SC_NO_ARGS, NULL);
  OK(lists_update(
      db, mem,
      &(ListsUpdateArgs){.where = {.id = SC_INT(1)}, .data = {.number = {.push = SC_LIST(int32_t, 9)}}},
      &lists));
  assert_int_equal(lists->number.len, 1);
}

static void update_of_nothing_only_reads(void **state)
{
  (void)state;
  Made *made, *again;
  OK(made_create(db, mem, &(MadeCreateArgs){.data = {.touched = SC_TIME(5000000)}}, &made));
  OK(made_update(db, mem, &(MadeUpdateArgs){.where = {.uuid = made->uuid}}, &again));
  assert_int_equal(again->touched.usec, 5000000);
  OK(made_update(db, NULL, &(MadeUpdateArgs){.where = {.uuid = made->uuid}}, NULL));
  FAILS(SC_NOT_FOUND, made_update(db, mem, &(MadeUpdateArgs){.where = {.serial = SC_INT(99)}}, &again));
  assert_null(again);
  FAILS(SC_NOT_FOUND, made_update(db, NULL, &(MadeUpdateArgs){.where = {.serial = SC_INT(99)}}, NULL));
}

static void update_touches_updated_at(void **state)
{
  (void)state;
  Made *made;
  OK(made_create(db, mem, &(MadeCreateArgs){.data = {.touched = SC_TIME(0)}}, &made));
  OK(made_update(
      db, mem,
      &(MadeUpdateArgs){.where = {.serial = SC_INT(made->serial)}, .data = {.number = {.set = SC_INT(1)}}},
      &made));
  assert_true(made->touched.usec > 0);
  OK(made_update(db, mem,
                 &(MadeUpdateArgs){.where = {.serial = SC_INT(made->serial)},
                                   .data = {.touched = {.set = SC_TIME(1000)}}},
                 &made));
  assert_int_equal(made->touched.usec, 1000);
}

static void update_by_a_compound_key_and_a_filter(void **state)
{
  (void)state;
  Team *team;
  OK(team_create(db, NULL, &(TeamCreateArgs){.data = {.league = "a", .number = SC_INT(1), .name = "One"}},
                 NULL));
  TeamUpdateArgs args = {
      .where = {.league_number = {.league = "a", .number = SC_INT(1)},
                .NOT = SC_LIST(TeamWhere, {.name = {.starts_with = "Two"}})},
      .data = {.number = {.increment = SC_INT(4)}, .name = {.set = "Two"}},
  };
  OK(team_update(db, mem, &args, &team));
  assert_int_equal(team->number, 5);
  args.where.league_number.number = SC_INT(5);
  FAILS(SC_NOT_FOUND, team_update(db, mem, &args, &team));
  ERROR_IS("P2025",
           "An operation failed because it depends on one or more records that were required but not found. "
           "No record was found for an update.",
           "Team", "");
}

static void a_unique_where_must_ask_for_a_whole_key(void **state)
{
  (void)state;
  Team *team;
  FAILS(SC_INVALID_ARGUMENT, team_update(db, mem, &(TeamUpdateArgs){.data = {.name = {.set = "x"}}}, &team));
  FAILS(SC_INVALID_ARGUMENT, team_delete(db, mem, NULL, &team));
  FAILS(SC_MISSING_FIELD, team_update(db, mem,
                                      &(TeamUpdateArgs){.where = {.league_number = {.league = "a"}},
                                                        .data = {.name = {.set = "x"}}},
                                      &team));
}

/* ---- delete ---- */

static void delete_returns_what_was(void **state)
{
  (void)state;
  Person *person;
  add_person("Ada", 36);
  OK(person_delete(db, mem, &(PersonDeleteArgs){.where = {.name = "Ada"}}, &person));
  assert_int_equal(*person->age, 36);
  FAILS(SC_NOT_FOUND, person_delete(db, mem, &(PersonDeleteArgs){.where = {.name = "Ada"}}, &person));
  ERROR_IS("P2025",
           "An operation failed because it depends on one or more records that were required but not found. "
           "No record was found for a delete.",
           "Person", "");
  assert_null(person);
}

static void a_flat_write_is_one_round_trip(void **state)
{
  (void)state;
  Person *person;
  add_person("warm", 1);
  assert_int_equal(ROUND_TRIPS(person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada"}}, &person)),
                   1);
  assert_int_equal(
      ROUND_TRIPS(person_update(
          db, mem, &(PersonUpdateArgs){.where = {.name = "Ada"}, .data = {.age = {.set = SC_INT(3)}}},
          &person)),
      1);
  assert_int_equal(
      ROUND_TRIPS(person_delete(db, mem, &(PersonDeleteArgs){.where = {.name = "Ada"}}, &person)), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(create_returns_what_the_database_holds),
      TEST(create_without_a_result_reads_nothing_back),
      TEST(create_selects_and_omits),
      TEST(create_writes_null_where_it_is_said),
      TEST(makers_make_values_that_differ),
      TEST(defaults_are_the_databases),
      TEST(a_given_value_replaces_a_made_one),
      TEST(a_list_left_out_is_empty_and_not_null),
      TEST(a_missing_field_is_told_before_anything_is_sent),
      TEST(a_string_that_is_null_is_refused),
      TEST(an_arena_and_a_place_go_together),
      TEST(update_changes_and_returns),
      TEST(update_counts),
      TEST(update_takes_one_change_of_a_field),
      TEST(update_sets_and_pushes_lists),
      TEST(update_of_nothing_only_reads),
      TEST(update_touches_updated_at),
      TEST(update_by_a_compound_key_and_a_filter),
      TEST(a_unique_where_must_ask_for_a_whole_key),
      TEST(delete_returns_what_was),
      TEST(a_flat_write_is_one_round_trip),
  };
  return RUN_TESTS(tests);
}
