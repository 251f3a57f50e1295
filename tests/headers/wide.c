/* The sizes of a model of sixty columns: a literal is zeroed and scanned on every call, so they are a promise. */
#include "wide.h"

_Static_assert(sizeof(sc_int) == 8 && sizeof(sc_bool) == 4, "small values stay small");
_Static_assert(sizeof(sc_int_filter) <= 96, "a filter of an Int");
_Static_assert(sizeof(sc_string_filter) <= 128, "a filter of a String");
_Static_assert(sizeof(sc_bigint_filter) <= 144, "a filter of a BigInt");
_Static_assert(sizeof(WideWhere) <= 7168, "a where of sixty columns");
_Static_assert(sizeof(WideFindMany) <= 7424, "the arguments of a find");
_Static_assert(sizeof(WideCreate) <= 768, "a row to create");
_Static_assert(sizeof(WideUpdate) <= 1920, "an update");
_Static_assert(sizeof(WideOrderBy) == 240, "an order");
_Static_assert(sizeof(Wide) <= 640, "a record");
