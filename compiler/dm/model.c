/* The tables of the language, and reading a resolved model. */
#include "base/buf.h"
#include "dm/resolve.h"

typedef struct scalar_row scalar_row;
struct scalar_row {
  str name;
  dm_native native;
};

static const scalar_row scalars[] = {
#define SCALAR(symbol, name, native) {STR_INIT(name), DM_NATIVE_##native},
#include "dm/scalar.def"
#undef SCALAR
};

typedef struct native_row native_row;
struct native_row {
  const char *name, *sql;
  dm_scalar scalar;
};

static const native_row natives[] = {
#define NATIVE(symbol, name, scalar, sql, fewest, most) {name, sql, DM_##scalar},
#include "dm/native.def"
#undef NATIVE
};

const char *dm_scalar_name(dm_scalar scalar)
{
  return scalars[scalar].name.ptr;
}

bool dm_scalar_called(str name, dm_scalar *out)
{
  for (dm_scalar s = (dm_scalar)0; s < DM_SCALAR_COUNT; s++) {
    if (!str_eq(scalars[s].name, name)) continue;
    *out = s;
    return true;
  }
  return false;
}

dm_native dm_scalar_native(dm_scalar scalar)
{
  return scalars[scalar].native;
}

const char *dm_native_name(dm_native native)
{
  return natives[native].name;
}

const char *dm_native_sql(dm_native native)
{
  return natives[native].sql;
}

dm_scalar dm_native_scalar(dm_native native)
{
  return natives[native].scalar;
}

const dm_model *dm_schema_model(const dm_schema *schema, str name)
{
  for (size_t i = 0; i < schema->model_count; i++)
    if (str_eq(schema->models[i]->name, name)) return schema->models[i];
  return NULL;
}

const dm_enum *dm_schema_enum(const dm_schema *schema, str name)
{
  for (size_t i = 0; i < schema->enum_count; i++)
    if (str_eq(schema->enums[i]->name, name)) return schema->enums[i];
  return NULL;
}

const dm_field *dm_model_field(const dm_model *model, str name)
{
  for (size_t i = 0; i < model->field_count; i++)
    if (str_eq(model->fields[i].name, name)) return &model->fields[i];
  return NULL;
}

bool dm_field_is_column(const dm_field *field)
{
  return field->type != DM_TYPE_RELATION;
}

bool dm_field_is_list(const dm_field *field)
{
  return field->arity == AST_LIST;
}

bool dm_field_owns_key(const dm_field *field)
{
  return field->type == DM_TYPE_RELATION && field->relation && field->relation->kind != DM_MANY_TO_MANY &&
         field->relation->from_field == field;
}

/* PostgreSQL cuts names at 63 bytes; Prisma cuts what stands in front of the suffix, at a character. */
str dm_default_name(arena *mem, str table_name, const str *columns, size_t count, const char *suffix)
{
  enum { longest = 63 };
  buf out = {.mem = mem};
  buf_add(&out, table_name);
  for (size_t i = 0; i < count; i++) {
    buf_char(&out, '_');
    buf_add(&out, columns[i]);
  }
  size_t room = longest - strlen(suffix);
  if (out.len > room) out.len = sc_str_utf8_floor(buf_str(&out), room);
  buf_add(&out, str_from(suffix));
  return buf_str(&out);
}

/* ---- for the passes ---- */

str dm_key_of(arena *mem, char *room, size_t size, str scope, str name)
{
  size_t len = scope.len + 1 + name.len;
  char *key = len <= size ? room : sc_arena_raw(mem, len);
  if (scope.len) memcpy(key, scope.ptr, scope.len);
  key[scope.len] = '\n';
  if (name.len) memcpy(key + scope.len + 1, name.ptr, name.len);
  return (str){key, len};
}

bool dm_listed_before(const dm_pass *pass, const dm_field *field, const ast_expr *list)
{
  dm_field_draft *draft = dm_field_draft_of(pass, field);
  bool before = draft->listed_in == list;
  draft->listed_in = list;
  return before;
}

const dm_default dm_no_default;
const dm_field_extension dm_no_extension;

dm_field_extension *dm_extension_of(const dm_pass *pass, dm_field *field)
{
  dm_field_draft *draft = dm_field_draft_of(pass, field);
  if (!draft->extension) draft->extension = arena_new(pass->mem, dm_field_extension);
  field->extension = draft->extension;
  return draft->extension;
}

dm_draft *dm_draft_of(const dm_pass *pass, const dm_model *model)
{
  return pass->drafts[model->index];
}

dm_field_draft *dm_field_draft_of(const dm_pass *pass, const dm_field *field)
{
  return &pass->drafts[field->model->index]->fields[field->index];
}

/* Of two fields with one name the later counts. Few fields are searched faster than hashed. */
dm_field *dm_draft_field(const dm_draft *draft, str name)
{
  if (draft->by_name) return sc_table_get(draft->by_name, name);
  for (size_t i = draft->model->field_count; i-- > 0;)
    if (str_eq(draft->model->fields[i].name, name)) return &draft->model->fields[i];
  return NULL;
}
