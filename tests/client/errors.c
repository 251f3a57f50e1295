/* What a program is told when something goes wrong, and that it can go on afterwards. */
#include "client.h"

#include <pthread.h>
#include <time.h>

static void a_unique_violation_names_field_and_constraint(void **state)
{
  (void)state;
  PersonCreateArgs args = {.data = {.name = "Ada"}};
  OK(person_create(db, NULL, &args, NULL));
  FAILS(SC_UNIQUE_VIOLATION, person_create(db, NULL, &args, NULL));
  ERROR_IS("P2002", "Unique constraint failed on the fields: (`name`)", "Person", "name");
  const sc_error *error = sc_error_last();
  assert_string_equal(error->sqlstate, "23505");
  assert_string_equal(error->constraint, "people_name_key");
  assert_int_equal(person_constraint_of(error), PERSON_NAME_TAKEN);
  assert_int_equal(tag_constraint_of(error), TAG_CONSTRAINT_UNKNOWN);
  assert_null(strstr(error->message, "Ada"));
}

static void a_compound_violation_names_every_field(void **state)
{
  (void)state;
  TeamCreateArgs args = {.data = {.league = "x", .number = SC_INT(1), .name = "One"}};
  OK(team_create(db, NULL, &args, NULL));
  FAILS(SC_UNIQUE_VIOLATION, team_create(db, NULL, &args, NULL));
  ERROR_IS("P2002", "Unique constraint failed on the fields: (`league`,`number`)", "Team", "league");
  assert_int_equal(sc_error_last()->fields.len, 2);
  assert_int_equal(team_constraint_of(sc_error_last()), TEAM_LEAGUE_NUMBER_TAKEN);
}

static void a_foreign_key_violation_of_an_insert(void **state)
{
  (void)state;
  FAILS(SC_FOREIGN_KEY_VIOLATION,
        pet_create(db, NULL, &(PetCreateArgs){.data = {.name = "Rex", .owner_id = "nobody"}}, NULL));
  ERROR_IS("P2003", "Foreign key constraint violated on the constraint: `Pet_ownerId_fkey`", "Pet",
           "ownerId");
  assert_int_equal(pet_constraint_of(sc_error_last()), PET_OWNER_MISSING);
}

static void a_foreign_key_violation_of_a_delete(void **state)
{
  (void)state;
  OK(person_create(
      db, NULL,
      &(PersonCreateArgs){.data = {.name = "Ada", .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"})}}},
      NULL));
  FAILS(SC_FOREIGN_KEY_VIOLATION,
        person_delete(db, NULL, &(PersonDeleteArgs){.where = {.name = "Ada"}}, NULL));
  ERROR_IS("P2003", "Foreign key constraint violated on the constraint: `Pet_ownerId_fkey`", "Pet",
           "ownerId");
  assert_int_equal(person_constraint_of(sc_error_last()), PERSON_CONSTRAINT_UNKNOWN);
  assert_int_equal(pet_constraint_of(sc_error_last()), PET_OWNER_MISSING);
  FAILS(SC_FOREIGN_KEY_VIOLATION, person_delete_many(db, &(PersonDeleteManyArgs){.all = true}, NULL));
}

static void a_null_violation_names_its_field(void **state)
{
  (void)state;
  OK(sc_exec(db, "ALTER TABLE people ALTER COLUMN age SET NOT NULL", SC_NO_ARGS, NULL));
  sc_status s = person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}}, NULL);
  sc_error error = *sc_error_last();
  assert_int_equal(s, SC_NULL_VIOLATION);
  assert_string_equal(error.code, "P2011");
  ERROR_IS("P2011", "Null constraint violation on the fields: (`age`)", "Person", "age");
  OK(sc_exec(db, "ALTER TABLE people ALTER COLUMN age DROP NOT NULL", SC_NO_ARGS, NULL));
}

static void a_check_violation(void **state)
{
  (void)state;
  OK(sc_exec(db, "ALTER TABLE people ADD CONSTRAINT grown_up CHECK (age >= 18)", SC_NO_ARGS, NULL));
  sc_status s = person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada", .age = SC_INT(3)}}, NULL);
  assert_int_equal(s, SC_CHECK_VIOLATION);
  assert_string_equal(sc_error_last()->constraint, "grown_up");
  assert_string_equal(sc_error_last()->model, "Person");
  OK(sc_exec(db, "ALTER TABLE people DROP CONSTRAINT grown_up", SC_NO_ARGS, NULL));
}

