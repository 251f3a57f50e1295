/* The attributes of a relation field: what @relation says, and what has no business there. */
#include "dm/advise.h"
#include "dm/attributes.h"
#include "dm/extensions.h"

/* Names that were not columns of the model, by what they are instead. */
typedef struct bad_fields bad_fields;
struct bad_fields {
  VEC(str) unknown, relations;
};

/* The columns that an array of constants names. False after a report when it is no such array or repeats
 * itself. */
static bool resolve_fields(dm_pass *pass, const ast_attr *attr, const ast_expr *value, const dm_draft *draft,
                           const dm_field ***fields, size_t *count, bad_fields *bad)
{
  const ast_expr *const *items;
  size_t len = dm_array_items(&value, &items);
  const dm_field **found = arena_array(pass->mem, const dm_field *, len);
  str *names = arena_array(pass->mem, str, len);
  bool usable = true;
  for (size_t i = 0; i < len; i++) usable = dm_coerce_constant(pass, items[i], &names[i]) && usable;
  if (!usable) return false;
  size_t used = 0;
  for (size_t i = 0; i < len; i++) {
    const dm_field *field = dm_draft_field(draft, names[i]);
    if (!field) {
      vec_push(pass->mem, &bad->unknown, names[i]);
      continue;
    }
    if (!dm_field_is_column(field)) {
      vec_push(pass->mem, &bad->relations, names[i]);
      continue;
    }
    if (dm_listed_before(pass, field, value)) {
      dm_say_model_only(pass, draft->model, attr->place,
                        "The unique index definition refers to the field %.*s multiple times.",
                        STR_ARG(field->name));
      return false;
    }
    found[used++] = field;
  }
  *fields = found;
  *count = bad->unknown.len || bad->relations.len ? 0 : used;
  return true;
}

static void visit_fields(dm_pass *pass, dm_attrs *attrs, dm_side *side)
{
  const ast_expr *value = dm_arg(attrs, STR("fields"));
  if (!value) return;
  bad_fields bad = {0};
  side->has_fields = true;
  resolve_fields(pass, attrs->attr, value, side->draft, &side->fields, &side->field_count, &bad);
  if (bad.unknown.len) {
    diag *d = dm_say_invalid(pass, value->place,
                             "The argument fields must refer only to existing fields. The following fields "
                             "do not exist in this model: %.*s",
                             STR_ARG(dm_join(pass, bad.unknown.items, bad.unknown.len, ", ")));
    dm_suggest_column(pass, d, side->draft, bad.unknown.items[0]);
  }
  if (bad.relations.len)
    dm_say_invalid(pass, value->place,
                   "The argument fields must refer only to scalar fields. But it is referencing the "
                   "following relation fields: %.*s",
                   STR_ARG(dm_join(pass, bad.relations.items, bad.relations.len, ", ")));
}

static void visit_references(dm_pass *pass, dm_attrs *attrs, dm_side *side)
{
  const ast_expr *value = dm_arg(attrs, STR("references"));
  if (!value) return;
  bad_fields bad = {0};
  str model = side->target->model->name;
  side->has_references = true;
  resolve_fields(pass, attrs->attr, value, side->target, &side->references, &side->reference_count, &bad);
  if (bad.unknown.len) {
    diag *d =
        dm_say_invalid(pass, attrs->attr->place,
                       "The argument `references` must refer only to existing fields in the related model "
                       "`%.*s`. The following fields do not exist in the related model: %.*s",
                       STR_ARG(model), STR_ARG(dm_join(pass, bad.unknown.items, bad.unknown.len, ", ")));
    dm_suggest_column(pass, d, side->target, bad.unknown.items[0]);
  }
  if (bad.relations.len)
    dm_say_invalid(pass, attrs->attr->place,
                   "The argument `references` must refer only to scalar fields in the related model `%.*s`. "
                   "But it is referencing the following relation fields: %.*s",
                   STR_ARG(model), STR_ARG(dm_join(pass, bad.relations.items, bad.relations.len, ", ")));
}

