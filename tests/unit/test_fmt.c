/* The formatter: tests/golden/fmt/NAME.in.prisma becomes NAME.out.prisma, which formats to itself. Those in
 * tests/golden/complete get what is missing in them, too. */
#include "unit/golden.h"

#include "fmt/complete.h"
#include "fmt/fmt.h"
#include "fmt/naming.h"

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

static str formatted(str text)
{
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("schema.prisma"), fmt_source_text(text, mem)}));
  buf out = {.mem = mem};
  fmt_write(ast_parse(&sources, mem, diag_list_new(mem)), 0, &out);
  return buf_str(&out);
}

static void formats_as_expected(void **state)
{
  const char *name = *state;
  arena *paths = sc_arena_new();
  str in = golden_read(paths, sc_str_c(paths, sc_str_format(paths, "%s.in.prisma", name)));
  str out = golden_read(paths, sc_str_c(paths, sc_str_format(paths, "%s.out.prisma", name)));
  setup(NULL);
  assert_text(formatted(in), out, __FILE__, __LINE__);
  assert_text(formatted(out), out, __FILE__, __LINE__);
  teardown(NULL);
  sc_arena_free(paths);
}

static str completed(str text)
{
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("schema.prisma"), fmt_source_text(text, mem)}));
  const source_set *added = fmt_complete(ast_parse(&sources, mem, diag_list_new(mem)), mem);
  return formatted(added ? added->items[0].text : text);
}

static void completes_as_expected(void **state)
{
  const char *name = *state;
  arena *paths = sc_arena_new();
  str in = golden_read(paths, sc_str_c(paths, sc_str_format(paths, "%s.in.prisma", name)));
  str out = golden_read(paths, sc_str_c(paths, sc_str_format(paths, "%s.out.prisma", name)));
  setup(NULL);
  assert_text(completed(in), out, __FILE__, __LINE__);
  assert_text(formatted(out), out, __FILE__, __LINE__);
  teardown(NULL);
  sc_arena_free(paths);
}

static void what_is_complete_is_left_alone(void **state)
{
  (void)state;
  source_set sources = {0};
  vec_push(mem, &sources,
           ((source){STR("schema.prisma"),
                     STR("model A {\nid Int @id\nb B @relation(fields: [id], references: [id])\n}\n"
                         "model B {\nid Int @id\nas A[]\n}\n")}));
  assert_null(fmt_complete(ast_parse(&sources, mem, diag_list_new(mem)), mem));
}

static void both_sides_are_completed_in_their_files(void **state)
{
  (void)state;
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("a.prisma"), STR("model A {\nid Int @id\n}\n")}));
  vec_push(mem, &sources, ((source){STR("b.prisma"), STR("model B {\nid Int @id\na A\n}\n")}));
  vec_push(mem, &sources, ((source){STR("c.prisma"), STR("enum C {\nX\n}\n")}));
  const source_set *added = fmt_complete(ast_parse(&sources, mem, diag_list_new(mem)), mem);
  assert_non_null(added);
  assert_str_eq(added->items[0].text, "model A {\nid Int @id\nbs B[]\n}\n");
  assert_str_eq(added->items[1].text,
                "model B {\nid Int @id\na A @relation(fields: [aId], references: [id])\naId Int \n}\n");
  assert_str_eq(added->items[2].text, "enum C {\nX\n}\n");
}

static void arguments_go_between_empty_parentheses(void **state)
{
  (void)state;
  assert_str_eq(
      completed(
          STR("model A {\nid Int @id\nb B @relation()\nbId Int\n}\nmodel B {\nid Int @id\nas A[]\n}\n")),
      "model A {\n  id  Int @id\n  b   B   @relation(fields: [bId], references: [id])\n  bId Int\n}\n\n"
      "model B {\n  id Int @id\n  as A[]\n}\n");
}

