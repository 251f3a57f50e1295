/* Tables and their indexes: CREATE TABLE, ALTER TABLE, CREATE INDEX. */
#include "sql/quote.h"
#include "sql/render.h"

/* ---- columns ---- */

static void render_literal(const sql_type *type, str text, buf *out)
{
  if (sql_type_quoted(type))
    sql_literal(out, text);
  else
    buf_add(out, text);
}

void render_default(const sql_column *column, buf *out)
{
  const sql_default *value = &column->default_;
  if (value->repeated) {
    buf_add(out, value->raw);
    return;
  }
  switch (value->kind) {
  case SQL_DEFAULT_NONE:
  case SQL_DEFAULT_SEQUENCE: break;
  case SQL_DEFAULT_LITERAL: render_literal(&column->type, value->text, out); break;
  case SQL_DEFAULT_NOW: BUF_LIT(out, "CURRENT_TIMESTAMP"); break;
  case SQL_DEFAULT_EXPRESSION: buf_add(out, value->text); break;
  case SQL_DEFAULT_LIST:
    BUF_LIT(out, "ARRAY[");
    for (size_t i = 0; i < value->len; i++) {
      if (i) BUF_LIT(out, ", ");
      render_literal(&column->type, value->items[i], out);
    }
    BUF_LIT(out, "]::");
    sql_type_render(&column->type, SQL_LIST, out);
    break;
  }
}

/* SERIAL and its sizes stand for an integer, its sequence and the default. */
static str serial_type(const sql_column *column)
{
  if (column->default_.kind != SQL_DEFAULT_SEQUENCE || column->type.kind != SQL_TYPE_NATIVE) return STR_NONE;
  if (column->type.native == DM_NATIVE_INTEGER) return STR("SERIAL");
  if (column->type.native == DM_NATIVE_BIGINT) return STR("BIGSERIAL");
  return column->type.native == DM_NATIVE_SMALLINT ? STR("SMALLSERIAL") : STR_NONE;
}

/* "name" TYPE NOT NULL DEFAULT x, as in CREATE TABLE. */
static void render_column(const sql_column *column, buf *out)
{
  sql_ident(out, column->name);
  buf_char(out, ' ');
  str serial = serial_type(column);
  if (serial.len)
    buf_add(out, serial);
  else
    sql_type_render(&column->type, column->arity, out);
  if (column->arity == SQL_REQUIRED) BUF_LIT(out, " NOT NULL");
  if (column->generated.len) {
    BUF_LIT(out, " GENERATED ALWAYS AS (");
    buf_add(out, column->generated);
    BUF_LIT(out, ") STORED");
    return;
  }
  if (column->default_.kind == SQL_DEFAULT_NONE || column->default_.kind == SQL_DEFAULT_SEQUENCE) return;
  BUF_LIT(out, " DEFAULT ");
  render_default(column, out);
}

/* ---- constraints ---- */

static void render_primary_key(const sql_index *key, str separator, buf *out)
{
  BUF_LIT(out, "CONSTRAINT ");
  sql_ident(out, key->name);
  BUF_LIT(out, " PRIMARY KEY (");
  for (size_t i = 0; i < key->key_count; i++) {
    if (i) buf_add(out, separator);
    sql_ident(out, key->keys[i].column);
  }
  buf_char(out, ')');
}

void render_check(const sql_check *check, buf *out)
{
  BUF_LIT(out, "CONSTRAINT ");
  sql_ident(out, check->name);
  BUF_LIT(out, " CHECK (");
  buf_add(out, check->expression);
  buf_char(out, ')');
}

void render_create_table(const sql_table *table, buf *out)
{
  BUF_LIT(out, "CREATE TABLE ");
  sql_name(out, table->schema, table->name);
  BUF_LIT(out, " (\n");
  for (size_t i = 0; i < table->column_count; i++) {
    if (i) BUF_LIT(out, ",\n");
    BUF_LIT(out, "    ");
    render_column(&table->columns[i], out);
  }
  if (table->primary_key) {
    BUF_LIT(out, ",\n\n    ");
    render_primary_key(table->primary_key, STR(","), out);
  }
  for (size_t i = 0; i < table->check_count; i++) {
    buf_add(out, i == 0 && !table->primary_key ? STR(",\n\n    ") : STR(",\n    "));
    render_check(&table->checks[i], out);
  }
  BUF_LIT(out, "\n);\n");
}

