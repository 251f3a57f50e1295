#include "migrate/fingerprint.h"

/* The parts of one query, each of which gives lines. `n` is the schema of each thing; what belongs to an
 * extension is its. */
#define OURS                                                                                                 \
  "CASE WHEN $1::boolean THEN n.nspname = current_schema()"                                                  \
  " ELSE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^_schemac' END"
#define OF_EXTENSION(catalog, oid)                                                                           \
  "EXISTS (SELECT FROM pg_depend x WHERE x.classid = '" catalog "'::regclass AND x.objid = " oid             \
  " AND x.deptype = 'e')"
#define TABLES                                                                                               \
  "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND " OURS                                       \
  " AND c.relname <> '_prisma_migrations' AND NOT " OF_EXTENSION("pg_class", "c.oid")

static const char *const parts[] = {
    /* relations */
    "SELECT format('%s %I.%I %s', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE "
    "'table' "
    "END, n.nspname, c.relname, concat_ws(' ', c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,"
    " c.relreplident, c.relacl, c.reloptions, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),"
    " CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, obj_description(c.oid, 'pg_class'))) "
    " FROM " TABLES " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')",
    /* columns */
    "SELECT format('column %I.%I.%I %s', n.nspname, c.relname, a.attname, concat_ws(' ',"
    " format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END, a.attidentity,"
    " a.attgenerated, pg_get_expr(d.adbin, d.adrelid), nullif(a.attcollation, t.typcollation)::regcollation,"
    " a.attacl, col_description(c.oid, a.attnum)))"
    " FROM " TABLES " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')",
    /* constraints */
    "SELECT format('constraint %I on %I.%I %s %s', k.conname, n.nspname, c.relname,"
    " pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint'))"
    " FROM " TABLES " JOIN pg_constraint k ON k.conrelid = c.oid",
    /* indexes */
    "SELECT format('index %s %s %s', pg_get_indexdef(i.indexrelid), CASE WHEN i.indisvalid THEN 'valid' "
    "ELSE 'invalid' END, obj_description(i.indexrelid, 'pg_class'))"
    " FROM " TABLES " JOIN pg_index i ON i.indrelid = c.oid",
    /* sequences */
    "SELECT format('sequence %I.%I %s', n.nspname, c.relname, concat_ws(' ', s.seqtypid::regtype, s.seqstart,"
    " s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, (SELECT d.refobjid::regclass || '.' || "
    "a.attname"
    " FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
    " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i'))))"
    " FROM " TABLES " JOIN pg_sequence s ON s.seqrelid = c.oid",
    /* triggers, rules, policies, statistics */
    "SELECT format('trigger on %I.%I %s %s', n.nspname, c.relname, pg_get_triggerdef(g.oid), g.tgenabled)"
    " FROM " TABLES " JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal",
    "SELECT format('rule on %I.%I %s', n.nspname, c.relname, pg_get_ruledef(r.oid))"
    " FROM " TABLES " JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'",
    "SELECT format('policy %I on %I.%I %s', p.polname, n.nspname, c.relname, concat_ws(' ', p.polcmd,"
    " p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, "
    "c.oid)))"
    " FROM " TABLES " JOIN pg_policy p ON p.polrelid = c.oid",
    "SELECT pg_get_statisticsobjdef(s.oid) FROM " TABLES " JOIN pg_statistic_ext s ON s.stxrelid = c.oid",
    /* types */
    "SELECT format('type %I.%I %s', n.nspname, t.typname, concat_ws(' ', t.typtype,"
    " (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e"
    " WHERE e.enumtypid = t.oid), nullif(t.typbasetype, 0)::regtype, CASE WHEN t.typnotnull THEN 'not null' "
    "END,"
    " t.typdefault, (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ', ' ORDER BY "
    "k.conname)"
    " FROM pg_constraint k WHERE k.contypid = t.oid), t.typacl, obj_description(t.oid, 'pg_type')))"
    " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND " OURS
    " WHERE t.typtype IN ('e', 'd', 'r')"
    " AND NOT " OF_EXTENSION("pg_type", "t.oid"),
    /* functions */
    "SELECT format('function %s %s', pg_get_functiondef(p.oid), p.proacl)"
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND " OURS
    " WHERE p.prokind IN ('f', 'p') AND NOT " OF_EXTENSION("pg_proc", "p.oid")};

static const char *whole_query(arena *mem)
{
  buf out = {.mem = mem};
  BUF_LIT(&out, "SELECT line COLLATE \"C\" FROM (");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    sc_buf_format(&out, "%s%s", i ? " UNION ALL " : "", parts[i]);
  BUF_LIT(&out, ") lines (line) ORDER BY 1");
  return sc_buf_c(&out);
}

sc_status fingerprint_take(shadow *s, fingerprint *out)
{
  connection *db = &s->db;
  sc_rows rows;
  *out = (fingerprint){0};
  sc_status status = connection_use_schema(db);
  if (status == SC_OK)
    status = sc_query(db->session, db->mem, &rows, whole_query(db->mem), SC_ARGS(SC_BOOLEAN(s->within)));
  if (status != SC_OK) return status;
  out->lines = arena_array(db->mem, str, rows.len);
  out->len = rows.len;
  for (size_t i = 0; i < rows.len; i++) out->lines[i] = str_from(sc_rows_text(&rows, i, 0));
  return SC_OK;
}

bool fingerprint_same(arena *mem, const fingerprint *before, const fingerprint *now, str *difference)
{
  size_t i = 0;
  while (i < before->len && i < now->len && str_eq(before->lines[i], now->lines[i])) i++;
  if (i == before->len && i == now->len) return true;
  bool gone = i == now->len || (i < before->len && sc_str_cmp(before->lines[i], now->lines[i]) < 0);
  str line = sc_str_trim(gone ? before->lines[i] : now->lines[i]);
  buf text = {.mem = mem};
  buf_add(&text, gone ? STR("- ") : STR("+ "));
  for (size_t j = 0; j < line.len; j++) buf_char(&text, line.ptr[j] == '\n' ? ' ' : line.ptr[j]);
  *difference = buf_str(&text);
  return false;
}
