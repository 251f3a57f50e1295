/* `db pull`: the schema of a live database. */
#ifndef MIGRATE_PULL_H
#define MIGRATE_PULL_H

#include "migrate/migrate.h"
#include "sql/raise.h"

/* Inspects context->url, in options->schemas where there are any, and says it as a schema (sql/raise.h); `ast` is what context->schema was made of.
 * Nothing is written, neither in the database nor in files. Refused for a database without tables and enums
 * (P4001). */
migrate_status migrate_pull(const migrate_context *context, const ast_schema *ast,
                            const sql_raise_options *options, const sql_raised **out, migrate_report *report);

#endif
