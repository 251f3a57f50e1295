/* Transactions, savepoints and retries around the operations of a client. */
#include "client.h"

#include <pthread.h>

static int64_t people(sc_db *on)
{
  int64_t count = -1;
  OK(person_count(on, NULL, &count));
  return count;
}

static sc_status add(sc_db *on, const char *name)
{
  return person_create(on, NULL, &(PersonCreateArgs){.data = {.name = name}}, NULL);
}

static void commit_keeps_and_rollback_forgets(void **state)
{
  (void)state;
  sc_db *tx;
  OK(sc_begin(db, NULL, &tx));
  OK(add(tx, "Ada"));
  assert_int_equal(people(tx), 1);
  assert_int_equal(people(db), 0); /* another connection */
  OK(sc_rollback(tx));
  assert_int_equal(people(db), 0);
  OK(sc_begin(db, &(sc_tx_options){.isolation = SC_SERIALIZABLE}, &tx));
  OK(add(tx, "Ada"));
  OK(sc_commit(tx));
  assert_int_equal(people(db), 1);
}

static void closing_a_transaction_rolls_back(void **state)
{
  (void)state;
  sc_db *tx;
  OK(sc_begin(db, NULL, &tx));
  OK(add(tx, "Ada"));
  sc_close(tx);
  assert_int_equal(people(db), 0);
}

static void a_failed_call_ends_the_transaction(void **state)
{
  (void)state;
  sc_db *tx;
  OK(sc_begin(db, NULL, &tx));
  OK(add(tx, "Ada"));
  FAILS(SC_UNIQUE_VIOLATION, add(tx, "Ada"));
  FAILS(SC_TX_CLOSED, add(tx, "Bob"));
  FAILS(SC_TX_CLOSED, sc_commit(tx));
  assert_int_equal(people(db), 0);
}

static void what_is_refused_before_any_sql_harms_nothing(void **state)
{
  (void)state;
  sc_db *tx;
  OK(sc_begin(db, NULL, &tx));
  FAILS(SC_MISSING_FIELD, person_create(tx, NULL, NULL, NULL));
  FAILS(SC_NOT_FOUND, person_delete(tx, NULL, &(PersonDeleteArgs){.where = {.name = "nobody"}}, NULL));
  OK(add(tx, "Ada"));
  OK(sc_commit(tx));
  assert_int_equal(people(db), 1);
}

static void a_savepoint_can_be_undone_alone(void **state)
{
  (void)state;
  sc_db *tx, *inner;
  OK(sc_begin(db, NULL, &tx));
  OK(add(tx, "Ada"));
  OK(sc_begin(tx, NULL, &inner));
  FAILS(SC_UNIQUE_VIOLATION, add(inner, "Ada"));
  OK(sc_rollback(inner));
  OK(sc_begin(tx, NULL, &inner));
  OK(add(inner, "Bob"));
  OK(sc_commit(inner));
  OK(sc_commit(tx));
  assert_int_equal(people(db), 2);
}

/* Several round trips, for ids of the database, are one transaction of their own or part of the caller's. */
static void a_write_of_many_rounds_joins_the_transaction(void **state)
{
  (void)state;
  sc_db *tx;
  Country *country;
  CountryCreateArgs args = {
      .data = {.name = "Greece",
               .cities = {.create =
                              SC_LIST(CityCreate,
                                      {.name = "Athens",
                                       .streets = {.create = SC_LIST(StreetCreate, {.name = "Ermou"})}})}},
      .include = {.cities = &(CityFindMany){.include = {.streets = SC_ALL(StreetFindMany)}}},
  };
  OK(sc_begin(db, NULL, &tx));
  OK(country_create(tx, mem, &args, &country));
  assert_string_equal(country->cities.items[0].streets.items[0].name, "Ermou");
  OK(sc_rollback(tx));
  assert_int_equal(number_of("SELECT (SELECT count(*) FROM \"Country\") + (SELECT count(*) FROM \"Street\")"),
                   0);
  OK(sc_begin(db, NULL, &tx));
  OK(country_create(tx, mem, &args, &country));
  OK(country_create(tx, mem, &args, &country));
  OK(sc_commit(tx));
  assert_int_equal(number_of("SELECT (SELECT count(*) FROM \"Country\") + (SELECT count(*) FROM \"Street\")"),
                   4);
}

