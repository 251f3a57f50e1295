/* Rules about relations: each side by itself, then the two together. */
#include "base/buf.h"
#include "dm/advise.h"
#include "dm/groups.h"
#include "dm/rules.h"

static span action_place(const dm_side *side, const char *argument)
{
  return side->attr ? dm_arg_place(side->attr, argument) : dm_field_place(side->field);
}

/* ---- one side ---- */

/* `a`, `b` and `c` */
static str quoted_fields(dm_pass *pass, const dm_sides *sides)
{
  buf out = {.mem = pass->mem};
  for (size_t i = 0; i < sides->len; i++) {
    if (i) buf_add(&out, i + 1 == sides->len ? STR(" and ") : STR(", "));
    sc_buf_format(&out, "`%.*s`", STR_ARG(sides->items[i]->field->name));
  }
  return buf_str(&out);
}

/* Several fields of one model refer to the same model under the same name, or without one. */
static bool is_ambiguous(dm_pass *pass, const dm_side *side)
{
  const dm_model *model = side->draft->model, *target = side->target->model;
  const dm_group *group = side->group;
  if (group->sides.len < 2) return false;
  str fields = quoted_fields(pass, &group->sides);
  span place = dm_field_place(side->field);
  bool named = side->name.len > 0, self = model == target, pair = group->sides.len == 2;
  if (self && named && pair) return false;
  if (self && !named && pair)
    dm_say_model(
        pass, model, place,
        "Ambiguous self relation detected. The fields %.*s in model `%.*s` both refer to `%.*s`. If they are "
        "part of the same relation add the same relation name for them with `@relation(<name>)`.",
        STR_ARG(fields), STR_ARG(model->name), STR_ARG(target->name));
  else if (self && !named)
    dm_say_model(pass, model, place,
                 "Unnamed self relation detected. The fields %.*s in model `%.*s` have no relation name. "
                 "Please provide a relation name for one of them by adding `@relation(<name>).",
                 STR_ARG(fields), STR_ARG(model->name));
  else if (self)
    dm_say_model(pass, model, place,
                 "Wrongly named self relation detected. The fields %.*s in model `%.*s` have the same "
                 "relation name. At most two relation fields can belong to the same relation and therefore "
                 "have the same name. Please assign a different relation name to one of them.",
                 STR_ARG(fields), STR_ARG(model->name));
  else if (!named)
    dm_say_model(pass, model, place,
                 "Ambiguous relation detected. The fields %.*s in model `%.*s` both refer to `%.*s`. Please "
                 "provide different relation names for them by adding `@relation(<name>).",
                 STR_ARG(fields), STR_ARG(model->name), STR_ARG(target->name));
  else
    dm_say_model(
        pass, model, place,
        "Wrongly named relation detected. The fields %.*s in model `%.*s` both use the same relation name. "
        "Please provide different relation names for them through `@relation(<name>).",
        STR_ARG(fields), STR_ARG(model->name));
  return true;
}

static void check_ignored(dm_pass *pass, const dm_side *side)
{
  if (!side->target->model->is_ignored || side->field->is_ignored || side->draft->model->is_ignored) return;
  dm_say_attr_at(pass, "@ignore", dm_field_place(side->field),
                 "The relation field `%.*s` on Model `%.*s` must specify the `@ignore` attribute, because "
                 "the model %.*s it is pointing to is marked ignored.",
                 STR_ARG(side->field->name), STR_ARG(side->draft->model->name),
                 STR_ARG(side->target->model->name));
}

/* Without foreign keys Prisma carries the actions out itself, and not all of them. */
static void check_action(dm_pass *pass, bool written, dm_action action, span place)
{
  if (!written || !pass->schema->datasource.relation_mode_prisma) return;
  if (action != DM_NO_ACTION && action != DM_SET_DEFAULT) return;
  dm_say_invalid(pass, place,
                 "Invalid referential action: `%s`. Allowed values: (`Cascade`, `Restrict`, `SetNull`)%s",
                 dm_action_name(action),
                 action == DM_NO_ACTION
                     ? ". `NoAction` is not implemented for Postgres when using `relationMode = \"prisma\"`, "
                       "you could try using `Restrict` instead. Learn more at https://pris.ly/d/relation-mode"
                     : "");
}

static bool starts_with_fields(const dm_index *index, const dm_side *side)
{
  if (index->key_count < side->field_count) return false;
  for (size_t i = 0; i < side->field_count; i++)
    if (index->keys[i].field != side->fields[i]) return false;
  return true;
}

