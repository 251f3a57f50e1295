/* Relations: foreign keys and the join tables of implicit many-to-many relations. */
#include "sql/raise_inside.h"

/* ---- implicit many-to-many ---- */

static const sql_foreign_key *key_of_column(const sql_table *table, str column)
{
  for (size_t i = 0; i < table->foreign_key_count; i++)
    if (table->foreign_keys[i].column_count == 1 && str_eq(table->foreign_keys[i].columns[0], column))
      return &table->foreign_keys[i];
  return NULL;
}

static bool index_is(const sql_index *index, bool unique, const str *columns, size_t count)
{
  if (!index || index->key_count != count || index->where.len || (unique && index->kind == SQL_INDEX))
    return false;
  for (size_t i = 0; i < count; i++)
    if (!str_eq(index->keys[i].column, columns[i])) return false;
  return true;
}

static bool any_index_is(const sql_table *table, bool unique, const str *columns, size_t count)
{
  if (index_is(table->primary_key, unique, columns, count)) return true;
  for (size_t i = 0; i < table->index_count; i++)
    if (index_is(&table->indexes[i], unique, columns, count)) return true;
  return false;
}

/* The name that decides which side is A. */
static str side_name(const raiser *r, const sql_foreign_key *key)
{
  for (size_t i = 0; !r->forget && i < r->previous->model_count; i++) {
    const dm_model *model = r->previous->models[i];
    if (str_eq(model->db_name, key->table) &&
        sql_namespace_same(r->live, key->schema, r->live, model->schema))
      return model->name;
  }
  return key->table;
}

bool raise_is_join(const raiser *r, const sql_table *table)
{
  static const str columns[] = {STR_INIT("A"), STR_INIT("B")};
  if (!str_starts(table->name, STR("_")) || table->column_count != 2 || table->foreign_key_count != 2)
    return false;
  if (!sql_table_column(table, columns[0]) || !sql_table_column(table, columns[1]) || table->check_count)
    return false;
  const sql_foreign_key *a = key_of_column(table, columns[0]), *b = key_of_column(table, columns[1]);
  if (!a || !b || !any_index_is(table, true, columns, 2) || !any_index_is(table, false, columns + 1, 1))
    return false;
  if (!sql_schema_table(r->live, a->schema, a->table) || !sql_schema_table(r->live, b->schema, b->table))
    return false;
  return sc_str_cmp(side_name(r, a), side_name(r, b)) <= 0;
}

static const dm_relation *old_many(const raiser *r, const sql_table *join)
{
  for (size_t i = 0; !r->forget && i < r->previous->relation_count; i++) {
    const dm_relation *relation = r->previous->relations[i];
    if (relation->kind == DM_MANY_TO_MANY && str_eq(relation->join_table, join->name)) return relation;
  }
  return NULL;
}

/* ---- foreign keys ---- */

static bool fields_are(const dm_field *const *fields, const str *columns, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!str_eq(fields[i]->db_name, columns[i])) return false;
  return true;
}

static bool taken_over(const raiser *r, const dm_relation *old)
{
  for (size_t i = 0; i < r->relations.len; i++)
    if (r->relations.items[i]->old == old) return true;
  return false;
}

/* Of two relations over the same columns the one of this constraint's name. */
static const dm_relation *old_inline(const raiser *r, const raise_relation *relation)
{
  const sql_foreign_key *key = relation->key;
  const dm_relation *found = NULL;
  for (size_t i = 0; relation->from->old && i < r->previous->relation_count; i++) {
    const dm_relation *old = r->previous->relations[i];
    if (old->kind == DM_MANY_TO_MANY || old->from != relation->from->old || old->to != relation->to->old)
      continue;
    if (old->field_count != key->column_count || taken_over(r, old)) continue;
    if (!fields_are(old->fields, key->columns, key->column_count)) continue;
    if (!fields_are(old->references, key->references, key->column_count)) continue;
    if (str_eq(old->db_name, key->name)) return old;
    if (!found) found = old;
  }
  return found;
}

static bool says_the_same(const sql_foreign_key *a, const sql_foreign_key *b)
{
  if (a->column_count != b->column_count || !str_eq(a->table, b->table) || !str_eq(a->schema, b->schema))
    return false;
  for (size_t i = 0; i < a->column_count; i++)
    if (!str_eq(a->columns[i], b->columns[i]) || !str_eq(a->references[i], b->references[i])) return false;
  return true;
}

static bool is_duplicate(const sql_table *table, size_t at)
{
  for (size_t i = 0; i < at; i++)
    if (says_the_same(&table->foreign_keys[i], &table->foreign_keys[at])) return true;
  return false;
}

