/* Differences of indexes.
 *
 * What Prisma can say of an index (columns, order, operator class, method, uniqueness) is always compared.
 * The rest (predicate, expressions, included columns …) is compared where the schema says it, so that what a
 * hand added to a live database stays. */
#include "sql/claim.h"
#include "sql/diff.h"

static bool keys_same(const differ *d, const sql_key *a, const sql_key *b)
{
  if (!str_eq(a->column, b->column) || a->sort != b->sort) return false;
  return a->column.len || diff_expression_same(d->mem, a->expression, a->raw, b->expression, b->raw);
}

static bool opclass_same(const sql_key *a, const sql_key *b)
{
  str left = a->opclass_default && b->opclass.len == 0 ? STR_NONE : a->opclass;
  str right = b->opclass_default && a->opclass.len == 0 ? STR_NONE : b->opclass;
  return str_eq(left, right);
}

/* Those of a B-tree or a hash are a refinement: Prisma does not look at them. */
static bool opclasses_same(const sql_index *a, const sql_index *b)
{
  for (size_t i = 0; i < a->key_count; i++)
    if (!opclass_same(&a->keys[i], &b->keys[i])) return false;
  return true;
}

static bool include_same(const sql_index *a, const sql_index *b)
{
  if (a->include_count != b->include_count) return false;
  for (size_t i = 0; i < a->include_count; i++)
    if (!str_eq(a->include[i], b->include[i])) return false;
  return true;
}

static bool refinements_same(const differ *d, const sql_table *table, const sql_index *from,
                             const sql_index *to)
{
  if (!index_is_refined(from) && !index_is_refined(to)) return true;
  bool all = diff_may_drop(d, claim_index(d->mem, table, from));
  if ((all || index_has_opclass(to)) && !opclasses_same(from, to)) return false;
  if ((all || to->include_count) && !include_same(from, to)) return false;
  if ((all || to->nulls_not_distinct) && from->nulls_not_distinct != to->nulls_not_distinct) return false;
  if (!dm_storage_covers(from->storage, to->storage)) return false;
  if (all && !dm_storage_covers(to->storage, from->storage)) return false;
  return !(all || to->deferrable != DM_NOT_DEFERRABLE) || from->deferrable == to->deferrable;
}

/* The schema's index, which a hand has made with a predicate: it stays, as what else a hand adds to one. A
 * unique one would allow what the schema does not. */
static bool narrowed_by_hand(const differ *d, const sql_table *table, const sql_index *from,
                             const sql_index *to)
{
  return from->kind == SQL_INDEX && from->where.len && to->where.len == 0 && str_eq(from->name, to->name) &&
         !diff_may_drop(d, claim_index(d->mem, table, from));
}

static bool index_same(const differ *d, const sql_table *table, const sql_index *from, const sql_index *to)
{
  if (from->kind != to->kind || from->method != to->method || from->key_count != to->key_count) return false;
  for (size_t i = 0; i < from->key_count; i++)
    if (!keys_same(d, &from->keys[i], &to->keys[i])) return false;
  if (!index_refines_opclass(from) && !opclasses_same(from, to)) return false;
  if (narrowed_by_hand(d, table, from, to)) return d->prisma_only || refinements_same(d, table, from, to);
  if (index_is_extended(from) != index_is_extended(to)) return false;
  if (!diff_expression_same(d->mem, from->where, from->where_raw, to->where, to->where_raw)) return false;
  return d->prisma_only || refinements_same(d, table, from, to);
}

/* ---- pairs ---- */

static bool alike(const differ *d, const table_pair *pair, const sql_index *one, const sql_index *other,
                  bool of_from)
{
  return index_same(d, pair->from, of_from ? one : other, of_from ? other : one);
}

static const sql_index *of_its_name(const differ *d, const table_pair *pair, const sql_index *index,
                                    bool of_from)
{
  const sql_table *there = of_from ? pair->to : pair->from;
  for (size_t i = 0; i < there->index_count; i++)
    if (str_eq(there->indexes[i].name, index->name) && alike(d, pair, index, &there->indexes[i], of_from))
      return &there->indexes[i];
  return NULL;
}

/* Going back every index has one of its own on the other side, so that all come back: of those alike the
 * first has the first, as far as no name says more. */
static const sql_index *of_its_own(const differ *d, const table_pair *pair, const sql_index *index,
                                   bool of_from)
{
  const sql_table *here = of_from ? pair->from : pair->to, *there = of_from ? pair->to : pair->from;
  size_t ahead = 0;
  for (const sql_index *other = here->indexes; other < index; other++)
    if (index_same(d, pair->from, other, index) && !of_its_name(d, pair, other, of_from)) ahead++;
  for (size_t i = 0; i < there->index_count; i++) {
    const sql_index *other = &there->indexes[i];
    if (alike(d, pair, index, other, of_from) && !of_its_name(d, pair, other, !of_from) && ahead-- == 0)
      return other;
  }
  return NULL;
}

/* The index of the other side that `index` already is: the one of its name, else the first alike. */
static const sql_index *same_index(const differ *d, const table_pair *pair, const sql_index *index,
                                   bool of_from)
{
  const sql_index *named = of_its_name(d, pair, index, of_from);
  if (named) return named;
  if (d->reverts) return of_its_own(d, pair, index, of_from);
  const sql_table *there = of_from ? pair->to : pair->from;
  for (size_t i = 0; i < there->index_count; i++)
    if (alike(d, pair, index, &there->indexes[i], of_from)) return &there->indexes[i];
  return NULL;
}

static const sql_index *same_in_to(const differ *d, const table_pair *pair, const sql_index *from)
{
  return same_index(d, pair, from, true);
}

static const sql_index *same_in_from(const differ *d, const table_pair *pair, const sql_index *to)
{
  return same_index(d, pair, to, false);
}

