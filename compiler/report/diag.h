/* Diagnostics: what is wrong, where, and what to do about it.
 *
 * Passes add to a list and carry on; only the CLI prints. A diagnostic is a row of diag.def (code, severity, text
 * with {0}, {1} … for its arguments), a place, and optionally notes at other places and a line of help. The wording
 * of rules that Prisma has too is Prisma's, so that a search for it finds an answer. */
#ifndef REPORT_DIAG_H
#define REPORT_DIAG_H

#include "report/source.h"

typedef enum diag_severity { DIAG_ERROR, DIAG_WARNING } diag_severity;

typedef enum diag_code {
#define DIAG(code, severity, text) DIAG_##code,
#include "report/diag.def"
#undef DIAG
  DIAG_CODE_COUNT
} diag_code;

typedef struct diag_note diag_note;
struct diag_note {
  bool placed; /* false: a remark without a place */
  span place;
  str text;
};

typedef struct diag diag;
struct diag {
  diag_code code;
  diag_severity severity;
  span place;
  str message; /* complete, arguments filled in */
  VEC(diag_note) notes;
  str help; /* empty: none */
};

typedef struct diag_list diag_list;
struct diag_list {
  arena *mem;
  diag **items; /* in the order in which they were reported */
  size_t len, cap;
  size_t errors; /* how many of them are errors */
};

diag_list *diag_list_new(arena *mem);

/* Adds a diagnostic with its arguments, which are str:
 *   diag_add(diags, DIAG_UNKNOWN_TYPE, field->type_span, field->type_name);
 * The result may be given notes and help. Arguments are copied. */
#define diag_add(list, code, place, ...)                                                                               \
  diag_add_args((list), (code), (place), (const str[]){STR_NONE, __VA_ARGS__} + 1,                                     \
                sizeof((const str[]){STR_NONE, __VA_ARGS__}) / sizeof(str) - 1)
#define diag_add_plain(list, code, place) diag_add_args((list), (code), (place), NULL, 0)
diag *diag_add_args(diag_list *list, diag_code code, span place, const str *args, size_t count);

void diag_note_at(diag_list *list, diag *d, span place, const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_help(diag_list *list, diag *d, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Sets the help "did you mean `x`?" when one of the candidates is close to what was written. */
void diag_did_you_mean(diag_list *list, diag *d, str written, const str *candidates, size_t count);
/* The closest candidate within a third of its length (Damerau-Levenshtein, case ignored), or an empty str. */
str diag_closest(str written, const str *candidates, size_t count);

const char *diag_code_name(diag_code code); /* "UNKNOWN_TYPE" */

#endif
