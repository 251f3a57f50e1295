/* What takes long or is large: models of 300 fields, lists of a thousand items, threads, and a hundred
 * thousand queries whose memory does not grow. `soak threads` runs the threads alone, for ThreadSanitizer. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "generated/soak.h"

#include "wide.h"

enum { ROWS = 200, ITEMS = 1000, THREADS = 8, QUERIES = 1000, FINDS = 100000 };

static sc_db *db;
static sc_arena *mem;

#define OK(call) check_ok((call), #call, __LINE__)

static void check_ok(sc_status status, const char *call, int line)
{
  if (status == SC_OK) return;
  print_error("%s\n  %s: %s\n", call, sc_status_name(status), sc_error_last()->message);
  _fail(__FILE__, line);
}

/* The text of a wide field: of any length up to a hundred, with quotes in it. */
static const char *text(int field, int i)
{
  int length = (field + i) % 100;
  char *out = sc_arena_alloc(mem, (size_t)length + 1);
  for (int k = 0; k < length; k++) out[k] = (char)(' ' + (field * 7 + i + k) % 95);
  out[length] = '\0';
  return out;
}

/* ---- 300 fields ---- */

static void records_of_300_fields(void **state)
{
  (void)state;
  Wide *wide;
  OK(wide_create(db, mem, &(WideCreateArgs){.data = {.id = SC_INT(1), FILL(1)}}, &wide));
  assert_true(SAME(wide, 1));
  assert_true(wide_has(wide, WIDE_F0) && wide_has(wide, WIDE_F299));
  OK(wide_find_unique(db, mem, &(WideFindUnique){.where = {.id = SC_INT(1)}, .select = {.f298 = true}},
                      &wide));
  assert_true(wide_has(wide, WIDE_F298) && !wide_has(wide, WIDE_F297) && !wide_has(wide, WIDE_F299));

  WideCreate many[ROWS];
  for (int i = 0; i < ROWS; i++) many[i] = (WideCreate){.id = SC_INT(i + 2), FILL(i + 2)};
  int64_t count;
  OK(wide_create_many(db, &(WideCreateManyArgs){.data = SC_ARRAY(many, ROWS)}, &count));
  assert_int_equal(count, ROWS);

  WideList list; /* each of 300 conditions says the same row */
  OK(wide_find_many(db, mem, &(WideFindMany){.where = {ASK(77)}}, &list));
  assert_int_equal(list.len, 1);
  assert_true(SAME(&list.items[0], 77));
  OK(wide_find_many(db, mem, &(WideFindMany){.order_by = SC_LIST(WideOrderBy, {.f0 = SC_DESC})}, &list));
  assert_int_equal(list.len, ROWS + 1);
  for (size_t i = 0; i < list.len; i++) assert_true(SAME(&list.items[i], ROWS + 1 - (int)i));
}

/* ---- lists of a thousand ---- */

static void a_thousand_items(void **state)
{
  (void)state;
  ParentCreate parents[ITEMS];
  ParentWhere either[ITEMS];
  ChildCreate children[ITEMS];
  int32_t ids[ITEMS];
  const char *names[ITEMS];
  for (int i = 0; i < ITEMS; i++) {
    char *name = sc_arena_alloc(mem, 16);
    snprintf(name, 16, "parent %d", i);
    names[i] = name;
    ids[i] = i * 2;
    parents[i] = (ParentCreate){.id = SC_INT(i * 2), .name = name};
    either[i] = (ParentWhere){.name = {.equals = name}};
    children[i] = (ChildCreate){.name = name};
  }
  OK(parent_create_many(db, &(ParentCreateManyArgs){.data = SC_ARRAY(parents, ITEMS)}, NULL));

  ParentList list;
  OK(parent_find_many(db, mem, &(ParentFindMany){.where = {.id = {.in = SC_ARRAY(ids, ITEMS)}}}, &list));
  assert_int_equal(list.len, ITEMS);
  OK(parent_find_many(db, mem, &(ParentFindMany){.where = {.id = {.not_in = SC_ARRAY(ids, ITEMS - 1)}}},
                      &list));
  assert_int_equal(list.len, 1);
  assert_int_equal(list.items[0].id, ids[ITEMS - 1]);
  OK(parent_find_many(db, mem, &(ParentFindMany){.where = {.name = {.in = SC_ARRAY(names, ITEMS)}}}, &list));
  assert_int_equal(list.len, ITEMS);
  OK(parent_find_many(db, mem, &(ParentFindMany){.where = {.OR = SC_ARRAY(either, ITEMS)}}, &list));
  assert_int_equal(list.len, ITEMS);

  Parent *parent;
  OK(parent_create(db, mem,
                   &(ParentCreateArgs){.data = {.id = SC_INT(1),
                                                .name = "of a thousand",
                                                .numbers = SC_ARRAY(ids, ITEMS),
                                                .children = {.create = SC_ARRAY(children, ITEMS)}},
                                       .include = {.children = SC_ALL(ChildFindMany)}},
                   &parent));
  assert_int_equal(parent->children.len, ITEMS);
  assert_int_equal(parent->numbers.len, ITEMS);
  assert_int_equal(parent->numbers.items[ITEMS - 1], ids[ITEMS - 1]);

  OK(sc_exec(db, "INSERT INTO \"Child\" (name, \"parentId\") SELECT 'c', id FROM \"Parent\" WHERE id <> 1",
             SC_NO_ARGS, NULL));
  OK(parent_find_many(db, mem,
                      &(ParentFindMany){.where = {.id = {.in = SC_ARRAY(ids, ITEMS)}},
                                        .include = {.children = SC_ALL(ChildFindMany)}},
                      &list));
  for (size_t i = 0; i < list.len; i++) assert_int_equal(list.items[i].children.len, 1);
}

