/* A map from byte strings to pointers, over uthash (table.c is the only file that includes it).
 *
 * A table made with an arena lives and dies with it. One made with NULL uses malloc and is ended with sc_table_free:
 * for caches whose entries come and go. Keys are copied. There is no iteration: nothing is emitted in hash order. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"
#include "base/str.h"

typedef struct sc_table table;

/* NULL when memory ran out. */
table *sc_table_new(arena *mem);
void sc_table_free(table *t); /* only for tables made without an arena; NULL is fine */
/* The value, or NULL. */
void *sc_table_get(const table *t, str key);
/* Sets the value (not NULL) of a key; false when memory ran out, with the table as it was. */
bool sc_table_put(table *t, str key, void *value);
/* Where the value of a key is, NULL in it when the key is new: for looking and putting in one. It stays there. NULL when
 * memory ran out. A value is put there before the table is asked again. */
void **sc_table_slot(table *t, str key);
/* Forgets a key and returns the value it had, or NULL. */
void *sc_table_remove(table *t, str key);
size_t sc_table_count(const table *t);

#endif
