/* What `migrate lint` says. */
#include "migrate/lint.h"

static const struct {
  str name, waits;
} locks[] = {
#define LOCK(kind, name, waits) {STR_INIT(name), STR_INIT(waits)},
#include "migrate/lint.def"
};

static const struct {
  lint_level level;
  str text, advice;
} rules[] = {
#define RULE(symbol, id, name, level, text, advice) {LINT_LEVEL_##level, STR_INIT(text), STR_INIT(advice)},
#include "migrate/lint.def"
};

static const char *const levels[LINT_LEVEL_COUNT] = {"note", "warning", "error"};

bool lint_level_read(str name, lint_level *out)
{
  for (size_t i = 0; i < LINT_LEVEL_COUNT; i++)
    if (str_eq(name, str_from(levels[i]))) {
      *out = (lint_level)i;
      return true;
    }
  return false;
}

size_t lint_count(const lint_result *result, lint_level at_least)
{
  size_t count = 0;
  for (size_t i = 0; i < result->len; i++)
    for (size_t j = 0; j < result->items[i].statements.len; j++)
      for (size_t k = 0; k < result->items[i].statements.items[j].findings.len; k++)
        count += result->items[i].statements.items[j].findings.items[k].level >= at_least;
  return count;
}

/* ---- text ---- */

/* The first line, cut where a screen ends. */
static void brief(str text, buf *out)
{
  enum { WIDTH = 90 };
  size_t end = sc_str_find_char(text, '\n');
  bool cut = end != SIZE_MAX;
  if (cut) text = str_slice(text, 0, end);
  if (text.len > WIDTH) {
    text = str_slice(text, 0, sc_str_utf8_floor(text, WIDTH));
    cut = true;
  }
  buf_add(out, text);
  if (cut) BUF_LIT(out, " …");
}

static void rows(int64_t count, buf *out)
{
  if (count < 0) return;
  str digits = sc_str_format(out->mem, "%lld", (long long)count);
  BUF_LIT(out, " (");
  for (size_t i = 0; i < digits.len; i++) {
    if (i && (digits.len - i) % 3 == 0) buf_char(out, ',');
    buf_char(out, digits.ptr[i]);
  }
  buf_add(out, count == 1 ? STR(" row)") : STR(" rows)"));
}

static void print_touch(const lint_touch *touch, buf *out)
{
  if (touch->is_new || touch->lock == LINT_LOCK_NONE) return;
  sc_buf_format(out, "      %.*s on %.*s", STR_ARG(locks[touch->lock].name),
                STR_ARG(touch->table.len ? touch->table : STR("its table")));
  rows(touch->rows, out);
  if (touch->rewrites)
    BUF_LIT(out, ", rewrites it");
  else if (touch->scans)
    BUF_LIT(out, ", scans it");
  if (locks[touch->lock].waits.len) sc_buf_format(out, ": %.*s", STR_ARG(locks[touch->lock].waits));
  buf_char(out, '\n');
}

static void print_statement(const lint_statement *statement, buf *out)
{
  sc_buf_format(out, "  %4zu  ", statement->line);
  brief(statement->text, out);
  buf_char(out, '\n');
  for (size_t i = 0; i < statement->touches.len; i++) print_touch(&statement->touches.items[i], out);
  for (size_t i = 0; i < statement->findings.len; i++) {
    const lint_finding *found = &statement->findings.items[i];
    sc_buf_format(out, "      %s %s %s: %.*s\n        %.*s\n", levels[found->level],
                  lint_rule_id(found->rule), lint_rule_name(found->rule), STR_ARG(found->text),
                  STR_ARG(rules[found->rule].advice));
  }
}

