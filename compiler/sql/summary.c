/* A plan in words, as `migrate diff` of Prisma prints it (a stray parenthesis included). */
#include "base/vec.h"
#include "sql/sql.h"

#include <stdlib.h>

/* ---- groups ---- */

static str step_subject(const sql_step *step)
{
  switch (step->kind) {
  case SQL_CREATE_ENUM: return step->to_enum->name;
  case SQL_DROP_ENUM: return step->from_enum->name;
  case SQL_CREATE_TABLE: return step->to_table->name;
  case SQL_DROP_TABLE: return step->from_table->name;
  case SQL_CREATE_EXTENSION: return step->to_extension->name;
  case SQL_DROP_EXTENSION: return step->from_extension->name;
  case SQL_RENAME_ENUM:
  case SQL_RENAME_ENUM_VALUE:
  case SQL_RENAME_TABLE:
  case SQL_RENAME_COLUMN:
  case SQL_RENAME_SEQUENCE:
  case SQL_CREATE_SCHEMA:
  case SQL_ALTER_EXTENSION:
  case SQL_ALTER_ENUM:
  case SQL_DROP_FOREIGN_KEY:
  case SQL_DROP_INDEX:
  case SQL_ALTER_TABLE:
  case SQL_BACKFILL:
  case SQL_FINISH_TABLE:
  case SQL_CREATE_INDEX:
  case SQL_RENAME_FOREIGN_KEY:
  case SQL_ADD_FOREIGN_KEY:
  case SQL_RENAME_INDEX:
  case SQL_COMMENT_ON:
  case SQL_STEP_COUNT: break;
  }
  return STR_NONE;
}

static void group(const sql_plan *plan, sql_step_kind kind, const char *title, buf *out)
{
  bool started = false;
  for (size_t i = 0; i < plan->len; i++) {
    if (plan->steps[i].kind != kind) continue;
    if (!started) sc_buf_format(out, "\n%s\n", title);
    started = true;
    sc_buf_format(out, "  - %.*s\n", STR_ARG(step_subject(&plan->steps[i])));
  }
}

static bool has_value(const sql_enum *e, str value)
{
  for (size_t i = 0; i < e->value_count; i++)
    if (str_eq(e->values[i], value)) return true;
  return false;
}

static void changed_enum(const sql_step *step, buf *out)
{
  const sql_enum *from = step->from_enum, *to = step->to_enum;
  sc_buf_format(out, "\n[*] Changed the `%.*s` enum\n", STR_ARG(to->name));
  for (size_t i = 0; i < to->value_count; i++)
    if (!has_value(from, to->values[i]))
      sc_buf_format(out, "  [+] Added variant `%.*s`\n", STR_ARG(to->values[i]));
  for (size_t i = 0; i < from->value_count; i++)
    if (!has_value(to, from->values[i]))
      sc_buf_format(out, "  [-] Removed variant `%.*s`\n", STR_ARG(from->values[i]));
}

static int by_enum_name(const void *a, const void *b)
{
  const sql_step *const *x = a, *const *y = b;
  return sc_str_cmp((*x)->to_enum->name, (*y)->to_enum->name);
}

static void changed_enums(const sql_plan *plan, buf *out)
{
  VEC(const sql_step *) changed = {0};
  for (size_t i = 0; i < plan->len; i++)
    if (plan->steps[i].kind == SQL_ALTER_ENUM) vec_push(out->mem, &changed, &plan->steps[i]);
  if (changed.len) qsort(changed.items, changed.len, sizeof *changed.items, by_enum_name);
  for (size_t i = 0; i < changed.len; i++) changed_enum(changed.items[i], out);
}

/* ---- columns ---- */

static const char *arity_name(sql_arity arity)
{
  return arity == SQL_REQUIRED ? "Required" : arity == SQL_NULLABLE ? "Nullable" : "List";
}

static bool is_datetime(const sql_type *type)
{
  return type->kind == SQL_TYPE_NATIVE && dm_native_scalar(type->native) == DM_DATETIME;
}

