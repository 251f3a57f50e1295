#include "migrate/diagnose.h"

#include "migrate/inspect.h"
#include "migrate/lock.h"

static bool contains(const migrate_names *names, str name)
{
  for (size_t i = 0; i < names->len; i++)
    if (str_eq(names->items[i], name)) return true;
  return false;
}

static void compare_rows(arena *mem, diagnosis *out)
{
  for (size_t i = 0; i < out->rows.len; i++) {
    const history_row *row = &out->rows.items[i];
    if (row->rolled_back) continue;
    const folder_entry *entry = folder_find(&out->migrations, row->name);
    if (!row->finished) {
      bool goes_on =
          lock_enabled() && entry && !entry->missing && history_cut_off(&out->rows, row->name) == row;
      if (goes_on)
        vec_push(mem, &out->interrupted, row->name);
      else
        vec_push(mem, &out->failed, row->name);
      continue;
    }
    if (!entry)
      vec_push(mem, &out->missing, row->name);
    else if (entry->missing || !folder_checksum_matches(mem, entry->script, row->checksum))
      vec_push(mem, &out->edited, row->name);
  }
}

static void compare_folder(arena *mem, diagnosis *out)
{
  for (size_t i = 0; i < out->migrations.len; i++) {
    str name = out->migrations.items[i].name;
    if (history_applied(&out->rows, name))
      out->last_common = name;
    else if (!contains(&out->failed, name))
      vec_push(mem, &out->pending, name);
  }
}

migrate_status diagnose(const migrate_context *context, connection *db, diagnosis *out,
                        migrate_report *report)
{
  *out = (diagnosis){0};
  migrate_status status = folder_read(context, &out->migrations, report);
  if (status != MIGRATE_DONE) return status;
  if (history_read(db, &out->rows) != SC_OK) return connection_failed(context->mem, report);
  compare_rows(context->mem, out);
  compare_folder(context->mem, out);
  for (size_t i = 0; i < out->migrations.len; i++)
    vec_push(context->mem, &report->found, out->migrations.items[i].name);
  report->failed = out->failed;
  report->edited = out->edited;
  report->missing = out->missing;
  report->pending = out->pending;
  return MIGRATE_DONE;
}

void diagnose_count(const migrate_context *context, const diagnosis *found, buf *out)
{
  size_t count = found->migrations.len;
  if (count == 0)
    sc_buf_format(out, "No migration found in %.*s\n\n", STR_ARG(context->folder));
  else
    sc_buf_format(out, "%zu migration%s found in %.*s\n\n", count, count == 1 ? "" : "s",
                  STR_ARG(context->folder));
}

migrate_status diagnose_refuse_failed(arena *mem, const diagnosis *found, migrate_report *report)
{
  buf text = {.mem = mem};
  BUF_LIT(
      &text,
      "migrate found failed migrations in the target database, new migrations will not be applied. Read more "
      "about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n");
  for (size_t i = 0; i < found->rows.len; i++) {
    const history_row *row = &found->rows.items[i];
    if (row->finished || row->rolled_back) continue;
    sc_buf_format(&text, "The `%.*s` migration started at %.*s failed", STR_ARG(row->name),
                  STR_ARG(row->started_at));
    if (sc_str_trim(row->logs).len)
      sc_buf_format(&text, " with the following logs:\n%.*s", STR_ARG(sc_str_trim(row->logs)));
    buf_char(&text, '\n');
  }
  return report_refused(report, "P3009", sc_str_trim(buf_str(&text)));
}

/* A shadow schema as the one that it stands for. */
static const sql_schema *under_its_name(arena *mem, const sql_schema *found, str name)
{
  sql_schema *out = arena_new(mem, sql_schema);
  *out = *found;
  out->default_schema = out->current = name;
  out->namespaces = arena_new(mem, str);
  *out->namespaces = name;
  return out;
}

sc_status diagnose_inspect_schemas(connection *db, const str *schemas, size_t count, const sql_schema **out)
{
  inspect_options options = {.schemas = &db->place.schema, .schema_count = 1, .current = db->place.schema};
  if (count) {
    options.schemas = schemas;
    options.schema_count = count;
    options.qualified = true;
  }
  sc_status status = sql_inspect(db->session, &options, db->mem, out);
  if (status == SC_OK && db->stands_for.len) *out = under_its_name(db->mem, *out, db->stands_for);
  return status;
}

sc_status diagnose_inspect(const migrate_context *context, connection *db, const sql_schema **out)
{
  const dm_datasource *datasource = context->schema ? &context->schema->datasource : NULL;
  return diagnose_inspect_schemas(db, datasource ? datasource->schemas : NULL,
                                  datasource ? datasource->schema_count : 0, out);
}

bool diagnose_is_empty(const sql_schema *live)
{
  if (live->table_count || live->enum_count) return false;
  static const str harmless[] = {STR_INIT("function"),       STR_INIT("procedure"),  STR_INIT("aggregate"),
                                 STR_INIT("domain"),         STR_INIT("range type"), STR_INIT("composite type"),
                                 STR_INIT("collation"),      STR_INIT("text search configuration")};
  for (size_t i = 0; i < live->other_count; i++) {
    size_t at = 0, count = sizeof harmless / sizeof *harmless;
    while (at < count && !str_eq(live->others[i].kind, harmless[at])) at++;
    if (at == count) return false;
  }
  return true;
}
