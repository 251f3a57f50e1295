/* SQL of a hand or of the server with one name in it changed. It serves to compare expressions after a
 * rename; what a database runs is never made here. */
#ifndef SQL_RESPELL_H
#define SQL_RESPELL_H

#include "base/arena.h"
#include "base/str.h"

typedef enum respell_kind {
  RESPELL_COLUMN,
  RESPELL_TYPE,    /* behind :: */
  RESPELL_LITERAL, /* a string */
} respell_kind;

typedef struct respelling respelling;
struct respelling {
  respell_kind kind;
  str from, to;
  bool server; /* the text is the server's, who quotes only the names that need it */
};

str sql_respell(arena *mem, str sql, const respelling *change);

#endif
