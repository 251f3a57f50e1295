/* What goes with something that a plan drops, and that no schema says.
 *
 * DROP TABLE takes triggers, policies, rules, statistics, exclusion constraints and partitions along, DROP COLUMN the
 * checks, indexes, statistics and exclusion constraints that mention the column (the PostgreSQL manual, DROP TABLE and
 * ALTER TABLE). None of it goes unannounced. What else depends on them (a view) makes PostgreSQL refuse. */
#ifndef MIGRATE_LOST_H
#define MIGRATE_LOST_H

#include "migrate/connection.h"
#include "sql/sql.h"

/* Adds a sentence to `warnings` for each object of the live database that the plan would drop without naming it. */
void lost_objects(connection *db, const sql_plan *plan, migrate_names *warnings);

#endif
