/* What statements are by their form. */
#include "migrate/lint_inside.h"

#include "sql/quote.h"

typedef struct form form;
struct form {
  str begins, has;
  lint_lock lock;
  lint_effect effect;
  lint_rule rule;
  bool clause;
};

enum { STATEMENT = false, CLAUSE = true };

static const form forms[] = {
#define FORM(where, begins, has, lock, effect, rule)                                                         \
  {STR_INIT(begins), STR_INIT(has), LINT_LOCK_##lock, LINT_##effect, LINT_##rule, where},
#include "migrate/lint.def"
};

/* ---- words ---- */

/* A run of tokens. */
typedef struct run run;
struct run {
  const sql_script *script;
  size_t at, end;
};

static bool is_word(const run *r, size_t at, str word)
{
  return at < r->end && sql_token_is(r->script, at, word);
}

static bool is_mark(const run *r, size_t at, str mark)
{
  return at < r->end && r->script->tokens.items[at].kind == SQL_TOKEN_MARK &&
         str_eq(sql_token_text(r->script, at), mark);
}

static bool is_name(const run *r, size_t at)
{
  if (at >= r->end) return false;
  sql_token_kind kind = r->script->tokens.items[at].kind;
  return kind == SQL_TOKEN_WORD || kind == SQL_TOKEN_NAME;
}

/* Past IF EXISTS, IF NOT EXISTS, ONLY, COLUMN and TABLE, which change nothing here. */
static size_t skip_noise(const run *r, size_t at)
{
  static const str noise[] = {STR_INIT("only"), STR_INIT("column"), STR_INIT("if"), STR_INIT("exists")};
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
    if (is_word(r, at, noise[i])) return skip_noise(r, at + 1);
  return is_word(r, at, STR("not")) && is_word(r, at + 1, STR("exists")) ? skip_noise(r, at + 2) : at;
}

static size_t skip_name(const run *r, size_t at)
{
  if (!is_name(r, at)) return at;
  at++;
  while (is_mark(r, at, STR(".")) && is_name(r, at + 1)) at += 2;
  return at;
}

static str next_word(str *words)
{
  *words = sc_str_trim(*words);
  size_t end = sc_str_find_char(*words, ' ');
  if (end == SIZE_MAX) end = words->len;
  str word = str_slice(*words, 0, end);
  *words = str_slice(*words, end, words->len);
  return word;
}

/* Whether the run begins so; *behind is the token after it. */
static bool begins(const run *r, str words, size_t *behind)
{
  size_t at = r->at;
  for (str word = next_word(&words); word.len; word = next_word(&words)) {
    bool any = str_eq(word, STR("?"));
    if (any ? !is_name(r, skip_noise(r, at)) : !is_word(r, at, word)) return false;
    at = any ? skip_name(r, skip_noise(r, at)) : at + 1;
  }
  *behind = skip_noise(r, at);
  return true;
}

static bool has(const run *r, size_t from, str words)
{
  unsigned depth = r->script->tokens.items[r->at].depth;
  for (size_t start = from; words.len && start < r->end; start++) {
    str rest = words;
    size_t at = start;
    str word = next_word(&rest);
    for (; word.len && is_word(r, at, word) && r->script->tokens.items[at].depth == depth; word = next_word(&rest))
      at++;
    if (!word.len) return true;
  }
  return !words.len;
}

static const form *form_of(const run *r, bool clause, size_t *behind)
{
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (forms[i].clause == clause && begins(r, forms[i].begins, behind) && has(r, *behind, forms[i].has))
      return &forms[i];
  return NULL;
}

/* ---- names ---- */

/* The name as PostgreSQL would print it; without its last part for a column's. */
static str name_at(const run *r, size_t at, bool of_column, arena *mem)
{
  size_t end = skip_name(r, at);
  if (of_column && end > at + 2) end -= 2;
  buf out = {.mem = mem};
  for (; at < end; at++) {
    str text = sql_token_text(r->script, at);
    if (is_mark(r, at, STR(".")) || r->script->tokens.items[at].kind == SQL_TOKEN_NAME)
      buf_add(&out, text);
    else
      buf_add(&out, sql_token_value(r->script, at, mem));
  }
  return buf_str(&out);
}

static size_t behind_word(const run *r, size_t at, str word)
{
  unsigned depth = r->script->tokens.items[r->at].depth;
  while (at < r->end && (!is_word(r, at, word) || r->script->tokens.items[at].depth != depth)) at++;
  return skip_noise(r, at + 1);
}

/* ---- statements ---- */

static void add_hit(lint_hits *hits, const form *f, str table, arena *mem)
{
  vec_push(mem, hits, (lint_hit){.table = table, .lock = f->lock, .effect = f->effect, .rule = f->rule});
}

/* Tables of a list: DROP TABLE a, b. */
static void add_list(lint_hits *hits, const form *f, const run *r, size_t at, arena *mem)
{
  for (; is_name(r, at); at++) {
    add_hit(hits, f, name_at(r, at, false, mem), mem);
    at = skip_name(r, at);
    if (!is_mark(r, at, STR(","))) break;
  }
}

static void read_statement(const run *r, lint_hits *hits, arena *mem)
{
  size_t behind;
  const form *f = form_of(r, STATEMENT, &behind);
  if (!f) return;
  bool index = str_starts(f->begins, STR("drop index")) || str_eq(f->begins, STR("alter index")) ||
               str_starts(f->begins, STR("reindex")) || str_eq(f->begins, STR("drop"));
  bool writes = f->rule == LINT_ALL_ROWS_WRITTEN && has(r, behind, STR("where"));
  form mild = *f;
  if (writes) mild.rule = LINT_NO_RULE;
  if (index)
    add_hit(hits, &mild, STR_NONE, mem);
  else if (str_starts(f->begins, STR("create")))
    add_hit(hits, &mild, name_at(r, behind_word(r, behind, STR("on")), false, mem), mem);
  else if (str_eq(f->begins, STR("comment on column")))
    add_hit(hits, &mild, name_at(r, behind, true, mem), mem);
  else
    add_list(hits, &mild, r, is_word(r, behind, STR("table")) ? skip_noise(r, behind + 1) : behind, mem);
}

static str text_of(const run *r, size_t from, size_t to)
{
  const sql_token *tokens = r->script->tokens.items;
  return from < to ? str_slice(r->script->text, tokens[from].start, tokens[to - 1].end) : STR_NONE;
}

static void read_alter_table(const run *r, size_t behind, lint_hits *hits, arena *mem)
{
  str table = name_at(r, behind, false, mem);
  unsigned depth = r->script->tokens.items[r->at].depth;
  run clause = {.script = r->script, .at = skip_name(r, behind), .end = r->end};
  if (is_mark(r, clause.at, STR("*"))) clause.at++;
  while (clause.at < r->end) {
    size_t end = clause.at, unused;
    while (end < r->end && !(is_mark(r, end, STR(",")) && r->script->tokens.items[end].depth == depth)) end++;
    clause.end = end;
    const form *f = form_of(&clause, CLAUSE, &unused);
    if (f) add_hit(hits, f, table, mem);
    if (f) vec_last(hits).clause = text_of(r, clause.at, end);
    clause.at = end + 1;
  }
  str head = text_of(r, r->at, skip_name(r, behind));
  for (size_t i = 0; i < hits->len; i++) {
    lint_hit *hit = &hits->items[i];
    if (hits->len == 1) hit->clause = STR_NONE;
    if (hit->clause.len) hit->alone = sc_str_format(mem, "%.*s %.*s", STR_ARG(head), STR_ARG(hit->clause));
  }
}

lint_hits lint_read(const sql_script *script, const sql_statement *statement, arena *mem)
{
  lint_hits hits = {0};
  run r = {.script = script, .at = statement->first, .end = statement->first + statement->len};
  size_t behind;
  if (statement->len && begins(&r, STR("alter table"), &behind))
    read_alter_table(&r, behind, &hits, mem);
  else if (statement->len)
    read_statement(&r, &hits, mem);
  return hits;
}

str lint_created(const sql_script *script, const sql_statement *statement, arena *mem)
{
  static const str words[] = {STR_INIT("create table"), STR_INIT("create unlogged table"),
                              STR_INIT("create materialized view")};
  run r = {.script = script, .at = statement->first, .end = statement->first + statement->len};
  size_t behind;
  for (size_t i = 0; statement->len && i < sizeof words / sizeof *words; i++)
    if (begins(&r, words[i], &behind)) return name_at(&r, behind, false, mem);
  return STR_NONE;
}

/* ---- comments that silence ---- */

static bool find_rule(str word, lint_rule *out)
{
  for (size_t i = 0; i < LINT_NO_RULE; i++)
    if (sc_str_eq_fold(word, str_from(lint_rule_id((lint_rule)i))) ||
        sc_str_eq_fold(word, str_from(lint_rule_name((lint_rule)i)))) {
      *out = (lint_rule)i;
      return true;
    }
  return false;
}

static void take_rules(str words, arena *mem, lint_rule_list *out, migrate_names *unknown)
{
  char *spaced = sc_str_c(mem, words);
  for (size_t i = 0; i < words.len; i++)
    if (spaced[i] == ',') spaced[i] = ' ';
  words = (str){spaced, words.len};
  for (str word = next_word(&words); word.len; word = next_word(&words)) {
    lint_rule rule;
    if (find_rule(word, &rule))
      vec_push(mem, out, rule);
    else
      vec_push(mem, unknown, word);
  }
}

lint_rule_list lint_ignored(const sql_script *script, const sql_statement *statement, arena *mem,
                            migrate_names *unknown)
{
  lint_rule_list out = {0};
  for (size_t i = 0; i < script->comments.len; i++) {
    const sql_comment *comment = &script->comments.items[i];
    str words;
    if (comment->start < statement->lead || comment->start >= statement->end) continue;
    if (sql_comment_says(script, comment, STR("ignore"), &words)) take_rules(words, mem, &out, unknown);
  }
  return out;
}

lint_rule_list lint_ignored_in_file(const sql_script *script, arena *mem, migrate_names *unknown)
{
  lint_rule_list out = {0};
  for (size_t i = 0; i < script->comments.len; i++) {
    str words;
    if (sql_comment_says(script, &script->comments.items[i], STR("ignore-file"), &words))
      take_rules(words, mem, &out, unknown);
  }
  return out;
}
