#include "dm/scopes.h"

/* The names of one namespace. Hardly any is there twice, so that one question is answered without looking. */
typedef struct namespace namespace;
struct namespace
{
  table *first; /* name -> the dm_index that has it first, or foreign_key */
  table *twice; /* the names that something else has too */
};

struct dm_scopes {
  arena *mem;
  namespace in_schema, in_table, client;
};

/* Stands for a foreign key among the keys. */
static dm_index foreign_key;

static namespace new_namespace(arena *mem)
{
  return (namespace){sc_table_new(mem), sc_table_new(mem)};
}

static const dm_index *find(const dm_scopes *scopes, const namespace *names, str scope, str name)
{
  char room[DM_KEY_ROOM];
  return sc_table_get(names->first, dm_key_of(scopes->mem, room, sizeof room, scope, name));
}

static bool is_twice(const dm_scopes *scopes, const namespace *names, str scope, str name)
{
  char room[DM_KEY_ROOM];
  if (!sc_table_count(names->twice)) return false;
  return sc_table_get(names->twice, dm_key_of(scopes->mem, room, sizeof room, scope, name)) != NULL;
}

static void count(dm_scopes *scopes, namespace *names, str scope, str name, dm_index *index)
{
  char room[DM_KEY_ROOM];
  str key = dm_key_of(scopes->mem, room, sizeof room, scope, name);
  void **slot = sc_table_slot(names->first, key);
  if (*slot)
    sc_table_put(names->twice, key, *slot);
  else
    *slot = index;
}

static void count_key(dm_scopes *scopes, dm_key_draft *key)
{
  dm_index *index = &key->index;
  str in_table = DM_BYTES(index->model->index);
  count(scopes, &scopes->in_schema, index->model->schema, index->db_name, index);
  count(scopes, &scopes->in_table, in_table, index->db_name, index);
  if (index->client_named) count(scopes, &scopes->client, in_table, index->client_name, index);
}

/* A list without an opposite counts where it stands, under the name that a key of the other model would have:
 * that is how Prisma counts, and it shows in relations of a model to itself. */
static void count_relation(dm_scopes *scopes, const dm_pair *pair)
{
  if (pair->kind == DM_MANY_TO_MANY) return;
  const dm_side *side = pair->from ? pair->from : pair->to;
  count(scopes, &scopes->in_table, DM_BYTES(side->draft->model->index), pair->db_name, &foreign_key);
}

dm_scopes *dm_scopes_new(dm_pass *pass)
{
  dm_scopes *scopes = arena_new(pass->mem, dm_scopes);
  *scopes =
      (dm_scopes){pass->mem, new_namespace(pass->mem), new_namespace(pass->mem), new_namespace(pass->mem)};
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    const dm_draft *draft = pass->drafts[m];
    dm_fetch_keys(pass, m);
    if (draft->primary_key) count_key(scopes, draft->primary_key);
    for (size_t k = 0; k < draft->keys.len; k++) count_key(scopes, draft->keys.items[k]);
  }
  for (size_t i = 0; i < pass->pairs.len; i++) count_relation(scopes, &pass->pairs.items[i]);
  return scopes;
}

bool dm_scopes_clash_in_schema(const dm_scopes *scopes, const dm_model *model, str name)
{
  return is_twice(scopes, &scopes->in_schema, model->schema, name);
}

bool dm_scopes_clash_in_table(const dm_scopes *scopes, const dm_model *model, str name)
{
  return is_twice(scopes, &scopes->in_table, DM_BYTES(model->index), name);
}

bool dm_scopes_in_schema(const dm_scopes *scopes, const dm_model *model, str name)
{
  return find(scopes, &scopes->in_schema, model->schema, name) != NULL;
}

bool dm_scopes_in_table(const dm_scopes *scopes, const dm_model *model, str name)
{
  return find(scopes, &scopes->in_table, DM_BYTES(model->index), name) != NULL;
}

const dm_index *dm_scopes_first(const dm_scopes *scopes, const dm_index *index)
{
  const dm_index *found = find(scopes, &scopes->in_schema, index->model->schema, index->db_name);
  return found != index ? found : NULL;
}

bool dm_scopes_client_clash(const dm_scopes *scopes, const dm_model *model, str name)
{
  return is_twice(scopes, &scopes->client, DM_BYTES(model->index), name);
}

const dm_index *dm_scopes_client_key(const dm_scopes *scopes, const dm_model *model, str name)
{
  return find(scopes, &scopes->client, DM_BYTES(model->index), name);
}