static void visit_name(dm_pass *pass, dm_attrs *attrs, dm_side *side)
{
  const ast_expr *value = dm_arg_default_quiet(attrs, STR("name"));
  str name;
  if (!value || !dm_coerce_string(pass, value, &name)) return;
  if (name.len)
    side->name = name;
  else
    dm_say_attr(pass, attrs->attr, "A relation cannot have an empty name.");
}

const char *dm_action_name(dm_action action)
{
  static const char *const names[] = {
      [DM_CASCADE] = "Cascade",  [DM_RESTRICT] = "Restrict",      [DM_NO_ACTION] = "NoAction",
      [DM_SET_NULL] = "SetNull", [DM_SET_DEFAULT] = "SetDefault",
  };
  return names[action];
}

static bool visit_action(dm_pass *pass, dm_attrs *attrs, str argument, dm_action *action, span *place)
{
  const ast_expr *value = dm_arg(attrs, argument);
  str name;
  if (!value || !dm_coerce_constant(pass, value, &name)) return false;
  for (dm_action a = DM_CASCADE; a <= DM_SET_DEFAULT; a++) {
    if (!str_eq(name, str_from(dm_action_name(a)))) continue;
    *action = a;
    *place = value->place;
    return true;
  }
  diag *d =
      dm_say_attr_at(pass, "@relation", value->place, "Invalid referential action: `%.*s`", STR_ARG(name));
  str actions[DM_SET_DEFAULT + 1];
  for (dm_action a = DM_CASCADE; a <= DM_SET_DEFAULT; a++) actions[a] = str_from(dm_action_name(a));
  dm_suggest(pass, d, name, actions, DM_SET_DEFAULT + 1);
  return false;
}

static void visit_relation(dm_pass *pass, dm_attrs *attrs, dm_side *side)
{
  side->attr = attrs->attr;
  visit_fields(pass, attrs, side);
  visit_references(pass, attrs, side);
  visit_name(pass, attrs, side);
  side->has_on_delete = visit_action(pass, attrs, STR("onDelete"), &side->on_delete, &side->on_delete_place);
  side->has_on_update = visit_action(pass, attrs, STR("onUpdate"), &side->on_update, &side->on_update_place);
  dm_arg_name(attrs, STR("map"), &side->db_name);
  dm_extend_deferrable(pass, attrs, &side->deferrable);
}

static void refuse_unique(dm_pass *pass, dm_attrs *attrs, const dm_side *side)
{
  str suggestion = STR("");
  str fields = dm_join_fields(pass, side->fields, side->field_count, ", ");
  if (side->field_count == 1)
    suggestion = sc_str_format(pass->mem, " Did you mean to put it on `%.*s`?", STR_ARG(fields));
  else if (side->field_count > 1)
    suggestion = sc_str_format(pass->mem, " Did you mean to provide `@@unique([%.*s])`?", STR_ARG(fields));
  dm_say_attr(pass, attrs->attr,
              "The field `%.*s` is a relation field and cannot be marked with `unique`. Only scalar fields "
              "can be made unique.%.*s",
              STR_ARG(side->field->name), STR_ARG(suggestion));
}

void dm_relation_attributes(dm_pass *pass, dm_side *side)
{
  dm_attrs attrs;
  dm_attrs_begin(&attrs, pass, DM_ON_FIELD, &side->field->ast->attrs);
  if (dm_attrs_single(&attrs, STR("relation"))) {
    visit_relation(pass, &attrs, side);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("id"))) {
    dm_say_attr(pass, attrs.attr,
                "The field `%.*s` is a relation field and cannot be marked with `@id`. Only scalar fields "
                "can be declared as id.",
                STR_ARG(side->field->name));
    dm_args_drop(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("ignore"))) {
    side->field->is_ignored = true;
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("default"))) {
    dm_say_attr(pass, attrs.attr, "Cannot set a default value on a relation field.");
    dm_args_drop(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("map"))) {
    dm_say_attr(pass, attrs.attr, "The attribute `@map` cannot be used on relation fields.");
    dm_arg_default(&attrs, STR("name"));
    dm_args_drop(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("unique"))) {
    refuse_unique(pass, &attrs, side);
    dm_args_drop(&attrs);
  }
  dm_attrs_end(&attrs);
}
