/* Expressions as the values that an argument wants. */
#include "dm/resolve.h"

void dm_coerce_failed(dm_pass *pass, const char *expected, const ast_expr *expr)
{
  static const char *const kinds[] = {
      [AST_STRING] = "string", [AST_NUMBER] = "numeric",      [AST_CONSTANT] = "literal",
      [AST_ARRAY] = "array",   [AST_FUNCTION] = "functional", [AST_OBJECT] = "object",
  };
  str written = ast_expr_text(expr, pass->mem);
  diag_add(pass->diags, DIAG_TYPE_MISMATCH, expr->place, str_from(expected), str_from(kinds[expr->kind]),
           written);
}

bool dm_coerce_string(dm_pass *pass, const ast_expr *expr, str *out)
{
  if (expr->kind != AST_STRING) {
    dm_coerce_failed(pass, "string", expr);
    return false;
  }
  *out = expr->text;
  return true;
}

bool dm_coerce_constant(dm_pass *pass, const ast_expr *expr, str *out)
{
  if (expr->kind != AST_CONSTANT) {
    dm_coerce_failed(pass, "constant", expr);
    return false;
  }
  *out = expr->text;
  return true;
}

bool dm_coerce_boolean(dm_pass *pass, const ast_expr *expr, bool *out)
{
  if (expr->kind == AST_CONSTANT && (str_eq(expr->text, STR("true")) || str_eq(expr->text, STR("false")))) {
    *out = str_eq(expr->text, STR("true"));
    return true;
  }
  dm_coerce_failed(pass, "boolean", expr);
  return false;
}

bool dm_parse_i64(str digits, int64_t *out)
{
  bool negative = digits.len > 0 && digits.ptr[0] == '-';
  uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, value = 0;
  size_t at = negative ? 1 : 0;
  if (at == digits.len) return false;
  for (; at < digits.len; at++) {
    if (digits.ptr[at] < '0' || digits.ptr[at] > '9') return false;
    uint64_t digit = (uint64_t)(digits.ptr[at] - '0');
    if (value > (limit - digit) / 10) return false;
    value = value * 10 + digit;
  }
  *out = negative ? (int64_t)(0 - value) : (int64_t)value;
  return true;
}

bool dm_coerce_integer(dm_pass *pass, const ast_expr *expr, int64_t *out)
{
  if (expr->kind == AST_NUMBER && dm_parse_i64(expr->text, out)) return true;
  dm_coerce_failed(pass, "numeric", expr);
  return false;
}

bool dm_raw(const ast_expr *expr, str *sql)
{
  if (expr->kind != AST_FUNCTION || !str_eq(expr->text, STR("raw"))) return false;
  if (expr->args->len != 1 || !expr->args->items[0].value || expr->args->items[0].value->kind != AST_STRING)
    return false;
  *sql = expr->args->items[0].value->text;
  return true;
}

size_t dm_array_items(const ast_expr *const *expr, const ast_expr *const **items)
{
  if ((*expr)->kind != AST_ARRAY) {
    *items = expr;
    return 1;
  }
  *items = (const ast_expr *const *)(*expr)->items;
  return (*expr)->len;
}
