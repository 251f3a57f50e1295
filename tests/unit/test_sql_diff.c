/* Every folder of tests/diff: from.prisma to to.prisma.
 *
 *   online.sql     the same with --online
 *   expected.sql   the script, schema to schema: Prisma's, but where docs/prisma-differences.md says
 *                  otherwise
 *   live.sql       the script from a live database, where it is another one
 *   summary.txt    the same in words
 *   seed.sql       rows for the live database, and hazards.txt, what the plan then warns of
 *   rows.sql       rows that the change meets, and kept.sql, what is asserted of them afterwards
 *   back.sql       what a person has to do before the change can be taken back
 *
 * Schemas without a datasource get the plain one. With DATABASE_URL each pair is also lived through: `from`
 * is created and inspected, the difference applied, and a second difference must be empty. */
#include "unit/golden.h"

#include "migrate/counts.h"
#include "migrate/down.h"
#include "migrate/inspect.h"
#include "migrate/normalise.h"
#include "sql/online.h"
#include "sql/revert.h"

#include <sys/stat.h>

static const char plain_datasource[] =
    "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\n";

static arena *mem;

static char *in_case(const char *folder, const char *file)
{
  return sc_str_c(mem, sc_str_format(mem, "%s/%s", folder, file));
}

static bool exists(const char *path)
{
  struct stat info;
  return stat(path, &info) == 0;
}

static const dm_schema *resolve(const char *path)
{
  str text = golden_read(mem, path);
  if (sc_str_find(text, STR("datasource ")) == SIZE_MAX)
    text = sc_str_format(mem, "%s%.*s", plain_datasource, STR_ARG(text));
  source_set *sources = arena_new(mem, source_set);
  vec_push(mem, sources, (source){.path = str_from(path), .text = text});
  diag_list *diags = diag_list_new(mem);
  const dm_schema *model = dm_resolve(ast_parse(sources, mem, diags), NULL, mem, diags);
  if (!model) fail_msg("%s: %.*s", path, STR_ARG(diags->items[0]->message));
  return model;
}

/* An empty file is an empty database. */
static const dm_schema *side(const char *folder, const char *file)
{
  char *path = in_case(folder, file);
  return sc_str_trim(golden_read(mem, path)).len ? resolve(path) : NULL;
}

static const sql_schema *lowered(const dm_schema *model)
{
  return model ? sql_lower(model, mem) : NULL;
}

static str rendered(const sql_plan *plan)
{
  buf out = {.mem = mem};
  sql_render(plan, &out);
  sc_buf_c(&out);
  return buf_str(&out);
}

static str rendered_online(const sql_plan *plan)
{
  buf out = {.mem = mem};
  sql_render_online(plan, &out);
  return buf_str(&out);
}

static void offline(void **state)
{
  const char *folder = *state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  const sql_plan *plan =
      sql_diff(lowered(side(folder, "from.prisma")), lowered(side(folder, "to.prisma")), NULL, mem);
  assert_text(rendered(plan), golden_read(mem, in_case(folder, "expected.sql")), __FILE__, __LINE__);
  if (exists(in_case(folder, "online.sql")))
    assert_text(rendered_online(plan), golden_read(mem, in_case(folder, "online.sql")), __FILE__, __LINE__);
  if (exists(in_case(folder, "summary.txt"))) {
    buf summary = {.mem = mem};
    sql_summary(plan, &summary);
    assert_text(buf_str(&summary), golden_read(mem, in_case(folder, "summary.txt")), __FILE__, __LINE__);
  }
  sc_arena_free(mem);
}

/* ---- on a server ---- */

static connection db;

static void run(str sql)
{
  if (sc_script(db.session, sc_str_c(mem, sql), NULL) != SC_OK)
    fail_msg("%s\n%.*s", sc_error_last()->message, STR_ARG(sql));
}

static void wipe(void)
{
  run(STR(
      "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'"
      " AND nspname <> 'information_schema' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END "
      "$$;"
      "CREATE SCHEMA public; SET search_path = public; SET client_min_messages = warning;"
      "CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS pg_trgm"));
}

static const sql_schema *inspected(const dm_schema *model)
{
  static const str public_schema = STR_INIT("public");
  inspect_options options = {.schemas = &public_schema, .schema_count = 1, .current = public_schema};
  if (model->datasource.schema_count)
    options = (inspect_options){.schemas = model->datasource.schemas,
                                .schema_count = model->datasource.schema_count,
                                .qualified = true,
                                .current = public_schema};
  const sql_schema *live;
  if (sql_inspect(db.session, &options, mem, &live) != SC_OK) fail_msg("%s", sc_error_last()->message);
  return live;
}

static str hazards(const sql_plan *plan)
{
  buf out = {.mem = mem};
  sql_hazard_list found = sql_hazards(plan, mem);
  hazard_texts texts = counts_evaluate(&db, &found);
  for (size_t i = 0; i < texts.warnings.len; i++)
    sc_buf_format(&out, "warning: %.*s\n", STR_ARG(texts.warnings.items[i]));
  for (size_t i = 0; i < texts.unexecutable.len; i++)
    sc_buf_format(&out, "unexecutable: %.*s\n", STR_ARG(texts.unexecutable.items[i]));
  return buf_str(&out);
}

