/* migrate dev: from the schema to a new migration. */
#include "migrate/diagnose.h"
#include "migrate/down.h"
#include "migrate/drift.h"
#include "migrate/lint.h"
#include "migrate/lock.h"
#include "migrate/normalise.h"
#include "migrate/renames.h"
#include "migrate/shadow.h"
#include "migrate/weigh.h"
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
  drift drift;
  const sql_plan *plan;       /* from the end of the history to the schema */
  sql_claims claims;          /* of the history */
  sql_renames renames, asked; /* said by a person; and what a person was asked */
  buf script;
  migrate_names notes; /* whom it keeps waiting */
  down_file down;
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

/* What brings a history back that only a hand can mend. */
static void ways_out(const dev_run *run, buf *out)
{
  const diagnosis *found = &run->found;
  if (found->failed.len) {
    str name = found->failed.items[0];
    sc_buf_format(
        out,
        "\nIf what it did was taken back: schemac migrate resolve --rolled-back %.*s\nIf it was brought to "
        "its end by hand: schemac migrate resolve --applied %.*s\n",
        STR_ARG(name), STR_ARG(name));
  }
  if (found->edited.len || found->missing.len)
    BUF_LIT(out, "\nPut the files back as they were when they were applied, and write what is new as a new "
                 "migration.\n");
}

