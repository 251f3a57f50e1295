/* Types whose binary form is not their text: numeric, money, uuid, inet, bit. */
#include "codec/convert.h"

#include "error/error.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

/* numeric_send: four 16-bit numbers, then digits of base 10000, the first worth 10000^weight. */
typedef struct numeric numeric;
struct numeric {
  int digit_count, weight, scale;
  unsigned sign;
  const char *digits;
};

enum {
  POSITIVE = 0x0000,
  NEGATIVE = 0x4000,
  NOT_A_NUMBER = 0xC000,
  INFINITE = 0xD000,
  MINUS_INFINITE = 0xF000
};

static int digit_at(const numeric *n, int i)
{
  return i >= 0 && i < n->digit_count ? (int)sc_get16(n->digits + 2 * (ptrdiff_t)i) : 0;
}

static void write_group(buf *out, int group, size_t from, size_t to)
{
  char digits[4];
  for (size_t i = 4; i-- > 0; group /= 10) digits[i] = (char)('0' + group % 10);
  buf_add(out, (str){digits + from, to - from});
}

/* Groups of four digits up to the point, the first without leading zeros, then as many decimals as the scale
 * says. */
static void write_numeric(const numeric *n, buf *out)
{
  if (n->sign == NEGATIVE) buf_char(out, '-');
  if (n->weight < 0) buf_char(out, '0');
  for (int i = 0; i <= n->weight; i++) {
    int group = digit_at(n, i);
    size_t zeros = i ? 0 : group < 10 ? 3 : group < 100 ? 2 : group < 1000 ? 1 : 0;
    write_group(out, group, zeros, 4);
  }
  if (n->scale) buf_char(out, '.');
  for (int written = 0, i = n->weight + 1; written < n->scale; i++, written += 4)
    write_group(out, digit_at(n, i), 0, n->scale - written < 4 ? (size_t)(n->scale - written) : 4);
}

sc_status sc_decode_numeric(arena *mem, str bytes, void *value)
{
  if (bytes.len < 8) return sc_codec_broken("numeric");
  numeric n = {
      .digit_count = sc_get16(bytes.ptr),
      .weight = (int16_t)sc_get16(bytes.ptr + 2),
      .sign = sc_get16(bytes.ptr + 4),
      .scale = sc_get16(bytes.ptr + 6) & 0x3FFF,
      .digits = bytes.ptr + 8,
  };
  if (bytes.len != 8 + 2 * (size_t)n.digit_count) return sc_codec_broken("numeric");
  for (int i = 0; i < n.digit_count; i++)
    if (digit_at(&n, i) > 9999) return sc_codec_broken("numeric");
  switch (n.sign) {
  case NOT_A_NUMBER: return sc_decode_string(mem, STR("NaN"), value);
  case INFINITE: return sc_decode_string(mem, STR("Infinity"), value);
  case MINUS_INFINITE: return sc_decode_string(mem, STR("-Infinity"), value);
  case POSITIVE:
  case NEGATIVE: break;
  default: return sc_codec_broken("numeric");
  }
  buf out = {.mem = mem};
  write_numeric(&n, &out);
  const char *text = sc_buf_c(&out);
  if (!text) return sc_fail_memory();
  memcpy(value, &text, sizeof text);
  return SC_OK;
}

/* cash_send: a number of the smallest units. How many make one is the server's lc_monetary; nearly all have
 * 100. */
sc_status sc_decode_money(arena *mem, str bytes, void *value)
{
  if (bytes.len != 8) return sc_codec_broken("money");
  char text[SC_DECIMAL_TEXT];
  sc_decimal decimal = sc_decimal_from_scaled((int64_t)sc_get64(bytes.ptr), 2, text);
  return sc_decode_string(mem, str_from(decimal.text), value);
}

sc_status sc_decode_uuid(arena *mem, str bytes, void *value)
{
  static const char digits[] = "0123456789abcdef";
  if (bytes.len != 16) return sc_codec_broken("uuid");
  char text[36], *to = text;
  for (size_t i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
    *to++ = digits[(unsigned char)bytes.ptr[i] >> 4];
    *to++ = digits[(unsigned char)bytes.ptr[i] & 15];
  }
  return sc_decode_string(mem, (str){text, sizeof text}, value);
}

/* network_send: family (2 and 3 for IPv4 and IPv6), netmask bits, whether it is a cidr, address bytes, the
 * address. The mask is written where it does not cover the whole address, as inet_out does. */
sc_status sc_decode_inet(arena *mem, str bytes, void *value)
{
  if (bytes.len < 4) return sc_codec_broken("inet");
  const unsigned char *b = (const unsigned char *)bytes.ptr;
  bool four = b[0] == 2;
  size_t size = four ? 4 : 16;
  if ((!four && b[0] != 3) || b[3] != size || bytes.len != 4 + size) return sc_codec_broken("inet");
  char text[INET6_ADDRSTRLEN + 8];
  if (!inet_ntop(four ? AF_INET : AF_INET6, b + 4, text, INET6_ADDRSTRLEN)) return sc_codec_broken("inet");
  size_t len = strlen(text);
  if (b[1] != size * 8 || b[2]) len += (size_t)snprintf(text + len, sizeof text - len, "/%d", b[1]);
  return sc_decode_string(mem, (str){text, len}, value);
}

/* bit_send: the number of bits, then the bits from the highest of the first byte on. */
sc_status sc_decode_bits(arena *mem, str bytes, void *value)
{
  if (bytes.len < 4) return sc_codec_broken("bit");
  size_t count = sc_get32(bytes.ptr);
  if (bytes.len - 4 != count / 8 + (count % 8 ? 1 : 0)) return sc_codec_broken("bit");
  char *text = sc_arena_raw(mem, count + 1);
  if (!text) return sc_fail_memory();
  for (size_t i = 0; i < count; i++)
    text[i] = (unsigned char)bytes.ptr[4 + i / 8] >> (7 - i % 8) & 1 ? '1' : '0';
  text[count] = '\0';
  memcpy(value, &text, sizeof text);
  return SC_OK;
}
