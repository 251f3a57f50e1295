/* What @@id, @@unique, @@index and @@fulltext have in common: a list of fields. */
#ifndef DM_ATTR_KEY_H
#define DM_ATTR_KEY_H

#include "dm/attributes.h"

/* The keys that `value` names, with sort, length and operator class. False after reports when it names none;
 * fields that are unknown or relations are left in the two lists for the caller to report. */
typedef VEC(str) dm_names_list;

typedef struct dm_key_problems dm_key_problems;
struct dm_key_problems {
  dm_names_list unknown;
  VEC(const dm_field *) relations;
};

bool dm_resolve_keys(dm_attrs *attrs, dm_draft *draft, const ast_expr *value, dm_key_draft *key,
                     dm_key_problems *problems);

dm_key_draft *dm_new_key(dm_attrs *attrs, dm_draft *draft, dm_index_kind kind);
/* sort: Asc or Desc of @id and @unique; anything else is reported. */
dm_sort dm_arg_sort(dm_attrs *attrs);
void dm_arg_clustered(dm_attrs *attrs, dm_key_draft *key);
void dm_check_client_name(dm_attrs *attrs, const dm_model *model, const char *attribute, str name);

#endif
