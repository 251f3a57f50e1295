#include "syntax/word.h"

/* ---- UTF-8 ---- */

/* The length of the code point at the start of text, its value in *code; 0 when it is not well formed. */
static size_t decode(str text, uint32_t *code)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (!text.len) return 0;
  unsigned char first = (unsigned char)text.ptr[0];
  *code = first;
  if (first < 0x80) return 1;
  size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC0 || first > 0xF4 || text.len < length) return 0;
  uint32_t value = first & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; i++) {
    unsigned char next = (unsigned char)text.ptr[i];
    if ((next & 0xC0u) != 0x80u) return 0;
    value = value << 6 | (next & 0x3Fu);
  }
  if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return 0;
  *code = value;
  return length;
}

/* How many bytes at the start are ASCII: eight at a time. */
static size_t ascii_length(str text)
{
  size_t at = 0;
  for (uint64_t eight; text.len - at >= sizeof eight; at += sizeof eight) {
    memcpy(&eight, text.ptr + at, sizeof eight);
    if (eight & UINT64_C(0x8080808080808080)) break;
  }
  while (at < text.len && (unsigned char)text.ptr[at] < 0x80) at++;
  return at;
}

size_t ast_utf8_valid_length(str text)
{
  size_t at = 0;
  while ((at += ascii_length(str_slice(text, at, text.len))) < text.len) {
    uint32_t code;
    size_t length = decode(str_slice(text, at, text.len), &code);
    if (!length) return at;
    at += length;
  }
  return at;
}

/* ---- white space ---- */

/* Unicode's space separators (Zs). */
static bool is_space_separator(uint32_t code)
{
  return code == ' ' || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
         code == 0x205F || code == 0x3000;
}

/* Unicode's White_Space: what is trimmed off documentation. */
static bool is_white(uint32_t code)
{
  return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029 || is_space_separator(code);
}

size_t ast_blank_length(str text)
{
  uint32_t code;
  size_t length = decode(text, &code);
  return length && (code == '\t' || is_space_separator(code)) ? length : 0;
}

size_t ast_blanks_length(str text)
{
  size_t at = 0, length;
  while ((length = ast_blank_length(str_slice(text, at, text.len))) != 0) at += length;
  return at;
}

str ast_trim_start(str text)
{
  uint32_t code;
  size_t length;
  while ((length = decode(text, &code)) != 0 && is_white(code)) text = str_slice(text, length, text.len);
  return text;
}

str ast_trim(str text)
{
  text = ast_trim_start(text);
  for (;;) {
    size_t last = text.len;
    while (last && ((unsigned char)text.ptr[last - 1] & 0xC0u) == 0x80u) last--;
    if (!last) return text;
    uint32_t code;
    if (!decode(str_slice(text, last - 1, text.len), &code) || !is_white(code)) return text;
    text.len = last - 1;
  }
}

/* ---- names ---- */

typedef struct letters letters;
struct letters {
  uint32_t first, last;
};

static const letters wide_letters[] = {
#define LETTERS(first, last) {first, last},
#include "syntax/letter.def"
#undef LETTERS
};

static bool is_wide_letter(uint32_t code)
{
  size_t low = 0, high = sizeof wide_letters / sizeof wide_letters[0];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (code > wide_letters[middle].last) low = middle + 1;
    else high = middle;
  }
  return low < sizeof wide_letters / sizeof wide_letters[0] && code >= wide_letters[low].first;
}

static bool is_ascii_alphanumeric(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

size_t ast_identifier_length(str text)
{
  size_t at = 0;
  while (at < text.len) {
    char c = text.ptr[at];
    if (is_ascii_alphanumeric(c) || (at && (c == '_' || c == '-'))) {
      at++;
    } else {
      uint32_t code;
      size_t length = decode(str_slice(text, at, text.len), &code);
      if (code < 0x80 || !length || !is_wide_letter(code)) break;
      at += length;
    }
  }
  return at;
}

size_t ast_path_length(str text)
{
  size_t at = ast_identifier_length(text);
  while (at && at < text.len && text.ptr[at] == '.') at += 1 + ast_identifier_length(str_slice(text, at + 1, text.len));
  return at;
}
