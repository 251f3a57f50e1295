#include "syntax/ast.h"

#include "base/buf.h"

const char *ast_block_keyword(ast_block_kind kind)
{
  static const char *const keywords[] = {
      [AST_MODEL] = "model",
      [AST_VIEW] = "view",
      [AST_ENUM] = "enum",
      [AST_TYPE] = "type",
      [AST_DATASOURCE] = "datasource",
      [AST_GENERATOR] = "generator",
      [AST_BLOCK_COMMENT] = "",
      [AST_BLOCK_INVALID] = "",
  };
  return keywords[kind];
}

const ast_args ast_no_args;

const ast_arg *ast_args_named(const ast_args *args, str name)
{
  for (size_t i = 0; i < args->len; i++)
    if (args->items[i].name.text.len && str_eq(args->items[i].name.text, name)) return &args->items[i];
  return NULL;
}

/* ---- printing ---- */

static void print_expr(const ast_expr *expr, buf *out);

/* An argument that lacks its value is left out. */
static void print_args(const ast_args *args, const char *separator, buf *out)
{
  const char *before = "";
  for (size_t i = 0; i < args->len; i++) {
    const ast_arg *arg = &args->items[i];
    if (!arg->value) continue;
    buf_add(out, str_from(before));
    before = separator;
    if (arg->name.text.len) {
      buf_add(out, arg->name.text);
      BUF_LIT(out, ": ");
    }
    print_expr(arg->value, out);
  }
}

static void print_expr(const ast_expr *expr, buf *out)
{
  switch (expr->kind) {
  case AST_STRING: sc_buf_json(out, expr->text); break;
  case AST_NUMBER:
  case AST_CONSTANT: buf_add(out, expr->text); break;
  case AST_ARRAY:
    buf_char(out, '[');
    for (size_t i = 0; i < expr->len; i++) {
      if (i) buf_char(out, ',');
      print_expr(expr->items[i], out);
    }
    buf_char(out, ']');
    break;
  case AST_FUNCTION:
    buf_add(out, expr->text);
    buf_char(out, '(');
    print_args(expr->args, ",", out);
    buf_char(out, ')');
    break;
  case AST_OBJECT:
    BUF_LIT(out, "{ ");
    print_args(expr->args, ", ", out);
    BUF_LIT(out, " }");
    break;
  }
}

str ast_expr_text(const ast_expr *expr, arena *mem)
{
  buf out = {.mem = mem};
  sc_buf_reserve(&out, 1);
  print_expr(expr, &out);
  return buf_str(&out);
}
