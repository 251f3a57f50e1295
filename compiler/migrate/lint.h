/* `migrate lint`: what each statement of a migration costs those who use its tables meanwhile.
 *
 * Statements are read by their form (lint.def), and where a shadow can be had each one is run there: which
 * locks it takes, whether it reads or rewrites a table, is then measured rather than known (pg_locks, the
 * table's file, the scans that the session counts). How many rows that means says the live database. A table
 * that a linted file itself creates costs nobody anything.
 *
 * A rule is silenced for a statement by a comment above it, `-- schemac:ignore SM001` (ids or names, several
 * with blanks between), and for a file by `-- schemac:ignore-file SM001`. */
#ifndef MIGRATE_LINT_H
#define MIGRATE_LINT_H

#include "base/vec.h"
#include "migrate/connection.h"

typedef enum lint_lock {
#define LOCK(kind, name, waits) LINT_LOCK_##kind,
#include "migrate/lint.def"
} lint_lock;

typedef enum lint_rule {
#define RULE(symbol, id, name, level, text, advice) LINT_##symbol,
#include "migrate/lint.def"
  LINT_NO_RULE
} lint_rule;

typedef enum lint_level {
  LINT_LEVEL_NOTE,
  LINT_LEVEL_WARNING,
  LINT_LEVEL_ERROR,
  LINT_LEVEL_COUNT
} lint_level;

/* What a statement does to one table. */
typedef struct lint_touch lint_touch;
struct lint_touch {
  str table; /* as SQL: "User", auth."User" */
  lint_lock lock;
  bool scans, rewrites;
  bool is_new;  /* made by a linted file: nobody uses it yet */
  int64_t rows; /* of the live database; -1: not known. Exact below 100,000, an estimate above */
};

typedef struct lint_finding lint_finding;
struct lint_finding {
  lint_rule rule;
  lint_level level; /* the rule's, or NOTE where the table is empty */
  str text;
};

typedef struct lint_statement lint_statement;
struct lint_statement {
  size_t line;
  str text; /* as written */
  VEC(lint_touch) touches;
  VEC(lint_finding) findings;
};

typedef struct lint_file lint_file;
struct lint_file {
  str name;   /* as texts name it */
  str script; /* to be linted */
  VEC(lint_statement) statements;
};

typedef struct lint_result lint_result;
struct lint_result {
  lint_file *items;
  size_t len, cap;
  bool measured; /* on a shadow */
  bool counted;  /* on the live database */
  str remark;    /* why not; may be empty */
};

/* Lints the files of `out`, or where it has none the migrations that the database lacks. Nothing is changed
 * but the shadow. Where the database cannot be reached and files are given, forms alone are looked at. */
migrate_status migrate_lint(const migrate_context *context, lint_result *out, migrate_report *report);

/* For `migrate dev`: what a new script costs on the tables of a live database that hold rows, one line each.
 * What can be seen of it `beside`, on the shadow before the script, is taken back. */
migrate_names lint_notes(connection *live, connection *beside, str script);

size_t lint_count(const lint_result *result, lint_level at_least);
void lint_print(const lint_result *result, buf *out);
/* One JSON object: files with their statements, and of each the touches and findings. */
void lint_json(const lint_result *result, int exit_code, buf *out);

/* "SM001", "index-not-concurrent" …; all rules as docs/lint.md has them. */
const char *lint_rule_id(lint_rule rule);
const char *lint_rule_name(lint_rule rule);
bool lint_level_read(str name, lint_level *out);
void lint_rules(buf *out);

#endif
