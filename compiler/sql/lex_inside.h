/* What lex.c and the scanner made from grammar/sql.l share. */
#ifndef SQL_LEX_INSIDE_H
#define SQL_LEX_INSIDE_H

#include "sql/lex.h"

/* What the scanner answers besides a sql_token_kind. */
enum { SQL_SCAN_END = -1, SQL_SCAN_COMMENT = -2, SQL_SCAN_PROBLEM = -3 };

typedef struct sql_scan sql_scan;
struct sql_scan {
  arena *mem;
  char *copy; /* the script, with the two NULs behind it that flex wants */
  size_t length;
  void *scanner;
  bool backslashes; /* they escape in plain strings: standard_conforming_strings is off */

  size_t start, end; /* of the token that was read last */
  sql_problem_kind problem;

  unsigned depth;    /* of comments in comments */
  size_t tag_length; /* of the dollar quote's opening, both dollars included */
  int gap_return;    /* the state to go back to when a string goes on */
};

/* `text` holds no NUL. */
void sql_scan_open(sql_scan *scan, str text, arena *mem);
int sql_scan_next(sql_scan *scan);
void sql_scan_close(sql_scan *scan);

#endif
