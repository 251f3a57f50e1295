#include "engine/group.h"

#include "error/error.h"

/* PostgreSQL's INDEX_MAX_KEYS: a key of a foreign key has no more columns. */
enum { MOST_PARTS = 32 };

str sc_cell_at(const PGresult *result, int row, unsigned column)
{
  int length = PQgetlength(result, row, (int)column);
  if (length == 0 && PQgetisnull(result, row, (int)column)) return STR_NONE;
  return (str){PQgetvalue(result, row, (int)column), (size_t)length};
}

static uint64_t mixed(uint64_t hash, uint64_t word)
{
  hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 32;
}

/* The row's key; false when a part of it is NULL. */
static bool read_key(const PGresult *result, int row, const uint16_t *columns, unsigned width, str *key,
                     uint64_t *out)
{
  uint64_t hash = 0, word = 0;
  for (unsigned i = 0; i < width; i++) {
    str cell = key[i] = sc_cell_at(result, row, columns[i]);
    if (!cell.ptr) return false;
    hash = mixed(hash, cell.len);
    for (; cell.len >= sizeof word; cell = str_slice(cell, sizeof word, cell.len)) {
      memcpy(&word, cell.ptr, sizeof word);
      hash = mixed(hash, word);
    }
    word = 0;
    memcpy(&word, cell.ptr, cell.len);
    hash = mixed(hash, word);
  }
  *out = hash;
  return true;
}

/* The slot with the key's group, or the free one where it belongs. */
static uint32_t *slot_of(const sc_groups *groups, const str *key, uint64_t hash)
{
  for (uint32_t at = (uint32_t)hash & groups->mask;; at = (at + 1) & groups->mask) {
    uint32_t *slot = &groups->slots[at];
    if (*slot == SC_NO_GROUP) return slot;
    const str *other = groups->keys + (size_t)*slot * groups->width;
    unsigned same = 0;
    while (same < groups->width && str_eq(key[same], other[same])) same++;
    if (same == groups->width) return slot;
  }
}

sc_status sc_groups_make(sc_groups *groups, arena *mem, const PGresult *result, const int *rows,
                         uint32_t count, const sc_column_numbers *columns)
{
  if (columns->len > MOST_PARTS)
    return sc_fail(SC_INVALID_ARGUMENT, "A key has more than %d columns.", MOST_PARTS);
  uint32_t size = 4;
  while (size < 2 * (uint64_t)count && size < 1u << 31) size *= 2;
  *groups = (sc_groups){.of_parent = sc_arena_raw(mem, count * sizeof(uint32_t)),
                        .keys = arena_array(mem, str, count * columns->len),
                        .width = (unsigned)columns->len,
                        .slots = sc_arena_raw(mem, size * sizeof(uint32_t)),
                        .mask = size - 1};
  if (!groups->of_parent || !groups->keys || !groups->slots) return sc_fail_memory();
  memset(groups->slots, 0xff, size * sizeof(uint32_t));
  for (uint32_t i = 0; i < count; i++) {
    str *key = groups->keys + (size_t)groups->count * groups->width;
    uint64_t hash;
    groups->of_parent[i] = SC_NO_GROUP;
    if (!read_key(result, rows[i], columns->items, groups->width, key, &hash)) continue;
    uint32_t *slot = slot_of(groups, key, hash);
    if (*slot == SC_NO_GROUP) *slot = groups->count++;
    groups->of_parent[i] = *slot;
  }
  return SC_OK;
}

uint32_t sc_groups_find(const sc_groups *groups, const PGresult *result, int row,
                        const sc_column_numbers *columns)
{
  str key[MOST_PARTS];
  uint64_t hash;
  return read_key(result, row, columns->items, groups->width, key, &hash) ? *slot_of(groups, key, hash)
                                                                          : SC_NO_GROUP;
}
