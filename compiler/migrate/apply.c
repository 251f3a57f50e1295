#include "migrate/apply.h"

#include "migrate/batches.h"
#include "migrate/journal.h"
#include "migrate/lone.h"
#include "migrate/send.h"

#include <time.h>

/* ---- scripts that nobody records ---- */

static sc_status send_all(connection *db, const unit_list *units, send_failure *failure)
{
  sc_status status = connection_use_schema(db);
  if (status == SC_OK && !units->split) return send_text(db, units->script, failure);
  for (size_t i = 0; i < units->len && status == SC_OK; i++)
    status = send_unit(db, units, &units->items[i], STR_NONE, failure);
  return status;
}

sc_status apply_script(connection *db, str script, str *failure, str *sqlstate)
{
  send_failure found = {0};
  const unit_list *units = unit_read(script, db->mem);
  if (units->problem.len) {
    *failure = units->problem;
    *sqlstate = STR("42601");
    return SC_INVALID_ARGUMENT;
  }
  sc_status status = send_all(db, units, &found);
  *failure = found.text;
  if (found.way_out.len && !units->split)
    *failure = sc_str_format(db->mem, "%.*s\n\n%.*s", STR_ARG(found.text), STR_ARG(found.way_out));
  *sqlstate = found.sqlstate;
  return status;
}

/* ---- a recorded run ---- */

typedef struct run run;
struct run {
  connection *db;
  const folder_entry *migration;
  const unit_list *units;
  migrate_report *report;
  history_run how;
  str id;
  journal_row *journal; /* a row for each unit */
};

static const sql_statement *statement_of(const run *r, const unit *u)
{
  return &r->units->script->statements.items[u->first];
}

/* The server is gone, or what is not the script's fault. */
static migrate_status broken(const run *r)
{
  return connection_failed(r->db->mem, r->report);
}

/* The same while the script ran: what becomes of it. */
static migrate_status lost(const run *r)
{
  static const char *const stands[] = {
      [HISTORY_WHOLE] = "What stands of it is not known: look, and mark it with `schemac migrate resolve`.",
      [HISTORY_ATOMIC] =
          "All of it stands or nothing does, and the next `schemac migrate deploy` knows which.",
      [HISTORY_STEPS] = "Its steps are noted, and the next `schemac migrate deploy` goes on behind them.",
  };
  migrate_status status = broken(r);
  r->report->error = sc_str_format(r->db->mem, "%.*s\n\nThe migration `%.*s` was running. %s",
                                   STR_ARG(r->report->error), STR_ARG(r->migration->name), stands[r->how]);
  return status;
}

migrate_status apply_missing(connection *db, const folder_entry *migration, migrate_report *report)
{
  return report_refused(
      report, "P3015",
      sc_str_format(db->mem,
                    "Could not find the migration file at %.*s/migration.sql. Please delete the "
                    "directory or restore the migration file.",
                    STR_ARG(migration->name)));
}

static migrate_status refuse_script(const run *r)
{
  return report_refused(
      r->report, "P3018",
      sc_str_format(r->db->mem,
                    "A migration cannot be sent as it is. Nothing of it was applied.\n\nMigration name: "
                    "%.*s\n\n%.*s",
                    STR_ARG(r->migration->name), STR_ARG(r->units->problem)));
}

/* What stands of a migration that failed, and how to go on. */
static void say_standing(const run *r, const unit *failed, buf *out)
{
  size_t standing = 0;
  str name = r->migration->name;
  for (size_t i = 0; i < r->units->len; i++)
    if (r->journal[i].finished) standing++;
  if (r->how == HISTORY_STEPS && standing) {
    sc_buf_format(
        out,
        "\n\n%zu of its %zu steps are applied and stay. Step %zu, in line %zu, failed. When what stopped "
        "it is mended, `schemac migrate deploy --resume` goes on there.",
        standing, r->units->len, (size_t)(failed - r->units->items) + 1, failed->line);
    return;
  }
  if (r->how == HISTORY_WHOLE)
    sc_buf_format(
        out,
        "\n\nWhat it committed before it failed stands. When that is taken back and what stopped it "
        "is mended, mark it with `schemac migrate resolve --rolled-back %.*s`, and apply again.",
        STR_ARG(name));
  else
    sc_buf_format(out,
                  "\n\nNothing of it stands. When what stopped it is mended, mark it with `schemac migrate "
                  "resolve --rolled-back %.*s`, and apply again.",
                  STR_ARG(name));
}

