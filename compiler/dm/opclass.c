#include "dm/opclass.h"

#define GIN    (1u << DM_GIN)
#define GIST   (1u << DM_GIST)
#define SPGIST (1u << DM_SPGIST)
#define BRIN   (1u << DM_BRIN)

static const dm_opclass rows[] = {
#define OPCLASS(name, sql, types, native, scalar)                                                            \
  {STR_INIT(name), STR_INIT(sql), types, DM_NATIVE_##native, DM_##scalar},
#include "dm/opclass.def"
#undef OPCLASS
};

str dm_opclass_shown(str name)
{
  return str_eq(name, STR("UuidMinMaxMultiOps")) ? STR("BitMinMaxOps") : name;
}

const dm_opclass *dm_find_opclass(str name)
{
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (str_eq(rows[i].name, name)) return &rows[i];
  return NULL;
}
