/* What an sc_db is: shared by db.c and tx.c, and by nobody else. */
#ifndef CONN_HANDLE_H
#define CONN_HANDLE_H

#include "conn/db.h"
#include "conn/pool.h"

#include <stdatomic.h>

typedef enum sc_db_kind {
  SC_DB_POOL,
  SC_DB_SESSION,
  SC_DB_TRANSACTION,
} sc_db_kind;

struct sc_db {
  sc_db_kind kind;
  sc_pool *pool;
  int64_t query_timeout_ms; /* 0: none */
  sc_conn *conn;            /* of a session or transaction; NULL once it is lost or has expired */
  atomic_bool busy;         /* in a call: such a handle serves one thread */

  /* Of transactions. */
  sc_db *parent; /* the transaction that this is a savepoint of, or the session it runs on; else NULL */
  sc_db *child;  /* of a session or transaction: what runs inside it now */
  int64_t started_ns;
  int64_t timeout_ms; /* 0: none */
  bool expired;
  size_t waiting;     /* prefixes of others before ours */
  uint64_t runs;      /* of the connection when it began */
  unsigned depth;     /* 0: not a savepoint */
  char savepoint[40]; /* "SAVEPOINT sc_1" */
};

/* tx.c: ends a transaction that sc_close or an expiry found open. */
sc_status sc_tx_check(sc_db *tx);
void sc_tx_lose(sc_db *tx);
int64_t sc_tx_deadline(const sc_db *tx);
sc_status sc_tx_expired(sc_db *tx);

/* db.c: a zeroed handle on the same pool, NULL when memory ran out. */
sc_db *sc_db_derive(const sc_db *from, sc_db_kind kind);

#endif
