/* Reads of trees: select, include and omit to any depth, over every kind of relation, and how many round
 * trips. */
#include "client.h"

/* Three people: Ada (boss of Bob and Cy, two pets, two books), Bob (one pet), Cy (nothing). */
static void people(void)
{
  OK(sc_exec(
      db,
      "WITH p AS (INSERT INTO people (id, name, age, boss_id, \"mentorId\") VALUES"
      " ('a', 'Ada', 36, NULL, NULL), ('b', 'Bob', 20, 'a', 'a'), ('c', 'Cy', NULL, 'a', NULL) RETURNING id),"
      " q AS (INSERT INTO \"Pet\" (name, \"ownerId\") VALUES ('Rex', 'a'), ('Tom', 'a'), ('Kit', 'b') "
      "RETURNING id),"
      " r AS (INSERT INTO \"Passport\" VALUES ('P1', 'a') RETURNING number)"
      " SELECT 1",
      SC_NO_ARGS, NULL));
  OK(sc_exec(db,
             "WITH b AS (INSERT INTO \"Book\" (id, isbn, title, \"authorId\") VALUES (1, 'i1', 'One', 'a'),"
             " (2, 'i2', 'Two', 'a'), (3, 'i3', 'Nobody''s', NULL)),"
             " t AS (INSERT INTO \"Tag\" (id, name) VALUES (1, 'red'), (2, 'blue')),"
             " f AS (INSERT INTO \"_Friends\" VALUES ('a', 'b'), ('a', 'c'), ('b', 'c'))"
             " INSERT INTO \"_BookToTag\" VALUES (1, 1), (1, 2), (3, 2)",
             SC_NO_ARGS, NULL));
}

static const PersonOrderByList by_name = {(const PersonOrderBy[]){{.name = SC_ASC}}, 1};
static const PetOrderByList pets_by_name = {(const PetOrderBy[]){{.name = SC_ASC}}, 1};

static PersonList find_people(const PersonFindMany *args)
{
  PersonList list;
  PersonFindMany ordered = *args;
  if (!ordered.order_by.items) ordered.order_by = by_name;
  OK(person_find_many(db, mem, &ordered, &list));
  return list;
}

/* ---- what is loaded ---- */

static void all_scalars_without_a_selection(void **state)
{
  (void)state;
  people();
  Person *ada;
  OK(person_find_unique(db, mem, &(PersonFindUnique){.where = {.name = "Ada"}}, &ada));
  assert_non_null(ada);
  assert_string_equal(ada->id, "a");
  assert_int_equal(*ada->age, 36);
  assert_null(ada->boss_id);
  assert_true(person_has(ada, PERSON_AGE));
  assert_true(person_has(ada, PERSON_BOSS_ID)); /* NULL, and known to be */
  assert_false(person_has(ada, PERSON_PETS));
  assert_false(person_has(ada, PERSON_BOSS));
}

static void select_loads_nothing_else(void **state)
{
  (void)state;
  people();
  Person *ada;
  OK(person_find_unique(
      db, mem,
      &(PersonFindUnique){.where = {.id = "a"},
                          .select = {.age = true, .pets = &(PetFindMany){.select = {.name = true}}}},
      &ada));
  assert_true(person_has(ada, PERSON_AGE) && person_has(ada, PERSON_PETS));
  assert_false(person_has(ada, PERSON_ID) || person_has(ada, PERSON_NAME));
  assert_null(ada->id); /* it was read, to find the pets, but not asked for */
  assert_int_equal(ada->pets.len, 2);
  assert_false(pet_has(&ada->pets.items[0], PET_OWNER_ID));
  assert_int_equal(ada->pets.items[0].id, 0);
}

static void select_of_relations_alone(void **state)
{
  (void)state;
  people();
  PersonList list = find_people(&(PersonFindMany){.select = {.passport = SC_ALL(PassportRead)}});
  assert_int_equal(list.len, 3);
  assert_string_equal(list.items[0].passport->number, "P1");
  assert_null(list.items[1].passport);
  assert_true(person_has(&list.items[1], PERSON_PASSPORT));
  assert_false(person_has(&list.items[1], PERSON_NAME));
}

static void omit_leaves_out(void **state)
{
  (void)state;
  people();
  Person *ada;
  OK(person_find_unique(db, mem,
                        &(PersonFindUnique){.where = {.id = "a"},
                                            .omit = {.age = true},
                                            .include = {.passport = SC_ALL(PassportRead)}},
                        &ada));
  assert_false(person_has(ada, PERSON_AGE));
  assert_null(ada->age);
  assert_true(person_has(ada, PERSON_NAME));
  assert_non_null(ada->passport);
}

