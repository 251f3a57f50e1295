#include "cli/cli.h"

cli_exit cmd_version(cli *c)
{
  (void)c;
  printf("schemac %s\n", SCHEMAC_VERSION);
  return CLI_OK;
}
