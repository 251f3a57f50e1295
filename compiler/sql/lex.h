/* SQL scripts taken apart into statements and tokens, as PostgreSQL and psql would (the manual's
 * section 4.1).
 *
 * For whoever sends a script statement by statement, or says something about each of its statements. Nothing
 * is parsed: a statement is a run of tokens that ends with a semicolon outside of parentheses and of the
 * BEGIN ATOMIC … END of a function's body. Dollar quotes, nested comments, E'', U&'' and U&"" strings,
 * strings that go on on the next line, and SET standard_conforming_strings = off are known.
 *
 * What only psql understands is a problem, not a statement: \commands, :variables are left to the server to
 * refuse, and COPY … FROM STDIN wants data that the server never sees in a script.
 *
 * Ownership: everything is in the arena or points into the text, which must outlive the script. Offsets count
 * bytes from 0, lines count from 1. Nothing fails but the text itself: see `problem`. */
#ifndef SQL_LEX_H
#define SQL_LEX_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef enum sql_token_kind {
  SQL_TOKEN_WORD,      /* a keyword or a name without quotes */
  SQL_TOKEN_NAME,      /* "a name", U&"a name" */
  SQL_TOKEN_STRING,    /* 'x', E'x', U&'x', $$x$$, $tag$x$tag$ */
  SQL_TOKEN_BITS,      /* B'101', X'1F' */
  SQL_TOKEN_NUMBER,    /* 1, 1.5, 1e6, 0x1F, 1_000 */
  SQL_TOKEN_PARAMETER, /* $1 */
  SQL_TOKEN_OPERATOR,  /* + || :: := .. */
  SQL_TOKEN_MARK, /* one of ( ) [ ] , . : and ; inside of a statement; any character that has no meaning */
} sql_token_kind;

typedef struct sql_token sql_token;
struct sql_token {
  sql_token_kind kind;
  unsigned depth; /* of the parentheses around it; both parentheses count as outside of theirs */
  size_t start, end;
};

typedef struct sql_comment sql_comment;
struct sql_comment {
  size_t start, end; /* with its dashes or stars, without the line end */
};

typedef struct sql_statement sql_statement;
struct sql_statement {
  size_t lead; /* where the text between this statement and the one before begins: comments and white space */
  size_t start,
      end;     /* from the first token to behind the semicolon, or behind the last token when there is none */
  size_t line; /* of `start` */
  size_t first, len; /* its tokens, in script->tokens; the semicolon at its end is not one of them */
};

typedef enum sql_problem_kind {
  SQL_PROBLEM_NONE,
  SQL_PROBLEM_OPEN_STRING, /* these three: not closed before the end of the text */
  SQL_PROBLEM_OPEN_NAME,
  SQL_PROBLEM_OPEN_COMMENT,
  SQL_PROBLEM_NUL,          /* a NUL byte: the server would take it for the end */
  SQL_PROBLEM_PSQL_COMMAND, /* a backslash outside of quotes */
  SQL_PROBLEM_COPY,         /* COPY … FROM STDIN */
} sql_problem_kind;

typedef struct sql_script sql_script;
struct sql_script {
  str text;
  VEC(sql_token) tokens;     /* comments are not among them, nor the semicolons that end statements */
  VEC(sql_comment) comments; /* in the order of the text */
  VEC(sql_statement)
  statements; /* empty ones, as of `;;`, are left out: they are part of the next one's lead */

  /* Reading stopped at the first problem: the statements before it are whole, the one it is in is the last of
   * the list when it has any token. `message` names the line and the way out; place and line are where the
   * string or comment begins, or the command stands. */
  sql_problem_kind problem;
  size_t problem_at, problem_line;
  str message;
};

/* Reads a whole script. The statements' leads and texts, in order, and what is behind the last one's end are
 * the text again, byte for byte. */
const sql_script *sql_lex(str text, arena *mem);

/* ---- looking at it ---- */

/* The statement with its semicolon, without what leads to it. */
str sql_statement_text(const sql_script *script, const sql_statement *statement);
/* A token as it was written. */
str sql_token_text(const sql_script *script, size_t token);
/* The token is this word, in any case, without quotes. False for a token that does not exist. */
bool sql_token_is(const sql_script *script, size_t token, str word);
/* The statement begins with these words, separated by one blank: sql_statement_begins(s, st, STR("CREATE
 * TABLE")). Comments and white space between them do not matter. */
bool sql_statement_begins(const sql_script *script, const sql_statement *statement, str words);
/* The line of an offset, from 1. Lines end with \n, \r\n or \r. */
size_t sql_line_of(const sql_script *script, size_t offset);

/* What a token means: a word in lower case; a name or a string without its quotes, its escapes resolved (also
 * UESCAPE, which is looked for behind it); anything else as written. Names are not cut at 63 bytes. What
 * PostgreSQL would refuse (an escape of no character) stays as written. */
str sql_token_value(const sql_script *script, size_t token, arena *mem);

/* A comment that reads `schemac:NAME VALUE`: -- schemac:transaction off. False when it does not; the value is
 * trimmed and may be empty. */
bool sql_comment_says(const sql_script *script, const sql_comment *comment, str name, str *value);
/* The same for the comments above the first statement. */
bool sql_script_says(const sql_script *script, str name, str *value);

#endif
