#include "sql/online.h"

#include "base/vec.h"
#include "dm/dm.h"
#include "sql/quote.h"
#include "sql/render.h"

typedef struct online online;
struct online {
  const sql_plan *plan;
  buf *out;
  arena *mem;
  bool one_by_one;         /* a statement was written that must not be in a transaction, or should not */
  bool patient, impatient; /* what lock_timeout is now; both false: nothing was set yet */
};

/* Whoever waits for an exclusive lock keeps those waiting that come after: not for long, then. */
static void hurry(online *o)
{
  if (o->impatient) return;
  BUF_LIT(o->out, "SET lock_timeout = ");
  sql_literal(o->out, STR("3s"));
  BUF_LIT(o->out, ";\n");
  o->impatient = true;
  o->patient = false;
}

/* What runs CONCURRENTLY waits for old transactions, and nobody for it. */
static void wait_for_all(online *o)
{
  if (!o->impatient) return;
  BUF_LIT(o->out, "SET lock_timeout = 0;\n");
  o->patient = true;
  o->impatient = false;
}

/* ---- what stands ---- */

static bool is_new(const online *o, const sql_table *table)
{
  for (size_t i = 0; i < o->plan->len; i++)
    if (o->plan->steps[i].kind == SQL_CREATE_TABLE && o->plan->steps[i].to_table == table) return true;
  return false;
}

/* Indexes of these cannot be built CONCURRENTLY, nor their foreign keys be NOT VALID. */
static bool is_partitioned(const online *o, const sql_table *table)
{
  const sql_schema *from = o->plan->from;
  for (size_t i = 0; i < from->other_count; i++)
    if (str_eq(from->others[i].kind, STR("partitioned table")) && str_eq(from->others[i].table, table->name))
      return true;
  return false;
}

/* ---- pieces ---- */

static void alter(online *o, const sql_table *table)
{
  hurry(o);
  BUF_LIT(o->out, "ALTER TABLE ");
  sql_name(o->out, table->schema, table->name);
  buf_char(o->out, ' ');
}

static void constraint(online *o, const sql_table *table, const char *clause, str name)
{
  alter(o, table);
  buf_add(o->out, str_from(clause));
  sql_ident(o->out, name);
}

static void validate(online *o, const sql_table *table, str name)
{
  constraint(o, table, "VALIDATE CONSTRAINT ", name);
  BUF_LIT(o->out, ";\n");
  o->one_by_one = true;
}

static void remark(online *o, const char *why)
{
  sc_buf_format(o->out, "-- Not online: %s\n", why);
}

/* A name beside another one, within 63 bytes. */
static str beside(const online *o, str name)
{
  str cut = str_slice(name, 0, sc_str_utf8_floor(name, 63 - sizeof "_new" + 1));
  return sc_str_format(o->mem, "%.*s_new", STR_ARG(cut));
}

/* ---- indexes ---- */

static const sql_step *step_of_name(const online *o, sql_step_kind kind, const sql_step *other)
{
  const sql_index *index = other->from_index ? other->from_index : other->to_index;
  for (size_t i = 0; i < o->plan->len; i++) {
    const sql_step *step = &o->plan->steps[i];
    const sql_index *found = step->from_index ? step->from_index : step->to_index;
    if (step->kind == kind && step->to_table == other->to_table && str_eq(found->name, index->name))
      return step;
  }
  return NULL;
}

/* Takes the place of another index of its name, which is no constraint and stands in nobody's way until then. */
static const sql_index *replaced(const online *o, const sql_step *create)
{
  const sql_step *drop = step_of_name(o, SQL_DROP_INDEX, create);
  if (!drop || drop->makes_way || drop->from_index->constraint || create->to_index->constraint) return NULL;
  return drop->from_index;
}

static void build(online *o, const sql_table *table, const sql_index *index, str name)
{
  sql_index built = *index;
  built.name = name;
  built.deferrable = DM_NOT_DEFERRABLE;
  if (built.kind == SQL_PRIMARY_KEY) built.kind = SQL_UNIQUE;
  wait_for_all(o);
  render_create_index_concurrently(table, &built, o->out);
  o->one_by_one = true;
}

static void drop_concurrently(online *o, const sql_table *table, const sql_index *index,
                              const char *if_exists)
{
  wait_for_all(o);
  sc_buf_format(o->out, "DROP INDEX CONCURRENTLY %s", if_exists);
  sql_name(o->out, render_old_schema(o->plan, table->schema), index->name);
  BUF_LIT(o->out, ";\n");
  o->one_by_one = true;
}