static migrate_status failed(const run *r, const unit *u, const send_failure *failure)
{
  if (failure->lost) return lost(r);
  buf text = {.mem = r->db->mem};
  sc_buf_format(
      &text,
      "A migration failed to apply. New migrations cannot be applied before the error is recovered from. "
      "Read more about how to resolve migration issues in a production database: "
      "https://pris.ly/d/migrate-resolve\n\nMigration name: %.*s\n\nDatabase error code: %.*s\n\n"
      "Database error:\n%.*s",
      STR_ARG(r->migration->name), STR_ARG(failure->sqlstate), STR_ARG(failure->text));
  if (failure->way_out.len && !r->units->split) sc_buf_format(&text, "\n\n%.*s", STR_ARG(failure->way_out));
  say_standing(r, u, &text);
  if (history_fail(r->db, r->id, failure->text) != SC_OK) return broken(r);
  return report_refused(r->report, "P3018", buf_str(&text));
}

/* ---- one unit ---- */

/* `-- schemac:retry 10`: so often it is tried again. */
static int tries_of(const run *r)
{
  enum { USUAL = 10, MOST = 1000 };
  str text;
  int again = 0;
  if (!sql_script_says(r->units->script, STR("retry"), &text) || !text.len) return USUAL;
  for (size_t i = 0; i < text.len && again < MOST; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return USUAL;
    again = again * 10 + (text.ptr[i] - '0');
  }
  return again + 1;
}

/* Others were in the way, and may not be a moment later. A limit of waiting counts where it is the script's
 * own: another is somebody's wish that it fails. */
static bool may_be_tried_again(const run *r, const send_failure *failure)
{
  if (str_eq(failure->sqlstate, STR("40P01"))) return true; /* deadlock_detected */
  return str_eq(failure->sqlstate, STR("55P03")) && unit_limits_locks(r->units);
}

/* The settings of a unit last for the session. */
static sc_status repeat_settings(const run *r, const unit *u)
{
  const sql_script *script = r->units->script;
  sc_status status = SC_OK;
  if (u->kind == UNIT_UNDONE) return status;
  for (size_t i = u->first; i < u->first + u->len && status == SC_OK; i++) {
    const sql_statement *statement = &script->statements.items[i];
    if (unit_sets(script, statement))
      status = sc_script(r->db->session, sc_str_c(r->db->mem, sql_statement_text(script, statement)), NULL);
  }
  return status;
}

/* Longer and longer; then the session is again as the units before this one have left it, which cleaning up
 * behind a failure does not spare. */
static sc_status pause_before(const run *r, const unit *u, int try)
{
  enum { FIRST_PAUSE_MS = 200, LONGEST_PAUSE_MS = 5000 };
  int pause = FIRST_PAUSE_MS;
  for (int i = 1; i < try && pause < LONGEST_PAUSE_MS; i++) pause *= 2;
  if (pause > LONGEST_PAUSE_MS) pause = LONGEST_PAUSE_MS;
  nanosleep(&(struct timespec){.tv_sec = pause / 1000, .tv_nsec = pause % 1000 * 1000000L}, NULL);
  sc_status status = SC_OK;
  for (const unit *before = r->units->items; before < u && status == SC_OK; before++)
    status = repeat_settings(r, before);
  return status;
}

/* `batch`, when it is one, goes in the unit's place. */
static sc_status send_patiently(const run *r, const unit *u, str batch, str inserted, send_failure *failure)
{
  int tries = tries_of(r);
  for (int try = 1;; try++) {
    sc_status status = batch.len ? send_text(r->db, sql_lex(batch, r->db->mem), failure)
                                 : send_unit(r->db, r->units, u, inserted, failure);
    if (status == SC_OK || try >= tries || !may_be_tried_again(r, failure)) return status;
    bool give_up = u->kind == UNIT_LONE || (r->db->stopped && r->db->stopped(r->db->ui));
    if (give_up || pause_before(r, u, try) != SC_OK) return status;
  }
}