/* Prisma reads a live database's defaults with fewer kinds than a schema's. */
static const char *value_kind(const sql_type *type, bool live)
{
  static const char *const names[] = {
      [DM_STRING] = "String",     [DM_BOOLEAN] = "Boolean", [DM_INT] = "Int",
      [DM_BIGINT] = "BigInt",     [DM_FLOAT] = "Float",     [DM_DECIMAL] = "Float",
      [DM_DATETIME] = "DateTime", [DM_JSON] = "Json",       [DM_BYTES] = "Bytes",
  };
  if (type->kind != SQL_TYPE_NATIVE) return "Enum";
  dm_scalar scalar = dm_native_scalar(type->native);
  if (live && scalar == DM_BIGINT) scalar = DM_INT;
  if (live && scalar == DM_JSON) scalar = DM_STRING;
  return names[scalar];
}

/* \x6869 as the numbers of its bytes: [104, 105]. */
static void byte_numbers(str hex, buf *out)
{
  buf_char(out, '[');
  for (size_t i = 2; i + 1 < hex.len; i += 2) {
    unsigned byte = 0;
    for (size_t j = i; j < i + 2; j++) {
      char c = hex.ptr[j];
      byte = byte * 16 + (unsigned)(c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0');
    }
    sc_buf_format(out, "%s%u", i > 2 ? ", " : "", byte);
  }
  buf_char(out, ']');
}

/* 2020-02-29 12:00:00 +00:00, as a default has it, with a T and without the second space. */
static void time_text(str text, buf *out)
{
  size_t day = sc_str_find_char(text, ' ');
  if (day == SIZE_MAX) day = text.len;
  buf_add(out, str_slice(text, 0, day));
  if (day < text.len) buf_char(out, 'T');
  for (size_t i = day + 1; i < text.len; i++)
    if (text.ptr[i] != ' ') buf_char(out, text.ptr[i]);
}

static void one_value(const sql_type *type, str text, bool live, buf *out)
{
  sc_buf_format(out, "%s(", value_kind(type, live));
  dm_scalar scalar = type->kind == SQL_TYPE_NATIVE ? dm_native_scalar(type->native) : DM_STRING;
  if (scalar == DM_BYTES)
    byte_numbers(text, out);
  else if (scalar == DM_FLOAT || scalar == DM_DECIMAL)
    sc_buf_format(out, "BigDecimal(\"%.*s\")", STR_ARG(text));
  else if (scalar == DM_DATETIME)
    time_text(text, out);
  else if (sql_type_quoted(type))
    sc_buf_json(out, text);
  else
    buf_add(out, text);
  buf_char(out, ')');
}

static void expression_text(str sql, buf *out)
{
  BUF_LIT(out, "`Some(DbGenerated(Some(");
  sc_buf_json(out, sql);
  BUF_LIT(out, ")))`");
}

/* A default as Prisma's debug output writes it. */
static void default_text(const sql_column *column, buf *out)
{
  const sql_default *value = &column->default_;
  bool live = value->raw.len > 0;
  switch (value->kind) {
  case SQL_DEFAULT_NONE:
    buf_add(out, value->unsaid ? STR("`Some(DbGenerated(None))`") : STR("`None`"));
    return;
  case SQL_DEFAULT_NOW: BUF_LIT(out, "`Some(Now)`"); return;
  case SQL_DEFAULT_SEQUENCE: sc_buf_format(out, "`Some(Sequence(\"%.*s\"))`", STR_ARG(value->text)); return;
  case SQL_DEFAULT_EXPRESSION: expression_text(value->text, out); return;
  case SQL_DEFAULT_LITERAL:
    if (live && is_datetime(&column->type)) {
      expression_text(value->raw, out);
      return;
    }
    BUF_LIT(out, "`Some(Value(");
    one_value(&column->type, value->text, live, out);
    BUF_LIT(out, "))`");
    return;
  case SQL_DEFAULT_LIST: break;
  }
  BUF_LIT(out, "`Some(Value(List([");
  for (size_t i = 0; i < value->len; i++) {
    if (i) BUF_LIT(out, ", ");
    one_value(&column->type, value->items[i], live, out);
  }
  BUF_LIT(out, "])))`");
}

static void separate(buf *out, bool *started)
{
  if (*started) BUF_LIT(out, ", ");
  *started = true;
}

static void column_changes(const sql_change *change, buf *out)
{
  bool started = false;
  BUF_LIT(out, " (");
  if (change->arity) {
    separate(out, &started);
    sc_buf_format(out, "changed from %s to %s", arity_name(change->from->arity),
                  arity_name(change->to->arity));
  }
  if (change->default_ && !change->autoincrement) {
    separate(out, &started);
    BUF_LIT(out, "default changed from ");
    default_text(change->from, out);
    BUF_LIT(out, " to ");
    default_text(change->to, out);
  }
  if (change->type) {
    separate(out, &started);
    BUF_LIT(out, "type changed");
  }
  if (change->autoincrement) {
    separate(out, &started);
    buf_add(out, change->to->default_.kind == SQL_DEFAULT_SEQUENCE
                     ? STR("column became autoincrementing")
                     : STR("column is no longer autoincrementing"));
  }
  BUF_LIT(out, ")\n");
}

/* ---- tables ---- */

static void key_columns(const sql_index *index, buf *out)
{
  for (size_t i = 0; i < index->key_count; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, index->keys[i].column.len ? index->keys[i].column : index->keys[i].expression);
  }
  BUF_LIT(out, ")\n");
}

