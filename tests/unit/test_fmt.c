/* The formatter: tests/golden/fmt/NAME.in.prisma becomes NAME.out.prisma, which formats to itself. */
#include "unit/golden.h"

#include "fmt/fmt.h"

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
  golden_tests tests = {0};
  golden_add(names, &tests, "tests/golden/fmt", ".in.prisma", formats_as_expected);
  const struct CMUnitTest others[] = {
      cmocka_unit_test_setup_teardown(each_file_of_several_is_written_alone, setup, teardown),
      cmocka_unit_test_setup_teardown(what_is_behind_a_doc_comment_is_written_once, setup, teardown),
  };
  int failed = _cmocka_run_group_tests("layouts", tests.items, tests.len, NULL, NULL);
  failed += cmocka_run_group_tests_name("formatter", others, NULL, NULL);
  sc_arena_free(names);
  return failed;
}
