/* Source files and places in them.
 *
 * A schema is one file or several; names are global over all of them. A span is a range of bytes in one file; lines
 * and columns are computed only when something is printed. */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdint.h>

typedef struct source source;
struct source {
  str path; /* as reports name it */
  str text; /* at most UINT32_MAX - 1 bytes */
};

typedef struct source_set source_set;
struct source_set {
  source *items; /* in the order in which the files are read: sorted by path */
  size_t len, cap;
};

/* Bytes [start, end) of file number `file`. */
typedef struct span span;
struct span {
  uint32_t file, start, end;
};

/* 1-based. The column counts bytes; an editor that counts characters converts. */
typedef struct position position;
struct position {
  size_t line, column;
};

static inline span span_join(span first, span last)
{
  return (span){first.file, first.start, last.end};
}

str span_text(const source_set *sources, span place);

/* The starts of a file's lines, for many look-ups. A line ends with \n (a \r before it belongs to the line). */
typedef struct line_index line_index;
line_index *line_index_new(arena *mem, str text);
position line_index_position(const line_index *lines, uint32_t offset);
/* Line `number` (1-based) without its line end. Empty when there is no such line. */
str line_index_text(const line_index *lines, size_t number);

#endif
