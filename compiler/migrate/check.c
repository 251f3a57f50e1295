/* migrate check: the folder, the schema and what a database makes of them say the same. */
#include "migrate/diagnose.h"
#include "migrate/down.h"
#include "migrate/normalise.h"
#include "sql/raise.h"

typedef struct check_run check_run;
struct check_run {
  const migrate_context *context;
  const ast_schema *ast;
  migrate_report *report;
  arena *mem;
  connection db; /* beside which shadows are made; not open where there is a URL for them */
  shadow shadow;
  folder migrations;
  const sql_schema *reached; /* where the folder leads */
  const sql_schema *wanted;
  size_t ways_back;
};

static migrate_status failed(const check_run *run)
{
  return connection_failed(run->mem, run->report);
}

static migrate_status differs(const check_run *run, const char *what, const sql_plan *plan, const char *help)
{
  buf text = {.mem = run->mem};
  sc_buf_format(&text, "%s\n", what);
  sql_summary(plan, &text);
  sc_buf_format(&text, "\n%s", help);
  run->report->differs = true;
  return report_refused(run->report, "", buf_str(&text));
}

/* ---- the ways back ---- */

static migrate_status refuse_down(const check_run *run, const folder_entry *migration, str why)
{
  return report_refused(run->report, "",
                        sc_str_format(run->mem, "The " FOLDER_DOWN " of `%.*s` is not its way back: %.*s",
                                      STR_ARG(migration->name), STR_ARG(why)));
}

/* The migration has just run, from `before` to where the shadow stands. */
static migrate_status check_down(check_run *run, const folder_entry *migration, str down,
                                 const fingerprint *before)
{
  fingerprint after, now;
  str why, failure;
  run->ways_back++;
  if (fingerprint_take(&run->shadow, &after) != SC_OK) return failed(run);
  if (!down_try(&run->shadow, down, &failure)) return refuse_down(run, migration, failure);
  if (fingerprint_take(&run->shadow, &now) != SC_OK) return failed(run);
  if (!fingerprint_same(run->mem, before, &now, &why))
    return refuse_down(run, migration, sc_str_format(run->mem, "behind it stands\n%.*s", STR_ARG(why)));
  migrate_status status = shadow_replay(&run->shadow, migration, run->report);
  if (status != MIGRATE_DONE) return status;
  if (fingerprint_take(&run->shadow, &now) != SC_OK) return failed(run);
  if (!fingerprint_same(run->mem, &after, &now, &why))
    return refuse_down(
        run, migration,
        sc_str_format(run->mem, "run again, the migration leads elsewhere\n%.*s", STR_ARG(why)));
  return MIGRATE_DONE;
}

static migrate_status replay_one(check_run *run, const folder_entry *migration)
{
  fingerprint before;
  str down;
  bool both_ways = folder_read_beside(run->context, migration->name, FOLDER_DOWN, &down);
  if (both_ways && fingerprint_take(&run->shadow, &before) != SC_OK) return failed(run);
  migrate_status status = shadow_replay(&run->shadow, migration, run->report);
  if (status != MIGRATE_DONE || !both_ways) return status;
  return check_down(run, migration, down, &before);
}

/* ---- the three equations ---- */

/* From what stands in the shadow to the schema; each in the server's spelling. */
static const sql_plan *plan_to(check_run *run, const sql_schema *from, const sql_schema *to)
{
  sql_claims claims = folder_claims(run->mem, &run->migrations);
  sql_diff_options options = {.claims = &claims};
  const sql_plan *plan = sql_diff(from, to, &options, run->mem);
  const sql_schema *spelt = normalise_schema(&run->shadow.db, to, plan);
  return spelt == to ? plan : sql_diff(from, spelt, &options, run->mem);
}

/* What a migration has made by hand: it stays, and is in the schema once somebody pulls it. */
static void say_kept(check_run *run, const sql_plan *plan)
{
  for (size_t i = 0; i < plan->kept_count; i++) {
    const sql_other *other = &plan->kept[i];
    vec_push(run->mem, &run->report->notes,
             sc_str_format(
                 run->mem,
                 "a migration has made the %.*s `%.*s` on `%.*s` by hand: it stays, and `schemac db pull` "
                 "would write it down",
                 STR_ARG(other->kind), STR_ARG(other->name), STR_ARG(other->table)));
  }
}

static migrate_status check_replay(check_run *run)
{
  migrate_status status = MIGRATE_DONE;
  for (size_t i = 0; i < run->migrations.len && status == MIGRATE_DONE; i++) {
    vec_push(run->mem, &run->report->found, run->migrations.items[i].name);
    status = replay_one(run, &run->migrations.items[i]);
  }
  if (status != MIGRATE_DONE) return status;
  if (diagnose_inspect(run->context, &run->shadow.db, &run->reached) != SC_OK) return failed(run);
  const sql_plan *plan = plan_to(run, run->reached, run->wanted);
  say_kept(run, plan);
  if (plan->len == 0) return MIGRATE_DONE;
  return differs(run, "The migrations do not lead to the schema. It has beyond them:", plan,
                 "`schemac migrate dev` writes a migration for it.");
}

