/* Filters, orders and pages against the database, with Prisma's answers. */
#include "client.h"

/* Five records:  1: number 10, text Abc   2: 20, abc   3: NULL, x%y   4: 5, NULL   6: NULL, NULL */
static void rows(void)
{
  OK(sc_exec(
      db,
      "INSERT INTO \"Nullable\" (id, text, flag, number, big, real, exact, moment, doc, blob, mood) VALUES"
      " (1, 'Abc', NULL, 10, 1, 1.5, 1.10, '2024-01-01', '{\"k\": [1, 2, {\"z\": \"q\"}], \"s\": \"str\"}', "
      "'\\x01', 'HAPPY'),"
      " (2, 'abc', NULL, 20, 2, 2.5, 2.20, '2024-06-01', NULL, '\\x02', 'not so happy'),"
      " (3, 'x%y', NULL, NULL, NULL, NULL, NULL, NULL, 'null', NULL, NULL),"
      " (4, NULL, TRUE, 5, NULL, NULL, NULL, NULL, NULL, NULL, 'TIRED'),"
      " (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
      SC_NO_ARGS, NULL));
}

/* The ids of what matches, in ascending order: "1 2 4". */
static const char *ids_where(const NullableWhere *where)
{
  NullableList list;
  static char text[64];
  size_t len = 0;
  OK(nullable_find_many(db, mem,
                        &(NullableFindMany){.where = *where,
                                            .select = {.id = true},
                                            .order_by = SC_LIST(NullableOrderBy, {.id = SC_ASC})},
                        &list));
  text[0] = '\0';
  for (size_t i = 0; i < list.len; i++)
    len += (size_t)snprintf(text + len, sizeof text - len, "%s%d", i ? " " : "", (int)list.items[i].id);
  int64_t count;
  OK(nullable_count(db, &(NullableCountArgs){.where = *where}, &count));
  assert_int_equal(count, list.len); /* both ways to ask agree */
  return text;
}

#define IDS(expected, ...) assert_string_equal(ids_where(&(NullableWhere){__VA_ARGS__}), expected)

static void null_is_no_value(void **state)
{
  (void)state;
  rows();
  IDS("1 2 3 4 6", .id = {.is = 0});
  IDS("2 4", .number = {.not_equals = SC_INT(10)});
  IDS("2 4", .NOT = SC_LIST(NullableWhere, {.number = {.equals = SC_INT(10)}}));
  IDS("2 4", .number = {.not_ = &(sc_int_filter){.equals = SC_INT(10)}});
  IDS("1 2 4", .number = {.is = SC_IS_NOT_NULL});
  IDS("3 6", .number = {.is = SC_IS_NULL});
  IDS("2", .number = {.not_ = &(sc_int_filter){.lt = SC_INT(15), .in = SC_LIST(int32_t, 5, 10)}});
  IDS("", .number = {
              .not_ = &(sc_int_filter){.gt = SC_INT(5), .lt = SC_INT(20)}}); /* neither holds, as in Prisma */
}

static void lists_of_values(void **state)
{
  (void)state;
  rows();
  int32_t none[1] = {0}, many[40];
  for (int i = 0; i < 40; i++) many[i] = i < 20 ? 10 : 5;
  IDS("", .number = {.in = SC_ARRAY(none, 0)});
  IDS("1 2 3 4 6", .number = {.not_in = SC_ARRAY(none, 0)});
  IDS("4", .number = {.not_in = SC_LIST(int32_t, 10, 20)});
  IDS("1 2", .number = {.in = SC_LIST(int32_t, 10, 20)});
  IDS("1 4", .number = {.in = SC_ARRAY(many, 40)});
  IDS("2", .number = {.not_in = SC_ARRAY(many, 40)});
  IDS("1 2", .text = {.in = SC_LIST(const char *, "ABC"), .insensitive = true});
  IDS("2 4", .mood = {.in = SC_LIST(Mood, MOOD_SAD, MOOD_TIRED)});
  IDS("1", .exact = {.in = SC_LIST(sc_decimal, {"1.1"})});
  IDS("2", .moment = {.in = SC_LIST(sc_time, {.usec = INT64_C(1717200000000000)})});
  IDS("1", .blob = {.in = SC_LIST(sc_bytes, {(const uint8_t *)"\1", 1})});
  IDS("2", .big = {.in = SC_LIST(int64_t, 2)});
  IDS("1", .real = {.in = SC_LIST(double, 1.5)});
}

