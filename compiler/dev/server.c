#include "dev/dev.h"
#include "dev/place.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  POLL_MS = 20,
  READY_MS = 60000, /* until a started server answers; recovery after a crash included */
  LOG_WRITTEN_MS = 700,
  LEFTOVER_MS = 15000, /* until the last process of a killed server has noticed that its parent is gone */
  FAST_STOP_MS = 30000,
  LOG_TAIL = 1500,
};

static const char *file_of(const dev_place *place, const char *name, arena *mem)
{
  return sc_str_format(mem, "%s/%s", place->data, name).ptr;
}

/* Line `number` (from 1) of postmaster.pid: 1 is the pid, 8 the state (PostgreSQL's utils/pidfile.h). */
static str pid_file_line(const dev_place *place, unsigned number, arena *mem)
{
  str text = place_read(file_of(place, "postmaster.pid", mem), mem);
  while (--number) {
    size_t end = sc_str_find_char(text, '\n');
    text = end == SIZE_MAX ? STR_NONE : str_slice(text, end + 1, text.len);
  }
  return sc_str_trim(str_slice(text, 0, sc_str_find_char(text, '\n')));
}

static long number_of(str text)
{
  long number = 0;
  for (size_t i = 0; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && number < 100000000; i++) {
    number = number * 10 + (text.ptr[i] - '0');
  }
  return number;
}

/* A running server. Its socket is not where the place has it when the project was moved while it ran. */
typedef struct live live;
struct live {
  long pid; /* 0: none */
  bool moved;
  const char *socket, *identity;
};

static bool same_folder(const char *a, const char *b)
{
  struct stat left, right;
  return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
         left.st_ino == right.st_ino;
}

/* Whom postmaster.pid names: line 2 is the data folder, 5 that of the socket. In the copy of a project the
 * file names the original's server, whose data folder is another one. */
static live find_live(const dev_place *place, arena *mem)
{
  live found = {.socket = place->socket, .identity = place->identity};
  if (!place->created) return found;
  long pid = number_of(pid_file_line(place, 1, mem));
  str socket = pid_file_line(place, 5, mem);
  if (socket.len && !str_eq(socket, str_from(place->socket))) {
    const char *data = sc_str_c(mem, pid_file_line(place, 2, mem));
    if (access(data, F_OK) == 0 && !same_folder(data, place->data)) return found;
    found.moved = true;
    found.socket = sc_str_c(mem, socket);
    found.identity = sc_str_format(mem, "unix_socket_directories=%s", found.socket).ptr;
  }
  if (process_has_argument(pid, found.identity)) found.pid = pid;
  return found;
}

static void describe(const dev_place *place, dev_server *server, arena *mem)
{
  live now = find_live(place, mem);
  server->pid = now.pid;
  server->state = now.pid ? DEV_RUNNING : place->created ? DEV_STOPPED : DEV_ABSENT;
  server->version = place->version;
  server->data = str_from(place->data);
  server->log = str_from(place->log);
  server->socket = str_from(now.pid ? now.socket : place->socket);
}

/* ---- stopping ---- */

static bool wait_until_gone(const live *server, long patience_ms)
{
  for (long waited = 0; waited < patience_ms; waited += POLL_MS) {
    if (!process_has_argument(server->pid, server->identity)) return true;
    process_sleep_ms(POLL_MS);
  }
  return !process_has_argument(server->pid, server->identity);
}

/* Fast first (clients are disconnected, everything is written), then at once, then by force.
 *
 * A server whose folder was moved cannot shut down in order: it looks for its control file under the old
 * name. What it has committed must have reached its log by then, which takes at most three times
 * wal_writer_delay (PostgreSQL, 30.4 Asynchronous Commit); the next start recovers it from there. */
