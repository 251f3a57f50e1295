/* The queries that read the catalog (PostgreSQL manual, "System Catalogs"). $1 is a text[] of schema names.
 * The first column of what is read for a table is the table's place in the list of tables. */
#ifndef MIGRATE_CATALOG_H
#define MIGRATE_CATALOG_H

/* Not of an extension: those come and go with it. */
#define CATALOG_OWN(oid, class)                                                                              \
  "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" class "'::regclass AND e.objid = " oid           \
                                                                  " AND e.deptype = 'e')"

#define CATALOG_TABLES                                                                                       \
  "WITH t AS (SELECT c.oid, n.nspname, c.relname, row_number() OVER (ORDER BY n.nspname, c.relname) - 1 AS " \
  "at"                                                                                                       \
  " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"                                           \
  " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'"            \
  " AND n.nspname::text = ANY($1::text[]) AND " CATALOG_OWN("c.oid", "pg_class") ") "

static const char catalog_tables[] =
    CATALOG_TABLES "SELECT at, nspname, relname, obj_description(oid, 'pg_class') FROM t ORDER BY at";

/* Views, as tables are read, in the order in which they were made. */
#define CATALOG_VIEWS                                                                                        \
  "WITH t AS (SELECT c.oid, n.nspname, c.relname, row_number() OVER (ORDER BY c.oid) - 1 AS at"              \
  " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"                                           \
  " WHERE c.relkind = 'v' AND n.nspname::text = ANY($1::text[]) AND " CATALOG_OWN("c.oid", "pg_class") ") "

static const char catalog_views[] = CATALOG_VIEWS "SELECT at, nspname, relname, '' FROM t ORDER BY at";

#define CATALOG_COLUMNS                                                                                        \
    "SELECT t.at, a.attname, ty.typname, tn.nspname, ty.typtype, ty.oid <> a.atttypid, a.atttypmod, "          \
    "a.attnotnull,"                                                                                            \
    " a.attidentity <> '', a.attgenerated <> '', pg_get_expr(d.adbin, d.adrelid), col_description(t.oid, "     \
    "a.attnum),"                                                                                               \
    " format_type(ty.oid, a.atttypmod), s.relname"                                                             \
    " FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped"                \
    " JOIN pg_type w ON w.oid = a.atttypid"                                                                    \
    " JOIN pg_type ty ON ty.oid = CASE WHEN w.typcategory = 'A' AND w.typelem <> 0 THEN w.typelem ELSE w.oid " \
    "END"                                                                                                      \
    " JOIN pg_namespace tn ON tn.oid = ty.typnamespace"                                                        \
    " LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum"                                      \
    " LEFT JOIN (SELECT p.refobjid, p.refobjsubid, min(q.relname::text) AS relname FROM pg_depend p"           \
    "   JOIN pg_class q ON q.oid = p.objid AND q.relkind = 'S' WHERE p.classid = 'pg_class'::regclass"         \
    "   AND p.refclassid = 'pg_class'::regclass AND p.deptype IN ('a', 'i') GROUP BY 1, 2) s"                  \
    "   ON s.refobjid = t.oid AND s.refobjsubid = a.attnum"                                                    \
    " ORDER BY t.at, a.attnum"

static const char catalog_columns[] = CATALOG_TABLES CATALOG_COLUMNS;
static const char catalog_view_columns[] = CATALOG_VIEWS CATALOG_COLUMNS;

/* One row for each column of an index. indnullsnotdistinct is PostgreSQL 15's. */
static const char catalog_indexes[] = CATALOG_TABLES
    "SELECT t.at, c.relname, i.indisunique, i.indisprimary, am.amname, a.attname,"
    " CASE WHEN i.indkey[k.n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, k.n, false) END, i.indoption[k.n - "
    "1],"
    " o.opcname, o.opcdefault, k.n > i.indnkeyatts, pg_get_expr(i.indpred, i.indrelid),"
    " COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),"
    " lower(array_to_string(c.reloptions, ',')),"
    " con.oid IS NOT NULL, con.condeferrable, con.condeferred"
    " FROM t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_am am ON am.oid = c.relam CROSS JOIN LATERAL generate_series(1, i.indnatts) k (n)"
    " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[k.n - 1] AND a.attnum <> 0"
    " LEFT JOIN pg_opclass o ON o.oid = i.indclass[k.n - 1]"
    " LEFT JOIN pg_constraint con ON con.conindid = c.oid AND con.conrelid = t.oid AND con.contype IN ('p', "
    "'u')"
    " WHERE NOT i.indisexclusion AND i.indislive AND am.amname IN ('btree', 'hash', 'gin', 'gist', 'spgist', "
    "'brin')"
    " ORDER BY t.at, c.relname, k.n";

