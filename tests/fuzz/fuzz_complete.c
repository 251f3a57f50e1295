/* What the formatter adds to a schema (missing sides and arguments of relations): the completed text parses, keeps every
 * field and attribute it had, and is formatted like any other. */
#include "fuzz.h"

#include "dm/dm.h"
#include "fmt/complete.h"
#include "fmt/fmt.h"

#include <stdlib.h>

static void check(bool holds)
{
  if (!holds) abort();
}

static const ast_schema *parse(arena *mem, str text, diag_list *diags)
{
  source_set *sources = arena_new(mem, source_set);
  vec_push(mem, sources, ((source){STR("schema.prisma"), text}));
  return ast_parse(sources, mem, diags);
}

static str format(arena *mem, const ast_schema *schema)
{
  buf out = {.mem = mem};
  fmt_write(schema, 0, &out);
  check(!out.broken);
  return buf_str(&out);
}

static const ast_item *item_called(const ast_block *block, str name)
{
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind == AST_FIELD && str_eq(item->as.field->name.text, name)) return item;
  }
  return NULL;
}

/* Every block stands where it stood, and no field has gone or changed its type. */
static void check_kept(const ast_schema *before, const ast_schema *after)
{
  check(before->blocks.len == after->blocks.len);
  for (size_t i = 0; i < before->blocks.len; i++) {
    const ast_block *was = before->blocks.items[i], *is = after->blocks.items[i];
    check(was->kind == is->kind && str_eq(was->name.text, is->name.text) && was->items.len <= is->items.len);
    for (size_t j = 0; j < was->items.len; j++) {
      if (was->items.items[j]->kind != AST_FIELD) continue;
      const ast_field *field = was->items.items[j]->as.field;
      const ast_item *kept = item_called(is, field->name.text);
      check(kept && str_eq(kept->as.field->type.text, field->type.text) && kept->as.field->arity == field->arity);
      check(kept->as.field->attrs.len >= field->attrs.len);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new_fatal(abort);
  diag_list *diags = diag_list_new(mem);
  const ast_schema *schema = parse(mem, fmt_source_text((str){(const char *)data, size}, mem), diags);
  if (!diags->errors) dm_check_attributes(schema, NULL, mem, diags);
  const source_set *completed = diags->errors ? NULL : fmt_complete(schema, mem);
  if (completed) {
    const ast_schema *more = ast_parse(completed, mem, diags);
    check(diags->errors == 0);
    check_kept(schema, more);
    str once = format(mem, more);
    const ast_schema *again = parse(mem, once, diags);
    check(diags->errors == 0);
    check(str_eq(format(mem, again), once));
  }
  sc_arena_free(mem);
  return 0;
}
