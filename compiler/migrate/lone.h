/* Statements that no transaction can hold: what they do cannot be committed together with a note that they
 * did.
 *
 * So the note is made before (with what the catalog said then) and completed afterwards; where a run was cut
 * off between the two, the catalog is asked. An index that was left INVALID is dropped, and built again. */
#ifndef MIGRATE_LONE_H
#define MIGRATE_LONE_H

#include "migrate/connection.h"
#include "sql/lex.h"

typedef enum lone_kind {
  LONE_NONE,       /* a transaction can hold it */
  LONE_INDEX,      /* CREATE INDEX CONCURRENTLY */
  LONE_DROP_INDEX, /* DROP INDEX CONCURRENTLY */
  LONE_REINDEX,    /* REINDEX … CONCURRENTLY */
  LONE_DETACH,     /* ALTER TABLE … DETACH PARTITION … CONCURRENTLY */
  LONE_ENUM_VALUE, /* ALTER TYPE … ADD VALUE, before PostgreSQL 12 */
  LONE_CREATE_DATABASE,
  LONE_DROP_DATABASE,
  LONE_AGAIN,   /* does no harm when it is run twice: VACUUM */
  LONE_UNKNOWN, /* only a person can tell: CALL of a procedure that commits */
} lone_kind;

/* By lone.def. Those that only the server can tell (a CALL that commits) are LONE_NONE here; it refuses them
 * with 25001 or 2D000, having done nothing, and then lone_told_kind says how to ask about them. */
lone_kind lone_kind_of(const sql_script *script, const sql_statement *statement);
lone_kind lone_told_kind(const sql_script *script, const sql_statement *statement);
/* The server's answer that a transaction cannot hold a statement. */
bool lone_is_told(str sqlstate);

/* What the catalog says before the statement runs, to be told what it has made: kept in the journal. An
 * INVALID index that stands where one is to be built is dropped first (*dropped is its name). */
sc_status lone_before(connection *db, const sql_script *script, const sql_statement *statement,
                      lone_kind kind, str *before, str *dropped);

typedef enum lone_answer {
  LONE_IS_DONE,
  LONE_TO_RUN,      /* it has done nothing, or what it began was taken back (*dropped names an index) */
  LONE_CANNOT_TELL, /* LONE_UNKNOWN */
} lone_answer;

/* What became of a statement that began and was cut off, or failed. */
sc_status lone_ask(connection *db, const sql_script *script, const sql_statement *statement, lone_kind kind,
                   str before, lone_answer *answer, str *dropped);

#endif
