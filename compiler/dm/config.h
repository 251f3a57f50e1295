/* What datasource and generator blocks have in common: properties that are looked up once and then gone. */
#ifndef DM_CONFIG_H
#define DM_CONFIG_H

#include "dm/resolve.h"

typedef struct dm_properties dm_properties;
struct dm_properties {
  dm_pass *pass;
  const ast_block *block;
  const ast_property **items; /* NULL once taken */
  size_t len;
};

/* False after a report when one of them has no value. */
bool dm_properties_begin(dm_properties *properties, dm_pass *pass, const ast_block *block);
/* key = value, as reports have it. */
span dm_property_place(const ast_property *property);
/* NULL when there is none. */
const ast_property *dm_property_take(dm_properties *properties, const char *key);

/* "…" or env("X"). False after a report. */
bool dm_config_text(dm_pass *pass, const ast_expr *value, dm_url *out);

/* `has_database`: a datasource that can be used stands in the same file. */
void dm_read_generator(dm_pass *pass, const ast_block *block, bool has_database);

#endif
