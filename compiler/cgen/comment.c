#include "cgen/comment.h"

str comment_safe(arena *mem, str text)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    char before = i > 0 ? text.ptr[i - 1] : ' ';
    bool trigraph = c == '?' && before == '?';
    if ((c == '/' && before == '*') || (c == '*' && before == '/') || trigraph) buf_char(&out, '\\');
    buf_char(&out, c == '\n' || c == '\r' ? ' ' : c);
  }
  return buf_str(&out);
}

bool comment_next_line(arena *mem, str *rest, str *line)
{
  while (rest->len > 0) {
    size_t end = sc_str_find_char(*rest, '\n');
    *line = sc_str_trim(str_slice(*rest, 0, end));
    *rest = str_slice(*rest, end == SIZE_MAX ? rest->len : end + 1, rest->len);
    if (line->len == 0 || line->ptr[0] == '@') continue;
    *line = comment_safe(mem, *line);
    return true;
  }
  return false;
}
