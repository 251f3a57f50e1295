#include "report/diag.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct diag_row diag_row;
struct diag_row {
  const char *name;
  diag_severity severity;
  str text;
};

static const diag_row rows[DIAG_CODE_COUNT] = {
#define DIAG(code, severity, text) {#code, DIAG_##severity, STR_INIT(text)},
#include "report/diag.def"
#undef DIAG
};

const char *diag_code_name(diag_code code)
{
  return (size_t)code < DIAG_CODE_COUNT ? rows[code].name : "UNKNOWN";
}

diag_list *diag_list_new(arena *mem)
{
  diag_list *list = arena_new(mem, diag_list);
  if (list) list->mem = mem;
  return list;
}

/* The row's text with {0} to {9} replaced; a number without an argument becomes nothing. */
static str fill_in(arena *mem, str text, const str *args, size_t count)
{
  buf out = {.mem = mem};
  for (size_t at = 0; at < text.len; at++) {
    bool slot = at + 2 < text.len && text.ptr[at] == '{' && text.ptr[at + 2] == '}' && text.ptr[at + 1] >= '0' &&
                text.ptr[at + 1] <= '9';
    if (!slot) {
      buf_char(&out, text.ptr[at]);
      continue;
    }
    size_t number = (size_t)(text.ptr[at + 1] - '0');
    if (number < count) buf_add(&out, args[number]);
    at += 2;
  }
  return buf_str(&out);
}

diag *diag_add_args(diag_list *list, diag_code code, span place, const str *args, size_t count)
{
  diag *d = arena_new(list->mem, diag);
  *d = (diag){.code = code, .severity = rows[code].severity, .place = place};
  d->message = fill_in(list->mem, rows[code].text, args, count);
  vec_push(list->mem, list, d);
  if (d->severity == DIAG_ERROR) list->errors++;
  return d;
}

static str format_args(arena *mem, const char *format, va_list args)
{
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (len < 0) return STR_NONE;
  char *text = sc_arena_raw(mem, (size_t)len + 1);
  vsnprintf(text, (size_t)len + 1, format, args);
  return (str){text, (size_t)len};
}

void diag_note_at(diag_list *list, diag *d, span place, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  vec_push(list->mem, &d->notes, (diag_note){true, place, format_args(list->mem, format, args)});
  va_end(args);
}

void diag_help(diag_list *list, diag *d, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  d->help = format_args(list->mem, format, args);
  va_end(args);
}

static char fold(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

enum { LONGEST_NAME = 64 };

/* Damerau-Levenshtein distance (adjacent swaps count once) of names of at most LONGEST_NAME bytes. */
static size_t distance(str a, str b)
{
  size_t rows_of[3][LONGEST_NAME + 1], *before = rows_of[0], *last = rows_of[1], *now = rows_of[2];
  for (size_t j = 0; j <= b.len; j++) last[j] = before[j] = j;
  for (size_t i = 1; i <= a.len; i++) {
    now[0] = i;
    for (size_t j = 1; j <= b.len; j++) {
      bool same = fold(a.ptr[i - 1]) == fold(b.ptr[j - 1]);
      size_t best = last[j - 1] + !same;
      if (last[j] + 1 < best) best = last[j] + 1;
      if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
      bool swapped = i > 1 && j > 1 && fold(a.ptr[i - 1]) == fold(b.ptr[j - 2]) && fold(a.ptr[i - 2]) == fold(b.ptr[j - 1]);
      if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
      now[j] = best;
    }
    size_t *reuse = before;
    before = last, last = now, now = reuse;
  }
  return last[b.len];
}

str diag_closest(str written, const str *candidates, size_t count)
{
  str best = STR_NONE;
  size_t best_distance = SIZE_MAX;
  if (written.len > LONGEST_NAME) return best;
  for (size_t i = 0; i < count; i++) {
    str candidate = candidates[i];
    if (candidate.len > LONGEST_NAME) continue;
    size_t longer = candidate.len > written.len ? candidate.len : written.len;
    size_t d = distance(written, candidate);
    if (d * 3 > longer + 2 || d >= best_distance) continue;
    best = candidate;
    best_distance = d;
  }
  return best;
}

void diag_did_you_mean(diag_list *list, diag *d, str written, const str *candidates, size_t count)
{
  str closest = diag_closest(written, candidates, count);
  if (closest.len) diag_help(list, d, "did you mean `%.*s`?", STR_ARG(closest));
}
