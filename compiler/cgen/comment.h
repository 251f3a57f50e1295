/* Text of the schema inside a C comment. */
#ifndef CGEN_COMMENT_H
#define CGEN_COMMENT_H

#include "base/buf.h"

/* The text with every comment mark in it broken, so that it neither ends nor begins a comment. */
str comment_safe(arena *mem, str text);

/* The next line of `rest` that is worth writing: trimmed, safe, and none of our extensions in a comment. False at the
 * end. Moves `rest` on. */
bool comment_next_line(arena *mem, str *rest, str *line);

#endif
