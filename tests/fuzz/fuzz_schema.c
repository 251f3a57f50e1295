/* Schemas: whatever the bytes are, parsing ends, every place lies in the file, and every error can be printed. */
#include "fuzz.h"

#include "report/render.h"
#include "syntax/ast.h"

#include <stdlib.h>

static void check(bool holds)
{
  if (!holds) abort();
}

static void check_place(const source_set *sources, span place)
{
  check(place.file == 0 && place.start <= place.end && place.end <= sources->items[0].text.len);
}

static void check_attrs(const source_set *sources, const ast_attrs *attrs)
{
  for (size_t i = 0; i < attrs->len; i++) {
    check_place(sources, attrs->items[i]->place);
    check(attrs->items[i]->name.text.len > 0);
  }
}

static void check_item(const source_set *sources, const ast_item *item, arena *mem)
{
  check_place(sources, item->place);
  if (item->kind == AST_FIELD) {
    check(item->as.field->name.text.len && item->as.field->type.text.len);
    check_place(sources, item->as.field->place);
    check_attrs(sources, &item->as.field->attrs);
  } else if (item->kind == AST_ENUM_VALUE) {
    check_attrs(sources, &item->as.value->attrs);
  } else if (item->kind == AST_PROPERTY && item->as.property->value) {
    ast_expr_text(item->as.property->value, mem);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new_fatal(abort);
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("schema.prisma"), {(const char *)data, size}}));
  for (int prisma = 0; prisma < 2; prisma++) {
    diag_list *diags = diag_list_new(mem);
    const ast_schema *schema = ast_parse_with(&sources, &(ast_parse_options){.prisma = prisma}, mem, diags);
    uint32_t last = 0;
    for (size_t i = 0; i < schema->blocks.len; i++) {
      const ast_block *block = schema->blocks.items[i];
      check_place(&sources, block->place);
      check(block->place.start >= last); /* in the order of the file */
      last = block->place.start;
      for (size_t j = 0; j < block->items.len; j++) check_item(&sources, block->items.items[j], mem);
    }
    for (size_t i = 0; i < diags->len; i++) check_place(&sources, diags->items[i]->place);
    buf report = {.mem = mem};
    if (diags->len < 1000) render_prisma(diags, &sources, &(render_options){.color = true}, &report);
  }
  sc_arena_free(mem);
  return 0;
}
