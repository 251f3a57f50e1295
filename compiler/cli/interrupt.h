/* Ctrl-C, and a request to end (SIGTERM, SIGHUP), while something would stay behind: a shadow database, a
 * migration half done. The first one is noted, and the command ends behind the step that runs, tidily, with
 * exit status 130; the second one kills as ever. Where a question waits for its answer the first one ends it
 * at once. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include "migrate/migrate.h"

/* From here on; the context learns how to ask whether it shall stop. */
void interrupt_heed(migrate_context *context);
/* Signals kill again. True when one was noted. */
bool interrupt_forget(void);
/* Around a question: what is noted there needs no word of explanation. */
void interrupt_asking(bool asking);

#endif
