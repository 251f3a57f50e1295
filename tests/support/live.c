#include "support/live.h"

#include "migrate/diagnose.h"
#include "migrate/normalise.h"
#include "report/render.h"
#include "sql/lex.h"

#include <stdio.h>

/* ---- saying what went wrong ---- */

bool live_complain(const char *what, str text)
{
  printf("# %s\n", what);
  while (text.len) {
    size_t end = sc_str_find_char(text, '\n');
    if (end == SIZE_MAX) end = text.len;
    printf("#   %.*s\n", (int)end, text.ptr);
    text = end < text.len ? str_slice(text, end + 1, text.len) : STR_NONE;
  }
  return false;
}

bool live_complain_error(const char *what, str text)
{
  live_complain(what, str_from(sc_error_last()->message));
  return live_complain("in", text);
}

void live_complain_lines(const char *what, str here, str there)
{
  while (here.len) {
    size_t end = sc_str_find_char(here, '\n');
    if (end == SIZE_MAX) end = here.len;
    str line = str_slice(here, 0, end);
    if (sc_str_find(there, line) == SIZE_MAX) live_complain(what, line);
    here = end < here.len ? str_slice(here, end + 1, here.len) : STR_NONE;
  }
}

/* ---- the compiler's passes ---- */

bool live_understand(arena *mem, str text, live_schema *out)
{
  static const char datasource[] =
      "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\n";
  source_set *sources = arena_new(mem, source_set);
  if (sc_str_find(text, STR("datasource ")) == SIZE_MAX)
    text = sc_str_format(mem, "%s%.*s", datasource, STR_ARG(text));
  vec_push(mem, sources, (source){STR("schema.prisma"), text});
  diag_list *diags = diag_list_new(mem);
  out->text = text;
  out->ast = ast_parse(sources, mem, diags);
  out->model = dm_resolve(out->ast, &(dm_options){0}, mem, diags);
  if (!diags->errors) return true;
  buf report = {.mem = mem};
  render_prisma(diags, sources, &(render_options){0}, &report);
  live_complain("the schema is not valid", buf_str(&report));
  return live_complain("it is", text);
}

bool live_inspect(connection *db, const live_schema *s, const sql_schema **out)
{
  migrate_context context = {.mem = db->mem, .schema = s->model};
  return diagnose_inspect(&context, db, out) == SC_OK || live_complain_error("inspection", STR_NONE);
}

const sql_plan *live_plan(connection *db, const live_schema *to, bool all_ours)
{
  const sql_schema *live;
  if (!live_inspect(db, to, &live)) return NULL;
  sql_claims claims = sql_claims_of(live, db->mem);
  sql_diff_options options = {.claims = all_ours ? &claims : NULL};
  const sql_schema *wanted = sql_lower(to->model, db->mem);
  const sql_plan *plan = sql_diff(live, wanted, &options, db->mem);
  const sql_schema *spelt = normalise_schema(db, wanted, plan);
  return spelt == wanted ? plan : sql_diff(live, spelt, &options, db->mem);
}

/* ---- the database ---- */

bool live_wipe(connection *db)
{
  static const char wipe[] =
      "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'"
      " AND nspname <> 'information_schema' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END $$;"
      "CREATE SCHEMA public; SET search_path = public; SET client_min_messages = warning;"
      "CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS pg_trgm";
  return sc_script(db->session, wipe, NULL) == SC_OK || live_complain_error("wiping", str_from(wipe));
}

bool live_apply(connection *db, const sql_plan *plan)
{
  buf script = {.mem = db->mem};
  sql_render(plan, &script);
  return sc_script(db->session, sc_buf_c(&script), NULL) == SC_OK ||
         live_complain_error("the migration does not apply", buf_str(&script));
}

bool live_apply_script(connection *db, str text)
{
  const sql_script *script = sql_lex(text, db->mem);
  for (size_t i = 0; i < script->statements.len; i++) {
    str statement = sql_statement_text(script, &script->statements.items[i]);
    if (sc_script(db->session, sc_str_c(db->mem, statement), NULL) != SC_OK) {
      live_complain_error("a statement does not apply", statement);
      return live_complain("of", text);
    }
  }
  return true;
}

bool live_create(connection *db, const live_schema *s)
{
  if (!live_wipe(db)) return false;
  return !s || live_apply(db, sql_diff(NULL, sql_lower(s->model, db->mem), NULL, db->mem));
}

static const char catalog[] =
    "SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
    "SELECT format('column %s.%s.%s %s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
    "   a.attnotnull, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) AS line FROM pg_class c"
    "   JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    "   LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    "   WHERE c.relkind IN ('r', 'p', 'S') AND a.attnum > 0 AND NOT a.attisdropped"
    " UNION ALL SELECT format('constraint %s.%s %s %s', conrelid::regclass, CASE WHEN contype <> 'c' THEN conname END,"
    "   pg_get_constraintdef(oid), convalidated) FROM pg_constraint n"
    " UNION ALL SELECT pg_get_indexdef(n.indexrelid) || n.indisvalid FROM pg_index n"
    " UNION ALL SELECT format('enum %s %s', n.enumtypid::regtype, string_agg(n.enumlabel, ',' ORDER BY n.enumsortorder))"
    "   FROM pg_enum n GROUP BY n.enumtypid"
    " UNION ALL SELECT format('comment %s.%s %s', objoid::regclass, attname, description) FROM pg_description n"
    "   LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND objsubid > 0"
    "   WHERE n.classoid = 'pg_class'::regclass"
    " UNION ALL SELECT format('comment %s %s', objoid::regtype, description) FROM pg_description n"
    "   WHERE n.classoid = 'pg_type'::regclass"
    " UNION ALL SELECT format('%s %s.%s', c.relkind, n.nspname, c.relname) FROM pg_class c"
    "   JOIN pg_namespace n ON n.oid = c.relnamespace"
    " UNION ALL SELECT format('schema %s', n.nspname) FROM pg_namespace n"
    ") lines WHERE line !~ '(pg_catalog|information_schema|pg_toast|pg_temp_|^comment -|pg_[a-z_]*_index)'";

str live_catalog(connection *db)
{
  sc_rows rows;
  if (sc_query(db->session, db->mem, &rows, catalog, SC_NO_ARGS) != SC_OK) {
    live_complain_error("catalog", str_from(catalog));
    return STR_NONE;
  }
  const char *text = sc_rows_text(&rows, 0, 0);
  return text ? str_from(text) : STR_NONE;
}
