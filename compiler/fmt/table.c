#include "fmt/table.h"

fmt_row *fmt_table_row(fmt_table *table)
{
  vec_push(table->mem, &table->rows, (fmt_row){0});
  return &vec_last(&table->rows);
}

static size_t column_count(const fmt_row *row)
{
  size_t count = FMT_COLUMNS;
  while (count && !row->columns[count - 1].len) count--;
  return count;
}

static void write_columns(const fmt_row *row, const size_t *widths, buf *out)
{
  size_t count = column_count(row);
  for (size_t i = 0; i < count; i++) {
    buf_add(out, row->columns[i]);
    if (i + 1 < count) sc_buf_fill(out, ' ', widths[i] - row->columns[i].len + 1);
  }
  if (count && row->suffix.len) buf_char(out, ' ');
  buf_add(out, row->suffix);
}

void fmt_table_flush(fmt_table *table, size_t indent, buf *out)
{
  size_t widths[FMT_COLUMNS] = {0};
  for (size_t r = 0; r < table->rows.len; r++)
    for (size_t i = 0; i < FMT_COLUMNS && !table->rows.items[r].verbatim; i++)
      if (table->rows.items[r].columns[i].len > widths[i]) widths[i] = table->rows.items[r].columns[i].len;
  for (size_t r = 0; r < table->rows.len; r++) {
    const fmt_row *row = &table->rows.items[r];
    if (row->columns[0].len || row->suffix.len) sc_buf_fill(out, ' ', indent);
    if (row->verbatim) buf_add(out, row->columns[0]);
    else write_columns(row, widths, out);
    buf_char(out, '\n');
  }
  table->rows.len = 0;
}
