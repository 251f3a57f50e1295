/* The generator: golden clients compared whole, and what a client leaves out. */
#include "test.h"

#include "cgen/cgen.h"
#include "cgen/comment.h"
#include "cgen/name.h"

#include <schemac/schemac.h>

#include <stdio.h>

typedef struct client client;
struct client {
  arena *mem;
  diag_list *notices;
  str header, source;
};

static str read_file(arena *mem, const char *path)
{
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot open %s", path);
  buf text = {.mem = mem};
  size_t got;
  do {
    assert_true(sc_buf_reserve(&text, 4096));
    got = fread(text.ptr + text.len, 1, 4096, file);
    text.len += got;
  } while (got > 0);
  fclose(file);
  return buf_str(&text);
}

static client generate(str text, const char *path)
{
  client c = {.mem = sc_arena_new_fatal(test_out_of_memory)};
  source file = {.path = str_from(path), .text = text};
  source_set sources = {&file, 1, 1};
  diag_list *diags = diag_list_new(c.mem);
  const ast_schema *ast = ast_parse(&sources, c.mem, diags);
  const dm_schema *dm = dm_resolve(ast, &(dm_options){0}, c.mem, diags);
  for (size_t i = 0; i < diags->len && !dm; i++) print_error("%.*s\n", STR_ARG(diags->items[i]->message));
  assert_non_null(dm);
  c.notices = diag_list_new(c.mem);
  cg_options options = cg_options_of(dm, str_from(path), c.mem);
  const cg_unit *unit = cg_plan(dm, &options, c.mem, c.notices);
  buf header = {.mem = c.mem};
  buf code = {.mem = c.mem};
  cg_header(unit, &header);
  cg_source(unit, &code);
  c.header = buf_str(&header);
  c.source = buf_str(&code);
  return c;
}

#define DATASOURCE "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n"

static client generate_models(const char *models)
{
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  client c = generate(sc_str_format(mem, "%s%s", DATASOURCE, models), "shelf.prisma");
  sc_arena_free(mem);
  return c;
}

static bool has(str text, const char *part)
{
  return sc_str_find(text, str_from(part)) != SIZE_MAX;
}

static void assert_same(const client *c, str actual, const char *path)
{
  str expected = read_file(c->mem, path);
  if (str_eq(actual, expected)) return;
  size_t line = 1;
  size_t i = 0;
  for (; i < actual.len && i < expected.len && actual.ptr[i] == expected.ptr[i]; i++)
    line += actual.ptr[i] == '\n';
  print_error("%s differs from line %zu on: %.*s\n", path, line, STR_ARG(str_slice(actual, i, i + 200)));
  fail();
}

/* ---- goldens ---- */

static void golden(const char *schema, const char *header, const char *code)
{
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  client c = generate(read_file(mem, schema), schema);
  assert_same(&c, c.header, header);
  assert_same(&c, c.source, code);
  sc_arena_free(c.mem);
  sc_arena_free(mem);
}

static void the_blog_client_is_the_golden_one(void **state)
{
  (void)state;
  golden("docs/examples/blog/schema.prisma", "tests/golden/client/blog/blog.h",
         "tests/golden/client/blog/blog.c");
}

static void the_shop_client_is_the_golden_one(void **state)
{
  (void)state;
  golden("tests/golden/client/shop/schema.prisma", "tests/golden/client/shop/shop.h",
         "tests/golden/client/shop/shop.c");
}

static void the_wide_client_is_the_golden_one(void **state)
{
  (void)state;
  golden("tests/golden/client/wide/schema.prisma", "tests/golden/client/wide/wide.h",
         "tests/golden/client/wide/wide.c");
}

static void the_hostile_client_is_the_golden_one(void **state)
{
  (void)state;
  golden("tests/golden/client/hostile/schema.prisma", "tests/golden/client/hostile/hostile.h",
         "tests/golden/client/hostile/hostile.c");
}

/* ---- what is left out ---- */

static void a_view_is_only_read(void **state)
{
  (void)state;
  client c = generate_models(
      "generator client {\n  provider = \"prisma-client-js\"\n  previewFeatures = [\"views\"]\n}\n"
      "view Top {\n  id Int @unique\n  total Int\n}\nview Loose {\n  total Int\n}\n");
  assert_true(has(c.header, "top_find_unique("));
  assert_true(has(c.header, "loose_find_many("));
  assert_false(has(c.header, "loose_find_unique"));
  assert_false(has(c.header, "_create"));
  assert_false(has(c.header, "_update"));
  assert_false(has(c.header, "_delete"));
  assert_false(has(c.header, "Constraint "));
  assert_true(has(c.source, ".flags = SC_MODEL_VIEW"));
  sc_arena_free(c.mem);
}

