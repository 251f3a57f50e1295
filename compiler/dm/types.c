/* The second pass: what every field's type is. */
#include "dm/advise.h"

/* The name is the other one in lower case. */
static bool is_lowered(str name, str other)
{
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') return false;
  return sc_str_eq_fold(name, other);
}

/* A type that differs only in case is what was meant: any case for a scalar, lower case for a block. */
static str similar_type(const dm_pass *pass, str name)
{
  for (dm_scalar s = (dm_scalar)0; s < DM_SCALAR_COUNT; s++)
    if (sc_str_eq_fold(str_from(dm_scalar_name(s)), name)) return str_from(dm_scalar_name(s));
  for (size_t i = 0; i < pass->ast->blocks.len; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    bool is_type = block->kind == AST_MODEL || block->kind == AST_VIEW || block->kind == AST_ENUM ||
                   block->kind == AST_TYPE;
    if (is_type && is_lowered(name, block->name.text)) return block->name.text;
  }
  return STR_NONE;
}

static void report_unknown(dm_pass *pass, const ast_field *ast)
{
  str similar = similar_type(pass, ast->type.text);
  diag *d;
  if (similar.len)
    d = diag_add(pass->diags, DIAG_TYPE_UNKNOWN_SIMILAR, ast->type_place, ast->type.text, similar);
  else
    d = diag_add(pass->diags, DIAG_TYPE_UNKNOWN, ast->type_place, ast->type.text);
  dm_suggest_type(pass, d, ast->type.text);
}

static void make_relation(dm_pass *pass, dm_draft *draft, dm_field *field, dm_draft *target)
{
  dm_side *side = arena_new(pass->mem, dm_side);
  *side = (dm_side){.draft = draft, .target = target, .field = field};
  field->type = DM_TYPE_RELATION;
  field->target = target->model;
  draft->fields[field->index].side = side;
  vec_push(pass->mem, &draft->sides, side);
  vec_push(pass->mem, &pass->sides, side);
}

static void resolve_field(dm_pass *pass, dm_draft *draft, dm_field *field)
{
  const ast_field *ast = field->ast;
  if (ast->unsupported) {
    field->type = DM_TYPE_UNSUPPORTED;
    field->unsupported = ast->unsupported->text;
    return;
  }
  if (dm_scalar_called(ast->type.text, &field->scalar)) {
    field->type = DM_TYPE_SCALAR;
    field->native = dm_native_default(field->scalar);
    return;
  }
  const dm_top *top = sc_table_get(pass->tops, ast->type.text);
  if (!top) {
    report_unknown(pass, ast);
    draft->fields[field->index].poisoned = true;
    field->type = DM_TYPE_RELATION; /* what Prisma takes it for: it is no column */
    return;
  }
  switch (top->kind) {
  case DM_TOP_MODEL: make_relation(pass, draft, field, top->draft); break;
  case DM_TOP_ENUM:
    field->type = DM_TYPE_ENUM;
    field->enum_ = top->enum_;
    break;
  case DM_TOP_COMPOSITE:
    field->type = DM_TYPE_UNSUPPORTED;
    draft->fields[field->index].composite = top->block;
    break;
  }
}

static void resolve_composite(dm_pass *pass, const ast_block *block)
{
  for (size_t i = 0; i < block->items.len; i++) {
    if (block->items.items[i]->kind != AST_FIELD) continue;
    const ast_field *ast = block->items.items[i]->as.field;
    dm_scalar scalar;
    if (ast->unsupported || dm_scalar_called(ast->type.text, &scalar)) continue;
    const dm_top *top = sc_table_get(pass->tops, ast->type.text);
    if (!top)
      dm_suggest_type(pass, diag_add(pass->diags, DIAG_TYPE_UNKNOWN, ast->type_place, ast->type.text),
                      ast->type.text);
    else if (top->kind == DM_TOP_MODEL)
      diag_add(pass->diags, DIAG_CONTAINER, ast->type_place, STR("composite type"), block->name.text,
               sc_str_format(pass->mem,
                             "%.*s refers to a model, making this a relation field. Relation fields inside "
                             "composite types are not supported.",
                             STR_ARG(ast->type.text)));
  }
}

bool dm_has_value_type(const dm_pass *pass, const ast_field *field)
{
  dm_scalar scalar;
  if (field->unsupported || dm_scalar_called(field->type.text, &scalar)) return true;
  const dm_top *top = sc_table_get(pass->tops, field->type.text);
  return top && top->kind != DM_TOP_MODEL;
}

bool dm_value_type(const dm_pass *pass, const ast_field *ast, dm_field *field)
{
  const dm_top *top = ast->unsupported ? NULL : sc_table_get(pass->tops, ast->type.text);
  field->type = DM_TYPE_UNSUPPORTED;
  if (ast->unsupported) return true;
  if (dm_scalar_called(ast->type.text, &field->scalar))
    field->type = DM_TYPE_SCALAR;
  else if (top && top->kind == DM_TOP_ENUM) {
    field->type = DM_TYPE_ENUM;
    field->enum_ = top->enum_;
  }
  return field->type != DM_TYPE_UNSUPPORTED;
}

static const dm_top *top_of(const dm_pass *pass, const ast_block *block)
{
  const dm_top *top = sc_table_get(pass->tops, block->name.text);
  return top && top->block == block ? top : NULL;
}

void dm_pass_types(dm_pass *pass)
{
  size_t model = 0, enum_ = 0;
  for (size_t i = 0; i < pass->ast->blocks.len; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    if (block->kind == AST_MODEL || block->kind == AST_VIEW) {
      dm_fetch_model(pass, model);
      dm_draft *draft = pass->drafts[model++];
      for (size_t f = 0; f < draft->model->field_count; f++)
        resolve_field(pass, draft, &draft->model->fields[f]);
    } else if (block->kind == AST_ENUM) {
      if (!pass->schema->enums[enum_++]->value_count)
        dm_say_invalid(pass, block->place, "An enum must have at least one value.");
    } else if (block->kind == AST_TYPE && top_of(pass, block)) {
      resolve_composite(pass, block);
    }
  }
}