/* A foreign key would not make an index either, but Prisma asks for one only where there is none. */
static void check_missing_index(dm_pass *pass, const dm_side *side)
{
  if (!pass->schema->datasource.relation_mode_prisma || !side->has_fields) return;
  for (size_t i = 0; i < side->draft->keys.len; i++)
    if (starts_with_fields(&side->draft->keys.items[i]->index, side)) return;
  if (side->draft->primary_key && starts_with_fields(&side->draft->primary_key->index, side)) return;
  dm_say_warning(pass, side->attr->place,
                 "With `relationMode = \"prisma\"`, no foreign keys are used, so relation fields will not "
                 "benefit from the index usually created by the relational database under the hood. This can "
                 "lead to poor performance when querying these fields. We recommend adding an index "
                 "manually. Learn more at https://pris.ly/d/relation-mode-prisma-indexes\" ");
}

bool dm_rules_side(dm_pass *pass, const dm_scopes *scopes, dm_side *side)
{
  if (is_ambiguous(pass, side)) return false;
  dm_check_field_name(pass, scopes, side->field);
  check_ignored(pass, side);
  check_action(pass, side->has_on_delete, side->on_delete, action_place(side, "onDelete"));
  check_action(pass, side->has_on_update, side->on_update, action_place(side, "onUpdate"));
  if (side->db_name.len && dm_is_bare(pass))
    dm_say_attr_at(pass, "@relation", side->attr->place,
                   "Your provider does not support named foreign keys.");
  if (side->db_name.len) dm_check_name_length(pass, side->draft->model, side->attr, side->db_name, false);
  check_missing_index(pass, side);
  return true;
}

/* ---- the key's side ---- */

static diag *say_relation(dm_pass *pass, const dm_side *at, str text)
{
  return diag_add(pass->diags, DIAG_ATTRIBUTE, dm_field_place(at->field), STR("@relation"), text);
}

static bool references_unique(const dm_side *from)
{
  for (size_t n = 0; n < dm_criterion_count(from->target); n++) {
    const dm_index *index = dm_criterion(from->target, n);
    bool fits = index && index->deferrable == DM_NOT_DEFERRABLE; /* PostgreSQL refers to no other */
    if (fits && dm_key_has_exactly(index, from->references, from->reference_count)) return true;
  }
  return false;
}

static void check_references(dm_pass *pass, const dm_side *from)
{
  if (!from->reference_count) return;
  if (references_unique(from)) {
    dm_bare_order(pass, from);
    return;
  }
  str fields = dm_join_fields(pass, from->references, from->reference_count, ", ");
  str model = from->target->model->name;
  str text =
      from->reference_count == 1
          ? sc_str_format(pass->mem,
                          "Consider adding an `@unique` attribute to the field `%.*s` in the model `%.*s`.",
                          STR_ARG(fields), STR_ARG(model))
          : sc_str_format(pass->mem, "Consider adding an `@@unique([%.*s])` attribute to the model `%.*s`.",
                          STR_ARG(fields), STR_ARG(model));
  diag *d = say_relation(
      pass, from,
      sc_str_format(pass->mem,
                    "The argument `references` must refer to a unique criterion in the related model. %.*s",
                    STR_ARG(text)));
  dm_advise_unique(pass, d, from->references, from->reference_count);
}

static void check_lengths(dm_pass *pass, const dm_side *from)
{
  if (from->has_fields && from->has_references && from->field_count != from->reference_count)
    dm_say_invalid(pass, from->attr->place,
                   "You must specify the same number of fields in `fields` and `references`.");
}

static void check_arity(dm_pass *pass, const dm_side *from)
{
  if (from->field->arity != AST_REQUIRED) return;
  bool optional = false;
  for (size_t i = 0; i < from->field_count; i++)
    optional = optional || from->fields[i]->arity == AST_OPTIONAL;
  if (optional)
    dm_say_invalid(pass, dm_field_place(from->field),
                   "The relation field `%.*s` uses the scalar fields %.*s. At least one of those fields is "
                   "optional. Hence the relation field must be optional as well.",
                   STR_ARG(from->field->name),
                   STR_ARG(dm_join_fields(pass, from->fields, from->field_count, ", ")));
}

static bool same_type(const dm_field *a, const dm_field *b)
{
  if (a->type != b->type) return false;
  if (a->type == DM_TYPE_SCALAR) return a->scalar == b->scalar;
  if (a->type == DM_TYPE_ENUM) return a->enum_ == b->enum_;
  return str_eq(a->unsupported, b->unsupported);
}

