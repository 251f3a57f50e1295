#include "sql/revert.h"

#include "base/vec.h"
#include "sql/quote.h"
#include "sql/render.h"

/* ---- renames, turned round ---- */

/* What a table or an enum was called before all of the renames. */
static str old_object(const sql_renames *done, const sql_rename *rename)
{
  sql_rename_kind kind = rename->kind == SQL_RENAMED_COLUMN ? SQL_RENAMED_TABLE : SQL_RENAMED_ENUM;
  str name = rename->object;
  for (size_t i = done->len; i-- > 0;)
    if (done->items[i].kind == kind && str_eq(done->items[i].to, name) &&
        str_eq(done->items[i].schema, rename->schema))
      name = done->items[i].from;
  return name;
}

static sql_renames turn_round(const sql_renames *done, arena *mem)
{
  sql_renames back = {0};
  for (size_t i = done->len; i-- > 0;) {
    sql_rename rename = done->items[i];
    if (rename.object.len) rename.object = old_object(done, &rename);
    rename.from = done->items[i].to;
    rename.to = done->items[i].from;
    vec_push(mem, &back, rename);
  }
  return back;
}

/* ---- values for rows of a required column that comes back ---- */

static bool in_key(const sql_index *index, str column)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (str_eq(index->keys[i].column, column)) return true;
  return false;
}

static bool is_unique(const sql_table *table, str column)
{
  if (table->primary_key && in_key(table->primary_key, column)) return true;
  for (size_t i = 0; i < table->index_count; i++)
    if (table->indexes[i].kind == SQL_UNIQUE && in_key(&table->indexes[i], column)) return true;
  return false;
}

static bool refers(const sql_table *table, str column)
{
  for (size_t i = 0; i < table->foreign_key_count; i++)
    for (size_t j = 0; j < table->foreign_keys[i].column_count; j++)
      if (str_eq(table->foreign_keys[i].columns[j], column)) return true;
  return false;
}

/* SQL of a value that says nothing; for a unique column one that differs from row to row. Empty: there is
 * none. */
static str neutral_value(const sql_type *type, bool unique)
{
  static const str values[] = {
#define NEUTRAL(native, value, unique) [DM_NATIVE_##native] = STR_INIT(value),
#include "sql/neutral.def"
#undef NEUTRAL
  };
  static const str uniques[] = {
#define NEUTRAL(native, value, unique) [DM_NATIVE_##native] = STR_INIT(unique),
#include "sql/neutral.def"
#undef NEUTRAL
  };
  if (type->kind != SQL_TYPE_NATIVE) return STR_NONE;
  return (unique ? uniques : values)[type->native];
}

static str enum_value(const sql_plan *plan, const sql_type *type, arena *mem)
{
  const sql_enum *e = sql_schema_enum(plan->to, type->schema, type->name);
  buf out = {.mem = mem};
  if (e && e->value_count) sql_literal(&out, e->values[0]);
  return buf_str(&out);
}

/* A list is nullable in Prisma's eyes, and a serial has its sequence. */
static void fill_column(const sql_plan *plan, const sql_step *step, sql_change *change, arena *mem)
{
  bool added = change->kind == SQL_ADD_COLUMN || change->kind == SQL_RECREATE_COLUMN;
  if (!added || change->to->arity != SQL_REQUIRED || change->to->generated.len) return;
  if (change->to->default_.kind != SQL_DEFAULT_NONE || refers(step->to_table, change->to->name)) return;
  bool unique = is_unique(step->to_table, change->to->name);
  if (change->to->type.kind == SQL_TYPE_ENUM && !unique)
    change->filler = enum_value(plan, &change->to->type, mem);
  else
    change->filler = neutral_value(&change->to->type, unique);
}

/* ---- sequences ---- */

static bool becomes_serial(const sql_change *change)
{
  return change->kind == SQL_ALTER_COLUMN && change->autoincrement &&
         change->to->default_.kind == SQL_DEFAULT_SEQUENCE;
}