static void fields_are_named_after_models(void **state)
{
  (void)state;
  static const struct {
    str model, field, fields;
  } names[] = {
      {STR_INIT("A"), STR_INIT("a"), STR_INIT("as")},
      {STR_INIT("UserProfile"), STR_INIT("userProfile"), STR_INIT("userProfiles")},
      {STR_INIT("order_line"), STR_INIT("orderLine"), STR_INIT("orderLines")},
      {STR_INIT("HTTPServer"), STR_INIT("httpserver"), STR_INIT("httpservers")},
      {STR_INIT("XMLHttp2Go"), STR_INIT("xmlhttp2Go"), STR_INIT("xmlhttp2Gos")},
      {STR_INIT("Category"), STR_INIT("category"), STR_INIT("categories")},
      {STR_INIT("Monkey"), STR_INIT("monkey"), STR_INIT("monkeys")},
      {STR_INIT("Person"), STR_INIT("person"), STR_INIT("people")},
      {STR_INIT("News"), STR_INIT("news"), STR_INIT("news")},
      {STR_INIT("Status"), STR_INIT("status"), STR_INIT("statuses")},
      {STR_INIT("Quiz"), STR_INIT("quiz"), STR_INIT("quizzes")},
      {STR_INIT("y"), STR_INIT("y"), STR_INIT("ys")},
      {STR_INIT("öA"), STR_INIT("öA"), STR_INIT("öAs")},
      {STR_INIT("ÄR"), STR_INIT("Är"), STR_INIT("Ärs")},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    str field = fmt_camel_case(names[i].model, mem);
    assert_text(field, names[i].field, __FILE__, __LINE__);
    assert_text(fmt_plural(field, mem), names[i].fields, __FILE__, __LINE__);
  }
  assert_str_eq(fmt_column_name(STR("Ödland"), STR("ähre"), mem), "ödlandÄhre");
}

static void each_file_of_several_is_written_alone(void **state)
{
  (void)state;
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("a.prisma"), STR("model A {\nid Int @id\n}\n")}));
  vec_push(mem, &sources, ((source){STR("b.prisma"), STR("\n\n// b\nenum B { \nX\n}\n")}));
  const ast_schema *schema = ast_parse(&sources, mem, diag_list_new(mem));
  buf first = {.mem = mem}, second = {.mem = mem};
  fmt_write(schema, 0, &first);
  fmt_write(schema, 1, &second);
  assert_str_eq(buf_str(&first), "model A {\n  id Int @id\n}\n");
  assert_str_eq(buf_str(&second), "// b\nenum B {\n  X\n}\n");
}

static void what_is_behind_a_doc_comment_is_written_once(void **state)
{
  (void)state;
  assert_str_eq(formatted(STR("model A {\nid Int /// @version @sensitive\n/// @@softDelete(x)\n}\n")),
                "model A {\n  id Int /// @version @sensitive\n  /// @@softDelete(x)\n}\n");
}

int main(void)
{
  arena *names = sc_arena_new_fatal(test_out_of_memory);
  golden_tests tests = {0}, completions = {0};
  golden_add(names, &tests, "tests/golden/fmt", ".in.prisma", formats_as_expected);
  golden_add(names, &completions, "tests/golden/complete", ".in.prisma", completes_as_expected);
  const struct CMUnitTest others[] = {
      cmocka_unit_test_setup_teardown(what_is_complete_is_left_alone, setup, teardown),
      cmocka_unit_test_setup_teardown(both_sides_are_completed_in_their_files, setup, teardown),
      cmocka_unit_test_setup_teardown(arguments_go_between_empty_parentheses, setup, teardown),
      cmocka_unit_test_setup_teardown(fields_are_named_after_models, setup, teardown),
      cmocka_unit_test_setup_teardown(each_file_of_several_is_written_alone, setup, teardown),
      cmocka_unit_test_setup_teardown(what_is_behind_a_doc_comment_is_written_once, setup, teardown),
  };
  int failed = _cmocka_run_group_tests("layouts", tests.items, tests.len, NULL, NULL);
  failed += _cmocka_run_group_tests("completions", completions.items, completions.len, NULL, NULL);
  failed += cmocka_run_group_tests_name("formatter", others, NULL, NULL);
  sc_arena_free(names);
  return failed;
}
