#include "codec/codec.h"

#include "codec/convert.h"
#include "error/error.h"

enum { TEXT, BINARY };

static const sc_codec codecs[] = {
#define CODEC(native, name, oid, array_oid, held, format, array_format, encode, decode_binary, decode_text)  \
  [SC_NATIVE_##native] = {name,         sizeof(held), oid,           array_oid,  format,                     \
                          array_format, encode,       decode_binary, decode_text},
#include "codec/codec.def"
#undef CODEC
};

const sc_codec *sc_codec_of(unsigned native)
{
  return &codecs[native < sizeof codecs / sizeof codecs[0] ? native : SC_NATIVE_TEXT];
}

sc_status sc_codec_broken(const char *type)
{
  return sc_fail_as(SC_DATABASE_ERROR, "P2023",
                    "Inconsistent column data: the server sent what is not a valid %s.", type);
}

sc_status sc_codec_encode(const sc_codec *codec, buf *out, const void *value)
{
  sc_status s = codec->encode(out, value);
  if (s == SC_OK && codec->format == TEXT) sc_buf_c(out);
  return s == SC_OK && out->broken ? sc_fail_memory() : s;
}

/* ---- lists ---- */

static const void *element(const void *values, size_t stride, size_t i)
{
  return (const char *)values + stride * i;
}

/* The manual's section 8.15.6: every element in double quotes, where a backslash stands before quotes and
 * itself. */
static sc_status encode_literal(const sc_codec *codec, buf *out, const void *values, size_t stride,
                                size_t count, const bool *nulls)
{
  buf_char(out, '{');
  for (size_t i = 0; i < count; i++) {
    if (i) buf_char(out, ',');
    if (nulls && nulls[i]) {
      BUF_LIT(out, "NULL");
      continue;
    }
    buf text = {.mem = out->mem};
    sc_status s = codec->encode(&text, element(values, stride, i));
    if (s != SC_OK) return s;
    if (text.broken) out->broken = true;
    buf_char(out, '"');
    for (size_t at = 0; at < text.len; at++) {
      if (text.ptr[at] == '"' || text.ptr[at] == '\\') buf_char(out, '\\');
      buf_char(out, text.ptr[at]);
    }
    buf_char(out, '"');
  }
  buf_char(out, '}');
  sc_buf_c(out);
  return SC_OK;
}

/* array_recv: dimensions, whether there are NULLs, the element's type, then each dimension's length and lower
 * bound, then each element with its length in front, -1 for NULL. */
static sc_status encode_binary_array(const sc_codec *codec, buf *out, const void *values, size_t stride,
                                     size_t count, const bool *nulls)
{
  sc_put_big(out, count ? 1 : 0, 4);
  sc_put_big(out, nulls ? 1 : 0, 4);
  sc_put_big(out, codec->oid, 4);
  if (count) {
    sc_put_big(out, count, 4);
    sc_put_big(out, 1, 4);
  }
  for (size_t i = 0; i < count; i++) {
    if (nulls && nulls[i]) {
      sc_put_big(out, UINT32_MAX, 4);
      continue;
    }
    size_t length_at = out->len;
    sc_put_big(out, 0, 4);
    sc_status s = codec->encode(out, element(values, stride, i));
    if (s != SC_OK) return s;
    if (out->broken) break;
    size_t end = out->len, len = end - length_at - 4;
    if (len > INT32_MAX) return sc_fail(SC_INVALID_ARGUMENT, "An element of a list is too long.");
    out->len = length_at;
    sc_put_big(out, len, 4);
    out->len = end;
  }
  return SC_OK;
}

sc_status sc_codec_encode_array(const sc_codec *codec, buf *out, const void *values, size_t stride,
                                size_t count, const bool *nulls)
{
  if (count > INT32_MAX) return sc_fail(SC_INVALID_ARGUMENT, "A list is too long.");
  sc_status s = codec->array_format == BINARY ? encode_binary_array(codec, out, values, stride, count, nulls)
                                              : encode_literal(codec, out, values, stride, count, nulls);
  return s == SC_OK && out->broken ? sc_fail_memory() : s;
}

sc_status sc_codec_decode(const sc_codec *codec, arena *mem, str bytes, bool binary, void *value)
{
  if (binary) return codec->decode_binary(mem, bytes, value);
  if (codec->decode_text) return codec->decode_text(mem, bytes, value);
  return sc_codec_broken(codec->name);
}

static sc_status decode_elements(const sc_codec *codec, arena *mem, str bytes, char *items, size_t count)
{
  for (size_t i = 0; i < count; i++, items += codec->size) {
    if (bytes.len < 4) return sc_codec_broken("list");
    uint32_t len = sc_get32(bytes.ptr);
    bytes = str_slice(bytes, 4, bytes.len);
    if (len == UINT32_MAX)
      return sc_fail_as(SC_DATABASE_ERROR, "P2023", "Inconsistent column data: a list holds a NULL.");
    if (len > bytes.len) return sc_codec_broken("list");
    sc_status s = codec->decode_binary(mem, str_slice(bytes, 0, len), items);
    if (s != SC_OK) return s;
    bytes = str_slice(bytes, len, bytes.len);
  }
  return bytes.len ? sc_codec_broken("list") : SC_OK;
}

sc_status sc_codec_decode_array(const sc_codec *codec, arena *mem, str bytes, sc_list *list)
{
  *list = (sc_list){0};
  if (bytes.len < 12) return sc_codec_broken("list");
  uint32_t dimensions = sc_get32(bytes.ptr);
  if (dimensions > 1)
    return sc_fail_as(SC_DATABASE_ERROR, "P2023",
                      "Inconsistent column data: a list has more than one dimension.");
  size_t count = 0;
  if (dimensions == 1) {
    if (bytes.len < 20) return sc_codec_broken("list");
    count = sc_get32(bytes.ptr + 12);
    bytes = str_slice(bytes, 20, bytes.len);
    if (count > bytes.len / 4) return sc_codec_broken("list");
  } else {
    bytes = str_slice(bytes, 12, bytes.len);
  }
  char *items = sc_arena_array(mem, count, codec->size);
  if (!items) return sc_fail_memory();
  sc_status s = decode_elements(codec, mem, bytes, items, count);
  if (s == SC_OK) *list = (sc_list){items, count};
  return s;
}