/* A sequence that comes back is called as it was. */
static void name_sequence(const sql_step *step, sql_change *change, arena *mem)
{
  if (!becomes_serial(change) || change->to->sequence.len) return;
  sql_column *column = arena_new(mem, sql_column);
  *column = *change->to;
  column->sequence = render_serial_sequence(mem, step->to_table->name, column->name);
  change->to = column;
}

/* ---- precisions ---- */

/* A precision that was not said does not come back as one that is. */
static void unsay_precision(sql_column *column)
{
  if (column->type.unsaid) column->type.arg_count = 0;
}

static void unsay_added(sql_change *change, arena *mem)
{
  if (!change->to || !change->to->type.unsaid) return;
  sql_column *column = arena_new(mem, sql_column);
  *column = *change->to;
  unsay_precision(column);
  change->to = column;
}

static void unsay_created(sql_step *step, arena *mem)
{
  if (step->kind != SQL_CREATE_TABLE) return;
  sql_table *table = arena_new(mem, sql_table);
  *table = *step->to_table;
  table->columns = arena_array(mem, sql_column, table->column_count);
  for (size_t i = 0; i < table->column_count; i++) {
    table->columns[i] = step->to_table->columns[i];
    unsay_precision(&table->columns[i]);
  }
  step->to_table = table;
}

/* ---- the plan ---- */

static bool alters(const sql_step *step)
{
  return step->kind == SQL_ALTER_TABLE || step->kind == SQL_FINISH_TABLE;
}

/* The columns of before that the plan dropped and added: what they held is lost, so there is nothing to cast
 * back. */
static sql_columns lost_columns(const sql_plan *up, arena *mem)
{
  sql_columns lost = {0};
  for (size_t i = 0; i < up->len; i++) {
    const sql_step *step = &up->steps[i];
    for (size_t j = 0; alters(step) && j < step->change_count; j++) {
      if (step->changes[j].kind != SQL_RECREATE_COLUMN) continue;
      const sql_table *table = &up->origin->tables[step->from_table - up->from->tables];
      vec_push(mem, &lost, &table->columns[step->changes[j].from - step->from_table->columns]);
    }
  }
  return lost;
}

const sql_plan *sql_revert(const sql_plan *up, const sql_schema *now, arena *mem)
{
  sql_renames back = turn_round(&up->renames, mem);
  sql_columns lost = lost_columns(up, mem);
  sql_diff_options options = {.drop_extensions = true, .renames = &back, .reverts = &lost};
  sql_plan *down = arena_new(mem, sql_plan);
  *down = *sql_diff(now, up->origin, &options, mem);
  down->one_transaction = true;
  for (size_t i = 0; i < down->len; i++) {
    unsay_created(&down->steps[i], mem);
    for (size_t j = 0; alters(&down->steps[i]) && j < down->steps[i].change_count; j++) {
      fill_column(down, &down->steps[i], &down->steps[i].changes[j], mem);
      name_sequence(&down->steps[i], &down->steps[i].changes[j], mem);
      unsay_added(&down->steps[i].changes[j], mem);
    }
  }
  return down;
}

/* ---- the script ---- */

static void name_column(const sql_table *table, const sql_column *column, buf *out)
{
  sql_name(out, table->schema, table->name);
  buf_char(out, '.');
  sql_ident(out, column->name);
}

static void say_added(const sql_step *step, const sql_change *change, buf *out)
{
  const sql_column *column = change->to;
  if (column->generated.len) return;
  BUF_LIT(out, "-- This does not bring back the values of ");
  name_column(step->to_table, column, out);
  if (change->filler.len)
    sc_buf_format(out, ": rows get %.*s.\n", STR_ARG(change->filler));
  else if (column->arity == SQL_REQUIRED && column->default_.kind == SQL_DEFAULT_NONE)
    BUF_LIT(out, ", and fails while the table holds rows: give the column a DEFAULT that suits them.\n");
  else
    BUF_LIT(out, ".\n");
}