static void logic(void **state)
{
  (void)state;
  rows();
  NullableWhere elements[] = {
      {.id = {.equals = SC_INT(1)}}, {.id = {.is = 0}}, {.id = {.equals = SC_INT(2)}}};
  IDS("", .OR = SC_ARRAY(elements, 0));
  IDS("1 2 3 4 6", .AND = SC_ARRAY(elements, 0));
  IDS("1 2 3 4 6", .NOT = SC_ARRAY(elements, 0));
  IDS("1", .OR = SC_ARRAY(elements, 2)); /* an element that asks nothing is dropped */
  IDS("1 2", .OR = SC_ARRAY(elements, 3));
  IDS("3 4 6", .NOT = SC_ARRAY(elements, 3));
  IDS("", .AND = SC_ARRAY(elements, 3));
}

static void text(void **state)
{
  (void)state;
  rows();
  IDS("3", .text = {.contains = "%"}); /* literal, on purpose */
  IDS("1 2", .text = {.contains = "ABC", .insensitive = true});
  IDS("1 2", .text = {.equals = "ABC", .insensitive = true});
  IDS("1 2 3", .text = {.gt = "ABB", .insensitive = true});
  IDS("1", .text = {.starts_with = "A", .ends_with = "c"});
  IDS("1 2", .text = {.search = "abc | nothing"});
  IDS("3", .text = {.not_equals = "abc", .insensitive = true});
  IDS("3", .text = {.not_ = &(sc_string_filter){.contains = "B"}, .insensitive = true});
}

static void every_type_compares(void **state)
{
  (void)state;
  rows();
  IDS("4", .flag = {.equals = SC_BOOL(true)});
  IDS("2", .big = {.gt = SC_BIGINT(1)});
  IDS("1", .real = {.lt = SC_FLOAT(2)});
  IDS("2", .exact = {.gte = SC_DECIMAL("2.2")});
  IDS("1", .moment = {.lt = SC_TIME(INT64_C(1717200000000000))});
  IDS("2", .blob = {.equals = SC_BYTES("\2", 1)});
  IDS("2", .mood = {.equals = MOOD_SAD});
  IDS("1 4", .mood = {.not_equals = MOOD_SAD});
}

static void json(void **state)
{
  (void)state;
  rows();
  IDS("1", .doc = {.path = SC_LIST(const char *, "s"), .equals = SC_JSON("\"str\"")});
  IDS("1", .doc = {.path = SC_LIST(const char *, "s"), .string_contains = "ST", .insensitive = true});
  IDS("1", .doc = {.path = SC_LIST(const char *, "k"), .array_contains = SC_JSON("[1]")});
  IDS("1", .doc = {.path = SC_LIST(const char *, "k"), .array_starts_with = SC_JSON("1")});
  IDS("1", .doc = {.path = SC_LIST(const char *, "k"), .array_ends_with = SC_JSON("{\"z\": \"q\"}")});
  IDS("1", .doc = {.path = SC_LIST(const char *, "k", "0"), .equals = SC_JSON("1")});
  IDS("1", .doc = {.path = SC_LIST(const char *, "k", "0"), .gt = SC_JSON("0")});
  IDS("",
      .doc = {.path = SC_LIST(const char *, "s"), .gt = SC_JSON("0")}); /* a string is not behind a number */
  IDS("2 4 6", .doc = {.is = SC_IS_NULL});
  IDS("3", .doc = {.equals = SC_JSON("null")});
  IDS("2 3 4 6", .doc = {.is = SC_IS_ANY_NULL});
  IDS("1 3", .doc = {.not_equals = SC_JSON("{\"a\": 1}")});
}