static void what_is_ignored_or_unsupported_is_not_in_the_client(void **state)
{
  (void)state;
  client c = generate_models(
      "model Shelf {\n  id Int @id\n  secret String? @ignore\n  place Unsupported(\"point\")?\n"
      "  hidden Hidden? @ignore\n}\n"
      "model Hidden {\n  id Int @id\n  shelf Shelf @relation(fields: [id], references: [id])\n"
      "  @@ignore\n}\n");
  assert_false(has(c.header, "secret"));
  assert_false(has(c.header, "place"));
  assert_false(has(c.header, "Hidden"));
  assert_true(has(c.header, "shelf_create("));
  sc_arena_free(c.mem);
}

static void a_required_column_that_nobody_can_fill_forbids_create(void **state)
{
  (void)state;
  client c = generate_models("model Shelf {\n  id Int @id\n  place Unsupported(\"point\")\n}\n");
  assert_false(has(c.header, "shelf_create("));
  assert_false(has(c.header, "ShelfCreateArgs"));
  assert_true(has(c.header, "shelf_update("));
  assert_true(has(c.source, ".flags = SC_MODEL_NO_CREATE"));
  sc_arena_free(c.mem);
}

static void a_partial_unique_index_is_no_key(void **state)
{
  (void)state;
  client c = generate_models("model Shelf {\n  id Int @id\n  a Int\n  b Int\n  gone Boolean\n"
                             "  @@unique([a, b])\n  @@unique([b, a], where: raw(\"not gone\"))\n}\n");
  assert_true(has(c.source, ".name = \"a_b\""));
  assert_false(has(c.source, ".name = \"b_a\""));
  sc_arena_free(c.mem);
}

static void a_generated_column_is_not_written(void **state)
{
  (void)state;
  client c = generate_models("model Shelf {\n  id Int @id\n  twice Int? @generated(raw(\"id * 2\"))\n}\n");
  assert_true(has(c.header, "const int32_t *twice; /* may be NULL */"));
  assert_false(has(c.header, "sc_int twice"));
  assert_false(has(c.header, "_null"));
  assert_true(has(c.source, "SC_FIELD_READ_ONLY"));
  sc_arena_free(c.mem);
}

/* ---- what is there ---- */

static void schemas_of_the_database_are_in_the_tables(void **state)
{
  (void)state;
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  client c =
      generate(str_from("datasource db {\n  provider = \"postgresql\"\n  url = \"postgresql://h/d\"\n"
                        "  schemas = [\"a\", \"b\"]\n}\n"
                        "model One {\n  id Int @id\n  color Color\n  many Two[]\n  @@schema(\"a\")\n}\n"
                        "model Two {\n  id Int @id\n  many One[]\n  @@schema(\"b\")\n}\n"
                        "enum Color {\n  RED\n  @@schema(\"b\")\n}\n"),
               "schema.prisma");
  assert_true(has(c.source, "  .name = \"One\",\n  .schema = \"a\",\n"));
  assert_true(has(c.source, "  .name = \"Two\",\n  .schema = \"b\",\n"));
  assert_true(has(c.source, "  .name = \"Color\",\n  .schema = \"b\",\n"));
  assert_true(has(c.source,
                  "(const sc_join){.schema = \"a\", .table = \"_OneToTwo\", .here = \"A\", .there = \"B\"}"));
  assert_true(has(c.source, ".url = \"postgresql://h/d\""));
  assert_true(has(c.header, "client_open("));
  sc_arena_free(c.mem);
  sc_arena_free(mem);
}

static void a_self_relation_of_many_to_many_has_both_columns(void **state)
{
  (void)state;
  client c = generate_models("model Person {\n  id Int @id\n  fans Person[] @relation(\"Fans\")\n"
                             "  idols Person[] @relation(\"Fans\")\n}\n");
  assert_true(has(c.source, ".name = \"fans\", .relation = \"Fans\", .target = &person_model,\n"
                            "   .kind = SC_TO_MANY_BY_JOIN, .opposite = 1"));
  assert_true(has(c.source, ".table = \"_Fans\", .here = \"A\", .there = \"B\""));
  assert_true(has(c.source, ".table = \"_Fans\", .here = \"B\", .there = \"A\""));
  sc_arena_free(c.mem);
}

static void a_schema_without_models_has_no_empty_tables(void **state)
{
  (void)state;
  client c = generate_models("");
  assert_false(has(c.source, "models"));
  assert_false(has(c.source, "enums"));
  assert_true(has(c.header, "shelf_open("));
  sc_arena_free(c.mem);
}

static void text_of_the_schema_is_quoted(void **state)
{
  (void)state;
  client c = generate_models("/// One */ two\n/// /* three?\?/\nmodel Shelf {\n"
                             "  id Int @id @map(\"the \\\"id\\\" \\\\ ?\?/\")\n}\n");
  assert_true(has(c.header, "/* ---- Shelf ----\n *\n * One *\\/ two\n * /\\* three?\\?/ */"));
  assert_true(has(c.source, ".column = \"the \\\"id\\\" \\\\ ?\\?/\""));
  sc_arena_free(c.mem);
}