static void create_index(online *o, const sql_step *step)
{
  const sql_table *table = step->to_table;
  const sql_index *index = step->to_index, *old = replaced(o, step);
  if (is_partitioned(o, table)) {
    remark(o, "an index of a partitioned table locks it against writes while it is built.");
    hurry(o);
    render_create_index(table, index, o->out);
    return;
  }
  str name = old ? beside(o, index->name) : index->name;
  build(o, table, index, name);
  if (old) { /* which may have gone with a column */
    drop_concurrently(o, table, old, "IF EXISTS ");
    hurry(o);
    BUF_LIT(o->out, "ALTER INDEX ");
    sql_name(o->out, table->schema, name);
    BUF_LIT(o->out, " RENAME TO ");
    sql_ident(o->out, index->name);
    BUF_LIT(o->out, ";\n");
  }
  if (index->deferrable == DM_NOT_DEFERRABLE) return;
  constraint(o, table, "ADD CONSTRAINT ", index->name);
  BUF_LIT(o->out, " UNIQUE USING INDEX ");
  sql_ident(o->out, index->name);
  render_deferrable(index->deferrable, o->out);
  BUF_LIT(o->out, ";\n");
}

/* False: the step is left to the index that takes the place. */
static bool drop_index(online *o, const sql_step *step)
{
  if (step->from_index->constraint || is_partitioned(o, step->from_table)) {
    hurry(o);
    render_drop_index(o->plan, step->from_table, step->from_index, o->out);
    return true;
  }
  const sql_step *create = step_of_name(o, SQL_CREATE_INDEX, step);
  if (create && replaced(o, create) && !is_partitioned(o, create->to_table)) return false;
  drop_concurrently(o, step->from_table, step->from_index, "");
  return true;
}

/* ---- constraints ---- */

static void add_foreign_key(online *o, const sql_step *step)
{
  alter(o, step->to_table);
  BUF_LIT(o->out, "ADD ");
  render_foreign_key(step->to_key, o->out);
  BUF_LIT(o->out, " NOT VALID;\n");
  validate(o, step->to_table, step->to_key->name);
}

static void add_check_not_valid(online *o, const sql_table *table, const sql_check *check)
{
  alter(o, table);
  BUF_LIT(o->out, "ADD ");
  render_check(check, o->out);
  BUF_LIT(o->out, " NOT VALID;\n");
}

static void add_check(online *o, const sql_table *table, const sql_check *check)
{
  add_check_not_valid(o, table, check);
  validate(o, table, check->name);
}

static bool is_backfilled(const sql_step *step, const sql_column *column)
{
  return step->kind == SQL_FINISH_TABLE && column->backfill.len && !column->generated.len &&
         column->default_.kind != SQL_DEFAULT_SEQUENCE;
}

static bool has_constraint(const sql_table *table, str name)
{
  for (size_t i = 0; table && i < table->check_count; i++)
    if (str_eq(table->checks[i].name, name)) return true;
  return false;
}

/* Rows that have come behind the last batch. None can follow them: the check of the column stands. */
static void fill_rest(online *o, const sql_table *table, const sql_column *column)
{
  render_backfill(&(sql_step){.to_table = table, .column = column}, false, o->out);
}

static void require(online *o, const sql_step *step, const sql_column *column)
{
  const sql_table *table = step->to_table;
  str name = dm_default_name(o->mem, table->name, &column->name, 1, "_not_null");
  while (has_constraint(step->from_table, name) || has_constraint(table, name)) name = beside(o, name);
  buf is_there = {.mem = o->mem};
  sql_ident(&is_there, column->name);
  BUF_LIT(&is_there, " IS NOT NULL");
  add_check_not_valid(o, table, &(sql_check){.name = name, .expression = buf_str(&is_there)});
  if (is_backfilled(step, column)) fill_rest(o, table, column);
  validate(o, table, name);
  constraint(o, table, "ALTER COLUMN ", column->name);
  BUF_LIT(o->out, " SET NOT NULL;\n");
  constraint(o, table, "DROP CONSTRAINT ", name);
  BUF_LIT(o->out, ";\n");
}

/* ---- primary keys ---- */

static bool in_key(const sql_index *key, str column)
{
  for (size_t i = 0; key && i < key->key_count; i++)
    if (str_eq(key->keys[i].column, column)) return true;
  return false;
}

static bool step_has(const sql_step *step, sql_change_kind kind)
{
  for (size_t i = 0; i < step->change_count; i++)
    if (step->changes[i].kind == kind) return true;
  return false;
}

