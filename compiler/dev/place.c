/* realpath(3) and nftw(3) are X/Open's. */
#define _XOPEN_SOURCE 700
#include "dev/place.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHARED_BASES "/var/lib/schemac"

enum { LOCK_WAIT_MS = 60000, LOCK_POLL_MS = 50, OPEN_WHILE_DELETING = 16 };

bool place_fail(dev_error *error, arena *mem, const char *what, const char *path)
{
  int reason = errno;
  *error = (dev_error){.failure = DEV_BROKEN,
                       .message = sc_str_format(mem, "Cannot %s %s: %s.", what, path, strerror(reason))};
  return false;
}

static bool refuse(dev_error *error, str message, str help)
{
  *error = (dev_error){.failure = DEV_BROKEN, .message = message, .help = help};
  return false;
}

str place_read(const char *path, arena *mem)
{
  enum { ENOUGH = 4096 };
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return STR_NONE;
  char *text = sc_arena_raw(mem, ENOUGH);
  ssize_t len = read(fd, text, ENOUGH);
  close(fd);
  return len > 0 ? (str){text, (size_t)len} : STR_NONE;
}

static bool write_file(const char *path, str text, mode_t mode)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return false;
  bool written = write(fd, text.ptr, text.len) == (ssize_t)text.len;
  return close(fd) == 0 && written;
}

static int delete_entry(const char *path, const struct stat *about, int kind, struct FTW *where)
{
  (void)about, (void)kind, (void)where;
  return remove(path);
}

bool place_delete_tree(const char *path, arena *mem, dev_error *error)
{
  if (nftw(path, delete_entry, OPEN_WHILE_DELETING, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT)
    return true;
  return place_fail(error, mem, "delete", path);
}

/* FNV-1a: short names for paths, stable over runs and machines. */
static uint64_t hash_of(str text)
{
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < text.len; i++) hash = (hash ^ (unsigned char)text.ptr[i]) * 1099511628211u;
  return hash;
}

static const char *join(arena *mem, const char *folder, const char *name)
{
  return sc_str_format(mem, "%s/%s", folder, name).ptr;
}

/* ---- finding ---- */

/* A base under /var/lib/schemac notes whose it is in the file `project`. */
static bool base_is_of(const char *base, const char *project, arena *mem)
{
  return str_eq(sc_str_trim(place_read(join(mem, base, "project"), mem)), str_from(project));
}

/* The project that a base was made for is gone or no longer leads to it: the project was moved here, not
 * copied. */
static bool base_was_moved(const char *base, arena *mem)
{
  str owner = sc_str_trim(place_read(join(mem, base, "project"), mem));
  if (!owner.len) return false;
  char target[512];
  const char *link = sc_str_format(mem, "%.*s/.schemac/postgres", STR_ARG(owner)).ptr;
  ssize_t len = readlink(link, target, sizeof target);
  return len < 0 || !str_eq((str){target, (size_t)len}, str_from(base));
}

/* Follows .schemac/postgres where it is a link. */
static bool follow_link(dev_place *place, arena *mem, dev_error *error)
{
  char target[512];
  ssize_t len = readlink(place->link, target, sizeof target);
  if (len < 0) return place_fail(error, mem, "read the link", place->link);
  str base = sc_str_dup(mem, (str){target, (size_t)len});
  if (!str_starts(base, STR(SHARED_BASES "/"))) {
    return refuse(error,
                  sc_str_format(mem, "%s leads to %s, which is not a folder of ours.", place->link, base.ptr),
                  STR("Remove the link."));
  }
  if (access(base.ptr, R_OK | X_OK) != 0 && errno == EACCES) {
    return refuse(
        error, STR("The private PostgreSQL of this project was started by root and belongs to another user."),
        STR("Use it as root, or remove .schemac/postgres to start one of your own."));
  }
  if (base_is_of(base.ptr, place->project, mem) || base_was_moved(base.ptr, mem)) {
    place->base = base.ptr;
    place->shared = place->linked = true;
  }
  return true;
}

static bool find_base(dev_place *place, arena *mem, dev_error *error)
{
  struct stat about;
  if (lstat(place->link, &about) == 0) {
    if (S_ISLNK(about.st_mode)) {
      if (!follow_link(place, mem, error)) return false;
    } else if (geteuid() != 0 || about.st_uid != 0) {
      place->base = place->link;
      place->linked = true;
    }
  } else if (errno != ENOENT && errno != ENOTDIR) {
    return place_fail(error, mem, "look at", place->link);
  }
  if (place->base) return true;
  place->shared = geteuid() == 0;
  place->base = place->shared
                    ? sc_str_format(mem, SHARED_BASES "/%016" PRIx64, hash_of(str_from(place->project))).ptr
                    : place->link;
  return true;
}

static bool find_user(dev_place *place, arena *mem, dev_error *error)
{
  struct stat about;
  bool root = geteuid() == 0;
  place->user = (process_user){.change = root, .uid = geteuid(), .gid = getegid()};
  if (place->linked && stat(place->base, &about) == 0) {
    place->user.uid = about.st_uid;
    place->user.gid = about.st_gid;
    if (!root && about.st_uid != geteuid()) {
      return refuse(error,
                    sc_str_format(mem, "%s belongs to another user (uid %lu).", place->base,
                                  (unsigned long)about.st_uid),
                    STR("Run as that user or as root."));
    }
    return true;
  }
  if (!root) return true;
  const struct passwd *account = getpwnam("postgres");
  if (!account) account = getpwnam("nobody");
  if (!account) {
    return refuse(
        error, STR("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it."),
        STR("Start it as an ordinary user."));
  }
  place->user.uid = account->pw_uid;
  place->user.gid = account->pw_gid;
  return true;
}

