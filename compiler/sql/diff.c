/* The plan from one SQL schema to another. */
#include "sql/diff.h"

static const sql_schema nothing = {.default_schema = STR_INIT("public")};

sql_step *diff_step(differ *d, sql_step_kind kind, size_t first, size_t second, size_t third)
{
  vec_push(d->mem, &d->steps, (sql_step){.kind = kind, .order = {first, second, third}});
  return &vec_last(&d->steps);
}

void diff_keep(differ *d, const char *kind, str table, str name)
{
  vec_push(d->mem, &d->kept, (sql_other){.kind = str_from(kind), .table = table, .name = name});
}

bool diff_may_drop(const differ *d, str claim)
{
  return d->drop_extensions || (d->claims && sql_claims_have(d->claims, claim));
}

bool diff_namespace_same(const differ *d, str from, str to)
{
  return sql_namespace_same(d->from, from, d->to, to);
}

/* ---- schemas and extensions ---- */

static bool has_namespace(const sql_schema *schema, str name)
{
  for (size_t i = 0; i < schema->namespace_count; i++)
    if (str_eq(schema->namespaces[i], name)) return true;
  return false;
}

/* Prisma makes the default schema when a data model that did not say it begins to list it, even where nothing
 * stands in it. */
static bool begins_to_list_default(const differ *d)
{
  bool unsaid = d->from->namespace_count == 0 && (d->from->table_count || d->from->enum_count);
  return unsaid && !d->from->inspected && d->to->lists_default;
}

static void diff_namespaces(differ *d)
{
  if (begins_to_list_default(d) && !has_namespace(d->to, d->to->default_schema)) {
    size_t at = 0;
    while (at < d->to->namespace_count && sc_str_cmp(d->to->namespaces[at], d->to->default_schema) < 0) at++;
    diff_step(d, SQL_CREATE_SCHEMA, at, 0, 0)->name = d->to->default_schema;
  }
  bool unsaid = d->from->lists_default || (d->to->inspected && !d->in_full);
  bool from_model = unsaid && !d->from->inspected;
  for (size_t i = 0; i < d->to->namespace_count; i++)
    if (!has_namespace(d->from, d->to->namespaces[i]) &&
        !(from_model && str_eq(d->to->namespaces[i], d->to->default_schema))) /* a model is in it unsaid */
      diff_step(d, SQL_CREATE_SCHEMA, i, 1, 0)->name = d->to->namespaces[i];
}

/* A database that is as the data model says: that this one leaves the default schema unsaid is no difference. */
static bool only_says_default(const differ *d)
{
  return d->in_full && d->steps.len == 1 && d->steps.items[0].kind == SQL_CREATE_SCHEMA &&
         begins_to_list_default(d) && str_eq(d->steps.items[0].name, d->to->default_schema);
}

static const sql_extension *find_extension(const sql_schema *schema, str name)
{
  for (size_t i = 0; i < schema->extension_count; i++)
    if (str_eq(schema->extensions[i].name, name)) return &schema->extensions[i];
  return NULL;
}

static void alter_extension(differ *d, const sql_extension *from, const sql_extension *to, size_t at)
{
  bool version = to->version.len && !str_eq(to->version, from->version);
  bool schema = to->schema.len && !str_eq(to->schema, from->schema);
  if (!version && !schema) return;
  if (from->relocatable) {
    sql_step *step = diff_step(d, SQL_ALTER_EXTENSION, at, 0, 0);
    step->from_extension = from;
    step->to_extension = to;
    return;
  }
  diff_step(d, SQL_DROP_EXTENSION, at, 0, 0)->from_extension = from;
  diff_step(d, SQL_CREATE_EXTENSION, at, 0, 0)->to_extension = to;
}

/* An extension that the schema no longer names stays: others may use it. A database has plpgsql of itself,
 * and a version and a schema of each, which a data model need not say. */
