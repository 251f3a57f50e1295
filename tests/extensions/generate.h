/* Random schemas full of extensions: the same text for the same numbers, on every machine. */
#ifndef TESTS_EXTENSIONS_GENERATE_H
#define TESTS_EXTENSIONS_GENERATE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

/* Tables and columns follow from `seed`; of what stands on them, every part is drawn again with an even chance where
 * `variant` is not 0. With `prisma` the schema has a generator of Prisma's as well. */
str generate_schema(arena *mem, uint64_t seed, unsigned variant, bool prisma);

#endif
