#include "report/render.h"

/* ---- what both reports share ---- */

static const char bold[] = "\033[1m", red[] = "\033[1;91m", yellow[] = "\033[1;93m", blue[] = "\033[1;94m",
                  underline[] = "\033[4m", plain[] = "\033[0m";

typedef struct page page;
struct page {
  const diag_list *list;
  const source_set *sources;
  line_index **lines; /* of each source, made when first needed */
  bool color;
  buf *out;
};

static page page_new(const diag_list *list, const source_set *sources, bool color, buf *out)
{
  return (page){list, sources, arena_array(list->mem, line_index *, sources->len + 1), color, out};
}

static void paint(page *p, const char *style)
{
  if (p->color) buf_add(p->out, str_from(style));
}

static void painted(page *p, const char *style, str text)
{
  paint(p, style);
  buf_add(p->out, text);
  paint(p, plain);
}

static const line_index *lines_of(page *p, uint32_t file)
{
  if (file >= p->sources->len) {
    line_index **none = &p->lines[p->sources->len];
    if (!*none) *none = line_index_new(p->list->mem, STR(""));
    return *none;
  }
  if (!p->lines[file]) p->lines[file] = line_index_new(p->list->mem, p->sources->items[file].text);
  return p->lines[file];
}

static str path_of(const page *p, uint32_t file)
{
  return file < p->sources->len ? p->sources->items[file].path : STR("schema");
}

static const char *severity_name(diag_severity severity)
{
  return severity == DIAG_ERROR ? "error" : "warning";
}

/* "12 | ", or "   | " for number 0: Prisma gives line numbers two places. */
static void gutter(page *p, size_t number)
{
  paint(p, blue);
  if (number)
    sc_buf_format(p->out, "%2zu | ", number);
  else
    BUF_LIT(p->out, "   | ");
  paint(p, plain);
}

/* ---- Prisma's report ---- */

/* A report shows the whole line of every error: half a million errors on one long line would be more text
 * than anybody has memory for. Behind this many bytes only the count follows. */
enum { REPORT_LIMIT = 64 * 1024 * 1024 };

static void prisma_excerpt(page *p, span place)
{
  const line_index *lines = lines_of(p, place.file);
  position start = line_index_position(lines, place.start), end = line_index_position(lines, place.end);
  str line = line_index_text(lines, start.line);
  size_t from = start.column - 1, to = from + (place.end - place.start);
  if (to > line.len) to = line.len;
  gutter(p, 0);
  buf_char(p->out, '\n');
  gutter(p, start.line - 1);
  buf_add(p->out, line_index_text(lines, start.line - 1));
  buf_char(p->out, '\n');
  gutter(p, start.line);
  buf_add(p->out, str_slice(line, 0, from));
  painted(p, red, str_slice(line, from, to));
  buf_add(p->out, str_slice(line, to, line.len));
  buf_char(p->out, '\n');
  if (from >= to) { /* nothing to show: point behind it */
    gutter(p, 0);
    sc_buf_fill(p->out, ' ', from);
    painted(p, red, STR("^ Unexpected token."));
    buf_char(p->out, '\n');
  }
  for (size_t number = start.line + 1; number <= end.line; number++) {
    gutter(p, number);
    buf_add(p->out, line_index_text(lines, number));
    buf_char(p->out, '\n');
  }
  gutter(p, 0);
  buf_char(p->out, '\n');
}

static void prisma_error(page *p, const diag *d)
{
  painted(p, red, STR("error"));
  BUF_LIT(p->out, ": ");
  painted(p, bold, d->message);
  BUF_LIT(p->out, "\n  ");
  painted(p, blue, STR("-->"));
  BUF_LIT(p->out, "  ");
  paint(p, underline);
  buf_add(p->out, path_of(p, d->place.file));
  sc_buf_format(p->out, ":%zu", line_index_position(lines_of(p, d->place.file), d->place.start).line);
  paint(p, plain);
  buf_char(p->out, '\n');
  prisma_excerpt(p, d->place);
}

void render_prisma(const diag_list *list, const source_set *sources, const render_options *options, buf *out)
{
  page p = page_new(list, sources, options->color, out);
  for (size_t i = 0; i < list->len && out->len < REPORT_LIMIT; i++)
    if (list->items[i]->severity == DIAG_ERROR) prisma_error(&p, list->items[i]);
  if (out->len >= REPORT_LIMIT) BUF_LIT(out, "\nThe report is cut here: it would be too long to read.\n");
  sc_buf_format(out, "\nValidation Error Count: %zu\n", list->errors);
}

/* ---- our own report ---- */

static size_t digits(size_t number)
{
  size_t count = 1;
  while (number /= 10) count++;
  return count;
}

static void margin(page *p, size_t width, const char *sign)
{
  sc_buf_fill(p->out, ' ', width + 1);
  painted(p, blue, str_from(sign));
}

/* Spaces as wide as the text: tabs stay tabs, a UTF-8 sequence counts once. */
static void pad_like(buf *out, str text)
{
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '\t')
      buf_char(out, '\t');
    else if (((unsigned char)text.ptr[i] & 0xC0u) != 0x80u)
      buf_char(out, ' ');
  }
}

static size_t characters(str text)
{
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++) count += ((unsigned char)text.ptr[i] & 0xC0u) != 0x80u;
  return count;
}

