/* Conditions: the SQL and the parameters that Where and WhereUnique become. */
#include "engine/filter.h"

#include "unit/test.h"

#include <schemac/schemac.h>

#include "golden/client/blog/blog.c"

static arena *mem;

static int setup(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

/* "SQL -- values": texts as they are, binary in hexadecimal. */
static str described(sc_ask *ask)
{
  sc_statement statement;
  if (sc_ask_statement(ask, &statement) != SC_OK) return sc_str_format(mem, "%s", sc_error_last()->message);
  buf out = {.mem = mem};
  buf_add(&out, statement.sql);
  for (int i = 0; i < statement.param_count; i++) {
    sc_buf_format(&out, i ? ", " : " -- ");
    if (!statement.values[i])
      BUF_LIT(&out, "NULL");
    else if (statement.formats[i] == 0)
      sc_buf_format(&out, "%s", statement.values[i]);
    else
      for (int j = 0; j < statement.lengths[i]; j++)
        sc_buf_format(&out, "%02x", (unsigned)(unsigned char)statement.values[i][j]);
  }
  return buf_str(&out);
}

static str where_of(const sc_model *model, const void *where)
{
  buf sql = {.mem = mem};
  sc_ask ask = {.mem = mem, .schema = STR("s"), .sql = &sql, .aliases = 1};
  bool asked = sc_ask_where(&ask, model, 0, where);
  if (!asked && ask.status == SC_OK) return STR("nothing");
  return described(&ask);
}

static str unique_of(const sc_model *model, const void *where)
{
  buf sql = {.mem = mem};
  sc_ask ask = {.mem = mem, .schema = STR("s"), .sql = &sql, .aliases = 1};
  sc_ask_unique(&ask, model, 0, where);
  return described(&ask);
}

#define USERS(expected, ...) assert_str_eq(where_of(&user_model, &(UserWhere){__VA_ARGS__}), expected)
#define POSTS(expected, ...) assert_str_eq(where_of(&post_model, &(PostWhere){__VA_ARGS__}), expected)

static void an_empty_where_asks_nothing(void **state)
{
  (void)state;
  assert_str_eq(where_of(&user_model, NULL), "nothing");
  assert_str_eq(where_of(&user_model, &(UserWhere){.id = {.equals = NULL}}), "nothing");
  USERS("nothing", .email = {.insensitive = true});
  USERS("nothing", .name = {.not_ = &(sc_string_filter){.equals = NULL}});
}

static void scalars_compare(void **state)
{
  (void)state;
  USERS("(t0.\"email\" = $1) -- a@b", .email = {.equals = "a@b"});
  USERS("(t0.\"age\" < $1 AND t0.\"age\" >= $2) -- 00000041, 00000012",
        .age = {.gte = SC_INT(18), .lt = SC_INT(65)});
  USERS("(t0.\"age\" <> $1) -- 00000000", .age = {.not_equals = SC_INT(0)});
  USERS("(t0.\"balance\" > $1) -- 1.50", .balance = {.gt = SC_DECIMAL("1.50")});
  USERS("(t0.\"deleted_at\" IS NULL)", .deleted_at = {.is = SC_IS_NULL});
  USERS("(t0.\"deleted_at\" IS NOT NULL)", .deleted_at = {.is = SC_IS_NOT_NULL});
  POSTS("(t0.\"published\" = $1 AND t0.\"views\" <= $2) -- 00, 0000000000000005",
        .published = {.equals = SC_BOOL(false)}, .views = {.lte = SC_BIGINT(5)});
}

static void members_are_joined_in_the_order_of_the_model(void **state)
{
  (void)state;
  USERS("(t0.\"id\" = $1 AND t0.\"role\" = $2 AND t0.\"createdAt\" > $3) -- x, super-admin, fffca2fec4c82000",
        .created_at = {.gt = SC_TIME(0)}, .role = {.equals = USER_ROLE_SUPER_ADMIN}, .id = {.equals = "x"});
}

static void patterns_are_literal(void **state)
{
  (void)state;
  USERS("(t0.\"name\" LIKE $1) -- %50\\%\\_\\\\%", .name = {.contains = "50%_\\"});
  USERS("(t0.\"name\" LIKE $1 AND t0.\"name\" LIKE $2) -- A%, %z",
        .name = {.starts_with = "A", .ends_with = "z"});
  USERS("(t0.\"name\" ILIKE $1 AND t0.\"name\" ILIKE $2) -- a\\_b, %c%",
        .name = {.equals = "a_b", .contains = "c", .insensitive = true});
  USERS("(t0.\"name\" NOT ILIKE $1) -- a", .name = {.not_equals = "a", .insensitive = true});
  USERS("(LOWER(t0.\"name\") > LOWER($1)) -- a", .name = {.gt = "a", .insensitive = true});
  USERS("(to_tsvector(concat_ws(' ', t0.\"name\")) @@ to_tsquery($1)) -- cat & dog",
        .name = {.search = "cat & dog"});
}

static void lists_of_values(void **state)
{
  (void)state;
  USERS("(t0.\"age\" = ANY ($1)) -- 000000010000000000000017000000020000000100000004000000010000000400000002",
        .age = {.in = SC_LIST(int32_t, 1, 2)});
  USERS("(FALSE)", .age = {.in = SC_ARRAY((int32_t *)NULL, 0)});
  USERS("(TRUE)", .age = {.not_in = SC_ARRAY((int32_t *)NULL, 0)});
  USERS("(t0.\"role\" <> ALL ($1::\"s\".\"UserRole\"[])) -- {\"READER\",\"super-admin\"}",
        .role = {.not_in = SC_LIST(UserRole, USER_ROLE_READER, USER_ROLE_SUPER_ADMIN)});
  int32_t many[40] = {0};
  assert_true(str_starts(where_of(&user_model, &(UserWhere){.age = {.in = SC_ARRAY(many, 40)}}),
                         STR("(t0.\"age\" IN (SELECT unnest($1)))")));
  assert_true(str_starts(
      where_of(&user_model, &(UserWhere){.name = {.in = SC_LIST(const char *, "A"), .insensitive = true}}),
      STR("(LOWER(t0.\"name\") = ANY (SELECT LOWER(item) FROM unnest($1) AS item))")));
}

static void list_fields(void **state)
{
  (void)state;
  USERS("(t0.\"scores\" @> $1) -- 0000000100000000000000170000000100000001000000040000002a",
        .scores = {.has = SC_INT(42)});
  USERS("(t0.\"scores\" && $1) -- 000000000000000000000017",
        .scores = {.has_some = SC_ARRAY((int32_t *)NULL, 0)});
  USERS("(t0.\"tags\" = '{}')", .tags = {.is_empty = SC_BOOL(true)});
  USERS("(t0.\"tags\" <> '{}')", .tags = {.is_empty = SC_BOOL(false)});
}

static void json(void **state)
{
  (void)state;
  USERS("((t0.\"metadata\" #> $1) = $2) -- "
        "0000000100000000000000190000000200000001000000016100000001"
        "30, 1",
        .metadata = {.path = SC_LIST(const char *, "a", "0"), .equals = SC_JSON("1")});
  USERS("(((t0.\"metadata\") > $1 AND jsonb_typeof(t0.\"metadata\") = jsonb_typeof($1))) -- 5",
        .metadata = {.gt = SC_JSON("5")});
  USERS("(((t0.\"metadata\") #>> '{}' ILIKE $1 AND jsonb_typeof(t0.\"metadata\") = 'string')) -- %a%",
        .metadata = {.string_contains = "a", .insensitive = true});
  USERS("(((t0.\"metadata\") -> 0 = $1 AND jsonb_typeof(t0.\"metadata\") = 'array')) -- 1",
        .metadata = {.array_starts_with = SC_JSON("1")});
  USERS("(((t0.\"metadata\") = 'null' OR (t0.\"metadata\") IS NULL))", .metadata = {.is = SC_IS_ANY_NULL});
}

static void negation(void **state)
{
  (void)state;
  USERS("(NOT t0.\"age\" < $1 AND NOT t0.\"age\" > $2) -- 00000005, 00000001",
        .age = {.not_ = &(sc_int_filter){.gt = SC_INT(1), .lt = SC_INT(5)}});
  USERS("(t0.\"age\" > $1) -- 00000001",
        .age = {.not_ = &(sc_int_filter){.not_ = &(sc_int_filter){.gt = SC_INT(1)}}});
  USERS("(NOT (t0.\"id\" = $1) AND NOT (t0.\"id\" = $2)) -- a, b",
        .NOT = SC_LIST(UserWhere, {.id = {.equals = "a"}}, {.id = {.equals = "b"}}));
}

static void logic(void **state)
{
  (void)state;
  USERS("(t0.\"name\" = $1 AND ((t0.\"id\" = $2) OR (t0.\"age\" = $3))) -- n, a, 00000001",
        .name = {.equals = "n"},
        .OR = SC_LIST(UserWhere, {.id = {.equals = "a"}}, {.age = {.equals = SC_INT(1)}}));
  USERS("((t0.\"id\" = $1) AND (t0.\"id\" = $2)) -- a, b",
        .AND = SC_LIST(UserWhere, {.id = {.equals = "a"}}, {.id = {.equals = "b"}}));
  USERS("(FALSE)", .OR = SC_ARRAY((UserWhere *)NULL, 0));
  USERS("nothing", .AND = SC_ARRAY((UserWhere *)NULL, 0));
  USERS("nothing", .NOT = SC_ARRAY((UserWhere *)NULL, 0));
}

static void elements_that_ask_nothing_are_dropped(void **state)
{
  (void)state;
  UserWhere elements[3] = {[1] = {.id = {.equals = "a"}}};
  USERS("(((t0.\"id\" = $1))) -- a", .OR = SC_ARRAY(elements, 3));
  USERS("(FALSE)", .OR = SC_ARRAY(elements, 1));
  USERS("nothing", .NOT = SC_ARRAY(elements, 1));
  USERS("(t0.\"name\" = $1) -- n", .name = {.equals = "n"}, .AND = SC_ARRAY(elements, 1));
}

static void relations(void **state)
{
  (void)state;
  PostWhere published = {.published = {.equals = SC_BOOL(true)}}, any = {.id = {.equals = NULL}};
  USERS("(EXISTS (SELECT 1 FROM \"s\".\"posts\" AS t1 WHERE t1.\"authorId\" = t0.\"id\" AND "
        "(t1.\"published\" = $1))) -- 01",
        .posts = {.some = &published});
  USERS("(NOT EXISTS (SELECT 1 FROM \"s\".\"posts\" AS t1 WHERE t1.\"authorId\" = t0.\"id\" AND NOT "
        "(t1.\"published\" = "
        "$1))) -- 01",
        .posts = {.every = &published});
  USERS("(NOT EXISTS (SELECT 1 FROM \"s\".\"posts\" AS t1 WHERE t1.\"authorId\" = t0.\"id\"))",
        .posts = {.none = &any});
  USERS("(NOT EXISTS (SELECT 1 FROM \"s\".\"posts\" AS t1 WHERE t1.\"authorId\" = t0.\"id\" AND FALSE))",
        .posts = {.every = &any});
  USERS("(NOT EXISTS (SELECT 1 FROM \"s\".\"profiles\" AS t1 WHERE t1.\"userId\" = t0.\"id\"))",
        .profile = {.null = SC_IS_NULL});
  USERS("(NOT EXISTS (SELECT 1 FROM \"s\".\"profiles\" AS t1 WHERE t1.\"userId\" = t0.\"id\" AND (t1.\"bio\" "
        "= $1) IS NOT "
        "FALSE)) -- b",
        .profile = {.is_not = &(ProfileWhere){.bio = {.equals = "b"}}});
  POSTS("(EXISTS (SELECT 1 FROM \"s\".\"_CategoryToPost\" AS t2 JOIN \"s\".\"categories\" AS t1 ON t1.\"id\" "
        "= t2.\"A\" "
        "WHERE t2.\"B\" = t0.\"id\" AND (t1.\"name\" = $1))) -- c",
        .categories = {.some = &(CategoryWhere){.name = {.equals = "c"}}});
  assert_str_eq(where_of(&comment_model, &(CommentWhere){.parent = {.null = SC_IS_NOT_NULL}}),
                "((t0.\"parentId\" IS NOT NULL))");
}

static void unique_keys(void **state)
{
  (void)state;
  assert_str_eq(unique_of(&user_model, &(UserWhereUnique){.id = "x"}), "(t0.\"id\" = $1) -- x");
  assert_str_eq(unique_of(&user_model, &(UserWhereUnique){.id = "x", .email = "y"}),
                "(t0.\"id\" = $1 AND t0.\"email\" = $2) -- x, y");
  assert_str_eq(unique_of(&user_model, &(UserWhereUnique){.email_status = {"e", USER_STATUS_ACTIVE}}),
                "(t0.\"email\" = $1 AND t0.\"status\" = $2) -- e, ACTIVE");
  assert_str_eq(
      unique_of(&user_model,
                &(UserWhereUnique){.id = "x", .AND = SC_LIST(UserWhere, {.age = {.gt = SC_INT(1)}})}),
      "(t0.\"id\" = $1 AND (t0.\"age\" > $2)) -- x, 00000001");
}

static void unique_keys_that_are_not_whole(void **state)
{
  (void)state;
  assert_str_eq(
      unique_of(&user_model, &(UserWhereUnique){.id = NULL}),
      "Argument `where` of type UserWhereUniqueInput needs at least one of `id`, `external_id`, `email`, "
      "`email_status` or `identity` arguments.");
  assert_int_equal(sc_error_last()->status, SC_INVALID_ARGUMENT);
  assert_str_eq(unique_of(&user_model, &(UserWhereUnique){.email_status = {.email = "e"}}),
                "Argument `status` of `email_status` is missing.");
  assert_int_equal(sc_error_last()->status, SC_MISSING_FIELD);
  assert_string_equal(sc_error_last()->model, "User");
  assert_string_equal(sc_error_last()->fields.items[0], "status");
}

static void marks_are_errors_that_name_the_field(void **state)
{
  (void)state;
  const char *forgotten = NULL;
  USERS("Argument `name` must not be NULL.", .name = {.contains = SC_STR(forgotten)});
  assert_int_equal(sc_error_last()->status, SC_INVALID_ARGUMENT);
  assert_string_equal(sc_error_last()->fields.items[0], "name");
  USERS("Argument `age` has 3 items but no array.", .age = {.in = SC_ARRAY((int32_t *)NULL, 3)});
  USERS("Argument `name`: item 1 of the list is no value.", .name = {.in = SC_LIST(const char *, "a", NULL)});
  USERS("Argument `role`: 9 is no value of enum `UserRole`.", .role = {.equals = (UserRole)9});
  where_of(&user_model, &(UserWhere){.posts = {.some = (const PostWhere *)(const void *)sc_mark_no_memory}});
  assert_int_equal(sc_error_last()->status, SC_NO_MEMORY);
}

static void names_are_quoted(void **state)
{
  (void)state;
  buf sql = {.mem = mem};
  sc_ask ask = {.mem = mem, .schema = STR("my \"schema\""), .sql = &sql};
  sc_ask_qualified(&ask, NULL, "a\"; DROP TABLE b; --");
  assert_str_eq(buf_str(&sql), "\"my \"\"schema\"\"\".\"a\"\"; DROP TABLE b; --\"");
}

static void too_deep_is_refused(void **state)
{
  (void)state;
  UserWhere levels[100] = {[99] = {.id = {.equals = "a"}}};
  for (size_t i = 0; i < 99; i++) levels[i].AND = (UserWhereList)SC_ARRAY(&levels[i + 1], 1);
  assert_str_eq(where_of(&user_model, &levels[0]), "The query is nested deeper than 64 levels.");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(an_empty_where_asks_nothing),
      TEST(scalars_compare),
      TEST(members_are_joined_in_the_order_of_the_model),
      TEST(patterns_are_literal),
      TEST(lists_of_values),
      TEST(list_fields),
      TEST(json),
      TEST(negation),
      TEST(logic),
      TEST(elements_that_ask_nothing_are_dropped),
      TEST(relations),
      TEST(unique_keys),
      TEST(unique_keys_that_are_not_whole),
      TEST(marks_are_errors_that_name_the_field),
      TEST(names_are_quoted),
      TEST(too_deep_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
