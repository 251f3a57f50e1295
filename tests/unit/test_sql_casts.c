/* The cast matrix: which column types change in place, and at what risk. The expectations are Prisma's,
 * measured. */
#include "unit/golden.h"

#include "sql/sql.h"

static sql_column column(dm_native native, unsigned arg_count, uint32_t first, uint32_t second)
{
  return (sql_column){
      .name = STR("c"),
      .type = {.kind = SQL_TYPE_NATIVE, .native = native, .args = {first, second}, .arg_count = arg_count},
  };
}

#define PLAIN(native)              column(DM_NATIVE_##native, 0, 0, 0)
#define SIZED(native, n)           column(DM_NATIVE_##native, 1, n, 0)
#define DECIMALS(precision, scale) column(DM_NATIVE_DECIMAL, 2, precision, scale)

static sql_cast cast(sql_column from, sql_column to)
{
  return sql_cast_of(&from, &to);
}

static void integers(void **state)
{
  (void)state;
  assert_int_equal(cast(PLAIN(INTEGER), PLAIN(INTEGER)), SQL_CAST_SAME);
  assert_int_equal(cast(PLAIN(INTEGER), PLAIN(BIGINT)), SQL_CAST_SAFE);
  assert_int_equal(cast(PLAIN(BIGINT), PLAIN(INTEGER)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(INTEGER), PLAIN(OID)), SQL_CAST_NONE);
  assert_int_equal(cast(PLAIN(SMALLINT), SIZED(VARCHAR, 4)), SQL_CAST_SAFE);
  assert_int_equal(cast(PLAIN(SMALLINT), SIZED(VARCHAR, 3)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(SMALLINT), PLAIN(CHAR)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(INTEGER), DECIMALS(12, 2)), SQL_CAST_SAFE);
  assert_int_equal(cast(PLAIN(INTEGER), DECIMALS(11, 2)), SQL_CAST_RISKY);
}

static void decimals(void **state)
{
  (void)state;
  assert_int_equal(cast(DECIMALS(10, 2), DECIMALS(10, 2)), SQL_CAST_SAME);
  assert_int_equal(cast(DECIMALS(10, 2), DECIMALS(12, 4)), SQL_CAST_SAFE);
  assert_int_equal(cast(DECIMALS(10, 2), DECIMALS(12, 1)), SQL_CAST_RISKY);
  assert_int_equal(cast(DECIMALS(10, 2), PLAIN(DECIMAL)), SQL_CAST_SAFE);
  assert_int_equal(cast(PLAIN(DECIMAL), DECIMALS(65, 30)), SQL_CAST_RISKY);
  assert_int_equal(cast(DECIMALS(9, 0), PLAIN(INTEGER)), SQL_CAST_SAFE);
  assert_int_equal(cast(DECIMALS(10, 0), PLAIN(INTEGER)), SQL_CAST_RISKY);
  assert_int_equal(cast(DECIMALS(9, 1), PLAIN(INTEGER)), SQL_CAST_RISKY);
  assert_int_equal(cast(DECIMALS(10, 2), SIZED(VARCHAR, 12)), SQL_CAST_SAFE);
  assert_int_equal(cast(DECIMALS(10, 2), SIZED(VARCHAR, 11)), SQL_CAST_RISKY);
  assert_int_equal(cast(DECIMALS(10, 0), SIZED(VARCHAR, 11)), SQL_CAST_SAFE);
}

static void texts(void **state)
{
  (void)state;
  assert_int_equal(cast(PLAIN(TEXT), SIZED(VARCHAR, 1000)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(TEXT), PLAIN(VARCHAR)), SQL_CAST_SAFE);
  assert_int_equal(cast(SIZED(VARCHAR, 10), SIZED(VARCHAR, 20)), SQL_CAST_SAFE);
  assert_int_equal(cast(SIZED(VARCHAR, 20), SIZED(CHAR, 10)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(TEXT), PLAIN(INTEGER)), SQL_CAST_NONE);
  assert_int_equal(cast(PLAIN(UUID), SIZED(CHAR, 32)), SQL_CAST_SAFE);
  assert_int_equal(cast(PLAIN(UUID), SIZED(CHAR, 31)), SQL_CAST_NONE);
  assert_int_equal(cast(PLAIN(BOOLEAN), SIZED(CHAR, 4)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(BOOLEAN), SIZED(CHAR, 3)), SQL_CAST_NONE);
  assert_int_equal(cast(PLAIN(BYTEA), SIZED(VARCHAR, 3)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(BYTEA), SIZED(VARCHAR, 2)), SQL_CAST_NONE);
}