static void select_does_not_go_with_include(void **state)
{
  (void)state;
  PersonList list;
  FAILS(SC_INVALID_ARGUMENT,
        person_find_many(db, mem,
                         &(PersonFindMany){.select = {.id = true}, .include = {.pets = SC_ALL(PetFindMany)}},
                         &list));
  ERROR_IS("P2009", "Please either use `include` or `select`, but not both at the same time.", "Person", "");
  assert_int_equal(list.len, 0);
}

/* ---- each kind of relation ---- */

static void to_one_both_ways(void **state)
{
  (void)state;
  people();
  PersonList list = find_people(&(PersonFindMany){.include = {.boss = SC_ALL(PersonRead),
                                                              .mentee = SC_ALL(PersonRead),
                                                              .passport = SC_ALL(PassportRead)}});
  assert_null(list.items[0].boss);
  assert_string_equal(list.items[0].mentee->name, "Bob");
  assert_string_equal(list.items[1].boss->name, "Ada");
  assert_string_equal(list.items[2].boss->name, "Ada");
  assert_null(list.items[1].mentee);
}

static void to_many_in_the_order_asked_for(void **state)
{
  (void)state;
  people();
  PersonList list = find_people(&(PersonFindMany){
      .include = {.pets = &(PetFindMany){.order_by = SC_LIST(PetOrderBy, {.name = SC_DESC})},
                  .reports = &(PersonFindMany){.order_by = by_name}}});
  assert_int_equal(list.items[0].pets.len, 2);
  assert_string_equal(list.items[0].pets.items[0].name, "Tom");
  assert_string_equal(list.items[0].pets.items[1].name, "Rex");
  assert_int_equal(list.items[1].pets.len, 1);
  assert_int_equal(list.items[2].pets.len, 0);
  assert_true(person_has(&list.items[2], PERSON_PETS)); /* loaded, and empty */
  assert_int_equal(list.items[0].reports.len, 2);
  assert_string_equal(list.items[0].reports.items[1].name, "Cy");
}

static void many_to_many_both_ways(void **state)
{
  (void)state;
  people();
  BookList books;
  OK(book_find_many(
      db, mem,
      &(BookFindMany){.order_by = SC_LIST(BookOrderBy, {.id = SC_ASC}),
                      .include = {.tags = &(TagFindMany){.order_by = SC_LIST(TagOrderBy, {.name = SC_ASC}),
                                                         .include = {.books = SC_ALL(BookFindMany)}}}},
      &books));
  assert_int_equal(books.len, 3);
  assert_int_equal(books.items[0].tags.len, 2);
  assert_string_equal(books.items[0].tags.items[0].name, "blue");
  assert_int_equal(books.items[1].tags.len, 0);
  assert_int_equal(books.items[2].tags.len, 1);
  /* the same tag met twice has its books both times */
  assert_int_equal(books.items[0].tags.items[0].books.len, 2);
  assert_int_equal(books.items[2].tags.items[0].books.len, 2);
}

static void many_to_many_with_itself(void **state)
{
  (void)state;
  people();
  PersonList list =
      find_people(&(PersonFindMany){.include = {.friends = &(PersonFindMany){.order_by = by_name},
                                                .friend_of = &(PersonFindMany){.order_by = by_name}}});
  assert_int_equal(list.items[0].friends.len + list.items[0].friend_of.len, 2);
  assert_int_equal(list.items[1].friends.len, 1);
  assert_int_equal(list.items[1].friend_of.len, 1);
  assert_int_equal(list.items[2].friends.len + list.items[2].friend_of.len, 2);
  assert_string_equal(list.items[0].friends.len ? list.items[0].friends.items[1].name
                                                : list.items[0].friend_of.items[1].name,
                      "Cy");
}

