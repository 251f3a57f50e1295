/* Identifiers that the client makes: what @default(uuid()), cuid(), ulid() and nanoid() mean.
 *
 * Each writes its text with a NUL into `out` and returns `out`. Random parts come from the kernel. Nothing is
 * kept between calls: two ids of one millisecond have random order, as with Prisma's. */
#ifndef CODEC_ID_H
#define CODEC_ID_H

#include <stddef.h>

enum {
  SC_UUID_TEXT = 37, /* sizes with the NUL */
  SC_CUID_TEXT = 26,
  SC_CUID2_TEXT = 25,
  SC_ULID_TEXT = 27,
  SC_NANOID_LEAST = 2, /* what Prisma allows as nanoid(n) */
  SC_NANOID_MOST = 255,
};

char *sc_id_uuid4(char out[SC_UUID_TEXT]); /* RFC 9562, version 4 */
char *sc_id_uuid7(char out[SC_UUID_TEXT]); /* version 7: begins with the milliseconds since 1970 */
/* "c", milliseconds, a counter, a fingerprint and random digits, in base 36: 25 characters. */
char *sc_id_cuid1(char out[SC_CUID_TEXT]);
/* A letter and 23 digits of base 36, all random: 24 characters. (The reference implementation hashes its
 * sources of chance with SHA-3; the kernel has done that already.) */
char *sc_id_cuid2(char out[SC_CUID2_TEXT]);
char *sc_id_ulid(char out[SC_ULID_TEXT]);
/* `length` characters (2 to 255) of A-Z a-z 0-9 _ -; out has room for length + 1. */
char *sc_id_nanoid(char *out, size_t length);

#endif
