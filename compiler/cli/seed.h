/* The project's seed command: what `schemac db seed` runs, and others at their end. */
#ifndef CLI_SEED_H
#define CLI_SEED_H

#include "cli/job.h"

/* Unless --skip-seed or its variable says otherwise, and where the project has one. */
cli_exit seed_after(cli *c, const job *j);

#endif
