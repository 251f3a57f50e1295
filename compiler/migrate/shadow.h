/* A database beside the real one, in which the history is replayed to see where it leads.
 *
 * Which one, the first that there is:
 *
 *   1. shadow_url, which has to be empty and is left empty
 *   2. one created on the server of the real database
 *   3. one created on the private server of `schemac dev`, where its major version is the same
 *   4. a schema of its own in the real database, in a transaction that is rolled back: only where the lexer
 * proves of every file that it can reach nothing outside (shadow_schema.c)
 *
 * Where none is to be had, P3014 says why not, one way after the other. */
#ifndef MIGRATE_SHADOW_H
#define MIGRATE_SHADOW_H

#include "migrate/apply.h"

typedef struct shadow shadow;
struct shadow {
  connection db;
  connection neighbour; /* through which it was created */
  str created;          /* its name, when it was created */
  bool given;           /* it is that of shadow_url */
  bool within;          /* it is a schema of the real database */
  sc_db *session;       /* of that: below the transaction that db.session is */
};

/* `db` is the real database; its session may be NULL where there is none (then 1 and 3 are what is left).
 * `migrations` are those that will be replayed. */
migrate_status shadow_open(const migrate_context *context, const connection *db, const folder *migrations,
                           shadow *out, migrate_report *report);
/* Runs one migration (P3006 when it does not apply). */
migrate_status shadow_replay(shadow *s, const folder_entry *migration, migrate_report *report);
/* Runs a script that is not in the folder yet. False with *failure. */
bool shadow_try(shadow *s, str script, str *failure);
/* Drops, empties or rolls it back. Safe on a zeroed one, and twice. */
void shadow_close(shadow *s);

/* ---- shadow_schema.c ---- */

/* Empty when nothing outside of search_path's first schema can be reached by the script; else a sentence that
 * names what stands in the way, and its line. */
str shadow_reaches_out(arena *mem, str script);
/* The fourth way. *why says why it is not one; then nothing was opened. */
bool shadow_open_within(const migrate_context *context, const connection *db, const folder *migrations,
                        shadow *out, str *why);

#endif
