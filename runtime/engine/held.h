/* How a program holds values in argument structs, and what its marks mean. Used by everything that reads
 * arguments. */
#ifndef ENGINE_HELD_H
#define ENGINE_HELD_H

#include "codec/codec.h"
#include "engine/ask.h"

typedef enum sc_given_how {
  SC_GIVEN_POINTER, /* the first member is a pointer: given unless NULL */
  SC_GIVEN_FLAG,    /* a bool at `flag` */
  SC_GIVEN_NUMBER,  /* an int32_t: given unless 0 */
} sc_given_how;

/* A held value begins with the plain one. */
typedef struct sc_held sc_held;
struct sc_held {
  uint8_t plain; /* size of the plain value: int32_t, const char *, sc_json … */
  uint8_t size;  /* size as held: sc_int, const char *, sc_json … */
  uint8_t how;   /* sc_given_how */
  uint8_t flag;  /* offset of the bool */
};

const sc_held *sc_held_of(const sc_field *field);
/* How a field's values travel; money does as numeric, with a cast in the SQL. */
const sc_codec *sc_field_codec(const sc_field *field);

/* sc_ask_given of single things; `field` names them in an error. */
sc_given sc_given_pointer(sc_ask *ask, const sc_model *model, const char *field, const void *pointer);
sc_given sc_given_list(sc_ask *ask, const sc_model *model, const char *field, const sc_list *list);
/* Of a scalar, or of one item of a list field. */
sc_given sc_given_item(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held);

/* The pointer or list at an offset of an argument struct. */
static inline const void *sc_pointer_at(const void *args, size_t offset)
{
  const void *pointer;
  memcpy(&pointer, (const char *)args + offset, sizeof pointer);
  return pointer;
}

static inline sc_list sc_list_at(const void *args, size_t offset)
{
  sc_list list;
  memcpy(&list, (const char *)args + offset, sizeof list);
  return list;
}

static inline int64_t sc_integer_at(const void *args, size_t offset)
{
  int64_t value;
  memcpy(&value, (const char *)args + offset, sizeof value);
  return value;
}

/* Argument structs are large and mostly zero. (gcc and clang make what the machine has of this.) */
typedef uint64_t sc_words __attribute__((vector_size(16)));

static inline sc_words sc_words_at(const char *at, size_t offset)
{
  sc_words words;
  memcpy(&words, at + offset, sizeof words);
  return words;
}

/* 64 bytes or'ed together. */
static inline sc_words sc_block_at(const char *at, size_t offset)
{
  return (sc_words_at(at, offset) | sc_words_at(at, offset + 16)) |
         (sc_words_at(at, offset + 32) | sc_words_at(at, offset + 48));
}

/* The beginning of a block of at most 64 bytes, counted from `from`, that is not all zero; `end` when there
 * is none. */
static inline const char *sc_skip_zeros(const char *from, const char *end)
{
  for (; end - from >= 256; from += 256) {
    sc_words any =
        (sc_block_at(from, 0) | sc_block_at(from, 64)) | (sc_block_at(from, 128) | sc_block_at(from, 192));
    if (any[0] | any[1]) break;
  }
  for (; end - from >= 64; from += 64) {
    sc_words any = sc_block_at(from, 0);
    if (any[0] | any[1]) return from;
  }
  for (; end - from >= 16; from += 16) {
    sc_words any = sc_words_at(from, 0);
    if (any[0] | any[1]) return from;
  }
  for (; from < end; from++)
    if (*from) return from;
  return end;
}

#endif