static void say_altered(const sql_step *step, const sql_change *change, buf *out)
{
  if (change->arity && change->from->arity != SQL_REQUIRED && change->to->arity == SQL_REQUIRED) {
    BUF_LIT(out, "-- This fails while ");
    name_column(step->to_table, change->to, out);
    BUF_LIT(out, " is NULL somewhere: an UPDATE before it can give those rows a value.\n");
  }
  if (!change->type || change->cast == SQL_CAST_SAFE) return;
  BUF_LIT(out, "-- This fails, or loses a part of it, where a value of ");
  name_column(step->to_table, change->to, out);
  BUF_LIT(out, " does not fit ");
  sql_type_render(&change->to->type, change->to->arity, out);
  BUF_LIT(out, ".\n");
}

static void say_change(const sql_step *step, const sql_change *change, buf *out)
{
  bool dropped = change->kind == SQL_DROP_COLUMN || change->kind == SQL_RECREATE_COLUMN;
  if (dropped && !change->from->generated.len) {
    BUF_LIT(out, SQL_LOSES "the values of ");
    name_column(step->from_table, change->from, out);
    BUF_LIT(out, ".\n");
  }
  if (change->kind == SQL_ADD_COLUMN || change->kind == SQL_RECREATE_COLUMN) say_added(step, change, out);
  if (change->kind == SQL_ALTER_COLUMN) say_altered(step, change, out);
}

static void say_enum(const sql_step *step, buf *out)
{
  for (size_t i = 0; i < step->from_enum->value_count; i++) {
    bool kept = false;
    for (size_t j = 0; j < step->to_enum->value_count; j++)
      kept |= str_eq(step->from_enum->values[i], step->to_enum->values[j]);
    if (kept) continue;
    BUF_LIT(out, "-- This fails while a row holds ");
    sql_literal(out, step->from_enum->values[i]);
    BUF_LIT(out, ".\n");
  }
}

static void say_table(const char *what, const sql_table *table, buf *out)
{
  buf_add(out, str_from(what));
  sql_name(out, table->schema, table->name);
  BUF_LIT(out, ".\n");
}

/* The rows that a column or a table loses, and those that it does not get back. */
static void say_data(const sql_step *step, buf *out)
{
  if (step->kind == SQL_DROP_TABLE) say_table(SQL_LOSES "the rows of ", step->from_table, out);
  if (step->kind == SQL_CREATE_TABLE)
    say_table("-- This does not bring back the rows of ", step->to_table, out);
  if (step->kind == SQL_ALTER_ENUM) say_enum(step, out);
  for (size_t i = 0; alters(step) && i < step->change_count; i++) say_change(step, &step->changes[i], out);
}

/* A column that draws from a sequence again goes on behind its highest value. */
static void set_sequences(const sql_step *step, buf *out)
{
  for (size_t i = 0; alters(step) && i < step->change_count; i++) {
    const sql_change *change = &step->changes[i];
    if (!becomes_serial(change)) continue;
    buf sequence = {.mem = out->mem};
    sql_name(&sequence, step->to_table->schema, render_new_sequence(out->mem, step->to_table, change->to));
    BUF_LIT(out, "SELECT setval(");
    sql_literal(out, buf_str(&sequence));
    BUF_LIT(out, ", COALESCE((SELECT max(");
    sql_ident(out, change->to->name);
    BUF_LIT(out, ") FROM ");
    sql_name(out, step->to_table->schema, step->to_table->name);
    BUF_LIT(out, "), 0) + 1, false);\n");
  }
}

void sql_render_revert(const sql_plan *down, buf *out)
{
  for (size_t i = 0; i < down->len; i++) {
    const sql_step *step = &down->steps[i];
    if (i) buf_char(out, '\n');
    sc_buf_format(out, "-- %s\n", render_title(step->kind));
    say_data(step, out);
    sql_render_step(down, step, out);
    set_sequences(step, out);
  }
}
