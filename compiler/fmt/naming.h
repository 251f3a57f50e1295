/* Names that the formatter gives to the fields it adds. Internal to fmt.
 *
 * They are those of Prisma, whose formatter takes them from an English word list: the rules and words here
 * are what it was found to do. Letters beyond ASCII change their case in Latin, Greek and Cyrillic. */
#ifndef FMT_NAMING_H
#define FMT_NAMING_H

#include "base/buf.h"

/* order_line, OrderLine -> orderLine: of a field that is named after its model. */
str fmt_camel_case(str name, arena *mem);
/* category -> categories, person -> people. */
str fmt_plural(str word, arena *mem);
/* User, id -> userId: of the column that refers to a model's field. Both keep all but their first letters. */
str fmt_column_name(str model, str field, arena *mem);

#endif