/* A key whose columns get other values in the same breath is made with them. */
static bool key_can_wait(const online *o, const sql_step *step)
{
  if (is_partitioned(o, step->to_table)) return false;
  for (size_t i = 0; i < step->change_count; i++) {
    const sql_change *change = &step->changes[i];
    bool touched = change->kind == SQL_RECREATE_COLUMN || (change->kind == SQL_ALTER_COLUMN && change->type);
    if (touched && (in_key(step->from_table->primary_key, change->from->name) ||
                    in_key(step->to_table->primary_key, change->to->name)))
      return false;
  }
  return true;
}

/* The old key goes when the new one takes its place, and so do the columns that go. */
static void take_key(online *o, const sql_step *step, sql_step *last)
{
  const sql_table *table = step->to_table;
  const sql_index *key = table->primary_key;
  bool swap = step_has(step, SQL_DROP_PRIMARY_KEY);
  str name = swap ? beside(o, key->name) : key->name;
  build(o, table, key, name);
  if (swap) {
    buf clauses = {.mem = o->mem};
    render_alter_table(o->plan, last, &clauses);
    str text = buf_str(&clauses);
    hurry(o);
    buf_add(o->out, str_slice(text, 0, text.len - 2)); /* ";\n" */
    BUF_LIT(o->out, ",\nADD CONSTRAINT ");
    sql_ident(o->out, key->name);
  } else {
    constraint(o, table, "ADD CONSTRAINT ", key->name);
  }
  BUF_LIT(o->out, " PRIMARY KEY USING INDEX ");
  sql_ident(o->out, name);
  BUF_LIT(o->out, ";\n");
}

/* ---- ALTER TABLE ---- */

static bool widens(const sql_type *from, const sql_type *to)
{
  if (from->kind != SQL_TYPE_NATIVE || to->kind != SQL_TYPE_NATIVE) return false;
  bool from_text = from->native == DM_NATIVE_VARCHAR || from->native == DM_NATIVE_TEXT;
  if (from_text && to->native == DM_NATIVE_TEXT) return true;
  if (from_text && to->native == DM_NATIVE_VARCHAR && !to->arg_count) return true;
  if (from->native != to->native || from->arg_count != to->arg_count || !from->arg_count) return false;
  bool by_length = from->native == DM_NATIVE_VARCHAR || from->native == DM_NATIVE_VARBIT;
  bool by_digits = from->native == DM_NATIVE_DECIMAL && from->args[1] == to->args[1];
  return (by_length || by_digits) && to->args[0] >= from->args[0];
}

/* What keeps the table locked while every row is read or written, or NULL. */
static const char *keeps_waiting(const sql_change *change)
{
  if (change->kind == SQL_ALTER_COLUMN && change->type && !widens(&change->from->type, &change->to->type))
    return "the table is rewritten with the column's new type, and locked meanwhile.";
  if (change->kind != SQL_ADD_COLUMN && change->kind != SQL_RECREATE_COLUMN) return NULL;
  bool filled = change->to->generated.len || change->to->default_.kind == SQL_DEFAULT_SEQUENCE;
  return filled ? "the table is rewritten with the new column's values, and locked meanwhile." : NULL;
}

typedef struct parts parts;
struct parts {
  VEC(sql_change) first, last;      /* of one ALTER TABLE; those that wait for the new key */
  VEC(sql_change) defaults;         /* of backfilled columns: whoever writes no value needs one now */
  VEC(const sql_column *) filled;   /* SET NOT NULL, before what the backfill reads goes */
  VEC(const sql_column *) required; /* SET NOT NULL */
  VEC(const sql_check *) checks;
  bool key;
};

static void part(const online *o, const sql_step *step, const sql_change *change, bool swap, parts *out)
{
  bool requires = change->kind == SQL_ALTER_COLUMN && change->arity && change->to->arity == SQL_REQUIRED;
  bool waits = swap && (change->kind == SQL_DROP_PRIMARY_KEY || change->kind == SQL_DROP_COLUMN);
  if (change->kind == SQL_ADD_CHECK) {
    vec_push(o->mem, &out->checks, change->check);
  } else if (change->kind == SQL_ADD_PRIMARY_KEY && out->key) {
    return;
  } else if (waits) {
    vec_push(o->mem, &out->last, *change);
  } else if (requires) {
    sql_change rest = *change;
    rest.arity = false;
    bool filled = is_backfilled(step, change->to);
    if (rest.type || rest.default_ || rest.autoincrement) {
      if (filled)
        vec_push(o->mem, &out->defaults, rest);
      else
        vec_push(o->mem, &out->first, rest);
    }
    if (filled)
      vec_push(o->mem, &out->filled, change->to);
    else
      vec_push(o->mem, &out->required, change->to);
  } else {
    vec_push(o->mem, &out->first, *change);
  }
}

