/* Writing the client of a schema: what `schemac generate` does (cmd_generate.c), at the end of other commands. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include "cli/schema.h"

/* Writes the client once a database has changed. In a project of Prisma's, whose generators are all other tools',
 * nobody has asked for one: nothing is written. Nor is it with --skip-generate. */
cli_exit generate_after(const cli *c, const cli_schema *schema);

/* The text of `key = "…"` in the schema's generator block with provider "schemac"; empty when it says none. */
str generate_property(const dm_schema *schema, str key);

#endif
