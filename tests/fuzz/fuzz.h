/* What every fuzz target includes. Built for libFuzzer the target is LLVMFuzzerTestOneInput alone; built with
 * -DFUZZ_REPLAY, as `make test` does, it is a program that runs the files it is given. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_REPLAY
#include <stdio.h>
#include <stdlib.h>

/* Each input in a block of exactly its size, so that the sanitizer sees a byte too many. */
int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) return 1;
    long size = ftell(file);
    rewind(file);
    uint8_t *data = size < 0 ? NULL : malloc(size ? (size_t)size : 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) return 1;
    fclose(file);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
  }
  return argc > 1 ? 0 : 1;
}
#endif

#endif