static void compound_keys(void **state)
{
  (void)state;
  OK(sc_exec(db, "INSERT INTO \"Team\" VALUES ('x', 1, 'A'), ('x', 2, 'B'), ('y', 1, 'C')", SC_NO_ARGS,
             NULL));
  OK(sc_exec(db, "INSERT INTO \"Match\" VALUES ('m', 'x', 1, 2), ('n', 'x', 2, 1), ('o', 'y', 1, 1)",
             SC_NO_ARGS, NULL));
  TeamList teams;
  OK(team_find_many(
      db, mem,
      &(TeamFindMany){.order_by = SC_LIST(TeamOrderBy, {.name = SC_ASC}),
                      .include = {.home = &(MatchFindMany){.include = {.away = SC_ALL(TeamRead)}},
                                  .away = SC_ALL(MatchFindMany)}},
      &teams));
  assert_int_equal(teams.items[0].home.len, 1);
  assert_string_equal(teams.items[0].home.items[0].away->name, "B");
  assert_string_equal(teams.items[2].home.items[0].away->name, "C");
  assert_string_equal(teams.items[1].away.items[0].id, "m");
  Team *team;
  OK(team_find_unique(db, mem,
                      &(TeamFindUnique){.where = {.league_number = {"x", SC_INT(2)}},
                                        .include = {.home = SC_ALL(MatchFindMany)}},
                      &team));
  assert_string_equal(team->home.items[0].id, "n");
}

/* ---- arguments of relations ---- */

static void a_where_of_each_relation(void **state)
{
  (void)state;
  people();
  PersonList list = find_people(
      &(PersonFindMany){.include = {.pets = &(PetFindMany){.where = {.name = {.starts_with = "R"}}},
                                    .boss = &(PersonRead){.where = {.age = {.gt = SC_INT(100)}}}}});
  assert_int_equal(list.items[0].pets.len, 1);
  assert_int_equal(list.items[1].pets.len, 0);
  assert_null(list.items[1].boss); /* there is one, but not of that age */
}

static void take_and_skip_count_per_parent(void **state)
{
  (void)state;
  people();
  PersonList list = find_people(
      &(PersonFindMany){.include = {.pets = &(PetFindMany){.take = 1, .order_by = pets_by_name}}});
  assert_int_equal(list.items[0].pets.len, 1);
  assert_string_equal(list.items[0].pets.items[0].name, "Rex");
  assert_int_equal(list.items[1].pets.len, 1);
  list = find_people(
      &(PersonFindMany){.include = {.pets = &(PetFindMany){.skip = 1, .order_by = pets_by_name}}});
  assert_int_equal(list.items[0].pets.len, 1);
  assert_string_equal(list.items[0].pets.items[0].name, "Tom");
  assert_int_equal(list.items[1].pets.len, 0);
}

static void a_negative_take_counts_from_the_end(void **state)
{
  (void)state;
  people();
  OK(sc_exec(db, "INSERT INTO \"Pet\" (name, \"ownerId\") VALUES ('Zed', 'a')", SC_NO_ARGS, NULL));
  PersonList list = find_people(
      &(PersonFindMany){.include = {.pets = &(PetFindMany){.take = -2, .order_by = pets_by_name}}});
  assert_int_equal(list.items[0].pets.len, 2);
  assert_string_equal(list.items[0].pets.items[0].name, "Tom");
  assert_string_equal(list.items[0].pets.items[1].name, "Zed");
  list = find_people(&(PersonFindMany){.take = -2});
  assert_int_equal(list.len, 2);
  assert_string_equal(list.items[0].name, "Bob");
  assert_string_equal(list.items[1].name, "Cy");
}

static void limits_below_limits(void **state)
{
  (void)state;
  people();
  PersonFindMany reports = {.take = 1, .order_by = by_name, .include = {.pets = &(PetFindMany){.take = 1}}};
  Person *ada;
  OK(person_find_unique(db, mem, &(PersonFindUnique){.where = {.id = "a"}, .include = {.reports = &reports}},
                        &ada));
  assert_int_equal(ada->reports.len, 1);
  assert_string_equal(ada->reports.items[0].name, "Bob");
  assert_string_equal(ada->reports.items[0].pets.items[0].name, "Kit");
}

/* ---- counts ---- */

static void counts_of_relations(void **state)
{
  (void)state;
  people();
  PersonList list = find_people(&(PersonFindMany){.include = {._count = {._all = true}}});
  assert_int_equal(list.items[0]._count.pets, 2);
  assert_int_equal(list.items[0]._count.reports, 2);
  assert_int_equal(list.items[2]._count.pets, 0);
  assert_int_equal(list.items[0]._count.friends + list.items[0]._count.friend_of, 2);
  list = find_people(&(PersonFindMany){
      .select = {.name = true, ._count = {.pets = &(PetWhere){.name = {.equals = "Rex"}}}}});
  assert_int_equal(list.items[0]._count.pets, 1);
  assert_int_equal(list.items[0]._count.reports, 0);
  assert_false(person_has(&list.items[0], PERSON_PETS));
}

/* ---- depth ---- */

