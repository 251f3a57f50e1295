/* Text that grows in an arena.
 *
 * Failure is sticky: when memory runs out the buffer becomes *broken*, later additions do nothing, and the writer
 * tests buf.broken once at the end. A zeroed buf with its arena set is ready: (buf){.mem = mem}. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

typedef struct sc_buf buf;
struct sc_buf {
  arena *mem;
  char *ptr; /* not NUL-terminated; see sc_buf_c */
  size_t len, cap;
  bool broken;
};

/* Room for `extra` more bytes at ptr + len; the caller writes them and adds to len. False when broken. */
bool sc_buf_reserve(buf *out, size_t extra);
void sc_buf_add(buf *out, str text);
void sc_buf_fill(buf *out, char c, size_t count);
void sc_buf_u64(buf *out, uint64_t value);
void sc_buf_i64(buf *out, int64_t value);
void sc_buf_format(buf *out, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* `text` as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void sc_buf_json(buf *out, str text);
/* The text as a C string (a NUL is put behind it, not counted); NULL when broken. Valid until the next addition. */
const char *sc_buf_c(buf *out);

static inline void buf_add(buf *out, str text)
{
  sc_buf_add(out, text);
}

static inline void buf_char(buf *out, char c)
{
  if (sc_buf_reserve(out, 1)) out->ptr[out->len++] = c;
}

static inline str buf_str(const buf *b)
{
  return (str){b->ptr, b->len};
}

/* A literal: BUF_LIT(out, "SELECT "). */
#define BUF_LIT(out, literal) sc_buf_add((out), STR(literal))

#endif