static void a_table_that_is_not_there(void **state)
{
  (void)state;
  OK(sc_exec(db, "ALTER TABLE \"Passport\" RENAME TO gone", SC_NO_ARGS, NULL));
  FAILS(SC_NO_TABLE,
        passport_create(db, NULL, &(PassportCreateArgs){.data = {.number = "1", .owner_id = "x"}}, NULL));
  OK(sc_exec(db, "ALTER TABLE gone RENAME TO \"Passport\"", SC_NO_ARGS, NULL));
  FAILS(SC_FOREIGN_KEY_VIOLATION,
        passport_create(db, NULL, &(PassportCreateArgs){.data = {.number = "1", .owner_id = "x"}}, NULL));
}

/* A trigger may raise the very SQLSTATE that connects use for their own ends: it is not taken for one. */
static void a_trigger_is_not_mistaken_for_a_connect(void **state)
{
  (void)state;
  OK(sc_exec(db,
             "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
             " $$ BEGIN RAISE EXCEPTION 'no type for this' USING ERRCODE = '42704'; END $$",
             SC_NO_ARGS, NULL));
  OK(sc_exec(db, "CREATE TRIGGER refuse BEFORE UPDATE ON \"Book\" FOR EACH ROW EXECUTE FUNCTION refuse()",
             SC_NO_ARGS, NULL));
  OK(book_create(db, NULL, &(BookCreateArgs){.data = {.isbn = "1", .title = "x"}}, NULL));
  FAILS(SC_DATABASE_ERROR,
        person_create(
            db, NULL,
            &(PersonCreateArgs){
                .data = {.name = "Ada", .books = {.connect = SC_LIST(BookWhereUnique, {.isbn = "1"})}}},
            NULL));
  assert_string_equal(sc_error_last()->model, "Book");
  OK(sc_exec(db, "DROP FUNCTION refuse() CASCADE", SC_NO_ARGS, NULL));
}

static void a_record_that_a_trigger_suppresses(void **state)
{
  (void)state;
  Country *country;
  Person *person;
  OK(sc_exec(db, "CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
             SC_NO_ARGS, NULL));
  OK(sc_exec(db, "CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION drop_it()",
             SC_NO_ARGS, NULL));
  OK(sc_exec(db, "CREATE TRIGGER t BEFORE INSERT ON \"Country\" FOR EACH ROW EXECUTE FUNCTION drop_it()",
             SC_NO_ARGS, NULL));
  FAILS(SC_DATABASE_ERROR, person_create(db, mem, &(PersonCreateArgs){.data = {.name = "Ada"}}, &person));
  assert_null(person);
  FAILS(SC_DATABASE_ERROR,
        country_create(db, mem,
                       &(CountryCreateArgs){
                           .data = {.name = "x", .cities = {.create = SC_LIST(CityCreate, {.name = "y"})}}},
                       &country));
  assert_string_equal(sc_error_last()->model, "Country");
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}},
                   NULL)); /* nobody asks what became of it */
  OK(sc_exec(db, "DROP FUNCTION drop_it() CASCADE", SC_NO_ARGS, NULL));
}

static void an_error_stays_until_the_next_one(void **state)
{
  (void)state;
  FAILS(SC_MISSING_FIELD, person_create(db, NULL, NULL, NULL));
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}}, NULL));
  assert_int_equal(sc_error_last()->status, SC_MISSING_FIELD);
}

static void arguments_that_no_call_can_mean(void **state)
{
  (void)state;
  Person *person;
  FAILS(SC_MISUSE, person_create(NULL, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}}, NULL));
  FAILS(SC_INVALID_ARGUMENT, person_create(db, mem,
                                           &(PersonCreateArgs){.data = {.name = "Ada"},
                                                               .select = {.id = true},
                                                               .include = {.pets = SC_ALL(PetFindMany)}},
                                           &person));
  assert_int_equal(number_of("SELECT count(*) FROM people"), 0);
}

/* ---- the connection ---- */

/* Ends the other connection whose query holds a text, as soon as there is one. Runs beside the test; the
 * result is NULL when nothing came. */
