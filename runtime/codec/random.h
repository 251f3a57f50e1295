/* Random bytes from the kernel: for identifiers and for names that must not clash. */
#ifndef CODEC_RANDOM_H
#define CODEC_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills `out`. Where the kernel gives none (a filter that forbids getrandom) clock, address and process
 * number are mixed instead: unique enough for a name, not a secret. */
void sc_random_bytes(void *out, size_t size);
/* Uniform below `limit` (> 0). */
uint32_t sc_random_below(uint32_t limit);

#endif
