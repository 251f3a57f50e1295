#include "dm/resolve.h"

static dm_pass new_pass(const ast_schema *ast, const dm_options *options, arena *mem, diag_list *diags)
{
  dm_pass pass = {.ast = ast, .mem = mem, .diags = diags, .schema = arena_new(mem, dm_schema)};
  if (options) pass.options = *options;
  return pass;
}

static void look_at_attributes(dm_pass *pass)
{
  dm_pass_names(pass);
  dm_pass_types(pass);
  dm_pass_attributes(pass);
}

const dm_schema *dm_resolve(const ast_schema *ast, const dm_options *options, arena *mem, diag_list *diags)
{
  dm_pass pass = new_pass(ast, options, mem, diags);
  if (dm_pass_foreign(&pass)) return NULL;
  look_at_attributes(&pass);
  dm_pass_relations(&pass);
  dm_pass_config(&pass);
  if (diags->errors) return NULL;
  dm_pass_rules(&pass);
  if (diags->errors) return NULL;
  dm_pass_finish(&pass);
  return pass.schema;
}

void dm_check_attributes(const ast_schema *ast, const dm_options *options, arena *mem, diag_list *diags)
{
  dm_pass pass = new_pass(ast, options, mem, diags);
  look_at_attributes(&pass);
}