/* One row for each pair of columns. */
static const char catalog_foreign_keys[] = CATALOG_TABLES
    "SELECT t.at, con.conname, a.attname, ra.attname, rn.nspname, r.relname, con.confdeltype, "
    "con.confupdtype,"
    " con.condeferrable, con.condeferred"
    " FROM t JOIN pg_constraint con ON con.conrelid = t.oid AND con.contype = 'f' AND con.conparentid = 0"
    " JOIN pg_class r ON r.oid = con.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace"
    " CROSS JOIN LATERAL unnest(con.conkey, con.confkey) WITH ORDINALITY k (col, ref, n)"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.col"
    " JOIN pg_attribute ra ON ra.attrelid = r.oid AND ra.attnum = k.ref"
    " ORDER BY t.at, con.conname, k.n";

static const char catalog_checks[] =
    CATALOG_TABLES "SELECT t.at, con.conname, pg_get_expr(con.conbin, con.conrelid)"
                   " FROM t JOIN pg_constraint con ON con.conrelid = t.oid AND con.contype = 'c'"
                   " ORDER BY t.at, con.conname";

static const char catalog_enums[] =
    "SELECT n.nspname, ty.typname, e.enumlabel, obj_description(ty.oid, 'pg_type') FROM pg_type ty JOIN pg_namespace n ON n.oid = ty.typnamespace"
    " JOIN pg_enum e ON e.enumtypid = ty.oid"
    " WHERE n.nspname::text = ANY($1::text[]) AND " CATALOG_OWN(
        "ty.oid", "pg_type") " ORDER BY n.nspname, ty.typname, e.enumsortorder";

static const char catalog_extensions[] =
    "SELECT e.extname, n.nspname, e.extversion, e.extrelocatable FROM pg_extension e"
    " JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.extname";

static const char catalog_namespaces[] =
    "SELECT nspname FROM pg_namespace WHERE nspname::text = ANY($1::text[]) ORDER BY nspname";

/* What the schema language has no word for. */
static const char catalog_others[] = CATALOG_TABLES
    "SELECT * FROM (SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'"
    "   WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'partition' END AS kind, '' AS on_table,"
    "   c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "   WHERE (c.relkind IN ('v', 'm', 'f') OR (c.relkind IN ('r', 'p') AND c.relispartition) OR (c.relkind "
    "= 'S'"
    "     AND NOT EXISTS (SELECT FROM pg_depend s WHERE s.classid = 'pg_class'::regclass AND s.objid = c.oid"
    "     AND s.deptype IN ('a', 'i')))) AND n.nspname::text = ANY($1::text[])"
    "   AND " CATALOG_OWN(
        "c.oid",
        "pg_class") " UNION ALL SELECT 'trigger', t.relname::text, g.tgname::text FROM t JOIN pg_trigger g "
                    "ON g.tgrelid = t.oid"
                    "   AND NOT g.tgisinternal"
                    " UNION ALL SELECT 'policy', t.relname::text, p.polname::text FROM t JOIN pg_policy p ON "
                    "p.polrelid = t.oid"
                    " UNION ALL SELECT 'exclusion constraint', t.relname::text, x.conname::text FROM t"
                    "   JOIN pg_constraint x ON x.conrelid = t.oid AND x.contype = 'x'"
                    " UNION ALL SELECT k.kind, t.relname::text, k.kind FROM t JOIN pg_class c ON c.oid = t.oid CROSS JOIN LATERAL (VALUES"
    "   ('row level security', c.relrowsecurity), ('partitioned table', c.relkind = 'p'), ('inherited table',"
    "   c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid))) k (kind, applies) WHERE k.applies"
    " UNION ALL SELECT 'rule', t.relname::text, w.rulename::text FROM t JOIN pg_rewrite w ON w.ev_class = t.oid"
    " UNION ALL SELECT 'statistics', t.relname::text, x.stxname::text FROM t JOIN pg_statistic_ext x ON x.stxrelid = t.oid"
    " UNION ALL SELECT 'index', t.relname::text, c.relname::text FROM t JOIN pg_index i ON i.indrelid = t.oid"
    "   JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam"
    "   WHERE am.amname NOT IN ('btree', 'hash', 'gin', 'gist', 'spgist', 'brin')"
    " UNION ALL SELECT CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, '',"
    "   f.proname::text FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace"
    "   WHERE n.nspname::text = ANY($1::text[]) AND " CATALOG_OWN("f.oid", "pg_proc")
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid"
    "   AND d.deptype = 'i')" /* a range type's own */
    " UNION ALL SELECT CASE y.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'composite type' END, '',"
    "   y.typname::text FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace LEFT JOIN pg_class c"
    "   ON c.oid = y.typrelid WHERE (y.typtype IN ('d', 'r') OR c.relkind = 'c') AND n.nspname::text = ANY($1::text[])"
    "   AND " CATALOG_OWN("y.oid", "pg_type")
    " UNION ALL SELECT 'collation', '', o.collname::text FROM pg_collation o JOIN pg_namespace n"
    "   ON n.oid = o.collnamespace WHERE n.nspname::text = ANY($1::text[])"
    " UNION ALL SELECT 'text search configuration', '', o.cfgname::text FROM pg_ts_config o JOIN pg_namespace n"
    "   ON n.oid = o.cfgnamespace WHERE n.nspname::text = ANY($1::text[])"
    ") o ORDER BY kind COLLATE \"C\", on_table COLLATE \"C\", name COLLATE \"C\"";

#endif
