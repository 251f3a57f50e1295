#include "fmt/print.h"

/* ---- expressions ---- */

static void fmt_args(const source_set *sources, const ast_args *args, buf *out)
{
  for (size_t i = 0; i < args->len; i++) {
    const ast_arg *arg = &args->items[i];
    if (i) BUF_LIT(out, ", ");
    if (arg->name.text.len) {
      buf_add(out, arg->name.text);
      BUF_LIT(out, ": ");
    }
    if (arg->value) fmt_expr(sources, arg->value, out);
  }
}

void fmt_expr(const source_set *sources, const ast_expr *expr, buf *out)
{
  switch (expr->kind) {
  case AST_STRING: /* as written, escapes and all */
  case AST_NUMBER:
  case AST_CONSTANT: buf_add(out, span_text(sources, expr->place)); break;
  case AST_ARRAY:
    buf_char(out, '[');
    for (size_t i = 0; i < expr->len; i++) {
      if (i) BUF_LIT(out, ", ");
      fmt_expr(sources, expr->items[i], out);
    }
    buf_char(out, ']');
    break;
  case AST_FUNCTION:
    buf_add(out, expr->text);
    buf_char(out, '(');
    fmt_args(sources, expr->args, out);
    buf_char(out, ')');
    break;
  case AST_OBJECT:
    buf_char(out, '{');
    if (expr->args->len) buf_char(out, ' ');
    fmt_args(sources, expr->args, out);
    if (expr->args->len) buf_char(out, ' ');
    buf_char(out, '}');
    break;
  }
}

/* ---- types ---- */

void fmt_type(const source_set *sources, const ast_field *field, buf *out)
{
  if (!field->type.text.len) return;
  buf_add(out, span_text(sources, field->type_place));
  if (field->arity == AST_LIST) BUF_LIT(out, "[]");
  if (field->arity == AST_OPTIONAL || field->optional_list) buf_char(out, '?');
}

/* ---- attributes ---- */

void fmt_attr(const source_set *sources, const ast_attr *attr, str sign, buf *out)
{
  buf_add(out, sign);
  buf_add(out, attr->name.text);
  if (!attr->args->present) return;
  buf_char(out, '(');
  fmt_args(sources, attr->args, out);
  buf_char(out, ')');
}

size_t fmt_attr_rank(const ast_attr *attr)
{
  static const str order[] = {STR_INIT("id"),       STR_INIT("unique"), STR_INIT("default"),
                              STR_INIT("updatedAt"), STR_INIT("index"),  STR_INIT("fulltext"),
                              STR_INIT("map"),       STR_INIT("relation"), STR_INIT("ignore")};
  enum { COUNT = sizeof order / sizeof order[0] };
  for (size_t i = 0; i < COUNT; i++)
    if (str_eq(attr->name.text, order[i])) return i;
  return COUNT;
}

ast_attrs fmt_sorted_attrs(const ast_attrs *attrs, arena *mem)
{
  ast_attrs sorted = {0};
  size_t next = 0;
  for (size_t rank = 0; next != SIZE_MAX; rank = next) {
    next = SIZE_MAX;
    for (size_t i = 0; i < attrs->len; i++) {
      size_t own = fmt_attr_rank(attrs->items[i]);
      if (own == rank && !attrs->items[i]->from_comment) vec_push(mem, &sorted, attrs->items[i]);
      if (own > rank && own < next) next = own;
    }
  }
  return sorted;
}
