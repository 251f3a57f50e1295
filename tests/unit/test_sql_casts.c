/* The cast matrix: which column types change in place, and at what risk. The expectations are Prisma's,
 * measured. */
#include "unit/test.h"

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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers), cmocka_unit_test(decimals),
      cmocka_unit_test(texts),    cmocka_unit_test(length_one_may_be_left_out),
      cmocka_unit_test(times),    cmocka_unit_test(rest_of_a_type),
      cmocka_unit_test(lists),    cmocka_unit_test(enums_and_other_types),
  };
  return cmocka_run_group_tests_name("sql_casts", tests, NULL, NULL);
}
