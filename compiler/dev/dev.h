/* The private PostgreSQL of a project: what `schemac dev` starts and stops.
 *
 * A project (a folder) has at most one server. It is made from the system's own PostgreSQL programs, listens
 * on a unix socket only, in a folder that nobody else may enter, and needs no service, no port and no
 * password. Everything it keeps hangs off PROJECT/.schemac: deleting that folder forgets the server.
 *
 *   .schemac/lock               held while a command changes the server: two starts at once make one server
 *   .schemac/postgres/          data/ and server.log; for root a link to
 *   /var/lib/schemac/<hash>/    because PostgreSQL refuses to run as root: it then runs as `postgres` (or
 *                               `nobody`), who often cannot reach the project (whose path is hashed)
 *   /tmp/schemac-<uid>-<hash>/  the socket (for root /var/lib/schemac/<hash>/socket): the path of a socket
 *                               holds 107 bytes (unix(7)), which that of a project may well exceed
 *
 * A server killed with kill -9 leaves files behind that say it runs; they are believed only when a process
 * with that number exists and was started for this very socket folder.
 *
 * Functions return false with *error filled in, and print nothing. `mem` must be an arena that ends the
 * process when memory runs out; all text returned lives in it. */
#ifndef DEV_DEV_H
#define DEV_DEV_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

typedef enum dev_failure {
  DEV_NOT_INSTALLED = 1, /* no PostgreSQL server programs on this machine */
  DEV_NOT_CREATED,       /* the project never had a server */
  DEV_NOT_RUNNING,       /* it has one, which is stopped */
  DEV_BUSY,              /* another command holds the lock for too long */
  DEV_BROKEN,            /* everything else: files, permissions, PostgreSQL itself */
} dev_failure;

typedef struct dev_error dev_error;
struct dev_error {
  dev_failure failure;
  str message; /* one sentence or a few lines, without a line end */
  str help;    /* what to do about it; empty: nothing better to say */
};

typedef enum dev_state { DEV_ABSENT, DEV_STOPPED, DEV_RUNNING } dev_state;

typedef struct dev_server dev_server;
struct dev_server {
  dev_state state;
  long pid;    /* of DEV_RUNNING */
  str version; /* "15"; empty when absent */
  str data;    /* its data folder */
  str log;
  str socket;       /* the folder of its socket */
  bool was_running; /* dev_start: nothing had to be done. dev_stop and dev_erase: it had to be stopped */
  bool created;     /* dev_start: there was no data before */
};

typedef struct dev_options dev_options;
struct dev_options {
  const char *const *settings; /* PostgreSQL settings for this start, "name=value" */
  size_t setting_count;
};

/* The database that every new server has, and its superuser. */
#define DEV_DATABASE "dev"
#define DEV_USER     "postgres"

/* Starts the server of the folder `project`, after creating it where needed, and returns when it answers. */
bool dev_start(const char *project, const dev_options *options, arena *mem, dev_server *server,
               dev_error *error);
/* Stops it and returns when it is gone. Not an error when it does not run. */
bool dev_stop(const char *project, arena *mem, dev_server *server, dev_error *error);
/* Stops it and deletes its data. Not an error when there is none. */
bool dev_erase(const char *project, arena *mem, dev_server *server, dev_error *error);
/* What there is, without changing or waiting for anything. */
bool dev_inspect(const char *project, arena *mem, dev_server *server, dev_error *error);
/* A connection string in Prisma's form for one of its databases; an empty name means DEV_DATABASE. */
str dev_url(const dev_server *server, str database, arena *mem);
/* The full path of one of PostgreSQL's programs, e.g. "psql", of the server's version where there are
 * several; NULL with an error that names the package to install. An empty version means the newest. */
const char *dev_program(const char *name, str version, arena *mem, dev_error *error);

#endif
