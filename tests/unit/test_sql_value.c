/* Values and defaults: when two spellings are one value, and quoting. */
#include "unit/test.h"

#include "sql/quote.h"
#include "sql/sql.h"
#include "sql/value.h"

static arena *mem;

static int set_up(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

static void numbers(void **state)
{
  (void)state;
  assert_true(sql_number_same(STR("1.50"), STR("1.5")));
  assert_true(sql_number_same(STR("007"), STR("7")));
  assert_true(sql_number_same(STR("1e2"), STR("100")));
  assert_true(sql_number_same(STR("12E-1"), STR("1.2")));
  assert_true(sql_number_same(STR("-0"), STR("0.00")));
  assert_false(sql_number_same(STR("-1"), STR("1")));
  assert_false(sql_number_same(STR("10"), STR("1")));
  assert_false(sql_number_same(STR("1.05"), STR("1.5")));
  assert_true(sql_number_same(STR("NaN"), STR("NaN")));
  assert_false(sql_number_same(STR("NaN"), STR("1")));
}

static void json(void **state)
{
  (void)state;
  assert_true(sql_json_same(mem, STR("{\"a\":1,\"b\":[true,null]}"),
                            STR(" { \"b\" : [ true , null ], \"a\" : 1.0 } ")));
  assert_true(sql_json_same(mem, STR("\"\\u00e9\\ud83d\\ude00\""), STR("\"é😀\"")));
  assert_true(sql_json_same(mem, STR("{}"), STR("{ }")));
  assert_false(sql_json_same(mem, STR("[1,2]"), STR("[2,1]")));
  assert_false(sql_json_same(mem, STR("{\"a\":1}"), STR("{\"a\":\"1\"}")));
  assert_false(sql_json_same(mem, STR("{}"), STR("[]")));
  assert_false(sql_json_same(mem, STR("{\"a\":"), STR("{\"a\":1}")));
}

static void json_that_is_deep_is_compared_as_text(void **state)
{
  (void)state;
  buf deep = {.mem = mem};
  sc_buf_fill(&deep, '[', 100000);
  assert_true(sql_json_same(mem, buf_str(&deep), buf_str(&deep)));
  assert_false(sql_json_same(mem, buf_str(&deep), STR("[]")));
}

/* ---- defaults as pg_get_expr prints them ---- */

static sql_default parse(const char *expression, dm_native native, sql_arity arity)
{
  sql_type type = {.kind = SQL_TYPE_NATIVE, .native = native};
  return sql_default_parse(mem, str_from(expression), &type, arity);
}

static void assert_literal(const char *expression, dm_native native, const char *value)
{
  sql_default read = parse(expression, native, SQL_REQUIRED);
  assert_int_equal(read.kind, SQL_DEFAULT_LITERAL);
  assert_str_eq(read.text, value);
}

static void literals(void **state)
{
  (void)state;
  assert_literal("'it''s'::text", DM_NATIVE_TEXT, "it's");
  assert_literal("'x'::character varying", DM_NATIVE_VARCHAR, "x");
  assert_literal("('-5'::integer)", DM_NATIVE_INTEGER, "-5");
  assert_literal("(-5)", DM_NATIVE_INTEGER, "-5");
  assert_literal("10.500", DM_NATIVE_DECIMAL, "10.500");
  assert_literal("'{}'::jsonb", DM_NATIVE_JSONB, "{}");
  assert_literal("true", DM_NATIVE_BOOLEAN, "true");
  assert_literal("'USER'::public.\"User Role\"", DM_NATIVE_TEXT, "USER");
}

static void expressions(void **state)
{
  (void)state;
  assert_int_equal(parse("now()", DM_NATIVE_TIMESTAMP, SQL_REQUIRED).kind, SQL_DEFAULT_NOW);
  assert_int_equal(parse("CURRENT_TIMESTAMP", DM_NATIVE_DATE, SQL_REQUIRED).kind, SQL_DEFAULT_NOW);
  assert_int_equal(parse("now()", DM_NATIVE_TEXT, SQL_REQUIRED).kind, SQL_DEFAULT_EXPRESSION);
  assert_int_equal(parse("nextval('a_id_seq'::regclass)", DM_NATIVE_INTEGER, SQL_REQUIRED).kind,
                   SQL_DEFAULT_SEQUENCE);
  assert_int_equal(parse("(1 + 1)", DM_NATIVE_INTEGER, SQL_REQUIRED).kind, SQL_DEFAULT_EXPRESSION);
  assert_int_equal(parse("'a'::text || 'b'::text", DM_NATIVE_TEXT, SQL_REQUIRED).kind,
                   SQL_DEFAULT_EXPRESSION);
  assert_int_equal(parse("'a'::\"unfinished", DM_NATIVE_TEXT, SQL_REQUIRED).kind, SQL_DEFAULT_EXPRESSION);
  assert_int_equal(parse("'unfinished", DM_NATIVE_TEXT, SQL_REQUIRED).kind, SQL_DEFAULT_EXPRESSION);
}

static void lists(void **state)
{
  (void)state;
  sql_default read =
      parse("(ARRAY['a'::text, 'b''c'::text])::character varying(3)[]", DM_NATIVE_VARCHAR, SQL_LIST);
  assert_int_equal(read.kind, SQL_DEFAULT_LIST);
  assert_int_equal(read.len, 2);
  assert_str_eq(read.items[1], "b'c");
  assert_int_equal(parse("ARRAY[]::text[]", DM_NATIVE_TEXT, SQL_LIST).len, 0);
  assert_int_equal(parse("'{}'::text[]", DM_NATIVE_TEXT, SQL_LIST).kind, SQL_DEFAULT_LIST);
  assert_int_equal(parse("ARRAY['a'::text, f()]", DM_NATIVE_TEXT, SQL_LIST).kind, SQL_DEFAULT_EXPRESSION);
}

static bool same(sql_default a, sql_default b, dm_native native)
{
  sql_column x = {.type = {.kind = SQL_TYPE_NATIVE, .native = native}, .default_ = a}, y = x;
  y.default_ = b;
  return sql_default_same(mem, &x, &y);
}

static void a_default_of_the_schema_and_its_echo(void **state)
{
  (void)state;
  sql_default five = {.kind = SQL_DEFAULT_LITERAL, .text = STR("5")};
  sql_default text = {.kind = SQL_DEFAULT_EXPRESSION, .text = STR("GEN_RANDOM_UUID()")};
  sql_default quoted_five = {.kind = SQL_DEFAULT_EXPRESSION, .text = STR("'5'")};
  assert_true(same(five, parse("5.0", DM_NATIVE_DECIMAL, SQL_REQUIRED), DM_NATIVE_DECIMAL));
  assert_false(same(five, parse("6", DM_NATIVE_DECIMAL, SQL_REQUIRED), DM_NATIVE_DECIMAL));
  assert_true(same(text, parse("gen_random_uuid()", DM_NATIVE_UUID, SQL_REQUIRED), DM_NATIVE_UUID));
  assert_true(same(quoted_five, parse("5", DM_NATIVE_INTEGER, SQL_REQUIRED), DM_NATIVE_INTEGER));
  assert_false(same((sql_default){0}, five, DM_NATIVE_INTEGER));
  assert_false(same(five, (sql_default){.kind = SQL_DEFAULT_SEQUENCE}, DM_NATIVE_INTEGER));
}

/* ---- quoting ---- */

static void names_and_literals(void **state)
{
  (void)state;
  buf out = {.mem = mem};
  sql_name(&out, STR("a\"b"), STR("c"));
  BUF_LIT(&out, " ");
  sql_literal(&out, STR("it's 'so' \\ fine"));
  BUF_LIT(&out, " ");
  sql_nextval(&out, STR("a"), STR("t_id_seq"));
  BUF_LIT(&out, " ");
  sql_sequence(&out, STR_NONE, STR("t id"));
  assert_str_eq(buf_str(&out), "\"a\"\"b\".\"c\" 'it''s ''so'' \\ fine' nextval('\"a\".t_id_seq') \"t id\"");
}

static void unquoting(void **state)
{
  (void)state;
  str out;
  assert_int_equal(sql_unquote(mem, STR("'it''s' rest"), &out), 7);
  assert_str_eq(out, "it's");
  assert_int_equal(sql_unquote(mem, STR("\"a\"\"b\""), &out), 6);
  assert_str_eq(out, "a\"b");
  assert_int_equal(sql_unquote(mem, STR("'open"), &out), 0);
  assert_int_equal(sql_unquote(mem, STR("bare"), &out), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),
      cmocka_unit_test(json),
      cmocka_unit_test(json_that_is_deep_is_compared_as_text),
      cmocka_unit_test(literals),
      cmocka_unit_test(expressions),
      cmocka_unit_test(lists),
      cmocka_unit_test(a_default_of_the_schema_and_its_echo),
      cmocka_unit_test(names_and_literals),
      cmocka_unit_test(unquoting),
  };
  return cmocka_run_group_tests_name("sql_value", tests, set_up, tear_down);
}
