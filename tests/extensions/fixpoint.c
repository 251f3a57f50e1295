/* Random schemas full of extensions (generate.h), each created in the database of DATABASE_URL:
 *   - a second diff finds nothing to do;
 *   - `db pull` says it in a schema that is valid and does not differ either, with and without a generator of Prisma's,
 *     and pulled over the schema it came from, and again, changes nothing more;
 *   - a migration to a variant of it leads to the catalog that the variant has when it is created.
 *
 *   fixpoint [--show] FIRST COUNT     one TAP line for each number; --show prints the two schemas as well */
#include "generate.h"

#include "fmt/fmt.h"
#include "migrate/diagnose.h"
#include "migrate/normalise.h"
#include "report/render.h"
#include "sql/raise.h"

#include <stdio.h>
#include <stdlib.h>

static bool show;

typedef struct schema schema;
struct schema {
  const ast_schema *ast;
  const dm_schema *model;
  str text;
};

/* ---- saying what went wrong ---- */

static bool complain(const char *what, str text)
{
  printf("# %s\n", what);
  for (size_t i = 0; i < text.len;) {
    str rest = str_slice(text, i, text.len);
    size_t end = sc_str_find_char(rest, '\n');
    if (end == SIZE_MAX) end = rest.len;
    printf("#   %.*s\n", (int)end, rest.ptr);
    i += end + 1;
  }
  return false;
}

/* The lines of `here` that `there` lacks. */
static void complain_lines(const char *what, str here, str there)
{
  while (here.len) {
    size_t end = sc_str_find_char(here, '\n');
    if (end == SIZE_MAX) end = here.len;
    str line = str_slice(here, 0, end);
    if (sc_str_find(there, line) == SIZE_MAX) complain(what, line);
    here = str_slice(here, end + 1, here.len);
  }
}

static bool complain_error(const char *what, str text)
{
  complain(what, str_from(sc_error_last()->message));
  return complain("in", text);
}

/* ---- the compiler's passes ---- */

static bool understand(arena *mem, str text, schema *out)
{
  source_set *sources = arena_new(mem, source_set);
  vec_push(mem, sources, (source){STR("schema.prisma"), text});
  diag_list *diags = diag_list_new(mem);
  out->text = text;
  out->ast = ast_parse(sources, mem, diags);
  out->model = dm_resolve(out->ast, &(dm_options){0}, mem, diags);
  if (!diags->errors) return true;
  buf report = {.mem = mem};
  render_prisma(diags, sources, &(render_options){0}, &report);
  complain("the schema is not valid", buf_str(&report));
  return complain("it is", text);
}

static bool inspect(connection *db, const schema *s, const sql_schema **out)
{
  migrate_context context = {.mem = db->mem, .schema = s->model};
  return diagnose_inspect(&context, db, out) == SC_OK || complain_error("inspection", STR_NONE);
}

/* The plan from what the database holds to the schema, the server's spelling taken into account. What the schema does
 * not say is dropped, as far as extensions have made it, or left to the hand that made it. */
static const sql_plan *plan_to(connection *db, const schema *to, bool all_ours)
{
  const sql_schema *live;
  if (!inspect(db, to, &live)) return NULL;
  sql_claims claims = sql_claims_of(live, db->mem);
  sql_diff_options options = {.claims = all_ours ? &claims : NULL};
  const sql_schema *wanted = sql_lower(to->model, db->mem);
  const sql_plan *plan = sql_diff(live, wanted, &options, db->mem);
  const sql_schema *spelt = normalise_schema(db, wanted, plan);
  return spelt == wanted ? plan : sql_diff(live, spelt, &options, db->mem);
}

static bool apply(connection *db, const sql_plan *plan)
{
  buf script = {.mem = db->mem};
  sql_render(plan, &script);
  return sc_script(db->session, sc_buf_c(&script), NULL) == SC_OK ||
         complain_error("the migration does not apply", buf_str(&script));
}

static bool agrees(connection *db, const schema *s, bool all_ours, const char *what)
{
  const sql_plan *plan = plan_to(db, s, all_ours);
  if (!plan) return false;
  if (plan->len == 0 && plan->kept_count == 0) return true;
  buf script = {.mem = db->mem};
  sql_render(plan, &script);
  for (size_t i = 0; i < plan->kept_count; i++)
    sc_buf_format(&script, "kept: %.*s %.*s\n", STR_ARG(plan->kept[i].kind), STR_ARG(plan->kept[i].name));
  complain(what, buf_str(&script));
  return complain("the schema is", s->text);
}

