/* Whether a literal reads as a value of a type, with the reasons in the words that Prisma's parsers have for them. */
#ifndef DM_LITERALS_H
#define DM_LITERALS_H

#include "base/arena.h"
#include "base/str.h"

/* Each gives an empty str when the text is fine, else the reason. */
str dm_integer_fault(str text);
str dm_decimal_fault(str text);
str dm_datetime_fault(str text);
str dm_json_fault(arena *mem, str text);
str dm_base64_fault(str text);

#endif
