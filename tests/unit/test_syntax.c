/* The grammar. What it refuses: the report on tests/golden/syntax/NAME.prisma is NAME.expected. What it reads: the tree. */
#include "unit/golden.h"

#include "report/render.h"
#include "syntax/ast.h"

static arena *mem;
static diag_list *diags;
static source_set sources;

static int setup(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  diags = diag_list_new(mem);
  sources = (source_set){0};
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

/* ---- helpers ---- */

static const ast_schema *parse(str text)
{
  vec_push(mem, &sources, ((source){STR("schema.prisma"), text}));
  return ast_parse(&sources, mem, diags);
}

static const ast_schema *parse_well(str text)
{
  const ast_schema *schema = parse(text);
  if (diags->len) fail_msg("%.*s", STR_ARG(diags->items[0]->message));
  return schema;
}

static const ast_item *item(const ast_schema *schema, size_t block, size_t line)
{
  assert_true(block < schema->blocks.len && line < schema->blocks.items[block]->items.len);
  return schema->blocks.items[block]->items.items[line];
}

static str report(void)
{
  buf out = {.mem = mem};
  render_prisma(diags, &sources, &(render_options){0}, &out);
  return buf_str(&out);
}

/* "@name(value, key: value) @other …" */
static str attrs_text(const ast_attrs *attrs)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < attrs->len; i++) {
    const ast_attr *attr = attrs->items[i];
    sc_buf_format(&out, "%s@%.*s%s", i ? " " : "", STR_ARG(attr->name.text), attr->from_comment ? "!" : "");
    for (size_t a = 0; a < attr->args->len; a++) {
      const ast_arg *arg = &attr->args->items[a];
      sc_buf_format(&out, " <%.*s|", STR_ARG(arg->name.text));
      if (arg->value) buf_add(&out, ast_expr_text(arg->value, mem));
      buf_char(&out, '>');
    }
  }
  return buf_str(&out);
}

/* ---- what is refused ---- */

static void reports_as_expected(void **state)
{
  const char *name = *state;
  setup(NULL);
  str text = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.prisma", name)));
  str expected = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.expected", name)));
  parse(text);
  assert_text(report(), expected, __FILE__, __LINE__);
  teardown(NULL);
}

static void invalid_utf8_is_one_error(void **state)
{
  (void)state;
  parse(STR("model A {\n  id Int @id // \xC3(\n}\n"));
  assert_int_equal(diags->errors, 1);
  assert_int_equal(diags->items[0]->code, DIAG_INVALID_UTF8);
  assert_int_equal(diags->items[0]->place.start, 26);
}

static void nul_is_only_fine_in_comments(void **state)
{
  (void)state;
  parse(STR("model A { // \0\n  id Int @id // a\0b\n  /* \0 */\n  n\0 Int\n  s String @default(\"\0\")\n}\n"));
  assert_int_equal(diags->errors, 2);
  assert_int_equal(diags->items[0]->code, DIAG_INVALID_FIELD_LINE);
}

static void a_byte_order_mark_is_not_a_keyword(void **state)
{
  (void)state;
  parse(STR("\xEF\xBB\xBFmodel A {\n  id Int @id\n}\n"));
  assert_int_equal(diags->errors, 3);
  assert_int_equal(diags->items[0]->code, DIAG_LINE_STARTS_NOTHING);
}

static str nested(size_t depth)
{
  buf out = {.mem = mem};
  BUF_LIT(&out, "model A {\n  id Int @x(");
  sc_buf_fill(&out, '[', depth - 1);
  sc_buf_fill(&out, ']', depth - 1);
  BUF_LIT(&out, ")\n}\n");
  return buf_str(&out);
}

static void nesting_is_bounded(void **state)
{
  (void)state;
  /* The innermost `[]` is one token and does not count. */
  parse_well(nested(AST_MAX_DEPTH + 1));
  sources.len = 0;
  parse(nested(1000000));
  assert_int_equal(diags->errors, 1);
  assert_int_equal(diags->items[0]->code, DIAG_NESTED_TOO_DEEPLY);
}

static void a_hundred_thousand_errors_are_all_reported(void **state)
{
  (void)state;
  buf out = {.mem = mem};
  BUF_LIT(&out, "model A {\n");
  for (int i = 0; i < 100000; i++) BUF_LIT(&out, "a b c\n");
  BUF_LIT(&out, "}\n");
  parse(buf_str(&out));
  assert_int_equal(diags->errors, 100000);
}