static void say_dropped(const run *r, str index)
{
  if (index.len)
    sc_buf_format(&r->report->text, "The index `%.*s` was left invalid: it is dropped and built again.\n\n",
                  STR_ARG(index));
}

/* Between two notes of the journal; when it fails, `failure` says how, and what it began is taken back. */
static migrate_status try_lone(run *r, const unit *u, size_t number, str checksum, lone_kind kind,
                               send_failure *failure)
{
  const sql_script *script = r->units->script;
  const sql_statement *statement = statement_of(r, u);
  lone_answer answer;
  str before, dropped;
  bool noted = r->how == HISTORY_STEPS;
  if (lone_before(r->db, script, statement, kind, &before, &dropped) != SC_OK) return broken(r);
  say_dropped(r, dropped);
  if (noted && journal_begin(r->db, r->id, number, u, checksum, before) != SC_OK) return broken(r);
  if (send_unit(r->db, r->units, u, STR_NONE, failure) != SC_OK) {
    if (!failure->lost) lone_ask(r->db, script, statement, kind, before, &answer, &dropped);
    if (!failure->lost && noted) journal_drop(r->db, r->id, number);
    return MIGRATE_REFUSED;
  }
  return !noted || journal_finish(r->db, r->id, number) == SC_OK ? MIGRATE_DONE : broken(r);
}

/* An index that others were in the way of is built again. Of the rest it is not known what a failure left. */
static migrate_status run_lone(run *r, const unit *u, size_t number, str checksum, lone_kind kind)
{
  bool again = kind == LONE_INDEX || kind == LONE_DROP_INDEX;
  int tries = again ? tries_of(r) : 1;
  for (int try = 1;; try++) {
    send_failure failure = {0};
    migrate_status status = try_lone(r, u, number, checksum, kind, &failure);
    if (!failure.text.len) return status;
    if (try >= tries || !may_be_tried_again(r, &failure)) return failed(r, u, &failure);
    if (pause_before(r, u, try) != SC_OK) return broken(r);
  }
}

static migrate_status run_together(run *r, const unit *u, size_t number, str checksum)
{
  send_failure failure = {0};
  buf note = {.mem = r->db->mem};
  if (u->kind == UNIT_TOGETHER) journal_note(&note, r->id, number, u, checksum);
  if (send_patiently(r, u, STR_NONE, buf_str(&note), &failure) == SC_OK) return MIGRATE_DONE;
  if (u->kind == UNIT_TOGETHER && u->len == 1 && lone_is_told(failure.sqlstate))
    return run_lone(r, u, number, checksum, lone_told_kind(r->units->script, statement_of(r, u)));
  return failed(r, u, &failure);
}

/* Batch by batch, then the statement itself. */
static migrate_status run_batches(run *r, const unit *u, size_t number, str checksum)
{
  batches b;
  batches_form form;
  send_failure failure = {0};
  str update;
  sc_status sent = SC_OK;
  batches_read(r->units->script, statement_of(r, u), &form); /* unit_read has seen to it that it can be */
  if (batches_open(r->db, &form, u->batch, r->journal[number].before, &b) != SC_OK) return broken(r);
  while (sent == SC_OK) {
    migrate_status status = connection_go_on(r->db, r->report);
    if (status != MIGRATE_DONE) {
      batches_told(&b);
      return status;
    }
    if (batches_next(&b, &update) != SC_OK) return broken(r);
    if (!update.len) break;
    buf text = {.mem = r->db->mem};
    sc_buf_format(&text, "%.*s;\n", STR_ARG(update));
    journal_note_batch(&text, r->id, number, u, checksum, b.reached);
    sent = send_patiently(r, u, str_from(sc_buf_c(&text)), STR_NONE, &failure);
    if (sent == SC_OK) batches_tell(&b);
  }
  batches_told(&b);
  return sent == SC_OK ? run_together(r, u, number, checksum) : failed(r, u, &failure);
}

