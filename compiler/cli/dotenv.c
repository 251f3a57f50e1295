#include "cli/dotenv.h"

#include "base/buf.h"

enum { DEEPEST_EXPANSION = 16 };

static bool is_name_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_key_char(char c)
{
  return is_name_char(c) || c == '.' || c == '-';
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static size_t skip_blanks(str text, size_t at)
{
  while (at < text.len && is_blank(text.ptr[at])) at++;
  return at;
}

static bool is_space(char c)
{
  return is_blank(c) || c == '\n';
}

static size_t skip_spaces(str text, size_t at)
{
  while (at < text.len && is_space(text.ptr[at])) at++;
  return at;
}

static size_t skip_key(str text, size_t at)
{
  while (at < text.len && is_key_char(text.ptr[at])) at++;
  return at;
}

static size_t end_of_line(str text, size_t at)
{
  while (at < text.len && text.ptr[at] != '\n') at++;
  return at;
}

/* Nothing follows on this line but blanks and a comment. */
static bool is_tail(str text, size_t at)
{
  at = skip_blanks(text, at);
  return at == text.len || text.ptr[at] == '\n' || text.ptr[at] == '#';
}

/* The end, behind the closing quote, of the quoted text that starts at `at`, or SIZE_MAX. A quote behind a
 * backslash closes only where no later one does. */
static size_t quoted_end(str text, size_t at)
{
  char quote = text.ptr[at];
  size_t escaped = SIZE_MAX;
  for (size_t i = at + 1; i < text.len; i++) {
    if (text.ptr[i] != quote) continue;
    if (text.ptr[i - 1] != '\\' || i - 1 == at) return is_tail(text, i + 1) ? i + 1 : escaped;
    if (is_tail(text, i + 1)) escaped = i + 1;
  }
  return escaped;
}

/* \n and \r are written out in double quotes only; every other backslash stays. */
static str expand_escapes(str text, arena *mem)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len; i++) {
    char next = text.ptr[i] == '\\' && i + 1 < text.len ? text.ptr[i + 1] : '\0';
    if (next == 'n')
      buf_char(&out, '\n'), i++;
    else if (next == 'r')
      buf_char(&out, '\r'), i++;
    else
      buf_char(&out, text.ptr[i]);
  }
  return buf_str(&out);
}

static str unquote(str value, arena *mem)
{
  value = sc_str_trim(value);
  char quote = value.len ? value.ptr[0] : '\0';
  if (quote != '\'' && quote != '"' && quote != '`') return value;
  if (value.len >= 2 && value.ptr[value.len - 1] == quote) value = str_slice(value, 1, value.len - 1);
  return quote == '"' ? expand_escapes(value, mem) : value;
}

static dotenv_entry *find(const dotenv *file, str key)
{
  for (size_t i = 0; i < file->len; i++)
    if (str_eq(file->items[i].key, key)) return &file->items[i];
  return NULL;
}

static void set(dotenv *file, str key, str value, arena *mem)
{
  dotenv_entry *known = find(file, key);
  if (known)
    known->value = value;
  else
    vec_push(mem, file, (dotenv_entry){key, value});
}

/* Reads the value at `at` and returns where the next line starts. */
static size_t read_value(str text, size_t at, str key, arena *mem, dotenv *out)
{
  size_t start = skip_spaces(text, at), end = SIZE_MAX; /* a quoted one may begin on a later line */
  char first = start < text.len ? text.ptr[start] : '\0';
  if (first == '\'' || first == '"' || first == '`') end = quoted_end(text, start);
  if (end == SIZE_MAX) {
    end = start = at;
    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '#') end++;
  }
  set(out, key, unquote(str_slice(text, start, end), mem), mem);
  return end_of_line(text, end) + 1;
}

