/* The online form of every migration of tests/diff leads to the catalog to which the plain form leads.
 *
 *   same FOLDER…     each with from.prisma and to.prisma, on the database of DATABASE_URL; one TAP line for each */
#include "sql/online.h"
#include "support/live.h"

#include <stdio.h>
#include <stdlib.h>

static str read_all(arena *mem, const char *folder, const char *name)
{
  buf text = {.mem = mem};
  char piece[4096];
  FILE *file = fopen(sc_str_c(mem, sc_str_format(mem, "%s/%s", folder, name)), "rb");
  if (!file) return STR_NONE;
  for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) sc_buf_add(&text, (str){piece, len});
  fclose(file);
  return buf_str(&text);
}

/* Where `from` leads with one of the two forms, or nothing. */
static str arrive(connection *db, const live_schema *from, const live_schema *to, bool online, str *script)
{
  buf text = {.mem = db->mem};
  const sql_plan *plan = live_create(db, from) ? live_plan(db, to, true) : NULL;
  if (!plan) return STR_NONE;
  if (online)
    sql_render_online(plan, &text);
  else
    sql_render(plan, &text);
  *script = buf_str(&text);
  sc_buf_c(&text);
  if (online ? !live_apply_script(db, *script) : !live_apply(db, plan)) return STR_NONE;
  plan = live_plan(db, to, true);
  if (plan->len) live_complain("a second difference", *script);
  return plan->len ? STR_NONE : live_catalog(db);
}

static bool check(connection *db, const char *folder)
{
  live_schema from, to;
  str before = read_all(db->mem, folder, "from.prisma"), script;
  bool empty = !sc_str_trim(before).len;
  if (!empty && !live_understand(db->mem, before, &from)) return false;
  if (!live_understand(db->mem, read_all(db->mem, folder, "to.prisma"), &to)) return false;
  str plain = arrive(db, empty ? NULL : &from, &to, false, &script);
  str online = arrive(db, empty ? NULL : &from, &to, true, &script);
  if (plain.len && str_eq(plain, online)) return true;
  live_complain_lines("only when plain", plain, online);
  live_complain_lines("only when online", online, plain);
  return live_complain("by", script);
}

int main(int argc, char **argv)
{
  int status = 0;
  for (int i = 1; i < argc; i++) {
    arena *mem = sc_arena_new_fatal(abort);
    connection db;
    migrate_report report = {0};
    if (connection_open(mem, str_from(getenv("DATABASE_URL")), &db, &report) != MIGRATE_DONE) return 3;
    bool passed = check(&db, argv[i]);
    const char *name = strrchr(argv[i], '/');
    printf("%s online/%s\n", passed ? "ok" : "not ok", name ? name + 1 : argv[i]);
    if (!passed) status = 1;
    connection_close(&db);
    sc_arena_free(mem);
  }
  return status;
}
