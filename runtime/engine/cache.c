/* The plans of a database by shape: one cache for a pool and all handles made from it. */
#include "base/table.h"
#include "conn/db.h"
#include "engine/plan.h"
#include "error/error.h"

#include <pthread.h>
#include <stdlib.h>

enum { CACHE_SIZE = 1024 };

typedef struct slot {
  char *key;
  size_t len;
  sc_plan *plan;
} slot;

typedef struct cache {
  pthread_mutex_t lock; /* for all that follows */
  table *plans;
  slot slots[CACHE_SIZE]; /* a ring: the oldest shape makes room for a new one */
  size_t next;
  uint64_t number; /* of plans ever built */
} cache;

static void free_cache(void *memory)
{
  cache *c = memory;
  for (size_t i = 0; i < CACHE_SIZE; i++) {
    sc_plan_release(c->slots[i].plan);
    free(c->slots[i].key);
  }
  sc_table_free(c->plans);
  pthread_mutex_destroy(&c->lock);
  free(c);
}

static cache *new_cache(void)
{
  cache *c = calloc(1, sizeof *c);
  if (c) c->plans = sc_table_new(NULL);
  if (!c || !c->plans) {
    free(c);
    return NULL;
  }
  pthread_mutex_init(&c->lock, NULL);
  return c;
}

/* The first call of a database makes its cache; where two threads are first, one's is dropped. */
static cache *cache_of(sc_db *db)
{
  void **place = sc_db_slot(db, free_cache);
  void *found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
  if (found) return found;
  cache *made = new_cache();
  if (!made) return NULL;
  if (__atomic_compare_exchange_n(place, &found, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return made;
  free_cache(made);
  return found;
}

static sc_plan *find(cache *c, str key, uint64_t *number)
{
  pthread_mutex_lock(&c->lock);
  sc_plan *plan = sc_table_get(c->plans, key);
  if (plan)
    atomic_fetch_add_explicit(&plan->users, 1, memory_order_relaxed);
  else
    *number = ++c->number;
  pthread_mutex_unlock(&c->lock);
  return plan;
}

static void forget(cache *c, slot *s)
{
  if (!s->plan) return;
  sc_table_remove(c->plans, (str){s->key, s->len});
  sc_plan_release(s->plan);
  free(s->key);
  *s = (slot){0};
}

/* Where memory is short the plan is not kept: it serves its call. */
static void keep(cache *c, str key, sc_plan *plan)
{
  char *copy = malloc(key.len ? key.len : 1);
  if (!copy) return;
  memcpy(copy, key.ptr, key.len);
  pthread_mutex_lock(&c->lock);
  slot *s = &c->slots[c->next];
  bool kept = !sc_table_get(c->plans, key); /* another thread may have been faster */
  if (kept) {
    forget(c, s);
    kept = sc_table_put(c->plans, key, plan);
  }
  if (kept) {
    *s = (slot){copy, key.len, plan};
    c->next = (c->next + 1) % CACHE_SIZE;
    atomic_fetch_add_explicit(&plan->users, 1, memory_order_relaxed);
  }
  pthread_mutex_unlock(&c->lock);
  if (!kept) free(copy);
}

sc_status sc_plan_get(sc_db *db, sc_ask *ask, const sc_request *request, sc_plan **out)
{
  *out = NULL;
  cache *c = cache_of(db);
  if (!c) return sc_ask_broken(ask);
  sc_status status = sc_plan_shape(ask, request);
  if (status != SC_OK) return status;
  uint64_t number = 0;
  *out = find(c, buf_str(&ask->key), &number);
  if (*out) return SC_OK;
  status = sc_plan_build(ask, request, number, out);
  if (status == SC_OK) keep(c, buf_str(&ask->key), *out);
  return status;
}