/* Without `references` the fields are compared with those of the other model's first key. */
static const dm_field *referenced(const dm_side *from, const dm_index *key, size_t i)
{
  if (from->has_references) return i < from->reference_count ? from->references[i] : NULL;
  return key && i < key->key_count ? key->keys[i].field : NULL;
}

static void check_types(dm_pass *pass, const dm_side *from)
{
  const dm_index *key = from->has_references ? NULL : dm_strict_criterion(from->target);
  for (size_t i = 0; i < from->field_count; i++) {
    const dm_field *mine = from->fields[i], *theirs = referenced(from, key, i);
    if (!theirs || same_type(mine, theirs)) continue;
    say_relation(pass, from,
                 sc_str_format(pass->mem,
                               "The type of the field `%.*s` in the model `%.*s` is not matching the type of "
                               "the referenced field `%.*s` in model `%.*s`.",
                               STR_ARG(mine->name), STR_ARG(mine->model->name), STR_ARG(theirs->name),
                               STR_ARG(theirs->model->name)));
  }
}

static void check_key_name(dm_pass *pass, const dm_scopes *scopes, const dm_pair *pair)
{
  const dm_side *from = pair->from;
  const dm_model *model = from ? from->draft->model : pair->to->target->model;
  if (dm_is_bare(pass) || !dm_scopes_clash_in_table(scopes, model, pair->db_name)) return;
  span place = from ? dm_field_place(from->field) : pair->to->draft->model->place;
  if (from && from->db_name.len) place = dm_arg_place(from->attr, "map");
  dm_say_attr_at(pass, "@relation", place,
                 "The given constraint name `%.*s` has to be unique in the following namespace: on model "
                 "`%.*s` for primary key, indexes, unique constraints and foreign keys. Please provide a "
                 "different name using the `map` argument.",
                 STR_ARG(pair->db_name), STR_ARG(model->name));
}

/* SetNull on columns that cannot be null: PostgreSQL takes it and fails when it happens. */
static void check_set_null_of(dm_pass *pass, const dm_side *from, const char *argument)
{
  static const char advice[] =
      "We recommend either to choose another referential action, or to make the referenced fields optional.";
  span place = action_place(from, argument);
  if (pass->schema->datasource.relation_mode_prisma || dm_is_bare(pass))
    dm_say_attr_at(
        pass, "@relation", dm_field_place(from->field),
        "The `%s` referential action of a relation must not be set to `SetNull` when a referenced field is "
        "required.\nEither choose another referential action, or make the referenced fields optional.\n",
        argument);
  else
    dm_say_warning(pass, place,
                   "The `%s` referential action of a relation should not be set to `SetNull` when a "
                   "referenced field is required. %s Read more at https://pris.ly/d/postgres-set-null ",
                   argument, advice);
}

/* A relation that does not say its fields counts as one of required fields. */
static void check_set_null(dm_pass *pass, const dm_side *from)
{
  bool all_optional = from->has_fields;
  for (size_t i = 0; i < from->field_count; i++)
    all_optional = all_optional && from->fields[i]->arity != AST_REQUIRED;
  if (all_optional) return;
  if (from->has_on_delete && from->on_delete == DM_SET_NULL) check_set_null_of(pass, from, "onDelete");
  if (from->has_on_update && from->on_update == DM_SET_NULL) check_set_null_of(pass, from, "onUpdate");
}

static void check_key_side(dm_pass *pass, const dm_scopes *scopes, dm_cycles *cycles, const dm_pair *pair)
{
  if (!pair->from) {
    check_key_name(pass, scopes, pair);
    return;
  }
  if (pair->to) dm_rules_cycles(pass, cycles, pair);
  check_references(pass, pair->from);
  check_lengths(pass, pair->from);
  check_arity(pass, pair->from);
  check_types(pass, pair->from);
  check_key_name(pass, scopes, pair);
  check_set_null(pass, pair->from);
}

/* ---- both sides ---- */

/* The other side's field is not there. */
static void check_opposite(dm_pass *pass, const dm_pair *pair)
{
  if (pair->from && pair->to) return;
  const dm_side *side = pair->from ? pair->from : pair->to;
  diag *d = dm_say_field(
      pass, side->field,
      "The relation field `%.*s` on %s `%.*s` is missing an opposite relation field on the model "
      "`%.*s`. Either run `prisma format` or add it manually.",
      STR_ARG(side->field->name), dm_model_word(side->draft->model), STR_ARG(side->draft->model->name),
      STR_ARG(side->target->model->name));
  dm_advise_opposite(pass, d, side);
}

