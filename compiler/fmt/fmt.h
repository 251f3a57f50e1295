/* The formatter: a schema in its one layout, which is Prisma's, byte for byte.
 *
 * It reads the syntax tree and the text it points into, never the model: what it cannot place (a line that was refused)
 * it keeps as it is. Comments stay where they are, except that those right above a block attribute move with it to the
 * end of the block. Formatting twice gives what formatting once gave; only where lines were refused and one of them opens
 * a comment may that comment be closed by something that moved.
 *
 * What differs from Prisma's formatter, which is not idempotent in the first three cases and loses text in the last two:
 * - a block always has an empty line behind it, even where the next began on the line of its closing brace;
 * - a block never begins with an empty line, even where a block attribute that moves to its end stood above one;
 * - `key =` without a value keeps its `=`;
 * - a block keeps the comment behind its opening brace.
 *
 * What `prisma format` adds to a schema (missing back-relations and @relation arguments) needs the model. It is text
 * put into the source before this runs. */
#ifndef FMT_FMT_H
#define FMT_FMT_H

#include "base/buf.h"
#include "syntax/ast.h"

/* The text of a file as it must be parsed for formatting: with a line end behind the last line, which the formatter
 * would add, and with which a comment at the end can mean something else. */
str fmt_source_text(str text, arena *mem);
/* Writes file number `file` of the schema's sources. The buffer is broken when memory ran out. */
void fmt_write(const ast_schema *schema, uint32_t file, buf *out);

#endif
