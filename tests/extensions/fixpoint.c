/* Random schemas full of extensions (generate.h), each created in the database of DATABASE_URL:
 *   - a second diff finds nothing to do;
 *   - `db pull` says it in a schema that is valid and does not differ either, with and without a generator of Prisma's,
 *     and pulled over the schema it came from, and again, changes nothing more;
 *   - a migration to a variant of it, and its online form, lead to the catalog that the variant has when it is created.
 *
 *   fixpoint [--show] FIRST COUNT     one TAP line for each number; --show prints the two schemas as well */
#include "generate.h"

#include "fmt/fmt.h"
#include "sql/online.h"
#include "sql/raise.h"
#include "support/live.h"

#include <stdio.h>
#include <stdlib.h>

static bool show;

static bool agrees(connection *db, const live_schema *s, bool all_ours, const char *what)
{
  const sql_plan *plan = live_plan(db, s, all_ours);
  if (!plan) return false;
  if (plan->len == 0 && plan->kept_count == 0) return true;
  buf script = {.mem = db->mem};
  sql_render(plan, &script);
  for (size_t i = 0; i < plan->kept_count; i++)
    sc_buf_format(&script, "kept: %.*s %.*s\n", STR_ARG(plan->kept[i].kind), STR_ARG(plan->kept[i].name));
  live_complain(what, buf_str(&script));
  return live_complain("the schema is", s->text);
}

/* What db pull makes of the database, formatted, with `before` as the schema of before. */
static bool pull(connection *db, const live_schema *before, live_schema *out)
{
  const sql_schema *live;
  if (!live_inspect(db, before, &live)) return false;
  const sql_raised *raised = sql_raise(live, before->model, before->ast, NULL, db->mem);
  buf text = {.mem = db->mem};
  diag_list *diags = diag_list_new(db->mem);
  const ast_schema *ast = ast_parse(&raised->sources, db->mem, diags);
  fmt_write(ast, 0, &text);
  return live_understand(db->mem, buf_str(&text), out);
}

/* What would be an argument of an attribute of Prisma's is not said to its tools, but left alone. */
static bool pulls(connection *db, const live_schema *before, bool says_all, const char *what)
{
  live_schema pulled, again;
  if (!pull(db, before, &pulled)) return live_complain(what, STR("db pull"));
  if (!agrees(db, &pulled, says_all, what)) return false;
  if (!pull(db, &pulled, &again)) return live_complain(what, STR("db pull again"));
  if (str_eq(pulled.text, again.text)) return true;
  live_complain(what, STR("pulled again it differs:"));
  live_complain("first", pulled.text);
  return live_complain("then", again.text);
}

static bool pulls_all(connection *db, const live_schema *from)
{
  static const char configuration[] = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
  static const char prismas[] = "generator client {\n  provider = \"prisma-client-js\"\n}\n";
  live_schema plain, prisma;
  str both = sc_str_format(db->mem, "%s\n%s", configuration, prismas);
  if (!live_understand(db->mem, str_from(configuration), &plain) || !live_understand(db->mem, both, &prisma))
    return false;
  return pulls(db, &plain, true, "pulled") &&
         pulls(db, from, from->model->generator_count == 0, "pulled over its schema") &&
         pulls(db, &prisma, false, "pulled for Prisma's tools");
}

static bool same(str migrated, str created, const char *how, str script)
{
  if (str_eq(migrated, created)) return true;
  live_complain_lines("only when migrated", migrated, created);
  live_complain_lines("only when created", created, migrated);
  return live_complain(how, script);
}

static bool migrates(connection *db, const live_schema *from, const live_schema *to)
{
  buf script = {.mem = db->mem}, online = {.mem = db->mem};
  const sql_plan *plan = live_plan(db, to, true);
  if (!plan || !live_apply(db, plan) || !agrees(db, to, true, "after the migration")) return false;
  sql_render(plan, &script);
  sql_render_online(plan, &online);
  str migrated = live_catalog(db);
  if (!live_create(db, from) || !live_apply_script(db, buf_str(&online))) return false;
  str meanwhile = live_catalog(db);
  if (!live_create(db, to)) return false;
  str created = live_catalog(db);
  return same(migrated, created, "by", buf_str(&script)) && same(meanwhile, created, "by", buf_str(&online));
}

static bool check(connection *db, uint64_t seed)
{
  live_schema from, to;
  if (!live_understand(db->mem, generate_schema(db->mem, seed, 0, seed % 2), &from)) return false;
  if (!live_understand(db->mem, generate_schema(db->mem, seed, 1, seed % 2), &to)) return false;
  if (show) printf("%.*s\n%.*s\n", STR_ARG(from.text), STR_ARG(to.text));
  return live_create(db, &from) && agrees(db, &from, true, "a second diff") && pulls_all(db, &from) &&
         migrates(db, &from, &to);
}

int main(int argc, char **argv)
{
  if (argc > 1 && !strcmp(argv[1], "--show")) show = true, argc--, argv++;
  if (argc != 3) return 2;
  uint64_t first = strtoull(argv[1], NULL, 10), count = strtoull(argv[2], NULL, 10);
  int status = 0;
  for (uint64_t seed = first; seed < first + count; seed++) {
    arena *mem = sc_arena_new_fatal(abort);
    connection db;
    migrate_report report = {0};
    if (connection_open(mem, str_from(getenv("DATABASE_URL")), &db, &report) != MIGRATE_DONE) return 3;
    bool passed = check(&db, seed);
    printf("%s extensions/%llu\n", passed ? "ok" : "not ok", (unsigned long long)seed);
    if (!passed) status = 1;
    connection_close(&db);
    sc_arena_free(mem);
  }
  return status;
}
