/* Writing the client of a schema: what `schemac generate` does, and others at their end. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include "cli/schema.h"

/* Writes the client of a loaded schema. Options come from the command line, then from the generator block
 * with provider "schemac", then they are defaults, which is said. */
cli_exit generate_client(const cli *c, const cli_schema *schema);
/* The same at the end of a command that changes a database. In a project of Prisma's, whose generators are all other
 * tools', nobody has asked for a client: nothing is written. Nor is it with --skip-generate. */
cli_exit generate_after(const cli *c, const cli_schema *schema);

/* The text of `key = "…"` in the schema's generator block with provider "schemac"; empty when it says none. */
str generate_property(const dm_schema *schema, str key);

#endif
