/* What the characters of a schema mean: UTF-8, white space, names. */
#ifndef SYNTAX_WORD_H
#define SYNTAX_WORD_H

#include "base/str.h"

/* Bytes of the white space at the start of text: 0, or the length of one space or tab (Unicode's Zs too). */
size_t ast_blank_length(str text);
size_t ast_blanks_length(str text); /* of all of them */
/* Bytes of the identifier at the start of text: a letter or digit, then letters, digits, `_` and `-`. */
size_t ast_identifier_length(str text);
/* The same with dots between identifiers (and, as Prisma has it, behind them). */
size_t ast_path_length(str text);
/* Offset of the first byte that is not well-formed UTF-8, or text.len. */
size_t ast_utf8_valid_length(str text);
/* Without the white space (all of Unicode's) at its start, and at both ends. */
str ast_trim_start(str text);
str ast_trim(str text);

#endif
