#include "report/source.h"

struct line_index {
  str text;
  VEC(uint32_t) starts; /* of each line; the first is 0 */
};

str span_text(const source_set *sources, span place)
{
  if (place.file >= sources->len) return STR_NONE;
  return str_slice(sources->items[place.file].text, place.start, place.end);
}

line_index *line_index_new(arena *mem, str text)
{
  line_index *lines = arena_new(mem, line_index);
  if (!lines) return NULL;
  lines->text = text;
  vec_push(mem, &lines->starts, 0);
  for (size_t at = 0; at < text.len; at++)
    if (text.ptr[at] == '\n') vec_push(mem, &lines->starts, (uint32_t)(at + 1));
  return lines;
}

position line_index_position(const line_index *lines, uint32_t offset)
{
  size_t low = 0, high = lines->starts.len;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (lines->starts.items[middle] <= offset) low = middle;
    else high = middle;
  }
  return (position){low + 1, offset - lines->starts.items[low] + 1};
}

str line_index_text(const line_index *lines, size_t number)
{
  if (number == 0 || number > lines->starts.len) return STR_NONE;
  size_t start = lines->starts.items[number - 1];
  size_t end = number < lines->starts.len ? lines->starts.items[number] - 1 : lines->text.len;
  return str_slice(lines->text, start, end);
}