/* BIT and CHAR without a length hold one, so that a column is not made anew for saying so. */
static void length_one_may_be_left_out(void **state)
{
  (void)state;
  assert_int_equal(cast(SIZED(BIT, 1), PLAIN(BIT)), SQL_CAST_SAME);
  assert_int_equal(cast(SIZED(CHAR, 1), PLAIN(CHAR)), SQL_CAST_SAME);
  assert_int_equal(cast(SIZED(BIT, 3), SIZED(BIT, 4)), SQL_CAST_NONE);
  assert_int_equal(cast(SIZED(VARBIT, 3), SIZED(BIT, 3)), SQL_CAST_RISKY);
  assert_int_equal(cast(SIZED(VARBIT, 3), SIZED(BIT, 4)), SQL_CAST_NONE);
}

static void times(void **state)
{
  (void)state;
  assert_int_equal(cast(SIZED(TIMESTAMP, 3), PLAIN(TIMESTAMP)), SQL_CAST_SAME);
  assert_int_equal(cast(SIZED(TIMESTAMP, 3), SIZED(TIMESTAMP, 6)), SQL_CAST_SAFE);
  assert_int_equal(cast(SIZED(TIMESTAMP, 3), PLAIN(DATE)), SQL_CAST_SAFE);
  assert_int_equal(cast(PLAIN(DATE), PLAIN(TIME)), SQL_CAST_NONE);
  assert_int_equal(cast(PLAIN(TIMETZ), SIZED(VARCHAR, 18)), SQL_CAST_NONE);
  assert_int_equal(cast(PLAIN(TIMETZ), SIZED(VARCHAR, 19)), SQL_CAST_SAFE);
}

static void rest_of_a_type(void **state)
{
  (void)state;
  assert_int_equal(cast(PLAIN(MONEY), PLAIN(UUID)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(CITEXT), PLAIN(INTEGER)), SQL_CAST_RISKY);
  assert_int_equal(cast(PLAIN(CITEXT), PLAIN(TEXT)), SQL_CAST_SAFE);
}

static void lists(void **state)
{
  (void)state;
  sql_column list = PLAIN(INTEGER), scalar = PLAIN(INTEGER), text = PLAIN(TEXT),
             short_text = SIZED(VARCHAR, 9);
  list.arity = SQL_LIST;
  assert_int_equal(sql_cast_of(&list, &text), SQL_CAST_SAFE);
  assert_int_equal(sql_cast_of(&list, &short_text), SQL_CAST_RISKY);
  assert_int_equal(sql_cast_of(&list, &scalar), SQL_CAST_NONE);
  assert_int_equal(sql_cast_of(&scalar, &list), SQL_CAST_NONE);
}

static void enums_and_other_types(void **state)
{
  (void)state;
  sql_column mood = {.type = {.kind = SQL_TYPE_ENUM, .name = STR("Mood")}};
  sql_column role = {.type = {.kind = SQL_TYPE_ENUM, .name = STR("Role")}};
  sql_column circle = {.type = {.kind = SQL_TYPE_OTHER, .name = STR("circle")}}, text = PLAIN(TEXT);
  assert_int_equal(sql_cast_of(&mood, &mood), SQL_CAST_SAME);
  assert_int_equal(sql_cast_of(&mood, &role), SQL_CAST_NONE);
  assert_int_equal(sql_cast_of(&mood, &text), SQL_CAST_NONE);
  assert_int_equal(sql_cast_of(&circle, &text), SQL_CAST_RISKY);
}

/* ---- the matrix ----
 *
 * tests/diff/casts.tsv: a type a column, as a schema says it; a row for each of them. What
 * `tests/conformance/run casts` has measured of Prisma's engine. */

typedef VEC(str) words;

static words split(arena *mem, str text, char separator)
{
  words out = {0};
  for (;;) {
    size_t at = sc_str_find_char(text, separator);
    vec_push(mem, &out, str_slice(text, 0, at == SIZE_MAX ? text.len : at));
    if (at == SIZE_MAX) return out;
    text = str_slice(text, at + 1, text.len);
  }
}

