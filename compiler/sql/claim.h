/* The lines of sql_claims. */
#ifndef SQL_CLAIM_H
#define SQL_CLAIM_H

#include "sql/sql.h"

str claim_check(arena *mem, const sql_table *table, const sql_check *check);
str claim_index(arena *mem, const sql_table *table, const sql_index *index);
str claim_foreign_key(arena *mem, const sql_table *table, const sql_foreign_key *key);
/* column NULL: of the table. */
str claim_comment(arena *mem, const sql_table *table, const sql_column *column);
str claim_enum_comment(arena *mem, const sql_enum *e);

/* Whether an index has what Prisma takes no notice of (a predicate, an expression), or what it takes for a
 * plain one. */
bool index_is_extended(const sql_index *index);
bool index_is_refined(const sql_index *index);
/* Of a B-tree or hash Prisma does not look at operator classes; whether it is one, and has others than the default. */
bool index_refines_opclass(const sql_index *index);
bool index_has_opclass(const sql_index *index);
/* Whether its nulls stand elsewhere than usual, for which the schema has no word. */
bool index_has_nulls(const sql_index *index);
/* An expression with an operator class or an order of its own, which the schema cannot say: the index is listed. */
bool index_has_no_words(const sql_index *index);

#endif
