/* The server's own spelling of SQL that a hand wrote. */
#ifndef MIGRATE_NORMALISE_H
#define MIGRATE_NORMALISE_H

#include "migrate/connection.h"
#include "sql/sql.h"

/* `wanted` with the `raw` members filled in for every check, index predicate and expression, generated column
 * and dbgenerated default, so that they compare with what inspection finds: the tables that have any are
 * created in a schema of their own, read back, and rolled back. A table that the server refuses keeps its
 * `raw` members empty: the migration will then say what is wrong. Runs on any database that holds the
 * functions and types that the SQL names.
 *
 * With a plan only the tables are asked about that it alters: the others compare as they are written. */
const sql_schema *normalise_schema(connection *db, const sql_schema *wanted, const sql_plan *plan);

#endif
