/* @default: what a column of each type may start with. The literal itself (a date that is one, JSON that
 * parses) is checked later, by the rules: see literals.c. */
#include "dm/advise.h"
#include "dm/attributes.h"
#include "dm/literals.h"

static bool is_function(const ast_expr *value, const char *name)
{
  return value->kind == AST_FUNCTION && str_eq(value->text, str_from(name));
}

/* ---- functions ---- */

typedef struct function_args function_args;
struct function_args {
  dm_pass *pass;
  const ast_attr *attr;
  const ast_expr *call;
  dm_default *out;
};

static const ast_expr *first_arg(const ast_expr *call)
{
  return call->args->len ? call->args->items[0].value : NULL;
}

static bool takes_nothing(function_args *f)
{
  if (!f->call->args->len) return true;
  dm_say_attr(f->pass, f->attr,
              "The `%.*s` function does not take any argument. Consider changing this default to `%.*s()`.",
              STR_ARG(f->call->text), STR_ARG(f->call->text));
  return false;
}

/* One number at most, `expected` when it is something else, `range` when it is out of [low, high]. */
static bool takes_number(function_args *f, const char *range, bool (*allowed)(int64_t))
{
  const ast_expr *arg = first_arg(f->call);
  bool one = f->call->args->len <= 1;
  if (!one || (arg && arg->kind != AST_NUMBER))
    dm_say_attr(f->pass, f->attr, "`%.*s()` takes a single Int argument.", STR_ARG(f->call->text));
  if (!arg) return one;
  if (arg->kind != AST_NUMBER) return false;
  int64_t number;
  if (!dm_parse_i64(arg->text, &number) || !allowed(number)) {
    dm_say_attr(f->pass, f->attr, "`%.*s()` takes either no argument, or a single integer argument %s.",
                STR_ARG(f->call->text), range);
    return false;
  }
  f->out->argument = (uint32_t)number;
  f->out->argument_written = true;
  return one;
}

static bool uuid_version(int64_t n)
{
  return n == 4 || n == 7;
}

static bool cuid_version(int64_t n)
{
  return n == 1 || n == 2;
}

static bool nanoid_length(int64_t n)
{
  return n >= 2 && n <= 255;
}

static bool dbgenerated(function_args *f)
{
  const ast_expr *arg = first_arg(f->call);
  bool one = f->call->args->len <= 1;
  if (!one) dm_say_attr(f->pass, f->attr, "`dbgenerated()` takes a single String argument");
  if (!arg) return one;
  if (arg->kind != AST_STRING) {
    dm_say_attr(f->pass, f->attr, "`dbgenerated()` takes a single String argument");
    return false;
  }
  if (!arg->text.len) {
    dm_say_attr(f->pass, f->attr,
                "dbgenerated() takes either no argument, or a single nonempty string argument.");
    return false;
  }
  f->out->sql = arg->text;
  return one;
}

static bool autoincrement(function_args *f)
{
  return takes_nothing(f);
}

static bool uuid(function_args *f)
{
  f->out->argument = 4;
  return takes_number(f, "which is either 4 or 7", uuid_version);
}

static bool cuid(function_args *f)
{
  f->out->argument = 1;
  return takes_number(f, "which is either 1 or 2", cuid_version);
}

static bool nanoid(function_args *f)
{
  f->out->argument = 21;
  return takes_number(f, "between 2 and 255", nanoid_length);
}

typedef struct default_function default_function;
struct default_function {
  const char *name;
  dm_default_kind kind;
  unsigned scalars; /* bit 1 << dm_scalar */
  bool (*check)(function_args *);
};

static const default_function functions[] = {
    {"autoincrement", DM_DEFAULT_AUTOINCREMENT, 1u << DM_INT | 1u << DM_BIGINT, autoincrement},
    {"uuid", DM_DEFAULT_UUID, 1u << DM_STRING, uuid},
    {"cuid", DM_DEFAULT_CUID, 1u << DM_STRING, cuid},
    {"ulid", DM_DEFAULT_ULID, 1u << DM_STRING, takes_nothing},
    {"nanoid", DM_DEFAULT_NANOID, 1u << DM_STRING, nanoid},
    {"now", DM_DEFAULT_NOW, 1u << DM_DATETIME, takes_nothing},
};

static bool visit_auto(function_args *f)
{
  if (!f->call->args->len) return true; /* refused by the rules, for every database but MongoDB */
  dm_say_attr(f->pass, f->attr, "`auto()` takes no arguments");
  return false;
}

