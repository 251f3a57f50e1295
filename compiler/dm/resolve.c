#include "dm/resolve.h"

const dm_schema *dm_resolve(const ast_schema *ast, const dm_options *options, arena *mem, diag_list *diags)
{
  dm_pass pass = {.ast = ast, .mem = mem, .diags = diags, .schema = arena_new(mem, dm_schema)};
  if (options) pass.options = *options;
  dm_pass_names(&pass);
  dm_pass_types(&pass);
  dm_pass_attributes(&pass);
  dm_pass_relations(&pass);
  dm_pass_config(&pass);
  if (diags->errors) return NULL;
  dm_pass_rules(&pass);
  if (diags->errors) return NULL;
  dm_pass_finish(&pass);
  return pass.schema;
}
