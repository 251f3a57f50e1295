/* Renames that nobody has said, but that a plan looks like. */
#include "base/vec.h"
#include "sql/sql.h"

typedef struct guesser guesser;
struct guesser {
  arena *mem;
  const sql_plan *plan;
  sql_renames found;
};

/* ---- names ---- */

static char plain(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters to change, add or leave out. */
static size_t distance(arena *mem, str a, str b)
{
  size_t *row = arena_array(mem, size_t, b.len + 1);
  for (size_t j = 0; j <= b.len; j++) row[j] = j;
  for (size_t i = 0; i < a.len; i++) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < b.len; j++) {
      size_t changed = diagonal + (plain(a.ptr[i]) != plain(b.ptr[j]));
      diagonal = row[j + 1];
      size_t least = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;
      row[j + 1] = changed < least ? changed : least;
    }
  }
  return row[b.len];
}

static bool similar(arena *mem, str a, str b)
{
  size_t longest = a.len > b.len ? a.len : b.len;
  if (sc_str_find(a, b) != SIZE_MAX || sc_str_find(b, a) != SIZE_MAX) return true;
  return distance(mem, a, b) * 3 <= longest;
}

/* ---- columns ---- */

static bool same_type(const sql_column *a, const sql_column *b)
{
  bool lists = (a->arity == SQL_LIST) == (b->arity == SQL_LIST);
  if (a->type.kind == SQL_TYPE_OTHER && !str_eq(a->type.name, b->type.name)) return false;
  return lists && a->type.kind == b->type.kind && sql_cast_of(a, b) == SQL_CAST_SAME;
}

typedef VEC(const sql_column *) column_list;

/* What goes from a table and what comes, over all of its steps. */
static void collect(const guesser *g, const sql_table *table, column_list *gone, column_list *come)
{
  for (size_t i = 0; i < g->plan->len; i++) {
    const sql_step *step = &g->plan->steps[i];
    bool alters = step->kind == SQL_ALTER_TABLE || step->kind == SQL_FINISH_TABLE;
    for (size_t j = 0; alters && step->from_table == table && j < step->change_count; j++) {
      if (step->changes[j].kind == SQL_DROP_COLUMN) vec_push(g->mem, gone, step->changes[j].from);
      if (step->changes[j].kind == SQL_ADD_COLUMN) vec_push(g->mem, come, step->changes[j].to);
    }
  }
}

/* The only one of `others` that `column` may be. */
static const sql_column *match(const guesser *g, const sql_column *column, const column_list *others,
                               bool only_pair)
{
  const sql_column *found = NULL;
  for (size_t i = 0; i < others->len; i++) {
    if (!same_type(column, others->items[i])) continue;
    if (!only_pair && !similar(g->mem, column->name, others->items[i]->name)) continue;
    if (found) return NULL;
    found = others->items[i];
  }
  return found;
}

static void guess_columns(guesser *g, const sql_table *from, const sql_table *to)
{
  column_list gone = {0}, come = {0};
  collect(g, from, &gone, &come);
  bool only_pair = gone.len == 1 && come.len == 1;
  for (size_t i = 0; i < gone.len; i++) {
    const sql_column *new_column = match(g, gone.items[i], &come, only_pair);
    if (!new_column || match(g, new_column, &gone, only_pair) != gone.items[i]) continue;
    vec_push(g->mem, &g->found,
             (sql_rename){SQL_RENAMED_COLUMN, to->schema, to->name, gone.items[i]->name, new_column->name});
  }
}

/* ---- tables ---- */

static size_t common_columns(const sql_table *a, const sql_table *b)
{
  size_t common = 0;
  for (size_t i = 0; i < a->column_count; i++) {
    const sql_column *other = sql_table_column(b, a->columns[i].name);
    if (other && same_type(&a->columns[i], other)) common++;
  }
  return common;
}

/* At least half of the columns, or all but one of them. */
static bool tables_alike(const sql_table *a, const sql_table *b)
{
  size_t most = a->column_count > b->column_count ? a->column_count : b->column_count;
  size_t common = common_columns(a, b);
  return common * 2 >= most && common >= 1;
}

/* The only table of the steps of a kind that is like this one. */
static const sql_table *like_table(const guesser *g, const sql_table *table, sql_step_kind kind)
{
  const sql_table *found = NULL;
  for (size_t i = 0; i < g->plan->len; i++) {
    const sql_step *step = &g->plan->steps[i];
    const sql_table *other = step->kind == SQL_DROP_TABLE ? step->from_table : step->to_table;
    if (step->kind != kind || !tables_alike(table, other)) continue;
    if (found) return NULL;
    found = other;
  }
  return found;
}

static void guess_table(guesser *g, const sql_table *gone)
{
  const sql_table *come = like_table(g, gone, SQL_CREATE_TABLE);
  if (!come || like_table(g, come, SQL_DROP_TABLE) != gone) return;
  if (!sql_namespace_same(g->plan->from, gone->schema, g->plan->to, come->schema)) return;
  vec_push(g->mem, &g->found,
           (sql_rename){SQL_RENAMED_TABLE, come->schema, come->name, gone->name, come->name});
}

/* ---- enums ---- */

static bool has_value(const sql_enum *e, str value)
{
  for (size_t i = 0; i < e->value_count; i++)
    if (str_eq(e->values[i], value)) return true;
  return false;
}

/* The only value of `here` that `there` lacks. */
static str lone_value(const sql_enum *here, const sql_enum *there)
{
  str found = STR_NONE;
  for (size_t i = 0; i < here->value_count; i++) {
    if (has_value(there, here->values[i])) continue;
    if (found.len) return STR_NONE;
    found = here->values[i];
  }
  return found;
}

static void guess_value(guesser *g, const sql_enum *from, const sql_enum *to)
{
  str gone = lone_value(from, to), come = lone_value(to, from);
  if (gone.len && come.len)
    vec_push(g->mem, &g->found, (sql_rename){SQL_RENAMED_VALUE, to->schema, to->name, gone, come});
}

static bool values_alike(const sql_enum *a, const sql_enum *b)
{
  size_t common = 0;
  for (size_t i = 0; i < a->value_count; i++) common += has_value(b, a->values[i]);
  return common == a->value_count && common == b->value_count;
}

static void guess_enum(guesser *g, const sql_enum *gone)
{
  for (size_t i = 0; i < g->plan->len; i++) {
    const sql_step *step = &g->plan->steps[i];
    if (step->kind != SQL_CREATE_ENUM || !values_alike(gone, step->to_enum)) continue;
    vec_push(g->mem, &g->found,
             (sql_rename){SQL_RENAMED_ENUM, step->to_enum->schema, step->to_enum->name, gone->name,
                          step->to_enum->name});
    return;
  }
}

sql_renames sql_guess_renames(const sql_plan *plan, arena *mem)
{
  guesser g = {.mem = mem, .plan = plan};
  const sql_table *last = NULL;
  for (size_t i = 0; i < plan->len; i++) {
    const sql_step *step = &plan->steps[i];
    if (step->kind == SQL_DROP_TABLE) guess_table(&g, step->from_table);
    if (step->kind == SQL_DROP_ENUM) guess_enum(&g, step->from_enum);
    if (step->kind == SQL_ALTER_ENUM) guess_value(&g, step->from_enum, step->to_enum);
    if (step->kind == SQL_ALTER_TABLE && step->from_table != last)
      guess_columns(&g, step->from_table, step->to_table);
    if (step->kind == SQL_ALTER_TABLE) last = step->from_table;
  }
  return g.found;
}
