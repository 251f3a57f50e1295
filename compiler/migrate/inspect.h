/* What there is: the SQL model of a live database, read from its catalog. */
#ifndef MIGRATE_INSPECT_H
#define MIGRATE_INSPECT_H

#include "sql/sql.h"

#include <schemac/schemac.h>

typedef struct inspect_options inspect_options;
struct inspect_options {
  const str *schemas; /* to look into */
  size_t schema_count;
  /* Name the schema of each object. Off (then there is one schema) it is left empty, as a data model without
   * `schemas` has it. */
  bool qualified;
  str current; /* the connection's own schema; may be empty */
};

/* SC_OK and the model, in `mem`; tables, indexes and constraints by name, columns in their order. Left out
 * are the history (_prisma_migrations) and what belongs to an extension; what the model cannot hold is listed
 * in `others`. search_path must be the schemas' own, so that types and expressions come back unqualified. */
sc_status sql_inspect(sc_db *db, const inspect_options *options, arena *mem, const sql_schema **out);

#endif