/* The first line of the place with carets below what is meant. */
static void caret_excerpt(page *p, span place, const char *style, size_t width)
{
  const line_index *lines = lines_of(p, place.file);
  position start = line_index_position(lines, place.start);
  str line = line_index_text(lines, start.line);
  if (str_ends(line, STR("\r"))) line.len--;
  size_t from = start.column - 1, to = from + (place.end - place.start);
  if (to > line.len) to = line.len;
  if (from > line.len) from = line.len;
  margin(p, width, "|\n");
  paint(p, blue);
  sc_buf_format(p->out, "%*zu |", (int)width, start.line);
  paint(p, plain);
  buf_char(p->out, ' ');
  buf_add(p->out, line);
  buf_char(p->out, '\n');
  margin(p, width, "| ");
  pad_like(p->out, str_slice(line, 0, from));
  size_t carets = to > from ? characters(str_slice(line, from, to)) : 1;
  paint(p, style);
  sc_buf_fill(p->out, '^', carets ? carets : 1);
  paint(p, plain);
  buf_char(p->out, '\n');
}

static void caret_place(page *p, span place, size_t width)
{
  position at = line_index_position(lines_of(p, place.file), place.start);
  sc_buf_fill(p->out, ' ', width);
  painted(p, blue, STR("--> "));
  buf_add(p->out, path_of(p, place.file));
  sc_buf_format(p->out, ":%zu:%zu\n", at.line, at.column);
}

static void caret_note(page *p, const diag_note *note, size_t width)
{
  margin(p, width, "= ");
  painted(p, bold, STR("note"));
  BUF_LIT(p->out, ": ");
  buf_add(p->out, note->text);
  buf_char(p->out, '\n');
  if (!note->placed) return;
  caret_place(p, note->place, width);
  caret_excerpt(p, note->place, blue, width);
}

static void caret_diag(page *p, const diag *d)
{
  const char *style = d->severity == DIAG_ERROR ? red : yellow;
  size_t width = digits(line_index_position(lines_of(p, d->place.file), d->place.start).line);
  for (size_t i = 0; i < d->notes.len; i++) {
    span place = d->notes.items[i].place;
    size_t needed = digits(line_index_position(lines_of(p, place.file), place.start).line);
    if (d->notes.items[i].placed && needed > width) width = needed;
  }
  painted(p, style, str_from(severity_name(d->severity)));
  BUF_LIT(p->out, ": ");
  painted(p, bold, d->message);
  buf_char(p->out, '\n');
  caret_place(p, d->place, width);
  caret_excerpt(p, d->place, style, width);
  for (size_t i = 0; i < d->notes.len; i++) caret_note(p, &d->notes.items[i], width);
  if (d->help.len) {
    margin(p, width, "= ");
    painted(p, bold, STR("help"));
    BUF_LIT(p->out, ": ");
    buf_add(p->out, d->help);
    buf_char(p->out, '\n');
  }
  buf_char(p->out, '\n');
}

void render_notes(const diag_list *list, const source_set *sources, const render_options *options, buf *out)
{
  page p = page_new(list, sources, options->color, out);
  for (size_t i = 0; i < list->len && out->len < REPORT_LIMIT; i++) {
    const diag *d = list->items[i];
    if (d->severity == DIAG_WARNING || !options->warnings_only) caret_diag(&p, d);
  }
}

/* ---- JSON ---- */

static void json_position(buf *out, const char *name, position at, uint32_t offset)
{
  sc_buf_format(out, "\"%s\":{\"line\":%zu,\"column\":%zu,\"offset\":%u}", name, at.line, at.column,
                (unsigned)offset);
}

static void json_span(page *p, span place)
{
  const line_index *lines = lines_of(p, place.file);
  BUF_LIT(p->out, "{\"file\":");
  sc_buf_json(p->out, path_of(p, place.file));
  buf_char(p->out, ',');
  json_position(p->out, "start", line_index_position(lines, place.start), place.start);
  buf_char(p->out, ',');
  json_position(p->out, "end", line_index_position(lines, place.end), place.end);
  buf_char(p->out, '}');
}

static void json_note(page *p, const diag_note *note)
{
  BUF_LIT(p->out, "{\"message\":");
  sc_buf_json(p->out, note->text);
  if (note->placed) {
    BUF_LIT(p->out, ",\"span\":");
    json_span(p, note->place);
  }
  buf_char(p->out, '}');
}

static void json_diag(page *p, const diag *d)
{
  sc_buf_format(p->out, "{\"code\":\"%s\",\"severity\":\"%s\",\"message\":", diag_code_name(d->code),
                severity_name(d->severity));
  sc_buf_json(p->out, d->message);
  BUF_LIT(p->out, ",\"span\":");
  json_span(p, d->place);
  BUF_LIT(p->out, ",\"notes\":[");
  for (size_t i = 0; i < d->notes.len; i++) {
    if (i) buf_char(p->out, ',');
    json_note(p, &d->notes.items[i]);
  }
  buf_char(p->out, ']');
  if (d->help.len) {
    BUF_LIT(p->out, ",\"help\":");
    sc_buf_json(p->out, d->help);
  }
  buf_char(p->out, '}');
}

void render_json(const diag_list *list, const source_set *sources, buf *out)
{
  page p = page_new(list, sources, false, out);
  buf_char(out, '[');
  for (size_t i = 0; i < list->len; i++) {
    buf_add(out, i ? STR(",\n") : STR("\n"));
    json_diag(&p, list->items[i]);
  }
  BUF_LIT(out, "\n]\n");
}
