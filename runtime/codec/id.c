#include "codec/id.h"

#include "codec/random.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static const char base36[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static uint64_t milliseconds(void)
{
  struct timespec now = {0};
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)(now.tv_nsec / 1000000);
}

/* The lowest `count` digits of a number, the highest first. */
static char *put_digits(char *out, uint64_t value, size_t count, const char *digits, unsigned base)
{
  for (size_t i = count; i-- > 0; value /= base) out[i] = digits[value % base];
  return out + count;
}

/* ---- UUID ---- */

static char *uuid_text(const unsigned char bytes[16], char out[SC_UUID_TEXT])
{
  static const char hex[] = "0123456789abcdef";
  char *to = out;
  for (size_t i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
    *to++ = hex[bytes[i] >> 4];
    *to++ = hex[bytes[i] & 15];
  }
  *to = '\0';
  return out;
}

static void mark_version(unsigned char bytes[16], unsigned version)
{
  bytes[6] = (unsigned char)((bytes[6] & 0x0F) | version << 4);
  bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
}

char *sc_id_uuid4(char out[SC_UUID_TEXT])
{
  unsigned char bytes[16];
  sc_random_bytes(bytes, sizeof bytes);
  mark_version(bytes, 4);
  return uuid_text(bytes, out);
}

char *sc_id_uuid7(char out[SC_UUID_TEXT])
{
  unsigned char bytes[16];
  sc_random_bytes(bytes, sizeof bytes);
  uint64_t ms = milliseconds();
  for (size_t i = 0; i < 6; i++) bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
  mark_version(bytes, 7);
  return uuid_text(bytes, out);
}

/* ---- cuid ---- */

static char *put_random36(char *out, size_t count)
{
  for (size_t i = 0; i < count; i++) *out++ = base36[sc_random_below(36)];
  return out;
}

/* Two digits of the process, two of the host, as cuid 1 has it. */
static char *put_fingerprint(char *out)
{
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  uint64_t sum = strlen(host) + 36;
  for (const char *c = host; *c; c++) sum += (unsigned char)*c;
  out = put_digits(out, (uint64_t)getpid(), 2, base36, 36);
  return put_digits(out, sum, 2, base36, 36);
}

char *sc_id_cuid1(char out[SC_CUID_TEXT])
{
  char *to = out;
  *to++ = 'c';
  to = put_digits(to, milliseconds(), 8, base36, 36);
  to = put_random36(to, 4); /* the place of the counter, which would be kept between calls */
  to = put_fingerprint(to);
  to = put_random36(to, 8);
  *to = '\0';
  return out;
}

char *sc_id_cuid2(char out[SC_CUID2_TEXT])
{
  out[0] = base36[10 + sc_random_below(26)];
  *put_random36(out + 1, 23) = '\0';
  return out;
}

/* ---- ULID, nanoid ---- */

char *sc_id_ulid(char out[SC_ULID_TEXT])
{
  static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  unsigned char random[16];
  sc_random_bytes(random, sizeof random);
  char *to = put_digits(out, milliseconds(), 10, crockford, 32);
  for (size_t i = 0; i < 16; i++) *to++ = crockford[random[i] & 31];
  *to = '\0';
  return out;
}

char *sc_id_nanoid(char *out, size_t length)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  sc_random_bytes(out, length);
  for (size_t i = 0; i < length; i++) out[i] = alphabet[(unsigned char)out[i] & 63];
  out[length] = '\0';
  return out;
}
