/* Which of our extensions a schema uses. */
#include "dm/attributes.h"

static void look_at(arena *mem, dm_extension_uses *uses, const ast_attr *attr, dm_place place, str block,
                    str member)
{
  if (dm_is_extension(attr, place)) vec_push(mem, uses, ((dm_extension_use){block, member, attr}));
}

static void look_at_all(arena *mem, dm_extension_uses *uses, const ast_attrs *attrs, dm_place place,
                        str block, str member)
{
  for (size_t i = 0; i < attrs->len; i++) look_at(mem, uses, attrs->items[i], place, block, member);
}

static void look_into(arena *mem, dm_extension_uses *uses, const ast_block *block, dm_place place)
{
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind == AST_FIELD)
      look_at_all(mem, uses, &item->as.field->attrs, DM_ON_FIELD, block->name.text,
                  item->as.field->name.text);
    else if (item->kind == AST_ENUM_VALUE)
      look_at_all(mem, uses, &item->as.value->attrs, DM_ON_VALUE, block->name.text,
                  item->as.value->name.text);
    else if (item->kind == AST_BLOCK_ATTR)
      look_at(mem, uses, item->as.attr, place, block->name.text, STR(""));
  }
}

dm_extension_uses dm_list_extensions(const ast_schema *ast, arena *mem)
{
  dm_extension_uses uses = {0};
  for (size_t i = 0; i < ast->blocks.len; i++) {
    const ast_block *block = ast->blocks.items[i];
    if (block->kind == AST_MODEL) look_into(mem, &uses, block, DM_ON_MODEL);
    if (block->kind == AST_VIEW) look_into(mem, &uses, block, DM_ON_VIEW);
    if (block->kind == AST_ENUM) look_into(mem, &uses, block, DM_ON_ENUM);
  }
  return uses;
}
