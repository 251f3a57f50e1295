/* The changes of a table as steps.
 *
 * Where rows need a value before a column may be required, the table changes in two steps with an UPDATE
 * between them. What the values may be computed from goes last. */
#include "sql/diff.h"

static bool needs_backfill(const sql_change *change)
{
  if (!change->to || !change->to->backfill.len || change->to->generated.len) return false;
  if (change->to->default_.kind == SQL_DEFAULT_SEQUENCE) return false;
  if (change->kind == SQL_ALTER_COLUMN)
    return change->arity && change->from->arity == SQL_NULLABLE && change->to->arity == SQL_REQUIRED;
  return change->kind == SQL_ADD_COLUMN || change->kind == SQL_RECREATE_COLUMN;
}

/* What is left to do for a column when its rows have their values. */
static void finish_column(differ *d, const sql_change *change, diff_changes *last)
{
  sql_change rest = {.kind = SQL_ALTER_COLUMN, .from = change->from, .to = change->to, .arity = true};
  if (change->kind != SQL_ALTER_COLUMN) {
    sql_column *added = arena_new(d->mem, sql_column);
    *added = *change->to;
    added->default_ = (sql_default){0};
    if (added->arity == SQL_REQUIRED) added->arity = SQL_NULLABLE;
    rest.from = added;
    rest.arity = added->arity != change->to->arity;
    rest.default_ = change->to->default_.kind != SQL_DEFAULT_NONE;
  }
  if (rest.arity || rest.default_) vec_push(d->mem, last, rest);
}

static void stage(differ *d, sql_change change, diff_changes *first, diff_changes *last)
{
  if (needs_backfill(&change)) {
    finish_column(d, &change, last);
    change.staged = change.kind != SQL_ALTER_COLUMN;
    change.arity = change.staged && change.arity;
    bool rest = change.staged || change.type || change.default_ || change.autoincrement;
    if (rest) vec_push(d->mem, first, change);
  } else if (change.kind == SQL_DROP_COLUMN || change.kind == SQL_ADD_PRIMARY_KEY ||
             change.kind == SQL_ADD_CHECK || (change.kind == SQL_ADD_COLUMN && change.to->generated.len)) {
    vec_push(d->mem, last, change);
  } else {
    vec_push(d->mem, first, change);
  }
}

static void alter_table(differ *d, const table_pair *pair, sql_step_kind kind, const diff_changes *changes)
{
  if (changes->len == 0) return;
  sql_step *step = diff_step(d, kind, pair->from_at, pair->to_at, 0);
  step->from_table = pair->from;
  step->to_table = pair->to;
  step->changes = changes->items;
  step->change_count = changes->len;
}

/* Whether the changes were made in stages. */
static bool alter_in_stages(differ *d, const table_pair *pair, const diff_changes *changes)
{
  diff_changes first = {0}, last = {0};
  size_t filled = 0;
  for (size_t i = 0; i < changes->len; i++) {
    if (!needs_backfill(&changes->items[i])) continue;
    sql_step *step = diff_step(d, SQL_BACKFILL, pair->from_at, pair->to_at, filled++);
    step->from_table = pair->from;
    step->to_table = pair->to;
    step->column = changes->items[i].to;
  }
  if (filled == 0) return false;
  for (size_t i = 0; i < changes->len; i++) stage(d, changes->items[i], &first, &last);
  alter_table(d, pair, SQL_ALTER_TABLE, &first);
  alter_table(d, pair, SQL_FINISH_TABLE, &last);
  return true;
}

void diff_alter_table(differ *d, const table_pair *pair, const diff_changes *changes)
{
  if (!alter_in_stages(d, pair, changes)) alter_table(d, pair, SQL_ALTER_TABLE, changes);
}
