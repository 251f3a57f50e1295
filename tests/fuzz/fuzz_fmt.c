/* The formatter: formatting twice gives what formatting once gave, and loses and adds no line of the schema. Nothing is
 * promised for a schema with refused lines and the opening of a comment, which something that moves can close. */
#include "fuzz.h"

#include "fmt/fmt.h"

#include <stdlib.h>

static const ast_schema *parse(arena *mem, str text)
{
  source_set *sources = arena_new(mem, source_set);
  vec_push(mem, sources, ((source){STR("schema.prisma"), text}));
  return ast_parse(sources, mem, diag_list_new(mem));
}

static str format(arena *mem, const ast_schema *schema)
{
  buf out = {.mem = mem};
  fmt_write(schema, 0, &out);
  return buf_str(&out);
}

/* How many of each kind a schema has: formatting moves block attributes, so that the order says nothing. */
typedef struct census census;
struct census {
  size_t blocks[AST_BLOCK_COMMENT], items[AST_COMMENT], attrs;
};

static census count(const ast_schema *schema)
{
  census counts = {0};
  for (size_t i = 0; i < schema->blocks.len; i++) {
    const ast_block *block = schema->blocks.items[i];
    if (block->kind < AST_BLOCK_COMMENT) counts.blocks[block->kind]++;
    for (size_t j = 0; j < block->items.len; j++) {
      const ast_item *item = block->items.items[j];
      if (item->kind < AST_COMMENT) counts.items[item->kind]++;
      if (item->kind == AST_FIELD) counts.attrs += item->as.field->attrs.len;
      if (item->kind == AST_ENUM_VALUE) counts.attrs += item->as.value->attrs.len;
    }
  }
  return counts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new_fatal(abort);
  source_set sources = {0};
  str text = fmt_source_text((str){(const char *)data, size}, mem);
  vec_push(mem, &sources, ((source){STR("schema.prisma"), text}));
  diag_list *diags = diag_list_new(mem);
  const ast_schema *schema = ast_parse(&sources, mem, diags);
  str once = format(mem, schema);
  const ast_schema *again = parse(mem, once);
  str twice = format(mem, again);
  if (diags->errors && sc_str_find(text, STR("/*")) != SIZE_MAX) {
    sc_arena_free(mem);
    return 0;
  }
  if (!str_eq(twice, once)) abort();
  if (!diags->errors) {
    census before = count(schema), after = count(again);
    if (memcmp(&before, &after, sizeof before) != 0) abort();
  }
  sc_arena_free(mem);
  return 0;
}
