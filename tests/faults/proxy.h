/* A wire to the server that a test can cut, hold and spoil: a socket in a folder of its own, and a thread
 * that carries bytes between whoever connects to it and the real server. */
#ifndef TESTS_FAULTS_PROXY_H
#define TESTS_FAULTS_PROXY_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct proxy {
  char folder[64], url[160], server[108];
  int listener;
  pthread_t thread;
  atomic_bool stop;
  atomic_long
      cut_after; /* bytes from the server, over all connections, until the wire is cut; negative: never */
  atomic_long spoil_at; /* the byte from the server that arrives as another; negative: none */
  atomic_bool hold;     /* nothing passes in either direction */
} proxy;

static int proxy_socket(const char *path, bool listening)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  int failed = listening ? bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8)
                         : connect(fd, (struct sockaddr *)&address, sizeof address);
  if (!failed) return fd;
  close(fd);
  return -1;
}

/* From the server to the client with what shall happen to it. False: the wire is cut. */
static bool proxy_answer(proxy *p, int client, char *bytes, ssize_t len)
{
  long spoil = atomic_load(&p->spoil_at), cut = atomic_load(&p->cut_after);
  if (spoil >= 0) {
    if (spoil < len) bytes[spoil] ^= 0x55;
    atomic_store(&p->spoil_at, spoil < len ? -1 : spoil - len);
  }
  if (cut < 0) return send(client, bytes, (size_t)len, MSG_NOSIGNAL) == len;
  if (cut < len) {
    (void)send(client, bytes, (size_t)cut, MSG_NOSIGNAL);
    return false;
  }
  atomic_store(&p->cut_after, cut - len);
  return send(client, bytes, (size_t)len, MSG_NOSIGNAL) == len;
}

/* One connection at a time is enough for a test; a second one (a cancellation) is carried after the first has
 * ended. */
static void proxy_carry(proxy *p, int client)
{
  int server = proxy_socket(p->server, false);
  char bytes[8192];
  for (bool open = server >= 0; open && !atomic_load(&p->stop);) {
    struct pollfd fds[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    if (atomic_load(&p->hold)) {
      poll(NULL, 0, 5);
      continue;
    }
    if (poll(fds, 2, 20) <= 0) continue;
    for (int i = 0; i < 2 && open; i++) {
      if (!fds[i].revents) continue;
      ssize_t len = recv(fds[i].fd, bytes, sizeof bytes, 0);
      open = len > 0 && (i == 0 ? send(server, bytes, (size_t)len, MSG_NOSIGNAL) == len
                                : proxy_answer(p, client, bytes, len));
    }
  }
  if (server >= 0) close(server);
  close(client);
}

static void *proxy_run(void *argument)
{
  proxy *p = argument;
  while (!atomic_load(&p->stop)) {
    struct pollfd fd = {.fd = p->listener, .events = POLLIN};
    if (poll(&fd, 1, 20) <= 0) continue;
    int client = accept(p->listener, NULL, NULL);
    if (client >= 0) proxy_carry(p, client);
  }
  return NULL;
}

/* In front of the server whose socket is in `folder`. */
static proxy *proxy_start(const char *folder)
{
  proxy *p = calloc(1, sizeof *p);
  char path[108];
  snprintf(p->folder, sizeof p->folder, "/tmp/schemac-proxy-XXXXXX");
  if (!mkdtemp(p->folder)) abort();
  snprintf(path, sizeof path, "%s/.s.PGSQL.5432", p->folder);
  snprintf(p->server, sizeof p->server, "%s/.s.PGSQL.5432", folder);
  snprintf(p->url, sizeof p->url, "postgresql://postgres@/postgres?host=%s&connect_timeout=1", p->folder);
  p->listener = proxy_socket(path, true);
  atomic_init(&p->stop, false);
  atomic_init(&p->hold, false);
  atomic_init(&p->cut_after, -1);
  atomic_init(&p->spoil_at, -1);
  if (p->listener < 0 || pthread_create(&p->thread, NULL, proxy_run, p) != 0) abort();
  return p;
}

static void proxy_stop(proxy *p)
{
  char path[108];
  atomic_store(&p->stop, true);
  pthread_join(p->thread, NULL);
  close(p->listener);
  snprintf(path, sizeof path, "%s/.s.PGSQL.5432", p->folder);
  unlink(path);
  rmdir(p->folder);
  free(p);
}

#endif
