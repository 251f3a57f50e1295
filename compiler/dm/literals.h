/* Whether a literal reads as a value of its type, with the reasons in the words that Prisma's parsers have
 * for them. */
#ifndef DM_LITERALS_H
#define DM_LITERALS_H

#include "base/arena.h"
#include "base/str.h"

/* Each gives NULL when the text is fine, else the reason. */
const char *dm_integer_fault(str text);
const char *dm_decimal_fault(str text);
/* RFC 3339 with date, time and zone. */
const char *dm_datetime_fault(str text);
const char *dm_base64_fault(str text);
/* With line and column; empty when the text is fine. */
str dm_json_fault(arena *mem, str text);

#endif
