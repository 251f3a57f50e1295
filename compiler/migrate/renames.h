/* Renames that a person says: with --rename, or when asked. */
#ifndef MIGRATE_RENAMES_H
#define MIGRATE_RENAMES_H

#include "migrate/migrate.h"
#include "sql/sql.h"

/* Reads "User.nick=name" and "Old=New": the new names as the schema has them, or its @map; the old ones as
 * the database has them. Refused where the schema has no such thing. */
migrate_status renames_read(arena *mem, const dm_schema *schema, const migrate_names *said, sql_renames *out,
                            migrate_report *report);

/* Asks about what the plan only looks like, and adds what was meant to `out`: then the plan is to be made
 * anew. Nobody there to ask: a note in the report says which flag would do it. `asked` keeps what was asked
 * before. */
bool renames_ask(const migrate_context *context, const sql_plan *plan, sql_renames *asked, sql_renames *out,
                 migrate_report *report);

#endif
