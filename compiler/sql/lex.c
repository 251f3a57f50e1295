#include "sql/lex_inside.h"

typedef struct reader reader;
struct reader {
  arena *mem;
  sql_script *script;
  sql_scan scan;
  bool open;            /* a statement is being read: the last of the list */
  bool atomic;          /* within BEGIN ATOMIC … END */
  unsigned depth;       /* of parentheses */
  size_t lead;          /* behind the last statement */
  size_t line, line_at; /* the line of the offset up to which lines were counted */
};

/* ---- lines ---- */

static size_t count_lines(str text, size_t from, size_t to)
{
  size_t lines = 0;
  for (size_t i = from; i < to; i++)
    if (text.ptr[i] == '\n' || (text.ptr[i] == '\r' && !(i + 1 < text.len && text.ptr[i + 1] == '\n')))
      lines++;
  return lines;
}

size_t sql_line_of(const sql_script *script, size_t offset)
{
  return 1 + count_lines(script->text, 0, offset < script->text.len ? offset : script->text.len);
}

static size_t line_at(reader *r, size_t offset)
{
  if (offset < r->line_at) return sql_line_of(r->script, offset);
  r->line += count_lines(r->script->text, r->line_at, offset);
  r->line_at = offset;
  return r->line;
}

/* ---- looking at tokens ---- */

str sql_statement_text(const sql_script *script, const sql_statement *statement)
{
  return str_slice(script->text, statement->start, statement->end);
}

str sql_token_text(const sql_script *script, size_t token)
{
  const sql_token *found = &script->tokens.items[token];
  return str_slice(script->text, found->start, found->end);
}

bool sql_token_is(const sql_script *script, size_t token, str word)
{
  return token < script->tokens.len && script->tokens.items[token].kind == SQL_TOKEN_WORD &&
         sc_str_eq_fold(sql_token_text(script, token), word);
}

static bool is_mark(const sql_script *script, size_t token, char mark)
{
  const sql_token *found = &script->tokens.items[token];
  return found->kind == SQL_TOKEN_MARK && script->text.ptr[found->start] == mark;
}

bool sql_statement_begins(const sql_script *script, const sql_statement *statement, str words)
{
  for (size_t i = 0; i < statement->len; i++) {
    size_t end = sc_str_find_char(words, ' ');
    if (!sql_token_is(script, statement->first + i, str_slice(words, 0, end))) return false;
    if (end == SIZE_MAX) return true;
    words = str_slice(words, end + 1, words.len);
  }
  return false;
}

/* ---- problems ---- */

static const str problem_texts[] = {
    [SQL_PROBLEM_NONE] = STR_INIT(""),
    [SQL_PROBLEM_OPEN_STRING] = STR_INIT("the string that begins here is not closed"),
    [SQL_PROBLEM_OPEN_NAME] = STR_INIT("the quoted name that begins here is not closed"),
    [SQL_PROBLEM_OPEN_COMMENT] = STR_INIT("the comment that begins here is not closed"),
    [SQL_PROBLEM_NUL] = STR_INIT("there is a NUL byte, which no SQL may hold: remove it"),
    [SQL_PROBLEM_PSQL_COMMAND] = STR_INIT(
        "a backslash begins a command of psql, which the server does not know: remove the line, or write "
        "what it does in SQL"),
    [SQL_PROBLEM_COPY] = STR_INIT(
        "COPY … FROM STDIN reads data that only psql sends along: write the rows as INSERT statements, or "
        "load them with psql outside of the migration"),
};

static void stop(reader *r, sql_problem_kind problem, size_t at)
{
  sql_script *script = r->script;
  script->problem = problem;
  script->problem_at = at;
  script->problem_line = line_at(r, at);
  script->message =
      sc_str_format(r->mem, "line %zu: %.*s", script->problem_line, STR_ARG(problem_texts[problem]));
}

/* ---- statements ---- */

/* CREATE [OR REPLACE] FUNCTION or PROCEDURE: only its body is BEGIN ATOMIC … END. */
static bool creates_routine(const sql_script *script, size_t first)
{
  if (!sql_token_is(script, first, STR("create"))) return false;
  size_t what = first + 1;
  if (sql_token_is(script, what, STR("or")) && sql_token_is(script, what + 1, STR("replace"))) what += 2;
  return sql_token_is(script, what, STR("function")) || sql_token_is(script, what, STR("procedure"));
}

/* The newest token may open or close a function's body. END closes it where a statement of the body could
 * begin: the END of a CASE never stands there. */
static void follow_body(reader *r)
{
  const sql_script *script = r->script;
  size_t first = vec_last(&script->statements).first, token = script->tokens.len - 1;
  if (r->depth || token == first) return;
  if (r->atomic)
    r->atomic = !(sql_token_is(script, token, STR("end")) &&
                  (is_mark(script, token - 1, ';') || sql_token_is(script, token - 1, STR("atomic"))));
  else
    r->atomic = sql_token_is(script, token, STR("atomic")) && sql_token_is(script, token - 1, STR("begin")) &&
                creates_routine(script, first);
}

/* SET [SESSION | LOCAL] standard_conforming_strings TO | = off changes how the rest is read, RESET of it (or
 * ALL) back. */