static void lists(void **state)
{
  (void)state;
  OK(sc_exec(db,
             "INSERT INTO \"all lists\" (id, text, number, mood, uuid) VALUES (1, '{x,y}', '{1,2}', "
             "'{HAPPY,\"not so happy\"}',"
             " '{6b0ae1a8-4c3f-4b9a-8a49-111111111111}'), (2, '{}', '{2}', '{}', '{}')",
             SC_NO_ARGS, NULL));
  int64_t n;
#define LISTS(expected, ...)                                                                                 \
  OK(lists_count(db, &(ListsCountArgs){.where = {__VA_ARGS__}}, &n));                                        \
  assert_int_equal(n, expected)
  const char *none[1] = {NULL};
  LISTS(1, .text = {.has = "x"});
  LISTS(2, .number = {.has = SC_INT(2)});
  LISTS(1, .mood = {.has = MOOD_SAD});
  LISTS(1, .uuid = {.has = "6b0ae1a8-4c3f-4b9a-8a49-111111111111"});
  LISTS(1, .text = {.has_every = SC_LIST(const char *, "x", "y")});
  LISTS(2, .text = {.has_every = SC_ARRAY(none, 0)});
  LISTS(1, .text = {.has_some = SC_LIST(const char *, "x", "q")});
  LISTS(0, .text = {.has_some = SC_ARRAY(none, 0)});
  LISTS(1, .text = {.is_empty = SC_BOOL(true)});
  LISTS(1, .text = {.is_empty = SC_BOOL(false)});
  LISTS(1, .number = {.equals = SC_LIST(int32_t, 1, 2)});
}

/* ---- relations ---- */

static void family(void)
{
  OK(sc_exec(db,
             "WITH p AS (INSERT INTO people (id, name, age, boss_id) VALUES ('a', 'Ada', 36, NULL), ('b', "
             "'Bob', 20, 'a'),"
             " ('c', 'Cy', NULL, 'b')), b AS (INSERT INTO \"Book\" (id, isbn, title, \"authorId\") VALUES "
             "(1, '1', 'One', 'a'),"
             " (2, '2', 'Two', 'a'), (3, '3', 'One', 'b')), t AS (INSERT INTO \"Tag\" VALUES (1, 'red')),"
             " j AS (INSERT INTO \"_BookToTag\" VALUES (2, 1)) INSERT INTO \"Passport\" VALUES ('P', 'b')",
             SC_NO_ARGS, NULL));
}

static const char *names_where(const PersonWhere *where)
{
  PersonList list;
  static char text[64];
  size_t len = 0;
  OK(person_find_many(
      db, mem, &(PersonFindMany){.where = *where, .order_by = SC_LIST(PersonOrderBy, {.name = SC_ASC})},
      &list));
  text[0] = '\0';
  for (size_t i = 0; i < list.len; i++)
    len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "", list.items[i].name);
  return text;
}

#define NAMES(expected, ...) assert_string_equal(names_where(&(PersonWhere){__VA_ARGS__}), expected)

static void some_every_none(void **state)
{
  (void)state;
  family();
  BookWhere one = {.title = {.equals = "One"}}, any = {.id = {.is = 0}};
  NAMES("Ada Bob", .books = {.some = &one});
  NAMES("Bob Cy", .books = {.every = &one}); /* true where there is none */
  NAMES("Cy", .books = {.none = &one});
  NAMES("Ada Bob", .books = {.some = &any});
  NAMES("Ada Bob Cy", .books = {.every = &any});
  NAMES("Cy", .books = {.none = &any});
  NAMES("Ada", .books = {.some = &(BookWhere){.tags = {.some = &(TagWhere){.name = {.equals = "red"}}}}});
  NAMES("Bob", .books = {.some = &one, .every = &one});
}

