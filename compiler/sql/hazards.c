/* What may go wrong in a plan, found from its steps alone; whether it will is for the live data to say. */
#include "base/vec.h"
#include "sql/sql.h"

enum { WARNING, UNEXECUTABLE };

typedef struct hazard_row hazard_row;
struct hazard_row {
  int severity;
  sql_count counts;
  str known, unknown;
};

static const hazard_row rows[] = {
#define HAZARD(kind, severity, counts, known, unknown)                                                       \
  {severity, SQL_COUNT_##counts, STR_INIT(known), STR_INIT(unknown)},
#include "sql/hazards.def"
#undef HAZARD
};

typedef struct finder finder;
struct finder {
  arena *mem;
  const sql_plan *plan;
  size_t step;
  VEC(sql_hazard) warnings, unexecutable;
};

static void found(finder *f, sql_hazard_kind kind, const sql_table *table, const sql_column *column,
                  str first, str second)
{
  sql_hazard hazard = {
      .kind = kind, .step = f->step, .table = table, .column = column, .detail = {first, second}};
  if (rows[kind].severity == WARNING)
    vec_push(f->mem, &f->warnings, hazard);
  else
    vec_push(f->mem, &f->unexecutable, hazard);
}

static bool has_default(const sql_column *column)
{
  return column->default_.kind != SQL_DEFAULT_NONE || column->generated.len;
}

static void added_column(finder *f, const sql_table *table, const sql_column *column)
{
  if (column->arity != SQL_REQUIRED || has_default(column) || column->backfill.len) return;
  found(f, column->client_default ? SQL_HAZARD_ADD_REQUIRED_CLIENT : SQL_HAZARD_ADD_REQUIRED, table, column,
        STR_NONE, STR_NONE);
}

static void recreated_column(finder *f, const sql_table *table, const sql_change *change)
{
  sql_hazard_kind kind = SQL_HAZARD_RECREATE_COLUMN;
  if (change->to->generated.len) return; /* its values are computed again */
  if (change->to->arity == SQL_REQUIRED && !has_default(change->to) && !change->staged)
    kind = change->from->arity == SQL_NULLABLE ? SQL_HAZARD_ADD_REQUIRED : SQL_HAZARD_RECREATE_REQUIRED;
  found(f, kind, table, change->from, STR_NONE, STR_NONE);
}

static str type_name(arena *mem, const sql_type *type)
{
  buf out = {.mem = mem};
  sql_type_name(type, &out);
  return buf_str(&out);
}

static void altered_column(finder *f, const sql_table *table, const sql_change *change)
{
  bool required = change->arity && change->from->arity == SQL_NULLABLE && change->to->arity == SQL_REQUIRED;
  if (required && !change->to->backfill.len)
    found(f, SQL_HAZARD_MAKE_REQUIRED, table, change->from, STR_NONE, STR_NONE);
  if (change->type && change->cast == SQL_CAST_RISKY && !change->to->using_.len)
    found(f, SQL_HAZARD_RISKY_CAST, table, change->from, type_name(f->mem, &change->from->type),
          type_name(f->mem, &change->to->type));
}

static void altered_table(finder *f, const sql_step *step)
{
  const sql_table *table = step->from_table;
  if (step->makes_way) return; /* what it drops is computed, or comes back */
  for (size_t i = 0; i < step->change_count; i++) {
    const sql_change *change = &step->changes[i];
    switch (change->kind) {
    case SQL_DROP_PRIMARY_KEY:
      found(f, SQL_HAZARD_CHANGE_PRIMARY_KEY, table, NULL, STR_NONE, STR_NONE);
      break;
    case SQL_DROP_COLUMN: found(f, SQL_HAZARD_DROP_COLUMN, table, change->from, STR_NONE, STR_NONE); break;
    case SQL_ADD_COLUMN: added_column(f, table, change->to); break;
    case SQL_ALTER_COLUMN: altered_column(f, table, change); break;
    case SQL_RECREATE_COLUMN: recreated_column(f, table, change); break;
    case SQL_DROP_CHECK:
    case SQL_RENAME_PRIMARY_KEY:
    case SQL_ADD_PRIMARY_KEY:
    case SQL_ADD_CHECK: break;
    }
  }
}

static bool has_index(const sql_table *table, const sql_index *index)
{
  for (size_t i = 0; i < table->index_count; i++) {
    const sql_index *other = &table->indexes[i];
    if (other->kind != index->kind || other->key_count != index->key_count) continue;
    size_t same = 0;
    while (same < index->key_count && str_eq(other->keys[same].column, index->keys[same].column) &&
           other->keys[same].sort == index->keys[same].sort)
      same++;
    if (same == index->key_count) return true;
  }
  return false;
}

/* A unique index on a table that stands, but for one that only comes back with its column. */
static void created_index(finder *f, const sql_step *step)
{
  const sql_table *before = NULL;
  for (size_t i = 0; i < f->plan->from->table_count && !before; i++) {
    const sql_table *table = &f->plan->from->tables[i];
    if (str_eq(table->name, step->to_table->name) &&
        sql_namespace_same(f->plan->from, table->schema, f->plan->to, step->to_table->schema))
      before = table;
  }
  if (!before || step->to_index->kind != SQL_UNIQUE || has_index(before, step->to_index)) return;
  buf columns = {.mem = f->mem};
  for (size_t i = 0; i < step->to_index->key_count; i++) {
    const sql_key *key = &step->to_index->keys[i];
    if (i) buf_char(&columns, ',');
    buf_add(&columns, key->column.len ? key->column : key->expression);
  }
  found(f, SQL_HAZARD_ADD_UNIQUE, step->to_table, NULL, buf_str(&columns), STR_NONE);
}

static void altered_enum(finder *f, const sql_step *step)
{
  buf gone = {.mem = f->mem};
  for (size_t i = 0; i < step->from_enum->value_count; i++) {
    str value = step->from_enum->values[i];
    bool kept = false;
    for (size_t j = 0; j < step->to_enum->value_count; j++) kept |= str_eq(value, step->to_enum->values[j]);
    if (kept) continue;
    if (gone.len) buf_char(&gone, ',');
    buf_add(&gone, value);
  }
  if (gone.len) found(f, SQL_HAZARD_DROP_ENUM_VALUES, NULL, NULL, buf_str(&gone), step->to_enum->name);
}

sql_hazard_list sql_hazards(const sql_plan *plan, arena *mem)
{
  finder f = {.mem = mem, .plan = plan};
  for (size_t i = 0; i < plan->len; i++) {
    const sql_step *step = &plan->steps[i];
    f.step = i;
    if (step->kind == SQL_DROP_TABLE)
      found(&f, SQL_HAZARD_DROP_TABLE, step->from_table, NULL, STR_NONE, STR_NONE);
    if (step->kind == SQL_ALTER_TABLE || step->kind == SQL_FINISH_TABLE) altered_table(&f, step);
    if (step->kind == SQL_ALTER_ENUM) altered_enum(&f, step);
    if (step->kind == SQL_CREATE_INDEX) created_index(&f, step);
  }
  sql_hazard_list all = {0};
  for (size_t i = 0; i < f.warnings.len; i++) vec_push(mem, &all, f.warnings.items[i]);
  for (size_t i = 0; i < f.unexecutable.len; i++) vec_push(mem, &all, f.unexecutable.items[i]);
  return all;
}

bool sql_hazard_unexecutable(const sql_hazard *hazard)
{
  return rows[hazard->kind].severity == UNEXECUTABLE;
}

sql_count sql_hazard_counts(const sql_hazard *hazard)
{
  return rows[hazard->kind].counts;
}

void sql_hazard_text(const sql_hazard *hazard, int64_t count, buf *out)
{
  const hazard_row *row = &rows[hazard->kind];
  str text = count >= 0 && row->known.len ? row->known : row->unknown;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] != '{' || i + 2 >= text.len || text.ptr[i + 2] != '}') {
      buf_char(out, text.ptr[i]);
      continue;
    }
    char what = text.ptr[i + 1];
    if (what == 't')
      buf_add(out, hazard->table->name);
    else if (what == 'c')
      buf_add(out, hazard->column->name);
    else if (what == 'n')
      sc_buf_i64(out, count);
    else
      buf_add(out, hazard->detail[what - '0']);
    i += 2;
  }
}

void sql_hazard_header(const sql_hazard_list *hazards, buf *out)
{
  if (hazards->len == 0) return;
  BUF_LIT(out, "/*\n  Warnings:\n\n");
  for (size_t i = 0; i < hazards->len; i++) {
    BUF_LIT(out, "  - ");
    sql_hazard_text(&hazards->items[i], -1, out);
    buf_char(out, '\n');
  }
  BUF_LIT(out, "\n*/\n");
}
