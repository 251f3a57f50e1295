/* Tells a process from its forked children without asking the kernel each time.
 *
 * A page that the kernel wipes in a child (MADV_WIPEONFORK, Linux 4.14) reads as one in the process that made
 * it and as zero in any other, which costs a load where getpid costs a system call. Elsewhere getpid it is.
 */
#ifndef CONN_FORK_H
#define CONN_FORK_H

#include <stdbool.h>
#include <sys/types.h>

typedef struct sc_fork_guard sc_fork_guard;
struct sc_fork_guard {
  const volatile unsigned char *mark; /* NULL: compare `owner` */
  pid_t owner;
};

void sc_fork_guard_init(sc_fork_guard *guard);
void sc_fork_guard_end(sc_fork_guard *guard);
/* Whether this is the process that called init. */
bool sc_fork_guard_same(const sc_fork_guard *guard);

#endif
