/* Where a project's server lives, and who runs it. See dev.h for the picture. */
#ifndef DEV_PLACE_H
#define DEV_PLACE_H

#include "dev/dev.h"
#include "dev/process.h"

typedef struct dev_place dev_place;
struct dev_place {
  const char *project; /* real path */
  const char *home;    /* project/.schemac */
  const char *link;    /* home/postgres: the base itself, or a link to it */
  const char *base;
  const char *data, *log, *socket;
  const char *identity; /* an argument of the server's command line that no other server has */
  process_user user;    /* who the server runs as */
  bool shared;          /* the base is under /var/lib/schemac */
  bool linked;          /* .schemac leads to the base; false in a project that never started a server */
  bool created;         /* there is a complete data folder */
  str version;          /* of the data, "15" */
};

/* Finds out; changes nothing. */
bool place_find(const char *project, arena *mem, dev_place *place, dev_error *error);
/* Makes the folders that a server needs, all but its data. */
bool place_make(dev_place *place, arena *mem, dev_error *error);
/* Removes the folders of the server and its socket; .schemac stays, for its lock. */
bool place_remove(const dev_place *place, arena *mem, dev_error *error);
/* Takes the project's lock, waiting up to a minute; released by closing the result. -1 on failure. */
int place_lock(const dev_place *place, arena *mem, dev_error *error);

/* Removes a file or a folder with all that is in it, links themselves and not what they lead to. */
bool place_delete_tree(const char *path, arena *mem, dev_error *error);
/* The start of a small file, or an empty str when it cannot be read. */
str place_read(const char *path, arena *mem);
/* Fills in *error from errno: "cannot WHAT PATH: reason". Returns false. */
bool place_fail(dev_error *error, arena *mem, const char *what, const char *path);

#endif