/* ---- going on ---- */

static migrate_status refuse_to_go_on(const run *r, const unit *u, const char *why)
{
  return report_refused(
      r->report, "P3009",
      sc_str_format(
          r->db->mem,
          "migrate found failed migrations in the target database, new migrations will not be applied. "
          "Read more about how to resolve migration issues in a production database: "
          "https://pris.ly/d/migrate-resolve\nThe `%.*s` migration was interrupted, and cannot go on in "
          "line %zu: %s",
          STR_ARG(r->migration->name), u->line, why));
}

static migrate_status refuse_to_guess(const run *r, const unit *u, size_t number)
{
  str why = sc_str_format(
      r->db->mem,
      "whether its statement has run cannot be told:\n%.*s\nIf it has, say so with\n"
      "  UPDATE " JOURNAL_SCHEMA ".journal SET finished_at = now() WHERE migration = '%.*s' AND "
      "unit = %zu;\nif it has not, with\n"
      "  DELETE FROM " JOURNAL_SCHEMA ".journal WHERE migration = '%.*s' AND unit = %zu;\n"
      "Then deploy again.",
      STR_ARG(sql_statement_text(r->units->script, statement_of(r, u))), STR_ARG(r->id), number,
      STR_ARG(r->id), number);
  return refuse_to_go_on(r, u, why.ptr);
}

static bool makes_temporary(const sql_script *script, const sql_statement *statement)
{
  size_t at = statement->first;
  if (!sql_token_is(script, at, STR("create"))) return false;
  if (sql_token_is(script, at + 1, STR("local")) || sql_token_is(script, at + 1, STR("global"))) at++;
  return sql_token_is(script, at + 1, STR("temp")) || sql_token_is(script, at + 1, STR("temporary"));
}

/* A unit that stands: only what it did to the session is done again. */
static migrate_status pass_over(run *r, const unit *u)
{
  const sql_script *script = r->units->script;
  for (size_t i = u->first; i < u->first + u->len; i++) {
    const sql_statement *statement = &script->statements.items[i];
    if (makes_temporary(script, statement))
      return refuse_to_go_on(r, u,
                             "what it made was temporary, and is gone with the session. Undo the steps that "
                             "stand and mark the migration with `schemac migrate resolve --rolled-back`.");
  }
  return repeat_settings(r, u) == SC_OK ? MIGRATE_DONE : broken(r);
}

/* A statement that was begun and neither finished nor failed. */
static migrate_status settle(run *r, const unit *u, size_t number, bool *stands)
{
  const journal_row *row = &r->journal[number];
  const sql_script *script = r->units->script;
  lone_answer answer;
  str dropped;
  lone_kind kind = lone_told_kind(script, statement_of(r, u));
  if (lone_ask(r->db, script, statement_of(r, u), kind, row->before, &answer, &dropped) != SC_OK)
    return broken(r);
  say_dropped(r, dropped);
  if (answer == LONE_CANNOT_TELL) return refuse_to_guess(r, u, number);
  *stands = answer == LONE_IS_DONE;
  sc_status status = *stands ? journal_finish(r->db, r->id, number) : journal_drop(r->db, r->id, number);
  return status == SC_OK ? MIGRATE_DONE : broken(r);
}

/* Everything that has a row must be what it was then. */
static migrate_status check_unchanged(const run *r, size_t standing)
{
  size_t found = 0;
  for (size_t i = 0; i < r->units->len; i++) {
    const unit *u = &r->units->items[i];
    if (!r->journal[i].begun) continue;
    str text = str_slice(r->units->script->text, u->begin, u->end);
    if (r->journal[i].finished) found++;
    if (!str_eq(r->journal[i].checksum, folder_checksum(r->db->mem, text)))
      return refuse_to_go_on(r, u, "this step is applied, and was changed since. Change it back.");
  }
  if (found == standing) return MIGRATE_DONE;
  return refuse_to_go_on(r, &(unit){.line = 1}, "it has fewer steps than are applied. Restore the file.");
}

/* ---- the ways to run one ---- */