/* True when the default is usable so far. */
static bool visit_function(function_args *f, dm_scalar scalar, bool named, dm_field_draft *draft)
{
  if (is_function(f->call, "autoincrement") && named) {
    dm_say_attr(f->pass, f->attr, "Naming an autoincrement default value is not allowed.");
    return false;
  }
  if (is_function(f->call, "auto")) return visit_auto(f);
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    if (!is_function(f->call, functions[i].name)) continue;
    if (functions[i].scalars & 1u << scalar) {
      f->out->kind = functions[i].kind;
      return functions[i].check(f);
    }
    dm_say_attr(f->pass, f->attr, "The function `%.*s()` cannot be used on fields of type `%s`.",
                STR_ARG(f->call->text), dm_scalar_name(scalar));
    return false;
  }
  draft->unknown_function = f->pass->unknown_functions = true;
  return true;
}

/* ---- literals ---- */

/* Whether the literal is of the right kind; not yet whether it reads as a value of the type. */
static bool visit_literal(dm_pass *pass, const ast_attr *attr, dm_scalar scalar, const ast_expr *value)
{
  if (scalar == DM_BOOLEAN && value->kind == AST_CONSTANT) {
    if (str_eq(value->text, STR("true")) || str_eq(value->text, STR("false"))) return true;
    dm_say_attr_at(pass, "@default", value->place, "A boolean literal must be `true` or `false`.");
    return false;
  }
  bool is_string = value->kind == AST_STRING, is_number = value->kind == AST_NUMBER, fits = false;
  switch (scalar) {
  case DM_STRING:
  case DM_JSON:
  case DM_BYTES:
  case DM_DATETIME: fits = is_string; break;
  case DM_INT:
  case DM_BIGINT:
  case DM_FLOAT: fits = is_number; break;
  case DM_DECIMAL: fits = is_number || is_string; break;
  case DM_BOOLEAN:
  case DM_SCALAR_COUNT: break;
  }
  if (fits) return true;
  dm_say_attr(pass, attr, "Expected a %s value, but found `%.*s`.", dm_scalar_name(scalar),
              STR_ARG(ast_expr_text(value, pass->mem)));
  return false;
}

static bool visit_scalar(dm_pass *pass, const ast_attr *attr, const dm_field *field, const ast_expr *value)
{
  if (field->arity != AST_LIST) {
    if (value->kind != AST_ARRAY) return visit_literal(pass, attr, field->scalar, value);
    dm_say_attr(pass, attr, "The default value of a non-list field cannot be a list.");
    return false;
  }
  if (value->kind != AST_ARRAY) {
    dm_say_attr(pass, attr, "The default value of a list field must be a list.");
    return false;
  }
  for (size_t i = 0; i < value->len; i++)
    if (!visit_literal(pass, attr, field->scalar, value->items[i])) return false;
  return true;
}

/* ---- enums ---- */

static const dm_enum_value *find_value(const dm_enum *enum_, str name)
{
  for (size_t i = 0; i < enum_->value_count; i++)
    if (str_eq(enum_->values[i].name, name)) return &enum_->values[i];
  return NULL;
}

static bool visit_enum_value(dm_pass *pass, const ast_attr *attr, const dm_enum *enum_, const ast_expr *value)
{
  if (value->kind != AST_CONSTANT)
    dm_say_attr(pass, attr, "Expected an enum value, but found `%.*s`.",
                STR_ARG(ast_expr_text(value, pass->mem)));
  else if (!find_value(enum_, value->text))
    dm_suggest_enum_value(
        pass,
        dm_say_attr(
            pass, attr,
            "The defined default value `%.*s` is not a valid value of the enum specified for the field.",
            STR_ARG(value->text)),
        enum_, value->text);
  else
    return true;
  return false;
}

static bool visit_enum(dm_pass *pass, const ast_attr *attr, const dm_field *field, const ast_expr *value)
{
  if (field->arity != AST_LIST) return visit_enum_value(pass, attr, field->enum_, value);
  if (value->kind != AST_ARRAY) {
    dm_say_attr(pass, attr, "Expected an enum value, but found `%.*s`.",
                STR_ARG(ast_expr_text(value, pass->mem)));
    return false;
  }
  for (size_t i = 0; i < value->len; i++)
    if (!visit_enum_value(pass, attr, field->enum_, value->items[i])) return false;
  return true;
}

/* ---- the attribute ---- */

static void refuse_composite(dm_pass *pass, const ast_attr *attr, const dm_field *field,
                             const ast_block *composite)
{
  diag_add(
      pass->diags, DIAG_FIELD, attr->place, field->name, STR("composite type"), composite->name.text,
      STR("Defaults on fields of type composite are not supported. Please remove the `@default` attribute."));
}

