/* The first pass: every block, field and enum value gets its place in the model; names that clash or are not
 * allowed are reported. Later passes find everything by name in pass->tops and the drafts' tables. */
#include "dm/advise.h"

static const str reserved[] = {
#define RESERVED(name) STR_INIT(name),
#include "dm/reserved.def"
#undef RESERVED
};

static bool is_reserved(str name)
{
  for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
    if (str_eq(reserved[i], name)) return true;
  return false;
}

static void check_identifier(dm_pass *pass, ast_name name, const char *what)
{
  if (!pass->ast->odd_names) return;
  if (!name.text.len)
    dm_say_invalid(pass, name.place, "The name of a %s must not be empty.", what);
  else if (name.text.ptr[0] >= '0' && name.text.ptr[0] <= '9')
    dm_say_invalid(pass, name.place, "The name of a %s must not start with a number.", what);
  else if (sc_str_find_char(name.text, '-') != SIZE_MAX)
    dm_say_invalid(pass, name.place, "The character `-` is not allowed in %s names.", what);
}

static void check_attribute_names(dm_pass *pass, const ast_attrs *attrs)
{
  for (size_t i = 0; pass->ast->odd_names && i < attrs->len; i++)
    if (!attrs->items[i]->from_comment) check_identifier(pass, attrs->items[i]->name, "Attribute");
}

static size_t count_items(const ast_block *block, ast_item_kind kind)
{
  size_t count = 0;
  for (size_t i = 0; i < block->items.len; i++) count += block->items.items[i]->kind == kind;
  return count;
}

static void collect_block_attrs(dm_pass *pass, const ast_block *block, ast_attrs *attrs)
{
  for (size_t i = 0; i < block->items.len; i++)
    if (block->items.items[i]->kind == AST_BLOCK_ATTR)
      vec_push(pass->mem, attrs, block->items.items[i]->as.attr);
}

/* ---- what a block is called in "cannot be defined because" ---- */

static const char *kind_word(ast_block_kind kind)
{
  static const char *const words[] = {
      [AST_MODEL] = "model",           [AST_VIEW] = "view",          [AST_ENUM] = "enum",
      [AST_TYPE] = "composite type",   [AST_DATASOURCE] = "source",  [AST_GENERATOR] = "generator",
      [AST_BLOCK_COMMENT] = "comment", [AST_BLOCK_INVALID] = "line",
  };
  return words[kind];
}

static void enter(dm_pass *pass, table *names, const ast_block *block, dm_top *top)
{
  const dm_top *before = sc_table_get(names, block->name.text);
  if (before) {
    diag *d = diag_add(pass->diags, DIAG_NAME_TAKEN, block->name.place, str_from(kind_word(block->kind)),
                       block->name.text, str_from(kind_word(before->block->kind)));
    dm_note_first(pass, d, before->block->name.place);
  }
  sc_table_put(names, block->name.text, top);
}

static dm_top *new_top(dm_pass *pass, dm_top_kind kind, const ast_block *block)
{
  dm_top *top = arena_new(pass->mem, dm_top);
  *top = (dm_top){.kind = kind, .block = block};
  return top;
}

/* ---- models and views ---- */

enum { few_fields = 24 }; /* as many are searched; more get a table */

static void name_field(dm_pass *pass, dm_draft *draft, const ast_item *item)
{
  dm_model *model = draft->model;
  const ast_field *ast = item->as.field;
  const dm_field *before = dm_draft_field(draft, ast->name.text);
  dm_field *field = &model->fields[model->field_count];
  *field = (dm_field){.model = model,
                      .index = (uint32_t)model->field_count++,
                      .name = ast->name.text,
                      .db_name = ast->name.text,
                      .documentation = item->documentation,
                      .arity = ast->arity,
                      .default_ = &dm_no_default,
                      .extension = &dm_no_extension,
                      .place = item->place,
                      .ast = ast};
  check_identifier(pass, ast->name, model->is_view ? "field" : "Field");
  check_attribute_names(pass, &ast->attrs);
  if (before) {
    diag *d = diag_add(pass->diags, DIAG_FIELD_REPEATED, ast->name.place, ast->name.text,
                       str_from(dm_model_word(model)), model->name);
    dm_note_first(pass, d, before->ast->name.place);
  }
  if (draft->by_name) sc_table_put(draft->by_name, ast->name.text, field);
}

