/* The SQL model: what a database holds, or shall hold.
 *
 * Two sources make one: sql_lower from a data model (what we want), sql_inspect in compiler/migrate from a
 * live database (what there is). sql_diff compares any two of them and plans the steps from one to the other
 * in Prisma's order; sql_hazards tells what is risky in a plan; sql_render writes it as a script, byte for
 * byte as Prisma does for all that Prisma can express.
 *
 * All of it is pure: no database, no files. Everything lives in the arena it was made with and points into
 * the model it was made from; arenas are fatal ones (sc_arena_new_fatal), so nothing here returns NULL for
 * want of memory.
 *
 * SQL that a hand wrote (checks, predicates, expressions) is kept as written, to be written again. A member
 * `…raw` beside it is the same as the server writes it, where migrate/normalise has asked: then that is
 * compared.
 *
 * Names are the database's. `schema` is empty for the connection's default schema, which is how everything is
 * named unless the datasource lists `schemas`. */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "dm/dm.h"

enum { SQL_LONGEST_NAME = 63 }; /* bytes: NAMEDATALEN - 1 */

/* ---- types ---- */

typedef enum sql_type_kind {
  SQL_TYPE_NATIVE, /* one of native.def */
  SQL_TYPE_ENUM,   /* schema and name */
  SQL_TYPE_OTHER,  /* name holds the SQL of it; compared with nothing */
} sql_type_kind;

typedef struct sql_type sql_type;
struct sql_type {
  sql_type_kind kind;
  dm_native native;
  uint32_t args[2];
  unsigned arg_count;
  bool unsaid; /* the database does not say the arguments: they are the server's own */
  str schema, name;
};

/* PostgreSQL lets an array column be NULL or not; Prisma makes and compares neither. */
typedef enum sql_arity { SQL_REQUIRED, SQL_NULLABLE, SQL_LIST } sql_arity;

/* ---- defaults ---- */

typedef enum sql_default_kind {
  SQL_DEFAULT_NONE,
  SQL_DEFAULT_LITERAL,    /* text: the value itself, unquoted; Bytes in hexadecimal */
  SQL_DEFAULT_LIST,       /* items, each a literal's text */
  SQL_DEFAULT_NOW,        /* CURRENT_TIMESTAMP */
  SQL_DEFAULT_SEQUENCE,   /* the column is an autoincrementing one: serial or identity */
  SQL_DEFAULT_EXPRESSION, /* text: SQL as it stands */
} sql_default_kind;

typedef struct sql_default sql_default;
struct sql_default {
  sql_default_kind kind;
  str text;
  str *items;
  size_t len;
  bool unsaid; /* lowered, of SQL_DEFAULT_NONE: dbgenerated() without SQL leaves it to the database, whatever
                  it is */
  str raw;     /* the whole expression as the server writes it; empty: not known */
  bool repeated; /* a script holds `raw`, whatever was read out of it */
};

/* ---- tables ---- */

typedef struct sql_column sql_column;
struct sql_column {
  str name;
  sql_type type;
  sql_arity arity;
  sql_default default_;
  str sequence;  /* of SQL_DEFAULT_SEQUENCE when inspected: the sequence's name; empty: as a serial would name
                    it */
  bool identity; /* inspected: GENERATED … AS IDENTITY rather than a serial */
  bool client_default; /* the client makes the value: uuid(), cuid() … */
  str generated;       /* SQL of a stored generated column; empty: an ordinary one */
  str generated_raw;
  str comment;
  /* What only a schema says, of the next migration. */
  str renamed_from; /* the name it may still have; in the `from` of a plan: the name before the plan's renames
                     */
  str backfill;     /* SQL: what rows get that have no value */
  str using_;       /* SQL: the value as the new type */
};

typedef enum sql_sort { SQL_ASC, SQL_DESC } sql_sort;

typedef struct sql_key sql_key;
struct sql_key {
  str column;     /* empty: an expression */
  str expression; /* SQL, without the parentheses that CREATE INDEX may want around it */
  str raw;
  sql_sort sort;
  bool sort_said;         /* lowered: also where it is the usual one */
  bool nulls_not_default; /* inspected: NULLS FIRST of an ascending key, NULLS LAST of a descending one */
  str opclass;            /* empty: the type's default */
  bool opclass_default;   /* inspected: opclass is the type's default */
};

typedef enum sql_index_kind { SQL_PRIMARY_KEY, SQL_UNIQUE, SQL_INDEX } sql_index_kind;

