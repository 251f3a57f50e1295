/* The matrix of casts.def, and the types that only differ in their arguments. */
#include "sql/sql.h"

/* Characters that a text column without a limit holds. */
#define ANY_TEXT UINT32_MAX

typedef enum cast_rule {
  RULE_SAFE,
  RULE_RISKY,
  RULE_TEXT,
  RULE_TEXT_ONLY,
  RULE_DIGITS,
  RULE_INTEGRAL,
  RULE_DECIMAL_TEXT,
  RULE_LENGTH,
  RULE_LENGTH_ONLY,
  RULE_SHORTER,
  RULE_BOOLEAN_TEXT,
  RULE_BYTES_TEXT,
} cast_rule;

typedef struct cast_row cast_row;
struct cast_row {
  dm_native from, to; /* to: DM_NATIVE_COUNT for any */
  cast_rule rule;
  uint32_t n;
};

static const cast_row rows[] = {
#define CAST(from, to, rule, n) {DM_NATIVE_##from, DM_NATIVE_##to, RULE_##rule, (n)},
#define CAST_ELSE(from, rule)   {DM_NATIVE_##from, DM_NATIVE_COUNT, RULE_##rule, 0},
#include "sql/casts.def"
#undef CAST
#undef CAST_ELSE
};

static const cast_row *find_row(dm_native from, dm_native to)
{
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].from == from && (rows[i].to == to || rows[i].to == DM_NATIVE_COUNT)) return &rows[i];
  return NULL;
}

/* Characters or bits that a column holds at most. CHAR and BIT alone mean one. */
static uint32_t length_of(const sql_type *type)
{
  if (type->arg_count) return type->args[0];
  return type->native == DM_NATIVE_CHAR || type->native == DM_NATIVE_BIT ? 1 : ANY_TEXT;
}

static sql_cast safe_or(bool safe, sql_cast otherwise)
{
  return safe ? SQL_CAST_SAFE : otherwise;
}

/* The sign, the digits and the point. */
static uint32_t decimal_characters(const sql_type *type)
{
  if (type->arg_count < 2) return ANY_TEXT;
  return type->args[0] + (type->args[1] ? 2 : 1);
}

static sql_cast apply_rule(const cast_row *row, const sql_type *from, const sql_type *to)
{
  uint32_t room = length_of(to);
  switch (row->rule) {
  case RULE_SAFE: return SQL_CAST_SAFE;
  case RULE_RISKY: return SQL_CAST_RISKY;
  case RULE_TEXT: return safe_or(room >= row->n, SQL_CAST_RISKY);
  case RULE_TEXT_ONLY: return safe_or(room >= row->n, SQL_CAST_NONE);
  case RULE_DIGITS: return safe_or(to->arg_count < 2 || to->args[0] - to->args[1] >= row->n, SQL_CAST_RISKY);
  case RULE_INTEGRAL:
    return safe_or(from->arg_count == 2 && from->args[1] == 0 && from->args[0] <= row->n, SQL_CAST_RISKY);
  case RULE_DECIMAL_TEXT: return safe_or(room >= decimal_characters(from), SQL_CAST_RISKY);
  case RULE_LENGTH: return safe_or(room >= length_of(from), SQL_CAST_RISKY);
  case RULE_LENGTH_ONLY: return safe_or(room >= length_of(from), SQL_CAST_NONE);
  case RULE_SHORTER: return room <= length_of(from) ? SQL_CAST_RISKY : SQL_CAST_NONE;
  case RULE_BOOLEAN_TEXT: return room >= 5 ? SQL_CAST_SAFE : room == 4 ? SQL_CAST_RISKY : SQL_CAST_NONE;
  case RULE_BYTES_TEXT: return room == ANY_TEXT ? SQL_CAST_SAFE : room > 2 ? SQL_CAST_RISKY : SQL_CAST_NONE;
  }
  return SQL_CAST_NONE;
}

static sql_cast cast_decimal(const sql_type *from, const sql_type *to)
{
  if (from->arg_count < 2 && to->arg_count < 2) return SQL_CAST_SAME;
  if (to->arg_count < 2) return SQL_CAST_SAFE;
  if (from->arg_count < 2) return SQL_CAST_RISKY;
  if (from->args[0] == to->args[0] && from->args[1] == to->args[1]) return SQL_CAST_SAME;
  bool fits = to->args[0] - to->args[1] >= from->args[0] - from->args[1] && to->args[1] >= from->args[1];
  return safe_or(fits, SQL_CAST_RISKY);
}

