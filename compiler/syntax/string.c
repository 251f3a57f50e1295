#include "base/buf.h"
#include "syntax/parser.h"

/* Prisma's strings are JSON's, and so are its complaints about them: each bad escape is reported and leaves nothing. */

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* The bytes of \uXXXX at the start of text that are well formed (6: all of it), its value in *unit. */
static size_t read_unit(str text, uint32_t *unit)
{
  *unit = 0;
  if (text.len < 4 || !str_starts(text, STR("\\u"))) return 0;
  for (size_t i = 2; i < 6; i++) {
    int digit = i < text.len ? hex_digit(text.ptr[i]) : -1;
    if (digit < 0) return i;
    *unit = *unit << 4 | (uint32_t)digit;
  }
  return 6;
}

static void add_code_point(buf *out, uint32_t code)
{
  if (code < 0x80) {
    buf_char(out, (char)code);
  } else if (code < 0x800) {
    buf_char(out, (char)(0xC0 | code >> 6));
    buf_char(out, (char)(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    buf_char(out, (char)(0xE0 | code >> 12));
    buf_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    buf_char(out, (char)(0x80 | (code & 0x3F)));
  } else {
    buf_char(out, (char)(0xF0 | code >> 18));
    buf_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
    buf_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    buf_char(out, (char)(0x80 | (code & 0x3F)));
  }
}

static void refuse_unicode(ast_parser *parser, span content, size_t at, size_t length)
{
  uint32_t start = content.start + (uint32_t)at, end = start + (uint32_t)length;
  diag_add_plain(parser->diags, DIAG_UNICODE_ESCAPE,
                 ((span){content.file, start, end < content.end ? end : content.end}));
}

/* \uXXXX, or two of them that make one character, at offset `at` of the content. The number of bytes it takes. */
static size_t decode_unicode(ast_parser *parser, span content, str text, size_t at, buf *out)
{
  uint32_t high, low;
  str rest = str_slice(text, at, text.len);
  size_t length = read_unit(rest, &high);
  if (length < 6) {
    refuse_unicode(parser, content, at, length > 2 ? length : 2);
    return length > 2 ? length : 2;
  }
  if (high < 0xD800 || high > 0xDFFF) {
    add_code_point(out, high);
    return 6;
  }
  size_t second = read_unit(str_slice(rest, 6, rest.len), &low);
  if (second < 6) {
    refuse_unicode(parser, content, at, 6);
    return 6;
  }
  if (high < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF)
    add_code_point(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
  else refuse_unicode(parser, content, at, 12);
  return 12;
}

/* An escape of one character: what it means, or 0. */
static char simple_escape(char c)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const char *found = c ? strchr(letters, c) : NULL;
  return found ? meanings[found - letters] : '\0';
}

static size_t utf8_length(char first)
{
  unsigned char c = (unsigned char)first;
  return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

str ast_decode_string(ast_parser *parser, span place)
{
  span content = {place.file, place.start + 1, place.end - 1};
  str text = str_slice(parser->text, content.start, content.end);
  if (!memchr(text.ptr, '\\', text.len)) return text;
  buf out = {.mem = parser->mem};
  sc_buf_reserve(&out, text.len);
  for (size_t at = 0; at < text.len;) {
    if (text.ptr[at] != '\\') {
      buf_char(&out, text.ptr[at++]);
      continue;
    }
    char c = text.ptr[at + 1]; /* the lexer has seen it */
    char meaning = simple_escape(c);
    if (meaning) {
      buf_char(&out, meaning);
      at += 2;
    } else if (c == 'u') {
      at += decode_unicode(parser, content, text, at, &out);
    } else {
      uint32_t start = content.start + (uint32_t)at;
      size_t length = 1 + utf8_length(c);
      diag_add_plain(parser->diags, DIAG_UNKNOWN_ESCAPE, ((span){content.file, start, start + (uint32_t)length}));
      at += length;
    }
  }
  return buf_str(&out);
}
