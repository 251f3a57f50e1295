#include "dm/scopes.h"

#include <stdio.h>

typedef struct entry entry;
struct entry {
  size_t count;
  const dm_index *index; /* the first one, of client names */
};

struct dm_scopes {
  arena *mem;
  table *in_schema, *in_table, *client;
};

/* A number or a schema, then the name: keys of the tables. */
static str scoped(arena *mem, char *room, size_t size, str scope, str name)
{
  int len = snprintf(room, size, "%.*s\n%.*s", STR_ARG(scope), STR_ARG(name));
  if (len >= 0 && (size_t)len < size) return (str){room, (size_t)len};
  return sc_str_format(mem, "%.*s\n%.*s", STR_ARG(scope), STR_ARG(name));
}

static str table_scope(const dm_model *model, char *room, size_t size)
{
  int len = snprintf(room, size, "%zu", model->index);
  return (str){room, len > 0 ? (size_t)len : 0};
}

static entry *find(const dm_scopes *scopes, const table *names, str scope, str name)
{
  char room[256];
  return sc_table_get(names, scoped(scopes->mem, room, sizeof room, scope, name));
}

static void count(dm_scopes *scopes, table *names, str scope, str name, const dm_index *index)
{
  char room[256];
  entry *found = find(scopes, names, scope, name);
  if (!found) {
    found = arena_new(scopes->mem, entry);
    found->index = index;
    sc_table_put(names, scoped(scopes->mem, room, sizeof room, scope, name), found);
  }
  found->count++;
}

static void count_key(dm_scopes *scopes, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  char room[32];
  str in_table = table_scope(index->model, room, sizeof room);
  if (!index->model->is_view) {
    count(scopes, scopes->in_schema, index->model->schema, index->db_name, index);
    count(scopes, scopes->in_table, in_table, index->db_name, index);
  }
  if (index->client_named) count(scopes, scopes->client, in_table, index->client_name, index);
}

static void count_relation(dm_pass *pass, dm_scopes *scopes, const dm_pair *pair)
{
  if (pair->kind == DM_MANY_TO_MANY) return;
  const dm_model *model = pair->from ? pair->from->draft->model : pair->to->target->model;
  char room[32];
  str name = pair->from ? dm_foreign_key_name(pass, pair->from)
                        : dm_default_name(pass->mem, model->db_name, (const str[]){STR_NONE}, 1, "_fkey");
  count(scopes, scopes->in_table, table_scope(model, room, sizeof room), name, NULL);
}

dm_scopes *dm_scopes_new(dm_pass *pass)
{
  dm_scopes *scopes = arena_new(pass->mem, dm_scopes);
  *scopes = (dm_scopes){pass->mem, sc_table_new(pass->mem), sc_table_new(pass->mem), sc_table_new(pass->mem)};
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    const dm_draft *draft = pass->drafts[m];
    if (draft->primary_key) count_key(scopes, draft->primary_key);
    for (size_t k = 0; k < draft->keys.len; k++) count_key(scopes, draft->keys.items[k]);
  }
  for (size_t i = 0; i < pass->pairs.len; i++) count_relation(pass, scopes, &pass->pairs.items[i]);
  return scopes;
}

bool dm_scopes_clash_in_schema(const dm_scopes *scopes, const dm_model *model, str name)
{
  const entry *found = find(scopes, scopes->in_schema, model->schema, name);
  return found && found->count > 1;
}

bool dm_scopes_clash_in_table(const dm_scopes *scopes, const dm_model *model, str name)
{
  char room[32];
  const entry *found = find(scopes, scopes->in_table, table_scope(model, room, sizeof room), name);
  return found && found->count > 1;
}

bool dm_scopes_client_clash(const dm_scopes *scopes, const dm_model *model, str name)
{
  char room[32];
  const entry *found = find(scopes, scopes->client, table_scope(model, room, sizeof room), name);
  return found && found->count > 1;
}

const dm_index *dm_scopes_client_key(const dm_scopes *scopes, const dm_model *model, str name)
{
  char room[32];
  const entry *found = find(scopes, scopes->client, table_scope(model, room, sizeof room), name);
  return found ? found->index : NULL;
}
