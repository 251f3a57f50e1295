/* What live data says about a plan's hazards. */
#ifndef MIGRATE_COUNTS_H
#define MIGRATE_COUNTS_H

#include "base/vec.h"
#include "migrate/connection.h"
#include "sql/sql.h"

typedef struct hazard_texts hazard_texts;
struct hazard_texts {
  migrate_names warnings;
  bool destroys;              /* one of the warnings is of rows or values that go */
  migrate_names unexecutable; /* "Made the column …" */
  VEC(size_t) steps;          /* of the plan, of each that is unexecutable */
};

/* Counts rows and values where a hazard asks for them; one that meets no data is left out. What cannot be
 * counted is told as Prisma tells it without a database. */
hazard_texts counts_evaluate(connection *db, const sql_hazard_list *hazards);

#endif
