/* All that a database holds besides rows, as lines of text: the same lines, the same catalog.
 *
 * Unlike the SQL model it leaves nothing out that a migration may make (views, triggers, functions, rights
 * …), and says everything in the server's own words. The order of a table's columns does not count: one that
 * was dropped and came back stands last. Left out are extensions and empty schemas, which stay when a
 * migration is taken back, the history, and what is ours. */
#ifndef MIGRATE_FINGERPRINT_H
#define MIGRATE_FINGERPRINT_H

#include "migrate/shadow.h"

typedef struct fingerprint fingerprint;
struct fingerprint {
  str *lines; /* sorted */
  size_t len;
};

/* Of a shadow that is a schema of a real database, that schema alone. */
sc_status fingerprint_take(shadow *s, fingerprint *out);
/* Whether both are alike. If not, *difference is the first line that one has and the other lacks, with + for
 * one that only `now` has and - for one that only `before` had. */
bool fingerprint_same(arena *mem, const fingerprint *before, const fingerprint *now, str *difference);

#endif
