/* How a tree of records is read: which statements, and what their columns become.
 *
 * A tree has nodes: the root, to-one relations (read by JOIN in their parent's statement) and to-many
 * relations (a statement of their own). A statement of a to-many node finds its records through its parents'
 * keys, in one of two ways:
 *
 *   SC_PLAN_PIPELINE   by a sub-select that repeats the parents' conditions, so that all statements travel at
 *                      once: for roots that name one record by its key;
 *   SC_PLAN_LEVELS     by the keys that were read, as array parameters, a round trip for each level of the
 *                      tree: for lists, where evaluating the parents' conditions again costs more than the
 *                      round trip, and a LIMIT might choose others.
 *
 * (Measured: 100 parents × 5 × 4, 3.8 ms by levels and 4.4 by pipeline; one parent, 0.37 and 0.18 ms.)
 *
 * take and skip of a to-many relation count per parent: CROSS JOIN LATERAL of a sub-select with LIMIT.
 * Records are told apart by the bytes of their keys; where equal keys may differ in bytes (numeric scale,
 * citext, key columns of two types) the LATERAL form is taken too, since it gives back the parent's own
 * bytes.
 *
 * A plan is built from a call's arguments but holds no value of them: calls of the same shape share it, in
 * any thread. It is constant once built, but for its count of users. */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

#include "codec/codec.h"
#include "engine/ask.h"

#include <stdatomic.h>

typedef enum sc_operation {
  SC_READ_UNIQUE = 1, /* one record, by WhereUnique */
  SC_READ_FIRST,
  SC_READ_MANY,
} sc_operation;

/* What a call asks for. */
typedef struct sc_request sc_request;
struct sc_request {
  const sc_model *model;
  sc_operation operation;
  const void *where;    /* Where, or WhereUnique of SC_READ_UNIQUE; NULL: nothing */
  const void *args;     /* for all but `where`; NULL: zeroed */
  const sc_args_at *at; /* where its members are */
};

/* ---- columns ---- */

typedef enum sc_column_kind {
  SC_COLUMN_TEXT, /* bytes that are the string */
  SC_COLUMN_VALUE,
  SC_COLUMN_POINTER, /* nullable: a pointer to the value */
  SC_COLUMN_ENUM,
  SC_COLUMN_ENUM_POINTER,
  SC_COLUMN_LIST,
  SC_COLUMN_ENUM_LIST,
} sc_column_kind;

/* A column of a statement that becomes a member of a record. */
typedef struct sc_column sc_column;
struct sc_column {
  const sc_field *field;
  const sc_codec *codec;
  uint32_t offset; /* in the record */
  uint16_t column; /* in the statement's answer */
  uint8_t kind;    /* sc_column_kind */
};

sc_column sc_column_of(const sc_field *field, unsigned column);

/* ---- nodes ---- */

typedef struct sc_node sc_node;
typedef VEC(sc_column) sc_columns;
typedef VEC(uint16_t) sc_column_numbers;

typedef struct sc_counted {
  uint16_t slot, column;
} sc_counted;

/* A field whose value is a parameter of the call. */
typedef struct sc_known {
  uint16_t field, number;
} sc_known;

struct sc_node {
  const sc_model *model;
  const sc_relation *relation; /* of the parent; NULL of the root */
  unsigned number, parent;     /* in sc_plan.nodes; the root is 0 and its own parent */
  unsigned statement;          /* where its columns are */
  bool joined;                 /* to-one */
  bool backwards;              /* a negative take: rows come last first */
  bool lateral;
  uint16_t present; /* of a joined node: the column that is NULL when there is no record */
  uint32_t *loaded; /* what `_loaded` of its records is */
  uint32_t loaded_words;
  sc_columns columns;
  VEC(sc_counted) counts;
  sc_column_numbers parent_keys; /* of a to-many node: columns of the parent's statement, */
  sc_column_numbers keys;        /* and of its own, with equal bytes where they belong together */

  /* While the plan is built. */
  unsigned alias, join_alias;
  bool limited, ties_broken;
  buf where, joins, order, limit;
  VEC(sc_known) known; /* of a root found by its key */
};

/* ---- statements ---- */

typedef struct sc_plan_statement sc_plan_statement;
struct sc_plan_statement {
  unsigned node; /* the root, or a to-many node */
  unsigned level;
  str sql, key;
  sc_numbers params; /* of the call's parameters; from first_key on the node's parent_keys as arrays */
  buf columns;       /* while the plan is built: the SELECT list */
  VEC(str) column_texts;
};

typedef enum sc_plan_kind { SC_PLAN_PIPELINE, SC_PLAN_LEVELS } sc_plan_kind;

typedef struct sc_plan sc_plan;
struct sc_plan {
  arena *mem;
  atomic_uint users;
  sc_plan_kind kind;
  VEC(sc_node *) nodes; /* parents before children */
  VEC(sc_plan_statement) statements;
  size_t first_key; /* how many parameters the call has */
  unsigned levels;
};

/* ---- building, and the cache ---- */

/* Reads the request: its shape and values into `ask` (made with `keyed`), the plan of the shape from the
 * cache of the database or newly built. The plan is the caller's until sc_plan_release. */
sc_status sc_plan_get(sc_db *db, sc_ask *ask, const sc_request *request, sc_plan **out);
void sc_plan_release(sc_plan *plan);

/* For tests: without a cache. */
sc_status sc_plan_build(sc_ask *ask, const sc_request *request, uint64_t number, sc_plan **out);
/* Reads shape and values alone. */
sc_status sc_plan_shape(sc_ask *ask, const sc_request *request);

/* In plan_text.c: the SQL of every statement, once all nodes are known. */
void sc_plan_write(sc_ask *ask, sc_plan *plan, uint64_t number);

#endif
