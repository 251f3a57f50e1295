#include "migrate/unit.h"

#include "migrate/batches.h"
#include "migrate/lone.h"
#include "syntax/word.h"

/* ---- what a statement does to transactions ---- */

typedef enum control {
  CONTROL_NONE,
  CONTROL_OPENS,
  CONTROL_CLOSES,
  CONTROL_UNDOES,
  CONTROL_TANGLES, /* COMMIT AND CHAIN, PREPARE TRANSACTION: what follows is not where it seems */
} control;

/* `at` is behind COMMIT, END, ROLLBACK or ABORT. */
static bool chains(const sql_script *script, size_t at)
{
  if (sql_token_is(script, at, STR("work")) || sql_token_is(script, at, STR("transaction"))) at++;
  return sql_token_is(script, at, STR("and")) && sql_token_is(script, at + 1, STR("chain"));
}

static bool goes_back(const sql_script *script, size_t at)
{
  if (sql_token_is(script, at, STR("work")) || sql_token_is(script, at, STR("transaction"))) at++;
  return sql_token_is(script, at, STR("to"));
}

static control control_of(const sql_script *script, const sql_statement *statement)
{
  size_t first = statement->first, behind = first + 1;
  bool more = statement->len > 1;
  if (more && sql_token_is(script, behind, STR("prepared"))) return CONTROL_NONE; /* another session's */
  if (sql_token_is(script, first, STR("begin"))) return CONTROL_OPENS;
  if (sql_statement_begins(script, statement, STR("start transaction"))) return CONTROL_OPENS;
  if (sql_statement_begins(script, statement, STR("prepare transaction"))) return CONTROL_TANGLES;
  bool closes = sql_token_is(script, first, STR("commit")) || sql_token_is(script, first, STR("end")),
       undoes = sql_token_is(script, first, STR("rollback")) || sql_token_is(script, first, STR("abort"));
  if (!closes && !undoes) return CONTROL_NONE;
  if (more && chains(script, behind)) return CONTROL_TANGLES;
  if (undoes && more && goes_back(script, behind)) return CONTROL_NONE;
  return closes ? CONTROL_CLOSES : CONTROL_UNDOES;
}

bool unit_sets(const sql_script *script, const sql_statement *statement)
{
  size_t at = statement->first;
  if (sql_token_is(script, at, STR("reset"))) return true;
  if (sql_token_is(script, at, STR("set")))
    return !sql_token_is(script, at + 1, STR("local")) && !sql_token_is(script, at + 1, STR("transaction")) &&
           !sql_token_is(script, at + 1, STR("constraints"));
  if (!sql_token_is(script, at++, STR("select"))) return false;
  if (sql_token_is(script, at, STR("pg_catalog"))) at += 2;
  return sql_token_is(script, at, STR("set_config"));
}

bool unit_limits_locks(const unit_list *units)
{
  const sql_script *script = units->script;
  for (size_t i = 0; i < script->statements.len; i++) {
    size_t at = script->statements.items[i].first;
    if (!sql_token_is(script, at++, STR("set"))) continue;
    if (sql_token_is(script, at, STR("local")) || sql_token_is(script, at, STR("session"))) at++;
    if (sql_token_is(script, at, STR("lock_timeout"))) return true;
  }
  return false;
}

/* ---- cutting ---- */

typedef struct cutter cutter;
struct cutter {
  arena *mem;
  unit_list *list;
  bool open;   /* the last unit goes on */
  bool inside; /* of BEGIN … COMMIT */
  size_t begin_line;
};

static void refuse(cutter *c, size_t line, const char *what)
{
  c->list->problem = sc_str_format(c->mem, "line %zu: %s", line, what);
}

static void add(cutter *c, const sql_statement *statement, size_t number, bool closes)
{
  if (!c->open) {
    vec_push(c->mem, c->list, (unit){.first = number, .begin = statement->start, .line = statement->line});
    c->open = true;
  }
  unit *u = &vec_last(c->list);
  u->len++;
  u->end = statement->end;
  u->insert = closes ? statement->start : statement->end;
}

static void close_unit(cutter *c, unit_kind kind)
{
  vec_last(c->list).kind = kind;
  c->open = c->inside = false;
}

/* A statement alone in its unit. */
static unit_kind kind_of(const sql_script *script, const sql_statement *statement)
{
  if (unit_sets(script, statement)) return UNIT_SETTING;
  return lone_kind_of(script, statement) == LONE_NONE ? UNIT_TOGETHER : UNIT_LONE;
}

/* Only what is a unit of its own can be several transactions. */
static void cut_in_batches(cutter *c, const sql_statement *statement)
{
  batches_form form;
  str said = batches_said(c->list->script, statement);
  if (!said.len) return;
  size_t size = batches_size(said);
  if (!size)
    refuse(c, statement->line, "schemac:batches wants the rows of a batch, from 1 to 1000000");
  else if (!batches_read(c->list->script, statement, &form))
    refuse(c, statement->line,
           "schemac:batches goes above `UPDATE table SET column = (…) WHERE column IS NULL`, where AND may "
           "follow");
  else
    vec_last(c->list).batch = size;
}

