/* Shapes and plans of reads: which calls share a plan, and the statements of a tree. */
#include "engine/plan.h"

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

static sc_ask new_ask(void)
{
  return (sc_ask){.mem = mem, .schema = STR("s"), .keyed = true, .key = {.mem = mem}};
}

static sc_request find(const sc_model *model, sc_operation operation, const void *args)
{
  return (sc_request){.model = model,
                      .operation = operation,
                      .where = args,
                      .args = args,
                      .at = operation == SC_READ_UNIQUE ? &model->find_unique : &model->find_many};
}

static str shape_of(const UserFindMany *args)
{
  sc_ask ask = new_ask();
  sc_request request = find(&user_model, SC_READ_MANY, args);
  assert_int_equal(sc_plan_shape(&ask, &request), SC_OK);
  return buf_str(&ask.key);
}

/* The statements of a plan, a line each, or the error. */
static str plan_of(const sc_request *request)
{
  sc_ask ask = new_ask();
  sc_plan *plan;
  if (sc_plan_build(&ask, request, 1, &plan) != SC_OK)
    return sc_str_format(mem, "%s", sc_error_last()->message);
  buf out = {.mem = mem};
  for (size_t i = 0; i < plan->statements.len; i++) {
    if (i) buf_char(&out, '\n');
    buf_add(&out, plan->statements.items[i].sql);
  }
  sc_plan_release(plan);
  return buf_str(&out);
}

static str many_of(const sc_model *model, const void *args)
{
  sc_request request = find(model, SC_READ_MANY, args);
  return plan_of(&request);
}

static str unique_of(const sc_model *model, const void *args)
{
  sc_request request = find(model, SC_READ_UNIQUE, args);
  return plan_of(&request);
}

#define POST_ID .select = {.id = true}

/* ---- shapes ---- */

static void values_are_not_part_of_the_shape(void **state)
{
  (void)state;
  str one = shape_of(&(UserFindMany){.where = {.email = {.equals = "a"}, .age = {.gt = SC_INT(1)}}});
  assert_true(
      str_eq(one, shape_of(&(UserFindMany){.where = {.email = {.equals = "b"}, .age = {.gt = SC_INT(2)}}})));
  assert_true(str_eq(shape_of(&(UserFindMany){.skip = 10}), shape_of(&(UserFindMany){.skip = 20})));
  assert_true(str_eq(shape_of(&(UserFindMany){.take = 5000}), shape_of(&(UserFindMany){.take = 9000})));
  assert_true(str_eq(shape_of(NULL), shape_of(&(UserFindMany){.take = 0})));
}

static void what_is_asked_is_the_shape(void **state)
{
  (void)state;
  PostWhere none = {.id = {.equals = NULL}};
  PostFindMany all = {.take = 0}, ten = {.take = 10};
  int32_t one[] = {1};
  const UserFindMany different[] = {
      {.take = 0},
      {.take = 1},
      {.take = -1},
      {.take = 5000},
      {.skip = 1},
      {.where = {.email = {.equals = "a"}}},
      {.where = {.email = {.equals = "a", .insensitive = true}}},
      {.where = {.name = {.equals = "a"}}},
      {.where = {.email = {.not_equals = "a"}}},
      {.where = {.email = {.equals = "a"}, .name = {.equals = "a"}}},
      {.where = {.age = {.in = SC_ARRAY(one, 1)}}},
      {.where = {.age = {.in = SC_ARRAY(one, 0)}}},
      {.where = {.age = {.is = SC_IS_NULL}}},
      {.where = {.age = {.is = SC_IS_NOT_NULL}}},
      {.where = {.age = {.not_ = &(sc_int_filter){.equals = SC_INT(1)}}}},
      {.where = {.OR = SC_LIST(UserWhere, {.id = {.equals = "a"}})}},
      {.where = {.NOT = SC_LIST(UserWhere, {.id = {.equals = "a"}})}},
      {.where = {.AND = SC_LIST(UserWhere, {.id = {.equals = "a"}}, {.id = {.equals = "a"}})}},
      {.where = {.tags = {.is_empty = SC_BOOL(true)}}},
      {.where = {.tags = {.is_empty = SC_BOOL(false)}}},
      {.where = {.posts = {.some = &none}}},
      {.where = {.posts = {.every = &none}}},
      {.where = {.profile = {.null = SC_IS_NULL}}},
      {.order_by = SC_LIST(UserOrderBy, {.id = SC_ASC})},
      {.order_by = SC_LIST(UserOrderBy, {.id = SC_DESC})},
      {.order_by = SC_LIST(UserOrderBy, {.name = SC_ASC})},
      {.order_by = SC_LIST(UserOrderBy, {.posts = {SC_ASC}})},
      {.select = {.id = true}},
      {.select = {.email = true}},
      {.omit = {.id = true}},
      {.include = {.posts = &all}},
      {.include = {.posts = &ten}},
      {.include = {.comments = &(CommentFindMany){.take = 0}}},
      {.include = {._count = {._all = true}}},
      {.include = {._count = {.posts = &none}}},
  };
  size_t count = sizeof different / sizeof *different;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < i; j++)
      if (str_eq(shape_of(&different[i]), shape_of(&different[j])))
        fail_msg("shapes %zu and %zu are equal", j, i);
}

