/* Pieces of a line as text: what stands in a column. Internal to fmt. */
#ifndef FMT_PRINT_H
#define FMT_PRINT_H

#include "base/buf.h"
#include "syntax/ast.h"

void fmt_expr(const source_set *sources, const ast_expr *expr, buf *out);
/* `sign` is "@" or "@@". */
void fmt_attr(const source_set *sources, const ast_attr *attr, str sign, buf *out);
/* The type with its modifier; nothing for a field without one. */
void fmt_type(const source_set *sources, const ast_field *field, buf *out);

/* The attributes in the order in which they are written: ids, uniques, defaults … first, the others behind them as they
 * stood. Those behind /// are left out: they are part of their comments. */
ast_attrs fmt_sorted_attrs(const ast_attrs *attrs, arena *mem);
/* The place of an attribute in that order. */
size_t fmt_attr_rank(const ast_attr *attr);

#endif
