/* Values of argument structs: whether they are given, and how they become parameters. */
#include "codec/codec.h"
#include "engine/ask.h"
#include "engine/held.h"
#include "error/error.h"

#include <limits.h>

/* ---- how values of each type are held: descriptor.h's table ---- */

#define PLAIN(T)         sizeof(T), sizeof(T), SC_GIVEN_POINTER, 0
#define TAGGED(plain, T) sizeof(plain), sizeof(T), SC_GIVEN_FLAG, offsetof(T, given)

static const sc_held held_rows[] = {
    [SC_TYPE_STRING] = {PLAIN(const char *)},
    [SC_TYPE_BOOLEAN] = {TAGGED(bool, sc_bool)},
    [SC_TYPE_INT] = {TAGGED(int32_t, sc_int)},
    [SC_TYPE_BIGINT] = {TAGGED(int64_t, sc_bigint)},
    [SC_TYPE_FLOAT] = {TAGGED(double, sc_float)},
    [SC_TYPE_DECIMAL] = {PLAIN(sc_decimal)},
    [SC_TYPE_DATETIME] = {TAGGED(sc_time, sc_time)},
    [SC_TYPE_JSON] = {PLAIN(sc_json)},
    [SC_TYPE_BYTES] = {PLAIN(sc_bytes)},
    [SC_TYPE_ENUM] = {sizeof(int32_t), sizeof(int32_t), SC_GIVEN_NUMBER, 0},
};

const sc_held *sc_held_of(const sc_field *field)
{
  return &held_rows[field->type];
}

/* ---- given or not ---- */

sc_given sc_given_pointer(sc_ask *ask, const sc_model *model, const char *field, const void *pointer)
{
  if (!pointer) return SC_NOT_GIVEN;
  if (pointer == (const void *)sc_mark_null) {
    sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, field, "Argument `%s` must not be NULL.", field);
    return SC_GIVEN_WRONG;
  }
  if (pointer == (const void *)sc_mark_no_memory) {
    sc_ask_broken(ask);
    return SC_GIVEN_WRONG;
  }
  return SC_GIVEN;
}

sc_given sc_given_list(sc_ask *ask, const sc_model *model, const char *field, const sc_list *list)
{
  sc_given given = sc_given_pointer(ask, model, field, list->items);
  if (given != SC_GIVEN || list->items != (const void *)sc_mark_empty || list->len == 0) return given;
  sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, field, "Argument `%s` has %zu items but no array.", field,
              list->len);
  return SC_GIVEN_WRONG;
}

static sc_given enum_given(sc_ask *ask, const sc_model *model, const sc_field *field, int32_t value)
{
  if (value == 0) return SC_NOT_GIVEN;
  if (value > 0 && (uint32_t)value <= field->enum_->value_count) return SC_GIVEN;
  sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, field->name, "Argument `%s`: %d is no value of enum `%s`.",
              field->name, (int)value, field->enum_->name);
  return SC_GIVEN_WRONG;
}

sc_given sc_given_item(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held)
{
  const sc_held *how = sc_held_of(field);
  const void *pointer;
  int32_t number;
  switch ((sc_given_how)how->how) {
  case SC_GIVEN_FLAG: return ((const unsigned char *)held)[how->flag] ? SC_GIVEN : SC_NOT_GIVEN;
  case SC_GIVEN_NUMBER: memcpy(&number, held, sizeof number); return enum_given(ask, model, field, number);
  case SC_GIVEN_POINTER: break;
  }
  memcpy(&pointer, held, sizeof pointer);
  if (pointer && field->type == SC_TYPE_BYTES) { /* {data, len} is a list of bytes */
    sc_list bytes;
    memcpy(&bytes, held, sizeof bytes);
    return sc_given_list(ask, model, field->name, &bytes);
  }
  return sc_given_pointer(ask, model, field->name, pointer);
}

sc_given sc_ask_given(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held)
{
  if (!(field->flags & SC_FIELD_LIST)) return sc_given_item(ask, model, field, held);
  sc_list list;
  memcpy(&list, held, sizeof list);
  return sc_given_list(ask, model, field->name, &list);
}

/* ---- parameters ---- */

/* Adds what the codec said to the error: whose value it was. */
static void name_error(sc_ask *ask, const sc_model *model, const sc_field *field, sc_status status)
{
  if (ask->status != SC_OK) return;
  ask->status = status;
  if (status != SC_NO_MEMORY) sc_error_name(model ? model->name : NULL, &field->name, 1);
}

/* Money has no operator with numeric and no exact binary form: it travels as numeric. */
static unsigned wire_native(const sc_field *field)
{
  return field->native == SC_NATIVE_MONEY ? SC_NATIVE_DECIMAL : field->native;
}

const sc_codec *sc_field_codec(const sc_field *field)
{
  return sc_codec_of(wire_native(field));
}

static const char *enum_label(const sc_field *field, const void *value)
{
  int32_t number;
  memcpy(&number, value, sizeof number);
  return number > 0 && (uint32_t)number <= field->enum_->value_count
             ? field->enum_->values[number - 1].db_name
             : NULL;
}

