/* setgroups(2) is in no standard; the rest of the file is POSIX. */
#define _DEFAULT_SOURCE
#include "dev/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXEC_FAILED = 127, HIGHEST_INHERITED = 4096 };

extern char **environ;

/* ---- in the child: only what is safe between fork and exec ---- */

/* The environment we pass on: none of PGDATA, PGPORT, LANG … may change what PostgreSQL does. */
static void keep_environment(char **kept)
{
  static char locale[] = "LC_ALL=C";
  size_t count = 0;
  for (char **entry = environ; entry && *entry && count < 2; entry++) {
    if (strncmp(*entry, "PATH=", 5) == 0 || strncmp(*entry, "LD_LIBRARY_PATH=", 16) == 0)
      kept[count++] = *entry;
  }
  kept[count++] = locale;
  kept[count] = NULL;
}

/* Says what failed where the program's own errors go. */
static _Noreturn void give_up(const char *what)
{
  const char *reason = strerror(errno);
  if (write(STDERR_FILENO, what, strlen(what)) > 0 && write(STDERR_FILENO, reason, strlen(reason)) > 0) {
    if (write(STDERR_FILENO, "\n", 1) < 0) _exit(EXEC_FAILED);
  }
  _exit(EXEC_FAILED);
}

static void become(const process_user *user)
{
  if (!user->change) return;
  if (setgroups(0, NULL) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0) {
    give_up("root could not become the server's user: ");
  }
}

/* A server must not hold on to what its starter had open: a pipe whose reader waits for its end, make's job
 * slots. */
static void close_inherited(void)
{
  long highest = sysconf(_SC_OPEN_MAX);
  if (highest < 0 || highest > HIGHEST_INHERITED) highest = HIGHEST_INHERITED;
  for (int fd = 3; fd < highest; fd++) close(fd);
}

static _Noreturn void run_child(const char *const *argv, const process_user *user, int in, int out)
{
  char *kept[4];
  keep_environment(kept);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
    _exit(EXEC_FAILED);
  close_inherited();
  become(user);
  umask(077);
  if (chdir("/") != 0) give_up("could not go to /: ");
  /* execve takes pointers to mutable text for historical reasons and changes nothing. */
  union {
    const char *const *constant;
    char *const *mutable_;
  } arguments = {.constant = argv};
  execve(argv[0], arguments.mutable_, kept);
  give_up("could not be run: ");
}

/* ---- running to the end ---- */

static int exit_status(pid_t pid)
{
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return EXEC_FAILED;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Feeds `input` and reads the answer together, so that neither side can wait for the other for ever. */
static void converse(int in, int out, str input, buf *output)
{
  size_t sent = 0;
  int flags = fcntl(in, F_GETFL);
  if (flags >= 0) fcntl(in, F_SETFL, flags | O_NONBLOCK); /* a write of more than fits would wait */
  for (;;) {
    if (in >= 0 && sent == input.len) {
      close(in);
      in = -1;
    }
    struct pollfd fds[2] = {{.fd = out, .events = POLLIN}, {.fd = in, .events = POLLOUT}};
    if (poll(fds, 2, -1) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (fds[1].revents) {
      ssize_t wrote = write(in, input.ptr + sent, input.len - sent);
      if (wrote > 0) sent += (size_t)wrote;
      if (wrote < 0 && errno != EINTR && errno != EAGAIN) sent = input.len; /* it stopped reading */
    }
    if (fds[0].revents) {
      if (!sc_buf_reserve(output, 4096)) break;
      ssize_t got = read(out, output->ptr + output->len, 4096);
      if (got == 0 || (got < 0 && errno != EINTR)) break;
      if (got > 0) output->len += (size_t)got;
    }
  }
  if (in >= 0) close(in);
}

int process_run(const char *const *argv, const process_user *user, str input, buf *output)
{
  int to[2], from[2];
  if (pipe(to) != 0) return EXEC_FAILED;
  if (pipe(from) != 0) {
    close(to[0]), close(to[1]);
    return EXEC_FAILED;
  }
  pid_t pid = fork();
  if (pid == 0) run_child(argv, user, to[0], from[1]);
  close(to[0]), close(from[1]);
  if (pid < 0) {
    close(to[1]), close(from[0]);
    return EXEC_FAILED;
  }
  struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
  sigaction(SIGPIPE, &ignore, &before);
  converse(to[1], from[0], input, output);
  sigaction(SIGPIPE, &before, NULL);
  close(from[0]);
  return exit_status(pid);
}

/* ---- starting a server ---- */

pid_t process_spawn(const char *const *argv, const process_user *user, const char *log)
{
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0) return -1;
  int out = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (out < 0 || (user->change && fchown(out, user->uid, user->gid) != 0)) {
    int reason = errno;
    close(null);
    if (out >= 0) close(out);
    errno = reason;
    return -1;
  }
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    run_child(argv, user, null, out);
  }
  close(null), close(out);
  return pid;
}

/* ---- looking at processes ---- */

bool process_exists(long pid)
{
  return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

/* Searches the NUL-separated arguments of Linux's /proc/PID/cmdline, read in pieces that overlap by the
 * argument's length, so that one that lies across two pieces is found. */
static bool has_argument(int fd, str argument)
{
  char piece[8192];
  size_t held = 0;
  if (argument.len + 2 > sizeof piece / 2) return false;
  piece[held++] = '\0'; /* the first argument starts like all others: behind a NUL */
  for (;;) {
    ssize_t got = read(fd, piece + held, sizeof piece - held);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    held += (size_t)got;
    for (size_t at = 0; at + argument.len + 2 <= held; at++) {
      if (!piece[at] && !piece[at + 1 + argument.len] &&
          memcmp(piece + at + 1, argument.ptr, argument.len) == 0)
        return true;
    }
    size_t keep = held < argument.len + 2 ? held : argument.len + 2;
    memmove(piece, piece + held - keep, keep);
    held = keep;
  }
}

bool process_has_argument(long pid, const char *argument)
{
  if (!process_exists(pid)) return false;
  if (access("/proc/self/cmdline", R_OK) != 0) return true;
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool found = has_argument(fd, str_from(argument));
  close(fd);
  return found;
}

void process_sleep_ms(long milliseconds)
{
  struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) continue;
}
