#include "migrate/lost.h"

#include "base/vec.h"
#include "sql/quote.h"

static const char with_table[] =
    "SELECT 'trigger', tgname::text FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal"
    " UNION ALL SELECT 'policy', polname::text FROM pg_policy WHERE polrelid = to_regclass($1)"
    " UNION ALL SELECT 'rule', rulename::text FROM pg_rewrite WHERE ev_class = to_regclass($1)"
    " UNION ALL SELECT 'statistics', stxname::text FROM pg_statistic_ext WHERE stxrelid = to_regclass($1)"
    " UNION ALL SELECT 'exclusion constraint', conname::text FROM pg_constraint"
    "   WHERE conrelid = to_regclass($1) AND contype = 'x'"
    " UNION ALL SELECT 'partition', c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    "   WHERE i.inhparent = to_regclass($1) AND c.relispartition ORDER BY 1, 2";

static const char with_column[] =
    "WITH a AS (SELECT attrelid, attnum FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2"
    "   AND NOT attisdropped)"
    " SELECT CASE contype WHEN 'c' THEN 'check constraint' ELSE 'exclusion constraint' END, conname::text"
    "   FROM a JOIN pg_constraint ON conrelid = attrelid AND contype IN ('c', 'x') AND attnum = ANY(conkey)"
    " UNION ALL SELECT 'index', c.relname::text FROM a JOIN pg_index i ON i.indrelid = a.attrelid"
    "   JOIN pg_class c ON c.oid = i.indexrelid WHERE (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL)"
    "   AND NOT i.indisexclusion AND (a.attnum = ANY(i.indkey::int2[]) OR EXISTS (SELECT FROM pg_depend d WHERE"
    "   d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass"
    "   AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum))"
    " UNION ALL SELECT 'statistics', stxname::text FROM a JOIN pg_statistic_ext ON stxrelid = attrelid"
    "   AND attnum = ANY(stxkeys::int2[]) ORDER BY 1, 2";

/* The plan itself drops it. */
static bool is_named(const sql_plan *plan, const sql_table *table, str name)
{
  for (size_t i = 0; i < plan->len; i++) {
    const sql_step *step = &plan->steps[i];
    if (step->kind == SQL_DROP_INDEX && str_eq(step->from_index->name, name)) return true;
    for (size_t j = 0; step->from_table == table && j < step->change_count; j++)
      if (step->changes[j].kind == SQL_DROP_CHECK && str_eq(step->changes[j].check->name, name)) return true;
  }
  return false;
}

/* As it is called before the plan's renames. */
static str standing(str name, str renamed_from)
{
  return renamed_from.len ? renamed_from : name;
}

static void announce(connection *db, const sql_plan *plan, const sql_table *table, const sql_column *column,
                     migrate_names *warnings)
{
  sc_rows rows;
  buf sql = {.mem = db->mem};
  sql_name(&sql, table->schema, standing(table->name, table->renamed_from));
  sc_arg args[2] = {SC_TEXT(sc_buf_c(&sql))};
  if (column) args[1] = SC_TEXT(sc_str_c(db->mem, standing(column->name, column->renamed_from)));
  if (sc_query(db->session, db->mem, &rows, column ? with_column : with_table, (sc_args){args, column ? 2 : 1}) !=
      SC_OK)
    return;
  for (size_t i = 0; i < rows.len; i++) {
    const char *kind = sc_rows_text(&rows, i, 0), *name = sc_rows_text(&rows, i, 1);
    if (is_named(plan, table, str_from(name))) continue;
    str text = column ? sc_str_format(db->mem,
                                      "The %s `%s` on the `%.*s` table will be dropped with the column `%.*s`. The "
                                      "schema does not say it.",
                                      kind, name, STR_ARG(table->name), STR_ARG(column->name))
                      : sc_str_format(db->mem,
                                      "The %s `%s` will be dropped with the `%.*s` table. The schema does not say it.",
                                      kind, name, STR_ARG(table->name));
    vec_push(db->mem, warnings, text);
  }
}

void lost_objects(connection *db, const sql_plan *plan, migrate_names *warnings)
{
  for (size_t i = 0; i < plan->len; i++) {
    const sql_step *step = &plan->steps[i];
    if (step->kind == SQL_DROP_TABLE) announce(db, plan, step->from_table, NULL, warnings);
    for (size_t j = 0; j < step->change_count; j++)
      if (step->changes[j].kind == SQL_DROP_COLUMN || step->changes[j].kind == SQL_RECREATE_COLUMN)
        announce(db, plan, step->from_table, step->changes[j].from, warnings);
  }
}
