/* A plan as a script. */
#include "sql/render.h"
#include "sql/quote.h"

const char *render_title(sql_step_kind kind)
{
  static const char *const titles[] = {
#define STEP(kind, title) title,
#include "sql/steps.def"
#undef STEP
  };
  return titles[kind];
}

str render_old_schema(const sql_plan *plan, str schema)
{
  if (plan->in_full) return schema.len ? schema : plan->from->default_schema;
  str current = plan->from->inspected ? plan->from->current : plan->from->default_schema;
  return !plan->to->inspected && str_eq(schema, current) ? STR_NONE : schema;
}

/* ---- small steps ---- */

static void create_schema(const sql_step *step, buf *out)
{
  BUF_LIT(out, "CREATE SCHEMA IF NOT EXISTS ");
  sql_ident(out, step->name);
  BUF_LIT(out, ";\n");
}

static void drop_extension(const sql_step *step, buf *out)
{
  BUF_LIT(out, "DROP EXTENSION ");
  sql_ident(out, step->from_extension->name);
  BUF_LIT(out, ";\n");
}

static void create_extension(const sql_step *step, buf *out)
{
  const sql_extension *extension = step->to_extension;
  BUF_LIT(out, "CREATE EXTENSION IF NOT EXISTS ");
  sql_ident(out, extension->name);
  if (extension->schema.len || extension->version.len) BUF_LIT(out, " WITH");
  if (extension->schema.len) {
    BUF_LIT(out, " SCHEMA ");
    sql_ident(out, extension->schema);
  }
  if (extension->version.len) {
    BUF_LIT(out, " VERSION ");
    sql_ident(out, extension->version);
  }
  BUF_LIT(out, ";\n");
}

static void alter_extension(const sql_step *step, buf *out)
{
  const sql_extension *from = step->from_extension, *to = step->to_extension;
  if (to->version.len && !str_eq(from->version, to->version)) {
    BUF_LIT(out, "ALTER EXTENSION ");
    sql_ident(out, to->name);
    BUF_LIT(out, " UPDATE TO ");
    sql_ident(out, to->version);
    BUF_LIT(out, ";\n");
  }
  if (to->schema.len && !str_eq(from->schema, to->schema)) {
    BUF_LIT(out, "ALTER EXTENSION ");
    sql_ident(out, to->name);
    BUF_LIT(out, " SET SCHEMA ");
    sql_ident(out, to->schema);
    BUF_LIT(out, ";\n");
  }
}

static void create_enum(const sql_step *step, buf *out)
{
  const sql_enum *e = step->to_enum;
  BUF_LIT(out, "CREATE TYPE ");
  sql_name(out, e->schema, e->name);
  BUF_LIT(out, " AS ENUM (");
  for (size_t i = 0; i < e->value_count; i++) {
    if (i) BUF_LIT(out, ", ");
    sql_literal(out, e->values[i]);
  }
  BUF_LIT(out, ");\n");
}

static void drop_enum(const sql_plan *plan, const sql_step *step, buf *out)
{
  BUF_LIT(out, "DROP TYPE ");
  sql_name(out, render_old_schema(plan, step->from_enum->schema), step->from_enum->name);
  BUF_LIT(out, ";\n");
}

static void drop_table(const sql_plan *plan, const sql_step *step, buf *out)
{
  BUF_LIT(out, "DROP TABLE ");
  sql_name(out, render_old_schema(plan, step->from_table->schema), step->from_table->name);
  BUF_LIT(out, ";\n");
}

static void alter_table(str schema, str table, str clause, buf *out)
{
  BUF_LIT(out, "ALTER TABLE ");
  sql_name(out, schema, table);
  buf_char(out, ' ');
  buf_add(out, clause);
}

static void drop_foreign_key(const sql_plan *plan, const sql_step *step, buf *out)
{
  alter_table(render_old_schema(plan, step->from_table->schema), step->from_table->name,
              STR("DROP CONSTRAINT "), out);
  sql_ident(out, step->from_key->name);
  BUF_LIT(out, ";\n");
}

static void rename_foreign_key(const sql_step *step, buf *out)
{
  alter_table(step->to_table->schema, step->from_table->name, STR("RENAME CONSTRAINT "), out);
  sql_ident(out, step->from_key->name);
  BUF_LIT(out, " TO ");
  sql_ident(out, step->to_key->name);
  BUF_LIT(out, ";\n");
}

void render_deferrable(dm_deferrable deferrable, buf *out)
{
  if (deferrable == DM_INITIALLY_IMMEDIATE) BUF_LIT(out, " DEFERRABLE INITIALLY IMMEDIATE");
  if (deferrable == DM_INITIALLY_DEFERRED) BUF_LIT(out, " DEFERRABLE INITIALLY DEFERRED");
}

