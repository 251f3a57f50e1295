/* What `prisma format` adds to a schema, put into its text: the other side of a relation, the arguments of
 * @relation, the columns of a foreign key.
 *
 *     model Post {                model Post {
 *       id     Int @id              id     Int  @id
 *       author User        ->       author User @relation(fields: [userId], references: [id])
 *     }                             userId Int
 *                                 }
 *     model User {
 *       id Int @id                model User {
 *     }                             id    Int    @id
 *                                   posts Post[]
 *                                 }
 *
 * Like the formatter it reads the syntax tree alone. It must only be asked about schemas whose names and
 * attributes are right (dm_check_attributes): Prisma completes no others. A relation whose field names it
 * gets a field without the name, as Prisma's does: the report that follows says what to do. */
#ifndef FMT_COMPLETE_H
#define FMT_COMPLETE_H

#include "syntax/ast.h"

/* The sources with what was missing, to be parsed again and written; NULL when nothing was. They live in
 * `mem`. */
const source_set *fmt_complete(const ast_schema *schema, arena *mem);

#endif
