/* realpath(3) is X/Open's. */
#define _XOPEN_SOURCE 700
#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(arena *mem, str *error, const char *what, const char *path)
{
  *error = sc_str_format(mem, "Cannot %s %s: %s.", what, path, strerror(errno));
  return false;
}

/* ---- paths ---- */

bool files_is_file(const char *path)
{
  struct stat about;
  return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

bool files_is_folder(const char *path)
{
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static size_t last_slash(str path)
{
  for (size_t i = path.len; i-- > 0;)
    if (path.ptr[i] == '/') return i;
  return SIZE_MAX;
}

str files_folder(arena *mem, str path)
{
  size_t slash = last_slash(path);
  if (slash == SIZE_MAX) return STR(".");
  return sc_str_dup(mem, str_slice(path, 0, slash ? slash : 1));
}

str files_base(str path)
{
  size_t slash = last_slash(path);
  return slash == SIZE_MAX ? path : str_slice(path, slash + 1, path.len);
}

str files_join(arena *mem, str folder, str path)
{
  while (str_starts(path, STR("./"))) path = str_slice(path, 2, path.len);
  if (str_starts(path, STR("/")) || !folder.len || str_eq(folder, STR("."))) return sc_str_dup(mem, path);
  const char *slash = str_ends(folder, STR("/")) ? "" : "/";
  return sc_str_format(mem, "%.*s%s%.*s", STR_ARG(folder), slash, STR_ARG(path));
}

/* ---- reading ---- */

/* Only regular files have an end: a FIFO or a device would keep us for ever. */
static int open_regular(arena *mem, const char *path, struct stat *about, str *error)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd >= 0 && fstat(fd, about) == 0 && S_ISREG(about->st_mode)) return fd;
  if (fd < 0)
    fail(mem, error, "read", path);
  else
    *error = sc_str_format(mem, "Cannot read %s: it is not a regular file.", path);
  if (fd >= 0) close(fd);
  return -1;
}

/* What somebody has opened for us, a pipe in most cases: standard input and what the shell writes as
 * <(command). */
static bool is_handed(const char *path)
{
  str name = str_from(path);
  return strcmp(path, "/dev/stdin") == 0 || str_starts(name, STR("/dev/fd/")) ||
         str_starts(name, STR("/proc/self/fd/"));
}

/* Standard input may be a socket, as other programs hand it over: that cannot be opened by its name. */
static int open_handed(arena *mem, const char *path, struct stat *about, str *error)
{
  bool input = strcmp(path, "/dev/stdin") == 0;
  int fd = input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, about) != 0) fail(mem, error, "read", path);
  return fd;
}

