/* The last pass, over a schema without errors: defaults filled in, lists in their final order, relations
 * built. */
#include "dm/resolve.h"

#include <stdlib.h>

/* ---- names of keys and indexes ---- */

static str key_db_name(dm_pass *pass, const dm_index *index)
{
  static const char *const suffixes[] = {
      [DM_PRIMARY_KEY] = "_pkey", [DM_UNIQUE] = "_key", [DM_INDEX] = "_idx", [DM_FULLTEXT] = "_fulltext"};
  str *columns = arena_array(pass->mem, str, index->key_count);
  for (size_t i = 0; i < index->key_count; i++)
    columns[i] = index->keys[i].field ? index->keys[i].field->db_name : STR("expr");
  size_t count = index->kind == DM_PRIMARY_KEY ? 0 : index->key_count;
  return dm_default_name(pass->mem, index->model->db_name, columns, count, suffixes[index->kind]);
}

static str key_client_name(dm_pass *pass, const dm_index *index)
{
  str *names = arena_array(pass->mem, str, index->key_count);
  for (size_t i = 0; i < index->key_count; i++)
    names[i] = index->keys[i].field ? index->keys[i].field->name : STR("expr");
  return dm_join(pass, names, index->key_count, "_");
}

static str foreign_key_name(dm_pass *pass, const dm_pair *pair)
{
  const dm_side *from = pair->from;
  if (from && from->db_name.len) return from->db_name;
  const dm_model *model = from ? from->draft->model : pair->to->target->model;
  size_t count = from && from->field_count ? from->field_count : 1; /* without columns the name is A__fkey */
  str *columns = arena_array(pass->mem, str, count);
  for (size_t i = 0; from && i < from->field_count; i++) columns[i] = from->fields[i]->db_name;
  return dm_default_name(pass->mem, model->db_name, columns, count, "_fkey");
}

/* For the rules, which compare names before anything is final. */
void dm_name_keys(dm_pass *pass)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    dm_draft *draft = pass->drafts[m];
    dm_fetch_keys(pass, m);
    for (size_t i = 0; i <= draft->keys.len; i++) {
      dm_key_draft *key = i < draft->keys.len ? draft->keys.items[i] : draft->primary_key;
      if (key && !key->index.db_named) key->index.db_name = key_db_name(pass, &key->index);
    }
  }
  for (size_t i = 0; i < pass->pairs.len; i++)
    if (pass->pairs.items[i].kind != DM_MANY_TO_MANY)
      pass->pairs.items[i].db_name = foreign_key_name(pass, &pass->pairs.items[i]);
}

/* ---- keys and indexes into their model ---- */

/* Those of fields first, then as written. */
static int compare_places(const void *left, const void *right)
{
  const dm_index *a = left, *b = right;
  if (a->on_field != b->on_field) return a->on_field ? -1 : 1;
  if (a->place.file != b->place.file) return a->place.file < b->place.file ? -1 : 1;
  return (a->place.start > b->place.start) - (a->place.start < b->place.start);
}

static void finish_keys(dm_pass *pass, dm_draft *draft)
{
  dm_model *model = draft->model;
  model->indexes = arena_array(pass->mem, dm_index, draft->keys.len + 1);
  if (draft->primary_key) model->indexes[model->index_count++] = draft->primary_key->index;
  for (size_t i = 0; i < draft->keys.len; i++)
    model->indexes[model->index_count++] = draft->keys.items[i]->index;
  qsort(model->indexes, model->index_count, sizeof *model->indexes, compare_places);
  for (size_t i = 0; i < model->index_count; i++) {
    dm_index *index = &model->indexes[i];
    bool has_client_name = index->kind == DM_PRIMARY_KEY || index->kind == DM_UNIQUE;
    if (has_client_name && !index->client_named && index->key_count > 1)
      index->client_name = key_client_name(pass, index);
    if (index->kind == DM_PRIMARY_KEY) model->primary_key = index;
  }
  model->checks = draft->checks.items;
  model->check_count = draft->checks.len;
}

/* ---- relations ---- */

static str relation_default_name(dm_pass *pass, const dm_model *a, const dm_model *b)
{
  if (sc_str_cmp(a->name, b->name) > 0) {
    const dm_model *swap = a;
    a = b;
    b = swap;
  }
  return sc_str_format(pass->mem, "%.*sTo%.*s", STR_ARG(a->name), STR_ARG(b->name));
}

dm_action dm_on_delete(const dm_side *from)
{
  if (from->has_on_delete) return from->on_delete;
  for (size_t i = 0; i < from->field_count; i++)
    if (from->fields[i]->arity == AST_REQUIRED) return DM_RESTRICT;
  return from->field->arity == AST_REQUIRED ? DM_RESTRICT : DM_SET_NULL;
}

dm_action dm_on_update(const dm_side *from)
{
  return from->has_on_update ? from->on_update : DM_CASCADE;
}

static void fill_foreign_key(dm_relation *relation, const dm_pair *pair)
{
  const dm_side *from = pair->from;
  relation->fields = from->fields;
  relation->references = from->references;
  relation->field_count = from->field_count;
  relation->on_delete = dm_on_delete(from);
  relation->on_update = dm_on_update(from);
  relation->on_delete_written = from->has_on_delete;
  relation->on_update_written = from->has_on_update;
  relation->db_name = pair->db_name;
  relation->db_named = from->db_name.len > 0;
  relation->deferrable = from->deferrable;
}

static void fill_join_table(dm_pass *pass, dm_relation *relation)
{
  relation->on_delete = relation->on_update = DM_CASCADE;
  str underlined = sc_str_format(pass->mem, "_%.*s", STR_ARG(relation->name));
  relation->join_table = dm_default_name(pass->mem, underlined, NULL, 0, "");
  relation->join_schema = relation->from->schema;
}

static void join_field(dm_side *side, const dm_relation *relation, const dm_side *opposite)
{
  side->field->relation = relation;
  side->field->opposite = opposite->field;
}

static void finish_relation(dm_pass *pass, const dm_pair *pair)
{
  dm_relation *relation = arena_new(pass->mem, dm_relation);
  const dm_model *from = pair->from->draft->model, *to = pair->to->draft->model;
  bool named = pair->from->name.len > 0;
  *relation = (dm_relation){.name = named ? pair->from->name : relation_default_name(pass, from, to),
                            .named = named,
                            .kind = pair->kind,
                            .from = from,
                            .to = to,
                            .from_field = pair->from->field,
                            .to_field = pair->to->field};
  if (pair->kind == DM_MANY_TO_MANY)
    fill_join_table(pass, relation);
  else
    fill_foreign_key(relation, pair);
  join_field(pair->from, relation, pair->to);
  join_field(pair->to, relation, pair->from);
  pass->schema->relations[pass->schema->relation_count++] = relation;
}

/* ---- the pass ---- */

void dm_pass_finish(dm_pass *pass)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) finish_keys(pass, pass->drafts[m]);
  pass->schema->relations = arena_array(pass->mem, dm_relation *, pass->pairs.len);
  for (size_t i = 0; i < pass->pairs.len; i++) finish_relation(pass, &pass->pairs.items[i]);
}
