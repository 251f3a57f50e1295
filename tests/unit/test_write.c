/* What a create is planned to send, as text, and the small parts of writes. The model is the golden client of
 * the blog. */
#include "unit/test.h"

#include "engine/write.h"

#include "golden/client/blog/blog.c"

static sc_write new_write(void)
{
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  return (sc_write){.mem = mem, .ask = {.mem = mem, .schema = STR("public")}};
}

/* The statements of every step, a line each. */
static void assert_plan(const sc_model *model, const void *data, const char *expected)
{
  sc_write write = new_write();
  buf text = {.mem = write.mem};
  assert_non_null(sc_plan_record(&write, model, data, NULL, NULL));
  for (sc_step *step = write.first; step; step = step->next) {
    sc_statement statement;
    step->guarded = step->lookups.len > 0;
    assert_int_equal(sc_step_statement(&write, step, NULL, &statement), SC_OK);
    buf_add(&text, statement.sql);
    buf_char(&text, '\n');
  }
  assert_str_eq(buf_str(&text), expected);
  sc_arena_free(write.mem);
}

#define GUARD                                                                                                \
  "SELECT CASE count(*) WHEN 0 THEN 'schemac_required_record_not_found' ELSE '0' END::pg_catalog.regtype "   \
  "FROM "

static void a_record_alone(void **state)
{
  (void)state;
  assert_plan(&user_model, &(UserCreate){.email = "a", ._null = {.age = true}},
              "INSERT INTO \"public\".\"users\" AS t0 (\"id\", \"email\", \"age\", \"tags\", \"scores\", "
              "\"updatedAt\")"
              " VALUES ($1, $2, NULL, '{}', '{}', $3)\n");
  assert_plan(&category_model, &(CategoryCreate){.name = "n", .slug = "s"},
              "INSERT INTO \"public\".\"categories\" AS t0 (\"name\", \"slug\") VALUES ($1, $2)\n");
}

static void children_behind_their_parent(void **state)
{
  (void)state;
  assert_plan(
      &post_model,
      &(PostCreate){.title = "t",
                    .author = {.create = &(UserCreate){.email = "a"}},
                    .comments = {.create = SC_LIST(CommentCreate, {.content = "c"})}},
      "INSERT INTO \"public\".\"users\" AS t0 (\"id\", \"email\", \"tags\", \"scores\", \"updatedAt\")"
      " VALUES ($1, $2, '{}', '{}', $3)\n"
      "INSERT INTO \"public\".\"posts\" AS t0 (\"id\", \"title\", \"authorId\", \"updatedAt\")"
      " VALUES ($1, $2, $3, $4)\n"
      "INSERT INTO \"public\".\"comments\" AS t0 (\"id\", \"content\", \"postId\") VALUES ($1, $2, $3)\n");
}

/* By its key a record needs no lookup; by anything else it is joined to the INSERT, which then may find
 * nothing. */
static void a_connect_by_the_key_and_by_another(void **state)
{
  (void)state;
  assert_plan(&profile_model, &(ProfileCreate){.user = {.connect = &(UserWhereUnique){.id = "x"}}},
              "INSERT INTO \"public\".\"profiles\" AS t0 (\"id\", \"userId\") VALUES ($1, $2)\n");
  assert_plan(&profile_model, &(ProfileCreate){.user = {.connect = &(UserWhereUnique){.email = "x"}}},
              "WITH w AS (INSERT INTO \"public\".\"profiles\" AS t0 (\"id\", \"userId\") SELECT $1, t1.\"id\""
              " FROM \"public\".\"users\" AS t1 WHERE (t1.\"email\" = $2) RETURNING 1) " GUARD "w\n");
}

static void several_lookups_are_checked_one_by_one(void **state)
{
  (void)state;
  assert_plan(
      &comment_model,
      &(CommentCreate){
          .content = "c",
          .post_id = "p",
          .author = {.connect = &(UserWhereUnique){.email = "x"}},
          .parent = {.connect =
                         &(CommentWhereUnique){.id = "y",
                                               .AND = SC_LIST(CommentWhere, {.content = {.equals = "z"}})}}},
      GUARD
      "\"public\".\"users\" AS t0 WHERE (t0.\"email\" = $1)\n" GUARD
      "\"public\".\"comments\" AS t0 WHERE (t0.\"id\" = $1 AND (t0.\"content\" = $2))\n"
      "WITH w AS (INSERT INTO \"public\".\"comments\" AS t0 (\"id\", \"content\", \"postId\","
      " \"authorId\", \"parentId\") SELECT $1, $2, $3, t1.\"id\", t2.\"id\" FROM \"public\".\"users\" AS"
      " t1, \"public\".\"comments\" AS t2 WHERE (t1.\"email\" = $4) AND (t2.\"id\" = $5 AND"
      " (t2.\"content\" = $6)) RETURNING 1) " GUARD "w\n");
}

