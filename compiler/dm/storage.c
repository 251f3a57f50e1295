#include "dm/storage.h"

#include "dm/dm.h"

typedef struct setting setting;
struct setting {
  str name;
  unsigned types; /* bit 1 << dm_index_type */
  dm_setting_kind kind;
  uint32_t least, most;
};

static const setting settings[] = {
#define BTREE                                   1u << DM_BTREE
#define HASH                                    1u << DM_HASH
#define GIN                                     1u << DM_GIN
#define GIST                                    1u << DM_GIST
#define SPGIST                                  1u << DM_SPGIST
#define BRIN                                    1u << DM_BRIN
#define STORAGE(name, types, kind, least, most) {STR_INIT(#name), types, DM_SETTING_##kind, least, most},
#include "dm/storage.def"
#undef STORAGE
#undef BTREE
#undef HASH
#undef GIN
#undef GIST
#undef SPGIST
#undef BRIN
};

static const str words[] = {STR_INIT("auto"), STR_INIT("on"), STR_INIT("off")};
static const str flags[] = {STR_INIT("false"), STR_INIT("true")};
static const str sql_flags[] = {STR_INIT("off"), STR_INIT("on")};

str dm_setting_name(dm_setting one)
{
  return settings[one].name;
}

dm_setting_kind dm_setting_kind_of(dm_setting one)
{
  return settings[one].kind;
}

bool dm_setting_fits(dm_setting one, unsigned type)
{
  return settings[one].types >> type & 1u;
}

static bool read_word(const str *known, size_t count, str text, uint32_t *out)
{
  for (size_t i = 0; i < count; i++)
    if (str_eq(known[i], text)) {
      *out = (uint32_t)i;
      return true;
    }
  return false;
}

static bool read_number(const setting *s, str text, uint32_t *out)
{
  uint64_t number = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9' || number > s->most) return false;
    number = number * 10 + (uint64_t)(text.ptr[i] - '0');
  }
  if (text.len == 0 || number < s->least || number > s->most) return false;
  *out = (uint32_t)number;
  return true;
}

bool dm_setting_read(dm_setting one, str text, uint32_t *out)
{
  const setting *s = &settings[one];
  if (s->kind == DM_SETTING_NUMBER) return read_number(s, text, out);
  if (s->kind == DM_SETTING_FLAG) return read_word(flags, sizeof flags / sizeof *flags, text, out);
  return read_word(words, sizeof words / sizeof *words, text, out);
}

void dm_setting_explain(dm_setting one, buf *out)
{
  const setting *s = &settings[one];
  if (s->kind == DM_SETTING_NUMBER)
    sc_buf_format(out, "a number from %u to %u", (unsigned)s->least, (unsigned)s->most);
  else if (s->kind == DM_SETTING_FLAG)
    BUF_LIT(out, "true or false");
  else
    BUF_LIT(out, "auto, on or off");
}

void dm_storage_write(const dm_storage *storage, bool sql, buf *out)
{
  bool started = false;
  for (size_t i = 0; i < DM_STORAGE_COUNT; i++) {
    if (!storage->said[i]) continue;
    sc_buf_format(out, "%s%.*s%s", started ? ", " : "", STR_ARG(settings[i].name), sql ? " = " : ": ");
    uint32_t value = storage->value[i];
    if (settings[i].kind == DM_SETTING_NUMBER)
      sc_buf_format(out, "%u", (unsigned)value);
    else
      buf_add(out, settings[i].kind == DM_SETTING_WORD ? words[value] : sql ? sql_flags[value] : flags[value]);
    started = true;
  }
}

bool dm_storage_covers(const dm_storage *a, const dm_storage *b)
{
  for (size_t i = 0; b && i < DM_STORAGE_COUNT; i++)
    if (b->said[i] && !(a && a->said[i] && a->value[i] == b->value[i])) return false;
  return true;
}
