/* A migration's script cut into the pieces that are sent one by one.
 *
 * A script goes to the server as one simple query, which is one transaction; only where it says BEGIN and
 * COMMIT itself are there several, and each is a unit. With `-- schemac:transaction off` at its top every
 * statement is a unit of its own, but for those between a BEGIN and its COMMIT. What a unit does is committed
 * together with a line of bookkeeping that is inserted into it (`insert`), so that after a crash it is known
 * what stands. */
#ifndef MIGRATE_UNIT_H
#define MIGRATE_UNIT_H

#include "base/vec.h"
#include "sql/lex.h"

typedef enum unit_kind {
  UNIT_TOGETHER, /* commits as one, with what is inserted */
  UNIT_LONE, /* one statement that no transaction can hold: CREATE INDEX CONCURRENTLY, VACUUM … (lone.h) */
  UNIT_SETTING, /* SET and the like: it lasts as long as the session, and is done again by another one */
  UNIT_UNDONE,  /* ends with ROLLBACK: nothing of it stays */
  UNIT_WHOLE, /* the script cannot be cut (COMMIT AND CHAIN, PREPARE TRANSACTION, a quote that is not closed)
               */
} unit_kind;

typedef struct unit unit;
struct unit {
  unit_kind kind;
  size_t first, len;         /* its statements */
  size_t begin, insert, end; /* of its text; `insert` is before its COMMIT, or its end */
  size_t line;
  size_t batch; /* rows of a batch, where it is an UPDATE in batches (batches.h); otherwise 0 */
};

typedef struct unit_list unit_list;
struct unit_list {
  const sql_script *script;
  bool split; /* the script asked for it */
  unit *items;
  size_t len, cap;
  /* Why the script must not be sent, with its line and the way out; empty when it may. `items` is empty then.
   */
  str problem;
};

/* An empty script has no units. `script` must outlive the list. */
const unit_list *unit_read(str script, arena *mem);

/* One statement, or one transaction: afterwards all of it stands or nothing does. Batches are not. */
bool unit_is_atomic(const unit_list *units);
/* Whether the statement sets something for the rest of the session. */
bool unit_sets(const sql_script *script, const sql_statement *statement);
/* The script itself limits how long it waits for locks, so that it may be tried again. */
bool unit_limits_locks(const unit_list *units);

#endif
