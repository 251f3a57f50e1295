/* What a token means: quotes taken off, escapes resolved (the manual's sections 4.1.1 and 4.1.2). */
#include "base/buf.h"
#include "sql/lex.h"

/* ---- characters ---- */

enum { LAST_CHARACTER = 0x10FFFF, HIGH_SURROGATE = 0xD800, LOW_SURROGATE = 0xDC00, SURROGATES_END = 0xE000 };

static void add_character(buf *out, unsigned long c)
{
  if (c < 0x80) {
    buf_char(out, (char)c);
  } else if (c < 0x800) {
    buf_char(out, (char)(0xC0 | c >> 6));
    buf_char(out, (char)(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    buf_char(out, (char)(0xE0 | c >> 12));
    buf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
    buf_char(out, (char)(0x80 | (c & 0x3F)));
  } else {
    buf_char(out, (char)(0xF0 | c >> 18));
    buf_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
    buf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
    buf_char(out, (char)(0x80 | (c & 0x3F)));
  }
}

static int digit_value(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

/* The digits of `base` at the start of text, at most `most`; how many there are. */
static size_t read_digits(str text, int base, size_t most, unsigned long *value)
{
  size_t count = 0;
  *value = 0;
  for (; count < text.len && count < most && digit_value(text.ptr[count]) < base; count++)
    *value = *value * (unsigned long)base + (unsigned long)digit_value(text.ptr[count]);
  return count;
}

/* A character of `digits` hexadecimal digits behind an escape of `prefix` bytes; the second half of a
 * surrogate pair is the same escape again. Bytes read from the escape on, or 0 when it is no character. */
static size_t read_unicode(str text, size_t prefix, size_t digits, unsigned long *c)
{
  str rest = str_slice(text, prefix, text.len);
  if (read_digits(rest, 16, digits, c) != digits || *c > LAST_CHARACTER || *c == 0) return 0;
  size_t length = prefix + digits;
  if (*c < HIGH_SURROGATE || *c >= SURROGATES_END) return length;
  unsigned long low;
  rest = str_slice(text, length, text.len);
  bool again = *c < LOW_SURROGATE && rest.len > prefix && memcmp(rest.ptr, text.ptr, prefix) == 0;
  if (!again || read_digits(str_slice(rest, prefix, rest.len), 16, digits, &low) != digits) return 0;
  if (low < LOW_SURROGATE || low >= SURROGATES_END) return 0;
  *c = 0x10000 + ((*c - HIGH_SURROGATE) << 10) + (low - LOW_SURROGATE);
  return 2 * length;
}

/* ---- pieces ---- */

/* From the quote that closes a piece of a string to behind the quote that opens the next one: white space and
 * comments. Bytes skipped; `text` begins behind the closing quote. */
static size_t gap_length(str text)
{
  size_t at = 0;
  while (at < text.len && text.ptr[at] != '\'') {
    if (text.ptr[at] == '-')
      while (at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r') at++;
    else
      at++;
  }
  return at + 1;
}

/* A backslash escape of E'': its length, its meaning added. */
static size_t add_escape(buf *out, str text)
{
  static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
  unsigned long value;
  char c = text.len > 1 ? text.ptr[1] : '\\';
  str digits = str_slice(text, 1, text.len);
  const char *letter = c ? strchr(letters, c) : NULL;
  size_t length = 0;
  if (letter) {
    buf_char(out, meanings[letter - letters]);
    return 2;
  }
  if (c >= '0' && c <= '7') {
    length = 1 + read_digits(digits, 8, 3, &value);
    buf_char(out, (char)(unsigned char)value);
    return length;
  }
  if (c == 'x' && (length = read_digits(str_slice(text, 2, text.len), 16, 2, &value))) {
    buf_char(out, (char)(unsigned char)value);
    return 2 + length;
  }
  if (c == 'u' || c == 'U') {
    length = read_unicode(text, 2, c == 'u' ? 4 : 8, &value);
    if (length) add_character(out, value);
    if (length) return length;
    buf_char(out, '\\');
  }
  buf_char(out, c);
  return text.len > 1 ? 2 : 1;
}

/* An escape of U&'' and U&"". */
static size_t add_unicode(buf *out, str text, char escape)
{
  unsigned long value;
  if (text.len > 1 && text.ptr[1] == escape) {
    buf_char(out, escape);
    return 2;
  }
  bool six = text.len > 1 && text.ptr[1] == '+';
  size_t length = read_unicode(text, six ? 2 : 1, six ? 6 : 4, &value);
  if (length)
    add_character(out, value);
  else
    buf_char(out, escape);
  return length ? length : 1;
}

typedef enum escapes { ESCAPES_NONE, ESCAPES_BACKSLASH, ESCAPES_UNICODE } escapes;

/* `text` is from behind the opening quote to before the closing one. */
static str unquote(str text, char quote, escapes style, char escape, arena *mem)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len;) {
    char c = text.ptr[i];
    str rest = str_slice(text, i, text.len);
    if (c == quote && rest.len > 1 && rest.ptr[1] == quote) {
      buf_char(&out, quote);
      i += 2;
    } else if (c == quote) {
      i += 1 + gap_length(str_slice(rest, 1, rest.len));
    } else if (style == ESCAPES_BACKSLASH && c == '\\') {
      i += add_escape(&out, rest);
    } else if (style == ESCAPES_UNICODE && c == escape) {
      i += add_unicode(&out, rest, escape);
    } else {
      buf_char(&out, c);
      i++;
    }
  }
  return buf_str(&out);
}

/* UESCAPE 'c' behind a U& literal, or the backslash. */
static char unicode_escape(const sql_script *script, size_t token)
{
  if (!sql_token_is(script, token + 1, STR("uescape")) || token + 2 >= script->tokens.len) return '\\';
  str text = sql_token_text(script, token + 2);
  return text.len == 3 && text.ptr[0] == '\'' ? text.ptr[1] : '\\';
}

static str dollar_quoted(str text)
{
  size_t tag = 2 + sc_str_find_char(str_slice(text, 1, text.len), '$');
  return str_slice(text, tag, text.len - tag);
}

static str lower_case(str text, arena *mem)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    buf_char(&out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
  }
  return buf_str(&out);
}

/* Whether a plain string's backslashes escape is settled when it is lexed; here it is told by its letter
 * alone. */
str sql_token_value(const sql_script *script, size_t token, arena *mem)
{
  str text = sql_token_text(script, token);
  sql_token_kind kind = script->tokens.items[token].kind;
  if (kind == SQL_TOKEN_WORD) return lower_case(text, mem);
  if (kind != SQL_TOKEN_NAME && kind != SQL_TOKEN_STRING) return text;
  if (text.ptr[0] == '$') return dollar_quoted(text);
  char quote = kind == SQL_TOKEN_NAME ? '"' : '\'', first = text.ptr[0];
  escapes style = ESCAPES_NONE;
  if (first == 'u' || first == 'U') style = ESCAPES_UNICODE;
  if (first == 'e' || first == 'E') style = ESCAPES_BACKSLASH;
  size_t open = 1 + sc_str_find_char(text, quote);
  return unquote(str_slice(text, open, text.len - 1), quote, style, unicode_escape(script, token), mem);
}
