/* Prisma's connection strings for PostgreSQL.
 *
 *   postgresql://user:password@host:port/database?schema=public&connection_limit=5&sslmode=require
 *
 * Every part may be percent-encoded. A host may be a name, an IPv4 address, an IPv6 address in brackets, or
 * empty with `host=/folder` of a unix socket in the arguments. Arguments that Prisma ignores are ignored. The
 * source of the list is Prisma's reference, "PostgreSQL", "Connection URL"; what a URL leaves out (a
 * password, say) libpq takes from its environment variables and password file.
 *
 * A sc_url and its text live in the arena it was parsed into. Strings that were not given are NULL. */
#ifndef CONN_URL_H
#define CONN_URL_H

#include "base/arena.h"
#include "base/str.h"

#include <schemac/schemac.h>

typedef struct sc_url sc_url;
struct sc_url {
  const char *host; /* name, address, or the folder of a unix socket */
  const char *port; /* decimal digits, "5432" when not given */
  const char *user, *password, *database;
  const char *schema;                         /* "public" when not given */
  const char *sslmode;                        /* libpq's: `sslaccept=strict` makes `require` a verify-full */
  const char *sslcert, *sslkey, *sslpassword; /* of the client, PEM */
  const char *sslrootcert; /* Prisma's `sslcert` where there is no sslkey: the server's certificate */
  const char *channel_binding, *application_name, *options;
  bool pgbouncer;       /* transaction pooling: nothing may be kept on a connection */
  int connection_limit; /* >= 1; twice the processors plus one when not given */
  int statement_cache_size;
  int64_t pool_timeout_ms, connect_timeout_ms, socket_timeout_ms; /* 0 waits for ever */
};

/* SC_INVALID_ARGUMENT with the code P1013: the message names the part at fault and never shows any of the
 * text, which may hold a password. */
sc_status sc_url_parse(arena *mem, str text, sc_url *url);

#endif
