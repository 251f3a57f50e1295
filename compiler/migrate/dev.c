/* migrate dev: from the schema to a new migration. */
#include "migrate/counts.h"
#include "migrate/diagnose.h"
#include "migrate/lock.h"
#include "migrate/normalise.h"
#include "migrate/shadow.h"
#include "sql/online.h"

typedef struct dev_run dev_run;
struct dev_run {
  const migrate_context *context;
  const migrate_dev_options *options;
  migrate_report *report;
  arena *mem;
  connection db;
  shadow shadow;
  diagnosis found;
  const sql_schema *expected; /* where the applied migrations lead */
  const sql_plan *plan;       /* from the end of the history to the schema */
  buf script;
};

static migrate_status failed(dev_run *run)
{
  return connection_failed(run->mem, run->report);
}

/* ---- is the history sound? ---- */

static void join_names(buf *out, const migrate_names *names)
{
  for (size_t i = 0; i < names->len; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, names->items[i]);
  }
}

static void history_reasons(const dev_run *run, migrate_names *reasons)
{
  const diagnosis *found = &run->found;
  for (size_t i = 0; i < found->failed.len; i++)
    vec_push(run->mem, reasons,
             sc_str_format(run->mem, "The migration `%.*s` failed.", STR_ARG(found->failed.items[i])));
  for (size_t i = 0; i < found->edited.len; i++)
    vec_push(run->mem, reasons,
             sc_str_format(run->mem, "The migration `%.*s` was modified after it was applied.",
                           STR_ARG(found->edited.items[i])));
  if (found->missing.len == 0) return;
  buf text = {.mem = run->mem};
  if (found->pending.len)
    sc_buf_format(
        &text,
        "The migrations recorded in the database diverge from the local migrations directory. Last common "
        "migration: `%.*s`. Migrations applied to the database but absent from the migrations directory "
        "are: ",
        STR_ARG(found->last_common));
  else
    BUF_LIT(&text,
            "The following migration(s) are applied to the database but missing from the local migrations "
            "directory: ");
  join_names(&text, &found->missing);
  vec_push(run->mem, reasons, buf_str(&text));
}

/* What differs between a database with the applied migrations alone and the real one. */
static migrate_status drift_reason(dev_run *run, migrate_names *reasons)
{
  const sql_schema *actual;
  if (diagnose_inspect(run->context, &run->shadow.db, &run->expected) != SC_OK) return failed(run);
  if (diagnose_inspect(run->context, &run->db, &actual) != SC_OK) return failed(run);
  const sql_plan *drift = sql_diff(run->expected, actual, &(sql_diff_options){.prisma_only = true}, run->mem);
  if (drift->len == 0) return MIGRATE_DONE;
  buf text = {.mem = run->mem};
  BUF_LIT(&text, "Drift detected: Your database schema is not in sync with your migration history.\n\n"
                 "The following is a summary of the differences between the expected database schema given "
                 "your migrations "
                 "files, and the actual schema of the database.\n\nIt should be understood as the set of "
                 "changes to get from the "
                 "expected schema to the actual schema.\n");
  sql_summary(drift, &text);
  vec_push(run->mem, reasons, buf_str(&text));
  return MIGRATE_DONE;
}

static migrate_status refuse(const dev_run *run, const migrate_names *reasons)
{
  buf text = {.mem = run->mem};
  for (size_t i = 0; i < reasons->len; i++) {
    if (reasons->len > 1) BUF_LIT(&text, "- ");
    sc_buf_format(&text, "%.*s\n", STR_ARG(sc_str_trim(reasons->items[i])));
  }
  sc_buf_format(&text, "\nThe \"%.*s\" schema at \"%.*s\" would have to be reset. Nothing was changed.",
                STR_ARG(run->db.place.schema), STR_ARG(connection_place(&run->db)));
  return report_refused(run->report, "", buf_str(&text));
}

/* ---- where does it lead? ---- */

static migrate_status replay(dev_run *run, bool applied)
{
  migrate_status status = MIGRATE_DONE;
  for (size_t i = 0; i < run->found.migrations.len && status == MIGRATE_DONE; i++) {
    const folder_entry *entry = &run->found.migrations.items[i];
    if (history_applied(&run->found.rows, entry->name) == applied)
      status = shadow_replay(&run->shadow, entry, run->report);
  }
  return status;
}

