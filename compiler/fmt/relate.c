#include "fmt/relate.h"

#include "base/buf.h"

static const ast_attr *find_attr(const ast_attrs *attrs, str name)
{
  for (size_t i = 0; i < attrs->len; i++)
    if (str_eq(attrs->items[i]->name.text, name)) return attrs->items[i];
  return NULL;
}

/* The argument under its name, or the one without a name. */
static const ast_arg *default_arg(const ast_args *args, str name)
{
  const ast_arg *named = ast_args_named(args, name);
  for (size_t i = 0; !named && i < args->len; i++)
    if (!args->items[i].name.text.len) named = &args->items[i];
  return named;
}

/* ---- columns and keys ---- */

static void add_key(fmt_relations *relations, fmt_model *model, const fmt_key *key, bool unique)
{
  if (!key->len) return;
  vec_push(relations->mem, &model->keys, *key);
  if (!unique) return;
  buf names = {.mem = relations->mem};
  for (size_t i = 0; i < key->len; i++) {
    if (i) buf_char(&names, ',');
    buf_add(&names, key->items[i]->name.text);
  }
  sc_table_put(model->uniques, buf_str(&names), model);
}

/* @id and @unique of fields. */
static void read_field_keys(fmt_relations *relations, fmt_model *model, str name)
{
  for (size_t i = 0; i < model->block->items.len; i++) {
    const ast_item *item = model->block->items.items[i];
    if (item->kind != AST_FIELD || !find_attr(&item->as.field->attrs, name)) continue;
    fmt_key key = {0};
    vec_push(relations->mem, &key, item->as.field);
    add_key(relations, model, &key, str_eq(name, STR("unique")));
  }
}

/* The columns that an attribute lists; none when one of them is no column, or the constraint is a partial
 * one. */
static fmt_key listed_fields(const fmt_relations *relations, const fmt_model *model, const ast_attr *attr)
{
  fmt_key key = {0};
  const ast_arg *arg = default_arg(attr->args, STR("fields"));
  if (!arg || !arg->value || ast_args_named(attr->args, STR("where"))) return key;
  bool list = arg->value->kind == AST_ARRAY;
  for (size_t i = 0; i < (list ? arg->value->len : 1); i++) {
    const ast_expr *item = list ? arg->value->items[i] : arg->value;
    const ast_field *field = sc_table_get(model->columns, item->text);
    if (!field) return (fmt_key){0};
    vec_push(relations->mem, &key, field);
  }
  return key;
}

/* @@id and @@unique. */
static void read_block_keys(fmt_relations *relations, fmt_model *model, str name)
{
  for (size_t i = 0; i < model->block->items.len; i++) {
    const ast_item *item = model->block->items.items[i];
    if (item->kind != AST_BLOCK_ATTR || !str_eq(item->as.attr->name.text, name)) continue;
    fmt_key key = listed_fields(relations, model, item->as.attr);
    add_key(relations, model, &key, str_eq(name, STR("unique")));
  }
}

static void read_columns(const fmt_relations *relations, fmt_model *model)
{
  for (size_t i = 0; i < model->block->items.len; i++) {
    const ast_item *item = model->block->items.items[i];
    if (item->kind != AST_FIELD || sc_table_get(relations->models, item->as.field->type.text)) continue;
    const ast_field *field = item->as.field;
    union {
      const ast_field *in;
      void *out;
    } column = {field}; /* the table has no const values; nobody writes to this one */
    sc_table_put(model->columns, field->name.text, column.out);
  }
}

void fmt_model_read(fmt_relations *relations, fmt_model *model)
{
  if (model->columns) return;
  model->columns = sc_table_new(relations->mem);
  model->uniques = sc_table_new(relations->mem);
  read_columns(relations, model);
  read_field_keys(relations, model, STR("id"));
  read_block_keys(relations, model, STR("id"));
  read_field_keys(relations, model, STR("unique"));
  read_block_keys(relations, model, STR("unique"));
}

/* ---- the two sides of a relation ---- */

/* The first two relation fields of a model that refer to another one under one name: who looks for its other
 * side needs the first that is not itself. */
typedef struct side_pair side_pair;
struct side_pair {
  const fmt_side *first, *second;
};

static str pair_key(arena *mem, const fmt_model *model, const fmt_model *target, str name)
{
  return sc_str_format(mem, "%zu %zu %.*s", model->index, target->index, STR_ARG(name));
}

static void enter(table *pairs, arena *mem, const fmt_side *side)
{
  str key = pair_key(mem, side->model, side->target, side->name);
  side_pair *pair = sc_table_get(pairs, key);
  if (!pair) {
    pair = arena_new(mem, side_pair);
    sc_table_put(pairs, key, pair);
  }
  if (!pair->first)
    pair->first = side;
  else if (!pair->second)
    pair->second = side;
}

static const fmt_side *opposite_of(const table *pairs, arena *mem, const fmt_side *side)
{
  const side_pair *pair = sc_table_get(pairs, pair_key(mem, side->target, side->model, side->name));
  if (!pair) return NULL;
  return pair->first == side ? pair->second : pair->first;
}