/* Where the value begins behind `KEY=` or `KEY: `, or SIZE_MAX. As in dotenv, line ends are space here. */
static size_t behind_sign(str text, size_t at)
{
  if (at + 1 < text.len && text.ptr[at] == ':' && is_space(text.ptr[at + 1])) return at + 2;
  at = skip_spaces(text, at);
  return at < text.len && text.ptr[at] == '=' ? at + 1 : SIZE_MAX;
}

static size_t read_line(str text, size_t at, arena *mem, dotenv *out)
{
  size_t start = skip_blanks(text, at), end = skip_key(text, start), value = SIZE_MAX;
  if (str_eq(str_slice(text, start, end), STR("export"))) {
    size_t behind = skip_spaces(text, end), behind_end = skip_key(text, behind);
    if (behind > end && behind_end > behind) value = behind_sign(text, behind_end);
    if (value != SIZE_MAX) start = behind, end = behind_end;
  }
  if (value == SIZE_MAX && end > start) value = behind_sign(text, end);
  if (value == SIZE_MAX) return end_of_line(text, at) + 1;
  return read_value(text, value, str_slice(text, start, end), mem, out);
}

/* \r\n and \r end a line like \n. A byte order mark is no part of the first key. */
static str plain_lines(str text, arena *mem)
{
  if (str_starts(text, STR("\xEF\xBB\xBF"))) text = str_slice(text, 3, text.len);
  if (sc_str_find_char(text, '\r') == SIZE_MAX) return text;
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] != '\r')
      buf_char(&out, text.ptr[i]);
    else if (i + 1 == text.len || text.ptr[i + 1] != '\n')
      buf_char(&out, '\n');
  }
  return buf_str(&out);
}

void dotenv_parse(str text, arena *mem, dotenv *out)
{
  text = plain_lines(text, mem);
  for (size_t at = 0; at < text.len;) at = read_line(text, at, mem, out);
}

const str *dotenv_find(const dotenv *file, str key)
{
  const dotenv_entry *entry = find(file, key);
  return entry ? &entry->value : NULL;
}

/* ---- expansion ---- */

typedef struct expansion expansion;
struct expansion {
  const dotenv *file;
  dotenv_lookup *environment;
  arena *mem;
};

/* The end of `${NAME}` at `at`, or `at` when there is none. */
static size_t reference_end(str text, size_t at)
{
  if (!str_starts(str_slice(text, at, text.len), STR("${"))) return at;
  size_t end = at + 2;
  while (end < text.len && is_name_char(text.ptr[end])) end++;
  return end < text.len && text.ptr[end] == '}' ? end + 1 : at;
}

static str expand(const expansion *e, str text, unsigned depth)
{
  if (sc_str_find(text, STR("${")) == SIZE_MAX) return text;
  if (depth > DEEPEST_EXPANSION) return STR("");
  buf out = {.mem = e->mem};
  for (size_t at = 0; at < text.len;) {
    size_t end = reference_end(text, at);
    bool escaped = text.ptr[at] == '\\' && reference_end(text, at + 1) > at + 1;
    if (escaped) {
      end = reference_end(text, at + 1);
      buf_add(&out, str_slice(text, at + 1, end));
    } else if (end == at) {
      buf_char(&out, text.ptr[at]);
      end = at + 1;
    } else {
      str name = str_slice(text, at + 2, end - 1);
      const char *given = name.len ? e->environment(sc_str_c(e->mem, name)) : NULL;
      const str *written = dotenv_find(e->file, name);
      buf_add(&out, expand(e, given ? str_from(given) : written ? *written : STR(""), depth + 1));
    }
    at = end;
  }
  return buf_str(&out);
}

void dotenv_expand(dotenv *file, dotenv_lookup *environment, arena *mem)
{
  dotenv written = {0}; /* values refer to what was written, not to what an earlier value has become */
  for (size_t i = 0; i < file->len; i++) vec_push(mem, &written, file->items[i]);
  expansion e = {&written, environment, mem};
  for (size_t i = 0; i < file->len; i++) file->items[i].value = expand(&e, file->items[i].value, 0);
}
