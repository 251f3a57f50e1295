#include "dm/extensions.h"

#include "base/buf.h"
#include "dm/advise.h"

/* ---- arguments of one kind ---- */

/* An argument that Prisma's attributes do not have. */
static const ast_expr *extension_arg(dm_attrs *attrs, const char *name)
{
  const ast_expr *value = dm_arg(attrs, str_from(name));
  if (value) attrs->pass->extended = true;
  return value;
}

/* raw("…") that is not empty, as the unnamed argument or called `name`. */
static bool take_sql(dm_attrs *attrs, str name, str *sql)
{
  const ast_expr *value = dm_arg_default(attrs, name);
  if (!value) return false;
  if (!dm_raw(value, sql)) {
    dm_say_attr(attrs->pass, attrs->attr, "SQL is written as raw(\"…\").");
    return false;
  }
  return dm_check_sql(attrs->pass, attrs->attr, *sql);
}

static bool take_text(dm_attrs *attrs, str name, str *text)
{
  const ast_expr *value = dm_arg_default(attrs, name);
  return value && dm_coerce_string(attrs->pass, value, text);
}

/* What something was called before, in the database. */
static void take_old_name(dm_attrs *attrs, str *name)
{
  str text;
  if (!take_text(attrs, STR("name"), &text)) return;
  if (text.len)
    *name = text;
  else
    dm_say_attr(attrs->pass, attrs->attr, "The `name` argument cannot be an empty string.");
}

static void take_check(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, const dm_field *field)
{
  dm_check check = {.field = field};
  pass->extended = true;
  bool usable = take_sql(attrs, STR("expression"), &check.sql);
  dm_arg_name(attrs, STR("map"), &check.name);
  for (size_t i = 0; check.name.len && i < draft->checks.len; i++)
    if (str_eq(draft->checks.items[i].name, check.name))
      dm_say_attr(pass, attrs->attr, "The constraint name `%.*s` is taken by another check of the model.",
                  STR_ARG(check.name));
  if (usable) vec_push(pass->mem, &draft->checks, check);
}

void dm_extend_deferrable(dm_pass *pass, dm_attrs *attrs, dm_deferrable *out)
{
  if (pass->options.prisma_only) return;
  const ast_expr *value = extension_arg(attrs, "deferrable");
  str name;
  if (!value || !dm_coerce_constant(pass, value, &name)) return;
  if (str_eq(name, STR("InitiallyDeferred")))
    *out = DM_INITIALLY_DEFERRED;
  else if (str_eq(name, STR("InitiallyImmediate")))
    *out = DM_INITIALLY_IMMEDIATE;
  else
    dm_say_attr(pass, attrs->attr,
                "The `deferrable` argument can only be `InitiallyDeferred` or `InitiallyImmediate`, you "
                "provided: %.*s.",
                STR_ARG(name));
}

/* ---- on fields ---- */

static bool extends(dm_attrs *attrs, const char *name)
{
  if (!dm_attrs_single(attrs, str_from(name))) return false;
  attrs->pass->extended = true;
  return true;
}

static void extend_generated(dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  if (!take_sql(attrs, STR("expression"), &dm_extension_of(attrs->pass, field)->generated)) return;
  if (draft->fields[field->index].default_attr || field->is_updated_at)
    dm_say_attr(attrs->pass, attrs->attr, "A generated column can have neither `@default` nor `@updatedAt`.");
}

static void extend_version(dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  if (draft->has_version)
    dm_say_attr(attrs->pass, attrs->attr, "At most one field must be marked with @version.");
  draft->has_version = true;
  bool counts = field->type == DM_TYPE_SCALAR && (field->scalar == DM_INT || field->scalar == DM_BIGINT);
  if (!counts || field->arity != AST_REQUIRED)
    dm_say_attr(attrs->pass, attrs->attr,
                "Fields that are marked with @version must be a required Int or BigInt.");
  dm_extension_of(attrs->pass, field)->is_version = true;
}

void dm_extend_field(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  if (pass->options.prisma_only) return;
  if (extends(attrs, "comment")) {
    take_text(attrs, STR("text"), &dm_extension_of(pass, field)->comment);
    dm_args_end(attrs);
  }
  while (dm_attrs_next(attrs, STR("check"))) {
    take_check(pass, attrs, draft, field);
    dm_args_end(attrs);
  }
  if (extends(attrs, "generated")) {
    extend_generated(attrs, draft, field);
    dm_args_end(attrs);
  }
  if (extends(attrs, "version")) {
    extend_version(attrs, draft, field);
    dm_args_end(attrs);
  }
  if (extends(attrs, "sensitive")) {
    dm_extension_of(pass, field)->is_sensitive = true;
    dm_args_end(attrs);
  }
  if (extends(attrs, "renamedFrom")) {
    take_old_name(attrs, &dm_extension_of(pass, field)->renamed_from);
    dm_args_end(attrs);
  }
  if (extends(attrs, "backfill")) {
    take_sql(attrs, STR("expression"), &dm_extension_of(pass, field)->backfill);
    dm_args_end(attrs);
  }
  if (extends(attrs, "using")) {
    take_sql(attrs, STR("expression"), &dm_extension_of(pass, field)->using_);
    dm_args_end(attrs);
  }
  ast_attrs carried = {0};
  dm_carry(pass, attrs, draft, &carried);
  if (carried.len) dm_extension_of(pass, field)->validate = carried.items[0];
}

/* ---- on models and enums ---- */

