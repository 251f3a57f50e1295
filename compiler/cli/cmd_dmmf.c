#include "cli/schema.h"

#include "dmmf/dmmf.h"

cli_exit cmd_dmmf(cli *c)
{
  cli_schema schema;
  cli_exit code = schema_load(c, &schema);
  if (code != CLI_OK) return code;
  buf json = {.mem = c->mem};
  dmmf_write(schema.dm, &json);
  cli_print_text(stdout, buf_str(&json));
  return CLI_OK;
}
