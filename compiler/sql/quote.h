/* Names and values at the border to SQL. quote.c is the only file of the compiler that writes a quote
 * character. */
#ifndef SQL_QUOTE_H
#define SQL_QUOTE_H

#include "base/buf.h"
#include "base/str.h"

/* "name", its quotes doubled. */
void sql_ident(buf *out, str name);
/* As the server writes it: in quotes only when it would read it back as another name without. */
void sql_ident_plain(buf *out, str name);
/* "schema"."name", or "name" when the schema is empty. */
void sql_name(buf *out, str schema, str name);
/* "a", "b" with the separator between. */
void sql_ident_list(buf *out, const str *names, size_t count, str separator);
/* 'text', its quotes doubled (standard_conforming_strings, the server's default since 9.1). */
void sql_literal(buf *out, str text);
/* The sequence of an autoincrementing column as Prisma writes it: a_id_seq, "schema".a_id_seq when it is a
 * plain name, quoted otherwise; and the call that draws from it. */
void sql_sequence(buf *out, str schema, str name);
void sql_nextval(buf *out, str schema, str name);

/* The next piece of SQL that a quote opens at the start of `sql`: an identifier or a string literal, decoded
 * into `mem`. Returns how many bytes it took, or 0 when there is none (a literal with an E or U& prefix
 * counts as none). */
size_t sql_unquote(arena *mem, str sql, str *out);

#endif