static void *kill_backend(void *text)
{
  static char killed;
  struct timespec pause = {.tv_nsec = 20000000};
  sc_db *other;
  sc_arena *rows_mem = sc_arena_new();
  int64_t count = 0;
  if (!rows_mem || zoo_open(NULL, &other) != SC_OK) return NULL;
  for (int i = 0; i < 500 && count == 0; i++) {
    sc_rows rows;
    sc_arena_reset(rows_mem);
    sc_status s =
        sc_query(other, rows_mem, &rows,
                 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                 " AND datname = current_database() AND state = 'active' AND strpos(query, $1) > 0",
                 SC_ARGS(SC_TEXT((const char *)text)));
    if (s != SC_OK || !sc_rows_int(&rows, 0, 0, &count)) break;
    nanosleep(&pause, NULL);
  }
  sc_close(other);
  sc_arena_free(rows_mem);
  return count > 0 ? &killed : NULL;
}

static void a_killed_backend_is_an_error_and_the_pool_recovers(void **state)
{
  (void)state;
  static char text[] = "pg_sleep(20)";
  pthread_t killer;
  void *killed = NULL;
  sc_rows rows;
  assert_int_equal(pthread_create(&killer, NULL, kill_backend, text), 0);
  sc_status s = sc_query(db, mem, &rows, "SELECT pg_sleep(20)", SC_NO_ARGS);
  pthread_join(killer, &killed);
  assert_non_null(killed);
  FAILS(SC_CLOSED, s);
  assert_string_equal(sc_error_last()->code, "P1017");
  OK(person_create(db, NULL, &(PersonCreateArgs){.data = {.name = "Ada"}}, NULL));
}

static void a_backend_killed_in_a_nested_write_leaves_nothing(void **state)
{
  (void)state;
  static char text[] = "INSERT INTO \"public\".\"Pet\"";
  pthread_t killer;
  void *killed = NULL;
  Person *person;
  OK(sc_exec(db,
             "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
             " $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$",
             SC_NO_ARGS, NULL));
  OK(sc_exec(db, "CREATE TRIGGER slow BEFORE INSERT ON \"Pet\" FOR EACH ROW EXECUTE FUNCTION slow()",
             SC_NO_ARGS, NULL));
  assert_int_equal(pthread_create(&killer, NULL, kill_backend, text), 0);
  sc_status s =
      person_create(db, mem,
                    &(PersonCreateArgs){
                        .data = {.name = "Ada", .pets = {.create = SC_LIST(PetCreate, {.name = "Rex"})}},
                        .include = {.pets = SC_ALL(PetFindMany)},
                    },
                    &person);
  pthread_join(killer, &killed);
  assert_non_null(killed);
  FAILS(SC_CLOSED, s);
  assert_null(person);
  assert_int_equal(number_of("SELECT count(*) FROM people"), 0);
  OK(sc_exec(db, "DROP FUNCTION slow() CASCADE", SC_NO_ARGS, NULL));
}

static void a_wrong_url_is_told_when_opening(void **state)
{
  (void)state;
  sc_db *none;
  FAILS(SC_UNREACHABLE, zoo_open(&(sc_open_options){.url = "postgresql://u:secret@127.0.0.1:1/nope"}, &none));
  assert_null(none);
  assert_null(strstr(sc_error_last()->message, "secret"));
  sc_status s = zoo_open(&(sc_open_options){.url = "mysql://u:secret@h/d"}, &none);
  assert_int_not_equal(s, SC_OK);
  assert_null(strstr(sc_error_last()->message, "secret"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_unique_violation_names_field_and_constraint),
      TEST(a_compound_violation_names_every_field),
      TEST(a_foreign_key_violation_of_an_insert),
      TEST(a_foreign_key_violation_of_a_delete),
      TEST(a_null_violation_names_its_field),
      TEST(a_check_violation),
      TEST(a_table_that_is_not_there),
      TEST(a_trigger_is_not_mistaken_for_a_connect),
      TEST(a_record_that_a_trigger_suppresses),
      TEST(an_error_stays_until_the_next_one),
      TEST(arguments_that_no_call_can_mean),
      TEST(a_killed_backend_is_an_error_and_the_pool_recovers),
      TEST(a_backend_killed_in_a_nested_write_leaves_nothing),
      TEST(a_wrong_url_is_told_when_opening),
  };
  return RUN_TESTS(tests);
}