static void every_operation_runs_in_a_transaction(void **state)
{
  (void)state;
  sc_db *tx;
  Person *person;
  OK(sc_begin(db, NULL, &tx));
  OK(person_create(
      tx, mem,
      &(PersonCreateArgs){.data = {.name = "Ada", .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"})}},
                          .include = {.pets = SC_ALL(PetFindMany)}},
      &person));
  assert_int_equal(person->pets.len, 1);
  OK(person_update(tx, mem,
                   &(PersonUpdateArgs){.where = {.id = person->id},
                                       .data = {.age = {.set = SC_INT(7)}},
                                       .include = {.pets = SC_ALL(PetFindMany)}},
                   &person));
  assert_int_equal(*person->age, 7);
  OK(pet_create_many(
      tx, &(PetCreateManyArgs){.data = SC_LIST(PetCreate, {.name = "Tom", .owner_id = person->id})}, NULL));
  int64_t count;
  OK(pet_update_many(
      tx, &(PetUpdateManyArgs){.data = {.name = {.set = "Kit"}}, .where = {.name = {.equals = "Tom"}}},
      &count));
  assert_int_equal(count, 1);
  OK(pet_delete_many(tx, &(PetDeleteManyArgs){.all = true}, &count));
  assert_int_equal(count, 2);
  OK(person_delete(tx, mem,
                   &(PersonDeleteArgs){.where = {.id = person->id}, .include = {.pets = SC_ALL(PetFindMany)}},
                   &person));
  assert_int_equal(person->pets.len, 0);
  OK(sc_commit(tx));
  assert_int_equal(people(db), 0);
}

/* ---- sc_transaction ---- */

typedef struct attempt {
  int calls;
  sc_status outcome;
} attempt;

static sc_status work(sc_db *tx, void *context)
{
  attempt *a = context;
  a->calls++;
  sc_status s = add(tx, "Ada");
  return s == SC_OK ? a->outcome : s;
}

static void a_callback_commits_or_rolls_back(void **state)
{
  (void)state;
  attempt a = {.outcome = SC_NOT_FOUND};
  assert_int_equal(sc_transaction(db, NULL, work, &a), SC_NOT_FOUND);
  assert_int_equal(people(db), 0);
  a.outcome = SC_OK;
  OK(sc_transaction(db, NULL, work, &a));
  assert_int_equal(people(db), 1);
  assert_int_equal(a.calls, 2);
}

/* Reads, waits for the other one to have read too, and writes: of two that do so at once one must lose. */
typedef struct racer {
  pthread_barrier_t *start;
  const char *name;
  int calls;
  sc_status outcome;
} racer;

static sc_status race(sc_db *tx, void *context)
{
  racer *r = context;
  int64_t count;
  sc_status s = person_count(tx, NULL, &count);
  if (r->calls++ == 0) pthread_barrier_wait(r->start);
  return s == SC_OK ? add(tx, r->name) : s;
}

static void *run_racer(void *context)
{
  racer *r = context;
  r->outcome = sc_transaction(db, &(sc_tx_options){.isolation = SC_SERIALIZABLE, .retries = 5}, race, r);
  return NULL;
}

static void a_conflict_is_tried_again(void **state)
{
  (void)state;
  pthread_barrier_t start;
  pthread_t thread;
  racer a = {.start = &start, .name = "Ada"}, b = {.start = &start, .name = "Bob"};
  assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
  assert_int_equal(pthread_create(&thread, NULL, run_racer, &a), 0);
  run_racer(&b);
  pthread_join(thread, NULL);
  pthread_barrier_destroy(&start);
  assert_int_equal(a.outcome, SC_OK);
  assert_int_equal(b.outcome, SC_OK);
  assert_true(a.calls + b.calls > 2);
  assert_int_equal(people(db), 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(commit_keeps_and_rollback_forgets),
      TEST(closing_a_transaction_rolls_back),
      TEST(a_failed_call_ends_the_transaction),
      TEST(what_is_refused_before_any_sql_harms_nothing),
      TEST(a_savepoint_can_be_undone_alone),
      TEST(a_write_of_many_rounds_joins_the_transaction),
      TEST(every_operation_runs_in_a_transaction),
      TEST(a_callback_commits_or_rolls_back),
      TEST(a_conflict_is_tried_again),
  };
  return RUN_TESTS(tests);
}