static migrate_status run_step(run *r, size_t number)
{
  const unit *u = &r->units->items[number];
  str checksum = folder_checksum(r->db->mem, str_slice(r->units->script->text, u->begin, u->end));
  bool stands = r->journal[number].finished;
  migrate_status status = MIGRATE_DONE;
  if (r->journal[number].begun && !stands && !u->batch) status = settle(r, u, number, &stands);
  if (status != MIGRATE_DONE) return status;
  if (stands) return pass_over(r, u);
  if (u->batch)
    status = run_batches(r, u, number, checksum);
  else if (u->kind == UNIT_LONE)
    status = run_lone(r, u, number, checksum, lone_kind_of(r->units->script, statement_of(r, u)));
  else
    status = run_together(r, u, number, checksum);
  if (status == MIGRATE_DONE && u->kind != UNIT_SETTING) r->journal[number].finished = true;
  return status;
}

static migrate_status finish(const run *r)
{
  buf end = {.mem = r->db->mem};
  history_finish(r->db, &end, r->id);
  if (r->how == HISTORY_STEPS) journal_forget(&end, r->id);
  return sc_script(r->db->session, sc_buf_c(&end), NULL) == SC_OK ? MIGRATE_DONE : broken(r);
}

static migrate_status run_steps(run *r)
{
  migrate_status status = MIGRATE_DONE;
  for (size_t i = 0; i < r->units->len && status == MIGRATE_DONE; i++) {
    status = connection_go_on(r->db, r->report);
    if (status == MIGRATE_DONE) status = run_step(r, i);
  }
  return status == MIGRATE_DONE ? finish(r) : status;
}

/* One statement that must be alone, of which only the server could tell. */
static migrate_status run_told(run *r)
{
  const unit *u = &r->units->items[0];
  str checksum = folder_checksum(r->db->mem, str_slice(r->units->script->text, u->begin, u->end));
  r->how = journal_ready(r->db) == SC_OK ? HISTORY_STEPS : HISTORY_WHOLE;
  if (history_change_run(r->db, r->how, &r->id) != SC_OK) return broken(r);
  migrate_status status = run_lone(r, u, 0, checksum, lone_told_kind(r->units->script, statement_of(r, u)));
  return status == MIGRATE_DONE ? finish(r) : status;
}

static migrate_status run_atomic(run *r)
{
  send_failure failure = {0};
  buf end = {.mem = r->db->mem};
  if (r->units->len == 0) return finish(r);
  const unit *u = &r->units->items[0];
  history_finish(r->db, &end, r->id);
  if (send_patiently(r, u, STR_NONE, buf_str(&end), &failure) == SC_OK) return MIGRATE_DONE;
  return u->len == 1 && lone_is_told(failure.sqlstate) ? run_told(r) : failed(r, u, &failure);
}

static migrate_status run_whole(run *r)
{
  send_failure failure = {0};
  if (r->units->len == 1 && r->units->items[0].kind == UNIT_LONE) return run_steps(r);
  if (send_text(r->db, r->units->script, &failure) == SC_OK) return finish(r);
  return failed(r, &(unit){.line = 1}, &failure);
}

/* ---- one migration ---- */

/* How it will be run; false when it needs the journal, and there can be none. */
static bool choose(run *r)
{
  const unit_list *units = r->units;
  r->how = HISTORY_ATOMIC;
  if (unit_is_atomic(units)) return true;
  r->how = HISTORY_WHOLE;
  if (units->len == 1 && units->items[0].kind == UNIT_WHOLE) return true;
  if (journal_ready(r->db) == SC_OK) r->how = HISTORY_STEPS;
  return r->how == HISTORY_STEPS ||
         (!units->split && str_eq(str_from(sc_error_last()->sqlstate), STR("42501")));
}