typedef struct sql_index sql_index;
struct sql_index {
  str name;
  sql_index_kind kind;
  dm_index_type method;
  sql_key *keys;
  size_t key_count;
  bool constraint; /* a UNIQUE constraint stands on it: it is dropped with that */

  /* What Prisma has no word for. */
  str where; /* empty: every row */
  str where_raw;
  str *include;
  size_t include_count;
  bool nulls_not_distinct;
  const dm_storage *storage; /* NULL: nothing is set */
  dm_deferrable deferrable;
};

typedef struct sql_foreign_key sql_foreign_key;
struct sql_foreign_key {
  str name;
  str *columns, *references;
  size_t column_count;
  str schema, table; /* referred to */
  dm_action on_delete, on_update;
  dm_deferrable deferrable;
};

typedef struct sql_check sql_check;
struct sql_check {
  str name;
  bool unnamed; /* the schema gives no name: this one is like PostgreSQL's, and any other will do */
  str expression, raw;
};

typedef struct sql_table sql_table;
struct sql_table {
  str schema, name;
  sql_column *columns;
  size_t column_count;
  const sql_index *primary_key; /* NULL: none */
  sql_index *indexes;           /* without the primary key */
  size_t index_count;
  sql_foreign_key *foreign_keys;
  size_t foreign_key_count;
  sql_check *checks;
  size_t check_count;
  str comment;
  str renamed_from; /* as of a column */
  bool swapped;     /* of an implicit many-to-many relation: "A" was "B" under the models' names before */
};

/* ---- the rest ---- */

typedef struct sql_enum sql_enum;
struct sql_enum {
  str schema, name;
  str *values;
  size_t value_count;
  str comment;
  str renamed_from;   /* as of a column */
  str *values_before; /* of each value, the name it may still have, or empty; NULL: none has one */
};

typedef struct sql_extension sql_extension;
struct sql_extension {
  str name, schema, version; /* the last two empty when it does not matter */
  bool relocatable;          /* inspected */
};

/* An object that stands in a database and that the schema language has no word for: a view, a trigger, an
 * exclusion constraint, an expression index of a table whose model does not say it. It is listed, never
 * dropped. */
typedef struct sql_other sql_other;
struct sql_other {
  str kind;  /* "view", "trigger" … */
  str table; /* it stands on; may be empty */
  str name;
};

typedef struct sql_schema sql_schema;
struct sql_schema {
  bool inspected;     /* of a live database, as opposed to lowered */
  str default_schema; /* what an empty `schema` stands for */
  str current;        /* inspected: the connection's own schema, which SQL need not name */
  str *namespaces;    /* that exist, or shall exist; sorted; empty without `schemas` */
  size_t namespace_count;
  bool lists_default; /* lowered: the datasource lists the default schema, whether used or not */
  sql_extension *extensions;
  size_t extension_count;
  sql_enum *enums;
  size_t enum_count;
  sql_table *tables;
  size_t table_count;
  sql_table
      *views; /* inspected: with nothing but their columns, for introspection. They are among `others` too */
  size_t view_count;
  sql_other *others;
  size_t other_count;
};

/* What the data model asks of the database. Views are not part of it. */
const sql_schema *sql_lower(const dm_schema *model, arena *mem);

/* What was inspected with all that SQL need not say, as Prisma says it in a script that leads to no data
 * model: the schema of every object, the order of every key. Its namespaces are those that something stands
 * in. */
const sql_schema *sql_in_full(const sql_schema *schema, arena *mem);

const sql_table *sql_schema_table(const sql_schema *schema, str namespace_, str name);
const sql_enum *sql_schema_enum(const sql_schema *schema, str namespace_, str name);
const sql_column *sql_table_column(const sql_table *table, str name);
/* Whether `a` in one schema and `b` in another are the same namespace: empty stands for the default. */
bool sql_namespace_same(const sql_schema *a_schema, str a, const sql_schema *b_schema, str b);

/* ---- comparing values ---- */

/* Reads what pg_get_expr gives for the default of a column of `type` as one of the kinds above. */
sql_default sql_default_parse(arena *mem, str expression, const sql_type *type, sql_arity arity);
/* Whether both give a new row the same value, as far as Prisma looks (times are not compared, JSON is as
 * values). */
bool sql_default_same(arena *mem, const sql_column *a, const sql_column *b);
/* Whether the value of a literal of this type stands in quotes. */
bool sql_type_quoted(const sql_type *type);

