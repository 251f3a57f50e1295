#include "unit/test.h"

#include "base/buf.h"
#include "cli/dotenv.h"

static arena *mem;

static int set_up(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  return mem ? 0 : -1;
}

static int tear_down(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

/* What a file says: "KEY<value>KEY<value>". */
static const char *read(const char *text, dotenv_lookup *environment)
{
  dotenv file = {0};
  buf out = {.mem = mem};
  dotenv_parse(str_from(text), mem, &file);
  if (environment) dotenv_expand(&file, environment, mem);
  for (size_t i = 0; i < file.len; i++)
    sc_buf_format(&out, "%.*s<%.*s>", STR_ARG(file.items[i].key), STR_ARG(file.items[i].value));
  return sc_buf_c(&out);
}

static const char *nothing_set(const char *name)
{
  (void)name;
  return NULL;
}

static const char *some_set(const char *name)
{
  return strcmp(name, "HOST") == 0 ? "env.example" : NULL;
}

/* The expected values are those of dotenv 16.6.1. */
static const struct {
  const char *text, *entries;
} files[] = {
    {"", ""},
    {"A=1", "A<1>"},
    {"A=1\nB=2\n", "A<1>B<2>"},
    {"A=1\r\nB=2\rC=3", "A<1>B<2>C<3>"},
    {"  A = 1  ", "A<1>"},
    {"export A=1\nexport\tB=2", "A<1>B<2>"},
    {"export=1", "export<1>"},
    {"A: yes\nB:no", "A<yes>"},
    {"A=\nB=2", "A<>B<2>"},
    {"A=1\nA=2", "A<2>"},
    {"A.b-C_1=x", "A.b-C_1<x>"},
    {"# A=1\nB=2 # two\nC=3#three", "B<2>C<3>"},
    {"A='#not a comment' # one", "A<#not a comment>"},
    {"A=\"x y\"", "A<x y>"},
    {"A=`it's \"fine\"`", "A<it's \"fine\">"},
    {"A='it\\'s'", "A<it\\'s>"},
    {"A=\"one\\ntwo\\tthree\"", "A<one\ntwo\\tthree>"},
    {"A='one\\ntwo'", "A<one\\ntwo>"},
    {"A='one\ntwo'\nB=3", "A<one\ntwo>B<3>"},
    {"A=\"unclosed\nB=2", "A<\"unclosed>B<2>"},
    {"A=\"x\" y", "A<\"x\" y>"},
    {"A=a b  c ", "A<a b  c>"},
    {"not a line\nA=1\n=2\nB 3", "A<1>"},
    {"\xEF\xBB\xBF"
     "A=1",
     "A<1>"},
    {"A=postgresql://u:p@h/d?x=1&y=2", "A<postgresql://u:p@h/d?x=1&y=2>"},
};

static void files_are_read_like_dotenv(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    assert_string_equal(read(files[i].text, NULL), files[i].entries);
}

static void references_are_expanded(void **state)
{
  (void)state;
  assert_string_equal(read("A=1\nB=${A}2${A}", nothing_set), "A<1>B<121>");
  assert_string_equal(read("B=${A}x\nA=1", nothing_set), "B<1x>A<1>");
  assert_string_equal(read("A=${B}\nB=${C}\nC=3", nothing_set), "A<3>B<3>C<3>");
}

static void the_environment_wins(void **state)
{
  (void)state;
  assert_string_equal(read("HOST=file.example\nURL=x://${HOST}/", some_set),
                      "HOST<file.example>URL<x://env.example/>");
}

static void what_is_no_reference_stays(void **state)
{
  (void)state;
  assert_string_equal(read("A=$B ${ $ ${a b} \\${C}", nothing_set), "A<$B ${ $ ${a b} ${C}>");
}

static void unknown_names_become_nothing(void **state)
{
  (void)state;
  assert_string_equal(read("A=<${NOPE}${}>", nothing_set), "A<<>>");
}

static void references_in_a_circle_end(void **state)
{
  (void)state;
  assert_true(strlen(read("A=a${B}\nB=b${A}", nothing_set)) < 200);
  assert_string_equal(read("A=${A}", nothing_set), "A<>");
}

static void a_key_is_found(void **state)
{
  (void)state;
  dotenv file = {0};
  dotenv_parse(STR("A=1\nB="), mem, &file);
  assert_true(str_eq(*dotenv_find(&file, STR("A")), STR("1")));
  assert_int_equal(dotenv_find(&file, STR("B"))->len, 0);
  assert_null(dotenv_find(&file, STR("C")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(files_are_read_like_dotenv, set_up, tear_down),
      cmocka_unit_test_setup_teardown(references_are_expanded, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_environment_wins, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_is_no_reference_stays, set_up, tear_down),
      cmocka_unit_test_setup_teardown(unknown_names_become_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(references_in_a_circle_end, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_key_is_found, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("dotenv", tests, NULL, NULL);
}
