#include "conn/pool.h"

#include "conn/fork.h"
#include "error/error.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A connection that rested longer than this is looked at before it is lent. */
static const int64_t TRUSTED_NS = 1000000000;
/* How long the server may take to roll back what a caller left open. */
enum { TIDY_MS = 5000 };

typedef struct resting resting;
struct resting {
  sc_conn *conn;
  int64_t since_ns;
  bool suspect; /* another connection has died since */
};

/* Nanoseconds of a clock that is cheap to read and a few milliseconds late, for how long a connection rested.
 */
static int64_t rough_clock_ns(void)
{
#if defined(CLOCK_MONOTONIC_COARSE)
  struct timespec now = {0};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#else
  return sc_clock_ns();
#endif
}

struct sc_pool {
  arena *mem;
  const sc_url *url;
  sc_pool_limits limits;
  sc_fork_guard owner; /* the process that may talk to the server */
  sc_counters counters;
  void *slot;
  _Atomic(sc_pool_release) slot_release; /* set by every thread that asks, to the same */

  pthread_mutex_t lock; /* for all that follows */
  pthread_cond_t freed;
  resting *idle; /* the one used last at the end */
  size_t idle_count;
  size_t open; /* idle, lent, or being made */
  size_t waiting;
  size_t references;
  bool closed;
};

sc_pool *sc_pool_new(arena *mem, const sc_url *url, const sc_pool_limits *limits)
{
  sc_pool *pool = arena_new(mem, sc_pool);
  resting *idle = pool ? arena_array(mem, resting, (size_t)limits->most) : NULL;
  pthread_condattr_t attributes;
  if (!idle || pthread_condattr_init(&attributes) != 0) {
    sc_arena_free(mem);
    return NULL;
  }
  pool->mem = mem;
  pool->url = url;
  pool->limits = *limits;
  sc_fork_guard_init(&pool->owner);
  pool->idle = idle;
  pool->references = 1;
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  bool made = pthread_mutex_init(&pool->lock, NULL) == 0;
  if (made && pthread_cond_init(&pool->freed, &attributes) != 0) {
    pthread_mutex_destroy(&pool->lock);
    made = false;
  }
  pthread_condattr_destroy(&attributes);
  if (made) return pool;
  sc_fork_guard_end(&pool->owner);
  sc_arena_free(mem);
  return NULL;
}

/* ---- the end ---- */

static void release_slot(sc_pool *pool)
{
  sc_pool_release release = atomic_load_explicit(&pool->slot_release, memory_order_relaxed);
  if (pool->slot && release) release(pool->slot);
}

static void free_pool(sc_pool *pool)
{
  release_slot(pool);
  pthread_cond_destroy(&pool->freed);
  pthread_mutex_destroy(&pool->lock);
  sc_fork_guard_end(&pool->owner);
  sc_arena_free(pool->mem);
}

/* With the lock held, which it gives back. */
static void let_go(sc_pool *pool)
{
  bool last = --pool->references == 0;
  pthread_mutex_unlock(&pool->lock);
  if (last) free_pool(pool);
}

/* In a forked child other threads of the parent may have held the lock, and are not there to give it back. */
static void close_forked(sc_pool *pool)
{
  for (size_t i = 0; i < pool->idle_count; i++) sc_conn_free(pool->idle[i].conn, true);
  release_slot(pool);
  sc_fork_guard_end(&pool->owner);
  sc_arena_free(pool->mem);
}

void sc_pool_close(sc_pool *pool)
{
  if (!sc_fork_guard_same(&pool->owner)) {
    close_forked(pool);
    return;
  }
  pthread_mutex_lock(&pool->lock);
  pool->closed = true;
  while (pool->idle_count) {
    sc_conn_free(pool->idle[--pool->idle_count].conn, false);
    pool->open--;
  }
  pthread_cond_broadcast(&pool->freed);
  let_go(pool);
}

/* ---- taking ---- */

static sc_status closed(void)
{
  return sc_fail(SC_MISUSE, "The database handle was closed.");
}

static sc_status forked(void)
{
  return sc_fail(SC_FORKED, "The database handle belongs to the parent process: open one after fork().");
}

sc_status sc_pool_check(sc_pool *pool)
{
  if (!sc_fork_guard_same(&pool->owner)) return forked();
  pthread_mutex_lock(&pool->lock);
  bool over = pool->closed;
  pthread_mutex_unlock(&pool->lock);
  return over ? closed() : SC_OK;
}

/* While a connection rests nothing arrives on it but notices and its end. */
static bool still_there(sc_conn *conn)
{
  struct pollfd fd = {.fd = sc_wire_fd(conn), .events = POLLIN};
  if (poll(&fd, 1, 0) == 0) return true;
  PGconn *pq = sc_conn_pq(conn);
  return PQconsumeInput(pq) && PQstatus(pq) == CONNECTION_OK && poll(&fd, 1, 0) == 0;
}

static void forget_one(sc_pool *pool)
{
  pthread_mutex_lock(&pool->lock);
  pool->open--;
  pthread_cond_signal(&pool->freed);
  let_go(pool);
}

static sc_status make(sc_pool *pool, sc_conn **conn)
{
  sc_status s = sc_conn_open(pool->url, &pool->counters, sc_deadline_after_ms(pool->limits.connect_ms), conn);
  if (s != SC_OK) forget_one(pool);
  return s;
}

static sc_status timed_out(const sc_pool *pool, int64_t wait_ms)
{
  return sc_fail(
      SC_POOL_TIMEOUT,
      "Timed out fetching a new connection from the connection pool. More info: "
      "http://pris.ly/d/connection-pool (Current connection pool timeout: %lld, connection limit: %d)",
      (long long)(wait_ms / 1000), pool->limits.most);
}