/* Refuses what Prisma would reset; afterwards the shadow stands where the whole folder leads. */
static migrate_status check_history(dev_run *run)
{
  migrate_names reasons = {0};
  history_reasons(run, &reasons);
  if (reasons.len) return refuse(run, &reasons);
  migrate_status status = shadow_open(run->context, &run->db, &run->found.migrations, &run->shadow, run->report);
  if (status == MIGRATE_DONE) status = replay(run, true);
  if (status == MIGRATE_DONE) status = drift_reason(run, &reasons);
  if (status == MIGRATE_DONE && reasons.len) return refuse(run, &reasons);
  return status == MIGRATE_DONE ? replay(run, false) : status;
}

/* ---- what our extensions have made ----
 *
 * A script ends with a line for each thing in it that Prisma's language cannot say. Only what such a line
 * claims is dropped when the schema loses it. */

/* What stands in the shadow now and did not before the new script ran. */
static migrate_status claim(dev_run *run)
{
  const sql_schema *now;
  if (diagnose_inspect(run->context, &run->shadow.db, &now) != SC_OK) return failed(run);
  folder_write_claims(run->plan->from, now, &run->script);
  return MIGRATE_DONE;
}

/* ---- the plan ---- */

static migrate_status plan(dev_run *run)
{
  const sql_schema *reached = run->expected, *wanted = sql_lower(run->context->schema, run->mem);
  if (run->found.pending.len && diagnose_inspect(run->context, &run->shadow.db, &reached) != SC_OK)
    return failed(run);
  sql_claims claims = folder_claims(run->mem, &run->found.migrations);
  sql_diff_options options = {.claims = &claims};
  run->plan = sql_diff(reached, wanted, &options, run->mem);
  /* What differs may do so in spelling alone: then the server is asked for its own. */
  const sql_schema *spelt = normalise_schema(&run->shadow.db, wanted, run->plan);
  if (spelt != wanted) run->plan = sql_diff(reached, spelt, &options, run->mem);
  sql_hazard_list hazards = sql_hazards(run->plan, run->mem);
  run->script.mem = run->mem;
  sql_hazard_header(&hazards, &run->script);
  (run->options->online ? sql_render_online : sql_render)(run->plan, &run->script);
  return MIGRATE_DONE;
}

/* The script has to apply where no data is: what fails here would fail everywhere. */
static migrate_status prove(dev_run *run)
{
  str failure;
  sc_buf_c(&run->script);
  if (shadow_try(&run->shadow, buf_str(&run->script), &failure)) return claim(run);
  return report_refused(
      run->report, "P3006",
      sc_str_format(run->mem, "The new migration does not apply to the shadow database.\nError:\n%.*s",
                    STR_ARG(failure)));
}

/* ---- what does it cost? ---- */

static void bullets(buf *out, const migrate_names *texts)
{
  for (size_t i = 0; i < texts->len; i++) sc_buf_format(out, "  • %.*s\n", STR_ARG(texts->items[i]));
}

static migrate_status refuse_unexecutable(const dev_run *run, const hazard_texts *texts)
{
  buf text = {.mem = run->mem};
  BUF_LIT(&text, "⚠️ We found changes that cannot be executed:\n\n");
  for (size_t i = 0; i < texts->unexecutable.len; i++)
    sc_buf_format(&text, "  • Step %zu %.*s\n", texts->steps.items[i], STR_ARG(texts->unexecutable.items[i]));
  BUF_LIT(&text,
          "\nYou can use schemac migrate dev --create-only to create the migration file, and manually modify "
          "it to "
          "address the underlying issue(s).\nThen run schemac migrate dev to apply it and verify it works.");
  return report_refused(run->report, "", buf_str(&text));
}

static migrate_status ask_about(const dev_run *run, const migrate_names *warnings)
{
  const migrate_context *context = run->context;
  if (warnings->len == 0 || run->options->accept_data_loss) return MIGRATE_DONE;
  buf text = {.mem = run->mem};
  BUF_LIT(&text, "⚠️  Warnings for the current datasource:\n\n");
  bullets(&text, warnings);
  if (!context->confirm) {
    BUF_LIT(&text, "\nThere is no terminal to ask whether to go on: pass --accept-data-loss to do so.");
    return report_refused(run->report, "", buf_str(&text));
  }
  buf_add(&text, run->options->create_only
                     ? STR("\nAre you sure you want to create this migration?")
                     : STR("\nAre you sure you want to create and apply this migration?"));
  if (context->confirm(context->ui, buf_str(&text))) return MIGRATE_DONE;
  run->report->error = STR("Migration cancelled.");
  return MIGRATE_CANCELLED;
}

