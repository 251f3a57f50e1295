/* The prepared statements of one connection: which key has which name on the server, least recently used
 * first out.
 *
 * Names hold a random number of the connection, so that a pooler that hands a server session from client to
 * client makes our name unknown there (26000, which is retried), never another client's statement.
 *
 * An entry lives until its connection ends or the server was told to forget it; pointers stay good during a
 * pipeline. Functions that return a pointer return NULL when memory ran out. */
#ifndef CONN_STATEMENT_H
#define CONN_STATEMENT_H

#include "base/str.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sc_prepared_state {
  SC_PREPARED_NEW,  /* no Parse sent yet */
  SC_PREPARED_SENT, /* sent in the pipeline that runs */
  SC_PREPARED_READY,
} sc_prepared_state;

typedef struct sc_prepared sc_prepared;
struct sc_prepared {
  sc_prepared *newer, *older; /* in the cache; the retired use `older` alone */
  sc_prepared_state state;
  bool doomed; /* to be forgotten when the pipeline has ended */
  char name[28];
  size_t key_len;
  char key[];
};

typedef struct sc_statement_cache sc_statement_cache;
struct sc_statement_cache {
  table *by_key; /* NULL: nothing is kept */
  sc_prepared *newest, *oldest;
  sc_prepared *retired; /* no longer found, to be deallocated on the server */
  size_t count, limit;
  uint32_t id, next_name;
};

/* A limit of 0 keeps nothing. False when memory ran out. */
bool sc_statement_cache_init(sc_statement_cache *cache, size_t limit);
void sc_statement_cache_free(sc_statement_cache *cache);
/* The entry of a key, made when there is none; the least recently used ones make room for it and retire. */
sc_prepared *sc_statement_cache_get(sc_statement_cache *cache, str key);
/* After a pipeline: entries that were sent but never became ready are gone, doomed ones retire. */
void sc_statement_cache_settle(sc_statement_cache *cache);
/* The server has lost them all (26000, DISCARD ALL). */
void sc_statement_cache_forget(sc_statement_cache *cache);
/* The server has deallocated a retired one. */
void sc_statement_cache_drop(sc_statement_cache *cache, sc_prepared *retired);

#endif