static void foreign_columns(const sql_foreign_key *key, buf *out)
{
  for (size_t i = 0; i < key->column_count; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, key->columns[i]);
  }
  BUF_LIT(out, ")\n");
}

static void table_change(const sql_step *step, const sql_change *change, buf *out)
{
  switch (change->kind) {
  case SQL_DROP_CHECK:
    sc_buf_format(out, "  [-] Removed check `%.*s`\n", STR_ARG(change->check->name));
    break;
  case SQL_ADD_CHECK:
    sc_buf_format(out, "  [+] Added check (%.*s)\n", STR_ARG(change->check->expression));
    break;
  case SQL_DROP_PRIMARY_KEY:
    BUF_LIT(out, "  [-] Dropped the primary key on columns (");
    key_columns(step->from_table->primary_key, out);
    break;
  case SQL_RENAME_PRIMARY_KEY:
    BUF_LIT(out, "  [*] Renamed the primary key on columns (");
    key_columns(step->to_table->primary_key, out);
    break;
  case SQL_ADD_PRIMARY_KEY:
    BUF_LIT(out, "  [+] Added primary key on columns (");
    key_columns(step->to_table->primary_key, out);
    BUF_LIT(out, ")\n");
    break;
  case SQL_DROP_COLUMN:
    sc_buf_format(out, "  [-] Removed column `%.*s`\n", STR_ARG(change->from->name));
    break;
  case SQL_ADD_COLUMN: sc_buf_format(out, "  [+] Added column `%.*s`\n", STR_ARG(change->to->name)); break;
  case SQL_ALTER_COLUMN:
    if (!sql_table_column(step->from_table, change->to->name)) break; /* added before, and being finished */
    sc_buf_format(out, "  [*] Altered column `%.*s`", STR_ARG(change->to->name));
    column_changes(change, out);
    break;
  case SQL_RECREATE_COLUMN:
    sc_buf_format(out, "  [*] Column `%.*s` would be dropped and recreated", STR_ARG(change->to->name));
    column_changes(change, out);
    break;
  }
}

static void index_change(const char *what, const sql_index *index, buf *out)
{
  sc_buf_format(out, "  %s %sindex on columns (", what, index->kind == SQL_UNIQUE ? "unique " : "");
  key_columns(index, out);
}

static void table_step(const sql_step *step, buf *out)
{
  switch (step->kind) {
  case SQL_RENAME_TABLE: sc_buf_format(out, "  [*] Renamed from `%.*s`\n", STR_ARG(step->name)); break;
  case SQL_RENAME_COLUMN:
    sc_buf_format(out, "  [*] Renamed column `%.*s` to `%.*s`\n", STR_ARG(step->name),
                  STR_ARG(step->new_name));
    break;
  case SQL_BACKFILL: sc_buf_format(out, "  [*] Filled column `%.*s`\n", STR_ARG(step->column->name)); break;
  case SQL_DROP_FOREIGN_KEY:
    BUF_LIT(out, "  [-] Removed foreign key on columns (");
    foreign_columns(step->from_key, out);
    break;
  case SQL_ADD_FOREIGN_KEY:
    BUF_LIT(out, "  [+] Added foreign key on columns (");
    foreign_columns(step->to_key, out);
    break;
  case SQL_RENAME_FOREIGN_KEY:
    sc_buf_format(out, "  [*] Renamed the foreign key \"%.*s\" to \"%.*s\"\n", STR_ARG(step->from_key->name),
                  STR_ARG(step->to_key->name));
    break;
  case SQL_DROP_INDEX: index_change("[-] Removed", step->from_index, out); break;
  case SQL_CREATE_INDEX: index_change("[+] Added", step->to_index, out); break;
  case SQL_RENAME_INDEX:
    sc_buf_format(out, "  [*] Renamed index `%.*s` to `%.*s`\n", STR_ARG(step->from_index->name),
                  STR_ARG(step->to_index->name));
    break;
  case SQL_ALTER_TABLE:
  case SQL_FINISH_TABLE:
    for (size_t i = 0; i < step->change_count; i++) table_change(step, &step->changes[i], out);
    break;
  case SQL_COMMENT_ON:
    if (step->column)
      sc_buf_format(out, "  [*] Changed the comment of column `%.*s`\n", STR_ARG(step->column->name));
    else
      BUF_LIT(out, "  [*] Changed the comment\n");
    break;
  case SQL_RENAME_ENUM:
  case SQL_RENAME_ENUM_VALUE:
  case SQL_RENAME_SEQUENCE:
  case SQL_CREATE_SCHEMA:
  case SQL_DROP_EXTENSION:
  case SQL_CREATE_EXTENSION:
  case SQL_ALTER_EXTENSION:
  case SQL_CREATE_ENUM:
  case SQL_ALTER_ENUM:
  case SQL_DROP_TABLE:
  case SQL_DROP_ENUM:
  case SQL_CREATE_TABLE:
  case SQL_STEP_COUNT: break;
  }
}