static const char *action_sql(dm_action action)
{
  static const char *const names[] = {
      [DM_CASCADE] = "CASCADE",   [DM_RESTRICT] = "RESTRICT",       [DM_NO_ACTION] = "NO ACTION",
      [DM_SET_NULL] = "SET NULL", [DM_SET_DEFAULT] = "SET DEFAULT",
  };
  return names[action];
}

void render_foreign_key(const sql_foreign_key *key, buf *out)
{
  BUF_LIT(out, "CONSTRAINT ");
  sql_ident(out, key->name);
  BUF_LIT(out, " FOREIGN KEY (");
  sql_ident_list(out, key->columns, key->column_count, STR(", "));
  BUF_LIT(out, ") REFERENCES ");
  sql_name(out, key->schema, key->table);
  buf_char(out, '(');
  sql_ident_list(out, key->references, key->column_count, STR(", "));
  sc_buf_format(out, ") ON DELETE %s ON UPDATE %s", action_sql(key->on_delete), action_sql(key->on_update));
  render_deferrable(key->deferrable, out);
}

static void add_foreign_key(const sql_step *step, buf *out)
{
  alter_table(step->to_table->schema, step->to_table->name, STR("ADD "), out);
  render_foreign_key(step->to_key, out);
  BUF_LIT(out, ";\n");
}

static void rename_index(const sql_step *step, buf *out)
{
  BUF_LIT(out, "ALTER INDEX ");
  sql_name(out, step->to_table->schema, step->from_index->name);
  BUF_LIT(out, " RENAME TO ");
  sql_ident(out, step->to_index->name);
  BUF_LIT(out, ";\n");
}

static void comment_on(const sql_step *step, buf *out)
{
  const sql_table *table = step->to_table;
  const sql_enum *e = step->to_enum;
  buf_add(out, e              ? STR("COMMENT ON TYPE ")
               : step->column ? STR("COMMENT ON COLUMN ")
                              : STR("COMMENT ON TABLE "));
  sql_name(out, e ? e->schema : table->schema, e ? e->name : table->name);
  if (step->column) {
    buf_char(out, '.');
    sql_ident(out, step->column->name);
  }
  BUF_LIT(out, " IS ");
  str comment = e ? e->comment : step->column ? step->column->comment : table->comment;
  if (comment.len)
    sql_literal(out, comment);
  else
    BUF_LIT(out, "NULL");
  BUF_LIT(out, ";\n");
}

/* ---- the script ---- */

void sql_render_step(const sql_plan *plan, const sql_step *step, buf *out)
{
  switch (step->kind) {
  case SQL_RENAME_ENUM:
  case SQL_RENAME_ENUM_VALUE:
  case SQL_RENAME_TABLE:
  case SQL_RENAME_COLUMN:
  case SQL_RENAME_SEQUENCE: render_rename(step, out); break;
  case SQL_CREATE_SCHEMA: create_schema(step, out); break;
  case SQL_DROP_EXTENSION: drop_extension(step, out); break;
  case SQL_CREATE_EXTENSION: create_extension(step, out); break;
  case SQL_ALTER_EXTENSION: alter_extension(step, out); break;
  case SQL_CREATE_ENUM: create_enum(step, out); break;
  case SQL_ALTER_ENUM: render_alter_enum(plan, step, out); break;
  case SQL_DROP_FOREIGN_KEY: drop_foreign_key(plan, step, out); break;
  case SQL_DROP_INDEX: render_drop_index(plan, step->from_table, step->from_index, out); break;
  case SQL_ALTER_TABLE:
  case SQL_FINISH_TABLE: render_alter_table(plan, step, out); break;
  case SQL_BACKFILL: render_backfill(step, false, out); break;
  case SQL_DROP_TABLE: drop_table(plan, step, out); break;
  case SQL_DROP_ENUM: drop_enum(plan, step, out); break;
  case SQL_CREATE_TABLE: render_create_table(step->to_table, out); break;
  case SQL_CREATE_INDEX: render_create_index(step->to_table, step->to_index, out); break;
  case SQL_RENAME_FOREIGN_KEY: rename_foreign_key(step, out); break;
  case SQL_ADD_FOREIGN_KEY: add_foreign_key(step, out); break;
  case SQL_RENAME_INDEX: rename_index(step, out); break;
  case SQL_COMMENT_ON: comment_on(step, out); break;
  case SQL_STEP_COUNT: break;
  }
}

void sql_render(const sql_plan *plan, buf *out)
{
  if (plan->len == 0) BUF_LIT(out, "-- This is an empty migration.\n");
  for (size_t i = 0; i < plan->len; i++) {
    if (i) buf_char(out, '\n');
    sc_buf_format(out, "-- %s\n", render_title(plan->steps[i].kind));
    sql_render_step(plan, &plan->steps[i], out);
  }
}
