#include "engine/select.h"

#include "engine/held.h"
#include "engine/plan.h"
#include "engine/read.h"
#include "engine/relation.h"

static bool any_field(const sc_model *model, const char *bools)
{
  return sc_skip_zeros(bools, bools + model->field_count) != bools + model->field_count;
}

static uint32_t offset_in(const sc_relation *relation, bool select)
{
  return select ? relation->select : relation->include;
}

static bool any_count(const sc_model *model, const char *count)
{
  if (model->count_count == 0) return false;
  if (*count) return true;
  for (unsigned i = 1; i <= model->count_count; i++)
    if (sc_pointer_at(count, i * sizeof(void *))) return true;
  return false;
}

static bool any_relation(const sc_model *model, const char *picks, bool select)
{
  for (unsigned j = 0; j < model->relation_count; j++)
    if (sc_pointer_at(picks, offset_in(&model->relations[j], select))) return true;
  return any_count(model, picks + (select ? model->select_count : model->include_count));
}

static void key_of_fields(sc_ask *ask, const sc_model *model, const char *bools, unsigned tag)
{
  sc_ask_key(ask, tag, model->field_count);
  if (!ask->keyed || !sc_buf_reserve(&ask->key, model->field_count / 8u + 1u)) return;
  unsigned bits = 0;
  for (unsigned i = 0; i < model->field_count; i++) {
    bits |= (bools[i] != 0 ? 1u : 0u) << i % 8;
    if (i % 8 != 7 && i + 1u != model->field_count) continue;
    ask->key.ptr[ask->key.len++] = (char)bits;
    bits = 0;
  }
}

sc_picked sc_pick(sc_ask *ask, const sc_model *model, const void *args, const sc_args_at *at)
{
  sc_picked picked = {0};
  if (!args) return picked;
  const char *base = args;
  if (at->select && (any_field(model, base + at->select) || any_relation(model, base + at->select, true)))
    picked.select = base + at->select;
  if (at->omit && any_field(model, base + at->omit)) picked.omit = base + at->omit;
  if (at->include && model->relation_count && any_relation(model, base + at->include, false))
    picked.include = base + at->include;
  if (picked.select && (picked.include || picked.omit)) {
    const char *other = picked.include ? "include" : "omit";
    sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, NULL,
                "Please either use `%s` or `select`, but not both at the same time.", other);
    return (sc_picked){0};
  }
  if (picked.select)
    key_of_fields(ask, model, picked.select, 's');
  else if (picked.omit)
    key_of_fields(ask, model, picked.omit, 'm');
  return picked;
}

const void *sc_picks_relation(const sc_picked *picked, const sc_relation *relation)
{
  if (picked->select) return sc_pointer_at(picked->select, relation->select);
  return picked->include ? sc_pointer_at(picked->include, relation->include) : NULL;
}

bool sc_picks_count(const sc_picked *picked, const sc_model *model, const sc_relation *relation,
                    const void **where)
{
  const char *count = picked->select    ? picked->select + model->select_count
                      : picked->include ? picked->include + model->include_count
                                        : NULL;
  *where = NULL;
  if (!count || !sc_relation_is_list(relation)) return false;
  *where = sc_pointer_at(count, (relation->count_slot + 1u) * sizeof(void *));
  return *where || *count;
}

/* ---- for writes ---- */

sc_status sc_select(sc_ask *ask, const sc_model *model, const void *args, const sc_args_at *at,
                    sc_selection *out)
{
  *out = (sc_selection){.model = model, .simple = true};
  sc_picked picked = sc_pick(ask, model, args, at);
  uint16_t *fields = arena_array(ask->mem, uint16_t, model->field_count);
  if (!fields) return sc_ask_broken(ask);
  for (unsigned i = 0; i < model->field_count; i++)
    if (sc_picks_field(&picked, i)) fields[out->field_count++] = (uint16_t)i;
  out->fields = fields;
  for (unsigned j = 0; j < model->relation_count; j++) {
    const void *where;
    if (sc_picks_relation(&picked, &model->relations[j]) ||
        sc_picks_count(&picked, model, &model->relations[j], &where))
      out->simple = false;
  }
  return ask->status;
}

void sc_ask_read_column(sc_ask *ask, unsigned alias, const sc_field *field)
{
  sc_ask_column(ask, alias, field);
  if (field->native == SC_NATIVE_MONEY)
    sc_ask_text(ask, field->flags & SC_FIELD_LIST ? STR("::numeric[]") : STR("::numeric"));
}

void sc_ask_columns(sc_ask *ask, const sc_selection *selection, unsigned alias)
{
  if (selection->field_count == 0) ASK_SQL(ask, "1");
  for (unsigned i = 0; i < selection->field_count; i++) {
    if (i) ASK_SQL(ask, ", ");
    sc_ask_read_column(ask, alias, &selection->model->fields[selection->fields[i]]);
  }
}
