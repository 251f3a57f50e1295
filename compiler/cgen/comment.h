/* Text of the schema inside a C comment. */
#ifndef CGEN_COMMENT_H
#define CGEN_COMMENT_H

#include "base/buf.h"

/* The text with comment marks and trigraphs broken, so that it neither ends a comment nor seems to begin one.
 */
str comment_safe(arena *mem, str text);

/* The next line of `rest` that is worth writing: trimmed, safe, and none of our extensions in a comment.
 * False at the end. Moves `rest` on. */
bool comment_next_line(arena *mem, str *rest, str *line);

#endif
