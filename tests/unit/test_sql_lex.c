#include "unit/test.h"

#include "base/buf.h"
#include "sql/lex.h"

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

static const sql_script *lex(const char *text)
{
  return sql_lex(str_from(text), mem);
}

/* The statements, one in brackets after the other. */
static void assert_statements(const char *text, const char *expected)
{
  const sql_script *script = lex(text);
  buf out = {.mem = mem};
  for (size_t i = 0; i < script->statements.len; i++)
    sc_buf_format(&out, "[%.*s]", STR_ARG(sql_statement_text(script, &script->statements.items[i])));
  assert_str_eq(buf_str(&out), expected);
  assert_str_eq(script->message, "");
}

/* The tokens, each with the letter of its kind and, when it means something else than it says, its value. */
static void assert_tokens(const char *text, const char *expected)
{
  static const char letters[] = "wnsb0$om";
  const sql_script *script = lex(text);
  buf out = {.mem = mem};
  for (size_t i = 0; i < script->tokens.len; i++) {
    str written = sql_token_text(script, i), value = sql_token_value(script, i, mem);
    sc_buf_format(&out, "%s%c %.*s", i ? " | " : "", letters[script->tokens.items[i].kind], STR_ARG(written));
    if (!str_eq(written, value)) sc_buf_format(&out, " = %.*s", STR_ARG(value));
  }
  assert_str_eq(buf_str(&out), expected);
}

static void assert_problem(const char *text, sql_problem_kind kind, size_t line, const char *beginning)
{
  const sql_script *script = lex(text);
  assert_int_equal(script->problem, kind);
  assert_int_equal(script->problem_line, line);
  assert_str_eq(str_slice(script->message, 0, strlen(beginning)), beginning);
}

static void semicolons_end_statements(void **state)
{
  (void)state;
  assert_statements("", "");
  assert_statements(" -- nothing\n ", "");
  assert_statements("SELECT 1; SELECT 2", "[SELECT 1;][SELECT 2]");
  assert_statements(";;SELECT 1;; ; SELECT 2;", "[SELECT 1;][SELECT 2;]");
  assert_statements("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
                    "[CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);][SELECT 3]");
  assert_statements("SELECT 1 -- behind\n; -- ;\nSELECT /* ; */ 2 -- last",
                    "[SELECT 1 -- behind\n;][SELECT /* ; */ 2]");
}

static void semicolons_in_quotes_do_not(void **state)
{
  (void)state;
  assert_statements("SELECT ';'';'; SELECT \";\"\";\";", "[SELECT ';'';';][SELECT \";\"\";\";]");
  assert_statements("SELECT E'\\';'; SELECT e'\\\\'; SELECT '\\'; SELECT 1",
                    "[SELECT E'\\';';][SELECT e'\\\\';][SELECT '\\';][SELECT 1]");
  assert_statements("DO $$ ; $a$ ; $$; DO $a$ ; $$ ; $b$ $ $a $a$; SELECT 1",
                    "[DO $$ ; $a$ ; $$;][DO $a$ ; $$ ; $b$ $ $a $a$;][SELECT 1]");
  assert_statements("SELECT a$b$c; SELECT $1$2; SELECT $ä$;$ä$",
                    "[SELECT a$b$c;][SELECT $1$2;][SELECT $ä$;$ä$]");
  assert_statements("SELECT /* /* ; */ ; */ 1; SELECT 2 /**/; SELECT 3 /*/ ; */",
                    "[SELECT /* /* ; */ ; */ 1;][SELECT 2 /**/;][SELECT 3]");
  assert_statements(
      "SELECT U&';' UESCAPE ';'; SELECT U&\";\"; SELECT B'1;'; SELECT 'a' -- ;\n ';' ; SELECT 'a' ';'",
      "[SELECT U&';' UESCAPE ';';][SELECT U&\";\";][SELECT B'1;';][SELECT 'a' -- ;\n ';' ;][SELECT 'a' ';']");
}

static void a_functions_body_is_one_statement(void **state)
{
  (void)state;
  assert_statements(
      "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; "
      "END; SELECT 2;",
      "[CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 "
      "END; END;][SELECT 2;]");
  assert_statements("create procedure p() begin atomic end; select 1",
                    "[create procedure p() begin atomic end;][select 1]");
  assert_statements("BEGIN; SELECT 1; END; CREATE TABLE begin (atomic int); SELECT 1",
                    "[BEGIN;][SELECT 1;][END;][CREATE TABLE begin (atomic int);][SELECT 1]");
}

static void settings_of_strings_are_followed(void **state)
{
  (void)state;
  assert_statements(
      "SET standard_conforming_strings = off; SELECT '\\';'; SET SESSION standard_conforming_strings TO "
      "'on'; SELECT '\\'; SELECT 1",
      "[SET standard_conforming_strings = off;][SELECT '\\';';][SET SESSION "
      "standard_conforming_strings TO 'on';][SELECT '\\';][SELECT 1]");
}

