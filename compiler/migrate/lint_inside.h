/* Inside of `migrate lint`: what its parts share. */
#ifndef MIGRATE_LINT_INSIDE_H
#define MIGRATE_LINT_INSIDE_H

#include "migrate/connection.h"
#include "migrate/lint.h"
#include "migrate/shadow.h"
#include "sql/lex.h"

typedef enum lint_effect { LINT_BRIEF, LINT_SCANS, LINT_REWRITES, LINT_FILLS } lint_effect;

/* What a statement is by its form; an ALTER TABLE has one for each clause. */
typedef struct lint_hit lint_hit;
struct lint_hit {
  str table; /* as SQL; empty: the statement does not name it */
  lint_lock lock;
  lint_effect effect;
  lint_rule rule;
  str clause; /* of an ALTER TABLE with several */
  str alone;  /* that clause as a statement of its own */
  bool measured, scans, rewrites;
};

typedef VEC(lint_hit) lint_hits;

lint_hits lint_read(const sql_script *script, const sql_statement *statement, arena *mem);
/* The table that a CREATE TABLE makes, or nothing. */
str lint_created(const sql_script *script, const sql_statement *statement, arena *mem);

typedef VEC(lint_rule) lint_rule_list;

/* The rules that comments above the statement silence, or those of the file; what is none is added to `unknown`. */
lint_rule_list lint_ignored(const sql_script *script, const sql_statement *statement, arena *mem,
                            migrate_names *unknown);
lint_rule_list lint_ignored_in_file(const sql_script *script, arena *mem, migrate_names *unknown);

typedef struct lint_seen lint_seen;
struct lint_seen {
  str table;
  lint_lock lock;
  bool scans, rewrites, created;
};

typedef VEC(lint_seen) lint_seens;

typedef struct lint_run lint_run;
struct lint_run {
  arena *mem;
  connection *live;   /* NULL: not reachable */
  connection *shadow; /* NULL: none */
  bool within;        /* the shadow is a transaction: CONCURRENTLY is left out */
  bool probes;        /* nothing is to stay on the shadow */
  migrate_names created; /* tables, by the files so far */
};

/* Runs a statement on the shadow, for good, and says what it did to which tables. What no transaction can hold runs
 * without being watched (*watched false). False when it fails; then *failure says why. */
bool lint_measure(const lint_run *run, const sql_script *script, const sql_statement *statement, lint_seens *out,
                  bool *watched, str *failure);

/* Runs a clause alone, and takes it back: which of several is it that costs? Not measured where it fails without the
 * others. */
void lint_measure_clause(connection *db, lint_hit *hit);

/* Rows of a table of the live database: -2 when there is no such table. */
int64_t lint_rows(connection *live, str table);
/* The table of an index of the live database, or nothing. */
str lint_table_of_index(connection *live, str index);

/* Appends the findings of a file's statements. */
void lint_one_file(lint_run *run, lint_file *file);

#endif
