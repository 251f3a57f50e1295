/* Whether a schema says what a database holds: prints the migration from the one to the other when there is
 * any. DATABASE_URL=… agree SCHEMA     exit status 0: they agree; 1: they do not; 2: the schema is not valid
 */
#include "migrate/diagnose.h"
#include "migrate/normalise.h"
#include "report/render.h"

#include <stdio.h>
#include <stdlib.h>

static str read_all(arena *mem, const char *path)
{
  buf text = {.mem = mem};
  char piece[4096];
  FILE *file = fopen(path, "rb");
  if (!file) exit(2);
  for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) sc_buf_add(&text, (str){piece, len});
  fclose(file);
  return buf_str(&text);
}

static const dm_schema *understand(arena *mem, const char *path)
{
  source file = {.path = str_from(path), .text = read_all(mem, path)};
  source_set *sources = arena_new(mem, source_set);
  vec_push(mem, sources, file);
  diag_list *diags = diag_list_new(mem);
  const dm_schema *model = dm_resolve(ast_parse(sources, mem, diags), &(dm_options){0}, mem, diags);
  buf text = {.mem = mem};
  render_prisma(diags, sources, &(render_options){0}, &text);
  if (diags->errors) printf("%.*s\n", STR_ARG(buf_str(&text)));
  return model;
}

static int compare(arena *mem, const dm_schema *model)
{
  migrate_report report = {0};
  migrate_context context = {.mem = mem, .schema = model, .url = str_from(getenv("DATABASE_URL"))};
  connection db;
  const sql_schema *live;
  if (connection_open(mem, context.url, &db, &report) != MIGRATE_DONE) return 2;
  int status = 2;
  if (diagnose_inspect(&context, &db, &live) == SC_OK) {
    const sql_schema *wanted = sql_lower(model, mem);
    const sql_plan *plan = sql_diff(live, wanted, NULL, mem);
    const sql_schema *spelt = normalise_schema(&db, wanted, plan);
    if (spelt != wanted) plan = sql_diff(live, spelt, NULL, mem);
    buf script = {.mem = mem};
    sql_render(plan, &script);
    status = plan->len > 0;
    if (status) printf("%.*s\n", STR_ARG(buf_str(&script)));
  }
  connection_close(&db);
  return status;
}

int main(int argc, char **argv)
{
  arena *mem = sc_arena_new_fatal(abort);
  const dm_schema *model = argc == 2 ? understand(mem, argv[1]) : NULL;
  int status = model ? compare(mem, model) : 2;
  sc_arena_free(mem);
  return status;
}
