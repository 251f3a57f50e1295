/* Golden directories of unit tests: every file that ends in `ending` is one test, named after it. */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include "unit/test.h"

#include "base/vec.h"

#include <dirent.h>
#include <stdio.h>

/* The whole file, or the test fails. */
static inline str golden_read(arena *mem, const char *path)
{
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("%s cannot be read", path);
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  char *bytes = sc_arena_raw(mem, size + 1);
  if (fread(bytes, 1, size, file) != size) fail_msg("%s cannot be read", path);
  fclose(file);
  return (str){bytes, size};
}

static inline int golden_compare_names(const void *a, const void *b)
{
  return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

typedef VEC(struct CMUnitTest) golden_tests;

/* Adds a test for each file: its name, and initial state, is "DIRECTORY/NAME" without the ending. */
static inline void golden_add(arena *mem, golden_tests *tests, const char *directory, const char *ending,
                              CMUnitTestFunction run)
{
  DIR *folder = opendir(directory);
  size_t first = tests->len;
  for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
    str name = str_from(entry->d_name);
    if (!str_ends(name, str_from(ending))) continue;
    name.len -= strlen(ending);
    char *path = sc_str_c(mem, sc_str_format(mem, "%s/%.*s", directory, STR_ARG(name)));
    vec_push(mem, tests, ((struct CMUnitTest){.name = path, .test_func = run, .initial_state = path}));
  }
  if (folder) closedir(folder);
  if (tests->len == first) fprintf(stderr, "%s holds no *%s\n", directory, ending), exit(1);
  qsort(tests->items + first, tests->len - first, sizeof *tests->items, golden_compare_names);
}

#endif
