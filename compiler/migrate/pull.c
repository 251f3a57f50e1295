#include "migrate/pull.h"

#include "migrate/diagnose.h"

static migrate_status refuse_empty(migrate_report *report)
{
  return report_refused(
      report, "P4001",
      STR("The introspected database was empty:\n\nschemac db pull could not create any models.\n\nTo "
          "fix this, you have two options:\n\n- manually create a table in your database.\n- make sure "
          "the database connection URL points to a database that is not empty (it must contain at "
          "least one table).\n\nThen you can run schemac db pull again."));
}

migrate_status migrate_pull(const migrate_context *given, const ast_schema *ast,
                            const sql_raise_options *options, const sql_raised **out, migrate_report *report)
{
  connection db;
  const sql_schema *live;
  migrate_context context = *given;
  dm_schema other;
  if (options->schema_count) {
    other = *given->schema;
    other.datasource.schemas = options->schemas;
    other.datasource.schema_count = options->schema_count;
    context.schema = &other;
  }
  *report = (migrate_report){0};
  *out = NULL;
  migrate_status status = connection_open(context.mem, context.url, &db, report);
  if (status != MIGRATE_DONE) return status;
  if (diagnose_inspect(&context, &db, &live) != SC_OK)
    status = connection_failed(context.mem, report);
  else if (!live->table_count && !live->enum_count)
    status = refuse_empty(report);
  else
    *out = sql_raise(live, given->schema, ast, options, context.mem);
  connection_close(&db);
  return status;
}
