/* Preloaded into schemac: kills it (SIGKILL) at a chosen message to the server.
 *
 * KILL_AT=2n-1 kills before the n-th message is sent, KILL_AT=2n as soon as it is: the server gets it, and works on it
 * for nobody. Without KILL_AT nothing happens. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

ssize_t send(int fd, const void *data, size_t size, int flags)
{
  static ssize_t (*real)(int, const void *, size_t, int);
  static long at = -1, count;
  if (!real) {
    *(void **)&real = dlsym(RTLD_NEXT, "send");
    const char *text = getenv("KILL_AT");
    at = text ? strtol(text, NULL, 10) : 0;
  }
  count++;
  if (at == 2 * count - 1) raise(SIGKILL);
  ssize_t sent = real(fd, data, size, flags);
  if (at == 2 * count) raise(SIGKILL);
  return sent;
}
