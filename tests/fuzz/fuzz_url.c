/* Connection strings: nothing crashes, and a message never shows what was between "//" and the last "@". */
#include "fuzz.h"

#include "base/arena.h"
#include "conn/url.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  arena *mem = sc_arena_new();
  sc_url url;
  sc_status s = sc_url_parse(mem, (str){(const char *)data, size}, &url);
  if (s == SC_OK) {
    if (!url.host[0] || !url.port[0] || !url.schema[0] || url.connection_limit < 1) abort();
  } else if (s != SC_INVALID_ARGUMENT || !sc_error_last()->message[0]) {
    abort();
  }
  sc_arena_free(mem);
  return 0;
}