static migrate_status weigh(dev_run *run)
{
  sql_hazard_list hazards = sql_hazards(run->plan, run->mem);
  hazard_texts texts = counts_evaluate(&run->db, &hazards);
  run->report->warnings = texts.warnings;
  run->report->unexecutable = texts.unexecutable;
  if (texts.unexecutable.len && !run->options->create_only) return refuse_unexecutable(run, &texts);
  return ask_about(run, &texts.warnings);
}

/* ---- the new migration ---- */

static migrate_status choose_name(const dev_run *run, str *out)
{
  const migrate_context *context = run->context;
  str wish = run->options->name;
  if (!run->options->name_given && !context->ask)
    return report_refused(run->report, "", STR("The new migration needs a name: pass --name."));
  if (!run->options->name_given)
    wish = context->ask(context->ui, STR("Enter a name for the new migration:"));
  if (wish.len > 200)
    return report_refused(run->report, "P3010",
                          STR("The name of the migration is too long. It must not be longer than 200 "
                              "characters (bytes)."));
  *out = folder_new_name(run->mem, &run->found.migrations, wish);
  return MIGRATE_DONE;
}

static void say_created(const dev_run *run)
{
  migrate_names created = {0};
  vec_push(run->mem, &created, run->report->created);
  BUF_LIT(&run->report->text,
          "The following migration(s) have been created and applied from new schema changes:\n\n");
  folder_tree(run->context, &created, &run->report->text);
  BUF_LIT(&run->report->text, "\nYour database is now in sync with your schema.\n");
}

static migrate_status create(dev_run *run)
{
  migrate_report *report = run->report;
  str name = STR_NONE;
  migrate_status status = choose_name(run, &name);
  if (status == MIGRATE_DONE) status = prove(run);
  sc_buf_c(&run->script);
  str script = buf_str(&run->script);
  if (status == MIGRATE_DONE) status = folder_write(run->context, name, script, report);
  if (status != MIGRATE_DONE) return status;
  report->created = name;
  if (run->options->create_only) {
    sc_buf_format(&report->text,
                  "The following migration was created without applying it: %.*s\n\nYou can now edit it and "
                  "apply it by "
                  "running schemac migrate dev.\n",
                  STR_ARG(name));
    return MIGRATE_DONE;
  }
  folder_entry entry = {.name = name, .script = script};
  status = apply_migration(&run->db, &entry, report);
  if (status == MIGRATE_DONE) say_created(run);
  return status;
}

static migrate_status apply_old(dev_run *run)
{
  migrate_status status = apply_pending(&run->db, &run->found.migrations, run->report);
  if (run->report->applied.len == 0) return status;
  BUF_LIT(&run->report->text, "The following migration(s) have been applied:\n\n");
  folder_tree(run->context, &run->report->applied, &run->report->text);
  buf_char(&run->report->text, '\n');
  return status;
}

static migrate_status develop(dev_run *run)
{
  migrate_status status = diagnose(run->context, &run->db, &run->found, run->report);
  if (status == MIGRATE_DONE) status = check_history(run);
  if (status == MIGRATE_DONE) status = plan(run);
  if (status == MIGRATE_DONE) status = apply_old(run);
  if (status != MIGRATE_DONE) return status;
  if (run->plan->len == 0 && !run->options->create_only) {
    buf_add(&run->report->text,
            run->report->applied.len
                ? STR("Your database is now in sync with your schema.\n")
                : STR("Already in sync, no schema change or pending migration was found.\n"));
    return MIGRATE_DONE;
  }
  status = weigh(run);
  return status == MIGRATE_DONE ? create(run) : status;
}

migrate_status migrate_dev(const migrate_context *context, const migrate_dev_options *options,
                           migrate_report *report)
{
  dev_run run = {.context = context, .options = options, .report = report, .mem = context->mem};
  *report = (migrate_report){0};
  migrate_status status = connection_open_or_create(context->mem, context->url, &run.db, report);
  if (status != MIGRATE_DONE) return status;
  status = lock_take(&run.db, report);
  if (status == MIGRATE_DONE) {
    status = develop(&run);
    shadow_close(&run.shadow);
    lock_release(&run.db);
  }
  connection_close(&run.db);
  return status;
}
