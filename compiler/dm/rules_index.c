/* Rules about indexes, their types and operator classes. */
#include "dm/opclass.h"
#include "dm/rules.h"

static void say(dm_pass *pass, const dm_index *index, const char *text)
{
  dm_say_attr_at(pass, dm_key_word(index), index->place, "%s", text);
}

static bool any_sorted(const dm_index *index)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].sort != DM_SORT_NONE) return true;
  return false;
}

static void check_client_name(dm_pass *pass, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  if (index->kind != DM_UNIQUE || index->key_count <= 1) return;
  str name = dm_compound_name(pass, index);
  if (dm_is_column_name(key->draft, name))
    dm_say_model(pass, index->model, index->place,
                 "The field `%.*s` clashes with the `%s` name. Please resolve the conflict by providing a "
                 "custom id name: `%s([...], name: \"custom_name\")`",
                 STR_ARG(name), dm_key_word(index), dm_key_word(index));
}

/* In a view an index promises something; it makes nothing. */
static void check_view_index(dm_pass *pass, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  if (index->kind != DM_UNIQUE) dm_say_invalid(pass, index->place, "Views cannot have indexes.");
  if (index->db_named)
    dm_say_invalid(pass, index->place,
                   "@@unique annotations on views are not backed by unique indexes in the database and "
                   "cannot specify a mapped database name.");
  if (key->clustered_written)
    dm_say_invalid(pass, index->place,
                   "@@unique annotations on views are not backed by unique indexes in the database and "
                   "cannot be clustered.");
  check_client_name(pass, key);
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].sort != DM_SORT_NONE || index->keys[i].opclass.len || index->keys[i].has_length)
      say(pass, index, "Scalar fields in @@unique attributes in views cannot have arguments.");
}

static span named_place(const dm_index *index)
{
  const ast_arg *map = ast_args_named(index->ast->args, STR("map"));
  return map ? map->place : dm_arg_place(index->ast, "name");
}

/* A composite field as a whole, not a path into it, among others. */
static void check_composite_keys(dm_pass *pass, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  const ast_args *args = index->ast->args;
  for (size_t a = 0; index->kind == DM_UNIQUE && index->key_count > 1 && a < args->len; a++) {
    const ast_expr *const *items = NULL;
    const ast_arg *arg = &args->items[a];
    bool is_list = arg->value && (!arg->name.text.len || str_eq(arg->name.text, STR("fields")));
    size_t count = is_list ? dm_array_items((const ast_expr *const *)&arg->value, &items) : 0;
    for (size_t i = 0; i < count; i++) {
      const dm_field *field = dm_draft_field(key->draft, items[i]->text);
      if (!field || !key->draft->fields[field->index].composite) continue;
      say(pass, index,
          sc_str_c(pass->mem,
                   sc_str_format(pass->mem,
                                 "Prisma does not currently support composite types in compound unique "
                                 "indices, please remove \"%.*s\" from the index. See "
                                 "https://pris.ly/d/mongodb-composite-compound-indices for more details",
                                 STR_ARG(field->name))));
      return;
    }
  }
}

void dm_rules_index(dm_pass *pass, const dm_scopes *scopes, dm_key_draft *key)
{
  const dm_index *index = &key->index;
  if (index->model->is_view) {
    check_view_index(pass, key);
    return;
  }
  if (!index->key_count)
    say(pass, index, "The list of fields in an index cannot be empty. Please specify at least one field.");
  dm_say_clash(pass, scopes, index, named_place(index));
  check_client_name(pass, key);
  dm_check_client_clash(pass, scopes, index);
  if (key->length_written)
    say(pass, index,
        "The length argument is not supported in an index definition with the current connector");
  dm_bare_index(pass, index);
  if (index->type == DM_HASH && any_sorted(index) && !dm_is_bare(pass))
    say(pass, index, "Hash type does not support sort option.");
  if (index->kind == DM_FULLTEXT && pass->options.prisma_only)
    say(pass, index, "Defining fulltext indexes is not supported with the current connector.");
  if (index->db_named) dm_check_name_length(pass, index->model, index->ast, index->db_name, !index->on_field);
  if (key->clustered_written)
    say(pass, index, "Defining clustering is not supported in the current connector.");
  if (key->opclass_written && index->kind != DM_INDEX)
    say(pass, index, "Operator classes can only be defined to fields in an @@index attribute.");
  check_composite_keys(pass, key);
}

/* ---- types and operator classes ---- */

const char *dm_index_type_name(dm_index_type type)
{
  static const char *const names[] = {[DM_BTREE] = "BTree", [DM_HASH] = "Hash",     [DM_GIN] = "Gin",
                                      [DM_GIST] = "Gist",   [DM_SPGIST] = "SpGist", [DM_BRIN] = "Brin"};
  return names[type];
}

static bool is_scalar(const dm_field *field, dm_scalar scalar)
{
  return field->type == DM_TYPE_SCALAR && field->scalar == scalar;
}

/* What an index type takes of columns that say no more than their scalar type. */
static bool takes_field(dm_index_type type, const dm_field *field)
{
  if (field->type == DM_TYPE_UNSUPPORTED) return true;
  switch (type) {
  case DM_BTREE:
  case DM_HASH: return true;
  case DM_GIST:
  case DM_SPGIST: return is_scalar(field, DM_STRING);
  case DM_GIN: return is_scalar(field, DM_JSON) || field->arity == AST_LIST;
  case DM_BRIN:
    return field->type == DM_TYPE_SCALAR && field->scalar != DM_BOOLEAN && field->scalar != DM_JSON;
  }
  return true;
}

