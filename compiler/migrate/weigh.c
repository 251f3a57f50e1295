#include "migrate/weigh.h"

#include "migrate/guard.h"
#include "migrate/lost.h"

static migrate_status refuse(arena *mem, const hazard_texts *texts, str way_out, migrate_report *report)
{
  buf text = {.mem = mem};
  BUF_LIT(&text, "⚠️ We found changes that cannot be executed:\n\n");
  for (size_t i = 0; i < texts->unexecutable.len; i++)
    sc_buf_format(&text, "  • Step %zu %.*s\n", texts->steps.items[i], STR_ARG(texts->unexecutable.items[i]));
  buf_char(&text, '\n');
  buf_add(&text, way_out);
  return report_refused(report, "", buf_str(&text));
}

static migrate_status ask(const migrate_context *context, const migrate_names *warnings, str question,
                          migrate_report *report)
{
  buf text = {.mem = context->mem};
  BUF_LIT(&text, "⚠️  Warnings for the current datasource:\n\n");
  for (size_t i = 0; i < warnings->len; i++) sc_buf_format(&text, "  • %.*s\n", STR_ARG(warnings->items[i]));
  buf_char(&text, '\n');
  if (!context->confirm) {
    BUF_LIT(&text, "There is no terminal to ask whether to go on: pass --accept-data-loss to do so.");
    return report_refused(report, "", buf_str(&text));
  }
  buf_add(&text, question);
  if (context->confirm(context->ui, buf_str(&text))) return MIGRATE_DONE;
  report->error = STR("Migration cancelled.");
  return MIGRATE_CANCELLED;
}

migrate_status weigh_plan(const migrate_context *context, const sql_plan *plan, connection *db,
                          const weigh_options *options, migrate_report *report)
{
  sql_hazard_list hazards = sql_hazards(plan, context->mem);
  hazard_texts texts = counts_evaluate(db, &hazards);
  lost_objects(db, plan, &texts.warnings);
  report->warnings = texts.warnings;
  report->unexecutable = texts.unexecutable;
  if (texts.unexecutable.len && !options->unexecutable)
    return refuse(context->mem, &texts, options->way_out, report);
  if (texts.destroys && !options->unexecutable) {
    migrate_status status = guard_change(db, report);
    if (status != MIGRATE_DONE) return status;
  }
  bool silent = options->accepted || texts.warnings.len == 0;
  return silent ? MIGRATE_DONE : ask(context, &texts.warnings, options->question, report);
}
