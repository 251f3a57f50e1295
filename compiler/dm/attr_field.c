/* The attributes of a field that is a column. */
#include "dm/advise.h"
#include "dm/attr_key.h"
#include "dm/extensions.h"

static void say_repeated(dm_pass *pass, const dm_draft *draft, const dm_field *field, const dm_field *before)
{
  diag *d = diag_add(pass->diags, DIAG_FIELD_REPEATED, dm_field_place(field), field->name,
                     str_from(dm_model_word(draft->model)), draft->model->name);
  diag_note_at(pass->diags, d, before->ast->name.place, "`%.*s` has the same column", STR_ARG(before->name));
}

/* The field to which @map gave the name before. Few fields are searched. */
static const dm_field *mapped_before(const dm_pass *pass, dm_draft *draft, dm_field *field, str name)
{
  if (name.len && !draft->by_name) {
    for (uint32_t i = 0; i < field->index; i++)
      if (draft->fields[i].named && str_eq(draft->model->fields[i].db_name, name))
        return &draft->model->fields[i];
    return NULL;
  }
  if (!draft->by_column) draft->by_column = sc_table_new(pass->mem);
  void **slot = sc_table_slot(draft->by_column, name);
  if (*slot) return *slot;
  *slot = field;
  return NULL;
}

/* Columns share one set of names: those given by @map so far, and the names of fields that no @map has
 * changed. */
static void visit_map(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  const ast_expr *value = dm_arg_default(attrs, STR("name"));
  str name;
  if (!value || !dm_coerce_string(pass, value, &name)) return;
  if (name.len) field->db_name = name;
  draft->fields[field->index].mapped = true;
  draft->fields[field->index].named = name.len > 0;
  const dm_field *before = mapped_before(pass, draft, field, name);
  if (before) say_repeated(pass, draft, field, before);
  const dm_field *other = dm_draft_field(draft, name);
  if (!other || other == field || !dm_field_is_column(other)) return;
  if (!draft->fields[other->index].mapped || str_eq(other->db_name, name))
    say_repeated(pass, draft, field, other);
}

static void visit_ignore(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  if (field->type == DM_TYPE_UNSUPPORTED && !draft->fields[field->index].composite)
    dm_say_attr(pass, attrs->attr,
                "Fields of type `Unsupported` cannot take an `@ignore` attribute. They are already treated "
                "as ignored by the client due to their type.");
  else
    field->is_ignored = true;
}

static dm_key_draft *field_key(dm_attrs *attrs, dm_draft *draft, dm_field *field, dm_index_kind kind)
{
  dm_key_draft *key = dm_new_key(attrs, draft, kind);
  key->index.on_field = true;
  key->index.keys = arena_new(attrs->pass->mem, dm_index_key);
  key->index.keys[0].field = field;
  key->index.key_count = 1;
  key->index.db_named = dm_arg_name(attrs, STR("map"), &key->index.db_name);
  const ast_expr *length = dm_arg(attrs, STR("length"));
  int64_t value;
  key->length_written = length && dm_coerce_integer(attrs->pass, length, &value);
  key->index.keys[0].has_length = key->length_written;
  key->index.keys[0].sort = dm_arg_sort(attrs);
  dm_arg_clustered(attrs, key);
  dm_extend_key(attrs->pass, attrs, draft, key);
  return key;
}

static void visit_id(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_field *field)
{
  if (draft->primary_key) {
    diag *d = diag_add(pass->diags, DIAG_MODEL, draft->model->place, draft->model->name,
                       STR("At most one field must be marked as the id field with the `@id` attribute."));
    const dm_field *first = draft->primary_key->index.keys[0].field;
    dm_note_first(pass, d, draft->primary_key->index.ast->full_place);
    diag_note_at(pass->diags, d, attrs->attr->full_place, "and again here");
    diag_help(pass->diags, d, "for a key of several fields write `@@id([%.*s, %.*s])`", STR_ARG(first->name),
              STR_ARG(field->name));
    return;
  }
  draft->primary_key = field_key(attrs, draft, field, DM_PRIMARY_KEY);
  field->is_id = true;
}

static void visit_updated_at(dm_pass *pass, dm_attrs *attrs, dm_field *field)
{
  if (field->type != DM_TYPE_SCALAR || field->scalar != DM_DATETIME)
    dm_say_attr(pass, attrs->attr, "Fields that are marked with @updatedAt must be of type DateTime.");
  if (field->arity == AST_LIST)
    dm_say_attr(pass, attrs->attr, "Fields that are marked with @updatedAt cannot be lists.");
  field->is_updated_at = true;
  const ast_expr *trigger = pass->options.prisma_only ? NULL : dm_arg(attrs, STR("trigger"));
  if (!trigger) return;
  pass->extended = true;
  dm_coerce_boolean(pass, trigger, &dm_extension_of(pass, field)->updated_by_trigger);
}

static void visit_shard_key(dm_pass *pass, const dm_attrs *attrs, dm_draft *draft, const dm_field *field)
{
  if (draft->shard_key)
    diag_add(pass->diags, DIAG_MODEL, draft->model->place, draft->model->name,
             STR("At most one field must be marked as the shard key with the `@shardKey` attribute."));
  else {
    draft->shard_key = attrs->attr;
    draft->sharded_by = field;
  }
}

void dm_scalar_attributes(dm_pass *pass, dm_draft *draft, dm_field *field)
{
  dm_attrs attrs;
  dm_attrs_begin(&attrs, pass, DM_ON_FIELD, &field->ast->attrs);
  if (!attrs.len) return;
  if (dm_attrs_single(&attrs, STR("map"))) {
    visit_map(pass, &attrs, draft, field);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("ignore"))) {
    visit_ignore(pass, &attrs, draft, field);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("relation"))) {
    dm_say_attr(pass, attrs.attr, "Invalid field type, not a relation.");
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("id"))) {
    visit_id(pass, &attrs, draft, field);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("updatedAt"))) {
    visit_updated_at(pass, &attrs, field);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("default"))) {
    dm_default_attribute(&attrs, draft, field);
    dm_args_end(&attrs);
  }
  const ast_attr *native = field->type == DM_TYPE_SCALAR ? dm_attrs_native(&attrs) : NULL;
  draft->fields[field->index].native = native;
  if (native) dm_resolve_native(field, native);
  if (dm_attrs_single(&attrs, STR("unique"))) {
    dm_key_draft *key = field_key(&attrs, draft, field, DM_UNIQUE);
    field->is_unique = true;
    vec_push(pass->mem, &draft->keys, key);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("shardKey"))) {
    visit_shard_key(pass, &attrs, draft, field);
    dm_args_end(&attrs);
  }
  dm_extend_field(pass, &attrs, draft, field);
  dm_attrs_end(&attrs);
}