/* ---- statements ---- */

static void one_record_by_its_key(void **state)
{
  (void)state;
  assert_str_eq(
      unique_of(&category_model, &(CategoryFindUnique){.where = {.slug = "c"}}),
      "SELECT t0.\"id\", t0.\"name\", t0.\"slug\", t0.\"parentId\" FROM \"s\".\"categories\" AS t0 WHERE "
      "(t0.\"slug\" = $1)");
}

static void lists_take_skip_and_order(void **state)
{
  (void)state;
  assert_str_eq(many_of(&post_model, &(PostFindMany){POST_ID, .take = 10, .skip = 5,
                                                     .order_by = SC_LIST(PostOrderBy, {.views = SC_DESC},
                                                                         {.id = SC_ASC})}),
                "SELECT t0.\"id\" FROM \"s\".\"posts\" AS t0 ORDER BY t0.\"views\" DESC, t0.\"id\" ASC LIMIT "
                "10 OFFSET $1");
  assert_str_eq(many_of(&post_model, &(PostFindMany){POST_ID, .take = -2}),
                "SELECT t0.\"id\" FROM \"s\".\"posts\" AS t0 ORDER BY t0.\"id\" DESC LIMIT 2");
  assert_str_eq(
      many_of(&post_model, &(PostFindMany){POST_ID, .take = -2,
                                           .order_by = SC_LIST(PostOrderBy, {.rating = SC_ASC_NULLS_FIRST})}),
      "SELECT t0.\"id\" FROM \"s\".\"posts\" AS t0 ORDER BY t0.\"rating\" DESC NULLS LAST LIMIT 2");
  assert_str_eq(many_of(&post_model, &(PostFindMany){POST_ID, .take = 100000}),
                "SELECT t0.\"id\" FROM \"s\".\"posts\" AS t0 LIMIT $1");
}

static void orders_by_relations(void **state)
{
  (void)state;
  assert_str_eq(
      many_of(&post_model,
              &(PostFindMany){POST_ID,
                              .order_by = SC_LIST(PostOrderBy, {.author = &(UserOrderBy){.email = SC_DESC}},
                                                  {.comments = {SC_ASC}})}),
      "SELECT t0.\"id\" FROM \"s\".\"posts\" AS t0 LEFT JOIN \"s\".\"users\" AS t2 ON t2.\"id\" = "
      "t0.\"authorId\" "
      "ORDER BY t2.\"email\" DESC, (SELECT count(*) FROM \"s\".\"comments\" AS t3 WHERE t3.\"postId\" = "
      "t0.\"id\") "
      "ASC");
}

static void to_one_is_joined(void **state)
{
  (void)state;
  assert_str_eq(
      many_of(&comment_model,
              &(CommentFindMany){.select = {.id = true, .author = &(UserRead){.select = {.name = true}}}}),
      "SELECT t0.\"id\", t2.\"name\", t2.\"id\" FROM \"s\".\"comments\" AS t0 LEFT JOIN \"s\".\"users\" AS "
      "t2 ON "
      "t2.\"id\" = t0.\"authorId\"");
}

static void children_of_one_record_travel_with_it(void **state)
{
  (void)state;
  assert_str_eq(
      unique_of(
          &user_model,
          &(UserFindUnique){
              .where = {.id = "u"},
              .select = {.name = true,
                         .posts = &(PostFindMany){.select = {.title = true,
                                                             .comments = &(CommentFindMany){POST_ID}}}}}),
      "SELECT t0.\"name\", t0.\"id\" FROM \"s\".\"users\" AS t0 WHERE (t0.\"id\" = $1)\n"
      "SELECT t2.\"authorId\", t2.\"title\", t2.\"id\" FROM \"s\".\"posts\" AS t2 WHERE t2.\"authorId\" = "
      "$1\n"
      "SELECT t4.\"postId\", t4.\"id\" FROM \"s\".\"comments\" AS t4 WHERE t4.\"postId\" IN (SELECT "
      "t2.\"id\" FROM "
      "\"s\".\"posts\" AS t2 WHERE t2.\"authorId\" = $1)");
  PostFindMany ids = {POST_ID};
  assert_str_eq(
      unique_of(&user_model, &(UserFindUnique){.where = {.email = "u"}, .select = {.posts = &ids}}),
      "SELECT t0.\"id\" FROM \"s\".\"users\" AS t0 WHERE (t0.\"email\" = $1)\n"
      "SELECT t2.\"authorId\", t2.\"id\" FROM \"s\".\"posts\" AS t2 WHERE t2.\"authorId\" IN (SELECT "
      "t0.\"id\" FROM \"s\".\"users\" AS t0 WHERE (t0.\"email\" = $1))");
}

