/* What a call costs before anything is sent: reading the arguments of a model of sixty fields. */
#include "bench.h"

#include "engine/plan.h"

#include <schemac/schemac.h>

#include "golden/client/wide/wide.c"

enum { TURNS = 400, RUNS = 1000 };

static arena *mem;

static void shape_of(void *context)
{
  sc_arena_reset(mem);
  sc_ask ask = {.mem = mem, .schema = STR("public"), .keyed = true, .key = {.mem = mem}};
  if (sc_plan_shape(&ask, context) != SC_OK) bench_die("shape", sc_error_last()->message);
}

int main(void)
{
  mem = sc_arena_new();
  WideFindMany args = {.where = {.title = {.equals = "a title"}, .id = {.gt = SC_INT(5)}}, .take = 10};
  sc_request request = {.model = &wide_model,
                        .operation = SC_READ_MANY,
                        .where = &args,
                        .args = &args,
                        .at = &wide_model.find_many};
  bench_work *works[] = {shape_of};
  double median;
  bench_interleave(works, 1, &request, TURNS, RUNS, &median);
  bench_row("read", "shape scan of 60 fields", "the clock", median * 1000, 300, "ns");
  sc_arena_free(mem);
  return 0;
}