static void a_name_that_yields_is_reported_where_it_stands(void **state)
{
  (void)state;
  client c = generate_models("model Shelf {\n  id Int @id\n  class String\n}\n");
  assert_int_equal(c.notices->len, 1);
  assert_int_equal(c.notices->errors, 0);
  assert_str_eq(c.notices->items[0]->message,
                "The C name `class` is reserved: the client has `class_` instead.");
  assert_true(c.notices->items[0]->place.start > sizeof DATASOURCE);
  sc_arena_free(c.mem);
}

static void the_file_gives_the_name_when_nothing_else_does(void **state)
{
  (void)state;
  client c = generate_models("model A {\n  id Int @id\n}\n");
  assert_true(has(c.header, "sc_status shelf_open("));
  sc_arena_free(c.mem);
  c = generate_models("generator c {\n  provider = \"schemac\"\n  prefix = \"my-app\"\n}\n"
                      "model A {\n  id Int @id\n}\n");
  assert_true(has(c.header, "sc_status my_app_open("));
  assert_true(has(c.header, "sc_status my_app_a_find_many("));
  assert_true(has(c.header, "MY_APP_A_ID = 1"));
  assert_true(has(c.header, "struct MyAppA {"));
  sc_arena_free(c.mem);
}

static void the_client_is_written_for_the_library_beside_it(void **state)
{
  (void)state;
  assert_int_equal(atoi(CG_ABI), SC_ABI);
}

/* ---- names ---- */

static void names_change_their_case(void **state)
{
  (void)state;
  static const char *const rows[][3] = {
      {"UserProfile", "user_profile", "UserProfile"},
      {"userProfile", "user_profile", "UserProfile"},
      {"HTTPServer2Go", "http_server2_go", "HTTPServer2Go"},
      {"user_profile", "user_profile", "UserProfile"},
      {"SUPER_ADMIN", "super_admin", "SUPERADMIN"},
      {"x", "x", "X"},
      {"aBC", "a_bc", "ABC"},
  };
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_str_eq(name_snake(mem, str_from(rows[i][0])), rows[i][1]);
    assert_str_eq(name_pascal(mem, str_from(rows[i][0])), rows[i][2]);
  }
  sc_arena_free(mem);
}

static void a_taken_name_yields_as_often_as_needed(void **state)
{
  (void)state;
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  diag_list *diags = diag_list_new(mem);
  name_book *book = name_book_new(mem, diags);
  span place = {0};
  assert_str_eq(name_take(book, STR("user"), place), "user");
  assert_str_eq(name_take(book, STR("user"), place), "user_");
  assert_str_eq(name_take(book, STR("user"), place), "user__");
  assert_str_eq(name_take(book, STR("sc_find_many"), place), "sc_find_many_");
  assert_str_eq(name_take(book, STR("EOF"), place), "EOF_");
  assert_str_eq(name_take(book, STR("CLOCK_REALTIME"), place), "CLOCK_REALTIME_");
  table *members = sc_table_new(mem);
  assert_str_eq(name_take_member(book, members, STR("user"), place), "user");
  assert_str_eq(name_take_member(book, members, STR("register"), place), "register_");
  assert_str_eq(name_take_member(book, members, STR("register_"), place), "register__");
  assert_str_eq(name_take_member(book, members, STR("sc_int"), place), "sc_int_");
  assert_int_equal(diags->len, 8);
  sc_arena_free(mem);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_blog_client_is_the_golden_one),
      cmocka_unit_test(the_shop_client_is_the_golden_one),
      cmocka_unit_test(the_wide_client_is_the_golden_one),
      cmocka_unit_test(the_hostile_client_is_the_golden_one),
      cmocka_unit_test(a_view_is_only_read),
      cmocka_unit_test(what_is_ignored_or_unsupported_is_not_in_the_client),
      cmocka_unit_test(a_required_column_that_nobody_can_fill_forbids_create),
      cmocka_unit_test(a_partial_unique_index_is_no_key),
      cmocka_unit_test(a_generated_column_is_not_written),
      cmocka_unit_test(schemas_of_the_database_are_in_the_tables),
      cmocka_unit_test(a_self_relation_of_many_to_many_has_both_columns),
      cmocka_unit_test(a_schema_without_models_has_no_empty_tables),
      cmocka_unit_test(text_of_the_schema_is_quoted),
      cmocka_unit_test(a_name_that_yields_is_reported_where_it_stands),
      cmocka_unit_test(the_file_gives_the_name_when_nothing_else_does),
      cmocka_unit_test(the_client_is_written_for_the_library_beside_it),
      cmocka_unit_test(names_change_their_case),
      cmocka_unit_test(a_taken_name_yields_as_often_as_needed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