static void follow_settings(reader *r, const sql_statement *statement)
{
  static const str offs[] = {STR_INIT("off"), STR_INIT("false"), STR_INIT("no"), STR_INIT("0")};
  const sql_script *script = r->script;
  size_t at = statement->first, end = at + statement->len;
  if (sql_token_is(script, at, STR("reset")) &&
      (sql_token_is(script, at + 1, STR("all")) ||
       sql_token_is(script, at + 1, STR("standard_conforming_strings"))))
    r->scan.backslashes = false;
  if (!sql_token_is(script, at++, STR("set"))) return;
  if (sql_token_is(script, at, STR("session")) || sql_token_is(script, at, STR("local"))) at++;
  if (at + 3 != end || !sql_token_is(script, at, STR("standard_conforming_strings"))) return;
  str value = sql_token_value(script, at + 2, r->mem);
  r->scan.backslashes = false;
  for (size_t i = 0; i < sizeof offs / sizeof *offs; i++)
    if (sc_str_eq_fold(value, offs[i])) r->scan.backslashes = true;
}

/* COPY … FROM STDIN, with STDIN where the source is named. */
static bool reads_stdin(const sql_script *script, const sql_statement *statement)
{
  if (!sql_token_is(script, statement->first, STR("copy"))) return false;
  for (size_t i = 1; i + 1 < statement->len; i++) {
    size_t token = statement->first + i;
    if (script->tokens.items[token].depth == 0 && sql_token_is(script, token, STR("from")))
      return sql_token_is(script, token + 1, STR("stdin"));
  }
  return false;
}

static void begin_statement(reader *r)
{
  size_t start = r->scan.start;
  vec_push(r->mem, &r->script->statements,
           (sql_statement){.lead = r->lead,
                           .start = start,
                           .end = start,
                           .line = line_at(r, start),
                           .first = r->script->tokens.len});
  r->open = true;
}

/* `end` is behind its semicolon, or behind its last token. */
static void end_statement(reader *r, size_t end)
{
  sql_statement *statement = &vec_last(&r->script->statements);
  statement->end = end;
  statement->len = r->script->tokens.len - statement->first;
  r->lead = end;
  r->open = r->atomic = false;
  r->depth = 0;
  follow_settings(r, statement);
  if (r->script->problem == SQL_PROBLEM_NONE && reads_stdin(r->script, statement))
    stop(r, SQL_PROBLEM_COPY, statement->start);
}

static void take_token(reader *r, sql_token_kind kind)
{
  size_t start = r->scan.start, end = r->scan.end;
  char mark = kind == SQL_TOKEN_MARK ? r->script->text.ptr[start] : 0;
  if (mark == ';' && r->depth == 0 && !r->atomic) {
    if (r->open) end_statement(r, end);
    return;
  }
  if (!r->open) begin_statement(r);
  if (mark == ')' && r->depth) r->depth--;
  vec_push(r->mem, &r->script->tokens,
           (sql_token){.kind = kind, .depth = r->depth, .start = start, .end = end});
  if (mark == '(') r->depth++;
  if (kind == SQL_TOKEN_WORD) follow_body(r);
}

static void read_tokens(reader *r)
{
  while (r->script->problem == SQL_PROBLEM_NONE) {
    int found = sql_scan_next(&r->scan);
    if (found == SQL_SCAN_END) break;
    if (found == SQL_SCAN_COMMENT)
      vec_push(r->mem, &r->script->comments, (sql_comment){r->scan.start, r->scan.end});
    else if (found == SQL_SCAN_PROBLEM)
      stop(r, r->scan.problem, r->scan.start);
    else
      take_token(r, (sql_token_kind)found);
  }
  if (r->open) end_statement(r, vec_last(&r->script->tokens).end);
}

const sql_script *sql_lex(str text, arena *mem)
{
  sql_script *script = arena_new(mem, sql_script);
  script->text = text;
  size_t nul = sc_str_find_char(text, '\0');
  reader r = {.mem = mem, .script = script, .line = 1};
  sql_scan_open(&r.scan, str_slice(text, 0, nul), mem);
  read_tokens(&r);
  sql_scan_close(&r.scan);
  if (nul != SIZE_MAX && script->problem == SQL_PROBLEM_NONE) stop(&r, SQL_PROBLEM_NUL, nul);
  return script;
}

/* ---- comments ---- */

bool sql_comment_says(const sql_script *script, const sql_comment *comment, str name, str *value)
{
  str text = str_slice(script->text, comment->start, comment->end);
  if (str_starts(text, STR("/*"))) text = str_slice(text, 0, text.len - 2);
  text = sc_str_trim(str_slice(text, 2, text.len));
  if (!str_starts(text, STR("schemac:"))) return false;
  text = str_slice(text, sizeof "schemac:" - 1, text.len);
  if (!str_starts(text, name)) return false;
  str rest = str_slice(text, name.len, text.len);
  *value = sc_str_trim(rest);
  return rest.len == 0 || value->len < rest.len;
}

bool sql_script_says(const sql_script *script, str name, str *value)
{
  size_t first = script->statements.len ? script->statements.items[0].start : script->text.len;
  for (size_t i = 0; i < script->comments.len && script->comments.items[i].start < first; i++)
    if (sql_comment_says(script, &script->comments.items[i], name, value)) return true;
  return false;
}
