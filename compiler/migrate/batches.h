/* An UPDATE of many rows in many transactions: `-- schemac:batches 10000` above a statement of a script with
 * `-- schemac:transaction off`.
 *
 *   -- schemac:batches 10000
 *   UPDATE "User" SET "full" = (…) WHERE "full" IS NULL;
 *
 * The rows are taken by ranges of the primary key, so many keys at a time: by key, because a range of "those
 * that are still NULL" would never end where the value is NULL. Each batch commits together with the key it
 * ends with (journal.h), and whoever goes on begins behind it. What is left then, less than a batch and the
 * rows that came meanwhile, is for the statement itself, which is why it has to leave out what is done. A
 * table without a primary key knows no ranges: the statement is all there is. To psql the line is a comment.
 */
#ifndef MIGRATE_BATCHES_H
#define MIGRATE_BATCHES_H

#include "migrate/connection.h"
#include "sql/lex.h"

#include <time.h>

typedef struct batches_form batches_form;
struct batches_form {
  str table;     /* as written */
  str head;      /* UPDATE … SET …, without the WHERE */
  str condition; /* behind WHERE */
};

/* What stands above the statement; empty when nothing does. */
str batches_said(const sql_script *script, const sql_statement *statement);
/* The rows of a batch, from 1 to a million; 0: it is no such number. */
size_t batches_size(str said);
/* UPDATE table SET column = … WHERE column IS NULL [AND …], any OR, FROM or RETURNING inside of parentheses.
 * False for any other statement. The strings point into the script. */
bool batches_read(const sql_script *script, const sql_statement *statement, batches_form *out);

typedef struct batches_key batches_key;
struct batches_key {
  str column, type; /* SQL */
};

typedef struct batches batches;
struct batches {
  connection *db;
  batches_form form;
  size_t size;
  VEC(batches_key) keys;
  int64_t rows;        /* as the server estimates them; 0: it does not know */
  int64_t done, begun; /* rows passed, by all runs; when this one began */
  str reached;         /* an array's text: `done`, and the last key; empty: before the first row */
  struct timespec start;
};

/* `reached` as of an earlier run, or empty. */
sc_status batches_open(connection *db, const batches_form *form, size_t size, str reached, batches *out);
/* The next batch's UPDATE, without a semicolon; *sql is empty when what is left is less than a batch. The
 * reached is then that of its end. */
sc_status batches_next(batches *b, str *sql);
/* Tells whoever watches (connection_watch) how far it is, and how long it may take yet. */
void batches_tell(const batches *b);
/* Nothing more is told. */
void batches_told(const batches *b);

#endif