static void the_side_without_the_key(void **state)
{
  (void)state;
  assert_plan(
      &post_model,
      &(PostCreate){.title = "t",
                    .author_id = "a",
                    .comments = {.connect = SC_LIST(CommentWhereUnique, {.id = "c"})},
                    .categories = {.connect = SC_LIST(CategoryWhereUnique, {.name = "n"})}},
      "INSERT INTO \"public\".\"posts\" AS t0 (\"id\", \"title\", \"authorId\", \"updatedAt\")"
      " VALUES ($1, $2, $3, $4)\n"
      "WITH f AS (SELECT t0.\"id\" AS id FROM \"public\".\"categories\" AS t0 WHERE (t0.\"name\" = $1)), w AS"
      " (INSERT INTO \"public\".\"_CategoryToPost\" (\"B\", \"A\") SELECT $2, f.id FROM f ON CONFLICT DO "
      "NOTHING) " GUARD "f\n"
      "WITH w AS (UPDATE \"public\".\"comments\" AS t0 SET \"postId\" = $1 WHERE (t0.\"id\" = $2) RETURNING "
      "1) " GUARD "w\n");
}

static void an_enum_and_its_names(void **state)
{
  (void)state;
  assert_string_equal(sc_enum_name(&user_role_enum, USER_ROLE_SUPER_ADMIN), "SUPER_ADMIN");
  assert_null(sc_enum_name(&user_role_enum, 0));
  assert_null(sc_enum_name(&user_role_enum, 5));
  assert_null(sc_enum_name(&user_role_enum, -1));
  assert_int_equal(sc_enum_parse(&user_role_enum, "EDITOR"), USER_ROLE_EDITOR);
  assert_int_equal(sc_enum_parse(&user_role_enum, "super-admin"), 0);
  assert_int_equal(sc_enum_parse(&user_role_enum, NULL), 0);
}

static void a_constraint_belongs_to_its_model(void **state)
{
  (void)state;
  assert_int_equal(sc_constraint_of(&user_model, &(sc_error){.constraint = "users_email_key"}),
                   USER_EMAIL_TAKEN);
  assert_int_equal(
      sc_constraint_of(&user_model, &(sc_error){.constraint = "users_email_key", .model = "Post"}), 0);
  assert_int_equal(sc_constraint_of(&user_model, &(sc_error){.constraint = "another"}), 0);
  assert_int_equal(sc_constraint_of(&user_model, &(sc_error){0}), 0);
  assert_int_equal(sc_constraint_of(&user_model, NULL), 0);
}

static const sc_field *field(const sc_model *model, const char *name)
{
  for (size_t i = 0; i < model->field_count; i++)
    if (strcmp(model->fields[i].name, name) == 0) return &model->fields[i];
  fail();
  return NULL;
}

/* What was read can be sent again: numbers get their tag, NULL stays NULL. */
static void values_of_a_record(void **state)
{
  (void)state;
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  int32_t age = 7;
  User user = {.id = "x", .age = &age, .role = USER_ROLE_EDITOR};
  Post post = {.views = INT64_MAX};
  const void *held;
  assert_true(sc_hold(mem, field(&user_model, "id"), &user, &held));
  assert_string_equal(*(const char *const *)held, "x");
  assert_true(sc_hold(mem, field(&user_model, "name"), &user, &held));
  assert_null(held);
  assert_true(sc_hold(mem, field(&user_model, "age"), &user, &held));
  assert_true(((const sc_int *)held)->given && ((const sc_int *)held)->value == 7);
  assert_true(sc_hold(mem, field(&user_model, "role"), &user, &held));
  assert_int_equal(*(const UserRole *)held, USER_ROLE_EDITOR);
  assert_true(sc_hold(mem, field(&user_model, "deletedAt"), &user, &held));
  assert_null(held);
  assert_true(sc_hold(mem, field(&post_model, "views"), &post, &held));
  assert_true(((const sc_bigint *)held)->given && ((const sc_bigint *)held)->value == INT64_MAX);
  sc_arena_free(mem);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_record_alone),
      cmocka_unit_test(children_behind_their_parent),
      cmocka_unit_test(a_connect_by_the_key_and_by_another),
      cmocka_unit_test(several_lookups_are_checked_one_by_one),
      cmocka_unit_test(the_side_without_the_key),
      cmocka_unit_test(an_enum_and_its_names),
      cmocka_unit_test(a_constraint_belongs_to_its_model),
      cmocka_unit_test(values_of_a_record),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
