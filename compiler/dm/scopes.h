/* Constraint names and the namespaces in which PostgreSQL wants them different: primary keys and indexes
 * share one a schema; primary keys, indexes and foreign keys share one a table. */
#ifndef DM_SCOPES_H
#define DM_SCOPES_H

#include "dm/resolve.h"

typedef struct dm_scopes dm_scopes;

/* Counts every name of the schema. */
dm_scopes *dm_scopes_new(dm_pass *pass);
bool dm_scopes_clash_in_schema(const dm_scopes *scopes, const dm_model *model, str name);
bool dm_scopes_clash_in_table(const dm_scopes *scopes, const dm_model *model, str name);
/* A key, an index or (in the table) a foreign key has the name. */
bool dm_scopes_in_schema(const dm_scopes *scopes, const dm_model *model, str name);
bool dm_scopes_in_table(const dm_scopes *scopes, const dm_model *model, str name);
/* The first key of the schema that has the name of `index`, other than it; NULL: itself. */
const dm_index *dm_scopes_first(const dm_scopes *scopes, const dm_index *index);
/* Client names given by `name:` to @@id and @@unique. */
bool dm_scopes_client_clash(const dm_scopes *scopes, const dm_model *model, str name);
/* The key that has this client name, NULL: none. */
const dm_index *dm_scopes_client_key(const dm_scopes *scopes, const dm_model *model, str name);

#endif
