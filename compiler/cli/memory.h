/* Memory for one run of the compiler. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include "base/arena.h"

/* A fatal arena (base/arena.h) over large pages, where the system has such. */
arena *memory_new(void (*out_of_memory)(void));

#endif