static dm_value_kind literal_kind(const dm_field *field, const ast_expr *value)
{
  if (field->type == DM_TYPE_ENUM) return DM_VALUE_ENUM;
  if (value->kind == AST_NUMBER) return DM_VALUE_NUMBER;
  return value->kind == AST_CONSTANT ? DM_VALUE_BOOLEAN : DM_VALUE_STRING;
}

static dm_value make_value(dm_pass *pass, const dm_field *field, const ast_expr *value)
{
  if (value->kind != AST_ARRAY) {
    dm_value made = {.kind = literal_kind(field, value), .text = value->text};
    if (made.kind == DM_VALUE_ENUM) made.enum_value = find_value(field->enum_, value->text);
    return made;
  }
  dm_value *items = arena_array(pass->mem, dm_value, value->len);
  for (size_t i = 0; i < value->len; i++) items[i] = make_value(pass, field, value->items[i]);
  return (dm_value){.kind = DM_VALUE_LIST, .items = items, .len = value->len};
}

void dm_default_attribute(dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  dm_pass *pass = attrs->pass;
  dm_field_draft *mine = &draft->fields[field->index];
  const ast_attr *attr = attrs->attr;
  const ast_expr *value = dm_arg_default(attrs, STR("value"));
  if (!value) return;
  str name;
  mine->default_named = dm_arg_name(attrs, STR("map"), &name);
  mine->default_attr = attr;

  bool usable = false;
  dm_default found = {.kind = DM_DEFAULT_VALUE};
  function_args f = {pass, attr, value, &found};
  if (is_function(value, "dbgenerated")) {
    found.kind = DM_DEFAULT_DBGENERATED;
    usable = dbgenerated(&f);
  } else if (mine->composite) {
    refuse_composite(pass, attr, field, mine->composite);
  } else if (field->type == DM_TYPE_ENUM) {
    usable = visit_enum(pass, attr, field, value);
  } else if (field->type == DM_TYPE_UNSUPPORTED) {
    dm_say_attr(pass, attr, "Only @default(dbgenerated(\"...\")) can be used for Unsupported types.");
  } else if (value->kind == AST_FUNCTION) {
    usable = visit_function(&f, field->scalar, mine->default_named, mine);
  } else {
    usable = visit_scalar(pass, attr, field, value);
  }
  if (!usable) return;
  if (found.kind == DM_DEFAULT_VALUE) found.value = make_value(pass, field, value);
  dm_default *kept = arena_raw(pass->mem, dm_default);
  *kept = found;
  field->default_ = kept;
  mine->default_value = value;
}

/* ---- after the attribute passes ---- */

/* Why a literal is no value of a type, and what it should have been; NULL when it is one. */
static str literal_fault(dm_pass *pass, dm_scalar scalar, const ast_expr *value, const char **expected)
{
  const char *fault = NULL;
  switch (scalar) {
  case DM_INT:
  case DM_BIGINT:
    *expected = "a valid integer";
    fault = dm_integer_fault(value->text);
    break;
  case DM_DECIMAL:
    *expected = "a valid decimal";
    fault = dm_decimal_fault(value->text);
    break;
  case DM_DATETIME:
    *expected = "a valid rfc3339 datetime string";
    fault = dm_datetime_fault(value->text);
    break;
  case DM_BYTES:
    *expected = "a valid base64 string";
    fault = dm_base64_fault(value->text);
    break;
  case DM_JSON: *expected = "a valid JSON string"; return dm_json_fault(pass->mem, value->text);
  case DM_STRING:
  case DM_BOOLEAN:
  case DM_FLOAT:
  case DM_SCALAR_COUNT: break;
  }
  return str_from(fault);
}

static void check_literal(dm_pass *pass, const dm_field *field, const ast_attr *attr, const ast_expr *value)
{
  if (value->kind == AST_ARRAY) {
    for (size_t i = 0; i < value->len; i++) check_literal(pass, field, attr, value->items[i]);
    return;
  }
  const char *expected = "";
  str fault = literal_fault(pass, field->scalar, value, &expected);
  if (!fault.len) return;
  /* Prisma forgets the @ of this one type */
  dm_say_attr_at(pass, field->scalar == DM_DECIMAL ? "default" : "@default", attr->place,
                 "Parse error: \"%.*s\" is not %s. (%.*s)", STR_ARG(value->text), expected, STR_ARG(fault));
}