/* What it takes to change a column's type in place. */
typedef enum sql_cast {
  SQL_CAST_SAME, /* nothing to do */
  SQL_CAST_SAFE,
  SQL_CAST_RISKY, /* may lose precision or length */
  SQL_CAST_NONE,  /* drop the column and add it again */
} sql_cast;

/* `from` and `to` are columns of the same name (casts.def). */
sql_cast sql_cast_of(const sql_column *from, const sql_column *to);
/* The casts that lead to where PostgreSQL can go on ("::numeric::bigint"), for a change in place that it does
 * not make by itself; empty: it does, or nobody knows. */
str sql_cast_detour(const sql_type *from, const sql_type *to);

/* ---- the plan ---- */

typedef enum sql_rename_kind {
  SQL_RENAMED_ENUM,
  SQL_RENAMED_VALUE, /* of the enum `object` */
  SQL_RENAMED_TABLE,
  SQL_RENAMED_COLUMN, /* of the table `object` */
} sql_rename_kind;

/* A thing that stays, under another name. Names are the database's; `object` is called as it will be. */
typedef struct sql_rename sql_rename;
struct sql_rename {
  sql_rename_kind kind;
  str schema, object;
  str from, to;
};

typedef struct sql_renames sql_renames;
struct sql_renames {
  sql_rename *items;
  size_t len, cap;
};

/* One clause of an AlterTable. */
typedef enum sql_change_kind {
  SQL_DROP_CHECK,
  SQL_DROP_PRIMARY_KEY,
  SQL_RENAME_PRIMARY_KEY,
  SQL_DROP_COLUMN,
  SQL_ADD_COLUMN,
  SQL_ALTER_COLUMN,
  SQL_RECREATE_COLUMN, /* drop and add: the type cannot be cast */
  SQL_ADD_PRIMARY_KEY,
  SQL_ADD_CHECK,
} sql_change_kind;

typedef struct sql_change sql_change;
struct sql_change {
  sql_change_kind kind;
  const sql_column *from, *to;
  const sql_check *check;
  /* Of SQL_ALTER_COLUMN and SQL_RECREATE_COLUMN: what differs. */
  bool arity, default_, type, autoincrement;
  sql_cast cast;
  str using_;  /* of SQL_ALTER_COLUMN: SQL of the value as the new type; empty: PostgreSQL knows the cast */
  bool staged; /* of SQL_ADD_COLUMN and SQL_RECREATE_COLUMN: NOT NULL and the default follow in
                  SQL_FINISH_TABLE, when SQL_BACKFILL has given the rows their values */
  str filler;  /* of an added column: SQL of a default for the rows that stand, taken away again */
};

typedef enum sql_step_kind {
#define STEP(kind, title) SQL_##kind,
#include "sql/steps.def"
#undef STEP
  SQL_STEP_COUNT
} sql_step_kind;

typedef struct sql_step sql_step;
struct sql_step {
  sql_step_kind kind;
  size_t order[3]; /* among steps of a kind */
  str name;        /* of a schema; of what is renamed */
  str new_name;    /* of what is renamed */
  const sql_extension *from_extension, *to_extension;
  const sql_enum *from_enum, *to_enum;
  bool rewrite;   /* of SQL_ALTER_ENUM: make the type anew, rather than add values to it */
  bool makes_way; /* drops what stands on a column of such an enum, before it */
  const sql_table *from_table, *to_table;
  const sql_index *from_index, *to_index;
  const sql_foreign_key *from_key, *to_key;
  const sql_column *column; /* of a comment on one, of a backfill */
  sql_change *changes;      /* of SQL_ALTER_TABLE and SQL_FINISH_TABLE, in the order of its clauses */
  size_t change_count;
};

typedef struct sql_plan sql_plan;
struct sql_plan {
  const sql_schema *origin;    /* before anything */
  const sql_schema *from, *to; /* `from`: when the renames are done; the same where there are none */
  sql_renames renames;
  bool one_transaction; /* the script runs in one: no step begins its own */
  bool in_full;         /* as in sql_diff_options */
  sql_step *steps;
  size_t len;
  sql_other *kept; /* stands in `from`, is not in `to`, and stays: only our extensions could have said it */
  size_t kept_count;
};

