/* Extensions that wait in the model: every argument is one that the attribute has, and of its kind. */
#include "dm/advise.h"
#include "dm/extensions.h"

#include <stdlib.h>

typedef struct checker checker;
struct checker {
  dm_pass *pass;
  dm_attrs *attrs;
  const dm_draft *draft;
  const char *argument; /* "_": the unnamed one */
};

static void say(const checker *c, const char *what)
{
  if (c->argument[0] == '_')
    dm_say_attr(c->pass, c->attrs->attr, "The argument without a name is %s.", what);
  else
    dm_say_attr(c->pass, c->attrs->attr, "The `%s` argument is %s.", c->argument, what);
}

/* ---- the kinds ---- */

static void check_SQL(const checker *c, const ast_expr *value)
{
  str sql;
  if (dm_raw(value, &sql))
    dm_check_sql(c->pass, c->attrs->attr, sql);
  else
    say(c, "SQL, written as raw(\"…\")");
}

static void check_QUERY(const checker *c, const ast_expr *value)
{
  if (value->kind == AST_STRING)
    dm_check_sql(c->pass, c->attrs->attr, value->text);
  else
    check_SQL(c, value);
}

static void check_TEXT(const checker *c, const ast_expr *value)
{
  if (value->kind != AST_STRING || !value->text.len) say(c, "text, written as \"…\"");
}

static void check_BOOLEAN(const checker *c, const ast_expr *value)
{
  bool unused;
  dm_coerce_boolean(c->pass, value, &unused);
}

static void check_NAME(const checker *c, const ast_expr *value)
{
  bool named = value->kind == AST_CONSTANT || (value->kind == AST_STRING && value->text.len);
  if (!named) say(c, "a name");
}

static void check_words(const checker *c, const ast_expr *value, const str *words, size_t count,
                        const char *what)
{
  for (size_t i = 0; i < count; i++)
    if (value->kind == AST_CONSTANT && str_eq(value->text, words[i])) return;
  diag *d = dm_say_attr(c->pass, c->attrs->attr, "The `%s` argument is one of %s, not `%.*s`.", c->argument,
                        what, STR_ARG(ast_expr_text(value, c->pass->mem)));
  dm_suggest(c->pass, d, value->text, words, count);
}

static void check_COMMAND(const checker *c, const ast_expr *value)
{
  static const str words[] = {STR_INIT("All"), STR_INIT("Select"), STR_INIT("Insert"), STR_INIT("Update"),
                              STR_INIT("Delete")};
  check_words(c, value, words, 5, "All, Select, Insert, Update, Delete");
}

static void check_METHOD(const checker *c, const ast_expr *value)
{
  static const str words[] = {STR_INIT("Range"), STR_INIT("List"), STR_INIT("Hash")};
  check_words(c, value, words, 3, "Range, List, Hash");
}

static const dm_field *column(const checker *c, const ast_expr *value)
{
  str name;
  if (!dm_coerce_constant(c->pass, value, &name)) return NULL;
  const dm_field *field = dm_draft_field(c->draft, name);
  if (field && dm_field_is_column(field)) return field;
  diag *d = dm_say_attr(c->pass, c->attrs->attr, "It refers to the unknown field %.*s.", STR_ARG(name));
  dm_suggest_column(c->pass, d, c->draft, name);
  return NULL;
}

static void check_FIELDS(const checker *c, const ast_expr *value)
{
  const ast_expr *const *items;
  size_t len = dm_array_items(&value, &items);
  if (!len) say(c, "a list of fields, which cannot be empty");
  for (size_t i = 0; i < len; i++) column(c, items[i]);
}

static void check_MARK(const checker *c, const ast_expr *value)
{
  const dm_field *field = column(c, value);
  if (!field) return;
  bool fits = field->type == DM_TYPE_SCALAR && field->scalar == DM_DATETIME && field->arity == AST_OPTIONAL;
  if (fits) return;
  diag *d = dm_say_attr(c->pass, c->attrs->attr,
                        "The field `%.*s` must be of type `DateTime?`: empty is not deleted.",
                        STR_ARG(field->name));
  diag_note_at(c->pass->diags, d, field->ast->name.place, "`%.*s` is declared here", STR_ARG(field->name));
}

static void check_WHERE(const checker *c, const ast_expr *value)
{
  str unused;
  dm_check_where(c->pass, c->attrs->attr, c->draft, value, &unused);
}