/* With the lock held: until there is an idle connection or room for one. */
static bool wait_for_room(sc_pool *pool, int64_t wait_ms)
{
  int64_t until = sc_deadline_after_ms(wait_ms);
  struct timespec at = {.tv_sec = (time_t)(until / 1000000000), .tv_nsec = (long)(until % 1000000000)};
  int failure = 0;
  pool->waiting++;
  while (!pool->closed && !pool->idle_count && pool->open >= (size_t)pool->limits.most && failure == 0)
    failure = until ? pthread_cond_timedwait(&pool->freed, &pool->lock, &at)
                    : pthread_cond_wait(&pool->freed, &pool->lock);
  pool->waiting--;
  return pool->closed || pool->idle_count || pool->open < (size_t)pool->limits.most;
}

sc_status sc_pool_take(sc_pool *pool, int64_t wait_ms, sc_conn **conn)
{
  *conn = NULL;
  if (!sc_fork_guard_same(&pool->owner)) return forked();
  pthread_mutex_lock(&pool->lock);
  pool->references++;
  if (!pool->idle_count && pool->open >= (size_t)pool->limits.most && !pool->closed &&
      !wait_for_room(pool, wait_ms)) {
    let_go(pool);
    return timed_out(pool, wait_ms);
  }
  if (pool->closed) {
    let_go(pool);
    return closed();
  }
  if (!pool->idle_count) {
    pool->open++;
    pthread_mutex_unlock(&pool->lock);
    return make(pool, conn);
  }
  resting taken = pool->idle[--pool->idle_count];
  pthread_mutex_unlock(&pool->lock);
  *conn = taken.conn;
  bool trusted = !taken.suspect && rough_clock_ns() - taken.since_ns < TRUSTED_NS;
  if (trusted || still_there(taken.conn)) return SC_OK;
  sc_conn_free(taken.conn, false);
  return make(pool, conn);
}

/* ---- giving back ---- */

static bool is_clean(sc_conn *conn)
{
  if (sc_conn_broken(conn)) return false;
  sc_conn_keep_prefixes(conn, 0);
  sc_conn_suffix(conn, STR_NONE);
  if (sc_conn_state(conn) == PQTRANS_IDLE) return true;
  sc_error_state kept;
  sc_error_save(&kept);
  sc_status s = sc_wire_simple(conn, "ROLLBACK", sc_deadline_after_ms(TIDY_MS), NULL, NULL);
  sc_error_restore(&kept);
  return s == SC_OK && sc_conn_state(conn) == PQTRANS_IDLE;
}

/* With the lock held: the connection that rested longest, when that was too long. */
static sc_conn *take_stale(sc_pool *pool, int64_t now)
{
  if (!pool->limits.idle_ms || !pool->idle_count || pool->open <= (size_t)pool->limits.fewest) return NULL;
  if (now - pool->idle[0].since_ns < pool->limits.idle_ms * 1000000) return NULL;
  sc_conn *stale = pool->idle[0].conn;
  pool->idle_count--;
  pool->open--;
  memmove(pool->idle, pool->idle + 1, pool->idle_count * sizeof *pool->idle);
  return stale;
}

void sc_pool_give(sc_pool *pool, sc_conn *conn)
{
  if (!sc_fork_guard_same(&pool->owner)) { /* the child's copy of what the parent works with */
    sc_conn_free(conn, true);
    return;
  }
  bool keep = is_clean(conn);
  int64_t now = rough_clock_ns();
  sc_conn *stale = NULL;
  pthread_mutex_lock(&pool->lock);
  if (keep && !pool->closed) {
    stale = take_stale(pool, now);
    pool->idle[pool->idle_count++] = (resting){.conn = conn, .since_ns = now};
    conn = NULL;
  } else { /* what ended one connection, a restart say, may have ended all */
    pool->open--;
    for (size_t i = 0; i < pool->idle_count; i++) pool->idle[i].suspect = true;
  }
  if (pool->waiting) pthread_cond_signal(&pool->freed);
  if (conn ||
      stale) { /* while the pool is still there: what the engine keeps with a connection may refer to it */
    pthread_mutex_unlock(&pool->lock);
    sc_conn_free(conn, false);
    sc_conn_free(stale, false);
    pthread_mutex_lock(&pool->lock);
  }
  let_go(pool);
}

/* ---- looking ---- */

const sc_url *sc_pool_url(const sc_pool *pool)
{
  return pool->url;
}

const sc_pool_limits *sc_pool_limits_of(const sc_pool *pool)
{
  return &pool->limits;
}

void **sc_pool_slot(sc_pool *pool, sc_pool_release release)
{
  atomic_store_explicit(&pool->slot_release, release, memory_order_relaxed);
  return &pool->slot;
}

sc_stats sc_pool_stats(sc_pool *pool)
{
  if (!sc_fork_guard_same(&pool->owner)) return (sc_stats){0};
  pthread_mutex_lock(&pool->lock);
  sc_stats stats = {
      .connections = pool->open,
      .idle = pool->idle_count,
      .busy = pool->open - pool->idle_count,
      .waiting = pool->waiting,
  };
  pthread_mutex_unlock(&pool->lock);
  stats.connections_made = atomic_load_explicit(&pool->counters.connections, memory_order_relaxed);
  stats.statements = atomic_load_explicit(&pool->counters.statements, memory_order_relaxed);
  stats.statements_prepared = atomic_load_explicit(&pool->counters.prepared, memory_order_relaxed);
  stats.round_trips = atomic_load_explicit(&pool->counters.round_trips, memory_order_relaxed);
  return stats;
}