static void diff_extensions(differ *d)
{
  /* Of two databases one may have what an administrator put into it; no model asks for that. */
  if (d->prisma_only && d->from->inspected && d->to->inspected) return;
  bool from_model = d->to->inspected && !d->from->inspected;
  for (size_t i = 0; i < d->to->extension_count; i++) {
    const sql_extension *to = &d->to->extensions[i], *from = find_extension(d->from, to->name);
    if (from_model && (from || str_eq(to->name, STR("plpgsql")))) continue;
    if (from)
      alter_extension(d, from, to, i);
    else
      diff_step(d, SQL_CREATE_EXTENSION, i, 0, 0)->to_extension = to;
  }
}

/* ---- tables ---- */

const sql_table *diff_counterpart(const differ *d, const sql_table *table, bool in_to)
{
  const sql_schema *here = in_to ? d->from : d->to, *there = in_to ? d->to : d->from;
  for (size_t i = 0; i < there->table_count; i++)
    if (str_eq(there->tables[i].name, table->name) &&
        sql_namespace_same(here, table->schema, there, there->tables[i].schema))
      return &there->tables[i];
  return NULL;
}

static void create_table(differ *d, const sql_table *to, size_t at)
{
  diff_step(d, SQL_CREATE_TABLE, at, 0, 0)->to_table = to;
  diff_new_indexes(d, to, at);
  for (size_t i = 0; i < to->foreign_key_count; i++) {
    sql_step *step = diff_step(d, SQL_ADD_FOREIGN_KEY, at, i, 0);
    step->to_table = to;
    step->to_key = &to->foreign_keys[i];
  }
  diff_comments(d, NULL, to, at);
}

static void drop_table(differ *d, const sql_table *from, size_t at)
{
  diff_step(d, SQL_DROP_TABLE, at, 0, 0)->from_table = from;
  for (size_t i = 0; i < from->foreign_key_count; i++) {
    sql_step *step = diff_step(d, SQL_DROP_FOREIGN_KEY, at, i, 0);
    step->from_table = from;
    step->from_key = &from->foreign_keys[i];
  }
}

static void diff_tables(differ *d)
{
  for (size_t i = 0; i < d->to->table_count; i++)
    if (!diff_counterpart(d, &d->to->tables[i], false)) create_table(d, &d->to->tables[i], i);
  for (size_t i = 0; i < d->from->table_count; i++) {
    const sql_table *from = &d->from->tables[i], *to = diff_counterpart(d, from, true);
    if (!to) {
      drop_table(d, from, i);
      continue;
    }
    table_pair pair = {.from = from, .to = to, .from_at = i, .to_at = (size_t)(to - d->to->tables)};
    diff_columns_and_keys(d, &pair);
    diff_indexes(d, &pair);
    diff_foreign_keys(d, &pair);
    diff_comments(d, from, to, pair.to_at);
  }
}

const sql_plan *sql_diff(const sql_schema *from, const sql_schema *to, const sql_diff_options *options,
                         arena *mem)
{
  differ d = {.mem = mem, .from = from ? from : &nothing, .to = to};
  d.drop_extensions = !d.from->inspected || (options && options->drop_extensions);
  d.prisma_only = options && options->prisma_only;
  d.in_full = options && options->in_full;
  d.reverts = options ? options->reverts : NULL;
  d.claims = options ? options->claims : NULL;
  sql_renames renames = diff_renames(&d, options ? options->renames : NULL);
  diff_namespaces(&d);
  diff_extensions(&d);
  diff_tables(&d);
  diff_enums(&d);
  diff_order(&d);
  if (only_says_default(&d)) d.steps.len = 0;

  sql_plan *plan = arena_new(mem, sql_plan);
  *plan = (sql_plan){.origin = from ? from : &nothing, .from = d.from, .to = to, .renames = renames};
  plan->in_full = d.in_full;
  plan->steps = d.steps.items;
  plan->len = d.steps.len;
  plan->kept = d.kept.items;
  plan->kept_count = d.kept.len;
  return plan;
}
