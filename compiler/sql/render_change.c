/* Renames, and the values that rows get before a column is required. */
#include "sql/quote.h"
#include "sql/render.h"

static void rename_to(const sql_step *step, buf *out)
{
  BUF_LIT(out, " RENAME TO ");
  sql_ident(out, step->new_name);
  BUF_LIT(out, ";\n");
}

static void rename_value(const sql_step *step, buf *out)
{
  BUF_LIT(out, "ALTER TYPE ");
  sql_name(out, step->from_enum->schema, step->from_enum->name);
  BUF_LIT(out, " RENAME VALUE ");
  sql_literal(out, step->name);
  BUF_LIT(out, " TO ");
  sql_literal(out, step->new_name);
  BUF_LIT(out, ";\n");
}

static void rename_column(const sql_step *step, buf *out)
{
  BUF_LIT(out, "ALTER TABLE ");
  sql_name(out, step->from_table->schema, step->from_table->name);
  BUF_LIT(out, " RENAME COLUMN ");
  sql_ident(out, step->name);
  BUF_LIT(out, " TO ");
  sql_ident(out, step->new_name);
  BUF_LIT(out, ";\n");
}

static void rename_object(const char *what, str schema, const sql_step *step, buf *out)
{
  buf_add(out, str_from(what));
  sql_name(out, schema, step->name);
  rename_to(step, out);
}

void render_rename(const sql_step *step, buf *out)
{
  if (step->kind == SQL_RENAME_ENUM) rename_object("ALTER TYPE ", step->from_enum->schema, step, out);
  if (step->kind == SQL_RENAME_ENUM_VALUE) rename_value(step, out);
  if (step->kind == SQL_RENAME_TABLE) rename_object("ALTER TABLE ", step->from_table->schema, step, out);
  if (step->kind == SQL_RENAME_COLUMN) rename_column(step, out);
  if (step->kind == SQL_RENAME_SEQUENCE)
    rename_object("ALTER SEQUENCE ", step->from_table->schema, step, out);
}

void render_backfill(const sql_step *step, bool spare, buf *out)
{
  BUF_LIT(out, "UPDATE ");
  sql_name(out, step->to_table->schema, step->to_table->name);
  BUF_LIT(out, " SET ");
  sql_ident(out, step->column->name);
  BUF_LIT(out, " = (");
  buf_add(out, step->column->backfill);
  BUF_LIT(out, ") WHERE ");
  sql_ident(out, step->column->name);
  BUF_LIT(out, " IS NULL");
  if (spare) {
    BUF_LIT(out, " AND (");
    buf_add(out, step->column->backfill);
    BUF_LIT(out, ") IS NOT NULL");
  }
  BUF_LIT(out, ";\n");
}
