/* The schema that a command works on: finding its files, reading them, and what the passes make of them. */
#ifndef CLI_SCHEMA_H
#define CLI_SCHEMA_H

#include "cli/cli.h"
#include "dm/dm.h"
#include "report/diag.h"
#include "report/source.h"
#include "syntax/ast.h"

typedef struct cli_schema cli_schema;
struct cli_schema {
  str name;          /* as texts call it: the file, the folder, or the first of several files */
  str folder;        /* where it is; relative paths of the schema start here */
  bool folder_given; /* the schema is a folder with its files */
  size_t input;      /* the source that came from standard input (`--schema -`); SIZE_MAX: none */
  source_set sources;
  const ast_schema *ast;
  const dm_schema *dm; /* NULL when there are errors */
  diag_list *diags;
};

/* What reports call the text from standard input. */
#define CLI_SCHEMA_INPUT "<stdin>"

/* Finds the schema where --schema says, else where package.json says, else where Prisma looks, and reads its
 * files; `-` is standard input. Reports what is missing. */
cli_exit schema_read(const cli *c, cli_schema *schema);
/* Parses and resolves it, adding to schema->diags; prints nothing. */
void schema_resolve(const cli *c, cli_schema *schema, const dm_options *options);
/* schema_read and schema_resolve with errors and warnings printed: what a command begins with that needs a
 * schema. */
cli_exit schema_load(const cli *c, cli_schema *schema);
/* Prints errors as Prisma does and below them, on a terminal or where asked, the same with carets, notes and
 * help; warnings where there is no error. All of it on standard error. */
void schema_report(const cli *c, const cli_schema *schema);
/* The folder of the file with the datasource: migrations/ is there. */
str schema_home(const cli *c, const cli_schema *schema);

#endif
