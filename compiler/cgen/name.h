/* C names: case, and who may have which.
 *
 * A name book holds every name of a client's global scope. A name that is reserved (reserved.def, sc_…) or
 * already there yields: it gets a trailing `_`, as often as needed, and the change is reported. */
#ifndef CGEN_NAME_H
#define CGEN_NAME_H

#include "base/table.h"
#include "report/diag.h"

typedef struct name_book name_book;

name_book *name_book_new(arena *mem, diag_list *diags);

/* Takes a name of the global scope. `place` is what it comes from, for the report. */
str name_take(name_book *book, str wanted, span place);

/* Takes a name among the members of one struct; `members` is a table made for them. */
str name_take_member(name_book *book, table *members, str wanted, span place);

/* "HTTPServer2Go" is http_server2_go; a name in snake case stays as it is. */
str name_snake(arena *mem, str name);
str name_upper(arena *mem, str name);
/* "user_profile" and "userProfile" are UserProfile. */
str name_pascal(arena *mem, str name);
/* Two names as one: "User" and "List" are UserList. */
str name_join(arena *mem, str first, str second);

#endif
