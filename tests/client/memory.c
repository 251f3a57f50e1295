/* Any allocation of the library may fail: then a call returns SC_NO_MEMORY, a write has happened whole or not
 * at all, nothing leaks, and the next call works.
 *
 * LINK: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc */
#include "client.h"

#include "../faults/memory.h"

typedef sc_status operation(void);

static sc_status create_a_tree(void)
{
  Person *person;
  return person_create(db, mem,
                       &(PersonCreateArgs){
                           .data = {.name = "Ada",
                                    .passport = {.create = &(PassportCreate){.number = "P1"}},
                                    .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"}, {.name = "Tom"})},
                                    .friends = {.create = SC_LIST(PersonCreate, {.name = "Bob"})}},
                           .include = {.pets = SC_ALL(PetFindMany),
                                       .friends = SC_ALL(PersonFindMany),
                                       ._count = {._all = true}},
                       },
                       &person);
}

static sc_status create_with_ids_of_the_database(void)
{
  Country *country;
  return country_create(
      db, mem,
      &(CountryCreateArgs){
          .data = {.name = "Greece", .cities = {.create = SC_LIST(CityCreate, {.name = "Athens"})}},
          .include = {.cities = SC_ALL(CityFindMany)},
      },
      &country);
}

static sc_status create_many(void)
{
  return lists_create_many(
      db,
      &(ListsCreateManyArgs){.data = SC_LIST(ListsCreate,
                                             {.id = SC_INT(1), .text = SC_LIST(const char *, "a", "b")},
                                             {.id = SC_INT(2)})},
      NULL);
}

static sc_status update_and_read(void)
{
  Person *person;
  return person_update(db, mem,
                       &(PersonUpdateArgs){.where = {.name = "Ann"},
                                           .data = {.age = {.increment = SC_INT(1)}},
                                           .include = {.pets = SC_ALL(PetFindMany)}},
                       &person);
}

static sc_status find_many(void)
{
  PersonList list;
  return person_find_many(db, mem,
                          &(PersonFindMany){.where = {.name = {.contains = "n"},
                                                      .pets = {.none = &(PetWhere){.name = {.equals = "x"}}}},
                                            .order_by = SC_LIST(PersonOrderBy, {.name = SC_ASC}),
                                            .include = {.pets = SC_ALL(PetFindMany)}},
                          &list);
}

static sc_status delete_and_read(void)
{
  Person *person;
  return person_delete(
      db, mem, &(PersonDeleteArgs){.where = {.name = "Ann"}, .include = {.pets = SC_ALL(PetFindMany)}},
      &person);
}

static void add_ann(void)
{
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ann", .age = SC_INT(0)}}, NULL));
}

/* A connection that was given up may still be working on what it was sent, or be about to. A pooler keeps its
 * own. */
static void wait_for_the_server(void)
{
  bool pooled = strstr(getenv("DATABASE_URL"), "pgbouncer=true") != NULL;
  while (number_of(
             pooled ? "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
                    : "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND backend_type = 'client backend' AND pid <> pg_backend_pid()") > 0)
    continue;
}

static int64_t records(void)
{
  return number_of(
      "SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM \"Pet\") + (SELECT count(*) FROM"
      " \"Passport\") + (SELECT count(*) FROM \"Country\") + (SELECT count(*) FROM \"City\") +"
      " (SELECT count(*) FROM \"all lists\")");
}

/* Fails the first allocation, then the second, and so on until the operation needs no more. The handle is
 * opened anew each time, so that what it keeps between calls is allocated too. There is one record before,
 * and there are `whole` afterwards: a failure leaves either, since a write that has happened may lack the
 * memory for its result. */
static void fail_each_allocation(operation *run, int64_t whole)
{
  sc_db *outer = db;
  int failures = 0, undone = 0;
  for (long n = 0, served = 0; !served; n++) {
    assert_int_equal(empty_tables(NULL), 0);
    add_ann();
    OK(zoo_open(NULL, &db));
    sc_arena_free(mem);
    mem = sc_arena_new();
    allocations_left = n;
    sc_status s = run();
    served = allocations_left >= 0;
    allocations_left = -1;
    sc_close(db);
    db = outer;
    wait_for_the_server();
    int64_t left = records();
    if (s != SC_OK && s != SC_NO_MEMORY)
      print_error("allocation %ld: %s: %s\n", n, sc_status_name(s), sc_error_last()->message);
    assert_true(s == SC_OK || s == SC_NO_MEMORY);
    assert_true(left == whole || (s != SC_OK && left == 1));
    failures += s != SC_OK;
    undone += left == 1;
  }
  assert_true(failures > 0);
  assert_true(undone > 0);
}

static void creating_a_tree(void **state)
{
  (void)state;
  fail_each_allocation(create_a_tree, 6);
}

static void creating_in_rounds(void **state)
{
  (void)state;
  fail_each_allocation(create_with_ids_of_the_database, 3);
}

static void creating_many(void **state)
{
  (void)state;
  fail_each_allocation(create_many, 3);
}

static void updating(void **state)
{
  (void)state;
  fail_each_allocation(update_and_read, 1);
}

static void finding(void **state)
{
  (void)state;
  fail_each_allocation(find_many, 1);
}

static void deleting(void **state)
{
  (void)state;
  fail_each_allocation(delete_and_read, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(creating_a_tree), TEST(creating_in_rounds), TEST(creating_many), TEST(updating),
      TEST(finding),         TEST(deleting),
  };
  return RUN_TESTS(tests);
}
