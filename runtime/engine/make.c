/* Values that the client makes, and values of records that go into the next statement. */
#include "codec/id.h"
#include "engine/held.h"
#include "engine/write.h"

/* A maker writes at most SC_NANOID_MOST characters and a NUL. */
typedef char id_text[SC_NANOID_MOST + 1];

static char *make_nanoid(char *out, size_t length)
{
  bool sound = length >= SC_NANOID_LEAST && length <= SC_NANOID_MOST;
  return sc_id_nanoid(out, sound ? length : 21);
}

static const char *make(unsigned maker, size_t argument, id_text out)
{
  switch ((sc_maker)maker) {
  case SC_MAKE_UUID4: return sc_id_uuid4(out);
  case SC_MAKE_UUID7: return sc_id_uuid7(out);
  case SC_MAKE_CUID1: return sc_id_cuid1(out);
  case SC_MAKE_CUID2: return sc_id_cuid2(out);
  case SC_MAKE_ULID: return sc_id_ulid(out);
  case SC_MAKE_NANOID: return make_nanoid(out, argument);
  case SC_MAKE_NONE: break;
  }
  return "";
}

const void *sc_make(arena *mem, const sc_field *field)
{
  id_text text;
  const char **held = arena_new(mem, const char *);
  if (!held) return NULL;
  *held = sc_str_c(mem, str_from(make(field->maker, field->maker_argument, text)));
  return *held ? held : NULL;
}

/* A record has plain values where an argument has tagged ones (sc_int): the tag is put behind. */
bool sc_hold(arena *mem, const sc_field *field, const void *record, const void **held)
{
  const void *value = (const char *)record + field->record;
  const sc_held *how = sc_held_of(field);
  bool list = field->flags & SC_FIELD_LIST, text = field->type == SC_TYPE_STRING;
  bool pointer = !list && !text && field->flags & SC_FIELD_NULLABLE;
  if (pointer || (text && !list)) {
    const void *target;
    memcpy(&target, value, sizeof target);
    if (!target) value = NULL;
    if (target && pointer) value = target;
  }
  *held = value;
  if (!value || list || how->how != SC_GIVEN_FLAG) return true;
  unsigned char *copy = sc_arena_alloc(mem, how->size);
  if (!copy) return false;
  memcpy(copy, value, how->plain);
  copy[how->flag] = 1;
  *held = copy;
  return true;
}
