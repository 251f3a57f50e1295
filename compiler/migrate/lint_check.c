/* From what statements are and do to findings. */
#include "migrate/lint_inside.h"
#include "migrate/lone.h"

static const struct {
  const char *id, *name;
  lint_level level;
  str text;
} rules[] = {
#define RULE(symbol, id, name, level, text, advice) {id, name, LINT_LEVEL_##level, STR_INIT(text)},
#include "migrate/lint.def"
};

const char *lint_rule_id(lint_rule rule)
{
  return rules[rule].id;
}

const char *lint_rule_name(lint_rule rule)
{
  return rules[rule].name;
}

/* One file, statement after statement. */
typedef struct check check;
struct check {
  lint_run *run;
  const sql_script *script;
  const sql_statement *statement;
  lint_statement *out;
  lint_rule_list file_ignores, ignores;
  bool split;    /* every statement is a transaction */
  bool watched;  /* the statement was measured */
  bool limited;  /* lock_timeout is set */
  bool timeout_said, held_said;
  str held; /* table that the transaction has kept others out of; empty: none */
};

/* ---- findings ---- */

static bool ignores(const lint_rule_list *list, lint_rule rule)
{
  for (size_t i = 0; i < list->len; i++)
    if (list->items[i] == rule) return true;
  return false;
}

static void find(check *c, lint_rule rule, const lint_touch *touch, str detail)
{
  if (ignores(&c->file_ignores, rule) || ignores(&c->ignores, rule)) return;
  buf text = {.mem = c->run->mem};
  if (detail.len && sc_str_find(rules[rule].text, STR("{d}")) == SIZE_MAX)
    sc_buf_format(&text, "%.*s: ", STR_ARG(detail));
  for (str rest = rules[rule].text; rest.len;) {
    str mark = str_slice(rest, 0, 3);
    if (str_eq(mark, STR("{t}")))
      buf_add(&text, touch && touch->table.len ? touch->table : STR("the table"));
    else if (str_eq(mark, STR("{d}")))
      buf_add(&text, detail);
    else
      mark.len = 1, buf_add(&text, mark);
    rest = str_slice(rest, mark.len, rest.len);
  }
  lint_level level = rules[rule].level;
  if (touch && touch->rows == 0) level = LINT_LEVEL_NOTE;
  vec_push(c->run->mem, &c->out->findings, (lint_finding){rule, level, buf_str(&text)});
}

/* ---- touches ---- */

static bool was_created(const check *c, str table)
{
  for (size_t i = 0; i < c->run->created.len; i++)
    if (str_eq(c->run->created.items[i], table)) return true;
  return false;
}

/* public."User" is "User" where public is on the search path. */
static bool same_table(str a, str b)
{
  if (str_eq(a, b)) return true;
  str longer = a.len > b.len ? a : b, shorter = a.len > b.len ? b : a;
  return shorter.len && str_ends(longer, shorter) && longer.ptr[longer.len - shorter.len - 1] == '.';
}

static lint_touch *touch_of(const check *c, str table)
{
  for (size_t i = 0; i < c->out->touches.len; i++)
    if (same_table(c->out->touches.items[i].table, table)) return &c->out->touches.items[i];
  return NULL;
}

static lint_touch *touch(check *c, str table)
{
  lint_touch *found = touch_of(c, table);
  if (found) return found;
  lint_touch fresh = {.table = table, .is_new = was_created(c, table), .rows = -1};
  if (c->run->live && table.len && !fresh.is_new) {
    fresh.rows = lint_rows(c->run->live, table);
    if (fresh.rows == -2) fresh.is_new = true, fresh.rows = -1;
  }
  vec_push(c->run->mem, &c->out->touches, fresh);
  return &vec_last(&c->out->touches);
}

static void touch_seen(check *c, const lint_seens *seens)
{
  bool truncates = sql_statement_begins(c->script, c->statement, STR("truncate"));
  for (size_t i = 0; i < seens->len; i++) {
    const lint_seen *seen = &seens->items[i];
    if (seen->created) vec_push(c->run->mem, &c->run->created, seen->table);
    if (seen->lock == LINT_LOCK_NONE) continue;
    lint_touch *t = touch(c, seen->table);
    t->lock = seen->lock;
    t->scans = seen->scans;
    t->rewrites = seen->rewrites && !truncates;
    t->is_new |= seen->created;
  }
}

