/* Conditions: a Where or WhereUnique becomes SQL that may stand behind WHERE or AND, in brackets where it
 * needs them.
 *
 * Meaning (Prisma's, prisma.io "Null and undefined", "Filter conditions and operators"): everything asked
 * holds together; an empty OR is false, an empty AND or NOT true, elements of an OR that ask nothing are
 * dropped; a list `NOT` means none of its elements; `in` an empty list is false, `not_in` an empty list true;
 * comparisons with NULL are unknown, so that neither `not_equals` nor NOT finds them; `some` is EXISTS,
 * `none` NOT EXISTS, `every` NOT EXISTS of the opposite; `is_not` finds records without a related one too. %,
 * _ and \ in the operand of contains, starts_with and ends_with stand for themselves. */
#ifndef ENGINE_FILTER_H
#define ENGINE_FILTER_H

#include "engine/ask.h"

/* Appends the condition; true when it asks anything. Nothing is appended when it does not (or `where` is
 * NULL). */
bool sc_ask_where(sc_ask *ask, const sc_model *model, unsigned alias, const void *where);
/* The same of a WhereUnique: SC_INVALID_ARGUMENT when no unique criterion is given, SC_MISSING_FIELD when a
 * part of one is missing. */
void sc_ask_unique(sc_ask *ask, const sc_model *model, unsigned alias, const void *where);

#endif
