/* Introspection: from what a database holds to a schema that says it.
 *
 * What Prisma can say is said as `prisma db pull` says it, byte for byte once it is formatted: names cleaned
 * and mapped, relation fields named after the other table, what is the default left out. Where Prisma's
 * answer would be no valid schema (two names cleaned to one, a name without a letter), ours is another name
 * with its @map.
 *
 * What Prisma cannot say is said with our extensions. Where the schema has a generator of Prisma's, its tools
 * have to read the file too: there the extensions stand behind ///, and what would be an argument of one of
 * Prisma's own attributes is left unsaid, which changes nothing in the database.
 *
 * What a hand wrote in a previous schema stays: names, maps, the names of relations and keys, comments, the
 * order of blocks and fields, @ignore, @updatedAt, defaults that the client makes, and every attribute that
 * the database knows nothing of. */
#ifndef SQL_RAISE_H
#define SQL_RAISE_H

#include "sql/sql.h"
#include "syntax/ast.h"

typedef struct sql_raise_options sql_raise_options;
struct sql_raise_options {
  /* Read the configuration of the previous schema alone (--force). Comments between blocks stay. */
  bool forget;
  /* Instead of the datasource's `schemas`, and written into it; those that `live` was read from (--schemas). */
  str *schemas;
  size_t schema_count;
};

typedef enum sql_note_kind {
#define NOTE(kind, heading) SQL_NOTE_##kind,
#include "sql/raise_notes.def"
#undef NOTE
  SQL_NOTE_COUNT
} sql_note_kind;

/* What the schema does not say of a thing, or says of it with a reservation. */
typedef struct sql_note sql_note;
struct sql_note {
  sql_note_kind kind;
  str text; /* the line that names the thing */
};

typedef struct sql_raised sql_raised;
struct sql_raised {
  source_set sources; /* not formatted: parse them, then fmt_write. The files of the previous schema, in their
                         order */
  size_t models;      /* in the new schema, views not counted */
  sql_note *notes;
  size_t note_count;
};

/* `ast` is the previous schema: at least its datasource. `previous` is what it means. Both stay unchanged;
 * the result lives in `mem` and points into all three. */
const sql_raised *sql_raise(const sql_schema *live, const dm_schema *previous, const ast_schema *ast,
                            const sql_raise_options *options, arena *mem);

/* "*** WARNING ***" and the notes under their headings; nothing when there are none. */
void sql_raise_warnings(const sql_raised *raised, buf *out);

#endif