/* "`b` on Model `A`" */
static str on_model(dm_pass *pass, const dm_side *side)
{
  return sc_str_format(pass->mem, "`%.*s` on Model `%.*s`", STR_ARG(side->field->name),
                       STR_ARG(side->draft->model->name));
}

static diag *say_both(dm_pass *pass, const dm_side *at, const dm_side *other, const char *rule)
{
  return say_relation(
      pass, at,
      sc_str_format(pass->mem, "The relation fields %.*s and %.*s %s in the @relation attribute. %s",
                    STR_ARG(on_model(pass, at)), STR_ARG(on_model(pass, other)), rule,
                    strncmp(rule, "both", 4) == 0 ? "You have to provide it only on one of the two fields."
                                                  : "You have to provide it on one of the two fields."));
}

static bool has_actions(const dm_side *side)
{
  return side->has_on_delete || side->has_on_update;
}

static void one_to_one_arguments(dm_pass *pass, const dm_side *from, const dm_side *to)
{
  if (!from->field_count && !to->field_count) {
    dm_advise_key(pass, say_both(pass, from, to, "do not provide the `fields` argument"), from, to);
    say_both(pass, to, from, "do not provide the `fields` argument");
  }
  if (!from->reference_count && !to->reference_count) {
    say_both(pass, from, to, "do not provide the `references` argument");
    say_both(pass, to, from, "do not provide the `references` argument");
  }
  const struct {
    bool both;
    const char *name;
  } doubled[] = {{from->reference_count && to->reference_count, "references"},
                 {from->field_count && to->field_count, "fields"}};
  for (size_t i = 0; i < 2; i++) {
    if (!doubled[i].both) continue;
    str text = sc_str_format(pass->mem,
                             "The relation fields %.*s and %.*s both provide the `%s` argument in the "
                             "@relation attribute. You have to provide it only on one of the two fields.",
                             STR_ARG(on_model(pass, from)), STR_ARG(on_model(pass, to)), doubled[i].name);
    say_relation(pass, from, text);
    say_relation(pass, to, text);
  }
}

static void one_to_one_actions(dm_pass *pass, const dm_side *from, const dm_side *to)
{
  if (has_actions(from) && has_actions(to)) {
    say_both(pass, to, from, "both provide the `onDelete` or `onUpdate` argument");
    say_both(pass, from, to, "both provide the `onDelete` or `onUpdate` argument");
  } else if (has_actions(to)) {
    say_relation(
        pass, to,
        sc_str_format(
            pass->mem,
            "The relation field %.*s must not specify the `onDelete` or `onUpdate` argument in the @relation "
            "attribute. You must only specify it on the opposite field `%.*s` on model `%.*s`.",
            STR_ARG(on_model(pass, to)), STR_ARG(from->field->name), STR_ARG(from->draft->model->name)));
  }
}

static void one_to_one_unique(dm_pass *pass, const dm_side *from)
{
  if (!from->has_fields) return;
  for (size_t n = 0; n < dm_criterion_count(from->draft); n++) {
    const dm_index *index = dm_criterion(from->draft, n);
    if (index && dm_key_has_exactly(index, from->fields, from->field_count)) return;
  }
  str fields = dm_join_fields(pass, from->fields, from->field_count, ", ");
  diag *d = say_relation(
      pass, from,
      from->field_count == 1
          ? sc_str_format(pass->mem,
                          "A one-to-one relation must use unique fields on the defining side. Either add an "
                          "`@unique` attribute to the field `%.*s`, or change the relation to one-to-many.",
                          STR_ARG(fields))
          : sc_str_format(pass->mem,
                          "A one-to-one relation must use unique fields on the defining side. Either add an "
                          "`@@unique([%.*s])` attribute to the model, or change the relation to one-to-many.",
                          STR_ARG(fields)));
  if (from->field_count) dm_advise_unique(pass, d, from->fields, from->field_count);
}

static void one_to_one_mixups(dm_pass *pass, const dm_side *from, const dm_side *to)
{
  static const char rule[] =
      "The relation field %.*s provides the `%s` argument in the @relation attribute. And the related field "
      "%.*s provides the `%s` argument. You must provide both arguments on the same side.";
  str mine = on_model(pass, from), theirs = on_model(pass, to);
  if (from->field_count && to->reference_count) {
    str text = sc_str_format(pass->mem, rule, STR_ARG(mine), "fields", STR_ARG(theirs), "references");
    say_relation(pass, from, text);
    say_relation(pass, to, text);
  }
  if (from->reference_count && to->field_count)
    say_relation(pass, from,
                 sc_str_format(pass->mem, rule, STR_ARG(mine), "references", STR_ARG(theirs), "fields"));
}

