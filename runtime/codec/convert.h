/* The functions that codec.def names, by family: numbers and text in scalar.c, times in datetime.c, the types
 * whose binary form is not their text in special.c. See codec.h for what they take and give. */
#ifndef CODEC_CONVERT_H
#define CODEC_CONVERT_H

#include "codec/codec.h"

#define SC_ENCODERS(X)                                                                                       \
  X(string)                                                                                                  \
  X(json)                                                                                                    \
  X(bytea) X(bool) X(int2) X(int4) X(int8) X(oid) X(float4) X(float8) X(timestamp) X(date) X(time) X(timetz)
#define SC_DECODERS(X)                                                                                       \
  X(string)                                                                                                  \
  X(json)                                                                                                    \
  X(jsonb) X(bytea) X(bytea_text) X(bool) X(bool_text) X(int2) X(int4) X(int4_text) X(int8) X(int8_text)     \
      X(oid) X(float4) X(float8) X(float_text) X(numeric) X(money) X(uuid) X(inet) X(bits) X(timestamp)      \
          X(date) X(time) X(timetz)

#define DECLARE(name) sc_status sc_encode_##name(buf *out, const void *value);
SC_ENCODERS(DECLARE)
#undef DECLARE
#define DECLARE(name) sc_status sc_decode_##name(arena *mem, str bytes, void *value);
SC_DECODERS(DECLARE)
#undef DECLARE

/* P2023: the server sent what is no value of the type. */
sc_status sc_codec_broken(const char *type);

/* Big-endian, as everything in the protocol. */
static inline uint16_t sc_get16(const char *p)
{
  const unsigned char *b = (const unsigned char *)p;
  return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t sc_get32(const char *p)
{
  return (uint32_t)sc_get16(p) << 16 | sc_get16(p + 2);
}

static inline uint64_t sc_get64(const char *p)
{
  return (uint64_t)sc_get32(p) << 32 | sc_get32(p + 4);
}

static inline void sc_put_big(buf *out, uint64_t value, size_t size)
{
  if (!sc_buf_reserve(out, size)) return;
  for (size_t i = 0; i < size; i++)
    out->ptr[out->len + i] = (char)(unsigned char)(value >> (8 * (size - 1 - i)));
  out->len += size;
}

#endif
