#include "dm/attr_key.h"

#include "dm/extensions.h"
#include "dm/opclass.h"

dm_key_draft *dm_new_key(dm_attrs *attrs, dm_draft *draft, dm_index_kind kind)
{
  dm_key_draft *key = arena_new(attrs->pass->mem, dm_key_draft);
  key->draft = draft;
  key->index = (dm_index){
      .kind = kind, .model = draft->model, .type = DM_BTREE, .place = attrs->attr->place, .ast = attrs->attr};
  return key;
}

dm_sort dm_arg_sort(dm_attrs *attrs)
{
  const ast_expr *value = dm_arg(attrs, STR("sort"));
  str name;
  if (!value || !dm_coerce_constant(attrs->pass, value, &name)) return DM_SORT_NONE;
  if (str_eq(name, STR("Asc"))) return DM_SORT_ASC;
  if (str_eq(name, STR("Desc"))) return DM_SORT_DESC;
  dm_say_attr(attrs->pass, attrs->attr, "The `sort` argument can only be `Asc` or `Desc` you provided: %.*s.",
              STR_ARG(name));
  return DM_SORT_NONE;
}

void dm_arg_clustered(dm_attrs *attrs, dm_key_draft *key)
{
  const ast_expr *value = dm_arg(attrs, STR("clustered"));
  bool clustered;
  key->clustered_written = value && dm_coerce_boolean(attrs->pass, value, &clustered);
}

void dm_check_client_name(dm_attrs *attrs, const dm_model *model, const char *attribute, str name)
{
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) continue;
    diag_add(attrs->pass->diags, DIAG_MODEL, attrs->attr->place, model->name,
             sc_str_format(attrs->pass->mem,
                           "The `name` property within the `%s` attribute only allows for the following "
                           "characters: `_a-zA-Z0-9`.",
                           attribute));
    return;
  }
}

/* ---- the arguments behind one field: n(sort: Desc, length: 3, ops: JsonbOps) ---- */

static const ast_arg *first_named(const ast_args *args, str name)
{
  for (size_t i = 0; i < args->len; i++)
    if (args->items[i].value && str_eq(args->items[i].name.text, name)) return &args->items[i];
  return NULL;
}

static void unexpected(dm_pass *pass, span place, const char *format, str what)
{
  dm_say(pass, place, "Unexpected token. Expected one of: %.*s",
         STR_ARG(sc_str_format(pass->mem, format, STR_ARG(what))));
}

static dm_sort key_sort(dm_pass *pass, const ast_args *args)
{
  const ast_arg *arg = first_named(args, STR("sort"));
  str name;
  if (!arg || !dm_coerce_constant(pass, arg->value, &name)) return DM_SORT_NONE;
  if (str_eq(name, STR("Asc"))) return DM_SORT_ASC;
  if (str_eq(name, STR("Desc"))) return DM_SORT_DESC;
  unexpected(pass, arg->place, "%.*s", STR("Asc, Desc"));
  return DM_SORT_NONE;
}

static bool key_raw_opclass(dm_pass *pass, const ast_expr *value, dm_index_key *key)
{
  size_t count = 0;
  for (size_t i = 0; i < value->args->len; i++) count += value->args->items[i].value != NULL;
  if (count != 1) {
    dm_say(pass, value->place,
           "Unexpected token. Expected one of: Wrong number of arguments. Expected: 1, got: %zu", count);
    return false;
  }
  if (!dm_raw(value, &key->opclass)) {
    unexpected(pass, value->place, "%.*s", STR("Invalid parameter type: expected string"));
    return false;
  }
  return true;
}

/* True when a class was given that makes sense. */
static bool key_opclass(dm_pass *pass, const ast_args *args, dm_index_key *key)
{
  const ast_arg *arg = first_named(args, STR("ops"));
  if (!arg) return false;
  const ast_expr *value = arg->value;
  if (value->kind == AST_FUNCTION && str_eq(value->text, STR("raw")))
    return key_raw_opclass(pass, value, key);
  if (value->kind == AST_FUNCTION || value->kind == AST_CONSTANT) {
    const dm_opclass *row = value->kind == AST_CONSTANT ? dm_find_opclass(value->text) : NULL;
    if (!row) {
      unexpected(pass, value->place, "Invalid operator class: %.*s", value->text);
      return false;
    }
    key->opclass = row->sql;
    key->opclass_ast = row->name;
    return true;
  }
  unexpected(pass, arg->place, "%.*s", STR("operator class"));
  return false;
}

static void key_arguments(dm_pass *pass, const ast_args *args, dm_index_key *key, dm_key_draft *draft)
{
  key->sort = key_sort(pass, args);
  const ast_arg *length = first_named(args, STR("length"));
  int64_t value;
  if (length && dm_coerce_integer(pass, length->value, &value) && value >= 0)
    draft->length_written = key->has_length = true;
  if (key_opclass(pass, args, key)) draft->opclass_written = true;
}

/* ---- the fields ---- */

