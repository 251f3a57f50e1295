/* Interleaved timing: two ways of the same work take turns, and the medians of their turns are compared. Only such
 * ratios are honest figures on a machine that does other things too.
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

enum { BENCH_TURNS = 41 };

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

/* Microseconds of one run of each of `count` works, taking turns of `runs` runs. At most 4 works. */
static inline void bench_interleave(bench_work *const *works, size_t count, void *context, int runs, double *medians)
{
  static double turns[4][BENCH_TURNS];
  for (size_t w = 0; w < count; w++) works[w](context); /* prepare, fill caches */
  for (int turn = 0; turn < BENCH_TURNS; turn++)
    for (size_t w = 0; w < count; w++) {
      double start = bench_now();
      for (int run = 0; run < runs; run++) works[w](context);
      turns[w][turn] = (bench_now() - start) / runs;
    }
  for (size_t w = 0; w < count; w++) medians[w] = bench_median(turns[w], BENCH_TURNS);
}

static inline void bench_row(const char *family, const char *work, const char *against, double value, double target,
                             const char *unit)
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
