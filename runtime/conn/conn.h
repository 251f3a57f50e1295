/* What a connection is made of: shared by connect.c and wire.c, and by nobody else. */
#ifndef CONN_CONN_H
#define CONN_CONN_H

#include "conn/cancel.h"
#include "conn/statement.h"
#include "conn/wire.h"

/* Where the state machine stands between two calls of sc_wire_step. */
typedef enum sc_conn_phase {
  SC_CONN_CONNECTING,
  SC_CONN_IDLE,
  SC_CONN_RUNNING, /* a pipeline, or a simple query */
  SC_CONN_ENDED,   /* waits for finish */
} sc_conn_phase;

/* One answer that the server owes. */
typedef enum sc_owed_kind {
  SC_OWED_ROLLBACK,   /* in a transaction of its own, as the next: what becomes of them matters to nobody */
  SC_OWED_DEALLOCATE, /* of a retired statement */
  SC_OWED_CONTROL,    /* a prefix or the suffix */
  SC_OWED_PREPARE,
  SC_OWED_RESULT, /* of statements[index] */
  SC_OWED_SYNC,
} sc_owed_kind;

typedef struct sc_owed sc_owed;
struct sc_owed {
  sc_owed_kind kind;
  size_t index;          /* of the statement */
  sc_prepared *prepared; /* NULL for unnamed statements */
};

struct sc_conn {
  PGconn *pq;
  const sc_url *url;
  sc_counters *counters; /* of the pool; NULL counts nothing */
  sc_conn_phase phase;
  bool broken;

  bool opening;   /* until the finish of the start-up, */
  bool connected; /* which went well */
  PostgresPollingStatusType polling;

  sc_statement_cache cache;
  str prefixes[SC_WIRE_PREFIXES];
  size_t prefix_count;
  str suffix;

  uint64_t runs;

  /* What runs now. */
  sc_pipeline *work; /* NULL: a simple query */
  sc_owed *owed;     /* in the order of the answers */
  size_t owed_count, owed_room, owed_next;
  size_t done;             /* statements of a simple query that are */
  bool fresh;              /* nothing can have been answered yet */
  bool settle;             /* the cache has something to settle */
  bool was_in_transaction; /* before it was sent */
  bool heal;               /* to be sent again, after a rollback of the first attempt */
  bool retried;
  bool copy;        /* it asked for COPY, which has no answer here */
  PGresult *error;  /* the first, */
  sc_owed error_at; /* and the answer it came for */

  int64_t started_ns, deadline_ns; /* 0: none */
  bool timed_out;
  sc_cancel *cancel;       /* once the deadline has passed; */
  int64_t cancel_until_ns; /* how long the server may take to obey */
};

/* connect.c */
short sc_connect_step(sc_conn *conn);
sc_status sc_connect_finish(sc_conn *conn);

#endif
