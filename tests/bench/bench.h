/* Interleaved timing: two ways of the same work take turns, and the medians of their turns are compared. Only
 * such ratios are honest figures on a machine that does other things too.
 *
 * A bench prints a line for each row of the table, fields separated by tabs:
 *   family  work  against  ratio or value  target  unit */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef void bench_work(void *context);

enum { BENCH_MOST_TURNS = 4000 };

static inline double bench_now(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static inline int bench_compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static inline double bench_median(double *values, size_t count)
{
  qsort(values, count, sizeof *values, bench_compare);
  return values[count / 2];
}

/* Microseconds of one run of each of `count` works, at most 4: the median of `turns` turns of `runs` runs.
 * Short turns are best: whatever else the machine does then meets all works alike. */
static inline void bench_interleave(bench_work *const *works, size_t count, void *context, int turns,
                                    int runs, double *medians)
{
  static double taken[4][BENCH_MOST_TURNS];
  if (turns > BENCH_MOST_TURNS) turns = BENCH_MOST_TURNS;
  for (int warm = 0; warm < 10; warm++) /* prepared statements have their generic plan after five runs */
    for (size_t w = 0; w < count; w++) works[w](context);
  for (int turn = 0; turn < turns; turn++)
    for (size_t w = 0; w < count; w++) {
      double start = bench_now();
      for (int run = 0; run < runs; run++) works[w](context);
      taken[w][turn] = (bench_now() - start) / runs;
    }
  for (size_t w = 0; w < count; w++) medians[w] = bench_median(taken[w], (size_t)turns);
}

static inline void bench_row(const char *family, const char *work, const char *against, double value,
                             double target, const char *unit)
{
  printf("%s\t%s\t%s\t%.3f\t%.3f\t%s\n", family, work, against, value, target, unit);
  fflush(stdout);
}

static inline void bench_die(const char *what, const char *why)
{
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

#endif
