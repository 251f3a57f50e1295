/* The C client of a schema: a header with its types and a source with its tables.
 *
 *   cg_options options = cg_options_of(schema, path, mem);
 *   const cg_unit *unit = cg_plan(schema, &options, mem, diags);
 *   cg_header(unit, &header);  cg_source(unit, &source);
 *
 * cg_plan decides every name and what is there at all; the two writers only write it down. The same schema
 * gives the same bytes. Everything lives in `mem`. */
#ifndef CGEN_CGEN_H
#define CGEN_CGEN_H

#include "base/buf.h"
#include "dm/dm.h"
#include "report/diag.h"

/* The version of the contract with the library that the client is written for: SC_ABI of <schemac/schemac.h>.
 */
#define CG_ABI "1"

typedef struct cg_unit cg_unit;

/* What is no identifier in them gets `_` where it is none. */
typedef struct cg_options cg_options;
struct cg_options {
  str name;   /* of the files and of the open function: "blog" gives blog.h, blog.c and blog_open */
  str prefix; /* of every type, function and constant; empty: none */
};

/* The options in the generator block with provider "schemac", if there is one: `name` and `prefix`. The name
 * is else the prefix, else the schema file's without its ending, unless that is "schema": then "client".
 * `path` may be empty. */
cg_options cg_options_of(const dm_schema *schema, str path, arena *mem);

/* Plans the client. Never NULL: what cannot be in a client (Unsupported columns, @ignore) is left out, and a
 * name that is taken by C, POSIX, the library or another model yields with a trailing `_`, which is reported
 * as a notice. */
const cg_unit *cg_plan(const dm_schema *schema, const cg_options *options, arena *mem, diag_list *diags);

/* The file names' stem. */
str cg_name(const cg_unit *unit);

void cg_header(const cg_unit *unit, buf *out);
void cg_source(const cg_unit *unit, buf *out);

#endif