static bool fields_are_unique(fmt_relations *relations, const fmt_side *side)
{
  if (!side->fields || !side->fields->value) return false;
  const ast_expr *value = side->fields->value;
  buf names = {.mem = relations->mem};
  if (value->kind != AST_ARRAY) buf_add(&names, value->text);
  for (size_t i = 0; value->kind == AST_ARRAY && i < value->len; i++) {
    if (i) buf_char(&names, ',');
    buf_add(&names, value->items[i]->text);
  }
  fmt_model_read(relations, side->model);
  return sc_table_get(side->model->uniques, buf_str(&names)) != NULL;
}

/* Of two sides that could both hold the key, the one whose model, then field, comes first does. */
static bool comes_after(const fmt_side *a, const fmt_side *b)
{
  int order = sc_str_cmp(a->model->block->name.text, b->model->block->name.text);
  return (order ? order : sc_str_cmp(a->field->name.text, b->field->name.text)) > 0;
}

/* Whether this side of two single fields holds the key. */
static bool holds_key(const fmt_side *side, const fmt_side *opposite)
{
  if (side->field->arity != opposite->field->arity) return side->field->arity == AST_REQUIRED;
  if (side->field->arity == AST_OPTIONAL && side->fields) return true;
  if (side->field->arity == AST_OPTIONAL && opposite->fields) return false;
  return !comes_after(side, opposite);
}

/* Each relation is met at both of its sides and made at the one that holds the key. Lists on both sides hold
 * none. */
static void ingest(fmt_relations *relations, const fmt_side *side, const fmt_side *opposite)
{
  fmt_relation relation = {.from = side->model, .to = side->target, .forward = side, .back = opposite};
  if (side->field->arity == AST_LIST) {
    if (opposite) return;
    relation = (fmt_relation){.from = side->target, .to = side->model, .back = side};
  } else if (!opposite) {
    relation.one_to_one = fields_are_unique(relations, side);
  } else if (opposite->field->arity != AST_LIST) {
    if (!holds_key(side, opposite)) return;
    relation.one_to_one = true;
  }
  vec_push(relations->mem, &relations->list, relation);
}

/* ---- names ---- */

static void enter_blocks(fmt_relations *relations, const ast_schema *schema)
{
  size_t count = 0;
  for (size_t i = 0; i < schema->blocks.len; i++) {
    const ast_block *block = schema->blocks.items[i];
    if (block->kind == AST_MODEL || block->kind == AST_VIEW) {
      fmt_model *model = arena_new(relations->mem, fmt_model);
      *model = (fmt_model){.block = block, .index = count++};
      sc_table_put(relations->models, block->name.text, model);
    } else if (block->kind == AST_ENUM || block->kind == AST_TYPE) {
      sc_table_put(relations->others, block->name.text, relations);
    }
  }
}

static void enter_side(fmt_relations *relations, fmt_model *model, const ast_field *field)
{
  fmt_model *target = sc_table_get(relations->models, field->type.text);
  if (!target) return;
  fmt_side *side = arena_new(relations->mem, fmt_side);
  *side = (fmt_side){.model = model, .target = target, .field = field};
  side->attr = find_attr(&field->attrs, STR("relation"));
  if (side->attr) {
    const ast_arg *name = default_arg(side->attr->args, STR("name"));
    if (name && name->value && name->value->kind == AST_STRING) side->name = name->value->text;
    side->fields = ast_args_named(side->attr->args, STR("fields"));
    side->references = ast_args_named(side->attr->args, STR("references"));
  }
  vec_push(relations->mem, &relations->sides, side);
}

static void enter_sides(fmt_relations *relations, const ast_schema *schema)
{
  for (size_t i = 0; i < schema->blocks.len; i++) {
    const ast_block *block = schema->blocks.items[i];
    if (block->kind != AST_MODEL && block->kind != AST_VIEW) continue;
    fmt_model *model = sc_table_get(relations->models, block->name.text);
    for (size_t k = 0; k < block->items.len; k++)
      if (block->items.items[k]->kind == AST_FIELD)
        enter_side(relations, model, block->items.items[k]->as.field);
  }
}

fmt_relations *fmt_relate(const ast_schema *schema, arena *mem)
{
  fmt_relations *relations = arena_new(mem, fmt_relations);
  *relations = (fmt_relations){.mem = mem, .models = sc_table_new(mem), .others = sc_table_new(mem)};
  enter_blocks(relations, schema);
  enter_sides(relations, schema);
  table *pairs = sc_table_new(mem);
  for (size_t i = 0; i < relations->sides.len; i++) enter(pairs, mem, relations->sides.items[i]);
  for (size_t i = 0; i < relations->sides.len; i++) {
    const fmt_side *side = relations->sides.items[i];
    ingest(relations, side, opposite_of(pairs, mem, side));
  }
  return relations;
}