bool place_find(const char *project, arena *mem, dev_place *place, dev_error *error)
{
  *place = (dev_place){0};
  char *real = realpath(project, NULL);
  if (!real) return place_fail(error, mem, "find", project);
  place->project = sc_str_c(mem, str_from(real));
  free(real);
  place->home = join(mem, place->project, ".schemac");
  place->link = join(mem, place->home, "postgres");
  if (!find_base(place, mem, error) || !find_user(place, mem, error)) return false;

  place->data = join(mem, place->base, "data");
  place->log = join(mem, place->base, "server.log");
  place->socket = place->shared
                      ? join(mem, place->base, "socket")
                      : sc_str_format(mem, "/tmp/schemac-%lu-%016" PRIx64, (unsigned long)place->user.uid,
                                      hash_of(str_from(place->project)))
                            .ptr;
  place->identity = sc_str_format(mem, "unix_socket_directories=%s", place->socket).ptr;
  if (place->linked) place->version = sc_str_trim(place_read(join(mem, place->data, "PG_VERSION"), mem));
  place->created = place->version.len > 0;
  return true;
}

/* ---- making ---- */

/* A folder that only the server's user (and root) may enter. One that exists must be just that: in /tmp
 * anybody may have made it. */
static bool make_private(const char *path, const process_user *user, arena *mem, dev_error *error)
{
  struct stat about;
  if (mkdir(path, 0700) == 0) {
    if (!user->change || lchown(path, user->uid, user->gid) == 0) return true;
    return place_fail(error, mem, "give away", path);
  }
  if (errno != EEXIST) return place_fail(error, mem, "make the folder", path);
  if (lstat(path, &about) != 0) return place_fail(error, mem, "look at", path);
  if (S_ISDIR(about.st_mode) && about.st_uid == user->uid && (about.st_mode & 077) == 0) return true;
  return refuse(error,
                sc_str_format(mem, "%s exists, but is not a private folder of the server's user.", path),
                STR("Find out who made it, then remove it."));
}

/* Makes .schemac/postgres lead to the base, replacing what led elsewhere in one step. */
static bool make_link(const dev_place *place, arena *mem, dev_error *error)
{
  const char *fresh = sc_str_format(mem, "%s.new", place->link).ptr;
  unlink(fresh);
  if (symlink(place->base, fresh) != 0) return place_fail(error, mem, "make the link", fresh);
  rmdir(place->link); /* an empty folder of root's, if there is one */
  if (rename(fresh, place->link) == 0) return true;
  place_fail(error, mem, "make the link", place->link);
  unlink(fresh);
  return false;
}

static bool make_shared_base(const dev_place *place, arena *mem, dev_error *error)
{
  const char *note = join(mem, place->base, "project");
  if (mkdir(SHARED_BASES, 0711) == 0) {
    if (chmod(SHARED_BASES, 0711) != 0)
      return place_fail(error, mem, "open", SHARED_BASES); /* whatever the umask */
  } else if (errno != EEXIST) {
    return place_fail(error, mem, "make the folder", SHARED_BASES);
  }
  if (!make_private(place->base, &place->user, mem, error)) return false;
  if (!write_file(note, sc_str_format(mem, "%s\n", place->project), 0644))
    return place_fail(error, mem, "write", note);
  return make_link(place, mem, error);
}

static bool make_home(const dev_place *place, arena *mem, dev_error *error)
{
  const char *ignore = join(mem, place->home, ".gitignore");
  if (mkdir(place->home, 0755) != 0 && errno != EEXIST)
    return place_fail(error, mem, "make the folder", place->home);
  if (access(ignore, F_OK) != 0 && !write_file(ignore, STR("*\n"), 0644))
    return place_fail(error, mem, "write", ignore);
  return true;
}

bool place_make(dev_place *place, arena *mem, dev_error *error)
{
  if (!make_home(place, mem, error)) return false;
  if (place->shared) {
    if (!make_shared_base(place, mem, error)) return false;
  } else if (!make_private(place->base, &place->user, mem, error)) {
    return false;
  }
  place->linked = true;
  return make_private(place->socket, &place->user, mem, error);
}

bool place_remove(const dev_place *place, arena *mem, dev_error *error)
{
  /* Half-deleted data must not look like data, should we be killed meanwhile. */
  const char *doomed = join(mem, place->base, "deleted");
  if (!place_delete_tree(doomed, mem, error)) return false;
  if (rename(place->data, doomed) != 0 && errno != ENOENT)
    return place_fail(error, mem, "delete", place->data);
  if (!place_delete_tree(place->base, mem, error) || !place_delete_tree(place->socket, mem, error))
    return false;
  return !place->shared || place_delete_tree(place->link, mem, error);
}

/* ---- the lock ---- */

int place_lock(const dev_place *place, arena *mem, dev_error *error)
{
  const char *path = join(mem, place->home, "lock");
  if (!make_home(place, mem, error)) return -1;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    place_fail(error, mem, "open", path);
    return -1;
  }
  for (long waited = 0; waited <= LOCK_WAIT_MS; waited += LOCK_POLL_MS) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &whole) == 0) return fd;
    if (errno != EACCES && errno != EAGAIN && errno != EINTR) {
      place_fail(error, mem, "lock", path);
      close(fd);
      return -1;
    }
    process_sleep_ms(LOCK_POLL_MS);
  }
  close(fd);
  *error = (dev_error){
      .failure = DEV_BUSY,
      .message = STR("Another schemac has been starting or stopping this project's PostgreSQL for a minute."),
      .help = sc_str_format(mem, "It holds %s.", path)};
  return -1;
}
