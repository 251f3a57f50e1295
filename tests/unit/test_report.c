#include "unit/test.h"

#include "report/render.h"

static arena *mem;
static diag_list *diags;
static source_set sources;

static int setup(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  diags = diag_list_new(mem);
  sources = (source_set){0};
  vec_push(mem, &sources, ((source){STR("schema.prisma"), STR("model A {\n\tid Imt @id\n}\n")}));
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

static span place_of(const char *piece)
{
  size_t at = sc_str_find(sources.items[0].text, str_from(piece));
  return (span){0, (uint32_t)at, (uint32_t)(at + strlen(piece))};
}

static str rendered(void (*render)(const diag_list *, const source_set *, const render_options *, buf *))
{
  buf out = {.mem = mem};
  render(diags, &sources, &(render_options){0}, &out);
  return buf_str(&out);
}

static void prisma_reports_have_the_line_before(void **state)
{
  (void)state;
  diag_add(diags, DIAG_VALIDATION, place_of("Imt"), STR("no such type"));
  assert_str_eq(rendered(render_prisma), "error: Error validating: no such type\n"
                                         "  -->  schema.prisma:2\n"
                                         "   | \n"
                                         " 1 | model A {\n"
                                         " 2 | \tid Imt @id\n"
                                         "   | \n"
                                         "\n"
                                         "Validation Error Count: 1\n");
}

static void prisma_reports_show_every_line_of_a_place(void **state)
{
  (void)state;
  diag_add(diags, DIAG_MODEL, place_of("model A {\n\tid Imt @id\n}"), STR("A"), STR("bad"));
  assert_str_eq(rendered(render_prisma), "error: Error validating model \"A\": bad\n"
                                         "  -->  schema.prisma:1\n"
                                         "   | \n"
                                         "   | \n"
                                         " 1 | model A {\n"
                                         " 2 | \tid Imt @id\n"
                                         " 3 | }\n"
                                         "   | \n"
                                         "\n"
                                         "Validation Error Count: 1\n");
}

static void an_empty_place_gets_a_caret(void **state)
{
  (void)state;
  span at = place_of("Imt");
  at.end = at.start;
  diag_add(diags, DIAG_VALIDATION, at, STR("x"));
  assert_true(sc_str_find(rendered(render_prisma), STR("   |     ^ Unexpected token.\n")) != SIZE_MAX);
}

static void warnings_are_not_errors(void **state)
{
  (void)state;
  diag_add(diags, DIAG_NOTICE, place_of("Imt"), STR("careful"));
  assert_int_equal(diags->errors, 0);
  assert_str_eq(rendered(render_prisma), "\nValidation Error Count: 0\n");
}

static void notes_have_carets_and_help(void **state)
{
  (void)state;
  diag *d = diag_add(diags, DIAG_VALIDATION, place_of("Imt"), STR("no such type"));
  diag_note_at(diags, d, place_of("model A"), "in this %s", "model");
  const str types[] = {STR("String"), STR("Int"), STR("BigInt")};
  diag_did_you_mean(diags, d, STR("Imt"), types, 3);
  assert_str_eq(rendered(render_notes), "error: Error validating: no such type\n"
                                        " --> schema.prisma:2:5\n"
                                        "  |\n"
                                        "2 | \tid Imt @id\n"
                                        "  | \t   ^^^\n"
                                        "  = note: in this model\n"
                                        " --> schema.prisma:1:1\n"
                                        "  |\n"
                                        "1 | model A {\n"
                                        "  | ^^^^^^^\n"
                                        "  = help: did you mean `Int`?\n"
                                        "\n");
}

static void json_has_codes_and_places(void **state)
{
  (void)state;
  buf out = {.mem = mem};
  diag_add(diags, DIAG_VALIDATION, place_of("Imt"), STR("a \"b\""));
  render_json(diags, &sources, &out);
  assert_str_eq(buf_str(&out), "[\n{\"code\":\"VALIDATION\",\"severity\":\"error\",\"message\":\"Error validating: a \\\"b\\\"\","
                               "\"span\":{\"file\":\"schema.prisma\",\"start\":{\"line\":2,\"column\":5,\"offset\":14},"
                               "\"end\":{\"line\":2,\"column\":8,\"offset\":17}},\"notes\":[]}\n]\n");
}

static void only_near_names_are_suggested(void **state)
{
  (void)state;
  const str names[] = {STR("email"), STR("name"), STR("createdAt")};
  assert_str_eq(diag_closest(STR("emial"), names, 3), "email");
  assert_str_eq(diag_closest(STR("CreatedAt"), names, 3), "createdAt");
  assert_int_equal(diag_closest(STR("password"), names, 3).len, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(prisma_reports_have_the_line_before, setup, teardown),
      cmocka_unit_test_setup_teardown(prisma_reports_show_every_line_of_a_place, setup, teardown),
      cmocka_unit_test_setup_teardown(an_empty_place_gets_a_caret, setup, teardown),
      cmocka_unit_test_setup_teardown(warnings_are_not_errors, setup, teardown),
      cmocka_unit_test_setup_teardown(notes_have_carets_and_help, setup, teardown),
      cmocka_unit_test_setup_teardown(json_has_codes_and_places, setup, teardown),
      cmocka_unit_test(only_near_names_are_suggested),
  };
  return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