static void counted(size_t count, const char *what, buf *out)
{
  sc_buf_format(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

void lint_print(const lint_result *result, buf *out)
{
  for (size_t i = 0; i < result->len; i++) {
    const lint_file *file = &result->items[i];
    sc_buf_format(out, "%.*s\n", STR_ARG(file->name));
    for (size_t j = 0; j < file->statements.len; j++) print_statement(&file->statements.items[j], out);
    buf_char(out, '\n');
  }
  if (result->remark.len) sc_buf_format(out, "%.*s\n\n", STR_ARG(sc_str_trim(result->remark)));
  if (!result->len) {
    BUF_LIT(out, "No pending migrations to lint.\n");
    return;
  }
  size_t errors = lint_count(result, LINT_LEVEL_ERROR);
  size_t warnings = lint_count(result, LINT_LEVEL_WARNING) - errors;
  counted(result->len, "file", out);
  BUF_LIT(out, ": ");
  counted(errors, "error", out);
  BUF_LIT(out, ", ");
  counted(warnings, "warning", out);
  BUF_LIT(out, ", ");
  counted(lint_count(result, LINT_LEVEL_NOTE) - errors - warnings, "note", out);
  BUF_LIT(out, ".\n");
}

void lint_rules(buf *out)
{
  for (size_t i = 0; i < LINT_NO_RULE; i++)
    sc_buf_format(out, "%s %s (%s)\n  %.*s\n  Instead: %.*s\n", lint_rule_id((lint_rule)i),
                  lint_rule_name((lint_rule)i), levels[rules[i].level], STR_ARG(rules[i].text),
                  STR_ARG(rules[i].advice));
}

/* ---- JSON ---- */

static void json_touches(const lint_statement *statement, buf *out)
{
  for (size_t i = 0; i < statement->touches.len; i++) {
    const lint_touch *touch = &statement->touches.items[i];
    buf_add(out, i ? STR(", {\"table\": ") : STR("{\"table\": "));
    sc_buf_json(out, touch->table);
    sc_buf_format(out, ", \"lock\": \"%.*s\", \"scans\": %s, \"rewrites\": %s, \"new\": %s, \"rows\": ",
                  STR_ARG(locks[touch->lock].name), touch->scans ? "true" : "false",
                  touch->rewrites ? "true" : "false", touch->is_new ? "true" : "false");
    if (touch->rows < 0)
      BUF_LIT(out, "null}");
    else
      sc_buf_format(out, "%lld}", (long long)touch->rows);
  }
}

static void json_findings(const lint_statement *statement, buf *out)
{
  for (size_t i = 0; i < statement->findings.len; i++) {
    const lint_finding *found = &statement->findings.items[i];
    sc_buf_format(out,
                  "%s{\"rule\": \"%s\", \"name\": \"%s\", \"level\": \"%s\", \"message\": ", i ? ", " : "",
                  lint_rule_id(found->rule), lint_rule_name(found->rule), levels[found->level]);
    sc_buf_json(out, found->text);
    BUF_LIT(out, ", \"advice\": ");
    sc_buf_json(out, rules[found->rule].advice);
    buf_char(out, '}');
  }
}

static void json_file(const lint_file *file, buf *out)
{
  BUF_LIT(out, "{\"file\": ");
  sc_buf_json(out, file->name);
  BUF_LIT(out, ", \"statements\": [");
  for (size_t i = 0; i < file->statements.len; i++) {
    const lint_statement *statement = &file->statements.items[i];
    sc_buf_format(out, "%s{\"line\": %zu, \"text\": ", i ? ", " : "", statement->line);
    sc_buf_json(out, statement->text);
    BUF_LIT(out, ", \"touches\": [");
    json_touches(statement, out);
    BUF_LIT(out, "], \"findings\": [");
    json_findings(statement, out);
    BUF_LIT(out, "]}");
  }
  BUF_LIT(out, "]}");
}

void lint_json(const lint_result *result, int exit_code, buf *out)
{
  sc_buf_format(out, "{\"command\": \"migrate lint\", \"exitCode\": %d, \"error\": null, \"measured\": %s, ",
                exit_code, result->measured ? "true" : "false");
  sc_buf_format(out, "\"counted\": %s, \"files\": [", result->counted ? "true" : "false");
  for (size_t i = 0; i < result->len; i++) {
    if (i) BUF_LIT(out, ", ");
    json_file(&result->items[i], out);
  }
  BUF_LIT(out, "]}\n");
}
