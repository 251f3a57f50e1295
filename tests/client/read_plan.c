/* Plans of reads: shared by shape, between threads, never mixed up; keys of every kind find their children.
 */
#include "client.h"

#include <pthread.h>

/* ---- shapes ---- */

static void a_shape_is_prepared_once(void **state)
{
  (void)state;
  Person *person;
  PersonList list;
  OK(person_find_unique(db, mem, &(PersonFindUnique){.where = {.name = "warm"}}, &person));
  OK(person_find_many(db, mem, &(PersonFindMany){.where = {.age = {.gt = SC_INT(1)}}}, &list));
  uint64_t before = sc_statistics(db).statements_prepared;
  char name[20];
  for (int i = 0; i < 50; i++) {
    snprintf(name, sizeof name, "person %d", i);
    OK(person_find_unique(db, mem, &(PersonFindUnique){.where = {.name = name}}, &person));
    OK(person_find_many(db, mem, &(PersonFindMany){.where = {.age = {.gt = SC_INT(i)}}}, &list));
  }
  assert_int_equal(sc_statistics(db).statements_prepared, before);
}

/* More shapes than the cache holds: old ones make room, and come back. */
static void more_shapes_than_are_kept(void **state)
{
  (void)state;
  OK(sc_exec(db, "INSERT INTO \"Tag\" (name) SELECT 'tag' || i FROM generate_series(1, 30) i", SC_NO_ARGS,
             NULL));
  for (int round = 0; round < 2; round++)
    for (int take = 1; take <= 1000; take += round ? 37 : 1) {
      TagList few, others;
      OK(tag_find_many(db, mem, &(TagFindMany){.take = take, .order_by = SC_LIST(TagOrderBy, {.id = SC_ASC})},
                       &few));
      assert_int_equal(few.len, take < 30 ? take : 30);
      assert_int_equal(few.items[0].id, 1);
      if (take % 10) continue;
      OK(tag_find_many(db, mem, &(TagFindMany){.take = -take, .select = {.name = true}}, &others));
      assert_int_equal(others.len, take < 30 ? take : 30);
      assert_int_equal(others.items[0].id, 0);
      sc_arena_reset(mem);
    }
}

/* The same filter on two models, and two filters on one, at the same time. */
enum { THREADS = 6, ROUNDS = 60 };

static void *read_all_the_time(void *context)
{
  long number = *(const long *)context;
  sc_arena *own = sc_arena_new();
  const char *wrong = NULL;
  for (int i = 0; i < ROUNDS && own && !wrong; i++) {
    Tag *tag = NULL;
    Club *club = NULL;
    TagList tags = {0};
    sc_status s =
        tag_find_unique(db, own, &(TagFindUnique){.where = {.id = SC_INT((int32_t)number + 1)}}, &tag);
    if (s == SC_OK)
      s = club_find_unique(db, own, &(ClubFindUnique){.where = {.id = SC_INT((int32_t)number + 1)}}, &club);
    if (s == SC_OK) s = tag_find_many(db, own, &(TagFindMany){.take = i + 1, .skip = number}, &tags);
    if (s != SC_OK)
      wrong = "status";
    else if (!tag || tag->id != number + 1 || tag->name[0] != 't')
      wrong = "tag";
    else if (!club || club->id != number + 1 || club->name[0] != 'c')
      wrong = "club";
    else if (tags.len != (size_t)(i + 1 < 100 - number ? i + 1 : 100 - number))
      wrong = "tags";
    sc_arena_reset(own);
  }
  sc_arena_free(own);
  return own ? (void *)(uintptr_t)wrong : (void *)(uintptr_t) "memory";
}

