/* @db.…: the PostgreSQL type that a column really has. */
#include "base/buf.h"
#include "dm/advise.h"

typedef struct native_row native_row;
struct native_row {
  str name;
  dm_scalar scalar;
  unsigned fewest, most;
};

static const native_row natives[] = {
#define NATIVE(symbol, name, scalar, sql, fewest, most) {STR_INIT(name), DM_##scalar, fewest, most},
#include "dm/native.def"
#undef NATIVE
};

static dm_native find_native(str name)
{
  for (dm_native n = (dm_native)0; n < DM_NATIVE_COUNT; n++)
    if (str_eq(name, natives[n].name)) return n;
  return DM_NATIVE_COUNT;
}

dm_native_type dm_native_default(dm_scalar scalar)
{
  dm_native_type type = {.native = dm_scalar_native(scalar)};
  if (type.native == DM_NATIVE_DECIMAL) {
    type.args[0] = 65;
    type.args[1] = 30;
    type.arg_count = 2;
  } else if (type.native == DM_NATIVE_TIMESTAMP) {
    type.args[0] = 3;
    type.arg_count = 1;
  }
  return type;
}

/* ---- arguments ---- */

/* The arguments as they are printed: `5,2`. */
static str args_text(dm_pass *pass, const ast_attr *attr, const char *separator)
{
  buf out = {.mem = pass->mem};
  for (size_t i = 0; i < attr->args->len; i++) {
    if (i) buf_add(&out, str_from(separator));
    if (attr->args->items[i].value) buf_add(&out, ast_expr_text(attr->args->items[i].value, pass->mem));
  }
  return buf_str(&out);
}

static bool parse_u32(const ast_expr *value, uint32_t *out)
{
  int64_t number;
  if (!value || value->kind != AST_NUMBER || !dm_parse_i64(value->text, &number)) return false;
  if (number < 0 || number > UINT32_MAX) return false;
  *out = (uint32_t)number;
  return true;
}

static bool check_arg_count(dm_pass *pass, const ast_attr *attr, const native_row *row)
{
  size_t count = attr->args->len;
  if (!row->most && count) {
    dm_say(pass, attr->place, "Function \"%s\" takes 0 arguments, but received %zu.", row->name.ptr, count);
    return false;
  }
  if (count <= row->most) return true;
  dm_say(pass, attr->place, "Native type %s takes %u optional arguments, but received %zu.", row->name.ptr,
         row->most, count);
  return false;
}

/* None, or as many numbers as the type takes. */
static bool parse_args(const ast_attr *attr, const native_row *row, dm_native_type *type)
{
  if (!attr->args->len) return true;
  if (attr->args->len != row->most) return false;
  for (size_t i = 0; i < attr->args->len; i++)
    if (!parse_u32(attr->args->items[i].value, &type->args[i])) return false;
  type->arg_count = (unsigned)attr->args->len;
  return true;
}

static void say_args(dm_pass *pass, const ast_attr *attr, const native_row *row)
{
  dm_say(pass, attr->place, "Expected %s, but found (%.*s).",
         row->most == 2 ? "two nonnegative integers" : "a nonnegative integer",
         STR_ARG(args_text(pass, attr, ", ")));
}

/* Which first arguments PostgreSQL takes, and Prisma's words for it. */
typedef struct native_range native_range;
struct native_range {
  dm_native native;
  uint32_t low, high;
  const char *rule;
};

static const native_range ranges[] = {
    {DM_NATIVE_BIT, 1, UINT32_MAX, "M must be a positive integer."},
    {DM_NATIVE_VARBIT, 1, UINT32_MAX, "M must be a positive integer."},
    {DM_NATIVE_DECIMAL, 1, 1000, "Precision must be positive with a maximum value of 1000."},
    {DM_NATIVE_TIMESTAMP, 0, 6, "M can range from 0 to 6."},
    {DM_NATIVE_TIMESTAMPTZ, 0, 6, "M can range from 0 to 6."},
    {DM_NATIVE_TIME, 0, 6, "M can range from 0 to 6."},
    {DM_NATIVE_TIMETZ, 0, 6, "M can range from 0 to 6."},
};

/* `Decimal(5,2)` */
static str written_type(dm_pass *pass, const ast_attr *attr, const dm_native_type *type)
{
  return sc_str_format(pass->mem, "%s(%.*s)", natives[type->native].name.ptr,
                       STR_ARG(args_text(pass, attr, ",")));
}

static void check_range(dm_pass *pass, const ast_attr *attr, const dm_native_type *type)
{
  if (!type->arg_count) return;
  if (type->arg_count == 2 && type->args[1] > type->args[0]) {
    dm_say(pass, attr->place,
           "The scale must not be larger than the precision for the %.*s native type in Postgres.",
           STR_ARG(written_type(pass, attr, type)));
    return;
  }
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
    const native_range *range = &ranges[i];
    if (range->native != type->native || (type->args[0] >= range->low && type->args[0] <= range->high))
      continue;
    dm_say(pass, attr->place, "Argument M is out of range for native type `%.*s` of Postgres: %s",
           STR_ARG(written_type(pass, attr, type)), range->rule);
  }
}

