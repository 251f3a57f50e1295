#include <schemac/value.h>

const char sc_mark_null[] = "NULL";
const char sc_mark_empty[] = "empty";
const char sc_mark_no_memory[] = "no memory";
