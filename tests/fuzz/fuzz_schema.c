/* Schemas: whatever the bytes are, parsing and resolving end, every place lies in the file, and every error can be
 * printed; what is accepted goes through all back ends. */
#include "fuzz.h"

#include "cgen/cgen.h"
#include "dmmf/dmmf.h"
#include "report/render.h"
#include "sql/sql.h"
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

static void check_tree(const source_set *sources, const ast_schema *schema, arena *mem)
{
  uint32_t last = 0;
  for (size_t i = 0; i < schema->blocks.len; i++) {
    const ast_block *block = schema->blocks.items[i];
    check_place(sources, block->place);
    check(block->place.start >= last); /* in the order of the file */
    last = block->place.start;
    for (size_t j = 0; j < block->items.len; j++) check_item(sources, block->items.items[j], mem);
  }
}

static void check_reports(const source_set *sources, const diag_list *diags, arena *mem)
{
  buf report = {.mem = mem};
  for (size_t i = 0; i < diags->len; i++) {
    const diag *d = diags->items[i];
    check_place(sources, d->place);
    check(d->message.len > 0);
    for (size_t n = 0; n < d->notes.len; n++)
      if (d->notes.items[n].placed) check_place(sources, d->notes.items[n].place);
  }
  if (diags->len >= 1000) return;
  render_prisma(diags, sources, &(render_options){.color = true}, &report);
  render_notes(diags, sources, &(render_options){0}, &report);
  render_json(diags, sources, &report);
  check(!report.broken);
}

static void run_back_ends(const dm_schema *model, const source_set *sources, arena *mem)
{
  diag_list *notices = diag_list_new(mem);
  buf out = {.mem = mem};
  cg_options options = cg_options_of(model, STR("schema.prisma"), mem);
  const cg_unit *unit = cg_plan(model, &options, mem, notices);
  check_reports(sources, notices, mem);
  cg_header(unit, &out);
  cg_source(unit, &out);
  dmmf_write(model, &out);
  const sql_plan *plan = sql_diff(NULL, sql_lower(model, mem), NULL, mem);
  sql_render(plan, &out);
  sql_summary(plan, &out);
  check(!out.broken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new_fatal(abort);
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("schema.prisma"), {(const char *)data, size}}));
  for (int prisma = 0; prisma < 2; prisma++) {
    diag_list *diags = diag_list_new(mem);
    const ast_schema *schema = ast_parse_with(&sources, &(ast_parse_options){.prisma = prisma}, mem, diags);
    check_tree(&sources, schema, mem);
    const dm_schema *model = dm_resolve(schema, &(dm_options){.prisma_only = prisma}, mem, diags);
    check((model == NULL) == (diags->errors > 0));
    check_reports(&sources, diags, mem);
    dm_list_extensions(schema, mem);
    if (model) run_back_ends(model, &sources, mem);
  }
  sc_arena_free(mem);
  return 0;
}
