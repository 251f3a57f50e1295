/* db execute. */
#include "migrate/apply.h"

migrate_status migrate_execute(const migrate_context *context, str script, migrate_report *report)
{
  connection db;
  str failure, sqlstate;
  *report = (migrate_report){0};
  migrate_status status = connection_open(context->mem, context->url, &db, report);
  if (status != MIGRATE_DONE) return status;
  if (apply_script(&db, script, &failure, &sqlstate) == SC_OK)
    BUF_LIT(&report->text, "Script executed successfully.\n");
  else
    status = report_refused(report, "", failure);
  connection_close(&db);
  return status;
}
