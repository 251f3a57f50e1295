/* Nested creates and connects of every kind of relation, to any depth, in one call. */
#include "client.h"

#define REQUIRED                                                                                             \
  "An operation failed because it depends on one or more records that were required but not found. "

static Person *new_person(const char *name)
{
  Person *person = NULL;
  OK(person_create(db, mem, &(PersonCreateArgs){.data = {.name = name}}, &person));
  return person;
}

/* ---- each kind ---- */

static void to_one_back_and_to_many(void **state)
{
  (void)state;
  Person *person;
  OK(person_create(db, mem,
                   &(PersonCreateArgs){
                       .data = {.name = "Ada",
                                .passport = {.create = &(PassportCreate){.number = "P1"}},
                                .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"}, {.name = "Tom"})}},
                       .include = {.passport = SC_ALL(PassportRead),
                                   .pets = &(PetFindMany){.order_by = SC_LIST(PetOrderBy, {.name = SC_DESC})},
                                   ._count = {._all = true}},
                   },
                   &person));
  assert_string_equal(person->passport->number, "P1");
  assert_string_equal(person->passport->owner_id, person->id);
  assert_int_equal(person->pets.len, 2);
  assert_string_equal(person->pets.items[0].name, "Tom");
  assert_int_equal(person->_count.pets, 2);
  assert_int_equal(person->_count.books, 0);
}

static void to_one_creates_the_parent_first(void **state)
{
  (void)state;
  Pet *pet;
  OK(pet_create(
      db, mem,
      &(PetCreateArgs){
          .data = {.name = "Rex",
                   .owner = {.create =
                                 &(PersonCreate){.name = "Ada",
                                                 .boss = {.create = &(PersonCreate){.name = "Byron"}}}}},
          .include = {.owner = &(PersonRead){.include = {.boss = SC_ALL(PersonRead)}}},
      },
      &pet));
  assert_string_equal(pet->owner->name, "Ada");
  assert_string_equal(pet->owner->boss->name, "Byron");
}

static void to_one_connects_by_its_key_and_by_another(void **state)
{
  (void)state;
  Person *ada = new_person("Ada");
  Pet *pet;
  OK(pet_create(
      db, mem,
      &(PetCreateArgs){.data = {.name = "Rex", .owner = {.connect = &(PersonWhereUnique){.id = ada->id}}}},
      &pet));
  assert_string_equal(pet->owner_id, ada->id);
  OK(pet_create(
      db, mem,
      &(PetCreateArgs){.data = {.name = "Tom", .owner = {.connect = &(PersonWhereUnique){.name = "Ada"}}}},
      &pet));
  assert_string_equal(pet->owner_id, ada->id);
  OK(pet_create(db, mem, &(PetCreateArgs){.data = {.name = "Kit", .owner_id = ada->id}}, &pet));
  assert_string_equal(pet->owner_id, ada->id);
}

static void to_many_connects(void **state)
{
  (void)state;
  Person *person;
  OK(book_create_many(db,
                      &(BookCreateManyArgs){.data = SC_LIST(BookCreate, {.isbn = "1", .title = "One"},
                                                            {.isbn = "2", .title = "Two"})},
                      NULL));
  OK(person_create(
      db, mem,
      &(PersonCreateArgs){
          .data = {.name = "Ada",
                   .books = {.connect = SC_LIST(BookWhereUnique, {.isbn = "1"}, {.id = SC_INT(2)}),
                             .create = SC_LIST(BookCreate, {.isbn = "3", .title = "Three"})}},
          .include = {.books = &(BookFindMany){.order_by = SC_LIST(BookOrderBy, {.id = SC_ASC})}},
      },
      &person));
  assert_int_equal(person->books.len, 3);
  assert_string_equal(person->books.items[1].title, "Two");
}

static void to_one_back_connects(void **state)
{
  (void)state;
  Person *person, *mentee = new_person("Bob");
  OK(person_create(db, mem,
                   &(PersonCreateArgs){
                       .data = {.name = "Ada", .mentee = {.connect = &(PersonWhereUnique){.name = "Bob"}}},
                       .include = {.mentee = SC_ALL(PersonRead)},
                   },
                   &person));
  assert_string_equal(person->mentee->id, mentee->id);
  assert_string_equal(person->mentee->mentor_id, person->id);
}

static void many_to_many_creates_and_connects(void **state)
{
  (void)state;
  Book *book;
  OK(tag_create(db, NULL, &(TagCreateArgs){.data = {.name = "old"}}, NULL));
  OK(book_create(db, mem,
                 &(BookCreateArgs){
                     .data = {.isbn = "1",
                              .title = "One",
                              .tags = {.create = SC_LIST(TagCreate, {.name = "new"}),
                                       .connect = SC_LIST(TagWhereUnique, {.name = "old"}, {.name = "old"})}},
                     .include = {.tags = &(TagFindMany){.order_by = SC_LIST(TagOrderBy, {.name = SC_ASC}),
                                                        .include = {.books = SC_ALL(BookFindMany)}}},
                 },
                 &book));
  assert_int_equal(book->tags.len, 2);
  assert_string_equal(book->tags.items[0].name, "new");
  assert_string_equal(book->tags.items[1].name, "old");
  assert_int_equal(book->tags.items[1].books.len, 1);
}

static void many_to_many_with_itself_has_two_sides(void **state)
{
  (void)state;
  Person *ada, *bob;
  new_person("Cid");
  OK(person_create(db, mem,
                   &(PersonCreateArgs){
                       .data = {.name = "Ada",
                                .friends = {.create = SC_LIST(PersonCreate, {.name = "Bob"}),
                                            .connect = SC_LIST(PersonWhereUnique, {.name = "Cid"})}},
                       .include = {.friends = SC_ALL(PersonFindMany), .friend_of = SC_ALL(PersonFindMany)},
                   },
                   &ada));
  assert_int_equal(ada->friends.len, 2);
  assert_int_equal(ada->friend_of.len, 0);
  OK(person_find_unique(db, mem,
                        &(PersonFindUnique){.where = {.name = "Bob"},
                                            .include = {.friends = SC_ALL(PersonFindMany),
                                                        .friend_of = SC_ALL(PersonFindMany)}},
                        &bob));
  assert_int_equal(bob->friends.len, 0);
  assert_int_equal(bob->friend_of.len, 1);
  assert_string_equal(bob->friend_of.items[0].name, "Ada");
}

static void a_key_made_of_relations(void **state)
{
  (void)state;
  Member *member;
  new_person("Ada");
  OK(member_create(db, mem,
                   &(MemberCreateArgs){
                       .data = {.person = {.connect = &(PersonWhereUnique){.name = "Ada"}},
                                .club = {.create = &(ClubCreate){.name = "Chess"}}},
                       .include = {.person = SC_ALL(PersonRead), .club = SC_ALL(ClubRead)},
                   },
                   &member));
  assert_string_equal(member->person->name, "Ada");
  assert_string_equal(member->club->name, "Chess");
  assert_int_equal(member->club_id, member->club->id);
}

static void compound_keys_that_share_a_field(void **state)
{
  (void)state;
  Match *match;
  OK(team_create_many(
      db,
      &(TeamCreateManyArgs){.data = SC_LIST(TeamCreate, {.league = "x", .number = SC_INT(1), .name = "One"},
                                            {.league = "x", .number = SC_INT(2), .name = "Two"})},
      NULL));
  OK(match_create(
      db, mem,
      &(MatchCreateArgs){
          .data = {.home = {.connect =
                                &(TeamWhereUnique){.league_number = {.league = "x", .number = SC_INT(1)}}},
                   .away = {.connect =
                                &(TeamWhereUnique){.league_number = {.league = "x", .number = SC_INT(2)}}}},
          .include = {.home = SC_ALL(TeamRead), .away = SC_ALL(TeamRead)},
      },
      &match));
  assert_string_equal(match->home->name, "One");
  assert_string_equal(match->away->name, "Two");
  FAILS(SC_NOT_FOUND,
        match_create(
            db, NULL,
            &(MatchCreateArgs){
                .data = {.home = {.connect = &(TeamWhereUnique){.league_number = {.league = "x",
                                                                                  .number = SC_INT(1)}}},
                         .away = {.connect = &(TeamWhereUnique){.league_number = {.league = "x",
                                                                                  .number = SC_INT(3)}}}},
            },
            NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "away");
}

/* A field that two relations share cannot follow both to different places. */
static void relations_that_share_a_field_must_agree(void **state)
{
  (void)state;
  OK(team_create_many(
      db,
      &(TeamCreateManyArgs){.data = SC_LIST(TeamCreate, {.league = "x", .number = SC_INT(1), .name = "One"},
                                            {.league = "x", .number = SC_INT(2), .name = "Two"},
                                            {.league = "y", .number = SC_INT(2), .name = "Other"})},
      NULL));
  TeamWhereUnique home = {.league_number = {.league = "x", .number = SC_INT(1)}};
  TeamWhereUnique away = {.league_number = {.league = "y", .number = SC_INT(2)}};
  FAILS(SC_NOT_FOUND,
        match_create(db, NULL,
                     &(MatchCreateArgs){.data = {.home = {.connect = &home}, .away = {.connect = &away}}},
                     NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "away");
  FAILS(
      SC_INVALID_ARGUMENT,
      match_create(
          db, NULL,
          &(MatchCreateArgs){
              .data = {.home = {.connect = &home},
                       .away = {.create = &(TeamCreate){.league = "y", .number = SC_INT(9), .name = "New"}}}},
          NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "league");
  OK(match_create(
      db, NULL,
      &(MatchCreateArgs){
          .data = {.home = {.connect = &home},
                   .away = {.create = &(TeamCreate){.league = "x", .number = SC_INT(9), .name = "New"}}}},
      NULL));
  FAILS(SC_NOT_FOUND,
        team_create(db, NULL,
                    &(TeamCreateArgs){
                        .data = {.league = "z",
                                 .number = SC_INT(1),
                                 .name = "Z",
                                 .home = {.create = SC_LIST(MatchCreate, {.away = {.connect = &away}})}}},
                    NULL));
  assert_int_equal(number_of("SELECT count(*) FROM \"Match\""), 1);
}

/* ---- how many round trips ---- */

static void a_tree_with_client_made_ids_is_one_round_trip(void **state)
{
  (void)state;
  Person *person;
  PersonCreateArgs args = {
      .data = {.name = "Ada",
               .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"}, {.name = "Tom"}, {.name = "Kit"})}},
      .include = {.pets = SC_ALL(PetFindMany)},
  };
  assert_int_equal(ROUND_TRIPS(person_create(db, mem, &args, &person)), 1);
  assert_int_equal(person->pets.len, 3);
}

static void ids_of_the_database_cost_one_round_trip_a_level(void **state)
{
  (void)state;
  Country *country;
  CountryCreateArgs args = {
      .data = {.name = "Greece",
               .cities = {.create =
                              SC_LIST(CityCreate,
                                      {.name = "Athens",
                                       .streets = {.create = SC_LIST(StreetCreate, {.name = "Ermou"},
                                                                     {.name = "Adrianou"})}},
                                      {.name = "Patras",
                                       .streets = {.create = SC_LIST(StreetCreate, {.name = "Maizonos"})}})}},
      .include = {.cities = &(CityFindMany){.include = {.streets = SC_ALL(StreetFindMany)},
                                            .order_by = SC_LIST(CityOrderBy, {.name = SC_ASC})}},
  };
  assert_int_equal(ROUND_TRIPS(country_create(db, mem, &args, &country)), 3);
  assert_int_equal(country->cities.len, 2);
  assert_int_equal(country->cities.items[0].streets.len, 2);
  assert_string_equal(country->cities.items[1].streets.items[0].name, "Maizonos");
  assert_int_equal(ROUND_TRIPS(country_create(db, NULL, &(CountryCreateArgs){.data = args.data}, NULL)), 3);
}

static void deep_and_wide(void **state)
{
  (void)state;
  enum { DEPTH = 20 };
  PersonCreate chain[DEPTH] = {{0}};
  char names[DEPTH][16];
  for (int i = 0; i < DEPTH; i++) {
    snprintf(names[i], sizeof names[i], "p%d", i);
    chain[i].name = names[i];
    if (i + 1 < DEPTH) chain[i].reports.create = (PersonCreateList)SC_ARRAY(&chain[i + 1], 1);
  }
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = chain[0]}, NULL));
  assert_int_equal(
      number_of("WITH RECURSIVE r AS (SELECT id, 1 AS depth FROM people WHERE boss_id IS NULL UNION ALL"
                " SELECT p.id, r.depth + 1 FROM people p JOIN r ON p.boss_id = r.id)"
                " SELECT max(depth) FROM r"),
      DEPTH);
}

static void nesting_without_an_end_is_refused(void **state)
{
  (void)state;
  PersonCreate loop = {.name = "loop"};
  loop.boss.create = &loop;
  FAILS(SC_INVALID_ARGUMENT, person_create(db, NULL, &(PersonCreateArgs){.data = loop}, NULL));
}

/* ---- all or nothing ---- */

static void a_connect_that_finds_nothing_undoes_all(void **state)
{
  (void)state;
  Person *person;
  FAILS(SC_NOT_FOUND,
        person_create(
            db, mem,
            &(PersonCreateArgs){.data = {.name = "Ada",
                                         .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"})},
                                         .books = {.connect = SC_LIST(BookWhereUnique, {.isbn = "nope"})}}},
            &person));
  ERROR_IS("P2025", REQUIRED "Expected 1 records to be connected, found only 0.", "Person", "books");
  assert_null(person);
  FAILS(
      SC_NOT_FOUND,
      book_create(db, NULL,
                  &(BookCreateArgs){.data = {.isbn = "1",
                                             .title = "x",
                                             .tags = {.connect = SC_LIST(TagWhereUnique, {.name = "nope"})}}},
                  NULL));
  ERROR_IS("P2025", REQUIRED "Expected 1 records to be connected, found only 0.", "Book", "tags");
  FAILS(SC_NOT_FOUND,
        person_create(
            db, NULL,
            &(PersonCreateArgs){
                .data = {.name = "Ada", .passport = {.connect = &(PassportWhereUnique){.number = "nope"}}}},
            NULL));
  ERROR_IS("P2025",
           REQUIRED "No 'Passport' record was found for a nested connect on one-to-one relation "
                    "'PassportToPerson'.",
           "Person", "passport");
  assert_int_equal(number_of("SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM \"Book\")"), 0);
}

static void a_to_one_connect_that_finds_nothing(void **state)
{
  (void)state;
  static const char text[] =
      REQUIRED "No 'Person' record (needed to inline the relation on 'Pet' record(s)) was found "
               "for a nested connect on one-to-many relation 'PersonToPet'.";
  FAILS(SC_NOT_FOUND,
        pet_create(db, NULL,
                   &(PetCreateArgs){
                       .data = {.name = "Rex", .owner = {.connect = &(PersonWhereUnique){.id = "nope"}}}},
                   NULL));
  ERROR_IS("P2025", text, "Pet", "owner");
  FAILS(SC_NOT_FOUND,
        pet_create(db, NULL,
                   &(PetCreateArgs){
                       .data = {.name = "Rex", .owner = {.connect = &(PersonWhereUnique){.name = "nope"}}}},
                   NULL));
  ERROR_IS("P2025", text, "Pet", "owner");
  FAILS(SC_NOT_FOUND,
        person_create(db, NULL,
                      &(PersonCreateArgs){
                          .data = {.name = "Ada",
                                   .books = {.create = SC_LIST(BookCreate, {.isbn = "1", .title = "x"})},
                                   .boss = {.connect = &(PersonWhereUnique){.name = "nope"}}}},
                      NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "boss");
  assert_int_equal(number_of("SELECT count(*) FROM people"), 0);
}

static void of_two_connects_the_right_one_is_named(void **state)
{
  (void)state;
  new_person("Ada");
  FAILS(SC_NOT_FOUND,
        member_create(db, NULL,
                      &(MemberCreateArgs){.data = {.person = {.connect = &(PersonWhereUnique){.name = "Ada"}},
                                                   .club = {.connect = &(ClubWhereUnique){.name = "nope"}}}},
                      NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "club");
}

static void a_connect_may_filter_too(void **state)
{
  (void)state;
  Person *ada = new_person("Ada");
  PersonWhereUnique where = {.id = ada->id, .AND = SC_LIST(PersonWhere, {.mood = {.equals = MOOD_SAD}})};
  FAILS(SC_NOT_FOUND,
        pet_create(db, NULL, &(PetCreateArgs){.data = {.name = "Rex", .owner = {.connect = &where}}}, NULL));
  where.AND = (PersonWhereList)SC_LIST(PersonWhere, {.mood = {.equals = MOOD_HAPPY}});
  OK(pet_create(db, NULL, &(PetCreateArgs){.data = {.name = "Rex", .owner = {.connect = &where}}}, NULL));
}

static void a_violation_deep_inside_undoes_all(void **state)
{
  (void)state;
  FAILS(SC_UNIQUE_VIOLATION,
        person_create(db, NULL,
                      &(PersonCreateArgs){
                          .data = {.name = "Ada",
                                   .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"}, {.name = "Rex"})}}},
                      NULL));
  assert_string_equal(sc_error_last()->model, "Pet");
  assert_int_equal(pet_constraint_of(sc_error_last()), PET_OWNER_ID_NAME_TAKEN);
  assert_int_equal(person_constraint_of(sc_error_last()), PERSON_CONSTRAINT_UNKNOWN);
  FAILS(
      SC_UNIQUE_VIOLATION,
      country_create(db, NULL,
                     &(CountryCreateArgs){
                         .data = {.name = "x",
                                  .cities = {.create = SC_LIST(CityCreate, {.id = SC_BIGINT(5), .name = "a"},
                                                               {.id = SC_BIGINT(5), .name = "b"})}}},
                     NULL));
  assert_int_equal(number_of("SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM \"Country\")"), 0);
}

static void what_is_set_twice_is_refused(void **state)
{
  (void)state;
  FAILS(SC_INVALID_ARGUMENT,
        pet_create(db, NULL,
                   &(PetCreateArgs){.data = {.name = "Rex",
                                             .owner_id = "x",
                                             .owner = {.connect = &(PersonWhereUnique){.name = "Ada"}}}},
                   NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "ownerId");
  FAILS(SC_INVALID_ARGUMENT,
        person_create(
            db, NULL,
            &(PersonCreateArgs){
                .data = {.name = "Ada",
                         .pets = {.create = SC_LIST(PetCreate, {.name = "Rex", .owner_id = "other"})}}},
            NULL));
  FAILS(SC_INVALID_ARGUMENT,
        pet_create(db, NULL,
                   &(PetCreateArgs){.data = {.name = "Rex",
                                             .owner = {.create = &(PersonCreate){.name = "Ada"},
                                                       .connect = &(PersonWhereUnique){.name = "Ada"}}}},
                   NULL));
  assert_string_equal(sc_error_last()->fields.items[0], "owner");
  FAILS(SC_MISSING_FIELD,
        person_create(db, NULL,
                      &(PersonCreateArgs){
                          .data = {.name = "Ada", .pets = {.create = SC_LIST(PetCreate, {.id = SC_INT(1)})}}},
                      NULL));
  ERROR_IS("P2012", "Argument `name` is missing.", "Pet", "name");
  assert_int_equal(number_of("SELECT count(*) FROM people"), 0);
}

/* ---- update and delete of a record with its relations ---- */

static void update_reads_the_tree_afterwards(void **state)
{
  (void)state;
  Person *person;
  OK(person_create(
      db, NULL,
      &(PersonCreateArgs){.data = {.name = "Ada", .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"})}}},
      NULL));
  PersonUpdateArgs args = {
      .where = {.name = "Ada"}, .data = {.name = {.set = "Eva"}}, .include = {.pets = SC_ALL(PetFindMany)}};
  assert_int_equal(ROUND_TRIPS(person_update(db, mem, &args, &person)), 1);
  assert_string_equal(person->name, "Eva");
  assert_int_equal(person->pets.len, 1);
  FAILS(SC_NOT_FOUND, person_update(db, mem, &args, &person));
  assert_null(person);
}

static void update_of_the_key_itself_reads_by_the_new_one(void **state)
{
  (void)state;
  Team *team;
  OK(team_create(db, NULL, &(TeamCreateArgs){.data = {.league = "x", .number = SC_INT(1), .name = "One"}},
                 NULL));
  OK(team_update(db, mem,
                 &(TeamUpdateArgs){.where = {.league_number = {.league = "x", .number = SC_INT(1)}},
                                   .data = {.number = {.increment = SC_INT(10)}},
                                   .include = {.home = SC_ALL(MatchFindMany)}},
                 &team));
  assert_int_equal(team->number, 11);
  assert_true(team_has(team, TEAM_HOME));
}

static void delete_returns_the_tree_that_was(void **state)
{
  (void)state;
  Person *person;
  OK(person_create(
      db, NULL,
      &(PersonCreateArgs){.data = {.name = "Ada", .passport = {.create = &(PassportCreate){.number = "P1"}}}},
      NULL));
  PersonDeleteArgs args = {.where = {.name = "Ada"}, .include = {.passport = SC_ALL(PassportRead)}};
  assert_int_equal(ROUND_TRIPS(person_delete(db, mem, &args, &person)), 1);
  assert_string_equal(person->passport->number, "P1");
  assert_int_equal(number_of("SELECT count(*) FROM \"Passport\""), 0); /* onDelete: Cascade */
  FAILS(SC_NOT_FOUND, person_delete(db, mem, &args, &person));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(to_one_back_and_to_many),
      TEST(to_one_creates_the_parent_first),
      TEST(to_one_connects_by_its_key_and_by_another),
      TEST(to_many_connects),
      TEST(to_one_back_connects),
      TEST(many_to_many_creates_and_connects),
      TEST(many_to_many_with_itself_has_two_sides),
      TEST(a_key_made_of_relations),
      TEST(compound_keys_that_share_a_field),
      TEST(relations_that_share_a_field_must_agree),
      TEST(a_tree_with_client_made_ids_is_one_round_trip),
      TEST(ids_of_the_database_cost_one_round_trip_a_level),
      TEST(deep_and_wide),
      TEST(nesting_without_an_end_is_refused),
      TEST(a_connect_that_finds_nothing_undoes_all),
      TEST(a_to_one_connect_that_finds_nothing),
      TEST(of_two_connects_the_right_one_is_named),
      TEST(a_connect_may_filter_too),
      TEST(a_violation_deep_inside_undoes_all),
      TEST(what_is_set_twice_is_refused),
      TEST(update_reads_the_tree_afterwards),
      TEST(update_of_the_key_itself_reads_by_the_new_one),
      TEST(delete_returns_the_tree_that_was),
  };
  return RUN_TESTS(tests);
}