bool files_read(arena *mem, const char *path, str *text, str *error)
{
  struct stat about;
  int fd = (is_handed(path) ? open_handed : open_regular)(mem, path, &about, error);
  if (fd < 0) return false;
  buf content = {.mem = mem};
  size_t expected = about.st_size > 0 ? (size_t)about.st_size : 0;
  bool done = false, too_large = expected > FILES_LARGEST;
  if (!too_large) sc_buf_reserve(&content, expected + 1); /* and one to see its end without growing */
  while (!done && !too_large && sc_buf_reserve(&content, 1)) {
    ssize_t got = read(fd, content.ptr + content.len, content.cap - content.len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    content.len += (size_t)got;
    done = got == 0;
    too_large = content.len > FILES_LARGEST;
  }
  if (too_large)
    *error = sc_str_format(mem, "%s is too large.", path);
  else if (!done)
    fail(mem, error, "read", path);
  close(fd);
  *text = buf_str(&content);
  return done;
}

/* What has been seen on the way, by device and inode: links may lead in circles. */
typedef struct seen seen;
struct seen {
  struct {
    dev_t device;
    ino_t inode;
  } * items;
  size_t len, cap;
};

static bool is_new(arena *mem, seen *known, const struct stat *about)
{
  for (size_t i = 0; i < known->len; i++)
    if (known->items[i].device == about->st_dev && known->items[i].inode == about->st_ino) return false;
  if (!vec_room(mem, known)) return false;
  known->items[known->len].device = about->st_dev;
  known->items[known->len++].inode = about->st_ino;
  return true;
}

static int by_path(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_paths(cli_words *paths)
{
  if (paths->len) qsort(paths->items, paths->len, sizeof *paths->items, by_path);
}

static bool list_folder(arena *mem, const char *folder, cli_words *paths, str *error)
{
  DIR *entries = opendir(folder);
  if (!entries) return fail(mem, error, "read the folder", folder);
  for (const struct dirent *entry; (entry = readdir(entries));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    vec_push(mem, paths, files_join(mem, str_from(folder), str_from(entry->d_name)).ptr);
  }
  closedir(entries);
  sort_paths(paths);
  return true;
}

static bool collect(arena *mem, const char *folder, seen *known, cli_words *paths, str *error)
{
  cli_words entries = {0};
  struct stat about;
  if (!list_folder(mem, folder, &entries, error)) return false;
  for (size_t i = 0; i < entries.len; i++) {
    const char *path = entries.items[i];
    if (stat(path, &about) != 0) continue; /* a link that leads nowhere */
    bool wanted = S_ISREG(about.st_mode) && str_ends(str_from(path), STR(".prisma"));
    if ((!wanted && !S_ISDIR(about.st_mode)) || !is_new(mem, known, &about)) continue;
    if (wanted)
      vec_push(mem, paths, path);
    else if (!collect(mem, path, known, paths, error))
      return false;
  }
  return true;
}

bool files_collect(arena *mem, const char *folder, cli_words *paths, str *error)
{
  seen known = {0};
  struct stat about;
  if (stat(folder, &about) == 0) is_new(mem, &known, &about);
  if (!collect(mem, folder, &known, paths, error)) return false;
  sort_paths(paths);
  return true;
}

/* ---- writing ---- */

typedef struct writing writing;
struct writing {
  arena *mem;
  cli_words made;       /* folders that were missing, outermost first */
  const char **drafts;  /* the new text beside each changed file; NULL for others */
  const char **targets; /* where it goes: links are followed */
};

static bool make_folders(writing *w, str folder, str *error)
{
  const char *path = sc_str_c(w->mem, folder);
  if (!folder.len || files_is_folder(path)) return true;
  str parent = files_folder(w->mem, folder);
  if (!str_eq(parent, folder) && !make_folders(w, parent, error)) return false;
  if (mkdir(path, 0777) != 0) {
    if (errno == EEXIST) errno = ENOTDIR; /* a file has its name */
    return fail(w->mem, error, "make the folder", path);
  }
  vec_push(w->mem, &w->made, path);
  return true;
}

static bool write_all(int fd, str text)
{
  while (text.len) {
    ssize_t wrote = write(fd, text.ptr, text.len);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    text = str_slice(text, (size_t)wrote, text.len);
  }
  return true;
}

/* Writes the draft of file number `at`, with the permissions of the file that it will replace. */
static bool write_draft(writing *w, const file_output *file, size_t at, str *error)
{
  struct stat about;
  char *real = realpath(sc_str_c(w->mem, file->path), NULL);
  w->targets[at] = sc_str_c(w->mem, real ? str_from(real) : file->path);
  free(real);
  const char *target = w->targets[at];
  bool exists = stat(target, &about) == 0;
  if (exists && access(target, W_OK) != 0) return fail(w->mem, error, "write", sc_str_c(w->mem, file->path));
  str folder = files_folder(w->mem, str_from(target)), base = files_base(str_from(target));
  const char *draft =
      sc_str_format(w->mem, "%.*s/.%.*s.%ld", STR_ARG(folder), STR_ARG(base), (long)getpid()).ptr;
  unlink(draft);
  int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return fail(w->mem, error, "write", sc_str_c(w->mem, file->path));
  w->drafts[at] = draft;
  bool written = write_all(fd, file->text) && (!exists || fchmod(fd, about.st_mode & 07777) == 0);
  int reason = errno;
  if (close(fd) != 0 && written) {
    reason = errno;
    written = false;
  }
  errno = reason;
  return written || fail(w->mem, error, "write", sc_str_c(w->mem, file->path));
}

/* Compared piece by piece: what is there may be as large as what we hold. */
static bool has_text(arena *mem, const file_output *file)
{
  enum { PIECE = 65536 };
  str ignored, rest = file->text;
  struct stat about;
  int fd = open_regular(mem, sc_str_c(mem, file->path), &about, &ignored);
  if (fd < 0) return false;
  char *piece = sc_arena_raw(mem, PIECE);
  bool same = (size_t)about.st_size == rest.len;
  while (same && rest.len) {
    ssize_t got = read(fd, piece, rest.len < PIECE ? rest.len : PIECE);
    if (got < 0 && errno == EINTR) continue;
    same = got > 0 && memcmp(piece, rest.ptr, (size_t)got) == 0;
    if (same) rest = str_slice(rest, (size_t)got, rest.len);
  }
  close(fd);
  return same;
}

static bool write_drafts(writing *w, file_output *files, size_t count, str *error)
{
  for (size_t i = 0; i < count; i++) {
    files[i].changed = !has_text(w->mem, &files[i]);
    if (!files[i].changed) continue;
    if (!make_folders(w, files_folder(w->mem, files[i].path), error) || !write_draft(w, &files[i], i, error))
      return false;
  }
  return true;
}

bool files_write(arena *mem, file_output *files, size_t count, str *error)
{
  writing w = {.mem = mem,
               .drafts = arena_array(mem, const char *, count),
               .targets = arena_array(mem, const char *, count)};
  bool done = write_drafts(&w, files, count, error);
  for (size_t i = 0; i < count && done; i++) {
    if (!w.drafts[i]) continue;
    if (rename(w.drafts[i], w.targets[i]) == 0)
      w.drafts[i] = NULL;
    else
      done = fail(mem, error, "write", w.targets[i]);
  }
  if (done) return true;
  for (size_t i = 0; i < count; i++)
    if (w.drafts[i]) unlink(w.drafts[i]);
  for (size_t i = w.made.len; i-- > 0;) rmdir(w.made.items[i]);
  return false;
}
