/* The last question before data is destroyed.
 *
 * A command that empties a database wants the database's name: typed on a terminal, or passed as --confirm
 * NAME. Commands that Prisma has take its --force for that, so that scripts go on working. A database may be
 * marked as protected (`schemac db protect`): then neither helps, until the mark is taken away.
 *
 * The mark is a row of `_schemac.protected` with the database's name: a copy of the database under another
 * name is not protected, and no reset of the schemas that a data model speaks of takes the mark away. */
#ifndef MIGRATE_GUARD_H
#define MIGRATE_GUARD_H

#include "migrate/connection.h"

typedef struct guard_texts guard_texts;
struct guard_texts {
  str question;  /* "Are you sure you want to reset your database? All data will be lost." */
  str unasked;   /* the refusal where nobody can be asked; names --force where the command has it */
  str cancelled; /* "Reset cancelled." */
};

/* MIGRATE_DONE: go on. Otherwise the report says why not, and nothing was changed. */
migrate_status guard_pass(const migrate_context *context, connection *db, const guard_texts *texts,
                          migrate_report *report);

/* The same for a change that destroys some of it: only the mark is in its way. */
migrate_status guard_change(connection *db, migrate_report *report);

/* Whether the database is marked. */
sc_status guard_is_protected(connection *db, bool *out);

#endif
