#include "base/table.h"

#include <stdlib.h>

static void *table_allocate(arena *mem, size_t size)
{
  return mem ? sc_arena_alloc(mem, size) : malloc(size);
}

static void table_release(arena *mem, void *memory)
{
  if (!mem) free(memory);
}

/* uthash asks for memory without a context: every function below that expands its macros has its table in `t`. */
#define HASH_NONFATAL_OOM            1
#define uthash_malloc(size)          table_allocate(t->mem, (size))
#define uthash_free(memory, size)    table_release(t->mem, (memory))
#define uthash_nonfatal_oom(element) (failed = true)
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#endif
#include <uthash.h>

typedef struct entry entry;
struct entry {
  void *value;
  UT_hash_handle hh;
  char key[];
};

struct sc_table {
  arena *mem;
  entry *entries;
};

table *sc_table_new(arena *mem)
{
  table *t = table_allocate(mem, sizeof *t);
  if (t) *t = (table){.mem = mem};
  return t;
}

void sc_table_free(table *t)
{
  if (!t || t->mem) return;
  entry *e, *next;
  HASH_ITER(hh, t->entries, e, next)
  {
    HASH_DEL(t->entries, e); /* NOLINT(clang-analyzer-unix.Malloc): uthash unlinks e, nobody sees it again */
    free(e);
  }
  free(t);
}

static unsigned hash_of(str key)
{
  unsigned hash;
  HASH_VALUE(key.ptr ? key.ptr : "", key.len, hash);
  return hash;
}

static entry *find(const table *t, str key, unsigned hash)
{
  entry *found = NULL;
  HASH_FIND_BYHASHVALUE(hh, t->entries, key.ptr ? key.ptr : "", key.len, hash, found);
  return found;
}

void *sc_table_get(const table *t, str key)
{
  const entry *found = t->entries ? find(t, key, hash_of(key)) : NULL;
  return found ? found->value : NULL;
}

static entry *add(table *t, str key, unsigned hash)
{
  if (key.len > SIZE_MAX - sizeof(entry)) return NULL;
  entry *e = table_allocate(t->mem, sizeof *e + key.len);
  if (!e) return NULL;
  e->value = NULL;
  if (key.len) memcpy(e->key, key.ptr, key.len);
  bool failed = false;
  HASH_ADD_KEYPTR_BYHASHVALUE(hh, t->entries, e->key, key.len, hash, e);
  if (failed) table_release(t->mem, e);
  return failed ? NULL : e;
}

void **sc_table_slot(table *t, str key)
{
  unsigned hash = hash_of(key);
  entry *e = find(t, key, hash);
  if (!e) e = add(t, key, hash);
  return e ? &e->value : NULL;
}

bool sc_table_put(table *t, str key, void *value)
{
  void **slot = sc_table_slot(t, key);
  if (slot) *slot = value;
  return slot != NULL;
}

void *sc_table_remove(table *t, str key)
{
  entry *found = t->entries ? find(t, key, hash_of(key)) : NULL;
  if (!found) return NULL;
  void *value = found->value;
  HASH_DEL(t->entries, found);
  table_release(t->mem, found);
  return value;
}

size_t sc_table_count(const table *t)
{
  return t->entries ? HASH_COUNT(t->entries) : 0;
}

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
