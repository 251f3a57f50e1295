/* Storage settings of an index, of a schema and of a database alike (storage.def). */
#ifndef DM_STORAGE_H
#define DM_STORAGE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum dm_setting {
#define STORAGE(name, types, kind, least, most) DM_STORAGE_##name,
#include "dm/storage.def"
#undef STORAGE
  DM_STORAGE_COUNT
} dm_setting;

/* What an index says of each setting: nothing, or a value. A FLAG is 0 or 1; a WORD is auto, on, off: 0, 1, 2. */
typedef struct dm_storage dm_storage;
struct dm_storage {
  bool said[DM_STORAGE_COUNT];
  uint32_t value[DM_STORAGE_COUNT];
};

typedef enum dm_setting_kind { DM_SETTING_NUMBER, DM_SETTING_FLAG, DM_SETTING_WORD } dm_setting_kind;

str dm_setting_name(dm_setting setting);
dm_setting_kind dm_setting_kind_of(dm_setting setting);
/* Whether indexes of this type have it; `type` is a dm_index_type. */
bool dm_setting_fits(dm_setting setting, unsigned type);
/* Reads a value as a schema writes it: 90, true, off. False: it is none of the setting's. */
bool dm_setting_read(dm_setting setting, str text, uint32_t *out);
/* What its values look like, for a message: "a number from 10 to 100". */
void dm_setting_explain(dm_setting setting, buf *out);
/* "fillfactor: 90, fastupdate: false" in a schema; "fillfactor = 90, fastupdate = off" in SQL. */
void dm_storage_write(const dm_storage *storage, bool sql, buf *out);
/* Whether `a` has every setting that `b` has, with its value. Either may be NULL. */
bool dm_storage_covers(const dm_storage *a, const dm_storage *b);

#endif
