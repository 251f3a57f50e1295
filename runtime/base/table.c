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

static entry *find(const table *t, str key)
{
  entry *found = NULL;
  if (t->entries) HASH_FIND(hh, t->entries, key.ptr ? key.ptr : "", key.len, found);
  return found;
}

void *sc_table_get(const table *t, str key)
{
  const entry *found = find(t, key);
  return found ? found->value : NULL;
}

bool sc_table_put(table *t, str key, void *value)
{
  entry *found = find(t, key);
  if (found) {
    found->value = value;
    return true;
  }
  if (key.len > SIZE_MAX - sizeof(entry)) return false;
  entry *e = table_allocate(t->mem, sizeof *e + key.len);
  if (!e) return false;
  e->value = value;
  if (key.len) memcpy(e->key, key.ptr, key.len);
  bool failed = false;
  HASH_ADD_KEYPTR(hh, t->entries, e->key, key.len, e);
  if (failed) table_release(t->mem, e);
  return !failed;
}

void *sc_table_remove(table *t, str key)
{
  entry *found = find(t, key);
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