static void threads_share_plans(void **state)
{
  (void)state;
  OK(sc_exec(db, "INSERT INTO \"Tag\" (name) SELECT 'tag' || i FROM generate_series(1, 100) i", SC_NO_ARGS,
             NULL));
  OK(sc_exec(db, "INSERT INTO \"Club\" (name) SELECT 'club' || i FROM generate_series(1, 100) i", SC_NO_ARGS,
             NULL));
  pthread_t threads[THREADS];
  long numbers[THREADS];
  for (long i = 0; i < THREADS; i++) {
    numbers[i] = i;
    assert_int_equal(pthread_create(&threads[i], NULL, read_all_the_time, &numbers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    void *wrong = NULL;
    pthread_join(threads[i], &wrong);
    if (wrong) fail_msg("thread %d: %s", i, (const char *)wrong);
  }
}

/* ---- on every kind of handle ---- */

static void in_a_transaction(void **state)
{
  (void)state;
  sc_db *tx;
  Tag *tag;
  OK(sc_begin(db, NULL, &tx));
  OK(sc_exec(tx, "INSERT INTO \"Tag\" (name) VALUES ('new')", SC_NO_ARGS, NULL));
  OK(tag_find_unique(
      tx, mem, &(TagFindUnique){.where = {.name = "new"}, .include = {.books = SC_ALL(BookFindMany)}}, &tag));
  assert_non_null(tag);
  OK(sc_rollback(tx));
  OK(tag_find_unique(db, mem, &(TagFindUnique){.where = {.name = "new"}}, &tag));
  assert_null(tag);
}

static void without_handle_or_arena(void **state)
{
  (void)state;
  TagList tags;
  int64_t count;
  FAILS(SC_MISUSE, tag_find_many(NULL, mem, NULL, &tags));
  FAILS(SC_INVALID_ARGUMENT, tag_find_many(db, NULL, NULL, &tags));
  FAILS(SC_MISUSE, tag_count(NULL, NULL, &count));
}

static void a_missing_table_is_named(void **state)
{
  (void)state;
  sc_db *tx;
  TagList tags;
  OK(sc_begin(db, NULL, &tx));
  OK(sc_exec(tx, "ALTER TABLE \"Tag\" RENAME TO gone", SC_NO_ARGS, NULL));
  FAILS(SC_NO_TABLE, tag_find_many(tx, mem, NULL, &tags));
  assert_string_equal(sc_error_last()->code, "P2021");
  assert_string_equal(sc_error_last()->model, "Tag");
  assert_int_equal(tags.len, 0);
  OK(sc_rollback(tx));
}

/* ---- keys ---- */

static void keys_of_other_bytes(void **state)
{
  (void)state;
  OK(sc_exec(db, "INSERT INTO \"Rate\" VALUES (1.5, 'low'), (20, 'high')", SC_NO_ARGS, NULL));
  OK(sc_exec(db, "INSERT INTO \"Charge\" VALUES (1, 1.5), (2, 1.500), (3, 20.000)", SC_NO_ARGS, NULL));
  OK(sc_exec(db, "INSERT INTO \"Shelf\" VALUES ('a', 'HAPPY'), ('bb', 'not so happy')", SC_NO_ARGS, NULL));
  OK(sc_exec(db, "INSERT INTO \"Bin\" VALUES (1, 'HAPPY'), (2, 'not so happy'), (3, 'HAPPY')", SC_NO_ARGS,
             NULL));
  RateList rates;
  OK(rate_find_many(db, mem,
                    &(RateFindMany){.order_by = SC_LIST(RateOrderBy, {.code = SC_ASC}),
                                    .include = {.charges = SC_ALL(ChargeFindMany)}},
                    &rates));
  assert_int_equal(rates.items[0].charges.len, 2);
  assert_int_equal(rates.items[1].charges.len, 1);
  Rate *rate;
  OK(rate_find_unique(
      db, mem, &(RateFindUnique){.where = {.code = {"1.50"}}, .include = {.charges = SC_ALL(ChargeFindMany)}},
      &rate));
  assert_int_equal(rate->charges.len, 2);
  ShelfList shelves;
  OK(shelf_find_many(db, mem,
                     &(ShelfFindMany){.order_by = SC_LIST(ShelfOrderBy, {.label = SC_ASC}),
                                      .include = {.bins = SC_ALL(BinFindMany), .boxes = SC_ALL(BoxFindMany)}},
                     &shelves));
  assert_int_equal(shelves.items[0].bins.len, 2);
  assert_int_equal(shelves.items[1].bins.len, 1);
  assert_int_equal(shelves.items[1].boxes.len, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_shape_is_prepared_once), TEST(more_shapes_than_are_kept), TEST(threads_share_plans),
      TEST(in_a_transaction),         TEST(without_handle_or_arena),   TEST(a_missing_table_is_named),
      TEST(keys_of_other_bytes),
  };
  return RUN_TESTS(tests);
}