static bool stop_live(const live *server, arena *mem, dev_error *error)
{
  static const struct {
    int signal;
    long patience_ms;
  } steps[] = {{SIGINT, FAST_STOP_MS}, {SIGQUIT, 5000}, {SIGKILL, 5000}};
  if (!server->pid) return true;
  if (server->moved) process_sleep_ms(LOG_WRITTEN_MS);
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    if (kill((pid_t)server->pid, steps[i].signal) != 0 && errno != ESRCH) {
      return place_fail(error, mem, "stop the server of", server->socket);
    }
    if (!wait_until_gone(server, steps[i].patience_ms)) continue;
    if (server->moved) rmdir(server->socket); /* nobody will come back to it */
    return true;
  }
  *error = (dev_error){.failure = DEV_BROKEN,
                       .message = sc_str_format(mem, "PostgreSQL (process %ld) does not stop.", server->pid)};
  return false;
}

/* A server of this socket whose .schemac was deleted under it, found by the lock file beside the socket. */
static bool stop_leftover(const dev_place *place, arena *mem, dev_error *error)
{
  const char *lock = sc_str_format(mem, "%s/.s.PGSQL.5432.lock", place->socket).ptr;
  live server = {.socket = place->socket, .identity = place->identity};
  long pid = number_of(sc_str_trim(place_read(lock, mem)));
  if (process_has_argument(pid, place->identity)) server.pid = pid;
  return stop_live(&server, mem, error);
}

/* Files that say a server runs, when none does. PostgreSQL believes them if another process got the pid. */
static void remove_stale_files(const dev_place *place, arena *mem)
{
  unlink(file_of(place, "postmaster.pid", mem));
  unlink(sc_str_format(mem, "%s/.s.PGSQL.5432", place->socket).ptr);
  unlink(sc_str_format(mem, "%s/.s.PGSQL.5432.lock", place->socket).ptr);
}

/* ---- creating ---- */

static bool program_failed(dev_error *error, arena *mem, const char *program, int status, const buf *output)
{
  str said = sc_str_trim(buf_str(output));
  if (said.len > LOG_TAIL) said = str_slice(said, said.len - LOG_TAIL, said.len);
  *error = (dev_error){.failure = DEV_BROKEN,
                       .message =
                           sc_str_format(mem, "%s failed (exit %d):\n%.*s", program, status, STR_ARG(said))};
  return false;
}

/* UTF-8 with its upper and lower case, in byte order; plain C where the system has no C.UTF-8. */
static const char *locale_option(void)
{
  locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (!utf8) return "--locale=C";
  freelocale(utf8);
  return "--locale=C.UTF-8";
}

static bool append(const char *path, str text)
{
  int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  bool written = write(fd, text.ptr, text.len) == (ssize_t)text.len;
  return close(fd) == 0 && written;
}

/* What a server for development wants; a user may edit it in .schemac/postgres/data/postgresql.conf. */
static const str settings = STR_INIT("\n# schemac dev\n"
                                     "timezone = 'UTC'\n"
                                     "log_timezone = 'UTC'\n"
                                     "lc_messages = 'C'\n"
                                     "# A power cut may lose the last moments, but breaks nothing.\n"
                                     "synchronous_commit = off\n");

/* Makes the data in data.new, which becomes `data` when it is complete: a killed initdb leaves nothing that
 * looks done. */
static bool create_data(dev_place *place, arena *mem, dev_error *error)
{
  const char *initdb = dev_program("initdb", STR_NONE, mem, error);
  const char *postgres = initdb ? dev_program("postgres", STR_NONE, mem, error) : NULL;
  if (!postgres) return false;
  const char *fresh = sc_str_format(mem, "%s.new", place->data).ptr;
  if (!place_delete_tree(fresh, mem, error)) return false;

  buf output = {.mem = mem};
  const char *const init[] = {
      initdb,          "-D",        fresh, "-U", DEV_USER, "--auth=trust", "--encoding=UTF8",
      locale_option(), "--no-sync", NULL};
  int status = process_run(init, &place->user, STR_NONE, &output);
  if (status != 0) return program_failed(error, mem, "initdb", status, &output);
  const char *conf = sc_str_format(mem, "%s/postgresql.conf", fresh).ptr;
  if (!append(conf, settings)) return place_fail(error, mem, "write", conf);

  const char *const single[] = {postgres, "--single",           "-D",       fresh, "-F",
                                "-c",     "exit_on_error=true", "postgres", NULL};
  output = (buf){.mem = mem};
  status = process_run(single, &place->user, STR("CREATE DATABASE " DEV_DATABASE ";\n"), &output);
  if (status != 0) return program_failed(error, mem, "postgres --single", status, &output);
  if (rename(fresh, place->data) != 0) return place_fail(error, mem, "make", place->data);
  place->created = true;
  place->version = sc_str_trim(place_read(file_of(place, "PG_VERSION", mem), mem));
  return true;
}

