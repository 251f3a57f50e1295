/* Text, JSON, bytes, and numbers that fit a C type. */
#include "codec/convert.h"

#include "error/error.h"

#include <math.h>

/* Text, and decimals, whose one member is their text. */
sc_status sc_encode_string(buf *out, const void *value)
{
  const char *text;
  memcpy(&text, value, sizeof text);
  buf_add(out, str_from(text));
  return SC_OK;
}

sc_status sc_decode_string(arena *mem, str bytes, void *value)
{
  char *text = bytes.len == SIZE_MAX ? NULL : sc_arena_raw(mem, bytes.len + 1);
  if (!text) return sc_fail_memory();
  if (bytes.len) memcpy(text, bytes.ptr, bytes.len);
  text[bytes.len] = '\0';
  memcpy(value, &text, sizeof text);
  return SC_OK;
}

sc_status sc_encode_json(buf *out, const void *value)
{
  sc_json json;
  memcpy(&json, value, sizeof json);
  buf_add(out, (str){json.text, json.len});
  return SC_OK;
}

sc_status sc_decode_json(arena *mem, str bytes, void *value)
{
  sc_json json = {.len = bytes.len};
  sc_status s = sc_decode_string(mem, bytes, &json.text);
  memcpy(value, &json, sizeof json);
  return s;
}

/* jsonb_send: a version, which is 1, then the text. */
sc_status sc_decode_jsonb(arena *mem, str bytes, void *value)
{
  if (bytes.len < 1 || bytes.ptr[0] != 1) return sc_codec_broken("jsonb");
  return sc_decode_json(mem, str_slice(bytes, 1, bytes.len), value);
}

/* No bytes are a value, whose pointer is not NULL. */
sc_status sc_encode_bytea(buf *out, const void *value)
{
  sc_bytes bytes;
  memcpy(&bytes, value, sizeof bytes);
  if (bytes.len) buf_add(out, (str){(const char *)bytes.data, bytes.len});
  return SC_OK;
}

sc_status sc_decode_bytea(arena *mem, str bytes, void *value)
{
  sc_bytes result = {.len = bytes.len};
  uint8_t *data = sc_arena_raw(mem, bytes.len);
  if (!data) return sc_fail_memory();
  if (bytes.len) memcpy(data, bytes.ptr, bytes.len);
  result.data = data;
  memcpy(value, &result, sizeof result);
  return SC_OK;
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* \x and two hex digits a byte: the server's bytea_output, unless it was set to `escape`. */
sc_status sc_decode_bytea_text(arena *mem, str bytes, void *value)
{
  if (!str_starts(bytes, STR("\\x")) || bytes.len % 2) return sc_codec_broken("bytea");
  size_t len = bytes.len / 2 - 1;
  uint8_t *data = sc_arena_raw(mem, len);
  if (!data) return sc_fail_memory();
  for (size_t i = 0; i < len; i++) {
    int high = hex_digit(bytes.ptr[2 + 2 * i]), low = hex_digit(bytes.ptr[3 + 2 * i]);
    if (high < 0 || low < 0) return sc_codec_broken("bytea");
    data[i] = (uint8_t)(high * 16 + low);
  }
  memcpy(value, &(sc_bytes){data, len}, sizeof(sc_bytes));
  return SC_OK;
}

/* ---- booleans and whole numbers ---- */

sc_status sc_encode_bool(buf *out, const void *value)
{
  bool given;
  memcpy(&given, value, sizeof given);
  buf_char(out, given ? 1 : 0);
  return SC_OK;
}

sc_status sc_decode_bool(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 1) return sc_codec_broken("bool");
  bool result = bytes.ptr[0] != 0;
  memcpy(value, &result, sizeof result);
  return SC_OK;
}

sc_status sc_decode_bool_text(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 1) return sc_codec_broken("bool");
  bool result = bytes.ptr[0] == 't';
  memcpy(value, &result, sizeof result);
  return SC_OK;
}

sc_status sc_encode_int4(buf *out, const void *value)
{
  int32_t number;
  memcpy(&number, value, sizeof number);
  sc_put_big(out, (uint32_t)number, 4);
  return SC_OK;
}

sc_status sc_encode_int2(buf *out, const void *value)
{
  int32_t number;
  memcpy(&number, value, sizeof number);
  if (number < INT16_MIN || number > INT16_MAX)
    return sc_fail(SC_OUT_OF_RANGE, "Value out of range for the type: smallint");
  sc_put_big(out, (uint16_t)number, 2);
  return SC_OK;
}

/* An OID has no sign, and Prisma's Int holds only the lower half of them. */
sc_status sc_encode_oid(buf *out, const void *value)
{
  int32_t number;
  memcpy(&number, value, sizeof number);
  if (number < 0) return sc_fail(SC_OUT_OF_RANGE, "Value out of range for the type: oid");
  sc_put_big(out, (uint32_t)number, 4);
  return SC_OK;
}

