/* When two written values are the same value. */
#ifndef SQL_VALUE_H
#define SQL_VALUE_H

#include "base/str.h"

/* 1.50 and 01.5; also with exponents. Texts that are no numbers are compared as they are. */
bool sql_number_same(str a, str b);
/* JSON as values: white space, the order of an object's members and escapes do not matter. Texts that are not
 * JSON are compared as they are. */
bool sql_json_same(arena *mem, str a, str b);

#endif
