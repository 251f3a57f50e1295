/* Rows of columns that are aligned with each other. Internal to fmt.
 *
 * A row has columns, of which all but the last are padded to the widest of their column in the table, and a suffix,
 * which is not aligned. A row of text stands between them as it is. Widths are bytes, as Prisma counts them. */
#ifndef FMT_TABLE_H
#define FMT_TABLE_H

#include "base/buf.h"
#include "base/vec.h"

enum { FMT_COLUMNS = 3, FMT_INDENT = 2 };

typedef struct fmt_row fmt_row;
struct fmt_row {
  bool verbatim; /* columns[0] is a line of text */
  str columns[FMT_COLUMNS];
  str suffix;
};

typedef struct fmt_table fmt_table;
struct fmt_table {
  arena *mem;
  VEC(fmt_row) rows;
};

/* The pointer is valid until the next row. A row with nothing in it is an empty line. */
fmt_row *fmt_table_row(fmt_table *table);
/* Writes the rows, each indented and with its line end, and empties the table. */
void fmt_table_flush(fmt_table *table, size_t indent, buf *out);

#endif
