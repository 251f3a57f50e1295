/* where: of an index or scope: raw("…"), or { field: value }, which becomes SQL. */
#include "dm/advise.h"
#include "dm/extensions.h"
#include "dm/literals.h"

/* ---- { field: value } ---- */

static bool scalar_takes(dm_scalar scalar, const ast_expr *value)
{
  bool boolean =
      value->kind == AST_CONSTANT && (str_eq(value->text, STR("true")) || str_eq(value->text, STR("false")));
  switch (scalar) {
  case DM_BOOLEAN: return boolean;
  case DM_INT:
  case DM_BIGINT:
  case DM_FLOAT: return value->kind == AST_NUMBER;
  case DM_DECIMAL: return value->kind == AST_NUMBER || value->kind == AST_STRING;
  case DM_STRING:
  case DM_JSON:
  case DM_DATETIME: return value->kind == AST_STRING;
  case DM_BYTES: /* no literal says them in both languages */
  case DM_SCALAR_COUNT: break;
  }
  return false;
}

/* Why the literal is no value of its type after all, NULL: it is one. */
static const char *literal_fault(dm_pass *pass, dm_scalar scalar, const ast_expr *value)
{
  switch (scalar) {
  case DM_INT:
  case DM_BIGINT: return dm_integer_fault(value->text);
  case DM_DECIMAL: return dm_decimal_fault(value->text);
  case DM_DATETIME: return dm_datetime_fault(value->text);
  case DM_JSON: {
    str fault = dm_json_fault(pass->mem, value->text);
    return fault.len ? sc_str_c(pass->mem, fault) : NULL;
  }
  case DM_BOOLEAN:
  case DM_BYTES:
  case DM_FLOAT:
  case DM_STRING:
  case DM_SCALAR_COUNT: break;
  }
  return NULL;
}

static void check_enum_value(dm_pass *pass, const ast_attr *attr, const dm_field *field,
                             const ast_expr *value)
{
  bool named = value->kind == AST_CONSTANT || value->kind == AST_STRING;
  for (size_t i = 0; named && i < field->enum_->value_count; i++)
    if (str_eq(field->enum_->values[i].name, value->text)) return;
  diag *d = dm_say_attr(
      pass, attr, "The `where` argument compares `%.*s` with `%.*s`, which is no value of the enum `%.*s`.",
      STR_ARG(field->name), STR_ARG(ast_expr_text(value, pass->mem)), STR_ARG(field->enum_->name));
  dm_suggest_enum_value(pass, d, field->enum_, value->text);
}

static void check_value(dm_pass *pass, const ast_attr *attr, const dm_field *field, const ast_expr *value)
{
  if (value->kind == AST_CONSTANT && str_eq(value->text, STR("null"))) {
    if (field->arity == AST_REQUIRED)
      dm_say_attr(pass, attr, "The `where` argument compares `%.*s` with null, but it is required.",
                  STR_ARG(field->name));
    return;
  }
  if (field->type == DM_TYPE_ENUM && field->arity != AST_LIST) {
    check_enum_value(pass, attr, field, value);
    return;
  }
  bool fits = field->type == DM_TYPE_SCALAR && field->arity != AST_LIST && scalar_takes(field->scalar, value);
  if (!fits)
    dm_say_attr(pass, attr, "The `where` argument compares `%.*s`, which is of type `%.*s%s`, with `%.*s`.",
                STR_ARG(field->name), STR_ARG(field->ast->type.text), field->arity == AST_LIST ? "[]" : "",
                STR_ARG(ast_expr_text(value, pass->mem)));
  const char *fault = fits ? literal_fault(pass, field->scalar, value) : NULL;
  if (fault)
    dm_say_attr(pass, attr, "The `where` argument compares `%.*s` with `%.*s`, which is no %.*s: %s",
                STR_ARG(field->name), STR_ARG(ast_expr_text(value, pass->mem)),
                STR_ARG(field->ast->type.text), fault);
}

static void check_entry(dm_pass *pass, const ast_attr *attr, const dm_draft *draft, const ast_arg *entry)
{
  const dm_field *field = dm_draft_field(draft, entry->name.text);
  if (!field || !dm_field_is_column(field)) {
    diag *d = dm_say_attr_at(
        pass, sc_str_c(pass->mem, sc_str_format(pass->mem, "@%.*s", STR_ARG(attr->name.text))), entry->place,
        "The `where` argument refers to the unknown field %.*s.", STR_ARG(entry->name.text));
    dm_suggest_column(pass, d, draft, entry->name.text);
    return;
  }
  const ast_expr *value = entry->value;
  if (value && value->kind == AST_OBJECT) {
    bool negated = value->args->len == 1 && str_eq(value->args->items[0].name.text, STR("not"));
    value = negated ? value->args->items[0].value : NULL;
  }
  if (value)
    check_value(pass, attr, field, value);
  else
    dm_say_attr(pass, attr, "The `where` argument compares `%.*s` with a value, or with { not: value }.",
                STR_ARG(field->name));
}

static void check_repeated(dm_pass *pass, const ast_attr *attr, const ast_args *entries)
{
  for (size_t i = 0; i < entries->len; i++)
    for (size_t k = 0; k < i; k++)
      if (str_eq(entries->items[i].name.text, entries->items[k].name.text)) {
        dm_say_attr(pass, attr, "The `where` argument compares `%.*s` twice.",
                    STR_ARG(entries->items[i].name.text));
        return;
      }
}

bool dm_check_where(dm_pass *pass, const ast_attr *attr, const dm_draft *draft, const ast_expr *value,
                    str *sql)
{
  if (value->kind == AST_OBJECT) {
    if (!value->args->len) dm_say_attr(pass, attr, "The `where` argument compares nothing.");
    check_repeated(pass, attr, value->args);
    for (size_t i = 0; i < value->args->len; i++) check_entry(pass, attr, draft, &value->args->items[i]);
    return true;
  }
  if (dm_raw(value, sql))
    dm_check_sql(pass, attr, *sql);
  else
    dm_say_attr(pass, attr, "The `where` argument is written as raw(\"…\") or { field: value }.");
  return false;
}