/* What a script cannot do with rows in the way is what hazards.txt says; the rows go first. */
static void seeded(const char *folder, const sql_plan *plan)
{
  if (!exists(in_case(folder, "seed.sql"))) return;
  run(golden_read(mem, in_case(folder, "seed.sql")));
  assert_text(hazards(plan), golden_read(mem, in_case(folder, "hazards.txt")), __FILE__, __LINE__);
  for (size_t i = 0; i < plan->from->table_count; i++) {
    const sql_table *table = &plan->from->tables[i];
    run(sc_str_format(mem, "TRUNCATE %s%.*s%s\"%.*s\" CASCADE", table->schema.len ? "\"" : "",
                      STR_ARG(table->schema), table->schema.len ? "\"." : "", STR_ARG(table->name)));
  }
}

/* The way back leads back, with rows in the tables where the case has some. */
static void back(const char *folder, const sql_plan *plan, const sql_schema *now, const fingerprint *before)
{
  shadow here = {.db = db};
  fingerprint after;
  str failure, difference;
  buf down = {.mem = mem};
  if (exists(in_case(folder, "back.sql"))) run(golden_read(mem, in_case(folder, "back.sql")));
  sql_render_revert(sql_revert(plan, now, mem), &down);
  sc_buf_c(&down);
  if (!down_try(&here, buf_str(&down), &failure))
    fail_msg("%.*s\n%.*s", STR_ARG(failure), STR_ARG(buf_str(&down)));
  assert_int_equal(fingerprint_take(&here, &after), SC_OK);
  if (!fingerprint_same(mem, before, &after, &difference))
    fail_msg("%.*s\n%.*s", STR_ARG(difference), STR_ARG(buf_str(&down)));
}

static void live(void **state)
{
  const char *folder = *state;
  if (!getenv("DATABASE_URL")) skip();
  mem = sc_arena_new_fatal(test_out_of_memory);
  migrate_report report = {0};
  if (connection_open(mem, str_from(getenv("DATABASE_URL")), &db, &report) != MIGRATE_DONE)
    fail_msg("%.*s", STR_ARG(report.error));
  wipe();
  const dm_schema *from = side(folder, "from.prisma"), *to = side(folder, "to.prisma");
  if (from) run(rendered(sql_diff(NULL, normalise_schema(&db, sql_lower(from, mem), NULL), NULL, mem)));
  if (from)
    assert_text(
        rendered(sql_diff(inspected(from), normalise_schema(&db, sql_lower(from, mem), NULL), NULL, mem)),
        STR("-- This is an empty migration.\n"), __FILE__, __LINE__);

  const sql_schema *wanted = normalise_schema(&db, sql_lower(to, mem), NULL);
  const sql_plan *plan = sql_diff(inspected(to), wanted, &(sql_diff_options){.drop_extensions = true}, mem);
  bool own = exists(in_case(folder, "live.sql"));
  assert_text(rendered(plan), golden_read(mem, in_case(folder, own ? "live.sql" : "expected.sql")), __FILE__,
              __LINE__);
  seeded(folder, plan);
  if (exists(in_case(folder, "rows.sql"))) run(golden_read(mem, in_case(folder, "rows.sql")));
  fingerprint before;
  assert_int_equal(fingerprint_take(&(shadow){.db = db}, &before), SC_OK);
  run(rendered(plan));
  if (exists(in_case(folder, "kept.sql"))) run(golden_read(mem, in_case(folder, "kept.sql")));
  wanted = normalise_schema(&db, sql_lower(to, mem), NULL);
  assert_text(rendered(sql_diff(inspected(to), wanted, &(sql_diff_options){.drop_extensions = true}, mem)),
              STR("-- This is an empty migration.\n"), __FILE__, __LINE__);
  back(folder, plan, inspected(to), &before);
  connection_close(&db);
  sc_arena_free(mem);
}

static int close_left_open(void **state)
{
  (void)state;
  connection_close(&db);
  return 0;
}

/* A test of every folder: offline, then live. */
static void add_cases(arena *names, golden_tests *tests)
{
  const char *root = getenv("ROOT") ? getenv("ROOT") : ".";
  char *folder = sc_str_c(names, sc_str_format(names, "%s/tests/diff", root));
  DIR *cases = opendir(folder);
  for (struct dirent *entry; cases && (entry = readdir(cases)) != NULL;) {
    char *path = sc_str_c(names, sc_str_format(names, "%s/%s", folder, entry->d_name));
    if (!exists(sc_str_format(names, "%s/expected.sql", path).ptr)) continue;
    char *name = sc_str_c(names, sc_str_format(names, "diff/%s", entry->d_name));
    char *live_name = sc_str_c(names, sc_str_format(names, "diff/%s live", entry->d_name));
    vec_push(names, tests, ((struct CMUnitTest){.name = name, .test_func = offline, .initial_state = path}));
    vec_push(
        names, tests,
        ((struct CMUnitTest){
            .name = live_name, .test_func = live, .teardown_func = close_left_open, .initial_state = path}));
  }
  if (cases) closedir(cases);
  if (tests->len == 0) fprintf(stderr, "%s holds no cases\n", folder), exit(1);
  qsort(tests->items, tests->len, sizeof *tests->items, golden_compare_names);
}

int main(void)
{
  arena *names = sc_arena_new_fatal(test_out_of_memory);
  golden_tests tests = {0};
  add_cases(names, &tests);
  int failed = _cmocka_run_group_tests("diff", tests.items, tests.len, NULL, NULL);
  sc_arena_free(names);
  return failed ? 1 : 0;
}