static void touch_forms(check *c, const lint_hits *hits)
{
  for (size_t i = 0; i < hits->len; i++) {
    const lint_hit *hit = &hits->items[i];
    lint_touch *t = touch(c, hit->table);
    if (hit->lock > t->lock) t->lock = hit->lock;
    t->scans |= hit->effect == LINT_SCANS;
    t->rewrites |= hit->effect == LINT_REWRITES || (hit->effect == LINT_FILLS && hit->rule == LINT_TYPE_REWRITES);
  }
  str created = lint_created(c->script, c->statement, c->run->mem);
  if (created.len) vec_push(c->run->mem, &c->run->created, created);
}

/* ---- rules ---- */

static const lint_touch *strongest(const check *c)
{
  const lint_touch *found = NULL;
  for (size_t i = 0; i < c->out->touches.len; i++) {
    const lint_touch *t = &c->out->touches.items[i];
    if (!t->is_new && (!found || t->lock > found->lock)) found = t;
  }
  return found;
}

/* Unmeasured, an old default is taken for one that PostgreSQL need not write into every row. */
static bool happens(const check *c, const lint_hit *hit, const lint_touch *t)
{
  bool measured = hit->measured || c->watched;
  bool scans = hit->measured ? hit->scans : t->scans, rewrites = hit->measured ? hit->rewrites : t->rewrites;
  switch (hit->effect) {
  case LINT_BRIEF: return true;
  case LINT_SCANS: return !measured || scans || rewrites;
  case LINT_REWRITES: return !measured || rewrites;
  case LINT_FILLS: return measured ? rewrites : hit->rule == LINT_TYPE_REWRITES;
  }
  return true;
}

static void check_forms(check *c, const lint_hits *hits)
{
  for (size_t i = 0; i < hits->len; i++) {
    const lint_hit *hit = &hits->items[i];
    const lint_touch *t = hit->table.len ? touch_of(c, hit->table) : strongest(c);
    bool no_table = !hit->table.len && c->out->touches.len == 0; /* DROP VIEW … CASCADE */
    if (hit->rule == LINT_NO_RULE || (!t && !no_table)) continue;
    if (!t || (!t->is_new && happens(c, hit, t))) find(c, hit->rule, t, hit->clause);
  }
}

static bool says_rewritten(const lint_hits *hits)
{
  for (size_t i = 0; i < hits->len; i++)
    if (hits->items[i].rule != LINT_NO_RULE &&
        (hits->items[i].effect == LINT_REWRITES || hits->items[i].effect == LINT_FILLS))
      return true;
  return false;
}

static void check_touches(check *c, const lint_hits *hits)
{
  for (size_t i = 0; i < c->out->touches.len; i++) {
    const lint_touch *t = &c->out->touches.items[i];
    if (t->is_new) continue;
    bool empty = t->rows == 0;
    if (c->watched && t->rewrites && !says_rewritten(hits)) find(c, LINT_TABLE_REWRITTEN, t, STR_NONE);
    if (c->held.len && !c->held_said && (t->scans || t->rewrites) && !empty) {
      find(c, LINT_LOCK_HELD, t, c->held);
      c->held_said = true;
    }
  }
  const lint_touch *t = strongest(c);
  if (!t || t->lock < LINT_LOCK_SHARE || t->rows == 0) return;
  if (!c->limited && !c->timeout_said) find(c, LINT_NO_LOCK_TIMEOUT, t, STR_NONE);
  c->timeout_said |= !c->limited;
  if (!c->split && !c->held.len) c->held = t->table;
}

/* ---- statements that steer ---- */

static bool begins(const check *c, const char *words)
{
  return sql_statement_begins(c->script, c->statement, str_from(words));
}

static void read_setting(check *c)
{
  size_t first = c->statement->first, end = first + c->statement->len;
  if (begins(c, "commit") || begins(c, "end") || begins(c, "rollback")) c->held = STR_NONE;
  if (begins(c, "reset lock_timeout") || begins(c, "reset all")) c->limited = false;
  for (size_t at = first + 1; begins(c, "set") && at < end && at < first + 3; at++) {
    if (!sql_token_is(c->script, at, STR("lock_timeout"))) continue;
    str value = sql_token_value(c->script, end - 1, c->run->mem);
    c->limited = !str_eq(value, STR("0")) && !sc_str_eq_fold(value, STR("default"));
  }
}

static void check_transaction(check *c)
{
  if (!c->split && c->script->statements.len > 1 && lone_kind_of(c->script, c->statement) != LONE_NONE)
    find(c, LINT_IN_TRANSACTION, NULL, STR_NONE);
}