static migrate_status refuse(const dev_run *run, const migrate_names *reasons)
{
  buf text = {.mem = run->mem};
  for (size_t i = 0; i < reasons->len; i++) {
    if (reasons->len > 1) BUF_LIT(&text, "- ");
    sc_buf_format(&text, "%.*s\n", STR_ARG(sc_str_trim(reasons->items[i])));
  }
  ways_out(run, &text);
  sc_buf_format(
      &text,
      "\nOr the \"%.*s\" schema at \"%.*s\" has to be reset: you may use schemac migrate reset to drop the "
      "development database.\nAll data will be lost. So far nothing was changed.",
      STR_ARG(run->db.place.schema), STR_ARG(connection_place(&run->db)));
  report_refused(run->report, "", buf_str(&text));
  return MIGRATE_CANCELLED;
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

/* Refuses what only a hand can mend, and decides what to do about drift; afterwards the shadow stands where
 * the whole folder leads. */
static migrate_status check_history(dev_run *run)
{
  const sql_schema *expected;
  migrate_names reasons = {0};
  history_reasons(run, &reasons);
  if (reasons.len) return refuse(run, &reasons);
  migrate_status status =
      shadow_open(run->context, &run->db, &run->found.migrations, &run->shadow, run->report);
  if (status == MIGRATE_DONE) status = replay(run, true);
  if (status != MIGRATE_DONE) return status;
  if (diagnose_inspect(run->context, &run->shadow.db, &expected) != SC_OK) return failed(run);
  status = drift_find(run->context, expected, &run->db, &run->drift, run->report);
  if (status == MIGRATE_DONE)
    status =
        drift_decide(run->context, run->options, &run->found.migrations, &run->db, &run->drift, run->report);
  if (status == MIGRATE_DONE) status = replay(run, false);
  return status == MIGRATE_DONE ? drift_prove(&run->drift, &run->shadow, run->report) : status;
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
  sql_claims moved = sql_claims_moved(run->plan, &run->claims, run->mem);
  folder_write_claims(run->plan->from, now, &moved, &run->script);
  return MIGRATE_DONE;
}

/* ---- the plan ---- */

/* What differs may do so in spelling alone: then the server is asked for its own. */
static void compare(dev_run *run, const sql_schema *reached, const sql_schema *wanted)
{
  sql_diff_options options = {.claims = &run->claims, .renames = &run->renames};
  run->plan = sql_diff(reached, wanted, &options, run->mem);
  const sql_schema *spelt = normalise_schema(&run->shadow.db, wanted, run->plan);
  if (spelt != wanted) run->plan = sql_diff(reached, spelt, &options, run->mem);
}

static migrate_status plan(dev_run *run)
{
  const sql_schema *reached, *wanted = sql_lower(run->context->schema, run->mem);
  if (diagnose_inspect(run->context, &run->shadow.db, &reached) != SC_OK) return failed(run);
  run->claims = folder_claims(run->mem, &run->found.migrations);
  do compare(run, reached, wanted);
  while (renames_ask(run->context, run->plan, &run->asked, &run->renames, run->report));
  migrate_status status = connection_go_on(&run->db, run->report);
  if (status != MIGRATE_DONE) return status;
  sql_hazard_list hazards = sql_hazards(run->plan, run->mem);
  run->script.mem = run->mem;
  sql_hazard_header(&hazards, &run->script);
  (run->options->online ? sql_render_online : sql_render)(run->plan, &run->script);
  return MIGRATE_DONE;
}

static migrate_status write_down(dev_run *run, const fingerprint *before)
{
  sc_buf_c(&run->script);
  sc_status status =
      down_write(run->context, &run->shadow, run->plan, buf_str(&run->script), before, &run->down);
  return status == SC_OK ? MIGRATE_DONE : failed(run);
}

/* The script has to apply where no data is: what fails here would fail everywhere. */
static migrate_status prove(dev_run *run)
{
  str failure;
  fingerprint before;
  sc_buf_c(&run->script);
  if (fingerprint_take(&run->shadow, &before) != SC_OK) return failed(run);
  if (shadow_try(&run->shadow, buf_str(&run->script), &failure)) {
    migrate_status status = claim(run);
    return status == MIGRATE_DONE ? write_down(run, &before) : status;
  }
  return report_refused(
      run->report, "P3006",
      sc_str_format(run->mem, "The new migration does not apply to the shadow database.\nError:\n%.*s",
                    STR_ARG(failure)));
}

/* ---- what does it cost? ---- */

static migrate_status weigh(dev_run *run)
{
  bool create_only = run->options->create_only;
  buf way_out = {.mem = run->mem};
  BUF_LIT(
      &way_out,
      "You can use schemac migrate dev --create-only to create the migration file, and manually modify it to "
      "address the underlying issue(s).\nThen run schemac migrate dev to apply it and verify it works.");
  if (run->found.pending.len)
    BUF_LIT(&way_out,
            "\nThe pending migrations have not been applied either; schemac migrate deploy does that.");
  /* After a reset there are no rows. */
  if (run->drift.way == MIGRATE_DRIFT_RESET) return MIGRATE_DONE;
  if (!run->options->online) run->notes = lint_notes(&run->db, &run->shadow.db, buf_str(&run->script));
  return weigh_plan(run->context, run->plan, &run->db,
                    &(weigh_options){
                        .accepted = run->options->accept_data_loss,
                        .unexecutable = create_only,
                        .question = create_only
                                        ? STR("Are you sure you want to create this migration?")
                                        : STR("Are you sure you want to create and apply this migration?"),
                        .way_out = buf_str(&way_out),
                    },
                    run->report);
}

/* ---- the new migration ---- */

static void say_unproved(const dev_run *run)
{
  if (run->down.proved) return;
  vec_push(run->mem, &run->report->notes,
           sc_str_format(run->mem, "The way back (" FOLDER_DOWN ") is not proved: %.*s",
                         STR_ARG(run->down.problem)));
}

static migrate_status choose_name(const dev_run *run, str *out)
{
  const migrate_context *context = run->context;
  str wish = run->options->name;
  if (!run->options->name_given && !context->ask)
    return report_refused(run->report, "", STR("The new migration needs a name: pass --name."));
  if (!run->options->name_given) wish = context->ask(context->ui, STR("Enter a name for the new migration:"));
  migrate_status status = connection_go_on(&run->db, run->report);
  if (status != MIGRATE_DONE) return status;
  if (wish.len > 200)
    return report_refused(run->report, "P3010",
                          STR("The name of the migration is too long. It must not be longer than 200 "
                              "characters (bytes)."));
  const folder *migrations = &run->found.migrations;
  *out = folder_new_name(run->mem, migrations, wish);
  str last = migrations->len ? migrations->items[migrations->len - 1].name : STR_NONE;
  if (sc_str_cmp(*out, last) < 0)
    vec_push(run->mem, &run->report->notes,
             sc_str_format(
                 run->mem,
                 "`%.*s` has no time in front of its name, so that it comes behind the new migration, and "
                 "behind all that follow, wherever they are applied from the start.",
                 STR_ARG(last)));
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

/* A migration that was edited between --create-only and now has a way back that knows nothing of that. */
static void say_unfit(const dev_run *run)
{
  for (size_t i = 0; i < run->found.migrations.len; i++) {
    const folder_entry *entry = &run->found.migrations.items[i];
    str down;
    bool applied = false;
    for (size_t k = 0; k < run->report->applied.len; k++)
      applied = applied || str_eq(run->report->applied.items[k], entry->name);
    if (!applied || !folder_read_beside(run->context, entry->name, FOLDER_DOWN, &down)) continue;
    if (down_fits(run->mem, down, entry->script)) continue;
    vec_push(run->mem, &run->report->notes,
             sc_str_format(run->mem,
                           "The way back (" FOLDER_DOWN ") of `%.*s` was made before its migration.sql was "
                           "edited. Fit it to the migration: until then migrate rollback refuses it.",
                           STR_ARG(entry->name)));
  }
}

/* What stood before the new migration comes first: drift, then what was pending. */
static migrate_status settle(dev_run *run)
{
  migrate_report *report = run->report;
  migrate_status status = drift_settle(run->context, &run->db, &run->drift, report);
  if (status == MIGRATE_DONE) status = apply_pending(&run->db, &run->found.migrations, report);
  if (report->applied.len == 0) return status;
  say_unfit(run);
  BUF_LIT(&report->text, "The following migration(s) have been applied:\n\n");
  folder_tree(run->context, &report->applied, &report->text);
  buf_char(&report->text, '\n');
  return status;
}

static migrate_status create(dev_run *run)
{
  migrate_report *report = run->report;
  str name = STR_NONE;
  migrate_status status = choose_name(run, &name);
  if (status == MIGRATE_DONE) status = prove(run);
  sc_buf_c(&run->script);
  str script = buf_str(&run->script);
  if (status == MIGRATE_DONE) status = connection_go_on(&run->db, run->report);
  if (status == MIGRATE_DONE) status = settle(run);
  if (status == MIGRATE_DONE) status = folder_write(run->context, name, script, run->down.script, report);
  if (status != MIGRATE_DONE) return status;
  report->created = name;
  say_unproved(run);
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

static void say_notes(const dev_run *run)
{
  buf *text = &run->report->text;
  if (run->notes.len == 0) return;
  BUF_LIT(text, "\nNote: on tables that hold rows, others have to wait for this migration:\n\n");
  for (size_t i = 0; i < run->notes.len; i++) sc_buf_format(text, "  • %.*s\n", STR_ARG(run->notes.items[i]));
  BUF_LIT(
      text,
      "\nWith --online it is written so that they need not, where PostgreSQL has a way; schemac migrate lint "
      "says more.\n");
}

/* The schema does not say what was adopted: going on would take it back at once. */
static migrate_status stop_after_adoption(dev_run *run)
{
  migrate_status status = settle(run);
  if (status == MIGRATE_DONE)
    BUF_LIT(&run->report->text, "The schema says something else still. Bring it there with schemac db pull, "
                                "or run schemac migrate dev "
                                "again to bring the database to the schema as it is.\n");
  return status;
}

static migrate_status say_in_sync(dev_run *run)
{
  migrate_status status = settle(run);
  bool changed = run->report->applied.len || run->drift.way != MIGRATE_DRIFT_ASK;
  if (status == MIGRATE_DONE)
    buf_add(&run->report->text,
            changed ? STR("Your database is now in sync with your schema.\n")
                    : STR("Already in sync, no schema change or pending migration was found.\n"));
  return status;
}

static migrate_status develop(dev_run *run)
{
  migrate_status status = diagnose(run->context, &run->db, &run->found, run->report);
  if (status == MIGRATE_DONE) status = check_history(run);
  if (status == MIGRATE_DONE) status = plan(run);
  if (status != MIGRATE_DONE) return status;
  bool adopts = run->drift.way == MIGRATE_DRIFT_ADOPT;
  if (adopts && run->plan->len) return stop_after_adoption(run);
  if (run->plan->len == 0 && (adopts || !run->options->create_only)) return say_in_sync(run);
  status = weigh(run);
  if (status == MIGRATE_DONE) status = create(run);
  if (status == MIGRATE_DONE) say_notes(run);
  return status;
}

migrate_status migrate_dev(const migrate_context *context, const migrate_dev_options *options,
                           migrate_report *report)
{
  dev_run run = {.context = context, .options = options, .report = report, .mem = context->mem};
  *report = (migrate_report){0};
  /* A folder that cannot be read is no reason to create a database. */
  migrate_status status = folder_read(context, &run.found.migrations, report);
  if (status == MIGRATE_DONE)
    status = renames_read(run.mem, context->schema, &options->renames, &run.renames, report);
  if (status == MIGRATE_DONE) status = connection_open_or_create(context->mem, context->url, &run.db, report);
  if (status != MIGRATE_DONE) return status;
  connection_watch(&run.db, context);
  status = lock_take(&run.db, report);
  if (status == MIGRATE_DONE) {
    status = develop(&run);
    shadow_close(&run.shadow);
    lock_release(&run.db);
  }
  connection_close(&run.db);
  return status;
}