static void children_of_a_list_are_found_by_keys(void **state)
{
  (void)state;
  PostFindMany published = {POST_ID, .where = {.published = {.equals = SC_BOOL(true)}}};
  assert_str_eq(
      many_of(&user_model, &(UserFindMany){.select = {.id = true, .posts = &published},
                                           .where = {.age = {.gt = SC_INT(1)}}}),
      "SELECT t0.\"id\" FROM \"s\".\"users\" AS t0 WHERE (t0.\"age\" > $1)\n"
      "SELECT t2.\"authorId\", t2.\"id\" FROM \"s\".\"posts\" AS t2 WHERE t2.\"authorId\" = ANY ($1) AND "
      "(t2.\"published\" = $2)");
}

/* comments are not indexed by their author */
static void keys_without_an_index_are_joined(void **state)
{
  (void)state;
  CommentFindMany all = {POST_ID};
  assert_str_eq(
      many_of(&user_model, &(UserFindMany){.select = {.id = true, .comments = &all}}),
      "SELECT t0.\"id\" FROM \"s\".\"users\" AS t0\n"
      "SELECT t2.\"authorId\", t2.\"id\" FROM \"s\".\"comments\" AS t2 WHERE t2.\"authorId\" IN (SELECT "
      "unnest($1))");
}

static void take_counts_per_parent(void **state)
{
  (void)state;
  PostFindMany two = {POST_ID, .take = 2, .order_by = SC_LIST(PostOrderBy, {.title = SC_ASC})};
  assert_str_eq(many_of(&user_model, &(UserFindMany){.select = {.id = true, .posts = &two}}),
                "SELECT t0.\"id\" FROM \"s\".\"users\" AS t0\n"
                "SELECT c.*, p.k0 FROM unnest($1) AS p(k0) CROSS JOIN LATERAL (SELECT t2.\"id\" FROM "
                "\"s\".\"posts\" AS t2 "
                "WHERE t2.\"authorId\" = p.k0 ORDER BY t2.\"title\" ASC LIMIT 2) AS c");
}

static void many_to_many_goes_by_the_join_table(void **state)
{
  (void)state;
  CategoryFindMany all = {.select = {.name = true}};
  assert_str_eq(
      many_of(&post_model, &(PostFindMany){.select = {.id = true, .categories = &all}}),
      "SELECT t0.\"id\" FROM \"s\".\"posts\" AS t0\n"
      "SELECT t3.\"B\", t2.\"name\" FROM \"s\".\"_CategoryToPost\" AS t3 JOIN \"s\".\"categories\" AS t2 ON "
      "t2.\"id\" = t3.\"A\" WHERE t3.\"B\" = ANY ($1)");
}

static void counts_are_correlated(void **state)
{
  (void)state;
  PostWhere published = {.published = {.equals = SC_BOOL(true)}};
  assert_str_eq(
      many_of(&user_model, &(UserFindMany){.select = {.id = true, ._count = {.posts = &published}}}),
      "SELECT t0.\"id\", (SELECT count(*) FROM \"s\".\"posts\" AS t2 WHERE t2.\"authorId\" = t0.\"id\" AND "
      "(t2.\"published\" = $1)) FROM \"s\".\"users\" AS t0");
}

/* ---- what is refused ---- */

static void select_excludes_include_and_omit(void **state)
{
  (void)state;
  PostFindMany all = {.take = 0};
  assert_str_eq(many_of(&user_model, &(UserFindMany){.select = {.id = true}, .include = {.posts = &all}}),
                "Please either use `include` or `select`, but not both at the same time.");
  assert_str_eq(many_of(&user_model, &(UserFindMany){.select = {.id = true}, .omit = {.id = true}}),
                "Please either use `omit` or `select`, but not both at the same time.");
  assert_int_equal(sc_error_last()->status, SC_INVALID_ARGUMENT);
}

static void an_element_of_an_order_names_one_key(void **state)
{
  (void)state;
  assert_str_eq(many_of(&post_model,
                        &(PostFindMany){.order_by = SC_LIST(PostOrderBy, {.id = SC_ASC, .title = SC_ASC})}),
                "Argument `orderBy`: an element names one key; 2 are given. Write an element for each.");
  assert_str_eq(many_of(&post_model, &(PostFindMany){.skip = -1}),
                "Invalid value for skip argument: Value can only be positive, found: -1");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(values_are_not_part_of_the_shape),
      TEST(what_is_asked_is_the_shape),
      TEST(one_record_by_its_key),
      TEST(lists_take_skip_and_order),
      TEST(orders_by_relations),
      TEST(to_one_is_joined),
      TEST(children_of_one_record_travel_with_it),
      TEST(children_of_a_list_are_found_by_keys),
      TEST(keys_without_an_index_are_joined),
      TEST(take_counts_per_parent),
      TEST(many_to_many_goes_by_the_join_table),
      TEST(counts_are_correlated),
      TEST(select_excludes_include_and_omit),
      TEST(an_element_of_an_order_names_one_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