/* ---- threads ---- */

typedef struct worker {
  pthread_t thread;
  int number;
  const char *wrong; /* what went wrong */
} worker;

/* Finds, lists with children, transactions and mistakes, in turn, through one handle. */
static void *query_on(void *context)
{
  worker *w = context;
  const char *wrong = NULL;
  sc_arena *own = sc_arena_new();
  for (int i = 0; i < QUERIES && own && !wrong; i++) {
    int id = 10 + (w->number * 31 + i) % 50;
    Parent *parent = NULL;
    ParentList list;
    sc_db *tx;
    switch (i % 4) {
    case 0:
      if (parent_find_unique(db, own, &(ParentFindUnique){.where = {.id = SC_INT(id)}}, &parent) != SC_OK ||
          !parent || parent->id != id)
        wrong = "find_unique";
      break;
    case 1:
      if (parent_find_many(db, own,
                           &(ParentFindMany){.where = {.id = {.lte = SC_INT(id)}},
                                             .include = {.children = SC_ALL(ChildFindMany)}},
                           &list) != SC_OK ||
          list.len != (size_t)id - 9 || list.items[0].children.len != 2)
        wrong = "find_many";
      break;
    case 2:
      if (sc_begin(db, NULL, &tx) != SC_OK) {
        wrong = "begin";
        break;
      }
      if (child_create(tx, NULL, &(ChildCreateArgs){.data = {.name = "new", .parent_id = SC_INT(id)}},
                       NULL) != SC_OK)
        wrong = "create";
      if (sc_rollback(tx) != SC_OK) wrong = "rollback";
      break;
    default:
      if (parent_create(db, NULL, &(ParentCreateArgs){.data = {.id = SC_INT(id), .name = "twice"}}, NULL) !=
              SC_UNIQUE_VIOLATION ||
          strcmp(sc_error_last()->code, "P2002") != 0)
        wrong = "a violation";
    }
    sc_arena_reset(own);
  }
  sc_arena_free(own);
  w->wrong = own ? wrong : "no memory";
  return NULL;
}

static void fifty_parents(void)
{
  OK(sc_exec(db, "INSERT INTO \"Parent\" (id, name) SELECT i, 'p' || i FROM generate_series(10, 59) i",
             SC_NO_ARGS, NULL));
  OK(sc_exec(
      db, "INSERT INTO \"Child\" (name, \"parentId\") SELECT 'c', id FROM \"Parent\", generate_series(1, 2)",
      SC_NO_ARGS, NULL));
}

static void threads_share_a_handle(void **state)
{
  (void)state;
  fifty_parents();
  worker workers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (worker){.number = i};
    assert_int_equal(pthread_create(&workers[i].thread, NULL, query_on, &workers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) pthread_join(workers[i].thread, NULL);
  for (int i = 0; i < THREADS; i++)
    if (workers[i].wrong) fail_msg("thread %d: %s", i, workers[i].wrong);
}

/* ---- memory ---- */

static long resident_kilobytes(void)
{
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  assert_non_null(file);
  assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
  fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void a_hundred_thousand_finds(void **state)
{
  (void)state;
  fifty_parents();
  long before = 0;
  for (int i = 0; i < FINDS; i++) {
    Parent *parent;
    ParentList list;
    sc_arena_reset(mem);
    OK(parent_find_unique(db, mem,
                          &(ParentFindUnique){.where = {.id = SC_INT(10 + i % 50)},
                                              .include = {.children = SC_ALL(ChildFindMany)}},
                          &parent));
    assert_int_equal(parent->children.len, 2);
    if (i % 100 == 0) { /* other shapes, more than are kept prepared, and errors */
      OK(parent_find_many(db, mem, &(ParentFindMany){.take = i / 100 % 500 + 1}, &list));
      assert_int_equal(
          parent_create(db, NULL, &(ParentCreateArgs){.data = {.id = SC_INT(10), .name = "x"}}, NULL),
          SC_UNIQUE_VIOLATION);
    }
    if (i == FINDS / 2) before = resident_kilobytes();
  }
  long grown = resident_kilobytes() - before;
  print_message("# %ld kB resident, %ld kB more than after half of them\n", before, grown);
  assert_true(grown <= 64);
}

static int empty_tables(void **state)
{
  (void)state;
  sc_arena_reset(mem);
  return sc_exec(db, "TRUNCATE \"Wide\", \"Parent\", \"Child\"", SC_NO_ARGS, NULL) != SC_OK;
}

int main(int argc, char **argv)
{
  const struct CMUnitTest all[] = {
      cmocka_unit_test_setup(records_of_300_fields, empty_tables),
      cmocka_unit_test_setup(a_thousand_items, empty_tables),
      cmocka_unit_test_setup(threads_share_a_handle, empty_tables),
      cmocka_unit_test_setup(a_hundred_thousand_finds, empty_tables),
  };
  const struct CMUnitTest threads[] = {cmocka_unit_test_setup(threads_share_a_handle, empty_tables)};
  if (soak_open(NULL, &db) != SC_OK) return fprintf(stderr, "%s\n", sc_error_last()->message), 1;
  mem = sc_arena_new();
  bool alone = argc > 1 && strcmp(argv[1], "threads") == 0;
  int failed = alone ? cmocka_run_group_tests(threads, NULL, NULL) : cmocka_run_group_tests(all, NULL, NULL);
  sc_arena_free(mem);
  sc_close(db);
  return failed != 0;
}