/* The same type with other arguments. */
static sql_cast cast_arguments(const sql_type *from, const sql_type *to)
{
  if (from->native == DM_NATIVE_DECIMAL) return cast_decimal(from, to);
  if (from->native == DM_NATIVE_VARCHAR || from->native == DM_NATIVE_CHAR ||
      from->native == DM_NATIVE_VARBIT || from->native == DM_NATIVE_BIT) {
    if (length_of(from) == length_of(to)) return SQL_CAST_SAME;
    bool bits = from->native == DM_NATIVE_VARBIT || from->native == DM_NATIVE_BIT;
    bool fits = length_of(to) > length_of(from) && from->native != DM_NATIVE_BIT;
    return safe_or(fits, bits ? SQL_CAST_NONE : SQL_CAST_RISKY);
  }
  /* A time's precision is only compared where both say one. */
  bool differs = from->arg_count && to->arg_count && from->args[0] != to->args[0];
  return differs ? SQL_CAST_SAFE : SQL_CAST_SAME;
}

static sql_cast cast_native(const sql_type *from, const sql_type *to)
{
  if (from->native == to->native) return cast_arguments(from, to);
  const cast_row *row = find_row(from->native, to->native);
  return row ? apply_rule(row, from, to) : SQL_CAST_NONE;
}

/* A list becomes a text, and nothing else becomes or was a list. */
static sql_cast cast_list(const sql_column *from, const sql_column *to)
{
  if (from->arity != SQL_LIST || to->type.kind != SQL_TYPE_NATIVE) return SQL_CAST_NONE;
  dm_native native = to->type.native;
  if (native != DM_NATIVE_TEXT && native != DM_NATIVE_VARCHAR && native != DM_NATIVE_CHAR)
    return SQL_CAST_NONE;
  return safe_or(length_of(&to->type) == ANY_TEXT, SQL_CAST_RISKY);
}

sql_cast sql_cast_of(const sql_column *from, const sql_column *to)
{
  const sql_type *a = &from->type, *b = &to->type;
  bool same_enum = a->kind == SQL_TYPE_ENUM && b->kind == SQL_TYPE_ENUM && str_eq(a->name, b->name);
  if ((a->kind == SQL_TYPE_ENUM || b->kind == SQL_TYPE_ENUM) && !same_enum) return SQL_CAST_NONE;
  if ((from->arity == SQL_LIST) != (to->arity == SQL_LIST)) return cast_list(from, to);
  if (same_enum) return SQL_CAST_SAME;
  if (a->kind == SQL_TYPE_OTHER && b->kind == SQL_TYPE_OTHER) return SQL_CAST_SAME;
  if (a->kind == SQL_TYPE_OTHER || b->kind == SQL_TYPE_OTHER) return SQL_CAST_RISKY;
  return cast_native(a, b);
}

/* ---- what PostgreSQL does not cast by itself ---- */

static bool is_in(const dm_native *natives, dm_native native)
{
  while (*natives != DM_NATIVE_COUNT && *natives != native) natives++;
  return *natives != DM_NATIVE_COUNT;
}

str sql_cast_detour(const sql_type *from, const sql_type *to)
{
  static const dm_native texts[] = {DM_NATIVE_TEXT, DM_NATIVE_VARCHAR, DM_NATIVE_CHAR, DM_NATIVE_CITEXT,
                                    DM_NATIVE_COUNT};
  static const dm_native numbers[] = {DM_NATIVE_SMALLINT, DM_NATIVE_INTEGER,          DM_NATIVE_BIGINT,
                                      DM_NATIVE_REAL,     DM_NATIVE_DOUBLE_PRECISION, DM_NATIVE_COUNT};
  if (from->kind != SQL_TYPE_NATIVE || to->kind != SQL_TYPE_NATIVE || from->native == to->native)
    return STR_NONE;
  if (from->native == DM_NATIVE_TIMESTAMP && to->native == DM_NATIVE_TIMETZ) return STR("::timestamptz");
  if (from->native == DM_NATIVE_CITEXT && !is_in(texts, to->native)) return STR("::text");
  if (from->native != DM_NATIVE_MONEY || to->native == DM_NATIVE_DECIMAL || is_in(texts, to->native))
    return STR_NONE;
  if (to->native == DM_NATIVE_OID) return STR("::numeric::bigint");
  return is_in(numbers, to->native) ? STR("::numeric") : STR("::text");
}
