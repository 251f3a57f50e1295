/* The numbers of a schema as values. The texts are those that the validator has let pass (dm/literals.h): a sign,
 * digits that underscores may part, a point, an exponent. */
#ifndef DM_NUMBERS_H
#define DM_NUMBERS_H

#include "base/arena.h"
#include "base/str.h"

/* As Prisma writes it into SQL: no leading zeros, no exponent, never -0; zeros behind the point stay. 007.50 is 7.50,
 * "1e5" is 100000. A text that would become longer than 1,000 digits stays as it is. The result may be `text`. */
str dm_number_plain(arena *mem, str text);
/* As JSON, with the floating-point value that Prisma's DMMF has: the digits times a power of ten, which is not always
 * the nearest one. 0.3 is 0.30000000000000004. What is beyond a double is null. */
str dm_number_json(arena *mem, str text);

#endif