/* A scalar as a parameter. Texts are sent from where they are. */
static sc_status encode(const sc_codec *codec, const sc_field *field, arena *mem, const void *value,
                        sc_param *out)
{
  *out = (sc_param){.type = codec->oid, .format = codec->format};
  if (field->type == SC_TYPE_ENUM) out->value = enum_label(field, value);
  if (field->type == SC_TYPE_STRING && codec->format == 0) memcpy(&out->value, value, sizeof out->value);
  if (out->value) {
    out->length = (int)strlen(out->value);
    return SC_OK;
  }
  buf bytes = {.mem = mem, .cap = 16}; /* most are numbers */
  bytes.ptr = sc_arena_raw(mem, bytes.cap);
  if (!bytes.ptr) return sc_fail_memory();
  sc_status status = sc_codec_encode(codec, &bytes, value);
  if (status != SC_OK) return status;
  if (codec->format == 0 && !sc_buf_c(&bytes)) bytes.broken = true;
  if (bytes.broken || bytes.len > INT_MAX) return sc_fail_memory();
  out->value = bytes.ptr;
  out->length = (int)bytes.len;
  return SC_OK;
}

void sc_ask_item(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held)
{
  if (ask->status != SC_OK) return;
  sc_param param;
  sc_status status = encode(sc_field_codec(field), field, ask->mem, held, &param);
  if (status != SC_OK) name_error(ask, model, field, status);
  sc_ask_param(ask, param);
  if (field->native == SC_NATIVE_MONEY) ASK_SQL(ask, "::numeric::money");
}

void sc_ask_type(sc_ask *ask, const sc_field *field, bool element)
{
  if (field->type == SC_TYPE_ENUM)
    sc_ask_qualified(ask, field->enum_->schema, field->enum_->db_name);
  else
    sc_ask_text(ask, str_from(sc_codec_of(field->native)->name));
  if (!element && field->flags & SC_FIELD_LIST) ASK_SQL(ask, "[]");
}

/* Labels instead of numbers; NULL when memory ran out. */
static const char **enum_labels(sc_ask *ask, const sc_field *field, const char *items, size_t stride,
                                size_t count)
{
  const char **labels = arena_array(ask->mem, const char *, count);
  for (size_t i = 0; labels && i < count; i++) labels[i] = enum_label(field, items + i * stride);
  return labels;
}

/* Every item must be a value: no mark, no NULL, no number outside the enum. */
static bool items_are_values(sc_ask *ask, const sc_model *model, const sc_field *field, const char *items,
                             size_t stride, size_t count, const bool *missing)
{
  if (sc_held_of(field)->how == SC_GIVEN_FLAG) return true;
  for (size_t i = 0; i < count; i++) {
    if (missing && missing[i]) continue;
    sc_given given = sc_given_item(ask, model, field, items + i * stride);
    if (given == SC_NOT_GIVEN)
      sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, field->name,
                  "Argument `%s`: item %zu of the list is no value.", field->name, i);
    if (given != SC_GIVEN) return false;
  }
  return true;
}

void sc_ask_array(sc_ask *ask, const sc_model *model, const sc_field *field, const void *items, size_t stride,
                  size_t count, const bool *missing)
{
  if (ask->status != SC_OK || !items_are_values(ask, model, field, items, stride, count, missing)) return;
  const sc_codec *codec = sc_field_codec(field);
  if (field->type == SC_TYPE_ENUM) {
    items = enum_labels(ask, field, items, stride, count);
    stride = sizeof(const char *);
    if (!items) {
      sc_ask_broken(ask);
      return;
    }
  }
  buf bytes = {.mem = ask->mem};
  sc_status status = sc_codec_encode_array(codec, &bytes, items, stride, count, missing);
  if (status != SC_OK) name_error(ask, model, field, status);
  const char *value = sc_buf_c(&bytes);
  if (!value || bytes.len > INT_MAX) {
    sc_ask_broken(ask);
    return;
  }
  sc_ask_param(ask, (sc_param){value, (int)bytes.len, codec->array_format, codec->array_oid});
  if (field->native == SC_NATIVE_MONEY) ASK_SQL(ask, "::numeric[]::money[]");
  if (codec->array_oid == 0) { /* the server could not tell inside unnest */
    ASK_SQL(ask, "::");
    sc_ask_type(ask, field, true);
    ASK_SQL(ask, "[]");
  }
}

void sc_ask_list(sc_ask *ask, const sc_model *model, const sc_field *field, const sc_list *list)
{
  sc_ask_array(ask, model, field, list->items, sc_held_of(field)->plain, list->len, NULL);
}

void sc_ask_value(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held)
{
  if (field->flags & SC_FIELD_LIST) {
    sc_list list;
    memcpy(&list, held, sizeof list);
    sc_ask_list(ask, model, field, &list);
  } else {
    sc_ask_item(ask, model, field, held);
  }
}