/* Of two that say the same neither is renamed. */
static bool stands_alone(const sql_table *table, const sql_index *index)
{
  for (size_t i = 0; i < table->index_count; i++) {
    const sql_index *other = &table->indexes[i];
    if (other == index || other->kind != index->kind || other->key_count != index->key_count) continue;
    size_t same = 0;
    while (same < index->key_count && str_eq(other->keys[same].column, index->keys[same].column)) same++;
    if (same == index->key_count) return false;
  }
  return true;
}

static bool has_name(const sql_table *table, str name)
{
  for (size_t i = 0; i < table->index_count; i++)
    if (str_eq(table->indexes[i].name, name)) return true;
  return false;
}

/* Dropping and adding a column takes its indexes with it. */
static bool loses_column(const differ *d, const table_pair *pair, const sql_index *index)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (diff_recreates(d, pair, index->keys[i].column)) return true;
  for (size_t i = 0; i < index->include_count; i++)
    if (diff_recreates(d, pair, index->include[i])) return true;
  return false;
}

/* Its SQL may name such a column: to be sure it is dropped before, and made again. */
static bool stands_on_it(const differ *d, const table_pair *pair, const sql_index *index)
{
  if (loses_column(d, pair, index)) return false;
  if (diff_mentions_recreated(d, pair, index->where)) return true;
  for (size_t i = 0; i < index->key_count; i++)
    if (diff_mentions_recreated(d, pair, index->keys[i].expression)) return true;
  return false;
}

/* Whether an index of this name is to be made: who has the name must give it up. */
static bool is_made_anew(const differ *d, const table_pair *pair, str name)
{
  for (size_t i = 0; i < pair->to->index_count; i++) {
    const sql_index *to = &pair->to->indexes[i];
    if (!str_eq(to->name, name)) continue;
    const sql_index *from = same_in_from(d, pair, to);
    return !from || loses_column(d, pair, from) || stands_on_it(d, pair, from);
  }
  return false;
}

/* ---- steps ---- */

/* Prisma's language has no word for it. */
static bool is_unsayable(const sql_index *index)
{
  return index_is_extended(index) || index_has_nulls(index);
}

static void create(differ *d, const sql_table *table, const sql_index *index, size_t new_table, size_t at)
{
  sql_step *step = diff_step(d, SQL_CREATE_INDEX, new_table, at, (size_t)(index - table->indexes));
  step->to_table = table;
  step->to_index = index;
}

void diff_new_indexes(differ *d, const sql_table *to, size_t to_at)
{
  for (size_t i = 0; i < to->index_count; i++)
    if (!d->prisma_only || !is_unsayable(&to->indexes[i])) create(d, to, &to->indexes[i], 0, to_at);
}

static void drop(differ *d, const table_pair *pair, const sql_index *from)
{
  sql_step *step = diff_step(d, SQL_DROP_INDEX, pair->from_at, (size_t)(from - pair->from->indexes), 0);
  step->from_table = pair->from;
  step->to_table = pair->to;
  step->from_index = from;
}

static void drop_or_keep(differ *d, const table_pair *pair, const sql_index *from)
{
  bool keep = is_unsayable(from) && !has_name(pair->to, from->name) &&
              !diff_may_drop(d, claim_index(d->mem, pair->from, from));
  bool goes = loses_column(d, pair, from) || stands_on_it(d, pair, from);
  if (keep) diff_keep(d, "index", pair->from->name, from->name);
  if (!keep || goes) drop(d, pair, from);
  if (!keep || !goes) return;
  sql_step *step = diff_step(d, SQL_CREATE_INDEX, 1 + pair->from_at, pair->to_at,
                             pair->to->index_count + (size_t)(from - pair->from->indexes));
  step->to_table = pair->to;
  step->to_index = from;
}

static void rename_index(differ *d, const table_pair *pair, const sql_index *from, const sql_index *to)
{
  sql_step *step = diff_step(d, SQL_RENAME_INDEX, pair->from_at, (size_t)(from - pair->from->indexes), 0);
  step->from_table = pair->from;
  step->to_table = pair->to;
  step->from_index = from;
  step->to_index = to;
}

/* `from` is what `to` says, under another name. Of two alike the one that is too much stays, unless its name
 * is needed. */
static void rename_or_keep(differ *d, const table_pair *pair, const sql_index *from, const sql_index *to)
{
  if (loses_column(d, pair, from)) return;
  bool needed = is_made_anew(d, pair, from->name), chosen = same_in_from(d, pair, to) == from;
  if (chosen && (needed || d->reverts || stands_alone(pair->from, from)))
    rename_index(d, pair, from, to);
  else if (needed)
    drop(d, pair, from);
}

void diff_indexes(differ *d, const table_pair *pair)
{
  for (size_t i = 0; i < pair->from->index_count; i++) {
    const sql_index *from = &pair->from->indexes[i], *to = same_in_to(d, pair, from);
    if (d->prisma_only && is_unsayable(from)) continue;
    if (!to) {
      drop_or_keep(d, pair, from);
    } else if (stands_on_it(d, pair, from)) {
      drop(d, pair, from);
    } else if (!str_eq(from->name, to->name)) {
      rename_or_keep(d, pair, from, to);
    }
  }
  for (size_t i = 0; i < pair->to->index_count; i++) {
    const sql_index *to = &pair->to->indexes[i], *from = same_in_from(d, pair, to);
    if (d->prisma_only && is_unsayable(to)) continue;
    bool goes = from && (loses_column(d, pair, from) || stands_on_it(d, pair, from));
    /* New tables' indexes come first: order 0 against 1. */
    if (!from || goes) create(d, pair->to, to, 1 + pair->from_at, pair->to_at);
  }
}