/* ---- ALTER TABLE ---- */

/* Between two clauses; the first has ALTER TABLE in front. */
static void next_clause(const sql_table *table, bool *started, buf *out)
{
  if (*started) {
    BUF_LIT(out, ",\n");
    return;
  }
  *started = true;
  BUF_LIT(out, "ALTER TABLE ");
  sql_name(out, table->schema, table->name);
  buf_char(out, ' ');
}

str render_serial_sequence(arena *mem, str table, str column)
{
  return sc_str_format(mem, "%.*s_%.*s_seq", STR_ARG(table), STR_ARG(column));
}

/* Prisma's is in lower case. */
str render_new_sequence(arena *mem, const sql_table *table, const sql_column *column)
{
  if (column->sequence.len) return column->sequence;
  str name = render_serial_sequence(mem, table->name, column->name);
  char *lower = sc_str_c(mem, name);
  for (size_t i = 0; i < name.len; i++)
    if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] = (char)(lower[i] - 'A' + 'a');
  return (str){lower, name.len};
}

static bool becomes_serial(const sql_change *change)
{
  return change->kind == SQL_ALTER_COLUMN && change->autoincrement &&
         change->to->default_.kind == SQL_DEFAULT_SEQUENCE;
}

static bool ends_serial(const sql_change *change)
{
  return change->kind == SQL_ALTER_COLUMN && change->autoincrement &&
         change->from->default_.kind == SQL_DEFAULT_SEQUENCE && !change->from->identity;
}

static void column_clause(const sql_step *step, const sql_change *change, const char *clause, bool *started,
                          buf *out)
{
  next_clause(step->to_table, started, out);
  BUF_LIT(out, "ALTER COLUMN ");
  sql_ident(out, change->to->name);
  sc_buf_format(out, " %s", clause);
}

/* What @using says: the default is in the way of a type that it cannot be cast to, and comes back as one of
 * the new type. */
static void render_using(const sql_step *step, const sql_change *change, bool *started, buf *out)
{
  bool serial = change->from->default_.kind == SQL_DEFAULT_SEQUENCE; /* and stays one */
  bool had_default = change->from->default_.kind != SQL_DEFAULT_NONE && !serial;
  bool has_default = change->to->default_.kind != SQL_DEFAULT_NONE && !serial;
  if (had_default) column_clause(step, change, "DROP DEFAULT", started, out);
  column_clause(step, change, "SET DATA TYPE ", started, out);
  sql_type_render(&change->to->type, change->to->arity, out);
  BUF_LIT(out, " USING (");
  buf_add(out, change->using_);
  buf_char(out, ')');
  if (!has_default) return;
  column_clause(step, change, "SET DEFAULT ", started, out);
  render_default(change->to, out);
}

static void render_default_change(const sql_step *step, const sql_change *change, bool *started, buf *out)
{
  bool was_identity = change->from->identity && change->from->default_.kind == SQL_DEFAULT_SEQUENCE;
  if (was_identity && change->autoincrement) column_clause(step, change, "DROP IDENTITY", started, out);
  switch (change->to->default_.kind) {
  case SQL_DEFAULT_NONE:
    if (!was_identity) column_clause(step, change, "DROP DEFAULT", started, out);
    break;
  case SQL_DEFAULT_SEQUENCE:
    column_clause(step, change, "SET DEFAULT ", started, out);
    sql_nextval(out, step->to_table->schema, render_new_sequence(out->mem, step->to_table, change->to));
    break;
  case SQL_DEFAULT_LITERAL:
  case SQL_DEFAULT_LIST:
  case SQL_DEFAULT_NOW:
  case SQL_DEFAULT_EXPRESSION:
    column_clause(step, change, "SET DEFAULT ", started, out);
    render_default(change->to, out);
    break;
  }
}