static void cut_at(cutter *c, size_t number)
{
  const sql_script *script = c->list->script;
  const sql_statement *statement = &script->statements.items[number];
  control does = control_of(script, statement);
  if (does == CONTROL_TANGLES && c->list->split) {
    refuse(c, statement->line,
           "with schemac:transaction off no transaction may be chained or prepared: use BEGIN and COMMIT");
    return;
  }
  if (does == CONTROL_OPENS) {
    c->inside = true;
    c->begin_line = statement->line;
  }
  add(c, statement, number, does == CONTROL_CLOSES);
  if (does == CONTROL_CLOSES)
    close_unit(c, UNIT_TOGETHER);
  else if (does == CONTROL_UNDOES)
    close_unit(c, UNIT_UNDONE);
  else if (c->list->split && !c->inside) {
    close_unit(c, kind_of(script, statement));
    cut_in_batches(c, statement);
  }
}

static bool tangled(const sql_script *script)
{
  if (script->problem != SQL_PROBLEM_NONE) return true;
  for (size_t i = 0; i < script->statements.len; i++)
    if (control_of(script, &script->statements.items[i]) == CONTROL_TANGLES) return true;
  return false;
}

static void cut(cutter *c)
{
  unit_list *list = c->list;
  const sql_script *script = list->script;
  if (!list->split && tangled(script)) {
    unit whole = {.kind = UNIT_WHOLE, .insert = script->text.len, .end = script->text.len, .line = 1};
    vec_push(c->mem, list, whole);
    return;
  }
  for (size_t i = 0; i < script->statements.len && list->problem.len == 0; i++) cut_at(c, i);
  if (c->inside && list->problem.len == 0)
    refuse(c, c->begin_line, "the transaction that begins here is never committed: end it with COMMIT");
  if (c->open) close_unit(c, UNIT_TOGETHER);
  /* A whole script of one statement that must be alone. */
  if (!list->split && list->len == 1 && script->statements.len == 1)
    if (lone_kind_of(script, &script->statements.items[0]) != LONE_NONE) list->items[0].kind = UNIT_LONE;
}

/* A quote that is not closed is for the server to say, unless it is cut; the rest no server understands. */
static bool must_not_be_sent(const unit_list *list)
{
  switch (list->script->problem) {
  case SQL_PROBLEM_NONE: return false;
  case SQL_PROBLEM_OPEN_STRING:
  case SQL_PROBLEM_OPEN_NAME:
  case SQL_PROBLEM_OPEN_COMMENT: return list->split;
  case SQL_PROBLEM_NUL:
  case SQL_PROBLEM_PSQL_COMMAND:
  case SQL_PROBLEM_COPY: return true;
  }
  return true;
}

/* What an editor or a shell has made of the text; the server takes UTF-8 alone. Empty when it is that. */
static str wrong_encoding(str text, arena *mem)
{
  if (str_starts(text, STR("\xFF\xFE")) || str_starts(text, STR("\xFE\xFF")))
    return STR("line 1: the file is UTF-16, as PowerShell writes it with `>`: save it as UTF-8");
  if (str_starts(text, STR("\xEF\xBB\xBF")))
    return STR(
        "line 1: the file begins with a byte order mark, which no SQL may hold: save it as UTF-8 without "
        "one");
  size_t valid = ast_utf8_valid_length(text);
  if (valid == text.len) return STR_NONE;
  size_t line = 1;
  for (size_t i = 0; i < valid; i++)
    if (text.ptr[i] == '\n') line++;
  return sc_str_format(mem, "line %zu: the byte 0x%02X is not UTF-8: save the file as UTF-8", line,
                       (unsigned)(unsigned char)text.ptr[valid]);
}

const unit_list *unit_read(str text, arena *mem)
{
  unit_list *list = arena_new(mem, unit_list);
  str value = STR_NONE;
  list->script = sql_lex(text, mem);
  list->split = sql_script_says(list->script, STR("transaction"), &value);
  list->problem = wrong_encoding(text, mem);
  if (list->problem.len) return list;
  if (list->split && !str_eq(value, STR("off")))
    list->problem =
        sc_str_format(mem, "line 1: schemac:transaction is `%.*s`: it can only be `off`", STR_ARG(value));
  else if (must_not_be_sent(list))
    list->problem = list->script->message;
  else
    cut(&(cutter){.mem = mem, .list = list});
  if (list->problem.len) list->len = 0;
  return list;
}

bool unit_is_atomic(const unit_list *units)
{
  return units->len == 0 ||
         (units->len == 1 && units->items[0].kind == UNIT_TOGETHER && !units->items[0].batch);
}
