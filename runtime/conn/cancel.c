#include "conn/cancel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

struct sc_cancel {
  atomic_int owners; /* the caller and the thread; the last one frees */
  atomic_bool delivered;
  PGcancel *request;
};

void sc_cancel_release(sc_cancel *cancel)
{
  if (!cancel || atomic_fetch_sub(&cancel->owners, 1) > 1) return;
  PQfreeCancel(cancel->request);
  free(cancel);
}

bool sc_cancel_delivered(const sc_cancel *cancel)
{
  return atomic_load(&cancel->delivered);
}

static void *deliver(void *argument)
{
  sc_cancel *cancel = argument;
  char reason[256];
  if (PQcancel(cancel->request, reason, sizeof reason)) atomic_store(&cancel->delivered, true);
  sc_cancel_release(cancel);
  return NULL;
}

/* Signals are for the program's own threads. */
static bool start_detached(void *argument)
{
  sigset_t all, before;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  bool started = pthread_create(&thread, &attributes, deliver, argument) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return started;
}

sc_cancel *sc_cancel_start(PGconn *pq)
{
  sc_cancel *cancel = malloc(sizeof *cancel);
  if (!cancel) return NULL;
  atomic_init(&cancel->owners, 2);
  atomic_init(&cancel->delivered, false);
  cancel->request = PQgetCancel(pq);
  if (cancel->request && start_detached(cancel)) return cancel;
  PQfreeCancel(cancel->request);
  free(cancel);
  return NULL;
}