/* VarChar is indexed as Text is, and so is Char by SP-GiST. */
static bool native_fits(const dm_opclass *opclass, dm_index_type type, dm_native native)
{
  if (native == opclass->native) return true;
  if (opclass->native != DM_NATIVE_TEXT) return false;
  return native == DM_NATIVE_VARCHAR || (type == DM_SPGIST && native == DM_NATIVE_CHAR);
}

static bool has_native(const dm_field *field)
{
  return field->type == DM_TYPE_SCALAR && field->native.explicit_;
}

static void check_given(dm_pass *pass, const dm_index *index, const dm_opclass *opclass,
                        const dm_field *field)
{
  const char *word = dm_key_word(index);
  if (!(opclass->types & 1u << index->type)) {
    dm_say_attr_at(pass, word, index->place,
                   "The given operator class `%.*s` is not supported with the `%s` index type.",
                   STR_ARG(dm_opclass_shown(opclass->name)), dm_index_type_name(index->type));
  } else if (opclass->native == DM_NATIVE_COUNT) {
    if (field->arity != AST_LIST)
      dm_say_attr_at(pass, word, index->place,
                     "The given operator class `ArrayOps` expects the type of field `%.*s` to be an array.",
                     STR_ARG(field->name));
  } else if (has_native(field)) {
    if (!native_fits(opclass, index->type, field->native.native))
      dm_say_attr_at(pass, word, index->place,
                     "The given operator class `%.*s` does not support native type `%s` of field `%.*s`.",
                     STR_ARG(dm_opclass_shown(opclass->name)), dm_native_name(field->native.native),
                     STR_ARG(field->name));
  } else if (opclass->scalar == DM_SCALAR_COUNT) {
    dm_say_attr_at(pass, word, index->place,
                   "The given operator class `%.*s` expects the field `%.*s` to define a valid native type.",
                   STR_ARG(dm_opclass_shown(opclass->name)), STR_ARG(field->name));
  } else if (!is_scalar(field, opclass->scalar)) {
    dm_say_attr_at(pass, word, index->place,
                   "The given operator class `%.*s` points to the field `%.*s` that is not of %s type.",
                   STR_ARG(dm_opclass_shown(opclass->name)), STR_ARG(field->name),
                   dm_scalar_name(opclass->scalar));
  }
}

/* The native types that an index type has an operator class for by itself. */
static bool has_default_opclass(dm_index_type type, dm_native native)
{
  switch (type) {
  case DM_BTREE:
  case DM_HASH: return true;
  case DM_GIST: return false;
  case DM_GIN: return native == DM_NATIVE_JSONB;
  case DM_SPGIST:
    return native == DM_NATIVE_INET || native == DM_NATIVE_TEXT || native == DM_NATIVE_VARCHAR ||
           native == DM_NATIVE_CHAR;
  case DM_BRIN:
    return native != DM_NATIVE_XML && native != DM_NATIVE_CITEXT && native != DM_NATIVE_BOOLEAN &&
           native != DM_NATIVE_MONEY && native != DM_NATIVE_JSONB && native != DM_NATIVE_JSON;
  }
  return true;
}

static void check_default_opclass(dm_pass *pass, const dm_index *index, const dm_field *field)
{
  bool list_in_gin = index->type == DM_GIN && field->arity == AST_LIST;
  if (list_in_gin) return;
  if (has_native(field)) {
    if (!has_default_opclass(index->type, field->native.native))
      dm_say_attr_at(pass, dm_key_word(index), index->place,
                     "The %s index field type `%s` has no default operator class.", dm_index_type_name(index->type),
                     dm_native_name(field->native.native));
  } else if (!takes_field(index->type, field)) {
    dm_say_attr_at(pass, dm_key_word(index), index->place,
                   "The %s index type does not support the type of the field `%.*s`.", dm_index_type_name(index->type),
                   STR_ARG(field->name));
  }
}

static void check_xml(dm_pass *pass, const dm_key_draft *key)
{
  for (size_t i = 0; i < key->index.key_count; i++) {
    const dm_field *field = key->index.keys[i].field;
    const ast_attr *native = field ? key->draft->fields[field->index].native : NULL;
    if (!native || !str_ends(native->name.text, STR(".Xml"))) continue;
    if (key->index.kind == DM_UNIQUE)
      dm_say(pass, dm_field_place(field), "Native type `Xml` cannot be unique in Postgres.");
    else
      dm_say(pass, dm_field_place(field),
             "You cannot define an index on fields with native type `Xml` of Postgres.");
    return;
  }
}

void dm_rules_opclasses(dm_pass *pass, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  check_xml(pass, key);
  dm_index typeless = *index; /* to Prisma, a full-text index is one without a type */
  if (index->kind == DM_FULLTEXT) {
    if (!pass->options.prisma_only) return;
    typeless.type = DM_BTREE;
    index = &typeless;
  }
  for (size_t i = 0; i < index->key_count; i++) {
    const dm_index_key *part = &index->keys[i];
    if (!part->field || (part->opclass.len && !part->opclass_ast.len)) continue; /* raw: the author knows */
    if (part->opclass_ast.len)
      check_given(pass, index, dm_find_opclass(part->opclass_ast), part->field);
    else
      check_default_opclass(pass, index, part->field);
  }
  if (index->type == DM_SPGIST && index->key_count != 1)
    say(pass, index, "SpGist does not support multi-column indices.");
}