void dm_check_default(dm_pass *pass, const dm_field *field, const dm_field_draft *draft)
{
  if (field->type == DM_TYPE_SCALAR && draft->default_value->kind != AST_FUNCTION)
    check_literal(pass, field, draft->default_attr, draft->default_value);
}

/* ---- composite types: parsed, and refused later for PostgreSQL ---- */

static void visit_composite_function(dm_pass *pass, const ast_attr *attr, const dm_field *field,
                                     const ast_expr *value)
{
  dm_field_draft draft = {0};
  dm_default unused = {0};
  function_args f = {pass, attr, value, &unused};
  visit_function(&f, field->scalar, false, &draft);
  if (draft.unknown_function) diag_add(pass->diags, DIAG_DEFAULT_FUNCTION_UNKNOWN, value->place, value->text);
}

static void visit_composite_default(dm_attrs *attrs, const ast_block *block, const ast_field *ast)
{
  dm_pass *pass = attrs->pass;
  const ast_attr *attr = attrs->attr;
  const ast_expr *value = dm_arg_default(attrs, STR("value"));
  if (!value) return;
  if (dm_arg(attrs, STR("map")))
    dm_say_attr(pass, attr, "The `map` argument is not allowed on a composite type field.");
  dm_field field = {.arity = ast->arity};
  bool is_value = dm_value_type(pass, ast, &field);
  if (is_function(value, "dbgenerated"))
    dm_say_attr(pass, attr, "Fields of composite types cannot have `dbgenerated()` as default.");
  else if (!is_value)
    diag_add(pass->diags, DIAG_FIELD, attr->place, ast->name.text, STR("composite type"),
             ast->unsupported ? block->name.text : ast->type.text, /* Prisma names the field's type */
             STR("Defaults on fields of type composite are not supported. Please remove the `@default` "
                 "attribute."));
  else if (field.type == DM_TYPE_ENUM)
    visit_enum(pass, attr, &field, value);
  else if (field.type == DM_TYPE_UNSUPPORTED)
    dm_say_attr(pass, attr, "Composite field of type `Unsupported` cannot have default values.");
  else if (is_function(value, "autoincrement") || is_function(value, "auto"))
    dm_say_attr(pass, attr, "The function `%.*s()` is not supported on composite fields.",
                STR_ARG(value->text));
  else if (value->kind == AST_FUNCTION)
    visit_composite_function(pass, attr, &field, value);
  else
    visit_scalar(pass, attr, &field, value);
}

static void say_composite_repeated(dm_pass *pass, const ast_block *block, const ast_field *field, str name)
{
  diag_add(pass->diags, DIAG_FIELD_REPEATED, field->place, name, STR("composite type"), block->name.text);
}

/* `mapped` is a set of the names given so far, and `with_map` of the fields that have given one. */
static void visit_composite_map(dm_attrs *attrs, const ast_block *block, const ast_field *field,
                                table *mapped, table *with_map)
{
  dm_pass *pass = attrs->pass;
  const ast_expr *value = dm_arg_default(attrs, STR("name"));
  str name;
  if (!value || !dm_coerce_string(pass, value, &name)) return;
  sc_table_put(with_map, field->name.text, mapped);
  if (sc_table_get(mapped, name)) say_composite_repeated(pass, block, field, name);
  sc_table_put(mapped, name, mapped);
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *other = block->items.items[i];
    if (other->kind != AST_FIELD || !str_eq(other->as.field->name.text, name)) continue;
    if (!sc_table_get(with_map, name)) say_composite_repeated(pass, block, field, field->name.text);
    return;
  }
}

void dm_composite_attributes(dm_pass *pass, const ast_block *block)
{
  table *mapped = sc_table_new(pass->mem), *with_map = sc_table_new(pass->mem);
  for (size_t i = 0; i < block->items.len; i++) {
    if (block->items.items[i]->kind != AST_FIELD) continue;
    const ast_field *field = block->items.items[i]->as.field;
    if (!dm_has_value_type(pass, field)) continue; /* reported with the types */
    dm_attrs attrs;
    dm_attrs_begin(&attrs, pass, DM_ON_FIELD, &field->attrs);
    dm_field typed = {0};
    if (dm_value_type(pass, field, &typed) && typed.type == DM_TYPE_SCALAR) dm_attrs_native(&attrs);
    if (dm_attrs_single(&attrs, STR("map"))) {
      visit_composite_map(&attrs, block, field, mapped, with_map);
      dm_args_end(&attrs);
    }
    if (dm_attrs_single(&attrs, STR("default"))) {
      visit_composite_default(&attrs, block, field);
      dm_args_end(&attrs);
    }
    dm_attrs_end(&attrs);
  }
}
