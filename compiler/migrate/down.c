#include "migrate/down.h"

#include "base/vec.h"
#include "migrate/diagnose.h"
#include "sql/revert.h"

typedef struct proof proof;
struct proof {
  const migrate_context *context;
  shadow *shadow;
  arena *mem;
  const sql_plan *plan;
  str up;
  const fingerprint *before;
  fingerprint after;
};

migrate_names down_losses(arena *mem, str script)
{
  migrate_names losses = {0};
  while (script.len) {
    size_t end = sc_str_find_char(script, '\n');
    str line = sc_str_trim(str_slice(script, 0, end));
    script = end == SIZE_MAX ? STR_NONE : str_slice(script, end + 1, script.len);
    if (str_starts(line, STR(SQL_LOSES)))
      vec_push(mem, &losses, str_slice(line, sizeof SQL_LOSES - 1, line.len));
  }
  return losses;
}

static str last_error(arena *mem)
{
  const sc_error *error = sc_error_last();
  buf text = {.mem = mem};
  sc_buf_format(&text, "ERROR: %s", error->message);
  if (error->detail && *error->detail) sc_buf_format(&text, "\nDETAIL: %s", error->detail);
  if (error->hint && *error->hint) sc_buf_format(&text, "\nHINT: %s", error->hint);
  return buf_str(&text);
}

/* A savepoint where the session is in a transaction: what fails leaves nothing. */
sc_status down_run(connection *db, str script, str id, str *failure)
{
  sc_db *session = db->session;
  sc_status status = sc_begin(session, &(sc_tx_options){.timeout_ms = -1}, &db->session);
  if (status == SC_OK) {
    status = connection_use_schema(db);
    if (status == SC_OK) status = sc_script(db->session, sc_str_c(db->mem, script), NULL);
    if (status == SC_OK) status = connection_use_schema(db);
    if (status == SC_OK && id.len) status = history_remove(db, id);
    if (status != SC_OK) *failure = last_error(db->mem);
    sc_status ended = status == SC_OK ? sc_commit(db->session) : sc_rollback(db->session);
    if (status == SC_OK && ended != SC_OK) *failure = last_error(db->mem);
    if (status == SC_OK) status = ended;
  } else {
    *failure = last_error(db->mem);
  }
  db->session = session;
  return status;
}

bool down_try(shadow *s, str script, str *failure)
{
  *failure = s->within ? shadow_reaches_out(s->db.mem, script) : STR_NONE;
  return failure->len == 0 && down_run(&s->db, script, STR_NONE, failure) == SC_OK;
}

/* ---- proving ---- */

/* Whether the catalog is the wanted one; *problem says what is not. */
static bool leads_to(const proof *p, const fingerprint *wanted, const char *what, str *problem)
{
  fingerprint now;
  str difference;
  if (fingerprint_take(p->shadow, &now) != SC_OK) {
    *problem = last_error(p->mem);
    return false;
  }
  if (fingerprint_same(p->mem, wanted, &now, &difference)) return true;
  *problem = sc_str_format(p->mem, "%s: %.*s", what, STR_ARG(difference));
  return false;
}

/* *problem is what is wrong with the way back; empty: nothing. */
static void try_script(const proof *p, str down, str *problem)
{
  str failure = STR_NONE;
  *problem = STR_NONE;
  if (!down_try(p->shadow, down, &failure)) {
    str text = sc_str_trim(failure);
    *problem = sc_str_format(p->mem, "it does not run: %.*s",
                             STR_ARG(str_slice(text, 0, sc_str_find_char(text, '\n'))));
    return;
  }
  if (!leads_to(p, p->before, "the catalog is not what it was", problem)) return;
  if (!shadow_try(p->shadow, p->up, &failure))
    *problem = STR("the migration does not run again");
  else
    leads_to(p, &p->after, "the migration leads elsewhere the second time", problem);
}

static str script_of(const proof *p, const sql_schema *now)
{
  buf out = {.mem = p->mem};
  sql_render_revert(sql_revert(p->plan, now, p->mem), &out);
  if (out.len == 0) BUF_LIT(&out, "-- There is nothing to take back.\n");
  sc_buf_c(&out);
  return buf_str(&out);
}

#define MADE_FOR "-- Made for the migration.sql with the checksum "

bool down_fits(arena *mem, str down, str migration)
{
  size_t at = sc_str_find(down, STR(MADE_FOR));
  if (at == SIZE_MAX) return true;
  str checksum = str_slice(down, at + sizeof MADE_FOR - 1, down.len);
  checksum = sc_str_trim(str_slice(checksum, 0, sc_str_find_char(checksum, '\n')));
  return folder_checksum_matches(mem, migration, checksum);
}

static void head(const proof *p, str body, const down_file *file, buf *out)
{
  BUF_LIT(out, "-- Takes this migration back (schemac migrate rollback).\n");
  if (file->proved)
    BUF_LIT(out, "-- Proved on a shadow database: up, down and up again give the same catalogs.\n");
  else
    sc_buf_format(out, "-- Not proved: %.*s\n-- Look it over before you run it.\n", STR_ARG(file->problem));
  sc_buf_format(out, MADE_FOR "%.*s\n", STR_ARG(folder_checksum(p->mem, p->up)));
  buf_char(out, '\n');
  buf_add(out, body);
}

static void prove(const proof *p, const sql_schema *now, down_file *out)
{
  str body = script_of(p, now);
  try_script(p, body, &out->problem);
  out->proved = out->problem.len == 0;
  buf text = {.mem = p->mem};
  head(p, body, out, &text);
  sc_buf_c(&text);
  out->script = buf_str(&text);
  out->losses = down_losses(p->mem, out->script);
}

sc_status down_write(const migrate_context *context, shadow *s, const sql_plan *plan, str script,
                     const fingerprint *before, down_file *out)
{
  const sql_schema *now;
  proof p = {
      .context = context, .shadow = s, .mem = context->mem, .plan = plan, .up = script, .before = before};
  *out = (down_file){0};
  sc_status status = diagnose_inspect(context, &s->db, &now);
  if (status == SC_OK) status = fingerprint_take(s, &p.after);
  if (status == SC_OK) prove(&p, now, out);
  return status;
}
