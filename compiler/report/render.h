/* Prints diagnostics. Pure: the text goes to a buffer, the caller decides where that goes. */
#ifndef REPORT_RENDER_H
#define REPORT_RENDER_H

#include "base/buf.h"
#include "report/diag.h"

typedef struct render_options render_options;
struct render_options {
  bool color;
  bool warnings_only; /* render_notes leaves errors out */
};

/* Prisma's report, byte for byte: every error with its excerpt, then "Validation Error Count: N". No
 * warnings. */
void render_prisma(const diag_list *list, const source_set *sources, const render_options *options, buf *out);
/* Our own: errors and warnings with carets, notes and help. */
void render_notes(const diag_list *list, const source_set *sources, const render_options *options, buf *out);
/* One JSON array for editors: code, severity, span with file, lines and columns, message, notes, help. */
void render_json(const diag_list *list, const source_set *sources, buf *out);

#endif
