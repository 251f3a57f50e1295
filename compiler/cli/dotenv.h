/* .env files, read as Prisma reads them: the syntax of dotenv 16 with ${NAME} expanded.
 *
 *   KEY=value            # a comment behind an unquoted value begins at #
 *   export KEY='as it is, even over several lines'
 *   KEY="with \n and \r expanded"
 *   KEY=`back quotes too`
 *   URL="postgresql://${USER}@localhost/app"      \${X} stays ${X}
 *
 * Lines that are none of these are passed over in silence, as there. Pure: files are read by the caller. */
#ifndef CLI_DOTENV_H
#define CLI_DOTENV_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>

typedef struct dotenv_entry dotenv_entry;
struct dotenv_entry {
  str key, value;
};

typedef struct dotenv dotenv;
struct dotenv {
  dotenv_entry *items; /* each key once, in the order of their first lines; the last value counts */
  size_t len, cap;
};

/* Adds the file's entries. Keys and values live in `mem` or point into `text`. */
void dotenv_parse(str text, arena *mem, dotenv *out);
/* The value of a key, or NULL. */
const str *dotenv_find(const dotenv *file, str key);

/* Where ${NAME} is looked up before the file itself: the environment wins. NULL when it has no such variable.
 */
typedef const char *dotenv_lookup(const char *name);
/* Expands every value. Unknown names, and names that lead back to themselves, become nothing. */
void dotenv_expand(dotenv *file, dotenv_lookup *environment, arena *mem);

#endif