static void render_alter_column(const sql_step *step, const sql_change *change, bool *started, buf *out)
{
  if (change->arity && change->to->arity == SQL_REQUIRED)
    column_clause(step, change, "SET NOT NULL", started, out);
  bool list = change->to->arity == SQL_LIST && change->from->arity == SQL_REQUIRED;
  if (change->arity && (change->to->arity == SQL_NULLABLE || list))
    column_clause(step, change, "DROP NOT NULL", started, out);
  if (change->using_.len && !change->autoincrement) {
    render_using(step, change, started, out);
    return;
  }
  if (change->default_ || change->autoincrement) render_default_change(step, change, started, out);
  if (change->type) {
    column_clause(step, change, "SET DATA TYPE ", started, out);
    sql_type_render(&change->to->type, change->to->arity, out);
    if (!change->using_.len) return;
    BUF_LIT(out, " USING (");
    buf_add(out, change->using_);
    buf_char(out, ')');
  }
}

static bool is_identity(str filler)
{
  return str_starts(filler, STR("GENERATED "));
}

static void render_add_column(const sql_step *step, const sql_change *change, bool *started, buf *out)
{
  sql_column column = *change->to;
  if (change->staged) {
    column.default_ = (sql_default){0};
    if (column.arity == SQL_REQUIRED) column.arity = SQL_NULLABLE;
  }
  next_clause(step->to_table, started, out);
  BUF_LIT(out, "ADD COLUMN     ");
  render_column(&column, out);
  if (!change->filler.len) return;
  buf_add(out, is_identity(change->filler) ? STR(" ") : STR(" DEFAULT "));
  buf_add(out, change->filler);
}

/* What has filled the rows of a column goes again. */
static void render_unfill(const sql_step *step, const sql_change *change, buf *out)
{
  bool started = false;
  column_clause(step, change, is_identity(change->filler) ? "DROP IDENTITY" : "DROP DEFAULT", &started, out);
  BUF_LIT(out, ";\n");
}

static void render_drop(const sql_step *step, str what, str name, bool *started, buf *out)
{
  next_clause(step->to_table, started, out);
  buf_add(out, what);
  sql_ident(out, name);
}

static bool drops_computed(const sql_change *change)
{
  return (change->kind == SQL_DROP_COLUMN || change->kind == SQL_RECREATE_COLUMN) &&
         change->from->generated.len;
}

static bool adds_computed(const sql_change *change)
{
  return (change->kind == SQL_ADD_COLUMN || change->kind == SQL_RECREATE_COLUMN) && change->to->generated.len;
}

static void render_change(const sql_step *step, const sql_change *change, bool *started, buf *out)
{
  switch (change->kind) {
  case SQL_DROP_CHECK: render_drop(step, STR("DROP CONSTRAINT "), change->check->name, started, out); break;
  case SQL_DROP_PRIMARY_KEY:
    render_drop(step, STR("DROP CONSTRAINT "), step->from_table->primary_key->name, started, out);
    break;
  case SQL_RENAME_PRIMARY_KEY: break; /* a statement of its own */
  case SQL_DROP_COLUMN:
    if (!drops_computed(change)) render_drop(step, STR("DROP COLUMN "), change->from->name, started, out);
    break;
  case SQL_ADD_COLUMN:
    if (!adds_computed(change)) render_add_column(step, change, started, out);
    break;
  case SQL_ALTER_COLUMN: render_alter_column(step, change, started, out); break;
  case SQL_RECREATE_COLUMN:
    if (!drops_computed(change)) render_drop(step, STR("DROP COLUMN "), change->from->name, started, out);
    if (!adds_computed(change)) render_add_column(step, change, started, out);
    break;
  case SQL_ADD_PRIMARY_KEY:
    next_clause(step->to_table, started, out);
    BUF_LIT(out, "ADD ");
    render_primary_key(step->to_table->primary_key, STR(", "), out);
    break;
  case SQL_ADD_CHECK:
    next_clause(step->to_table, started, out);
    BUF_LIT(out, "ADD ");
    render_check(change->check, out);
    break;
  }
}

