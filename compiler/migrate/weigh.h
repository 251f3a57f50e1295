/* What a plan costs the rows that are there: told, asked about, or refused. */
#ifndef MIGRATE_WEIGH_H
#define MIGRATE_WEIGH_H

#include "migrate/counts.h"

typedef struct weigh_options weigh_options;
struct weigh_options {
  bool accepted;     /* --accept-data-loss: warnings are not asked about */
  bool unexecutable; /* what cannot be executed is no hindrance: the script will not run, but be edited first */
  str question;      /* behind the warnings */
  str way_out;       /* behind what cannot be executed */
};

/* Counts on the live data, fills report->warnings and ->unexecutable, refuses what destroys data of a protected
 * database, and asks. Where nobody can be asked the
 * refusal names --accept-data-loss. */
migrate_status weigh_plan(const migrate_context *context, const sql_plan *plan, connection *db,
                          const weigh_options *options, migrate_report *report);

#endif