static void one_to_one_back(dm_pass *pass, const dm_side *from, const dm_side *to)
{
  str model = from->draft->model->name;
  if (to->field->arity == AST_REQUIRED)
    say_relation(pass, to,
                 sc_str_format(pass->mem,
                               "The relation field %.*s is required. This is not valid because it's not "
                               "possible to enforce this constraint on the database level. Please change the "
                               "field type from `%.*s` to `%.*s?` to fix this.",
                               STR_ARG(on_model(pass, to)), STR_ARG(model), STR_ARG(model)));
}

static void one_to_one_wrong_side(dm_pass *pass, const dm_side *from, const dm_side *to)
{
  if (from->field->arity != AST_REQUIRED || !(to->has_fields || to->has_references)) return;
  say_relation(
      pass, to,
      sc_str_format(pass->mem,
                    "The relation field `%.*s.%.*s` defines the `fields` and/or `references` argument. You "
                    "must set them on the required side of the relation (`%.*s.%.*s`) in order for the "
                    "constraints to be enforced. Alternatively, you can change this field to be required and "
                    "the opposite optional, or make both sides of the relation optional.",
                    STR_ARG(to->draft->model->name), STR_ARG(to->field->name),
                    STR_ARG(from->draft->model->name), STR_ARG(from->field->name)));
}

/* The last three are not said once anything else has been. */
static void check_one_to_one(dm_pass *pass, const dm_pair *pair)
{
  const dm_side *from = pair->from, *to = pair->to;
  if (to) {
    one_to_one_arguments(pass, from, to);
    one_to_one_actions(pass, from, to);
  }
  one_to_one_unique(pass, from);
  if (to && !pass->diags->errors) one_to_one_mixups(pass, from, to);
  if (to && !pass->diags->errors) one_to_one_back(pass, from, to);
  if (to && !pass->diags->errors) one_to_one_wrong_side(pass, from, to);
}

static void check_one_to_many(dm_pass *pass, const dm_pair *pair)
{
  const dm_side *from = pair->from, *to = pair->to;
  if (!from || !to) return;
  if (!from->field_count) {
    diag *d = say_relation(
        pass, from,
        sc_str_format(pass->mem,
                      "The relation field %.*s must specify the `fields` argument in the @relation "
                      "attribute. You can run `prisma format` to fix this automatically.",
                      STR_ARG(on_model(pass, from))));
    dm_advise_key(pass, d, from, to);
  }
  if (!from->reference_count) {
    diag *d = say_relation(
        pass, from,
        sc_str_format(
            pass->mem,
            "The relation field %.*s must specify the `references` argument in the @relation attribute.",
            STR_ARG(on_model(pass, from))));
    const dm_field *key = from->target->primary_key && from->target->primary_key->index.key_count == 1
                              ? from->target->primary_key->index.keys[0].field
                              : NULL;
    if (key && from->field_count == 1)
      diag_help(pass->diags, d, "write `@relation(fields: [%.*s], references: [%.*s])`",
                STR_ARG(from->fields[0]->name), STR_ARG(key->name));
    else
      dm_advise_key(pass, d, from, to);
  }
  str opposite = sc_str_format(pass->mem, "`%.*s` on model `%.*s`", STR_ARG(from->field->name),
                               STR_ARG(from->draft->model->name));
  if (to->field_count || to->reference_count)
    say_relation(
        pass, to,
        sc_str_format(pass->mem,
                      "The relation field %.*s must not specify the `fields` or `references` argument in the "
                      "@relation attribute. You must only specify it on the opposite field %.*s.",
                      STR_ARG(on_model(pass, to)), STR_ARG(opposite)));
  if (has_actions(to))
    say_relation(
        pass, to,
        sc_str_format(pass->mem,
                      "The relation field %.*s must not specify the `onDelete` or `onUpdate` argument in the "
                      "@relation attribute. You must only specify it on the opposite field %.*s, or in case "
                      "of a many to many relation, in an explicit join table.",
                      STR_ARG(on_model(pass, to)), STR_ARG(opposite)));
}

void dm_rules_relation(dm_pass *pass, const dm_scopes *scopes, dm_cycles *cycles, const dm_pair *pair)
{
  if (pair->kind == DM_MANY_TO_MANY) {
    dm_rules_many_to_many(pass, pair);
    return;
  }
  check_key_side(pass, scopes, cycles, pair);
  check_opposite(pass, pair);
  if (pair->kind == DM_ONE_TO_ONE)
    check_one_to_one(pass, pair);
  else
    check_one_to_many(pass, pair);
}
