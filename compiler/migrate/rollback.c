/* migrate rollback. */
#include "base/vec.h"
#include "migrate/diagnose.h"
#include "migrate/down.h"
#include "migrate/guard.h"
#include "migrate/lock.h"
#include "migrate/unit.h"

/* A migration that is taken back. */
typedef struct target target;
struct target {
  const folder_entry *migration;
  const history_row *row;
  str down;
};

typedef struct rollback_run rollback_run;
struct rollback_run {
  const migrate_context *context;
  const migrate_rollback_options *options;
  migrate_report *report;
  arena *mem;
  connection db;
  diagnosis found;
  VEC(target) targets; /* the last applied first */
};

/* ---- which ---- */

static migrate_status refuse(const rollback_run *run, const char *format, str name)
{
  return report_refused(run->report, "", sc_str_format(run->mem, format, STR_ARG(name)));
}

static const history_row *row_of(const history *rows, str name)
{
  for (size_t i = rows->len; i-- > 0;)
    if (str_eq(rows->items[i].name, name) && rows->items[i].finished && !rows->items[i].rolled_back)
      return &rows->items[i];
  return NULL;
}

static bool contains(const migrate_names *names, str name)
{
  for (size_t i = 0; i < names->len; i++)
    if (str_eq(names->items[i], name)) return true;
  return false;
}

/* The applied ones of the folder, the last first, as far as the options reach. */
static migrate_status choose(rollback_run *run)
{
  const migrate_rollback_options *options = run->options;
  size_t wanted = options->steps ? options->steps : 1;
  bool reached = false;
  for (size_t i = run->found.migrations.len; i-- > 0;) {
    const folder_entry *migration = &run->found.migrations.items[i];
    const history_row *row = row_of(&run->found.rows, migration->name);
    if (!row) continue;
    reached = reached || str_eq(migration->name, options->to);
    if (options->to.len ? reached : run->targets.len == wanted) break;
    vec_push(run->mem, &run->targets, (target){.migration = migration, .row = row});
  }
  if (options->to.len && !reached)
    return refuse(run,
                  "The migration `%.*s` is not applied: see `schemac migrate status`. Nothing was changed.",
                  options->to);
  if (!options->to.len && run->targets.len < wanted && run->targets.len)
    return report_refused(
        run->report, "",
        sc_str_format(run->mem, "Only %zu migration(s) are applied. Nothing was changed.", run->targets.len));
  return MIGRATE_DONE;
}

/* ---- may it be ---- */

static migrate_status check_history(rollback_run *run)
{
  const diagnosis *found = &run->found;
  if (found->failed.len)
    return refuse(
        run,
        "The migration `%.*s` failed: say with `schemac migrate resolve` what became of it first. Nothing "
        "was changed.",
        found->failed.items[0]);
  if (found->missing.len)
    return refuse(
        run,
        "The migration `%.*s` is applied but missing from the folder: put it back first. Nothing was "
        "changed.",
        found->missing.items[0]);
  return MIGRATE_DONE;
}

/* It is sent in one transaction with the row of the migration: what commits by itself would be half done. */
static migrate_status check_atomic(const rollback_run *run, const target *t)
{
  const unit_list *units = unit_read(t->down, run->mem);
  if (units->problem.len)
    return report_refused(run->report, "",
                          sc_str_format(run->mem,
                                        "The " FOLDER_DOWN
                                        " of the migration `%.*s` cannot be sent as it is. Nothing was "
                                        "changed.\n%.*s",
                                        STR_ARG(t->migration->name), STR_ARG(units->problem)));
  if (unit_is_atomic(units) && !units->split) return MIGRATE_DONE;
  return refuse(run,
                "The " FOLDER_DOWN
                " of the migration `%.*s` cannot run in one transaction: BEGIN, COMMIT, schemac:transaction "
                "off and what runs CONCURRENTLY have no place in it. Nothing was changed.",
                t->migration->name);
}

static migrate_status read_target(rollback_run *run, target *t)
{
  if (contains(&run->found.edited, t->migration->name))
    return refuse(run,
                  "The migration `%.*s` was modified after it was applied, so its " FOLDER_DOWN
                  " may not be its way back. Put it back as it was first. Nothing was changed.",
                  t->migration->name);
  if (folder_read_beside(run->context, t->migration->name, FOLDER_DOWN, &t->down)) {
    if (down_fits(run->mem, t->down, t->migration->script)) return check_atomic(run, t);
    return refuse(run,
                  "The migration `%.*s` was edited after its " FOLDER_DOWN
                  " was made, which does not take back what came in. Fit the file to the migration, and "
                  "remove its line `-- Made for the migration.sql with the checksum …`. Nothing was changed.",
                  t->migration->name);
  }
  return refuse(
      run,
      "The migration `%.*s` has no " FOLDER_DOWN
      ", so it cannot be rolled back. Write its way back beside its migration.sql. Nothing was changed.",
      t->migration->name);
}