sc_status sc_encode_int8(buf *out, const void *value)
{
  int64_t number;
  memcpy(&number, value, sizeof number);
  sc_put_big(out, (uint64_t)number, 8);
  return SC_OK;
}

static sc_status give_int4(int32_t number, void *value)
{
  memcpy(value, &number, sizeof number);
  return SC_OK;
}

sc_status sc_decode_int4(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 4) return sc_codec_broken("int4");
  return give_int4((int32_t)sc_get32(bytes.ptr), value);
}

sc_status sc_decode_int2(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 2) return sc_codec_broken("int2");
  return give_int4((int16_t)sc_get16(bytes.ptr), value);
}

sc_status sc_decode_oid(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 4) return sc_codec_broken("oid");
  if (sc_get32(bytes.ptr) > INT32_MAX)
    return sc_fail_as(SC_OUT_OF_RANGE, "P2023",
                      "Inconsistent column data: an oid is out of the range of Int.");
  return give_int4((int32_t)sc_get32(bytes.ptr), value);
}

sc_status sc_decode_int8(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 8) return sc_codec_broken("int8");
  int64_t number = (int64_t)sc_get64(bytes.ptr);
  memcpy(value, &number, sizeof number);
  return SC_OK;
}

bool sc_codec_parse_int(str text, int64_t *out)
{
  bool negative = text.len && text.ptr[0] == '-';
  size_t i = negative ? 1 : 0;
  if (i == text.len) return false;
  uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, value = 0;
  for (; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    uint64_t digit = (uint64_t)(text.ptr[i] - '0');
    if (value > (limit - digit) / 10) return false;
    value = value * 10 + digit;
  }
  *out = negative ? (int64_t)(0 - value) : (int64_t)value;
  return true;
}

sc_status sc_decode_int8_text(arena *mem, str bytes, void *value)
{
  (void)mem;
  int64_t number;
  if (!sc_codec_parse_int(bytes, &number)) return sc_codec_broken("int8");
  memcpy(value, &number, sizeof number);
  return SC_OK;
}

sc_status sc_decode_int4_text(arena *mem, str bytes, void *value)
{
  (void)mem;
  int64_t number;
  if (!sc_codec_parse_int(bytes, &number)) return sc_codec_broken("integer");
  if (number < INT32_MIN || number > INT32_MAX)
    return sc_fail_as(SC_OUT_OF_RANGE, "P2023",
                      "Inconsistent column data: an oid is out of the range of Int.");
  return give_int4((int32_t)number, value);
}

/* ---- floating point ---- */

sc_status sc_encode_float8(buf *out, const void *value)
{
  uint64_t bits;
  memcpy(&bits, value, sizeof bits);
  sc_put_big(out, bits, 8);
  return SC_OK;
}

sc_status sc_encode_float4(buf *out, const void *value)
{
  double number;
  memcpy(&number, value, sizeof number);
  float narrow = (float)number;
  if (isinf(narrow) && !isinf(number))
    return sc_fail(SC_OUT_OF_RANGE, "Value out of range for the type: real");
  uint32_t bits;
  memcpy(&bits, &narrow, sizeof bits);
  sc_put_big(out, bits, 4);
  return SC_OK;
}

sc_status sc_decode_float8(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 8) return sc_codec_broken("float8");
  uint64_t bits = sc_get64(bytes.ptr);
  memcpy(value, &bits, sizeof bits);
  return SC_OK;
}

sc_status sc_decode_float4(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 4) return sc_codec_broken("float4");
  uint32_t bits = sc_get32(bytes.ptr);
  float narrow;
  memcpy(&narrow, &bits, sizeof narrow);
  double number = (double)narrow;
  memcpy(value, &number, sizeof number);
  return SC_OK;
}

static double special_float(str text)
{
  if (str_eq(text, STR("Infinity"))) return (double)INFINITY;
  if (str_eq(text, STR("-Infinity"))) return (double)-INFINITY;
  return (double)NAN;
}

sc_status sc_decode_float_text(arena *mem, str bytes, void *value)
{
  (void)mem;
  char text[64];
  if (!bytes.len || bytes.len >= sizeof text) return sc_codec_broken("float");
  memcpy(text, bytes.ptr, bytes.len);
  text[bytes.len] = '\0';
  double number = sc_decimal_to_double((sc_decimal){text}); /* strtod would heed the locale */
  if (isnan(number)) {
    number = special_float(bytes);
    if (isnan(number) && !str_eq(bytes, STR("NaN"))) return sc_codec_broken("float");
  }
  memcpy(value, &number, sizeof number);
  return SC_OK;
}
