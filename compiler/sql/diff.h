/* Inside of the differ: what its parts share. */
#ifndef SQL_DIFF_H
#define SQL_DIFF_H

#include "base/vec.h"
#include "sql/sql.h"

typedef struct differ differ;
struct differ {
  arena *mem;
  const sql_schema *from, *to;
  const sql_claims *claims;
  bool drop_extensions, prisma_only, in_full;
  const sql_columns *reverts;
  VEC(sql_step) steps;
  VEC(sql_other) kept;
};

/* A table that both sides have. */
typedef struct table_pair table_pair;
struct table_pair {
  const sql_table *from, *to;
  size_t from_at, to_at; /* in their schemas */
};

/* The table of the other side: of `to` for one of `from`, or the other way round; or NULL. */
const sql_table *diff_counterpart(const differ *d, const sql_table *table, bool in_to);

/* The clauses of an AlterTable. */
typedef VEC(sql_change) diff_changes;

sql_step *diff_step(differ *d, sql_step_kind kind, size_t first, size_t second, size_t third);
/* Notes an object of a live database that stays although `to` does not name it. */
void diff_keep(differ *d, const char *kind, str table, str name);

/* Whether something of `from` that only our extensions can say may be dropped; `claim` is its line of
 * sql_claims. */
bool diff_may_drop(const differ *d, str claim);

/* The schema `to` names the same as `from` does. */
bool diff_namespace_same(const differ *d, str from, str to);
/* Two pieces of SQL alike but for white space and the parentheses around them: as they stand, or as the
 * server writes them, where that is known. */
bool diff_expression_same(arena *mem, str a, str a_raw, str b, str b_raw);

/* Puts a copy of d->from in its place in which the renames that can be done are done, adds their steps, moves
 * d->claims along, and returns them in their order. */
sql_renames diff_renames(differ *d, const sql_renames *more);

/* Dropped and added again, because its type cannot be cast: what stands on it goes with it. */
bool diff_recreates(const differ *d, const table_pair *pair, str column);
/* Whether SQL names such a column, or one whose enum is made anew; it may be something else of that name. */
bool diff_mentions_recreated(const differ *d, const table_pair *pair, str sql);

void diff_dropped_checks(differ *d, const table_pair *pair, diff_changes *changes);
void diff_added_checks(differ *d, const table_pair *pair, diff_changes *changes);
/* The step or steps that make the changes. */
void diff_alter_table(differ *d, const table_pair *pair, const diff_changes *changes);
void diff_columns_and_keys(differ *d, const table_pair *pair);
void diff_indexes(differ *d, const table_pair *pair);
void diff_foreign_keys(differ *d, const table_pair *pair);
void diff_comments(differ *d, const sql_table *from, const sql_table *to, size_t to_at);

/* The key of `to` that one of `from` already is; NULL: none. */
const sql_foreign_key *diff_same_foreign_key(const differ *d, const table_pair *pair,
                                             const sql_foreign_key *from);

/* Whether the enum of a column of `from` is made anew. */
bool diff_retypes(const differ *d, const sql_column *from);
/* When the tables are done: what stands on a column of an enum that is made anew (foreign keys, SQL that
 * names it) is dropped before. */
void diff_enums(differ *d);

/* Puts the steps into the order in which they can run. */
void diff_order(differ *d);

/* The indexes of a table that is created. */
void diff_new_indexes(differ *d, const sql_table *to, size_t to_at);

#endif