/* A model of columns c1, c2 … of these types; `all` of them of the first where it is given. */
static const sql_schema *table_of(arena *mem, const words *types, const str *all)
{
  buf text = {.mem = mem};
  BUF_LIT(&text, "datasource db {\n  provider = \"postgresql\"\n  url = \"postgresql://x\"\n}\nmodel M {\n  "
                 "id Int @id\n");
  for (size_t i = 1; i < types->len; i++) {
    words parts = split(mem, all ? *all : types->items[i], ' ');
    sc_buf_format(&text, "  c%zu %.*s%s", i, STR_ARG(parts.items[0]),
                  str_ends(parts.items[0], STR("]")) ? "" : "?");
    if (parts.len > 1) sc_buf_format(&text, " %.*s", STR_ARG(parts.items[1]));
    buf_char(&text, '\n');
  }
  BUF_LIT(&text, "}\n");
  source_set *sources = arena_new(mem, source_set);
  vec_push(mem, sources, (source){.path = STR("casts.prisma"), .text = buf_str(&text)});
  diag_list *diags = diag_list_new(mem);
  const dm_schema *model = dm_resolve(ast_parse(sources, mem, diags), NULL, mem, diags);
  if (!model) fail_msg("%.*s", STR_ARG(diags->items[0]->message));
  return sql_lower(model, mem);
}

static const char *cast_word(const sql_plan *plan, str column_name)
{
  static const char *const names[] = {[SQL_CAST_SAME] = "same",
                                      [SQL_CAST_SAFE] = "safe",
                                      [SQL_CAST_RISKY] = "risky",
                                      [SQL_CAST_NONE] = "drop"};
  for (size_t i = 0; i < plan->len; i++)
    for (size_t j = 0; j < plan->steps[i].change_count; j++) {
      const sql_change *change = &plan->steps[i].changes[j];
      if (change->from && str_eq(change->from->name, column_name))
        return change->kind == SQL_RECREATE_COLUMN ? "drop" : names[change->cast];
    }
  return "same";
}

/* A time of day keeps its values when its precision changes, which Prisma drops. */
static bool keeps_time(str from, str to)
{
  return sc_str_find(from, STR("@db.Time(")) != SIZE_MAX && sc_str_find(to, STR("@db.Time(")) != SIZE_MAX;
}

static void every_type_to_every_other(void **state)
{
  (void)state;
  arena *mem = sc_arena_new_fatal(test_out_of_memory);
  const char *root = getenv("ROOT") ? getenv("ROOT") : ".";
  str text = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s/tests/diff/casts.tsv", root)));
  words lines = split(mem, sc_str_trim(text), '\n'), types = split(mem, lines.items[0], '\t');
  assert_int_equal(lines.len, types.len);
  const sql_schema *to = table_of(mem, &types, NULL);
  for (size_t i = 1; i < lines.len; i++) {
    words row = split(mem, lines.items[i], '\t');
    assert_int_equal(row.len, types.len);
    const sql_plan *plan = sql_diff(table_of(mem, &types, &row.items[0]), to, NULL, mem);
    for (size_t j = 1; j < row.len; j++) {
      const char *found = cast_word(plan, sc_str_format(mem, "c%zu", j));
      const char *wanted =
          keeps_time(row.items[0], types.items[j]) && i != j ? "safe" : sc_str_c(mem, row.items[j]);
      if (strcmp(found, wanted) != 0)
        fail_msg("%.*s to %.*s is %s and should be %s", STR_ARG(row.items[0]), STR_ARG(types.items[j]), found,
                 wanted);
    }
  }
  sc_arena_free(mem);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers),
      cmocka_unit_test(decimals),
      cmocka_unit_test(texts),
      cmocka_unit_test(length_one_may_be_left_out),
      cmocka_unit_test(times),
      cmocka_unit_test(rest_of_a_type),
      cmocka_unit_test(lists),
      cmocka_unit_test(enums_and_other_types),
      cmocka_unit_test(every_type_to_every_other),
  };
  return cmocka_run_group_tests_name("sql_casts", tests, NULL, NULL);
}