static void blocks_that_are_never_closed_take_linear_time(void **state)
{
  (void)state;
  buf out = {.mem = mem};
  for (int i = 0; i < 20000; i++) BUF_LIT(&out, "model A {\nenum B {\ngenerator c {\n");
  BUF_LIT(&out, "x }\n");
  parse(buf_str(&out));
  assert_int_equal(diags->errors, 60001);
}

/* ---- what is read ---- */

static void fields_have_types_and_attributes(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("model Shop {\n"
                                            "  tags String[] @default([\"a\", b(1, sort: Desc)]) @db.VarChar(10)\n"
                                            "  area Unsupported(\"circle\")?@x(a: -1.50,)\n"
                                            "}\n"));
  assert_str_eq(schema->blocks.items[0]->name.text, "Shop");
  const ast_field *tags = item(schema, 0, 0)->as.field, *area = item(schema, 0, 1)->as.field;
  assert_str_eq(tags->type.text, "String");
  assert_int_equal(tags->arity, AST_LIST);
  assert_str_eq(attrs_text(&tags->attrs), "@default <|[\"a\",b(1,sort: Desc)]> @db.VarChar <|10>");
  assert_str_eq(area->unsupported->text, "circle");
  assert_int_equal(area->arity, AST_OPTIONAL);
  assert_str_eq(attrs_text(&area->attrs), "@x <a|-1.50>");
  assert_true(area->attrs.items[0]->args->trailing_comma);
  assert_str_eq(span_text(&sources, area->attrs.items[0]->place), "@x(a: -1.50,)");
  assert_str_eq(span_text(&sources, area->place), "area Unsupported(\"circle\")?@x(a: -1.50,)\n");
}

static void strings_are_decoded(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("datasource db {\n  a = \"\\u00e4\\ud83d\\ude00\\\"\\\\\\/\\n\\t\"\n}\n"));
  assert_str_eq(item(schema, 0, 0)->as.property->value->text, "\xC3\xA4\xF0\x9F\x98\x80\"\\/\n\t");
}

static void names_may_have_letters_of_every_script(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("model \xC3\x84" "b-1 {\n  1\xE4\xB8\xAD\xC2\xA0Int\n}\n"));
  assert_str_eq(schema->blocks.items[0]->name.text, "\xC3\x84" "b-1");
  assert_str_eq(item(schema, 0, 0)->as.field->name.text, "1\xE4\xB8\xAD");
  parse(STR("model A {\n  a\xE2\x85\xA0 Int\n}\n")); /* a roman numeral is no letter */
  assert_int_equal(diags->errors, 1);
}

static void keywords_need_no_space_and_are_names_elsewhere(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("modelmodel{\n  model enum\n}\nenum type {\n  view\n}\n"));
  assert_str_eq(schema->blocks.items[0]->name.text, "model");
  assert_str_eq(item(schema, 0, 0)->as.field->type.text, "enum");
  assert_int_equal(schema->blocks.items[1]->kind, AST_ENUM);
}

static void documentation_is_what_prisma_makes_of_it(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("/// lost\n\n"
                                            "///   first  \n// left out\n/* second\n */\n"
                                            "model A {\n"
                                            "  ///\n"
                                            "  id Int @id\n"
                                            "  /// above\n\n"
                                            "  @@map(\"a\")\n"
                                            "  x Int /// behind\n"
                                            "  /// forgotten\n"
                                            "  // for this one\n\n"
                                            "  // has nothing\n"
                                            "  y Int\n"
                                            "}\n"
                                            "/// goes on\n"
                                            "generator g {\n}\n"
                                            "enum E {\n  A\n}\n"));
  const ast_block *model = schema->blocks.items[4], *e = vec_last(&schema->blocks);
  assert_str_eq(model->documentation, "first  \nsecond");
  assert_non_null(model->items.items[1]->documentation.ptr);
  assert_int_equal(model->items.items[1]->documentation.len, 0);
  assert_str_eq(model->items.items[4]->documentation, "above\nbehind");
  assert_null(vec_last(&model->items)->documentation.ptr);
  assert_str_eq(e->documentation, "goes on");
}

