#!/bin/sh
# The compiler on schemas of 10 to 5,000 models: time of the whole program, start-up included, and peak memory; beside
# Prisma's WebAssembly, loaded and warm (where the conformance tests have it), and Prisma's CLI (BENCH_PRISMA names its
# build/index.js). All take turns. Prints rows as tests/bench/bench.h describes; needs BUILD, WORK and `compile` of run.
#
# Against the clock the least of all turns counts, and the least of processor time beside it: what else the machine does can
# only add to them. Growth is of processor time. Against Prisma the medians are compared.
turns=${BENCH_TURNS:-11}
export DATABASE_URL=postgresql://localhost/bench PRISMA_HIDE_UPDATE_MESSAGE=1 CHECKPOINT_DISABLE=1
cli=${BENCH_PRISMA:-$PWD/tests/conformance/node_modules/prisma/build/index.js}
engine=tests/conformance/node_modules/@prisma/prisma-schema-wasm

for n in 10 100 500 1000 5000; do
  awk -v n=$n -f tests/bench/models.awk >"$WORK/m$n.prisma"
  sed 's/"schemac"/"prisma-client-js"/' "$WORK/m$n.prisma" >"$WORK/p$n.prisma"
  printf 'validate %s\trun\t%s validate --schema %s\n' $n "$BUILD/schemac" "$WORK/m$n.prisma"
  printf 'format %s\trun\t%s format --stdout --schema %s\n' $n "$BUILD/schemac" "$WORK/m$n.prisma"
  # A fresh folder each time would be measured too: the client is there already, and compared with what would be written.
  printf 'generate %s\trun\t%s generate --schema %s --output %s\n' $n "$BUILD/schemac" "$WORK/m$n.prisma" "$WORK/out$n"
done >"$WORK/jobs"
if command -v node >/dev/null && [ -d $engine ]; then
  warm="node $PWD/tests/bench/prisma_warm.mjs"
  for work in validate format dmmf; do
    printf 'warm %s 500\task\t%s -- %s %s\n' $work "$warm" $work "$WORK/p500.prisma"
  done >>"$WORK/jobs"
else
  echo "language: Prisma's WebAssembly is not there: skipped" >&2
fi
if command -v node >/dev/null && [ -f "$cli" ]; then
  printf 'cli validate 500\trun\tnode %s validate --schema %s\n' "$cli" "$WORK/p500.prisma" >>"$WORK/jobs"
  cp "$WORK/p500.prisma" "$WORK/f500.prisma"
  printf 'cli format 500\trun\tnode %s format --schema %s\n' "$cli" "$WORK/f500.prisma" >>"$WORK/jobs"
else
  echo "language: Prisma's CLI is not there (BENCH_PRISMA=…/prisma/build/index.js): skipped" >&2
fi

compile "$WORK/commands" tests/bench/bench_commands.c
"$WORK/commands" "$turns" <"$WORK/jobs" >"$WORK/times"
awk -F'\t' '
  { median[$1] = $2; least[$1] = $3; processor[$1] = $4; peak[$1] = $5 / 1024 }
  function row(work, against, value, target, unit) { if (value) printf "language\t%s\t%s\t%.3f\t%s\t%s\n", work, against, value, target, unit }
  function ratio(work, other, against) {
    if (median[other]) row(work " 500 models", against, median[work " 500"] / median[other], 1, "x")
  }
  END {
    split("validate format generate", works, " "); split("10 10 60", most, " ")
    for (w = 1; w <= 3; w++) {
      work = works[w]
      count = split("10 100 500 1000 5000", sizes, " ")
      for (i = 1; i <= count; i++) {
        models = sizes[i] / 500
        linear = most[w] * (models > 1 ? 1.1 * models : 1)
        row(work " " sizes[i] " models", "the clock", least[work " " sizes[i]], linear, "ms")
        row(work " " sizes[i] " models, processor", "the clock", processor[work " " sizes[i]], linear, "ms")
        row(work " " sizes[i] " models, peak", "the limit", peak[work " " sizes[i]], 64 * (models > 1 ? models : 1), "MB")
      }
      if (!processor[work " 500"]) continue
      row(work " 1000 models", "500 models", processor[work " 1000"] / processor[work " 500"], 2.2, "x")
      row(work " 5000 models", "500 models", processor[work " 5000"] / processor[work " 500"], 12, "x")
    }
    ratio("validate", "warm validate 500", "warm WebAssembly")
    ratio("format", "warm format 500", "warm WebAssembly")
    ratio("generate", "warm dmmf 500", "warm WebAssembly")
    ratio("validate", "cli validate 500", "Prisma CLI")
    ratio("format", "cli format 500", "Prisma CLI")
  }' "$WORK/times"
