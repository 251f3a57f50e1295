/* PostgreSQL's types in and out of C: one row of codec.def for each.
 *
 * A value in C is what descriptor.h's table says for its type: int32_t, int64_t, double, bool, const char *,
 * sc_decimal, sc_time, sc_json, sc_bytes. The tagged input values (sc_int …) begin with the same, so either
 * may be encoded. An enum's value is the const char * of its database name.
 *
 * Encoding appends a parameter's bytes to a buf and says in which format; the buf may be broken, which the
 * caller tests once. Text parameters are NUL-terminated, the NUL not counted. Decoding takes the bytes of a
 * result, in binary format or, where there is a decode_text, in text; what it makes lives in the arena.
 *
 * Failure: SC_OUT_OF_RANGE or SC_INVALID_ARGUMENT for a value that the type cannot hold, SC_DATABASE_ERROR
 * (P2023) for bytes that are no value of the type, SC_NO_MEMORY. The caller adds the field's name
 * (sc_error_name). */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include "base/buf.h"

#include <schemac/descriptor.h>

/* For pg_type.oid; the same as libpq's Oid. */
typedef unsigned int sc_oid;

typedef struct sc_codec sc_codec;
struct sc_codec {
  const char *name; /* PostgreSQL's: "int4" */
  size_t size;      /* of the value in C */
  /* To be sent as the parameter's type; 0 where the server does better to infer it from the column (char,
   * citext, enums: a parameter typed text would choose the operators of text). */
  sc_oid oid, array_oid;
  int format;       /* of the parameter: 0 text, 1 binary */
  int array_format; /* of a parameter that is a list of them */
  sc_status (*encode)(buf *out, const void *value);
  sc_status (*decode_binary)(arena *mem, str bytes, void *value);
  sc_status (*decode_text)(arena *mem, str bytes, void *value); /* NULL: only binary is read */
};

/* Of a column's type (enum sc_native; SC_NATIVE_NONE is an enum's). Never NULL for what descriptor.h names.
 */
const sc_codec *sc_codec_of(unsigned native);

sc_status sc_codec_encode(const sc_codec *codec, buf *out, const void *value);
/* `count` values, `stride` bytes apart; nulls[i] (may be NULL as a whole) makes an element the SQL NULL. */
sc_status sc_codec_encode_array(const sc_codec *codec, buf *out, const void *values, size_t stride,
                                size_t count, const bool *nulls);
sc_status sc_codec_decode(const sc_codec *codec, arena *mem, str bytes, bool binary, void *value);
/* A list in binary format, into {items, len}; a NULL among them, or a second dimension, is P2023. */
sc_status sc_codec_decode_array(const sc_codec *codec, arena *mem, str bytes, sc_list *list);

/* Decimal digits with a sign, within int64_t; false, with *out as it was, for anything else. */
bool sc_codec_parse_int(str text, int64_t *out);

#endif
