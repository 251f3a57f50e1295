#include "conn/statement.h"

#include "codec/random.h"

#include <stdio.h>
#include <stdlib.h>

bool sc_statement_cache_init(sc_statement_cache *cache, size_t limit)
{
  *cache = (sc_statement_cache){.limit = limit};
  if (limit == 0) return true;
  sc_random_bytes(&cache->id, sizeof cache->id);
  cache->by_key = sc_table_new(NULL);
  return cache->by_key != NULL;
}

static void unlink_entry(sc_statement_cache *cache, sc_prepared *entry)
{
  if (entry->newer) entry->newer->older = entry->older;
  if (entry->older) entry->older->newer = entry->newer;
  if (cache->newest == entry) cache->newest = entry->older;
  if (cache->oldest == entry) cache->oldest = entry->newer;
  entry->newer = entry->older = NULL;
  cache->count--;
}

static void link_newest(sc_statement_cache *cache, sc_prepared *entry)
{
  entry->older = cache->newest;
  if (cache->newest) cache->newest->newer = entry;
  cache->newest = entry;
  if (!cache->oldest) cache->oldest = entry;
  cache->count++;
}

static void retire(sc_statement_cache *cache, sc_prepared *entry)
{
  unlink_entry(cache, entry);
  sc_table_remove(cache->by_key, (str){entry->key, entry->key_len});
  entry->older = cache->retired;
  cache->retired = entry;
}

static sc_prepared *add(sc_statement_cache *cache, str key)
{
  if (key.len > SIZE_MAX - sizeof(sc_prepared)) return NULL;
  sc_prepared *entry = malloc(sizeof *entry + key.len);
  if (!entry) return NULL;
  *entry = (sc_prepared){.key_len = key.len};
  memcpy(entry->key, key.ptr, key.len);
  snprintf(entry->name, sizeof entry->name, "sc_%08lx_%lu", (unsigned long)cache->id,
           (unsigned long)cache->next_name++);
  if (!sc_table_put(cache->by_key, key, entry)) {
    free(entry);
    return NULL;
  }
  link_newest(cache, entry);
  return entry;
}

sc_prepared *sc_statement_cache_get(sc_statement_cache *cache, str key)
{
  sc_prepared *entry = sc_table_get(cache->by_key, key);
  if (!entry) {
    while (cache->count >= cache->limit) retire(cache, cache->oldest);
    return add(cache, key);
  }
  if (entry != cache->newest) {
    unlink_entry(cache, entry);
    link_newest(cache, entry);
  }
  return entry;
}

void sc_statement_cache_settle(sc_statement_cache *cache)
{
  for (sc_prepared *entry = cache->newest, *next; entry; entry = next) {
    next = entry->older;
    if (entry->doomed || entry->state != SC_PREPARED_READY) retire(cache, entry);
  }
  /* What never became ready is unknown to the server: there is nothing to deallocate. */
  for (sc_prepared **place = &cache->retired; *place;) {
    sc_prepared *entry = *place;
    if (entry->state == SC_PREPARED_READY) {
      place = &entry->older;
    } else {
      *place = entry->older;
      free(entry);
    }
  }
}

void sc_statement_cache_drop(sc_statement_cache *cache, sc_prepared *retired)
{
  for (sc_prepared **place = &cache->retired; *place; place = &(*place)->older) {
    if (*place != retired) continue;
    *place = retired->older;
    free(retired);
    return;
  }
}

void sc_statement_cache_forget(sc_statement_cache *cache)
{
  while (cache->newest) retire(cache, cache->newest);
  while (cache->retired) sc_statement_cache_drop(cache, cache->retired);
}

void sc_statement_cache_free(sc_statement_cache *cache)
{
  if (!cache->by_key) return;
  sc_statement_cache_forget(cache);
  sc_table_free(cache->by_key);
  cache->by_key = NULL;
}