static void measure(check *c, lint_hits *hits, lint_seens *seens)
{
  str failure = STR_NONE;
  c->watched = false;
  if (!c->run->shadow) return;
  bool lone = lone_kind_of(c->script, c->statement) != LONE_NONE;
  for (size_t i = 0; i < hits->len; i++) {
    lint_hit *hit = &hits->items[i];
    if (c->run->probes && !lone && !hit->alone.len) hit->alone = c->out->text;
    if (hit->alone.len && hit->effect != LINT_BRIEF) lint_measure_clause(c->run->shadow, hit);
  }
  if (c->run->probes) return;
  if (lint_measure(c->run, c->script, c->statement, seens, &c->watched, &failure)) return;
  c->watched = false;
  c->run->shadow = NULL; /* what follows would be measured without this one */
  find(c, LINT_DOES_NOT_APPLY, NULL, failure);
}

/* An index does not say which table it is of; before it goes the live database knows. */
static void name_tables(const check *c, lint_hits *hits)
{
  for (size_t i = 0; i < hits->len; i++) {
    if (hits->items[i].table.len || !c->run->live || c->watched) continue;
    for (size_t at = 0; at < c->statement->len && !hits->items[i].table.len; at++) {
      size_t token = c->statement->first + c->statement->len - 1 - at;
      sql_token_kind kind = c->script->tokens.items[token].kind;
      if (kind == SQL_TOKEN_NAME || kind == SQL_TOKEN_WORD)
        hits->items[i].table = lint_table_of_index(c->run->live, sql_token_text(c->script, token));
    }
  }
}

static void check_statement(check *c)
{
  migrate_names unknown = {0};
  lint_seens seens = {0};
  c->ignores = lint_ignored(c->script, c->statement, c->run->mem, &unknown);
  for (size_t i = 0; i < unknown.len; i++) find(c, LINT_UNKNOWN_RULE, NULL, unknown.items[i]);
  read_setting(c);
  check_transaction(c);
  lint_hits hits = lint_read(c->script, c->statement, c->run->mem);
  measure(c, &hits, &seens);
  name_tables(c, &hits);
  if (c->watched)
    touch_seen(c, &seens);
  else
    touch_forms(c, &hits);
  check_forms(c, &hits);
  check_touches(c, &hits);
}

void lint_one_file(lint_run *run, lint_file *file)
{
  const sql_script *script = sql_lex(file->script, run->mem);
  migrate_names unknown = {0};
  str value;
  check c = {.run = run, .script = script};
  c.file_ignores = lint_ignored_in_file(script, run->mem, &unknown);
  c.split = sql_script_says(script, STR("transaction"), &value) && str_eq(value, STR("off"));
  for (size_t i = 0; i < script->statements.len; i++) {
    const sql_statement *statement = &script->statements.items[i];
    lint_statement out = {.line = statement->line, .text = sql_statement_text(script, statement)};
    c.statement = statement;
    c.out = &out;
    for (; i == 0 && unknown.len; unknown.len--)
      find(&c, LINT_UNKNOWN_RULE, NULL, unknown.items[unknown.len - 1]);
    check_statement(&c);
    vec_push(run->mem, &file->statements, out);
  }
}

/* ---- for migrate dev ---- */

/* What --online writes otherwise. */
static bool is_worth_a_note(const lint_finding *found)
{
  static const lint_rule noted[] = {LINT_INDEX_NOT_CONCURRENT, LINT_FOREIGN_KEY_SCANS, LINT_CHECK_SCANS,
                                    LINT_NOT_NULL_SCANS,       LINT_TYPE_REWRITES,     LINT_COLUMN_REWRITES,
                                    LINT_CONSTRAINT_BUILDS_INDEX};
  for (size_t i = 0; i < sizeof noted / sizeof *noted; i++)
    if (noted[i] == found->rule) return found->level > LINT_LEVEL_NOTE;
  return false;
}

static bool has_note(const migrate_names *notes, str text)
{
  for (size_t i = 0; i < notes->len; i++)
    if (str_eq(notes->items[i], text)) return true;
  return false;
}

migrate_names lint_notes(connection *live, connection *beside, str script)
{
  migrate_names notes = {0};
  lint_run run = {.mem = live->mem, .live = live, .shadow = beside, .probes = true};
  lint_file file = {.script = script};
  lint_one_file(&run, &file);
  for (size_t i = 0; i < file.statements.len; i++)
    for (size_t j = 0; j < file.statements.items[i].findings.len; j++) {
      const lint_finding *found = &file.statements.items[i].findings.items[j];
      if (is_worth_a_note(found) && !has_note(&notes, found->text)) vec_push(live->mem, &notes, found->text);
    }
  return notes;
}
