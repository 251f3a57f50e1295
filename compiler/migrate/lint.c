/* migrate lint: which files, and what becomes of them. */
#include "migrate/lint.h"

#include "migrate/diagnose.h"
#include "migrate/lint_inside.h"

/* ---- which files ---- */

static void add_file(arena *mem, const migrate_context *context, const folder_entry *entry, lint_result *out)
{
  str name = sc_str_format(mem, "%.*s/%.*s/migration.sql", STR_ARG(context->folder), STR_ARG(entry->name));
  vec_push(mem, out, (lint_file){.name = name, .script = entry->script});
}

static bool is_given(const lint_result *given, const folder_entry *entry)
{
  for (size_t i = 0; i < given->len; i++)
    if (sc_str_find(given->items[i].name, entry->name) != SIZE_MAX) return true;
  return false;
}

/* The history that stands before the first of the files: what was applied, or of files that were named what the
 * folder has in front of them. */
static migrate_status replay(const diagnosis *found, const lint_result *given, bool named, shadow *s,
                             migrate_report *report)
{
  migrate_status status = MIGRATE_DONE;
  for (size_t i = 0; i < found->migrations.len && status == MIGRATE_DONE; i++) {
    const folder_entry *entry = &found->migrations.items[i];
    if (named && is_given(given, entry)) break;
    if (named || history_applied(&found->rows, entry->name)) status = shadow_replay(s, entry, report);
  }
  return status;
}

/* ---- the run ---- */

typedef struct linting linting;
struct linting {
  const migrate_context *context;
  lint_result *out;
  migrate_report *report;
  bool named;
  connection live;
  shadow shadow;
  diagnosis found;
};

/* What is missing is said, and done without. */
static void do_without(linting *l, const char *what, const migrate_report *failed)
{
  l->out->remark = sc_str_format(l->context->mem, "%s%.*s", what, STR_ARG(failed->error));
}

static migrate_status open_live(linting *l)
{
  migrate_report report = {0};
  migrate_status status = connection_open(l->context->mem, l->context->url, &l->live, &report);
  if (status == MIGRATE_DONE) {
    l->out->counted = true;
    return diagnose(l->context, &l->live, &l->found, l->report);
  }
  if (!l->named) {
    report.text = l->report->text;
    *l->report = report;
    return status;
  }
  do_without(l, "Rows are not counted: ", &report);
  return folder_read(l->context, &l->found.migrations, l->report);
}

/* A shadow that is a schema of the real database must not be left by a file either that the folder does not hold. */
static migrate_status stay_within(const linting *l, migrate_report *report)
{
  for (size_t i = 0; l->shadow.within && i < l->out->len; i++) {
    str why = shadow_reaches_out(l->context->mem, l->out->items[i].script);
    if (why.len) return report_refused(report, "", why);
  }
  return MIGRATE_DONE;
}

static void open_shadow(linting *l)
{
  migrate_report report = {.text = {.mem = l->context->mem}};
  migrate_status status = shadow_open(l->context, &l->live, &l->found.migrations, &l->shadow, &report);
  if (status == MIGRATE_DONE) status = stay_within(l, &report);
  if (status == MIGRATE_DONE) status = replay(&l->found, l->out, l->named, &l->shadow, &report);
  l->out->measured = status == MIGRATE_DONE;
  if (status == MIGRATE_DONE) return;
  do_without(l, "Nothing is measured: ", &report);
  shadow_close(&l->shadow);
}

static void lint_files(linting *l)
{
  lint_run run = {.mem = l->context->mem,
                  .live = l->live.session ? &l->live : NULL,
                  .shadow = l->out->measured ? &l->shadow.db : NULL,
                  .within = l->shadow.within};
  for (size_t i = 0; i < l->out->len; i++) lint_one_file(&run, &l->out->items[i]);
}

migrate_status migrate_lint(const migrate_context *context, lint_result *out, migrate_report *report)
{
  linting l = {.context = context, .out = out, .report = report, .named = out->len > 0};
  *report = (migrate_report){.text = {.mem = context->mem}};
  migrate_status status = open_live(&l);
  for (size_t i = 0; i < l.found.migrations.len && status == MIGRATE_DONE && !l.named; i++) {
    const folder_entry *entry = &l.found.migrations.items[i];
    if (!history_applied(&l.found.rows, entry->name) && !entry->missing)
      add_file(context->mem, context, entry, out);
  }
  if (status == MIGRATE_DONE && out->len) {
    open_shadow(&l);
    lint_files(&l);
    shadow_close(&l.shadow);
  }
  connection_close(&l.live);
  return status;
}