/* Statements that have to come before the ALTER TABLE. */
static void render_before(const sql_plan *plan, const sql_step *step, const sql_change *change, buf *out)
{
  if (change->kind == SQL_RENAME_PRIMARY_KEY) {
    BUF_LIT(out, "ALTER TABLE ");
    sql_name(out, step->to_table->schema, step->to_table->name);
    BUF_LIT(out, " RENAME CONSTRAINT ");
    sql_ident(out, step->from_table->primary_key->name);
    BUF_LIT(out, " TO ");
    sql_ident(out, step->to_table->primary_key->name);
    BUF_LIT(out, ";\n");
  }
  if (becomes_serial(change)) {
    BUF_LIT(out, "CREATE SEQUENCE ");
    sql_sequence(out, step->to_table->schema, render_new_sequence(out->mem, step->to_table, change->to));
    if (plan->one_transaction) sc_buf_format(out, " AS %s", dm_native_sql(change->to->type.native));
    BUF_LIT(out, ";\n");
  }
}

static void render_after(const sql_plan *plan, const sql_step *step, const sql_change *change, buf *out)
{
  const sql_table *table = step->to_table;
  if (change->filler.len) render_unfill(step, change, out);
  if (becomes_serial(change)) {
    BUF_LIT(out, "ALTER SEQUENCE ");
    sql_sequence(out, table->schema, render_new_sequence(out->mem, table, change->to));
    BUF_LIT(out, " OWNED BY ");
    sql_name(out, table->schema, table->name);
    buf_char(out, '.');
    sql_ident(out, change->to->name);
    BUF_LIT(out, ";\n");
    return;
  }
  if (change->kind != SQL_ALTER_COLUMN || change->from->default_.kind != SQL_DEFAULT_SEQUENCE) return;
  str sequence = change->from->sequence;
  if (sequence.len == 0) sequence = render_serial_sequence(out->mem, table->name, change->from->name);
  if (ends_serial(change)) {
    BUF_LIT(out, "DROP SEQUENCE ");
    sql_name(out, render_old_schema(plan, step->from_table->schema), sequence);
    BUF_LIT(out, ";\n");
  } else if (change->type && !change->autoincrement &&
             (change->to->type.native == DM_NATIVE_BIGINT || plan->one_transaction)) {
    /* Or the column would still end where its old type did. */
    BUF_LIT(out, "ALTER SEQUENCE ");
    sql_name(out, table->schema, sequence);
    sc_buf_format(out, " AS %s;\n", dm_native_sql(change->to->type.native));
  }
}

/* A generated column goes before the columns that it is computed from, and comes after them. */
static void render_changes(const sql_step *step, buf *out)
{
  bool started = false;
  for (size_t i = 0; i < step->change_count; i++)
    if (drops_computed(&step->changes[i]))
      render_drop(step, STR("DROP COLUMN "), step->changes[i].from->name, &started, out);
  for (size_t i = 0; i < step->change_count; i++) render_change(step, &step->changes[i], &started, out);
  for (size_t i = 0; i < step->change_count; i++)
    if (adds_computed(&step->changes[i])) render_add_column(step, &step->changes[i], &started, out);
  if (started) BUF_LIT(out, ";\n");
}

void render_alter_table(const sql_plan *plan, const sql_step *step, buf *out)
{
  for (size_t i = 0; i < step->change_count; i++) render_before(plan, step, &step->changes[i], out);
  render_changes(step, out);
  for (size_t i = 0; i < step->change_count; i++) render_after(plan, step, &step->changes[i], out);
}

/* ---- indexes ---- */