static migrate_status refuse_without_journal(const run *r)
{
  const char *cause = sc_str_c(r->db->mem, str_from(sc_error_last()->message));
  if (!str_eq(str_from(sc_error_last()->sqlstate), STR("42501"))) return broken(r);
  return report_refused(
      r->report, "P3018",
      sc_str_format(
          r->db->mem,
          "A migration with schemac:transaction off needs the schema " JOURNAL_SCHEMA
          " to note its steps, and it cannot be made: %s. Nothing of it was applied.\n\nMigration name: "
          "%.*s\n\nLet somebody who may run: CREATE SCHEMA " JOURNAL_SCHEMA " AUTHORIZATION %.*s;",
          cause, STR_ARG(r->migration->name), STR_ARG(r->db->place.user)));
}

static migrate_status run_new(run *r, const history_row *again)
{
  arena *mem = r->db->mem;
  if (!choose(r)) return refuse_without_journal(r);
  str checksum = folder_checksum(mem, r->migration->script);
  if (history_start(r->db, r->migration->name, checksum, r->how, again, &r->id) != SC_OK) return broken(r);
  if (r->how == HISTORY_STEPS) return run_steps(r);
  return r->how == HISTORY_ATOMIC ? run_atomic(r) : run_whole(r);
}

/* A run in steps that was cut off or failed, of which something stands or was begun. */
static migrate_status go_on(run *r, const history_row *row, size_t standing)
{
  migrate_status status = check_unchanged(r, standing);
  if (status != MIGRATE_DONE) return status;
  r->how = HISTORY_STEPS;
  sc_buf_format(&r->report->text,
                "The migration `%.*s` was interrupted: it goes on behind %zu of its %zu steps.\n\n",
                STR_ARG(row->name), standing, r->units->len);
  str checksum = folder_checksum(r->db->mem, r->migration->script);
  if (history_resume(r->db, r->id, checksum) != SC_OK) return broken(r);
  return run_steps(r);
}

static migrate_status run_again(run *r, const history_row *row)
{
  size_t standing = 0, begun = 0;
  r->id = row->id;
  if (row->run == HISTORY_STEPS &&
      journal_read(r->db, row->id, r->units->len, r->journal, &standing) != SC_OK)
    return broken(r);
  for (size_t i = 0; i < r->units->len; i++)
    if (r->journal[i].begun) begun++;
  if (standing || begun) return go_on(r, row, standing);
  sc_buf_format(&r->report->text,
                "The migration `%.*s` was interrupted before anything of it stood: it is run again.\n\n",
                STR_ARG(row->name));
  return run_new(r, row);
}

static migrate_status apply(connection *db, const folder_entry *migration, const history_row *earlier,
                            migrate_report *report)
{
  if (migration->missing) return apply_missing(db, migration, report);
  run r = {.db = db, .migration = migration, .report = report};
  r.units = unit_read(migration->script, db->mem);
  if (r.units->problem.len) return refuse_script(&r);
  r.journal = arena_array(db->mem, journal_row, r.units->len);
  migrate_status status = earlier ? run_again(&r, earlier) : run_new(&r, NULL);
  if (status == MIGRATE_DONE) vec_push(db->mem, &report->applied, migration->name);
  return status;
}

migrate_status apply_migration(connection *db, const folder_entry *migration, migrate_report *report)
{
  if (history_create(db) != SC_OK) return connection_failed(db->mem, report);
  return apply(db, migration, NULL, report);
}

migrate_status apply_resume(connection *db, const folder_entry *migration, const history_row *failed,
                            migrate_report *report)
{
  return apply(db, migration, failed, report);
}

migrate_status apply_pending(connection *db, const folder *migrations, migrate_report *report)
{
  history rows;
  migrate_status status = MIGRATE_DONE;
  if (history_read(db, &rows) != SC_OK) return connection_failed(db->mem, report);
  bool ready = rows.exists;
  for (size_t i = 0; i < migrations->len && status == MIGRATE_DONE; i++) {
    const folder_entry *migration = &migrations->items[i];
    if (history_applied(&rows, migration->name)) continue;
    status = connection_go_on(db, report);
    if (status != MIGRATE_DONE) break;
    if (!ready && !migration->missing && history_create(db) != SC_OK)
      return connection_failed(db->mem, report);
    ready = ready || !migration->missing;
    status = apply(db, migration, history_cut_off(&rows, migration->name), report);
  }
  return status;
}
