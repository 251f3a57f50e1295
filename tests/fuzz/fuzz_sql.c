/* SQL scripts: whatever the bytes, the statements' leads and texts and what is behind the last one are the
 * text again; tokens and comments stand in order, inside of it; a statement lexed alone is that statement. */
#include "fuzz.h"

#include "base/arena.h"
#include "sql/lex.h"

#include <stdlib.h>

static void out_of_memory(void)
{
  abort();
}

static void check(bool holds)
{
  if (!holds) abort();
}

static void check_order(const sql_script *script)
{
  size_t at = 0, depth_change = 0;
  for (size_t i = 0; i < script->statements.len; i++) {
    const sql_statement *statement = &script->statements.items[i];
    check(statement->lead == at && statement->lead <= statement->start && statement->start < statement->end);
    check(statement->len > 0 && statement->first == depth_change);
    check(statement->line == sql_line_of(script, statement->start));
    check(script->tokens.items[statement->first].start == statement->start);
    depth_change += statement->len;
    at = statement->end;
  }
  check(at <= script->text.len && depth_change == script->tokens.len);
  at = 0;
  for (size_t i = 0; i < script->tokens.len; i++) {
    const sql_token *token = &script->tokens.items[i];
    check(at <= token->start && token->start < token->end && token->end <= script->text.len);
    at = token->end;
  }
  at = 0;
  for (size_t i = 0; i < script->comments.len; i++) {
    const sql_comment *comment = &script->comments.items[i];
    check(at <= comment->start && comment->start + 2 <= comment->end && comment->end <= script->text.len);
    at = comment->end;
  }
}

/* Settings change how later statements read, so a script with SET is not asked. */
static void check_alone(const sql_script *script, const sql_statement *statement, arena *mem)
{
  const sql_script *alone = sql_lex(sql_statement_text(script, statement), mem);
  check(alone->statements.len == 1 && alone->problem == SQL_PROBLEM_NONE);
  check(alone->statements.items[0].len == statement->len);
  check(str_eq(sql_statement_text(alone, &alone->statements.items[0]), alone->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new_fatal(out_of_memory);
  const sql_script *script = sql_lex((str){(const char *)data, size}, mem);
  str value;
  bool settings = false;
  check_order(script);
  for (size_t i = 0; i < script->tokens.len; i++) {
    sql_token_value(script, i, mem);
    if (sql_token_is(script, i, STR("set"))) settings = true;
  }
  sql_script_says(script, STR("transaction"), &value);
  for (size_t i = 0; i + 1 < script->statements.len && !settings; i++)
    check_alone(script, &script->statements.items[i], mem);
  sc_arena_free(mem);
  return 0;
}