/* ---- starting ---- */

/* The log since `from`, at most its last LOG_TAIL bytes. */
static str log_since(const dev_place *place, off_t from, arena *mem)
{
  int fd = open(place->log, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (fd < 0 || fstat(fd, &about) != 0) {
    if (fd >= 0) close(fd);
    return STR_NONE;
  }
  if (about.st_size - from > LOG_TAIL) from = about.st_size - LOG_TAIL;
  char *text = sc_arena_raw(mem, LOG_TAIL);
  ssize_t len = pread(fd, text, LOG_TAIL, from);
  close(fd);
  return len > 0 ? sc_str_trim((str){text, (size_t)len}) : STR_NONE;
}

static off_t log_size(const dev_place *place)
{
  struct stat about;
  return stat(place->log, &about) == 0 ? about.st_size : 0;
}

typedef enum outcome { READY, DIED, TOO_SLOW } outcome;

static outcome wait_until_ready(const dev_place *place, pid_t pid, arena *mem)
{
  for (long waited = 0; waited < READY_MS; waited += POLL_MS) {
    if (number_of(pid_file_line(place, 1, mem)) == pid && str_eq(pid_file_line(place, 8, mem), STR("ready")))
      return READY;
    int status;
    if (waitpid(pid, &status, WNOHANG) == pid)
      return DIED; /* a server started by somebody else is not our child */
    if (!process_exists(pid)) return DIED;
    process_sleep_ms(POLL_MS);
  }
  return TOO_SLOW;
}

static bool start_failed(const dev_place *place, outcome how, str log, arena *mem, dev_error *error)
{
  const char *what =
      how == DIED ? "PostgreSQL did not start" : "PostgreSQL did not become ready within a minute";
  *error = (dev_error){.failure = DEV_BROKEN,
                       .message = sc_str_format(mem, "%s. Its log says:\n%.*s", what, STR_ARG(log)),
                       .help = sc_str_format(mem, "The whole log is %s.", place->log)};
  return false;
}

/* A crashed server's last processes keep its shared memory for a moment; until then PostgreSQL refuses to
 * start. */
static bool launch(const dev_place *place, const char *const *argv, arena *mem, dev_error *error)
{
  for (long waited = 0;; waited += 10L * POLL_MS) {
    off_t before = log_size(place);
    pid_t pid = process_spawn(argv, &place->user, place->log);
    if (pid < 0) return place_fail(error, mem, "start PostgreSQL with the log", place->log);
    outcome how = wait_until_ready(place, pid, mem);
    if (how == READY) return true;
    str log = log_since(place, before, mem);
    bool leftover = sc_str_find(log, STR("is still in use")) != SIZE_MAX;
    if (how == DIED && leftover && waited < LEFTOVER_MS) {
      process_sleep_ms(10L * POLL_MS);
      continue;
    }
    if (how == TOO_SLOW) kill(pid, SIGQUIT);
    return start_failed(place, how, log, mem, error);
  }
}

static bool start(dev_place *place, const dev_options *options, arena *mem, dev_error *error)
{
  const char *postgres = dev_program("postgres", place->version, mem, error);
  if (!postgres) {
    if (place->created)
      error->help =
          sc_str_format(mem, "%.*s Or delete the data with `schemac dev reset`.", STR_ARG(error->help));
    return false;
  }
  VEC(const char *) argv = {0};
  /* Where the server is reached is ours to say; everything else is its configuration's. */
  const char *const fixed[] = {postgres,        "-D", place->data, "-c", "listen_addresses=",           "-c",
                               place->identity, "-c", "port=5432", "-c", "unix_socket_permissions=0777"};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) vec_push(mem, &argv, fixed[i]);
  for (size_t i = 0; i < options->setting_count; i++) {
    vec_push(mem, &argv, "-c");
    vec_push(mem, &argv, options->settings[i]);
  }
  vec_push(mem, &argv, NULL);
  remove_stale_files(place, mem);
  return launch(place, argv.items, mem, error);
}