/* ---- the attribute ---- */

static str native_name(const ast_attr *attr)
{
  size_t dot = sc_str_find_char(attr->name.text, '.');
  return str_slice(attr->name.text, dot + 1, attr->name.text.len);
}

void dm_resolve_native(dm_field *field, const ast_attr *attr)
{
  dm_native_type type = {.native = find_native(native_name(attr)), .explicit_ = true};
  if (type.native != DM_NATIVE_COUNT && parse_args(attr, &natives[type.native], &type)) field->native = type;
}

void dm_check_native(dm_pass *pass, const dm_field *field, const ast_attr *attr)
{
  str scope = str_slice(attr->name.text, 0, sc_str_find_char(attr->name.text, '.')), name = native_name(attr);
  const dm_datasource *database = &pass->schema->datasource;
  if (database->present && !str_eq(scope, database->name))
    dm_say(pass, attr->place,
           "The prefix %.*s is invalid. It must be equal to the name of an existing datasource e.g. %.*s. "
           "Did you mean to use %.*s.%.*s?",
           STR_ARG(scope), STR_ARG(database->name), STR_ARG(database->name), STR_ARG(name));
  dm_native native = database->present ? find_native(name) : DM_NATIVE_COUNT;
  if (native == DM_NATIVE_COUNT) {
    diag *d = diag_add(pass->diags, DIAG_NATIVE_UNKNOWN, attr->place, name,
                       database->present ? STR("postgresql") : STR("Default"));
    str names[DM_NATIVE_COUNT];
    for (dm_native n = (dm_native)0; n < DM_NATIVE_COUNT; n++) names[n] = natives[n].name;
    if (database->present) dm_suggest(pass, d, name, names, DM_NATIVE_COUNT);
    return;
  }
  const native_row *row = &natives[native];
  if (!check_arg_count(pass, attr, row)) return;
  if (row->scalar != field->scalar) {
    diag *d = diag_add(pass->diags, DIAG_NATIVE_INCOMPATIBLE, attr->place, name,
                       str_from(dm_scalar_name(field->scalar)), str_from(dm_scalar_name(row->scalar)));
    diag_help(pass->diags, d, "write `%.*s %s`, or another native type", STR_ARG(field->name),
              dm_scalar_name(row->scalar));
    return;
  }
  dm_native_type type = {.native = native};
  if (parse_args(attr, row, &type))
    check_range(pass, attr, &type);
  else
    say_args(pass, attr, row);
}

/* ---- Unsupported("…") ---- */

/* The arguments of VarChar(3) as numbers. False when they are not what the type takes. */
static bool unsupported_args(str written, const native_row *row, dm_native_type *type)
{
  if (!row->most || !written.ptr) return true;
  for (;;) {
    size_t comma = sc_str_find_char(written, ',');
    str one = sc_str_trim(str_slice(written, 0, comma == SIZE_MAX ? written.len : comma));
    int64_t value;
    if (type->arg_count == row->most || !dm_parse_i64(one, &value) || value < 0 || value > UINT32_MAX)
      return false;
    type->args[type->arg_count++] = (uint32_t)value;
    if (comma == SIZE_MAX) return type->arg_count == row->most;
    written = str_slice(written, comma + 1, written.len);
  }
}

static str native_text(dm_pass *pass, const dm_native_type *type)
{
  const char *name = natives[type->native].name.ptr;
  if (type->arg_count == 2) return sc_str_format(pass->mem, "%s(%u,%u)", name, type->args[0], type->args[1]);
  if (type->arg_count == 1) return sc_str_format(pass->mem, "%s(%u)", name, type->args[0]);
  return str_from(name);
}

/* Unsupported("VarChar(3)") names one of ours: then it has to be written as one. What stands behind the
 * closing parenthesis does not matter. */
void dm_check_unsupported(dm_pass *pass, const dm_field *field)
{
  str written = field->unsupported, args = STR_NONE;
  size_t open = sc_str_find_char(written, '(');
  size_t close = open == SIZE_MAX ? SIZE_MAX : sc_str_find_char(written, ')');
  if (close != SIZE_MAX) args = str_slice(written, open + 1, close);
  dm_native_type type = {.native = find_native(sc_str_trim(str_slice(written, 0, open)))};
  if (type.native == DM_NATIVE_COUNT || !unsupported_args(args, &natives[type.native], &type)) return;
  dm_say_invalid(pass, dm_field_place(field),
                 "The type `Unsupported(\"%.*s\")` you specified in the type definition for the field `%.*s` "
                 "is supported as a native type by Prisma. Please use the native type notation `%s "
                 "@%.*s.%.*s` for full support.",
                 STR_ARG(written), STR_ARG(field->name), dm_scalar_name(natives[type.native].scalar),
                 STR_ARG(pass->schema->datasource.name), STR_ARG(native_text(pass, &type)));
}