static void tokens_are_told_apart(void **state)
{
  (void)state;
  assert_tokens("Select \"A\"\"b\", Äb_1$ FROM a.b",
                "w Select = select | n \"A\"\"b\" = A\"b | m , | w Äb_1$ | w FROM = "
                "from | w a | m . | w b");
  assert_tokens("1 1.5 .5 1e-3 1_000 0x1F 1..2 $12",
                "0 1 | 0 1.5 | 0 .5 | 0 1e-3 | 0 1_000 | 0 0x1F | 0 1 | o .. | 0 2 | $ $12");
  assert_tokens("a=-1 b||c d::e f@-g h:=1 i->>'j' *",
                "w a | o = | o - | 0 1 | w b | o || | w c | w d | o :: | w e | w f | "
                "o @- | w g | w h | o := | 0 1 | w i | o ->> | s 'j' = j | o *");
  assert_tokens("a+--x\nb-/*y*/c", "w a | o + | w b | o - | w c");
  assert_tokens("B'01' x'1F' N'n' $$a$$ $t$b$$c$t$",
                "b B'01' | b x'1F' | w N = n | s 'n' = n | s $$a$$ = a | s $t$b$$c$t$ = b$$c");
}

static void escapes_are_resolved(void **state)
{
  (void)state;
  assert_tokens("'it''s' 'a'\n 'b'", "s 'it''s' = it's | s 'a'\n 'b' = ab");
  assert_tokens("E'a\\'b\\\\\\n\\101\\x42\\u00e4\\U0001F600\\q'",
                "s E'a\\'b\\\\\\n\\101\\x42\\u00e4\\U0001F600\\q' = a'b\\\nABä😀q");
  assert_tokens("E'\\uD83D\\uDE00' U&'\\D83D\\DE00\\+01F600\\\\'",
                "s E'\\uD83D\\uDE00' = 😀 | s U&'\\D83D\\DE00\\+01F600\\\\' = 😀😀\\");
  assert_tokens("U&\"d!0061t\" UESCAPE '!'", "n U&\"d!0061t\" = dat | w UESCAPE = uescape | s '!' = !");
}

static void places_are_known(void **state)
{
  (void)state;
  const sql_script *script = lex("-- top\r\n\r\nSELECT (a, (b));\rDROP TABLE x;\n");
  assert_int_equal(script->statements.len, 2);
  const sql_statement *first = &script->statements.items[0], *second = &script->statements.items[1];
  assert_int_equal(first->lead, 0);
  assert_int_equal(first->line, 3);
  assert_int_equal(second->line, 4);
  assert_int_equal(second->lead, first->end);
  assert_int_equal(script->tokens.items[first->first + 1].depth, 0);
  assert_int_equal(script->tokens.items[first->first + 2].depth, 1);
  assert_int_equal(script->tokens.items[first->first + 5].depth, 2);
  assert_true(sql_statement_begins(script, second, STR("drop table")));
  assert_false(sql_statement_begins(script, second, STR("drop table x y")));
  assert_int_equal(sql_line_of(script, second->end), 4);
}

static void comments_give_orders(void **state)
{
  (void)state;
  str value;
  assert_true(
      sql_script_says(lex("-- hello\n--schemac:transaction  off \nSELECT 1"), STR("transaction"), &value));
  assert_str_eq(value, "off");
  assert_true(sql_script_says(lex("/* schemac:transaction off */"), STR("transaction"), &value));
  assert_str_eq(value, "off");
  assert_false(sql_script_says(lex("SELECT 1; -- schemac:transaction off"), STR("transaction"), &value));
  assert_false(sql_script_says(lex("-- schemac:transactions off\n"), STR("transaction"), &value));
  assert_false(sql_script_says(lex("-- see schemac:transaction off\n"), STR("transaction"), &value));
}

static void what_is_not_sql_is_refused(void **state)
{
  (void)state;
  assert_problem("SELECT 1;\n\\d users\n", SQL_PROBLEM_PSQL_COMMAND, 2,
                 "line 2: a backslash begins a command of psql");
  assert_problem("SELECT 1;\nCOPY \"t\" (a, b) FROM stdin WITH (FORMAT csv);\n1,2\n\\.\n", SQL_PROBLEM_COPY,
                 2, "line 2: COPY … FROM STDIN");
  assert_problem("\nSELECT 'a\n;", SQL_PROBLEM_OPEN_STRING, 2, "line 2: the string");
  assert_problem("SELECT $a$ $b$\n", SQL_PROBLEM_OPEN_STRING, 1, "line 1: the string");
  assert_problem("SELECT \"a", SQL_PROBLEM_OPEN_NAME, 1, "line 1: the quoted name");
  assert_problem("/* /* */", SQL_PROBLEM_OPEN_COMMENT, 1, "line 1: the comment");
  const sql_script *script = sql_lex(STR("SELECT 1;\nSELECT\0 2"), mem);
  assert_int_equal(script->problem, SQL_PROBLEM_NUL);
  assert_int_equal(script->problem_line, 2);
  assert_int_equal(script->statements.len, 2);
  assert_statements("COPY t FROM '/tmp/x'; COPY (SELECT 1 FROM stdin) TO STDOUT; COPY t TO STDOUT",
                    "[COPY t FROM '/tmp/x';][COPY (SELECT 1 FROM stdin) TO STDOUT;][COPY t TO STDOUT]");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(semicolons_end_statements),
      cmocka_unit_test(semicolons_in_quotes_do_not),
      cmocka_unit_test(a_functions_body_is_one_statement),
      cmocka_unit_test(settings_of_strings_are_followed),
      cmocka_unit_test(tokens_are_told_apart),
      cmocka_unit_test(escapes_are_resolved),
      cmocka_unit_test(places_are_known),
      cmocka_unit_test(comments_give_orders),
      cmocka_unit_test(what_is_not_sql_is_refused),
  };
  return cmocka_run_group_tests_name("sql_lex", tests, set_up, tear_down);
}
