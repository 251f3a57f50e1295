/* Asks the server to end what a connection runs.
 *
 * libpq's PQcancel blocks, for minutes when the network is gone, and would outlast the deadline it serves. So
 * it runs in a thread of its own, which ends by itself. Whoever started it looks whether the request was
 * delivered: until then it may still hit whatever runs next on the connection, which therefore must not be
 * used again. */
#ifndef CONN_CANCEL_H
#define CONN_CANCEL_H

#include <libpq-fe.h>
#include <stdbool.h>

typedef struct sc_cancel sc_cancel;

/* NULL when memory or threads ran out. */
sc_cancel *sc_cancel_start(PGconn *pq);
bool sc_cancel_delivered(const sc_cancel *cancel);
/* Lets go of it; the thread ends on its own. NULL is fine. */
void sc_cancel_release(sc_cancel *cancel);

#endif
