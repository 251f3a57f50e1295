#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

bool sc_buf_reserve(buf *out, size_t extra)
{
  if (out->broken) return false;
  if (extra <= out->cap - out->len) return true;
  if (extra > SIZE_MAX / 2 - out->len) {
    out->broken = true;
    return false;
  }
  size_t cap = out->cap ? out->cap * 2 : 64; /* mostly a name, and growing in place is cheap */
  if (cap < out->len + extra) cap = out->len + extra;
  if (!sc_arena_extend(out->mem, out->ptr, out->cap, cap)) {
    char *grown = sc_arena_raw(out->mem, cap);
    if (!grown) {
      out->broken = true;
      return false;
    }
    if (out->len) memcpy(grown, out->ptr, out->len);
    out->ptr = grown;
  }
  out->cap = cap;
  return true;
}

void sc_buf_add(buf *out, str text)
{
  if (!text.len || !sc_buf_reserve(out, text.len)) return;
  memcpy(out->ptr + out->len, text.ptr, text.len);
  out->len += text.len;
}

void sc_buf_fill(buf *out, char c, size_t count)
{
  if (!count || !sc_buf_reserve(out, count)) return;
  memset(out->ptr + out->len, c, count);
  out->len += count;
}

void sc_buf_u64(buf *out, uint64_t value)
{
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  sc_buf_add(out, (str){digits + at, sizeof digits - at});
}

void sc_buf_i64(buf *out, int64_t value)
{
  if (value < 0) buf_char(out, '-');
  sc_buf_u64(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void sc_buf_format(buf *out, const char *format, ...)
{
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (len < 0) out->broken = true;
  if (len > 0 && sc_buf_reserve(out, (size_t)len + 1)) { /* vsnprintf writes its NUL */
    vsnprintf(out->ptr + out->len, (size_t)len + 1, format, again);
    out->len += (size_t)len;
  }
  va_end(again);
}

/* Length of the well-formed UTF-8 sequence at the start of s (Unicode 15, table 3-7), or 0. */
static size_t utf8_sequence(str s)
{
  const unsigned char *p = (const unsigned char *)s.ptr;
  if (p[0] < 0x80) return 1;
  size_t len = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : p[0] >= 0xE0 && p[0] <= 0xEF ? 3 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
  if (!len || len > s.len) return 0;
  unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
  unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
  if (p[1] < low || p[1] > high) return 0;
  for (size_t i = 2; i < len; i++)
    if (p[i] < 0x80 || p[i] > 0xBF) return 0;
  return len;
}

static void json_escape(buf *out, char c)
{
  static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (size_t i = 0; i + 1 < sizeof names; i += 2) {
    if (names[i] != c) continue;
    buf_char(out, '\\');
    buf_char(out, names[i + 1]);
    return;
  }
  sc_buf_format(out, "\\u%04x", (unsigned)(unsigned char)c);
}

void sc_buf_json(buf *out, str text)
{
  buf_char(out, '"');
  size_t plain = 0, at = 0;
  while (at < text.len) {
    unsigned char c = (unsigned char)text.ptr[at];
    bool special = c < 0x20 || c == '"' || c == '\\';
    size_t len = special ? 0 : utf8_sequence(str_slice(text, at, text.len));
    if (len) {
      at += len;
      continue;
    }
    sc_buf_add(out, str_slice(text, plain, at));
    if (special) json_escape(out, (char)c);
    else BUF_LIT(out, "\xEF\xBF\xBD");
    plain = ++at;
  }
  sc_buf_add(out, str_slice(text, plain, at));
  buf_char(out, '"');
}

const char *sc_buf_c(buf *out)
{
  if (!sc_buf_reserve(out, 1)) return NULL;
  out->ptr[out->len] = '\0';
  return out->ptr;
}