static void add_relation(raiser *r, const sql_foreign_key *key, const sql_table *join, raise_model *from,
                         raise_model *to)
{
  raise_relation *relation = arena_new(r->mem, raise_relation);
  *relation = (raise_relation){.key = key, .join = join, .from = from, .to = to};
  relation->old = join ? old_many(r, join) : old_inline(r, relation);
  for (size_t i = 0; i < 2; i++) {
    raise_end *end = &relation->ends[i];
    *end = (raise_end){.relation = relation, .forward = i == 0};
    if (relation->old) end->old = i == 0 ? relation->old->from_field : relation->old->to_field;
    vec_push(r->mem, &(i == 0 ? from : to)->ends, end);
  }
  vec_push(r->mem, &r->relations, relation);
}

static void collect_foreign_keys(raiser *r, raise_model *model)
{
  for (size_t i = 0; i < model->table->foreign_key_count; i++) {
    const sql_foreign_key *key = &model->table->foreign_keys[i];
    raise_model *to = raise_find_model(r, key->schema, key->table);
    str line = sc_str_format(r->mem, "Model: \"%.*s\", constraint: \"%.*s\"", STR_ARG(model->name),
                             STR_ARG(key->name));
    if (!to)
      raise_note(r, SQL_NOTE_ELSEWHERE, line);
    else if (is_duplicate(model->table, i))
      raise_note(r, SQL_NOTE_DUPLICATE, line);
    else
      add_relation(r, key, NULL, model, to);
  }
}

static void collect_joins(raiser *r)
{
  for (size_t i = 0; i < r->joins.len; i++) {
    const sql_table *join = r->joins.items[i];
    const sql_foreign_key *a = key_of_column(join, STR("A")), *b = key_of_column(join, STR("B"));
    raise_model *from = raise_find_model(r, a->schema, a->table),
                *to = raise_find_model(r, b->schema, b->table);
    if (from && to) add_relation(r, NULL, join, from, to);
  }
}

/* ---- names ---- */

static bool same_pair(const raise_relation *a, const raise_relation *b)
{
  return (a->from == b->from && a->to == b->to) || (a->from == b->to && a->to == b->from);
}

static bool has_column(const raise_model *model, str name)
{
  return raise_taken(&model->fields, name);
}

static bool is_ambiguous(const raiser *r, const raise_relation *relation)
{
  for (size_t i = 0; i < r->relations.len; i++)
    if (r->relations.items[i] != relation && same_pair(r->relations.items[i], relation)) return true;
  return relation->key && relation->from != relation->to && has_column(relation->from, relation->to->clean);
}

static str clean_or_renamed(const raise_model *model)
{
  return model->reserved.len ? model->name : model->clean;
}

static str join_text(arena *mem, const str *items, size_t count)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < count; i++) {
    if (i) buf_char(&out, '_');
    buf_add(&out, items[i]);
  }
  return buf_str(&out);
}

/* posts_user_idTousers, or postsTousers, or what stands behind the _ of a join table. */
static str relation_name(const raiser *r, const raise_relation *relation)
{
  if (relation->join)
    return raise_clean(r->mem, str_slice(relation->join->name, 1, relation->join->name.len));
  str from = clean_or_renamed(relation->from), to = clean_or_renamed(relation->to);
  if (!relation->ambiguous) return sc_str_format(r->mem, "%.*sTo%.*s", STR_ARG(from), STR_ARG(to));
  str columns = join_text(r->mem, relation->key->columns, relation->key->column_count);
  return raise_clean(r->mem,
                     sc_str_format(r->mem, "%.*s_%.*sTo%.*s", STR_ARG(from), STR_ARG(columns), STR_ARG(to)));
}

/* The name that Prisma gives a many-to-many relation between these models. */
static bool is_default_join(const raiser *r, const raise_relation *relation)
{
  str a = relation->from->name, b = relation->to->name;
  str table = sc_str_format(r->mem, "_%.*sTo%.*s", STR_ARG(a), STR_ARG(b));
  return str_eq(dm_default_name(r->mem, table, NULL, 0, ""), relation->join->name);
}

static void name_relation(const raiser *r, raise_relation *relation)
{
  relation->ambiguous = is_ambiguous(r, relation);
  relation->named = relation->ambiguous || relation->from == relation->to;
  if (relation->join && !is_default_join(r, relation)) relation->named = true;
  relation->name = relation_name(r, relation);
  if (!relation->old || !relation->old->named) return;
  relation->named = true;
  relation->name = relation->old->name;
}

static str end_name(const raiser *r, const raise_end *end)
{
  const raise_relation *relation = end->relation;
  bool self = relation->from == relation->to;
  str other = clean_or_renamed(end->forward ? relation->to : relation->from);
  str name = relation->ambiguous
                 ? sc_str_format(r->mem, "%.*s_%.*s", STR_ARG(other), STR_ARG(relation_name(r, relation)))
                 : other;
  if (!self) return name;
  if (relation->join) return sc_str_format(r->mem, "%.*s_%s", STR_ARG(name), end->forward ? "A" : "B");
  return end->forward ? name : sc_str_format(r->mem, "other_%.*s", STR_ARG(name));
}