static void name_targets(const rollback_run *run, buf *out)
{
  for (size_t i = 0; i < run->targets.len; i++)
    sc_buf_format(out, "  • %.*s\n", STR_ARG(run->targets.items[i].migration->name));
}

/* What the ways back say that they lose. */
static migrate_status weigh(rollback_run *run)
{
  for (size_t i = 0; i < run->targets.len; i++) {
    migrate_names losses = down_losses(run->mem, run->targets.items[i].down);
    for (size_t j = 0; j < losses.len; j++)
      vec_push(run->mem, &run->report->warnings,
               sc_str_format(run->mem, "`%.*s` going back loses %.*s",
                             STR_ARG(run->targets.items[i].migration->name), STR_ARG(losses.items[j])));
  }
  if (run->report->warnings.len == 0) return MIGRATE_DONE;
  buf question = {.mem = run->mem}, unasked = {.mem = run->mem};
  BUF_LIT(&question, "⚠️  These migrations will be rolled back:\n\n");
  name_targets(run, &question);
  buf_char(&question, '\n');
  for (size_t i = 0; i < run->report->warnings.len; i++)
    sc_buf_format(&question, "  • %.*s\n", STR_ARG(run->report->warnings.items[i]));
  buf_add(&unasked, buf_str(&question));
  BUF_LIT(&question, "\nAre you sure you want to lose this data?");
  BUF_LIT(&unasked, "\nThere is no terminal to ask whether this data may be lost. Nothing was changed.");
  guard_texts texts = {
      .question = buf_str(&question), .unasked = buf_str(&unasked), .cancelled = STR("Rollback cancelled.")};
  return guard_pass(run->context, &run->db, &texts, run->report);
}

/* ---- doing it ---- */

static migrate_status roll_back(rollback_run *run, const target *t)
{
  str failure;
  if (down_run(&run->db, t->down, t->row->id, &failure) == SC_OK) {
    vec_push(run->mem, &run->report->rolled_back, t->migration->name);
    return MIGRATE_DONE;
  }
  return report_refused(
      run->report, "",
      sc_str_format(run->mem,
                    "The migration `%.*s` could not be rolled back; it stands as before. Its " FOLDER_DOWN
                    " says:\n%.*s",
                    STR_ARG(t->migration->name), STR_ARG(failure)));
}

static void say_done(const rollback_run *run)
{
  const migrate_names *done = &run->report->rolled_back;
  buf *out = &run->report->text;
  if (done->len == 0) return;
  BUF_LIT(out, "The following migration(s) have been rolled back:\n\n");
  for (size_t i = 0; i < done->len; i++) sc_buf_format(out, "  └─ %.*s\n", STR_ARG(done->items[i]));
  BUF_LIT(
      out,
      "\nThey are pending again: the next migrate deploy or dev applies them, unless you change or remove "
      "them.\n");
}

static migrate_status run_all(rollback_run *run)
{
  migrate_status status = diagnose(run->context, &run->db, &run->found, run->report);
  if (status == MIGRATE_DONE) status = check_history(run);
  if (status == MIGRATE_DONE) status = choose(run);
  if (status == MIGRATE_DONE && run->targets.len == 0) {
    BUF_LIT(&run->report->text, "There is no migration to roll back.\n");
    return MIGRATE_DONE;
  }
  for (size_t i = 0; i < run->targets.len && status == MIGRATE_DONE; i++)
    status = read_target(run, &run->targets.items[i]);
  if (status == MIGRATE_DONE) status = weigh(run);
  for (size_t i = 0; i < run->targets.len && status == MIGRATE_DONE; i++) {
    status = connection_go_on(&run->db, run->report);
    if (status == MIGRATE_DONE) status = roll_back(run, &run->targets.items[i]);
  }
  say_done(run);
  return status;
}

migrate_status migrate_rollback(const migrate_context *context, const migrate_rollback_options *options,
                                migrate_report *report)
{
  rollback_run run = {.context = context, .options = options, .report = report, .mem = context->mem};
  *report = (migrate_report){0};
  migrate_status status = connection_open(context->mem, context->url, &run.db, report);
  if (status != MIGRATE_DONE) return status;
  connection_watch(&run.db, context);
  status = lock_take(&run.db, report);
  if (status == MIGRATE_DONE) {
    status = run_all(&run);
    lock_release(&run.db);
  }
  connection_close(&run.db);
  return status;
}