static void is_and_is_not(void **state)
{
  (void)state;
  family();
  NAMES("Bob", .boss = {.is = &(PersonWhere){.name = {.equals = "Ada"}}});
  NAMES("Ada Cy",
        .boss = {.is_not = &(PersonWhere){.name = {.equals = "Ada"}}}); /* no boss is not Ada either */
  NAMES("Ada", .boss = {.null = SC_IS_NULL});
  NAMES("Bob Cy", .boss = {.null = SC_IS_NOT_NULL});
  NAMES("Ada Cy", .passport = {.null = SC_IS_NULL});
  NAMES("Bob", .passport = {.is = SC_ALL(PassportWhere)});
  NAMES("Cy", .boss = {.is = &(PersonWhere){.passport = {.null = SC_IS_NOT_NULL}}});
}

/* Cy's age is unknown: a NOT of what compares it does not find his subordinates. */
static void an_unknown_comparison_of_a_related_record(void **state)
{
  (void)state;
  family();
  OK(sc_exec(db, "INSERT INTO people (id, name, boss_id) VALUES ('d', 'Dan', 'c')", SC_NO_ARGS, NULL));
  PersonWhere old = {.age = {.gt = SC_INT(30)}};
  NAMES("Bob", .boss = {.is = &old});
  NAMES("Ada Cy", .boss = {.is_not = &old});
  NAMES("Ada Cy", .NOT = SC_LIST(PersonWhere, {.boss = {.is = &old}}));
  NAMES("Bob", .NOT = SC_LIST(PersonWhere, {.boss = {.is_not = &old}}));
  NAMES("Ada Cy", .NOT = SC_LIST(PersonWhere, {.OR = SC_LIST(PersonWhere, {.boss = {.is = &old}},
                                                             {.id = {.equals = "x"}})}));
  NAMES("Ada Bob Cy Dan", .reports = {.every = &(PersonWhere){.boss = {.null = SC_IS_NOT_NULL}}});
}

/* ---- orders and pages ---- */

static const char *ordered(const NullableFindMany *args)
{
  NullableList list;
  static char text[64];
  size_t len = 0;
  OK(nullable_find_many(db, mem, args, &list));
  text[0] = '\0';
  for (size_t i = 0; i < list.len; i++)
    len += (size_t)snprintf(text + len, sizeof text - len, "%s%d", i ? " " : "", (int)list.items[i].id);
  return text;
}

#define ORDERED(expected, ...) assert_string_equal(ordered(&(NullableFindMany){__VA_ARGS__}), expected)
#define BY(...)                .order_by = SC_LIST(NullableOrderBy, __VA_ARGS__)

static void orders(void **state)
{
  (void)state;
  rows();
  ORDERED("4 1 2 3 6", BY({.number = SC_ASC}, {.id = SC_ASC}));
  ORDERED("6 3 2 1 4", BY({.number = SC_DESC}, {.id = SC_DESC}));
  ORDERED("3 6 4 1 2", BY({.number = SC_ASC_NULLS_FIRST}, {.id = SC_ASC}));
  ORDERED("2 1 4 3 6", BY({.number = SC_DESC_NULLS_LAST}, {.id = SC_ASC}));
}

static void pages(void **state)
{
  (void)state;
  rows();
  ORDERED("1 2", BY({.id = SC_ASC}), .take = 2);
  ORDERED("3 4", BY({.id = SC_ASC}), .take = 2, .skip = 2);
  ORDERED("4 6", BY({.id = SC_ASC}), .skip = 3);
  ORDERED("4 6", .take = -2);
  ORDERED("3 4", .take = -2, .skip = 1);
  ORDERED("2 1", BY({.id = SC_DESC}), .take = -2);
  ORDERED("1 2 3 4 6", BY({.id = SC_ASC}), .take = 1000000);
  int64_t n;
  OK(nullable_count(db, &(NullableCountArgs){.take = 2, .skip = 4}, &n));
  assert_int_equal(n, 1);
  NullableList list;
  FAILS(SC_INVALID_ARGUMENT, nullable_find_many(db, mem, &(NullableFindMany){.skip = -1}, &list));
  ERROR_IS("P2009", "Invalid value for skip argument: Value can only be positive, found: -1", "Nullable",
           "skip");
}