/* What stands in a database that only our extensions can say (checks, partial and expression indexes,
 * comments …), each by a line of text that names it: `index "products_name_idx"`, `check "positive" on
 * "accounts"`. A migration ends with the lines of what it makes, so that a later one may drop it again: what
 * no migration claims was made by a hand. */
typedef struct sql_claims sql_claims;
struct sql_claims {
  str *items;
  size_t len, cap;
};

sql_claims sql_claims_of(const sql_schema *schema, arena *mem);
/* Of `claims`, those of things that a plan renames, as they read afterwards. */
sql_claims sql_claims_moved(const sql_plan *plan, const sql_claims *claims, arena *mem);
bool sql_claims_have(const sql_claims *claims, str claim);

typedef struct sql_columns sql_columns;
struct sql_columns {
  const sql_column **items;
  size_t len, cap;
};

typedef struct sql_diff_options sql_diff_options;
struct sql_diff_options {
  /* Of what only our extensions can say and `to` lacks, what these name is dropped; the rest is kept. */
  const sql_claims *claims;
  /* All of it is dropped. Always on when `from` is no live database. */
  bool drop_extensions;
  /* Look only at what Prisma's language can say: what else a hand has made in a database is no drift. */
  bool prisma_only;
  /* `to` is no data model, and the script names the schema of everything, as Prisma's does then
   * (sql_in_full).
   */
  bool in_full;
  /* Besides those that `to` speaks of. One whose old name is gone or whose new name stands is no rename. */
  const sql_renames *renames;
  /* A plan is turned round (sql/revert.h): columns are cast rather than dropped and added, through text where
   * there is no other way, but for these of `to`, which the plan did not cast either. NULL: none is. */
  const sql_columns *reverts;
};

/* The steps that turn `from` into `to`; none when they agree. `from` NULL is an empty database. */
const sql_plan *sql_diff(const sql_schema *from, const sql_schema *to, const sql_diff_options *options,
                         arena *mem);

/* What of a plan looks like a rename that nobody has said: something goes and something of the same type
 * comes, as the only pair or under a similar name. For a person to decide. */
sql_renames sql_guess_renames(const sql_plan *plan, arena *mem);

/* ---- the script ---- */

/* The script of a plan: "-- This is an empty migration." when there is nothing to do. */
void sql_render(const sql_plan *plan, buf *out);
/* One step without its title, for tools that run steps one by one. */
void sql_render_step(const sql_plan *plan, const sql_step *step, buf *out);
/* What differs, for a person: "[+] Added tables …", as `migrate diff` prints it and the report of drift shows
 * it. */
void sql_summary(const sql_plan *plan, buf *out);

/* ---- what may go wrong ---- */

typedef enum sql_hazard_kind {
#define HAZARD(kind, severity, counts, known, unknown) SQL_HAZARD_##kind,
#include "sql/hazards.def"
#undef HAZARD
  SQL_HAZARD_COUNT
} sql_hazard_kind;

/* What of the live table decides whether a hazard is one. */
typedef enum sql_count { SQL_COUNT_NOTHING, SQL_COUNT_ROWS, SQL_COUNT_VALUES, SQL_COUNT_NULLS } sql_count;

typedef struct sql_hazard sql_hazard;
struct sql_hazard {
  sql_hazard_kind kind;
  size_t step; /* in plan->steps */
  const sql_table *table;
  const sql_column *column; /* NULL: the table as a whole */
  str detail[2];            /* the names of types, a list of columns, of enum values */
};

typedef struct sql_hazard_list sql_hazard_list;
struct sql_hazard_list {
  sql_hazard *items;
  size_t len, cap;
};

/* Warnings first, in the order of the steps, then what cannot be executed. */
sql_hazard_list sql_hazards(const sql_plan *plan, arena *mem);
bool sql_hazard_unexecutable(const sql_hazard *hazard);
sql_count sql_hazard_counts(const sql_hazard *hazard);
/* The sentence. `count` is what sql_hazard_counts asks for, or negative when it is not known. */
void sql_hazard_text(const sql_hazard *hazard, int64_t count, buf *out);
/* The comment that heads a migration with hazards; nothing when there are none. */
void sql_hazard_header(const sql_hazard_list *hazards, buf *out);

/* A type as Prisma names it: "Decimal(65,30)", "VarChar(5)"; in SQL: "DECIMAL(65,30)",
 * "\"schema\".\"Role\"[]". */
void sql_type_name(const sql_type *type, buf *out);
void sql_type_render(const sql_type *type, sql_arity arity, buf *out);

#endif