static const char *method_sql(dm_index_type method)
{
  static const char *const names[] = {
      [DM_BTREE] = "BTREE", [DM_HASH] = "HASH",     [DM_GIN] = "GIN",
      [DM_GIST] = "GIST",   [DM_SPGIST] = "SPGIST", [DM_BRIN] = "BRIN",
  };
  return names[method];
}

static void render_keys(const sql_index *index, buf *out)
{
  buf_char(out, '(');
  for (size_t i = 0; i < index->key_count; i++) {
    const sql_key *key = &index->keys[i];
    if (i) BUF_LIT(out, ", ");
    if (key->column.len) {
      sql_ident(out, key->column);
    } else {
      buf_char(out, '(');
      buf_add(out, key->expression);
      buf_char(out, ')');
    }
    if (key->opclass.len && !key->opclass_default) {
      buf_char(out, ' ');
      buf_add(out, key->opclass);
    }
    if (key->sort == SQL_DESC)
      BUF_LIT(out, " DESC");
    else if (key->sort_said)
      BUF_LIT(out, " ASC");
  }
  buf_char(out, ')');
}

static void render_include(const sql_index *index, buf *out)
{
  if (index->include_count == 0) return;
  BUF_LIT(out, " INCLUDE (");
  sql_ident_list(out, index->include, index->include_count, STR(", "));
  buf_char(out, ')');
}

static void render_storage(const sql_index *index, buf *out)
{
  if (!index->storage) return;
  BUF_LIT(out, " WITH (");
  dm_storage_write(index->storage, true, out);
  buf_char(out, ')');
}

/* A unique constraint: the form that can be deferred. */
static void render_unique_constraint(const sql_table *table, const sql_index *index, buf *out)
{
  BUF_LIT(out, "ALTER TABLE ");
  sql_name(out, table->schema, table->name);
  BUF_LIT(out, " ADD CONSTRAINT ");
  sql_ident(out, index->name);
  BUF_LIT(out, " UNIQUE ");
  if (index->nulls_not_distinct) BUF_LIT(out, "NULLS NOT DISTINCT ");
  render_keys(index, out);
  render_include(index, out);
  render_storage(index, out);
  render_deferrable(index->deferrable, out);
  BUF_LIT(out, ";\n");
}

static void create_index(const sql_table *table, const sql_index *index, str concurrently, buf *out)
{
  buf_add(out, index->kind == SQL_UNIQUE ? STR("CREATE UNIQUE INDEX ") : STR("CREATE INDEX "));
  buf_add(out, concurrently);
  sql_ident(out, index->name);
  BUF_LIT(out, " ON ");
  sql_name(out, table->schema, table->name);
  if (index->method != DM_BTREE) sc_buf_format(out, " USING %s ", method_sql(index->method));
  render_keys(index, out);
  render_include(index, out);
  if (index->nulls_not_distinct) BUF_LIT(out, " NULLS NOT DISTINCT");
  render_storage(index, out);
  if (index->where.len) {
    BUF_LIT(out, " WHERE (");
    buf_add(out, index->where);
    buf_char(out, ')');
  }
  BUF_LIT(out, ";\n");
}

void render_create_index(const sql_table *table, const sql_index *index, buf *out)
{
  if (index->deferrable != DM_NOT_DEFERRABLE)
    render_unique_constraint(table, index, out);
  else
    create_index(table, index, STR_NONE, out);
}

void render_create_index_concurrently(const sql_table *table, const sql_index *index, buf *out)
{
  create_index(table, index, STR("CONCURRENTLY "), out);
}

void render_drop_index(const sql_plan *plan, const sql_table *table, const sql_index *index, buf *out)
{
  str schema = render_old_schema(plan, table->schema);
  if (index->constraint) {
    BUF_LIT(out, "ALTER TABLE ");
    sql_name(out, schema, table->name);
    BUF_LIT(out, " DROP CONSTRAINT ");
    sql_ident(out, index->name);
  } else {
    BUF_LIT(out, "DROP INDEX ");
    sql_name(out, schema, index->name);
  }
  BUF_LIT(out, ";\n");
}