static bool ensure_running(dev_place *place, const dev_options *options, arena *mem, dev_server *server,
                           dev_error *error)
{
  if (place->created && !place_make(place, mem, error))
    return false; /* its folders, should /tmp have been swept */
  live now = find_live(place, mem);
  if (now.pid && !now.moved) {
    server->was_running = true;
    outcome how = wait_until_ready(place, (pid_t)now.pid, mem);
    return how == READY || start_failed(place, how, log_since(place, 0, mem), mem, error);
  }
  if (!stop_live(&now, mem, error)) return false; /* it listens where the project was before */
  if (!place->created) {
    /* Nothing may be made on a machine that cannot run it. */
    if (!dev_program("initdb", STR_NONE, mem, error)) return false;
    if (!stop_leftover(place, mem, error)) return false;
    if (place->shared && !place->linked && !place_delete_tree(place->base, mem, error)) return false;
    if (!place_make(place, mem, error) || !create_data(place, mem, error)) return false;
    server->created = true;
  }
  return start(place, options, mem, error);
}

/* ---- the interface ---- */

/* Finds the place again once the lock is held: what was true before may have changed while we waited. */
static int lock_and_find(const char *project, arena *mem, dev_place *place, dev_error *error)
{
  if (!place_find(project, mem, place, error)) return -1;
  int lock = place_lock(place, mem, error);
  if (lock >= 0 && !place_find(project, mem, place, error)) {
    close(lock);
    return -1;
  }
  return lock;
}

bool dev_start(const char *project, const dev_options *options, arena *mem, dev_server *server,
               dev_error *error)
{
  dev_place place;
  *server = (dev_server){0};
  if (!dev_program("initdb", STR_NONE, mem, error)) return false;
  int lock = lock_and_find(project, mem, &place, error);
  if (lock < 0) return false;
  bool started = ensure_running(&place, options, mem, server, error);
  if (started) describe(&place, server, mem);
  close(lock);
  return started;
}

bool dev_inspect(const char *project, arena *mem, dev_server *server, dev_error *error)
{
  dev_place place;
  *server = (dev_server){0};
  if (!place_find(project, mem, &place, error)) return false;
  describe(&place, server, mem);
  return true;
}

/* Stops the server and, when `erase`, forgets it. A project without a server is left without a .schemac. */
static bool end(const char *project, bool erase, arena *mem, dev_server *server, dev_error *error)
{
  dev_place place;
  if (!dev_inspect(project, mem, server, error)) return false;
  if (server->state == DEV_ABSENT && access(sc_str_format(mem, "%s/.schemac", project).ptr, F_OK) != 0)
    return true;
  int lock = lock_and_find(project, mem, &place, error);
  if (lock < 0) return false;
  live now = find_live(&place, mem);
  bool done = stop_live(&now, mem, error);
  if (done && erase && place.linked) done = place_remove(&place, mem, error);
  if (done) {
    describe(&place, server, mem);
    server->was_running = now.pid != 0;
    if (erase) server->state = DEV_ABSENT;
  }
  close(lock);
  return done;
}

bool dev_stop(const char *project, arena *mem, dev_server *server, dev_error *error)
{
  return end(project, false, mem, server, error);
}

bool dev_erase(const char *project, arena *mem, dev_server *server, dev_error *error)
{
  return end(project, true, mem, server, error);
}

str dev_url(const dev_server *server, str database, arena *mem)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  if (!database.len) database = STR(DEV_DATABASE);
  buf url = {.mem = mem};
  BUF_LIT(&url, "postgresql://" DEV_USER "@localhost/");
  for (size_t i = 0; i < database.len; i++) {
    char c = database.ptr[i];
    if (c && strchr(plain, c))
      buf_char(&url, c);
    else
      sc_buf_format(&url, "%%%02X", (unsigned)(unsigned char)c);
  }
  BUF_LIT(&url, "?host=");
  buf_add(&url, server->socket);
  return buf_str(&url);
}
