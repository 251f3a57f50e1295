/* A database beside the real one, in which the history is replayed to see where it leads. */
#ifndef MIGRATE_SHADOW_H
#define MIGRATE_SHADOW_H

#include "migrate/apply.h"

typedef struct shadow shadow;
struct shadow {
  connection db;
  connection *neighbour; /* through which it was created; NULL for one of shadow_url */
  str created;           /* its name, when it was created */
};

/* The database of context->shadow_url, which has to be empty and is left empty, or else one created on the
 * server of `db` (P3014 when the role may not). */
migrate_status shadow_open(const migrate_context *context, connection *db, shadow *out,
                           migrate_report *report);
/* Runs one migration (P3006 when it does not apply). */
migrate_status shadow_replay(shadow *s, const folder_entry *migration, migrate_report *report);
/* Drops or empties it. Safe on a zeroed one, and twice. */
void shadow_close(shadow *s);

#endif
