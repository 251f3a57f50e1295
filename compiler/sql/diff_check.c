/* Differences of CHECK constraints.
 *
 * One that the schema gives no name is known by its expression alone: whatever it is called in the database, it
 * stays. The others are known by both. */
#include "sql/claim.h"
#include "sql/diff.h"

#include "dm/dm.h"

/* ---- pairs ---- */

static bool expressions_same(const differ *d, const sql_check *a, const sql_check *b)
{
  return diff_expression_same(d->mem, a->expression, a->raw, b->expression, b->raw);
}

static bool is_taken(const sql_check *const *pairs, size_t count, const sql_check *check)
{
  for (size_t i = 0; i < count; i++)
    if (pairs[i] == check) return true;
  return false;
}

static const sql_check *counterpart(const differ *d, const table_pair *pair, const sql_check *from, bool by_name,
                                    const sql_check *const *pairs)
{
  for (size_t i = 0; i < pair->to->check_count; i++) {
    const sql_check *to = &pair->to->checks[i];
    bool names = by_name ? str_eq(from->name, to->name) : from->unnamed || to->unnamed;
    if (names && expressions_same(d, from, to) && !is_taken(pairs, pair->from->check_count, to)) return to;
  }
  return NULL;
}

static bool names_check(const sql_table *table, str name)
{
  for (size_t i = 0; i < table->check_count; i++)
    if (!table->checks[i].unnamed && str_eq(table->checks[i].name, name)) return true;
  return false;
}

/* For every check of `from` the one of `to` that it is, or NULL. Each is at most one's. */
static const sql_check **pair_checks(const differ *d, const table_pair *pair)
{
  size_t count = pair->from->check_count;
  const sql_check **pairs = arena_array(d->mem, const sql_check *, count);
  for (size_t i = 0; i < count; i++) pairs[i] = counterpart(d, pair, &pair->from->checks[i], true, pairs);
  for (size_t i = 0; i < count; i++) /* a name that the schema gives to another has to be free for that */
    if (!pairs[i] && !names_check(pair->to, pair->from->checks[i].name))
      pairs[i] = counterpart(d, pair, &pair->from->checks[i], false, pairs);
  return pairs;
}

/* ---- changes ---- */

/* Made again after a column that it may name. */
static bool is_remade(const differ *d, const table_pair *pair, const sql_check *check)
{
  return diff_mentions_recreated(d, pair, check->expression);
}

static bool is_dropped(const differ *d, const table_pair *pair, const sql_check *check)
{
  return names_check(pair->to, check->name) || diff_may_drop(d, claim_check(d->mem, pair->from, check));
}

void diff_dropped_checks(differ *d, const table_pair *pair, diff_changes *changes)
{
  if (d->prisma_only) return;
  const sql_check **pairs = pair_checks(d, pair);
  for (size_t i = 0; i < pair->from->check_count; i++) {
    const sql_check *check = &pair->from->checks[i];
    bool goes = is_remade(d, pair, check);
    if (!pairs[i] && is_dropped(d, pair, check))
      goes = true;
    else if (!pairs[i])
      diff_keep(d, "check constraint", pair->from->name, check->name);
    if (goes) vec_push(d->mem, changes, (sql_change){.kind = SQL_DROP_CHECK, .check = check});
  }
}

static bool name_stands(const table_pair *pair, const diff_changes *changes, str name)
{
  for (size_t i = 0; i < pair->from->check_count; i++)
    if (str_eq(pair->from->checks[i].name, name)) return true;
  for (size_t i = 0; i < changes->len; i++)
    if (changes->items[i].kind == SQL_ADD_CHECK && str_eq(changes->items[i].check->name, name)) return true;
  return false;
}

/* Under a name that the table does not have yet, where the schema leaves that to us. */
static const sql_check *to_add(const differ *d, const table_pair *pair, const diff_changes *changes,
                               const sql_check *check)
{
  if (!check->unnamed) return check;
  sql_check *named = arena_new(d->mem, sql_check);
  *named = *check;
  for (size_t number = 1; name_stands(pair, changes, named->name); number++) {
    str suffix = sc_str_format(d->mem, "%zu", number);
    named->name = sc_str_format(d->mem, "%.*s%.*s",
                                STR_ARG(str_slice(check->name, 0, sc_str_utf8_floor(check->name, 63 - suffix.len))),
                                STR_ARG(suffix));
  }
  return named;
}

static void add(differ *d, const sql_check *check, diff_changes *changes)
{
  vec_push(d->mem, changes, (sql_change){.kind = SQL_ADD_CHECK, .check = check});
}

void diff_added_checks(differ *d, const table_pair *pair, diff_changes *changes)
{
  if (d->prisma_only) return;
  const sql_check **pairs = pair_checks(d, pair);
  for (size_t i = 0; i < pair->from->check_count; i++) {
    const sql_check *check = &pair->from->checks[i];
    if ((!pairs[i] && is_dropped(d, pair, check)) || !is_remade(d, pair, check)) continue;
    sql_check *again = arena_new(d->mem, sql_check);
    *again = pairs[i] ? *pairs[i] : *check;
    again->name = check->name;
    add(d, again, changes);
  }
  for (size_t i = 0; i < pair->to->check_count; i++) {
    const sql_check *check = &pair->to->checks[i];
    if (!is_taken(pairs, pair->from->check_count, check)) add(d, to_add(d, pair, changes, check), changes);
  }
}