void dm_extend_model(dm_pass *pass, dm_attrs *attrs, dm_draft *draft)
{
  if (pass->options.prisma_only) return;
  if (extends(attrs, "comment")) {
    take_text(attrs, STR("text"), &draft->model->comment);
    dm_args_end(attrs);
  }
  if (extends(attrs, "renamedFrom")) {
    take_old_name(attrs, &draft->model->renamed_from);
    dm_args_end(attrs);
  }
  while (dm_attrs_next(attrs, STR("check"))) {
    take_check(pass, attrs, draft, NULL);
    dm_args_end(attrs);
  }
  dm_carry(pass, attrs, draft, &draft->model->carried);
}

void dm_extend_enum(dm_pass *pass, dm_attrs *attrs, dm_enum *enum_)
{
  if (pass->options.prisma_only) return;
  if (extends(attrs, "comment")) {
    take_text(attrs, STR("text"), &enum_->comment);
    dm_args_end(attrs);
  }
  if (extends(attrs, "renamedFrom")) {
    take_old_name(attrs, &enum_->renamed_from);
    dm_args_end(attrs);
  }
}

void dm_extend_enum_value(dm_pass *pass, dm_attrs *attrs, dm_enum_value *value)
{
  if (pass->options.prisma_only || !extends(attrs, "renamedFrom")) return;
  take_old_name(attrs, &value->renamed_from);
  dm_args_end(attrs);
}

/* ---- on keys and indexes ---- */

static void take_where(dm_pass *pass, dm_attrs *attrs, dm_index *index)
{
  const ast_expr *value = extension_arg(attrs, "where");
  if (value && dm_check_where(pass, attrs->attr, dm_draft_of(pass, index->model), value, &index->where))
    index->where_object = value;
}

static void take_include(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_index *index)
{
  const ast_expr *value = extension_arg(attrs, "include");
  if (!value) return;
  const ast_expr *const *items;
  size_t len = dm_array_items(&value, &items);
  index->include = arena_array(pass->mem, const dm_field *, len);
  for (size_t i = 0; i < len; i++) {
    str name;
    if (!dm_coerce_constant(pass, items[i], &name)) continue;
    const dm_field *field = dm_draft_field(draft, name);
    if (field && dm_field_is_column(field))
      index->include[index->include_count++] = field;
    else
      dm_suggest_column(pass,
                        dm_say_attr(pass, attrs->attr,
                                    "The `include` argument refers to the unknown field %.*s.",
                                    STR_ARG(name)),
                        draft, name);
  }
}

static void say_unknown_setting(dm_pass *pass, const dm_attrs *attrs, str name)
{
  str known[DM_STORAGE_COUNT];
  for (dm_setting i = 0; i < DM_STORAGE_COUNT; i++) known[i] = dm_setting_name(i);
  diag *d = dm_say_attr(pass, attrs->attr, "The `with` argument has no setting %.*s.", STR_ARG(name));
  dm_suggest(pass, d, name, known, DM_STORAGE_COUNT);
}

static void take_setting(dm_pass *pass, const dm_attrs *attrs, const ast_arg *arg, dm_storage *storage)
{
  dm_setting setting = 0;
  while (setting < DM_STORAGE_COUNT && !str_eq(dm_setting_name(setting), arg->name.text)) setting++;
  if (setting == DM_STORAGE_COUNT) {
    say_unknown_setting(pass, attrs, arg->name.text);
    return;
  }
  bool number = dm_setting_kind_of(setting) == DM_SETTING_NUMBER;
  const ast_expr *value = arg->value;
  bool usable = value && value->kind == (number ? AST_NUMBER : AST_CONSTANT) &&
                dm_setting_read(setting, value->text, &storage->value[setting]);
  if (storage->said[setting]) {
    dm_say_attr(pass, attrs->attr, "The `with` argument says %.*s twice.", STR_ARG(arg->name.text));
  } else if (!usable) {
    buf text = {.mem = pass->mem};
    dm_setting_explain(setting, &text);
    dm_say_attr(pass, attrs->attr, "The setting %.*s is %.*s.", STR_ARG(arg->name.text), STR_ARG(buf_str(&text)));
  }
  storage->said[setting] = true;
}

/* with: { fillfactor: 90, deduplicate_items: false } */
static void take_storage(dm_pass *pass, dm_attrs *attrs, dm_index *index)
{
  const ast_expr *value = extension_arg(attrs, "with");
  if (!value) return;
  if (value->kind != AST_OBJECT || value->args->len == 0) {
    dm_say_attr(pass, attrs->attr, "The `with` argument is written as { fillfactor: 90 }.");
    return;
  }
  dm_storage *storage = arena_new(pass->mem, dm_storage);
  for (size_t i = 0; i < value->args->len; i++) take_setting(pass, attrs, &value->args->items[i], storage);
  index->storage = storage;
}

void dm_extend_key(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_key_draft *key)
{
  if (pass->options.prisma_only) return;
  dm_index *index = &key->index;
  if (index->kind != DM_PRIMARY_KEY) {
    take_where(pass, attrs, index);
    take_include(pass, attrs, draft, index);
    take_storage(pass, attrs, index);
  }
  if (index->kind == DM_UNIQUE) {
    const ast_expr *value = extension_arg(attrs, "nullsNotDistinct");
    if (value) dm_coerce_boolean(pass, value, &index->nulls_not_distinct);
    dm_extend_deferrable(pass, attrs, &index->deferrable);
  }
}

void dm_extend_fulltext(dm_pass *pass, dm_attrs *attrs, dm_key_draft *key)
{
  key->index.type = DM_GIN;
  key->index.language = STR("english");
  if (pass->options.prisma_only) return;
  str language;
  if (dm_arg_name(attrs, STR("language"), &language)) key->index.language = language;
}
