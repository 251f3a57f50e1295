/* Rules about @renamedFrom of columns and enum values, and @@renamedFrom of tables and enums. */
#include "dm/advise.h"
#include "dm/rules.h"

/* Something that may have had another name: its name in the database now, and the one it had. */
typedef struct renamed renamed;
struct renamed {
  str scope, now, before;
  const ast_attr *attr; /* NULL: it was not renamed */
  span place;
};

typedef VEC(renamed) renamed_list;

/* What is to be renamed must be gone: a name that still belongs to something, which was not itself renamed to
 * it, would be taken away from it. */
static void check_renamed(dm_pass *pass, const renamed_list *list, const char *what)
{
  bool any = false;
  for (size_t i = 0; i < list->len; i++) any = any || list->items[i].attr;
  if (!any) return;
  table *now = sc_table_new(pass->mem), *before = sc_table_new(pass->mem);
  char room[DM_KEY_ROOM];
  for (size_t i = 0; i < list->len; i++) {
    renamed *item = &list->items[i];
    sc_table_put(now, dm_key_of(pass->mem, room, sizeof room, item->scope, item->now), item);
  }
  for (size_t i = 0; i < list->len; i++) {
    renamed *item = &list->items[i];
    if (!item->attr) continue;
    str key = dm_key_of(pass->mem, room, sizeof room, item->scope, item->before);
    const renamed *owner = sc_table_get(now, key), *other = sc_table_get(before, key);
    sc_table_put(before, key, item);
    if (owner == item) {
      dm_say_attr(pass, item->attr, "The %s is called `%.*s` in the database now: that is not its old name.",
                  what, STR_ARG(item->before));
    } else if (owner && !owner->attr) {
      diag *d = dm_say_attr(pass, item->attr, "The %s `%.*s` is still there: nothing can be renamed from it.",
                            what, STR_ARG(item->before));
      diag_note_at(pass->diags, d, owner->place, "`%.*s` is declared here", STR_ARG(item->before));
    } else if (other) {
      diag *d = dm_say_attr(pass, item->attr, "Another %s was renamed from `%.*s` already.", what,
                            STR_ARG(item->before));
      dm_note_first(pass, d, other->attr->full_place);
    }
  }
}

static const ast_attr *find_attr(const ast_attrs *attrs)
{
  for (size_t i = 0; i < attrs->len; i++)
    if (str_eq(attrs->items[i]->name.text, STR("renamedFrom"))) return attrs->items[i];
  return NULL;
}

static const ast_attr *find_block_attr(const ast_block *block)
{
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind == AST_BLOCK_ATTR && str_eq(item->as.attr->name.text, STR("renamedFrom")))
      return item->as.attr;
  }
  return NULL;
}

static void check_fields(dm_pass *pass, const dm_model *model)
{
  renamed_list list = {0};
  bool any = false;
  for (size_t i = 0; i < model->field_count; i++) any = any || model->fields[i].extension->renamed_from.ptr;
  if (!any) return;
  for (size_t i = 0; i < model->field_count; i++) {
    const dm_field *field = &model->fields[i];
    if (!dm_field_is_column(field)) continue;
    renamed item = {
        .now = field->db_name, .before = field->extension->renamed_from, .place = field->ast->name.place};
    if (field->extension->renamed_from.ptr) item.attr = find_attr(&field->ast->attrs);
    vec_push(pass->mem, &list, item);
  }
  check_renamed(pass, &list, "column");
}

static void check_tables(dm_pass *pass)
{
  renamed_list list = {0};
  for (size_t i = 0; i < pass->schema->model_count; i++) {
    const dm_model *model = pass->schema->models[i];
    renamed item = {model->schema, model->db_name, model->renamed_from, NULL, model->ast->name.place};
    if (model->renamed_from.ptr) item.attr = find_block_attr(model->ast);
    vec_push(pass->mem, &list, item);
  }
  check_renamed(pass, &list, "table");
}

static void check_values(dm_pass *pass, const dm_enum *enum_)
{
  renamed_list list = {0};
  for (size_t i = 0; i < enum_->value_count; i++) {
    const dm_enum_value *value = &enum_->values[i];
    renamed item = {.now = value->db_name, .before = value->renamed_from, .place = value->ast->name.place};
    if (value->renamed_from.ptr) item.attr = find_attr(&value->ast->attrs);
    vec_push(pass->mem, &list, item);
  }
  check_renamed(pass, &list, "value");
}

static void check_enums(dm_pass *pass)
{
  renamed_list list = {0};
  for (size_t i = 0; i < pass->schema->enum_count; i++) {
    const dm_enum *enum_ = pass->schema->enums[i];
    renamed item = {enum_->schema, enum_->db_name, enum_->renamed_from, NULL, enum_->ast->name.place};
    if (enum_->renamed_from.ptr) item.attr = find_block_attr(enum_->ast);
    vec_push(pass->mem, &list, item);
    check_values(pass, enum_);
  }
  check_renamed(pass, &list, "enum");
}

void dm_rules_renamed(dm_pass *pass)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) check_fields(pass, pass->schema->models[m]);
  check_tables(pass);
  check_enums(pass);
}
