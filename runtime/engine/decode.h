/* Answers become records.
 *
 * The records of a node are one array; those of a to-many node lie together by parent, in the order of the
 * answer, so that a parent's list is a piece of it. Parents with equal keys (the same record met twice) share
 * their list. */
#ifndef ENGINE_DECODE_H
#define ENGINE_DECODE_H

#include "engine/group.h"
#include "engine/plan.h"

/* Small texts out of big pieces of an arena. */
typedef struct sc_texts sc_texts;
struct sc_texts {
  arena *mem;
  char *next;
  size_t left;
};

/* The records of a node. */
typedef struct sc_fetched sc_fetched;
struct sc_fetched {
  char *records;
  uint32_t count;
  int *rows; /* of the statement's answer, one for each record */
};

typedef struct sc_decoding sc_decoding;
struct sc_decoding {
  const sc_plan *plan;
  PGresult **results; /* one place for each statement */
  sc_fetched *nodes;
  sc_groups *groups; /* one place for each node: the parents of a to-many node by key */
  sc_texts texts;    /* records and texts live in its arena */
};

/* `mem` has everything, results included. */
sc_status sc_decoding_start(sc_decoding *d, const sc_plan *plan, PGresult **results, arena *mem);
/* Groups the parents of a to-many node by key. */
sc_status sc_decoding_group(sc_decoding *d, const sc_node *node);
/* The i-th column of the node's parent keys, one item for each group, as an array parameter. */
sc_status sc_decoding_keys(sc_decoding *d, const sc_node *node, unsigned i, sc_param *out);
/* Decodes a node whose parents are decoded and grouped. */
sc_status sc_decoding_node(sc_decoding *d, const sc_node *node);

#endif
