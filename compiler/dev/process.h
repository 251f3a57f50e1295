/* Starting other programs, without a shell: arguments arrive as they are. */
#ifndef DEV_PROCESS_H
#define DEV_PROCESS_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <sys/types.h>

/* Who a program runs as. Zero: who we are. */
typedef struct process_user process_user;
struct process_user {
  bool change; /* only root can */
  uid_t uid;
  gid_t gid;
};

/* Runs a program to its end, with `input` on its standard input and its output, errors included, added to
 * `output`. Its environment is PATH, LC_ALL=C and LD_LIBRARY_PATH, its folder is /. Returns its exit status,
 * 127 when it could not be started, 128 + n when signal n ended it. */
int process_run(const char *const *argv, const process_user *user, str input, buf *output);

/* Starts a program that outlives us: in a session of its own, with no input, its output added to the file
 * `log`. Returns its pid, or -1 with errno set. */
pid_t process_spawn(const char *const *argv, const process_user *user, const char *log);

/* A process with this number exists (it may be anybody's). */
bool process_exists(long pid);
/* It exists and one of its arguments is `argument`. Where there is no /proc to ask, the answer is whether it
 * exists. */
bool process_has_argument(long pid, const char *argument);

void process_sleep_ms(long milliseconds);

#endif