/* The table a step changes; NULL for those that make, drop or concern none. */
static const sql_table *changed_table(const sql_step *step)
{
  if (step->kind == SQL_CREATE_TABLE || step->kind == SQL_DROP_TABLE) return NULL;
  if (step->kind == SQL_RENAME_SEQUENCE) return NULL;
  return step->to_table ? step->to_table : step->from_table;
}

static int by_name(const void *a, const void *b)
{
  return sc_str_cmp(*(const str *)a, *(const str *)b);
}

static void changed_tables(const sql_plan *plan, buf *out)
{
  VEC(str) names = {0};
  for (size_t i = 0; i < plan->len; i++) {
    const sql_table *table = changed_table(&plan->steps[i]);
    if (table) vec_push(out->mem, &names, table->name);
  }
  if (names.len) qsort(names.items, names.len, sizeof *names.items, by_name);
  for (size_t i = 0; i < names.len; i++) {
    if (i && str_eq(names.items[i], names.items[i - 1])) continue;
    sc_buf_format(out, "\n[*] Changed the `%.*s` table\n", STR_ARG(names.items[i]));
    for (size_t j = 0; j < plan->len; j++) {
      const sql_table *table = changed_table(&plan->steps[j]);
      if (table && str_eq(table->name, names.items[i])) table_step(&plan->steps[j], out);
    }
  }
}

void sql_summary(const sql_plan *plan, buf *out)
{
  size_t start = out->len;
  if (plan->len == 0) BUF_LIT(out, "No difference detected.\n");
  group(plan, SQL_CREATE_EXTENSION, "[+] Added extensions", out);
  group(plan, SQL_CREATE_ENUM, "[+] Added enums", out);
  group(plan, SQL_CREATE_TABLE, "[+] Added tables", out);
  group(plan, SQL_DROP_ENUM, "[-] Removed enums", out);
  group(plan, SQL_DROP_TABLE, "[-] Removed tables", out);
  for (size_t i = 0; i < plan->len; i++) {
    const sql_step *step = &plan->steps[i];
    if (step->kind == SQL_RENAME_ENUM)
      sc_buf_format(out, "\n[*] Renamed the `%.*s` enum to `%.*s`\n", STR_ARG(step->name),
                    STR_ARG(step->new_name));
    if (step->kind == SQL_RENAME_ENUM_VALUE)
      sc_buf_format(out, "\n[*] Renamed the variant `%.*s` of the `%.*s` enum to `%.*s`\n",
                    STR_ARG(step->name), STR_ARG(step->from_enum->name), STR_ARG(step->new_name));
    if (step->kind == SQL_COMMENT_ON && step->to_enum)
      sc_buf_format(out, "\n[*] Changed the comment of the `%.*s` enum\n", STR_ARG(step->to_enum->name));
    if (step->kind == SQL_ALTER_EXTENSION)
      sc_buf_format(out, "\n[*] Changed the `%.*s` extension\n", STR_ARG(step->to_extension->name));
  }
  changed_enums(plan, out);
  changed_tables(plan, out);
  if (out->len == start) buf_char(out, '\n'); /* new schemas have no line */
}