static void alter_table(online *o, const sql_step *step)
{
  parts p = {.key = step_has(step, SQL_ADD_PRIMARY_KEY) && key_can_wait(o, step)};
  bool swap = p.key && step_has(step, SQL_DROP_PRIMARY_KEY);
  for (size_t i = 0; i < step->change_count; i++) part(o, step, &step->changes[i], swap, &p);

  const char *said = NULL;
  for (size_t i = 0; i < p.first.len; i++) {
    const char *why = keeps_waiting(&p.first.items[i]);
    if (why && why != said) remark(o, why);
    if (why) said = why;
  }
  sql_step defaults = *step, first = *step, last = *step;
  defaults.changes = p.defaults.items;
  defaults.change_count = p.defaults.len;
  first.changes = p.first.items;
  first.change_count = p.first.len;
  last.changes = p.last.items;
  last.change_count = p.last.len;
  if (defaults.change_count) hurry(o);
  render_alter_table(o->plan, &defaults, o->out);
  for (size_t i = 0; i < p.filled.len; i++) require(o, step, p.filled.items[i]);
  if (first.change_count) hurry(o);
  render_alter_table(o->plan, &first, o->out);
  for (size_t i = 0; i < p.required.len; i++) require(o, step, p.required.items[i]);
  for (size_t i = 0; i < p.checks.len; i++) add_check(o, step->to_table, p.checks.items[i]);
  if (p.key) take_key(o, step, &last);
}

/* ---- backfills ---- */

/* A required column has to have a value everywhere; in others the rows that have none are passed by. */
static void backfill(online *o, const sql_step *step)
{
  hurry(o);
  BUF_LIT(o->out, "-- schemac:batches 10000\n");
  render_backfill(step, step->column->arity != SQL_REQUIRED, o->out);
  o->one_by_one = true;
}

/* ---- the script ---- */

/* A table that others may be using: one that stands, or one that a new table refers to. */
static bool waits_for_others(const online *o, const sql_step *step)
{
  if (step->from_table || step->from_enum) return true;
  if (step->kind == SQL_ADD_FOREIGN_KEY &&
      sql_schema_table(o->plan->from, step->to_key->schema, step->to_key->table))
    return true;
  return step->to_table && !is_new(o, step->to_table);
}

/* False: it has nothing to say. */
static bool render_step(online *o, const sql_step *step)
{
  const sql_table *table = step->to_table;
  bool stands = step->from_table || (table && !is_new(o, table));
  if (step->kind == SQL_DROP_INDEX) return drop_index(o, step);
  if (step->kind == SQL_CREATE_INDEX && stands) {
    create_index(o, step);
  } else if (step->kind == SQL_ADD_FOREIGN_KEY && stands && !is_partitioned(o, table)) {
    add_foreign_key(o, step);
  } else if (step->kind == SQL_BACKFILL) {
    backfill(o, step);
  } else if (step->change_count) {
    alter_table(o, step);
  } else {
    if (step->kind == SQL_ALTER_ENUM && step->rewrite)
      remark(o, "the tables of the enum are rewritten with its new values, and locked meanwhile.");
    if (waits_for_others(o, step)) hurry(o);
    sql_render_step(o->plan, step, o->out);
  }
  return true;
}

void sql_render_online(const sql_plan *plan, buf *out)
{
  buf body = {.mem = out->mem};
  online o = {.plan = plan, .mem = out->mem};
  bool waits = false;
  for (size_t i = 0; i < plan->len; i++) {
    buf text = {.mem = out->mem};
    o.out = &text;
    waits |= waits_for_others(&o, &plan->steps[i]);
    if (render_step(&o, &plan->steps[i]))
      sc_buf_format(&body, "\n-- %s\n%.*s", render_title(plan->steps[i].kind), STR_ARG(buf_str(&text)));
  }
  if (!waits) {
    sql_render(plan, out);
    return;
  }
  if (o.one_by_one) BUF_LIT(out, "-- schemac:transaction off\n");
  BUF_LIT(out, "-- schemac:retry 10\n");
  buf_add(out, buf_str(&body));
  if (o.patient || o.impatient) BUF_LIT(out, "\nRESET lock_timeout;\n");
}
