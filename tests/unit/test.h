/* What every unit test includes: cmocka with the headers it wants in front of it, and comparison of text. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/str.h"

/* Compares text and shows both sides when they differ. */
#define assert_str_eq(actual, expected) assert_text((actual), str_from(expected), __FILE__, __LINE__)

static inline void assert_text(str actual, str expected, const char *file, int line)
{
  if (str_eq(actual, expected)) return;
  print_error("--- expected\n%.*s\n--- actual\n%.*s\n---\n", STR_ARG(expected), STR_ARG(actual));
  _fail(file, line);
}

/* For an arena that must not run out: a test has no use for half a result. */
static inline void test_out_of_memory(void)
{
  abort();
}

#endif
