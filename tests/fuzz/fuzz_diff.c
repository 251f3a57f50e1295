/* The differ: an input is one schema, or two with a line of four dashes between them. A schema differs from
 * itself in nothing, the way there and the way back are plans with the same number of tables made and
 * dropped, and every plan can be written down. Defaults and SQL of the input are also read as the server's.
 */
#include "fuzz.h"

#include "sql/quote.h"
#include "sql/sql.h"
#include "sql/value.h"

#include <stdlib.h>

static void check(bool holds)
{
  if (!holds) abort();
}

static const sql_schema *load(arena *mem, str text)
{
  source_set sources = {0};
  vec_push(mem, &sources, ((source){STR("schema.prisma"), text}));
  diag_list *diags = diag_list_new(mem);
  const dm_schema *model = dm_resolve(ast_parse(&sources, mem, diags), NULL, mem, diags);
  return model ? sql_lower(model, mem) : NULL;
}

static size_t count(const sql_plan *plan, sql_step_kind kind)
{
  size_t found = 0;
  for (size_t i = 0; i < plan->len; i++) found += plan->steps[i].kind == kind;
  return found;
}

static void write_down(arena *mem, const sql_plan *plan)
{
  buf out = {.mem = mem};
  sql_render(plan, &out);
  sql_summary(plan, &out);
  sql_hazard_list hazards = sql_hazards(plan, mem);
  sql_hazard_header(&hazards, &out);
  check(!out.broken && out.len > 0);
}

static void read_values(arena *mem, str text)
{
  static const dm_native natives[] = {DM_NATIVE_TEXT, DM_NATIVE_JSONB, DM_NATIVE_DECIMAL,
                                      DM_NATIVE_TIMESTAMP};
  for (size_t i = 0; i < sizeof natives / sizeof *natives; i++)
    for (sql_arity arity = SQL_REQUIRED; arity <= SQL_LIST; arity++) {
      sql_column column = {.type = {.kind = SQL_TYPE_NATIVE, .native = natives[i]}, .arity = arity};
      column.default_ = sql_default_parse(mem, text, &column.type, arity);
      check(sql_default_same(mem, &column, &column));
    }
  check(sql_json_same(mem, text, text) && sql_number_same(text, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new_fatal(abort);
  str text = {(const char *)data, size};
  size_t split = sc_str_find(text, STR("\n----\n"));
  const sql_schema *from = load(mem, str_slice(text, 0, split == SIZE_MAX ? text.len : split));
  const sql_schema *to = split == SIZE_MAX ? from : load(mem, str_slice(text, split + 6, text.len));
  if (from) {
    check(sql_diff(from, from, NULL, mem)->len == 0);
    write_down(mem, sql_diff(NULL, from, NULL, mem));
  }
  if (from && to) {
    const sql_plan *there = sql_diff(from, to, NULL, mem), *back = sql_diff(to, from, NULL, mem);
    write_down(mem, there);
    write_down(mem, back);
    check(count(there, SQL_CREATE_TABLE) == count(back, SQL_DROP_TABLE));
    check(count(there, SQL_CREATE_ENUM) == count(back, SQL_DROP_ENUM));
  }
  read_values(mem, text);
  sc_arena_free(mem);
  return 0;
}