static void orders_by_relations(void **state)
{
  (void)state;
  family();
  BookList books;
  OK(book_find_many(
      db, mem,
      &(BookFindMany){
          .order_by = SC_LIST(BookOrderBy, {.author = &(PersonOrderBy){.name = SC_DESC}}, {.id = SC_DESC})},
      &books));
  assert_int_equal(books.items[0].id, 3);
  assert_int_equal(books.items[1].id, 2);
  PersonList list;
  OK(person_find_many(
      db, mem, &(PersonFindMany){.order_by = SC_LIST(PersonOrderBy, {.books = {SC_DESC}}, {.name = SC_ASC})},
      &list));
  assert_string_equal(list.items[0].name, "Ada");
  assert_string_equal(list.items[2].name, "Cy");
}

/* ---- one record ---- */

static void find_first_and_unique(void **state)
{
  (void)state;
  rows();
  Nullable *row;
  OK(nullable_find_first(
      db, mem, &(NullableFindMany){.where = {.number = {.gt = SC_INT(5)}}, BY({.number = SC_DESC})}, &row));
  assert_int_equal(row->id, 2);
  OK(nullable_find_first(db, mem, &(NullableFindMany){.take = -1}, &row));
  assert_int_equal(row->id, 6);
  OK(nullable_find_unique(db, mem, &(NullableFindUnique){.where = {.id = SC_INT(99)}}, &row));
  assert_null(row);
  FAILS(SC_NOT_FOUND,
        nullable_find_unique_or_fail(db, mem, &(NullableFindUnique){.where = {.id = SC_INT(99)}}, &row));
  ERROR_IS("P2025",
           "An operation failed because it depends on one or more records that were required but not found. "
           "No record was "
           "found for a query.",
           "Nullable", "");
  FAILS(SC_NOT_FOUND, nullable_find_first_or_fail(
                          db, mem, &(NullableFindMany){.where = {.id = {.equals = SC_INT(99)}}}, &row));
  OK(nullable_find_unique(
      db, mem,
      &(NullableFindUnique){
          .where = {.id = SC_INT(1), .AND = SC_LIST(NullableWhere, {.text = {.equals = "nope"}})}},
      &row));
  assert_null(row);
}

static void a_where_that_is_not_unique_is_refused(void **state)
{
  (void)state;
  Person *person;
  FAILS(SC_INVALID_ARGUMENT, person_find_unique(db, mem, NULL, &person));
  assert_null(person);
  Team *team;
  FAILS(SC_MISSING_FIELD,
        team_find_unique(db, mem, &(TeamFindUnique){.where = {.league_number = {.league = "x"}}}, &team));
  ERROR_IS("P2012", "Argument `number` of `league_number` is missing.", "Team", "number");
}

static void a_forgotten_string_never_widens_a_query(void **state)
{
  (void)state;
  rows();
  const char *forgotten = NULL;
  NullableList list;
  FAILS(SC_INVALID_ARGUMENT,
        nullable_find_many(db, mem, &(NullableFindMany){.where = {.text = {.equals = SC_STR(forgotten)}}},
                           &list));
  ERROR_IS("P2009", "Argument `text` must not be NULL.", "Nullable", "text");
  assert_int_equal(list.len, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(null_is_no_value),
      TEST(lists_of_values),
      TEST(logic),
      TEST(text),
      TEST(every_type_compares),
      TEST(json),
      TEST(lists),
      TEST(some_every_none),
      TEST(is_and_is_not),
      TEST(an_unknown_comparison_of_a_related_record),
      TEST(orders),
      TEST(pages),
      TEST(orders_by_relations),
      TEST(find_first_and_unique),
      TEST(a_where_that_is_not_unique_is_refused),
      TEST(a_forgotten_string_never_widens_a_query),
  };
  return RUN_TESTS(tests);
}