static void name_model(dm_pass *pass, const ast_block *block, const char *word)
{
  dm_draft *draft = arena_new(pass->mem, dm_draft);
  dm_model *model = arena_new(pass->mem, dm_model);
  size_t fields = count_items(block, AST_FIELD); /* each is written whole by name_field */
  *model = (dm_model){.name = block->name.text,
                      .db_name = block->name.text,
                      .documentation = block->documentation,
                      .index = pass->schema->model_count,
                      .is_view = block->kind == AST_VIEW,
                      .fields = sc_arena_raw(pass->mem, fields * sizeof(dm_field)),
                      .place = block->place,
                      .ast = block};
  *draft = (dm_draft){.model = model,
                      .fields = arena_array(pass->mem, dm_field_draft, fields),
                      .by_name = fields > few_fields ? sc_table_new(pass->mem) : NULL};
  pass->drafts[pass->schema->model_count] = draft;
  pass->schema->models[pass->schema->model_count++] = model;

  check_identifier(pass, block->name, word);
  if (is_reserved(model->name))
    dm_say_model_only(pass, model, block->place,
                      "The %s name `%.*s` is invalid. It is a reserved name. Please change it. Read more at "
                      "https://pris.ly/d/naming-models",
                      dm_model_word(model), STR_ARG(model->name));
  collect_block_attrs(pass, block, &draft->attrs);
  check_attribute_names(pass, &draft->attrs);
  for (size_t i = 0; i < block->items.len; i++)
    if (block->items.items[i]->kind == AST_FIELD) name_field(pass, draft, block->items.items[i]);

  dm_top *top = new_top(pass, DM_TOP_MODEL, block);
  top->draft = draft;
  enter(pass, pass->tops, block, top);
}

/* ---- enums and composite types ---- */

static const dm_enum_value *value_before(const dm_enum *enum_, str name)
{
  for (size_t i = 0; i + 1 < enum_->value_count; i++)
    if (str_eq(enum_->values[i].name, name)) return &enum_->values[i];
  return NULL;
}

static void name_enum_values(dm_pass *pass, dm_enum *enum_, const ast_block *block)
{
  table *seen = block->items.len > 8 ? sc_table_new(pass->mem) : NULL; /* short enums are searched */
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind != AST_ENUM_VALUE) continue;
    const ast_enum_value *ast = item->as.value;
    dm_enum_value *value = &enum_->values[enum_->value_count++];
    *value = (dm_enum_value){
        .name = ast->name.text, .db_name = ast->name.text, .documentation = item->documentation, .ast = ast};
    check_identifier(pass, ast->name, "Enum Value");
    check_attribute_names(pass, &ast->attrs);
    const dm_enum_value *before =
        seen ? sc_table_get(seen, ast->name.text) : value_before(enum_, ast->name.text);
    if (before) {
      diag *d = diag_add(pass->diags, DIAG_ENUM_VALUE_REPEATED, ast->place, ast->name.text, enum_->name);
      dm_note_first(pass, d, before->ast->name.place);
    } else if (seen) {
      sc_table_put(seen, ast->name.text, value);
    }
  }
}

