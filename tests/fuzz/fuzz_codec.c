/* The binary decoder: the first byte chooses the type, the second whether it is a list and the format. */
#include "fuzz.h"

#include "base/arena.h"
#include "codec/codec.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 2) return 0;
  const sc_codec *codec = sc_codec_of(data[0] % (SC_NATIVE_BYTEA + 1));
  str bytes = {(const char *)data + 2, size - 2};
  arena *mem = sc_arena_new();
  if (data[1] & 1) {
    sc_list list;
    sc_codec_decode_array(codec, mem, bytes, &list);
  } else {
    char *value = malloc(codec->size); /* exactly, so that the sanitizer sees a byte too many */
    sc_codec_decode(codec, mem, bytes, !(data[1] & 2), value);
    free(value);
  }
  sc_arena_free(mem);
  return 0;
}