static void name_ends(const raiser *r, raise_model *model)
{
  raise_names taken = {0};
  for (size_t i = 0; i < model->fields.len; i++) vec_push(r->mem, &taken, model->fields.items[i]);
  for (size_t i = 0; i < model->ends.len; i++)
    if (model->ends.items[i]->old) vec_push(r->mem, &taken, model->ends.items[i]->old->name);
  for (size_t i = 0; i < model->ends.len; i++) {
    raise_end *end = model->ends.items[i];
    end->name = end->old ? end->old->name : raise_unique(r->mem, &taken, end_name(r, end));
    if (!end->old) vec_push(r->mem, &taken, end->name);
  }
}

void raise_relations(raiser *r)
{
  for (size_t i = 0; i < r->models.len; i++) collect_foreign_keys(r, r->models.items[i]);
  collect_joins(r);
  for (size_t i = 0; i < r->relations.len; i++) name_relation(r, r->relations.items[i]);
  for (size_t i = 0; i < r->models.len; i++) name_ends(r, r->models.items[i]);
}

/* ---- printing ---- */

static bool covers(const sql_index *index, const sql_foreign_key *key)
{
  if (!index || index->kind == SQL_INDEX || index->where.len || index->key_count != key->column_count)
    return false;
  for (size_t i = 0; i < key->column_count; i++) {
    size_t at = 0;
    while (at < index->key_count && !str_eq(index->keys[at].column, key->columns[i])) at++;
    if (at == index->key_count) return false;
  }
  return true;
}

/* At most one row of `table` refers to a row through the key. */
static bool is_one_to_one(const sql_table *table, const sql_foreign_key *key)
{
  if (covers(table->primary_key, key)) return true;
  for (size_t i = 0; i < table->index_count; i++)
    if (covers(&table->indexes[i], key)) return true;
  return false;
}

static bool is_optional(const raise_relation *relation)
{
  for (size_t i = 0; i < relation->key->column_count; i++) {
    const sql_column *column = sql_table_column(relation->from->table, relation->key->columns[i]);
    if (column && column->arity != SQL_REQUIRED) return true;
  }
  return false;
}

static void print_list(const raise_model *model, const str *columns, size_t count, const char *label,
                       buf *out)
{
  sc_buf_format(out, "%s: [", label);
  for (size_t i = 0; i < count; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, raise_column_name(model, columns[i]));
  }
  buf_char(out, ']');
}

static void print_action(const char *label, dm_action action, dm_action usual, buf *out)
{
  static const char *const names[] = {[DM_CASCADE] = "Cascade",
                                      [DM_RESTRICT] = "Restrict",
                                      [DM_NO_ACTION] = "NoAction",
                                      [DM_SET_NULL] = "SetNull",
                                      [DM_SET_DEFAULT] = "SetDefault"};
  if (action != usual) sc_buf_format(out, ", %s: %s", label, names[action]);
}

static void print_foreign_key(const raiser *r, const raise_relation *relation, buf *out)
{
  const sql_foreign_key *key = relation->key;
  print_list(relation->from, key->columns, key->column_count, "fields", out);
  BUF_LIT(out, ", ");
  print_list(relation->to, key->references, key->column_count, "references", out);
  print_action("onDelete", key->on_delete, is_optional(relation) ? DM_SET_NULL : DM_RESTRICT, out);
  print_action("onUpdate", key->on_update, DM_CASCADE, out);
  str usual = dm_default_name(r->mem, relation->from->table->name, key->columns, key->column_count, "_fkey");
  if (!str_eq(usual, key->name)) {
    BUF_LIT(out, ", map: ");
    raise_string(key->name, out);
  }
  if (key->deferrable != DM_NOT_DEFERRABLE && !r->prisma)
    buf_add(out, key->deferrable == DM_INITIALLY_DEFERRED ? STR(", deferrable: InitiallyDeferred")
                                                          : STR(", deferrable: InitiallyImmediate"));
}

void raise_print_end(const raiser *r, const raise_end *end, buf *out)
{
  const raise_relation *relation = end->relation;
  const raise_model *other = end->forward ? relation->to : relation->from;
  const raise_model *own = end->forward ? relation->from : relation->to;
  bool owner = relation->key && end->forward;
  sc_buf_format(out, "%.*s %.*s", STR_ARG(end->name), STR_ARG(other->name));
  if (!relation->key) /* many-to-many */
    BUF_LIT(out, "[]");
  else if (owner)
    buf_add(out, is_optional(relation) ? STR("?") : STR(""));
  else
    buf_add(out, is_one_to_one(relation->from->table, relation->key) ? STR("?") : STR("[]"));
  if (relation->named || owner) BUF_LIT(out, " @relation(");
  if (relation->named) raise_string(relation->name, out);
  if (relation->named && owner) BUF_LIT(out, ", ");
  if (owner) print_foreign_key(r, relation, out);
  if (relation->named || owner) buf_char(out, ')');
  if (other->ignored && !own->ignored) BUF_LIT(out, " @ignore");
}
