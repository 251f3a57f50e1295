#!/bin/sh
# migrate deploy of 100 files beside psql with the same files, and migrate dev on 500 models. Prints rows as run wants them;
# needs BUILD, WORK and many_models of run.
#
# psql runs twice: once as one process with a -f for each file, which is the fair race, and once as a process a file, as
# scripts often do. The server's fsync is off, which favours psql: it commits every statement, schemac every file.
# All take turns, each in a new database. What migrate dev takes besides the server is its processor time.
turns=${BENCH_TURNS:-7}
server=$(tests/support/postgres start "$WORK/migrate-pg")
stop_migrate() { tests/support/postgres stop "$WORK/migrate-pg"; finish; }
trap stop_migrate EXIT
place() { printf %s "$server" | sed "s#/postgres?#/$1?#"; }
fresh() {
  psql -qX "$server" -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" 2>/dev/null
}
schemac=$(cd "$BUILD" && pwd)/schemac

# ---- 100 files ----

mkdir -p "$WORK/deploy/migrations"
awk -v folder="$WORK/deploy/migrations" 'BEGIN {
  for (i = 1; i <= 100; i++) {
    name = sprintf("%s/202401%02d%06d_step", folder, 1 + i / 10, i)
    system("mkdir " name)
    file = name "/migration.sql"
    printf "-- CreateTable\nCREATE TABLE \"T%d\" (\n    \"id\" SERIAL NOT NULL,\n    \"name\" TEXT NOT NULL,\n" \
      "    \"email\" TEXT,\n    \"at\" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,\n    \"otherId\" INTEGER,\n\n" \
      "    CONSTRAINT \"T%d_pkey\" PRIMARY KEY (\"id\")\n);\n\n", i, i >file
    printf "-- CreateIndex\nCREATE UNIQUE INDEX \"T%d_email_key\" ON \"T%d\"(\"email\");\n\n", i, i >file
    printf "-- CreateIndex\nCREATE INDEX \"T%d_name_idx\" ON \"T%d\"(\"name\");\n\n", i, i >file
    if (i > 1)
      printf "-- AlterTable\nALTER TABLE \"T%d\" ADD COLUMN \"more\" JSONB;\n\n-- AddForeignKey\nALTER TABLE \"T%d\" ADD CONSTRAINT " \
        "\"T%d_otherId_fkey\" FOREIGN KEY (\"otherId\") REFERENCES \"T%d\"(\"id\") ON DELETE SET NULL ON UPDATE CASCADE;\n", \
        i - 1, i, i, i - 1 >file
    close(file)
  }
}'
printf 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n' >"$WORK/deploy/schema.prisma"
files=$(for file in "$WORK"/deploy/migrations/*/migration.sql; do printf ' -f %s' "$file"; done)

by_schemac() { DATABASE_URL=$(place raced) "$schemac" migrate deploy --schema "$WORK/deploy/schema.prisma"; }
# shellcheck disable=SC2086
by_one_psql() { psql -qAtX -v ON_ERROR_STOP=1 "$(place raced)" $files; }
by_many_psql() {
  for file in "$WORK"/deploy/migrations/*/migration.sql; do
    psql -qAtX -v ON_ERROR_STOP=1 "$(place raced)" -f "$file" || return
  done
}
for turn in $(seq "$turns"); do
  for way in by_schemac by_one_psql by_many_psql; do
    fresh raced
    begin=$(date +%s%N)
    $way >"$WORK/said" 2>&1 || cat "$WORK/said" >&2
    echo "$way $(($(date +%s%N) - begin))"
  done
done | sort -k1,1 -k2,2n | awk '
  { times[$1, ++count[$1]] = $2 }
  function median(way) { return times[way, int((count[way] + 1) / 2)] }
  END {
    own = median("by_schemac")
    printf "migrate\tdeploy 100 files\tpsql, one process\t%.2f\t1.2\tx\n", own / median("by_one_psql")
    printf "migrate\tdeploy 100 files\tpsql, one a file\t%.2f\t1.2\tx\n", own / median("by_many_psql")
  }'

# ---- 500 models ----

mkdir "$WORK/dev"
many_models 500 >"$WORK/dev/schema.prisma"
dev() { DATABASE_URL=$(place dev) "$schemac" migrate dev --skip-generate --schema "$WORK/dev/schema.prisma" "$@" >"$WORK/said" 2>&1 || cat "$WORK/said" >&2; }
dev --name init
sed '0,/  flag Boolean/s//  more Int?\n  flag Boolean/' "$WORK/dev/schema.prisma" >"$WORK/changed" && mv "$WORK/changed" "$WORK/dev/schema.prisma"
for turn in 1 2 3; do
  (dev --name change --create-only; times) | tail -n 1 # of the children: 0m0.010s 0m0.060s
  rm -rf "$WORK"/dev/migrations/*_change
done | sed 's/[ms]/ /g' | awk '{ print 1000 * (60 * $1 + $2 + 60 * $3 + $4) }' | sort -n |
  awk 'NR == 2 { printf "migrate\tdev plans on 500 models\tprocessor time\t%.0f\t300\tms\n", $1 }'