static void to_many_below_to_one_below_to_many(void **state)
{
  (void)state;
  people();
  PetList pets;
  OK(pet_find_many(
      db, mem,
      &(PetFindMany){
          .order_by = pets_by_name,
          .include = {.owner =
                          &(PersonRead){.include = {.pets = &(PetFindMany){.order_by = pets_by_name},
                                                    .boss = &(PersonRead){.include = {.books = SC_ALL(
                                                                                          BookFindMany)}}}}}},
      &pets));
  assert_string_equal(pets.items[0].name, "Kit");
  assert_int_equal(pets.items[0].owner->pets.len, 1);
  assert_int_equal(pets.items[0].owner->boss->books.len, 2);
  assert_int_equal(pets.items[1].owner->pets.len, 2);
  assert_int_equal(pets.items[2].owner->pets.len, 2);
  assert_null(pets.items[1].owner->boss);
}

static void one_round_trip_for_one_record(void **state)
{
  (void)state;
  people();
  Person *ada;
  PersonFindUnique args = {.where = {.id = "a"},
                           .include = {.pets = SC_ALL(PetFindMany),
                                       .books = &(BookFindMany){.include = {.tags = SC_ALL(TagFindMany)}}}};
  assert_int_equal(ROUND_TRIPS(person_find_unique(db, mem, &args, &ada)), 1);
  assert_int_equal(ada->books.items[0].tags.len + ada->books.items[1].tags.len, 2);
}

static void a_round_trip_for_each_level_of_a_list(void **state)
{
  (void)state;
  people();
  PersonList list;
  PersonFindMany args = {.include = {.pets = SC_ALL(PetFindMany),
                                     .books = &(BookFindMany){.include = {.tags = SC_ALL(TagFindMany)}}}};
  assert_int_equal(ROUND_TRIPS(person_find_many(db, mem, &args, &list)), 3);
  args.include = (PersonInclude){.boss = SC_ALL(PersonRead), ._count = {._all = true}};
  assert_int_equal(ROUND_TRIPS(person_find_many(db, mem, &args, &list)), 1);
  assert_int_equal(list.len, 3);
}

static void no_parents_no_question(void **state)
{
  (void)state;
  PersonList list;
  PersonFindMany args = {.include = {.pets = SC_ALL(PetFindMany)}};
  assert_int_equal(ROUND_TRIPS(person_find_many(db, mem, &args, &list)), 1);
  assert_int_equal(list.len, 0);
  assert_null(list.items);
}

static void many_parents(void **state)
{
  (void)state;
  OK(sc_exec(db,
             "WITH c AS (INSERT INTO \"Country\" (id, name) SELECT i, 'C' || i FROM generate_series(1, 300) "
             "i RETURNING id),"
             " d AS (INSERT INTO \"City\" (id, name, \"countryId\") SELECT i, 'T' || i, 1 + i % 300 FROM "
             "generate_series(1, 900) i)"
             " INSERT INTO \"Street\" (name, \"cityId\") SELECT 'S' || i, 1 + i % 900 FROM "
             "generate_series(1, 1800) i",
             SC_NO_ARGS, NULL));
  CountryList countries;
  OK(country_find_many(
      db, mem,
      &(CountryFindMany){
          .include = {.cities = &(CityFindMany){.include = {.streets = SC_ALL(StreetFindMany)}}}},
      &countries));
  assert_int_equal(countries.len, 300);
  for (size_t i = 0; i < countries.len; i++) {
    const Country *country = &countries.items[i];
    assert_int_equal(country->cities.len, 3);
    for (size_t j = 0; j < country->cities.len; j++) {
      const City *city = &country->cities.items[j];
      assert_int_equal(city->country_id, country->id);
      assert_int_equal(city->streets.len, 2);
      assert_true(city->streets.items[0].city_id == city->id);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(all_scalars_without_a_selection),
      TEST(select_loads_nothing_else),
      TEST(select_of_relations_alone),
      TEST(omit_leaves_out),
      TEST(select_does_not_go_with_include),
      TEST(to_one_both_ways),
      TEST(to_many_in_the_order_asked_for),
      TEST(many_to_many_both_ways),
      TEST(many_to_many_with_itself),
      TEST(compound_keys),
      TEST(a_where_of_each_relation),
      TEST(take_and_skip_count_per_parent),
      TEST(a_negative_take_counts_from_the_end),
      TEST(limits_below_limits),
      TEST(counts_of_relations),
      TEST(to_many_below_to_one_below_to_many),
      TEST(one_round_trip_for_one_record),
      TEST(a_round_trip_for_each_level_of_a_list),
      TEST(no_parents_no_question),
      TEST(many_parents),
  };
  return RUN_TESTS(tests);
}