static bool create(connection *db, const schema *s)
{
  if (sc_script(db->session, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", NULL) != SC_OK) return false;
  return apply(db, sql_diff(NULL, sql_lower(s->model, db->mem), NULL, db->mem));
}

/* ---- the catalog as text ---- */

/* Without the order of columns, which no migration changes, and the names of checks, of which a schema may say nothing. */
static const char catalog[] =
    "SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
    "SELECT format('column %s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    "   a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) AS line FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    "   LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind = 'r' AND a.attnum > 0"
    "   AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace"
    " UNION ALL SELECT format('constraint %s.%s %s %s', conrelid::regclass, CASE WHEN contype <> 'c' THEN conname END,"
    "   pg_get_constraintdef(oid), convalidated)"
    "   FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT pg_get_indexdef(i.indexrelid) || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    "   WHERE c.relnamespace = 'public'::regnamespace"
    " UNION ALL SELECT format('comment %s %s %s', objoid::regclass, objsubid, description) FROM pg_description"
    "   WHERE classoid = 'pg_class'::regclass AND objoid IN (SELECT oid FROM pg_class WHERE relnamespace ="
    "   'public'::regnamespace) AND objsubid = 0"
    " UNION ALL SELECT format('comment %s.%s %s', objoid::regclass, attname, description) FROM pg_description"
    "   JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid WHERE classoid = 'pg_class'::regclass"
    "   AND objsubid > 0 AND objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    ") lines";

static str read_catalog(connection *db)
{
  sc_rows rows;
  if (sc_query(db->session, db->mem, &rows, catalog, SC_NO_ARGS) != SC_OK) {
    complain_error("catalog", STR_NONE);
    return STR_NONE;
  }
  return str_from(sc_rows_text(&rows, 0, 0));
}

/* ---- what is checked ---- */

/* What db pull makes of the database, formatted, with `before` as the schema of before. */
static bool pull(connection *db, const schema *before, schema *out)
{
  const sql_schema *live;
  if (!inspect(db, before, &live)) return false;
  const sql_raised *raised = sql_raise(live, before->model, before->ast, NULL, db->mem);
  buf text = {.mem = db->mem};
  diag_list *diags = diag_list_new(db->mem);
  const ast_schema *ast = ast_parse(&raised->sources, db->mem, diags);
  fmt_write(ast, 0, &text);
  return understand(db->mem, buf_str(&text), out);
}

/* What would be an argument of an attribute of Prisma's is not said to its tools, but left alone. */
static bool pulls(connection *db, const schema *before, bool says_all, const char *what)
{
  schema pulled, again;
  if (!pull(db, before, &pulled)) return complain(what, STR("db pull"));
  if (!agrees(db, &pulled, says_all, what)) return false;
  if (!pull(db, &pulled, &again)) return complain(what, STR("db pull again"));
  if (str_eq(pulled.text, again.text)) return true;
  complain(what, STR("pulled again it differs:"));
  complain("first", pulled.text);
  return complain("then", again.text);
}

static bool pulls_all(connection *db, const schema *from)
{
  static const char configuration[] = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
  static const char prismas[] = "generator client {\n  provider = \"prisma-client-js\"\n}\n";
  schema plain, prisma;
  str both = sc_str_format(db->mem, "%s\n%s", configuration, prismas);
  if (!understand(db->mem, str_from(configuration), &plain) || !understand(db->mem, both, &prisma)) return false;
  return pulls(db, &plain, true, "pulled") &&
         pulls(db, from, from->model->generator_count == 0, "pulled over its schema") &&
         pulls(db, &prisma, false, "pulled for Prisma's tools");
}

static bool migrates(connection *db, const schema *to)
{
  const sql_plan *plan = plan_to(db, to, true);
  if (!plan || !apply(db, plan) || !agrees(db, to, true, "after the migration")) return false;
  str migrated = read_catalog(db);
  if (!create(db, to)) return false;
  str created = read_catalog(db);
  if (str_eq(migrated, created)) return true;
  buf script = {.mem = db->mem};
  sql_render(plan, &script);
  complain_lines("only when migrated", migrated, created);
  complain_lines("only when created", created, migrated);
  return complain("by", buf_str(&script));
}

static bool check(connection *db, uint64_t seed)
{
  schema from, to;
  if (!understand(db->mem, generate_schema(db->mem, seed, 0, seed % 2), &from)) return false;
  if (!understand(db->mem, generate_schema(db->mem, seed, 1, seed % 2), &to)) return false;
  if (show) printf("%.*s\n%.*s\n", STR_ARG(from.text), STR_ARG(to.text));
  return create(db, &from) && agrees(db, &from, true, "a second diff") && pulls_all(db, &from) && migrates(db, &to);
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