static void name_enum(dm_pass *pass, const ast_block *block)
{
  dm_enum *enum_ = arena_new(pass->mem, dm_enum);
  *enum_ = (dm_enum){.name = block->name.text,
                     .db_name = block->name.text,
                     .documentation = block->documentation,
                     .values = arena_array(pass->mem, dm_enum_value, count_items(block, AST_ENUM_VALUE)),
                     .place = block->place,
                     .ast = block};
  pass->enums[pass->schema->enum_count] = (dm_enum_draft){.enum_ = enum_};
  pass->schema->enums[pass->schema->enum_count++] = enum_;

  check_identifier(pass, block->name, "Enum");
  if (is_reserved(enum_->name)) diag_add(pass->diags, DIAG_NAME_RESERVED_ENUM, block->place, enum_->name);
  ast_attrs attrs = {0};
  collect_block_attrs(pass, block, &attrs);
  check_attribute_names(pass, &attrs);
  name_enum_values(pass, enum_, block);

  dm_top *top = new_top(pass, DM_TOP_ENUM, block);
  top->enum_ = enum_;
  enter(pass, pass->tops, block, top);
}

static void name_composite(dm_pass *pass, const ast_block *block)
{
  check_identifier(pass, block->name, "Composite type");
  table *seen = sc_table_new(pass->mem);
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind != AST_FIELD) continue;
    ast_name name = item->as.field->name;
    const ast_item *const *before = sc_table_get(seen, name.text);
    if (before) {
      diag *d = diag_add(pass->diags, DIAG_FIELD_REPEATED, name.place, name.text, STR("composite type"),
                         block->name.text);
      dm_note_first(pass, d, (*before)->as.field->name.place);
      continue;
    }
    sc_table_put(seen, name.text, block->items.items + i);
  }
  vec_push(pass->mem, &pass->composites, block);
  enter(pass, pass->tops, block, new_top(pass, DM_TOP_COMPOSITE, block));
}

/* ---- datasources and generators ---- */

static void name_config(dm_pass *pass, const ast_block *block, table *names)
{
  table *seen = sc_table_new(pass->mem);
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind != AST_PROPERTY) continue;
    ast_name key = item->as.property->key;
    const ast_item *const *before = sc_table_get(seen, key.text);
    if (before) {
      diag *d = diag_add(pass->diags, DIAG_CONFIG_KEY_REPEATED, key.place, key.text,
                         str_from(kind_word(block->kind)), block->name.text);
      dm_note_first(pass, d, (*before)->as.property->key.place);
      continue;
    }
    sc_table_put(seen, key.text, block->items.items + i);
  }
  enter(pass, names, block, new_top(pass, DM_TOP_MODEL, block));
}

static void make_room(dm_pass *pass)
{
  size_t blocks = pass->ast->blocks.len;
  pass->schema->models = arena_array(pass->mem, dm_model *, blocks);
  pass->schema->enums = arena_array(pass->mem, dm_enum *, blocks);
  pass->drafts = arena_array(pass->mem, dm_draft *, blocks);
  pass->enums = arena_array(pass->mem, dm_enum_draft, blocks);
  pass->tops = sc_table_new(pass->mem);
}

void dm_pass_names(dm_pass *pass)
{
  make_room(pass);
  table *datasources = sc_table_new(pass->mem), *generators = sc_table_new(pass->mem);
  for (size_t i = 0; i < pass->ast->blocks.len; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    dm_fetch_block(pass, i);
    if (block->kind == AST_BLOCK_COMMENT || block->kind == AST_BLOCK_INVALID) continue;
    dm_scalar scalar;
    if (dm_scalar_called(block->name.text, &scalar))
      diag_add(pass->diags, DIAG_NAME_RESERVED_SCALAR, block->name.place, block->name.text);
    switch (block->kind) {
    case AST_MODEL: name_model(pass, block, "Model"); break;
    case AST_VIEW: name_model(pass, block, "view"); break;
    case AST_ENUM: name_enum(pass, block); break;
    case AST_TYPE: name_composite(pass, block); break;
    case AST_DATASOURCE: name_config(pass, block, datasources); break;
    case AST_GENERATOR: name_config(pass, block, generators); break;
    case AST_BLOCK_COMMENT:
    case AST_BLOCK_INVALID: break;
    }
  }
}