static const dm_schema *read_pulled(const check_run *run, const sql_raised *raised)
{
  diag_list *diags = diag_list_new(run->mem);
  const ast_schema *ast = ast_parse(&raised->sources, run->mem, diags);
  return dm_resolve(ast, NULL, run->mem, diags);
}

static migrate_status check_pull(check_run *run)
{
  if (!run->reached->table_count && !run->reached->enum_count) return MIGRATE_DONE;
  const sql_raised *raised =
      sql_raise(run->reached, run->context->schema, run->ast, &(sql_raise_options){0}, run->mem);
  const dm_schema *pulled = read_pulled(run, raised);
  if (!pulled)
    return report_refused(run->report, "", STR("What `schemac db pull` makes of it is no valid schema."));
  /* What was replayed is the schema, by now. What a hand has made is in both. */
  const sql_plan *plan = plan_to(run, run->reached, sql_lower(pulled, run->mem));
  if (plan->len == 0) return MIGRATE_DONE;
  return differs(run, "`schemac db pull` does not give the schema back. It would change:", plan,
                 "`schemac db pull --print` shows it.");
}

/* The schema with the extensions that the migrations create by hand: its types and operator classes are
 * theirs. */
static const sql_schema *with_extensions(const check_run *run)
{
  const sql_schema *wanted = run->wanted, *reached = run->reached;
  sql_schema *out = arena_new(run->mem, sql_schema);
  size_t len = wanted->extension_count;
  *out = *wanted;
  out->extensions = arena_array(run->mem, sql_extension, len + reached->extension_count);
  for (size_t i = 0; i < len; i++) out->extensions[i] = wanted->extensions[i];
  for (size_t i = 0; i < reached->extension_count; i++) {
    size_t at = 0;
    while (at < len && !str_eq(out->extensions[at].name, reached->extensions[i].name)) at++;
    if (at == len) out->extensions[len++] = (sql_extension){.name = reached->extensions[i].name};
  }
  out->extension_count = len;
  return out;
}

/* The schema's own script, in an empty database. */
static migrate_status check_scratch(check_run *run)
{
  str failure;
  const sql_schema *made;
  buf script = {.mem = run->mem};
  shadow_close(&run->shadow);
  migrate_status status = shadow_open(run->context, &run->db, &run->migrations, &run->shadow, run->report);
  if (status != MIGRATE_DONE) return status;
  sql_render(sql_diff(NULL, with_extensions(run), NULL, run->mem), &script);
  sc_buf_c(&script);
  bool good = shadow_try(&run->shadow, buf_str(&script), &failure);
  if (!good && sc_str_find(failure, STR("does not exist")) != SIZE_MAX) {
    vec_push(run->mem, &run->report->notes,
             sc_str_format(
                 run->mem,
                 "The schema's own script does not apply: it needs something that the migrations make by "
                 "hand.\n%.*s",
                 STR_ARG(failure)));
    return MIGRATE_DONE;
  }
  if (!good)
    return report_refused(
        run->report, "P3006",
        sc_str_format(run->mem, "The schema's own script does not apply.\nError:\n%.*s", STR_ARG(failure)));
  if (diagnose_inspect(run->context, &run->shadow.db, &made) != SC_OK) return failed(run);
  const sql_plan *plan = plan_to(run, made, run->wanted);
  if (plan->len == 0) return MIGRATE_DONE;
  return differs(run, "The schema's own script does not give the schema. It has beyond it:", plan,
                 "This is a mistake of schemac: please report it with your schema.");
}

static migrate_status check(check_run *run)
{
  migrate_status status = folder_read(run->context, &run->migrations, run->report);
  if (status == MIGRATE_DONE)
    status = shadow_open(run->context, &run->db, &run->migrations, &run->shadow, run->report);
  if (status == MIGRATE_DONE) status = check_replay(run);
  if (status == MIGRATE_DONE) status = check_pull(run);
  if (status == MIGRATE_DONE) status = check_scratch(run);
  if (status != MIGRATE_DONE) return status;
  sc_buf_format(&run->report->text,
                "%zu migration%s and the schema agree: replayed, written anew and pulled back.\n",
                run->migrations.len, run->migrations.len == 1 ? "" : "s");
  sc_buf_format(&run->report->text, "%zu " FOLDER_DOWN " lead%s back.\n", run->ways_back,
                run->ways_back == 1 ? "s" : "");
  return MIGRATE_DONE;
}

migrate_status migrate_check(const migrate_context *context, const ast_schema *ast, migrate_report *report)
{
  check_run run = {.context = context, .ast = ast, .report = report, .mem = context->mem};
  *report = (migrate_report){.text = {.mem = context->mem}};
  run.wanted = sql_lower(context->schema, context->mem);
  migrate_status status = MIGRATE_DONE;
  if (!context->shadow_url.len) status = connection_open(context->mem, context->url, &run.db, report);
  if (status == MIGRATE_DONE) status = check(&run);
  shadow_close(&run.shadow);
  connection_close(&run.db);
  return status;
}
