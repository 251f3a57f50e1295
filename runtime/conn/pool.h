/* Connections that threads take and give back.
 *
 * Connections are made when they are wanted, up to the limit; the one used last is taken first, so that those
 * which a quiet time leaves over grow old and are closed. One that rested is looked at before it is lent,
 * since servers and routers end what rests. After fork() the child may only let go: see sc_pool_check.
 *
 * Ownership: counted. The opener holds one reference, every lent connection and every waiting thread another;
 * the last one frees the pool, so that a handle that outlives its pool is an error value and no crash. */
#ifndef CONN_POOL_H
#define CONN_POOL_H

#include "conn/wire.h"

#include <schemac/schemac.h>

typedef struct sc_pool sc_pool;

typedef struct sc_pool_limits sc_pool_limits;
struct sc_pool_limits {
  int most, fewest;   /* connections; the fewest stay open when idle */
  int64_t wait_ms;    /* for a free connection; 0: for ever */
  int64_t connect_ms; /* 0: no limit of ours */
  int64_t idle_ms;    /* 0: idle connections stay */
};

/* `url` is owned by `mem`, which the pool takes over and frees. NULL, with `mem` freed, when memory ran out.
 */
sc_pool *sc_pool_new(arena *mem, const sc_url *url, const sc_pool_limits *limits);
/* Closes what is idle, turns away who waits, and lets go of the opener's reference. */
void sc_pool_close(sc_pool *pool);

/* SC_OK, SC_FORKED, or SC_MISUSE after the close. */
sc_status sc_pool_check(sc_pool *pool);
/* A connection for this thread, to be given back. `wait_ms` as in the limits. When none becomes free in
 * time: SC_POOL_TIMEOUT. */
sc_status sc_pool_take(sc_pool *pool, int64_t wait_ms, sc_conn **conn);
/* A broken connection is dropped, an open transaction in it rolled back. */
void sc_pool_give(sc_pool *pool, sc_conn *conn);

const sc_url *sc_pool_url(const sc_pool *pool);
const sc_pool_limits *sc_pool_limits_of(const sc_pool *pool);
sc_stats sc_pool_stats(sc_pool *pool);
/* The engine's place; see db.h. */
typedef void (*sc_pool_release)(void *);
void **sc_pool_slot(sc_pool *pool, sc_pool_release release);

#endif
