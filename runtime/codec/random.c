#include "codec/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* SplitMix64 (Steele, Lea, Flood 2014): only where the kernel has no answer. */
static uint64_t mix(uint64_t *seed)
{
  uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static void without_kernel(unsigned char *out, size_t size)
{
  struct timespec now = {0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t seed = (uint64_t)now.tv_sec * UINT64_C(1000000007) + (uint64_t)now.tv_nsec;
  seed ^= (uint64_t)getpid() << 40 ^ (uint64_t)(uintptr_t)&seed;
  while (size > 0) {
    uint64_t word = mix(&seed);
    size_t part = size < sizeof word ? size : sizeof word;
    memcpy(out, &word, part);
    out += part;
    size -= part;
  }
}

void sc_random_bytes(void *out, size_t size)
{
  unsigned char *to = out;
  while (size > 0) {
    ssize_t got = getrandom(to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      without_kernel(to, size);
      return;
    }
    to += got;
    size -= (size_t)got;
  }
}

uint32_t sc_random_below(uint32_t limit)
{
  uint32_t unfair = UINT32_MAX - UINT32_MAX % limit; /* values from here on would favour the small */
  uint32_t value;
  do sc_random_bytes(&value, sizeof value);
  while (value >= unfair);
  return value % limit;
}