static bool are_two_numbers(const ast_expr *value)
{
  return value->kind == AST_ARRAY && value->len == 2 && value->items[0]->kind == AST_NUMBER &&
         value->items[1]->kind == AST_NUMBER;
}

/* Whole numbers as such; others as the nearest double, which is close enough to tell which is above. */
static bool is_above(dm_pass *pass, str a, str b)
{
  int64_t x = 0, y = 0;
  if (dm_parse_i64(a, &x) && dm_parse_i64(b, &y)) return x > y;
  return strtod(sc_str_c(pass->mem, a), NULL) > strtod(sc_str_c(pass->mem, b), NULL);
}

static void check_BOUNDS(const checker *c, const ast_expr *value)
{
  if (!are_two_numbers(value))
    say(c, "two numbers, written as [lowest, highest]");
  else if (is_above(c->pass, value->items[0]->text, value->items[1]->text))
    say(c, "[lowest, highest], and the lowest is above the highest");
}

static void check_LENGTHS(const checker *c, const ast_expr *value)
{
  for (size_t i = 0; are_two_numbers(value) && i < 2; i++) {
    int64_t length = -1;
    if (dm_parse_i64(value->items[i]->text, &length) && length >= 0) continue;
    say(c, "two lengths: whole numbers from 0");
    return;
  }
  check_BOUNDS(c, value);
}

/* ---- the tables ---- */

typedef struct argument_row argument_row;
struct argument_row {
  const char *attribute, *argument;
  void (*check)(const checker *, const ast_expr *);
  bool required;
};

static const argument_row arguments[] = {
#define CARRIED(attribute, repeated)
#define ARGUMENT(attribute, argument, kind, required) {attribute, argument, check_##kind, required},
#include "dm/carried.def"
#undef CARRIED
#undef ARGUMENT
};

static const struct {
  const char *attribute;
  bool repeated;
} carried[] = {
#define CARRIED(attribute, repeated) {attribute, repeated},
#define ARGUMENT(attribute, argument, kind, required)
#include "dm/carried.def"
#undef CARRIED
#undef ARGUMENT
};

static void check_arguments(dm_pass *pass, dm_attrs *attrs, const dm_draft *draft, const char *attribute)
{
  for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
    const argument_row *row = &arguments[i];
    if (strcmp(row->attribute, attribute) != 0) continue;
    checker c = {pass, attrs, draft, row->argument};
    const ast_expr *value = dm_arg(attrs, row->argument[0] == '_' ? STR("") : str_from(row->argument));
    if (value)
      row->check(&c, value);
    else if (row->required)
      say(&c, "missing");
  }
}

static const ast_expr *given_name(const ast_attr *attr)
{
  for (size_t i = 0; i < attr->args->len; i++) {
    const ast_expr *value = attr->args->items[i].value;
    if (!attr->args->items[i].name.text.len && value && value->kind <= AST_CONSTANT) return value;
  }
  return NULL;
}

/* @@scope(active, …) twice: the second is reported. */
static void check_name_taken(dm_pass *pass, const ast_attrs *before, const ast_attr *attr)
{
  const ast_expr *mine = given_name(attr);
  for (size_t i = 0; mine && i < before->len; i++) {
    const ast_expr *other = given_name(before->items[i]);
    if (!other || !str_eq(before->items[i]->name.text, attr->name.text) || !str_eq(other->text, mine->text))
      continue;
    diag *d = dm_say_attr(pass, attr, "The name `%.*s` is taken by another `@@%.*s` of the model.",
                          STR_ARG(mine->text), STR_ARG(attr->name.text));
    dm_note_first(pass, d, before->items[i]->full_place);
    return;
  }
}

void dm_carry(dm_pass *pass, dm_attrs *attrs, const dm_draft *draft, ast_attrs *found)
{
  for (size_t i = 0; i < sizeof carried / sizeof carried[0] && attrs->left; i++) {
    str name = str_from(carried[i].attribute);
    if (!dm_attribute_stands(name, attrs->place)) continue;
    while (carried[i].repeated ? dm_attrs_next(attrs, name) : dm_attrs_single(attrs, name)) {
      const ast_attr *attr = attrs->attr;
      pass->extended = true;
      check_arguments(pass, attrs, draft, carried[i].attribute);
      dm_args_end(attrs);
      if (carried[i].repeated && !str_eq(name, STR("exclude"))) check_name_taken(pass, found, attr);
      vec_push(pass->mem, found, attr);
    }
  }
}
