/* down.sql: the way back of a migration, beside its migration.sql. Prisma looks at neither it nor its
 * changes. */
#ifndef MIGRATE_DOWN_H
#define MIGRATE_DOWN_H

#include "migrate/fingerprint.h"

typedef struct down_file down_file;
struct down_file {
  str script;
  bool proved;
  str problem;          /* why it is not proved */
  migrate_names losses; /* what it says that it loses: "the rows of \"User\"." */
};

/* Writes the way back of `plan`, whose `script` has just run in the shadow, where `before` was taken before
 * it and `now` is what it led to; and proves it there: up, down and up again give the same catalogs. A way
 * back that cannot be proved is written all the same, and says why. The shadow is of no use to others
 * afterwards. */
sc_status down_write(const migrate_context *context, shadow *s, const sql_plan *plan, str script,
                     const fingerprint *before, down_file *out);

/* Runs a way back, and where `id` is not empty removes that row of the history, both in one transaction. When
 * it fails nothing of it stands, and *failure is what the server said. */
sc_status down_run(connection *db, str script, str id, str *failure);
/* The same in a shadow. */
bool down_try(shadow *s, str script, str *failure);

/* False where down.sql says that it was made for another text of migration.sql. A person who has fitted the way back to
 * an edited migration removes that line. */
bool down_fits(arena *mem, str down, str migration);

/* The lines of a down.sql that say what is lost. */
migrate_names down_losses(arena *mem, str script);

#endif