static void extensions_behind_comments_are_attributes(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("model A {\n"
                                            "  /// @renamedFrom(\"title\")\n"
                                            "  name String @id /// @sensitive @validate(email: true)\n"
                                            "  /// @@check(raw(\"a > 0\"), map: \"x\")\n"
                                            "  /// @version of nothing\n"
                                            "  /// @unknown(1)\n"
                                            "  /// @see @version\n"
                                            "  other Int // @version\n"
                                            "}\n"));
  assert_str_eq(attrs_text(&item(schema, 0, 1)->as.field->attrs),
                "@id @renamedFrom! <|\"title\"> @sensitive! @validate! <email|true>");
  assert_int_equal(item(schema, 0, 2)->kind, AST_COMMENT);
  assert_int_equal(item(schema, 0, 3)->kind, AST_BLOCK_ATTR);
  assert_true(item(schema, 0, 3)->as.attr->from_comment);
  assert_int_equal(vec_last(&schema->blocks.items[0]->items)->as.field->attrs.len, 0);
}

static void a_broken_extension_behind_a_comment_is_an_error(void **state)
{
  (void)state;
  parse(STR("model A {\n  id Int @id /// @check(raw(\"a)\n}\n"));
  assert_int_equal(diags->errors, 1);
  assert_int_equal(diags->items[0]->code, DIAG_EXTENSION_SYNTAX);
  assert_str_eq(span_text(&sources, diags->items[0]->place), "@check(raw(\"a)");
}

static void objects_stand_behind_names_only(void **state)
{
  (void)state;
  const ast_schema *schema = parse_well(STR("model A {\n  @@index([a], where: {x: null, y: { in: [1] }}, with: {})\n}\n"));
  const ast_attr *index = item(schema, 0, 0)->as.attr;
  assert_str_eq(ast_expr_text(ast_args_named(index->args, STR("where"))->value, mem),
                "{ x: null, y: { in: [1] } }");
  parse(STR("model A {\n  @@index({x: null})\n  @@index([{x: null}])\n}\n"));
  assert_int_equal(diags->errors, 2);
}

static void prisma_has_no_extensions(void **state)
{
  (void)state;
  vec_push(mem, &sources, ((source){STR("a"), STR("model A {\n  id Int /// @version\n  @@index([a], where: {x: 1})\n}\n")}));
  const ast_schema *schema = ast_parse_with(&sources, &(ast_parse_options){.prisma = true}, mem, diags);
  assert_int_equal(diags->errors, 1);
  assert_int_equal(diags->items[0]->code, DIAG_INVALID_FIELD_LINE);
  assert_int_equal(item(schema, 0, 0)->as.field->attrs.len, 0);
}

static void several_files_are_one_schema(void **state)
{
  (void)state;
  vec_push(mem, &sources, ((source){STR("a.prisma"), STR("model A {\n  id Int\n")}));
  const ast_schema *schema = parse(STR("/// of B\nmodel B {\n  id Int\n  what\n}\n"));
  assert_int_equal(diags->errors, 3);
  assert_int_equal(diags->items[2]->place.file, 1);
  assert_str_eq(vec_last(&schema->blocks)->name.text, "B");
  assert_int_equal(vec_last(&schema->blocks)->name.place.file, 1);
}

int main(void)
{
  arena *names = sc_arena_new_fatal(test_out_of_memory);
  golden_tests tests = {0};
  golden_add(names, &tests, "tests/golden/syntax", ".prisma", reports_as_expected);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest others[] = {
      TEST(invalid_utf8_is_one_error),
      TEST(nul_is_only_fine_in_comments),
      TEST(a_byte_order_mark_is_not_a_keyword),
      TEST(nesting_is_bounded),
      TEST(a_hundred_thousand_errors_are_all_reported),
      TEST(blocks_that_are_never_closed_take_linear_time),
      TEST(fields_have_types_and_attributes),
      TEST(strings_are_decoded),
      TEST(names_may_have_letters_of_every_script),
      TEST(keywords_need_no_space_and_are_names_elsewhere),
      TEST(documentation_is_what_prisma_makes_of_it),
      TEST(extensions_behind_comments_are_attributes),
      TEST(a_broken_extension_behind_a_comment_is_an_error),
      TEST(objects_stand_behind_names_only),
      TEST(prisma_has_no_extensions),
      TEST(several_files_are_one_schema),
  };
  int failed = _cmocka_run_group_tests("refusals", tests.items, tests.len, NULL, NULL);
  failed += cmocka_run_group_tests_name("grammar", others, NULL, NULL);
  sc_arena_free(names);
  return failed;
}
