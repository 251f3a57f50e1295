#include "migrate/counts.h"

#include "base/vec.h"
#include "sql/quote.h"

/* Rows are counted before the plan runs: a thing that it renames has its old name still. */
static str standing(str name, str renamed_from)
{
  return renamed_from.len ? renamed_from : name;
}

/* The number a hazard asks for, or -1. */
static int64_t count(connection *db, const sql_hazard *hazard)
{
  sql_count what = sql_hazard_counts(hazard);
  if (what == SQL_COUNT_NOTHING) return -1;
  buf sql = {.mem = db->mem};
  BUF_LIT(&sql, "SELECT COUNT(*) FROM ");
  sql_name(&sql, hazard->table->schema, standing(hazard->table->name, hazard->table->renamed_from));
  if (what != SQL_COUNT_ROWS) {
    BUF_LIT(&sql, " WHERE ");
    sql_ident(&sql, standing(hazard->column->name, hazard->column->renamed_from));
    buf_add(&sql, what == SQL_COUNT_NULLS ? STR(" IS NULL") : STR(" IS NOT NULL"));
  }
  sc_rows rows;
  int64_t found = -1;
  if (sc_query(db->session, db->mem, &rows, sc_buf_c(&sql), SC_NO_ARGS) == SC_OK)
    sc_rows_int(&rows, 0, 0, &found);
  return found;
}

static bool destroys(sql_hazard_kind kind)
{
  return kind == SQL_HAZARD_DROP_TABLE || kind == SQL_HAZARD_DROP_COLUMN ||
         kind == SQL_HAZARD_RECREATE_COLUMN || kind == SQL_HAZARD_RISKY_CAST;
}

hazard_texts counts_evaluate(connection *db, const sql_hazard_list *hazards)
{
  hazard_texts out = {0};
  for (size_t i = 0; i < hazards->len; i++) {
    const sql_hazard *hazard = &hazards->items[i];
    int64_t found = count(db, hazard);
    if (found == 0) continue;
    buf text = {.mem = db->mem};
    sql_hazard_text(hazard, found, &text);
    if (!sql_hazard_unexecutable(hazard)) {
      out.destroys |= destroys(hazard->kind);
      vec_push(db->mem, &out.warnings, buf_str(&text));
      continue;
    }
    vec_push(db->mem, &out.unexecutable, buf_str(&text));
    vec_push(db->mem, &out.steps, hazard->step);
  }
  return out;
}