/* An expression as a key, raw("lower(email)"), is ours; to Prisma it is a field called raw. */
static bool key_expression(const dm_pass *pass, const dm_draft *draft, const ast_expr *item,
                           dm_index_key *key)
{
  if (pass->options.prisma_only || item->kind != AST_FUNCTION || dm_draft_field(draft, STR("raw")))
    return false;
  return dm_raw(item, &key->sql);
}

/* Every item is a name or a name with arguments. */
static bool coerce_keys(dm_pass *pass, const ast_expr *const *items, size_t len, dm_index_key *keys,
                        dm_key_draft *draft)
{
  bool usable = true;
  for (size_t i = 0; i < len; i++) {
    if (items[i]->kind == AST_CONSTANT || key_expression(pass, draft->draft, items[i], &keys[i])) continue;
    if (items[i]->kind == AST_FUNCTION) {
      key_arguments(pass, items[i]->args, &keys[i], draft);
      continue;
    }
    dm_coerce_failed(pass, "constant literal", items[i]);
    usable = false;
  }
  return usable;
}

/* Follows a path into composite types. `name` becomes the part that the report names: "x in type B" of what
 * the path ends in, there or not. It stays as it is, and the answer is false, where the path goes on behind a
 * plain value. */
static bool follow_path(dm_pass *pass, const ast_block *type, str rest, str *name)
{
  for (;;) {
    size_t dot = sc_str_find_char(rest, '.');
    str head = str_slice(rest, 0, dot == SIZE_MAX ? rest.len : dot);
    const ast_field *found = NULL;
    for (size_t i = 0; i < type->items.len && !found; i++)
      if (type->items.items[i]->kind == AST_FIELD && str_eq(type->items.items[i]->as.field->name.text, head))
        found = type->items.items[i]->as.field;
    const dm_top *top = found && !found->unsupported ? sc_table_get(pass->tops, found->type.text) : NULL;
    bool goes_on = dot != SIZE_MAX && top && top->kind == DM_TOP_COMPOSITE;
    if (found && dot != SIZE_MAX && !goes_on) return false;
    if (!goes_on) {
      *name = sc_str_format(pass->mem, "%.*s in type %.*s", STR_ARG(head), STR_ARG(type->name.text));
      return found != NULL;
    }
    type = top->block;
    rest = str_slice(rest, dot + 1, rest.len);
  }
}

/* The field of that name. A path, a.b, leads into a composite type: then `name` becomes the part that was
 * looked up. */
static const dm_field *find_column(dm_pass *pass, const dm_draft *draft, dm_index_kind kind, str *name)
{
  size_t dot = sc_str_find_char(*name, '.');
  if (dot == SIZE_MAX) return dm_draft_field(draft, *name);
  if (kind == DM_PRIMARY_KEY) return NULL;
  str head = str_slice(*name, 0, dot);
  const dm_field *field = dm_draft_field(draft, head);
  if (!field) *name = head;
  const ast_block *type = field ? draft->fields[field->index].composite : NULL;
  if (type && !follow_path(pass, type, str_slice(*name, dot + 1, name->len), name)) return NULL;
  return field && (!dm_field_is_column(field) || type) ? field : NULL;
}

/* The field, or the same path, was in the list before. */
static bool is_repeated(const dm_pass *pass, const dm_field *field, const ast_expr *list,
                        const ast_expr *const *items, size_t at)
{
  str name = items[at]->text;
  if (sc_str_find_char(name, '.') == SIZE_MAX) return dm_listed_before(pass, field, list);
  for (size_t i = 0; i < at; i++)
    if (str_eq(items[i]->text, name)) return true;
  return false;
}

bool dm_resolve_keys(dm_attrs *attrs, dm_draft *draft, const ast_expr *value, dm_key_draft *key,
                     dm_key_problems *problems)
{
  dm_pass *pass = attrs->pass;
  const ast_expr *const *items;
  size_t len = dm_array_items(&value, &items);
  dm_index_key *keys = arena_array(pass->mem, dm_index_key, len);
  if (!coerce_keys(pass, items, len, keys, key)) return false;
  for (size_t i = 0; i < len; i++) {
    if (keys[i].sql.len) {
      dm_check_sql(pass, attrs->attr, keys[i].sql);
      continue;
    }
    str name = items[i]->text;
    const dm_field *field = find_column(pass, draft, key->index.kind, &name);
    if (!field) {
      vec_push(pass->mem, &problems->unknown, name);
    } else if (!dm_field_is_column(field)) {
      vec_push(pass->mem, &problems->relations, field);
    } else if (is_repeated(pass, field, value, items, i)) {
      diag_add(pass->diags, DIAG_MODEL, attrs->attr->place, draft->model->name,
               sc_str_format(pass->mem,
                             "The unique index definition refers to the field %.*s multiple times.",
                             STR_ARG(name)));
      return false;
    } else {
      keys[i].field = field;
    }
  }
  if (problems->unknown.len || problems->relations.len) return false;
  key->index.keys = keys;
  key->index.key_count = len;
  return true;
}
