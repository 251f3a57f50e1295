#include "dm/scopes.h"

typedef struct entry entry;
struct entry {
  size_t count;
  const dm_index *index; /* the first one; NULL: a foreign key */
};

struct dm_scopes {
  arena *mem;
  table *in_schema, *in_table, *client;
};

static entry *find(const dm_scopes *scopes, const table *names, str scope, str name)
{
  char room[DM_KEY_ROOM];
  return sc_table_get(names, dm_key_of(scopes->mem, room, sizeof room, scope, name));
}

static void count(dm_scopes *scopes, table *names, str scope, str name, const dm_index *index)
{
  char room[DM_KEY_ROOM];
  void **slot = sc_table_slot(names, dm_key_of(scopes->mem, room, sizeof room, scope, name));
  if (!*slot) {
    entry *new = arena_new(scopes->mem, entry);
    new->index = index;
    *slot = new;
  }
  entry *found = *slot;
  found->count++;
}

static void count_key(dm_scopes *scopes, const dm_key_draft *key)
{
  const dm_index *index = &key->index;
  str in_table = DM_BYTES(index->model->index);
  count(scopes, scopes->in_schema, index->model->schema, index->db_name, index);
  count(scopes, scopes->in_table, in_table, index->db_name, index);
  if (index->client_named) count(scopes, scopes->client, in_table, index->client_name, index);
}

/* A list without an opposite counts where it stands, under the name that a key of the other model would have:
 * that is how Prisma counts, and it shows in relations of a model to itself. */
static void count_relation(dm_scopes *scopes, const dm_pair *pair)
{
  if (pair->kind == DM_MANY_TO_MANY) return;
  const dm_side *side = pair->from ? pair->from : pair->to;
  count(scopes, scopes->in_table, DM_BYTES(side->draft->model->index), pair->db_name, NULL);
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
  for (size_t i = 0; i < pass->pairs.len; i++) count_relation(scopes, &pass->pairs.items[i]);
  return scopes;
}

bool dm_scopes_clash_in_schema(const dm_scopes *scopes, const dm_model *model, str name)
{
  const entry *found = find(scopes, scopes->in_schema, model->schema, name);
  return found && found->count > 1;
}

bool dm_scopes_clash_in_table(const dm_scopes *scopes, const dm_model *model, str name)
{
  const entry *found = find(scopes, scopes->in_table, DM_BYTES(model->index), name);
  return found && found->count > 1;
}

bool dm_scopes_in_schema(const dm_scopes *scopes, const dm_model *model, str name)
{
  return find(scopes, scopes->in_schema, model->schema, name) != NULL;
}

bool dm_scopes_in_table(const dm_scopes *scopes, const dm_model *model, str name)
{
  return find(scopes, scopes->in_table, DM_BYTES(model->index), name) != NULL;
}

const dm_index *dm_scopes_first(const dm_scopes *scopes, const dm_index *index)
{
  const entry *found = find(scopes, scopes->in_schema, index->model->schema, index->db_name);
  return found && found->index != index ? found->index : NULL;
}

bool dm_scopes_client_clash(const dm_scopes *scopes, const dm_model *model, str name)
{
  const entry *found = find(scopes, scopes->client, DM_BYTES(model->index), name);
  return found && found->count > 1;
}

const dm_index *dm_scopes_client_key(const dm_scopes *scopes, const dm_model *model, str name)
{
  const entry *found = find(scopes, scopes->client, DM_BYTES(model->index), name);
  return found ? found->index : NULL;
}
