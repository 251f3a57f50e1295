# For tests of commands on live databases: sourced by tests/migrate/run and tests/migrate-commands/run, which set `family`.
# Each project has a folder and a database of its own; `finish_projects` drops the databases.
: "${BUILD:=$ROOT/build}"
[ -x "$BUILD/schemac" ] || { echo "not ok $family: $BUILD/schemac is not built"; exit 1; }
if [ -z "${DATABASE_URL:-}" ]; then echo "ok $family # SKIP no DATABASE_URL"; exit 0; fi
own_scratch=
if [ -z "${SCRATCH:-}" ]; then own_scratch=$(mktemp -d) SCRATCH=$own_scratch; fi
trap '[ -z "$own_scratch" ] || rm -rf "$own_scratch"' EXIT
trap 'exit 130' INT TERM

SERVER=$DATABASE_URL base=${DATABASE_URL%%\?*} base=${base##*/} failed=0 databases=
PATH=$BUILD:$PATH NO_COLOR=1 LC_ALL=C.UTF-8
export PATH NO_COLOR LC_ALL
unset DIRECT_URL SHADOW_DATABASE_URL

# ---- helpers ----

url() { printf %s "$SERVER" | sed "s#/$base#/${base}_$1#"; }
server() { psql -qAtX -v ON_ERROR_STOP=1 "$SERVER" -c "$1"; }
sql() { psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "$1"; }
project() { # a folder and a database of its own, which does not exist yet; the schema on standard input
  mkdir "$SCRATCH/$1" && cd "$SCRATCH/$1" || exit 3
  DATABASE_URL=$(url "$1"); export DATABASE_URL
  databases="$databases $1"
  { printf 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n'; cat; } >schema.prisma
}
check() { # NAME COMMAND…
  name=$1; shift
  if "$@" >"$SCRATCH/out" 2>&1; then echo "ok $family: $name"; return; fi
  echo "exit status $?" >>"$SCRATCH/out"
  sed 's/^/# /' "$SCRATCH/out"
  echo "not ok $family: $name"
  failed=1
}
gives() { # STATUS TEXT COMMAND…: exits with that, and says that
  want=$1 text=$2; shift 2
  "$@" >"$SCRATCH/said" 2>&1 </dev/null; got=$?
  cat "$SCRATCH/said"
  [ "$got" = "$want" ] && grep -qF -- "$text" "$SCRATCH/said" || { echo "got $got, wanted $want with: $text"; return 1; }
}
is() { [ "$1" = "$2" ] || { printf '%s\n' "is:     $1" "wanted: $2"; return 1; }; }
write() { # NAME SQL: a migration by hand
  mkdir -p "migrations/$1" && printf '%s\n' "$2" >"migrations/$1/migration.sql"
}
relations() { sql "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'i')"; }
shadows() { # how many stay; those of a test that runs beside this one go away by themselves
  for try in $(seq 100); do
    left=$(server "SELECT count(*) FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_%'")
    [ "$left" = 0 ] && break
    sleep 0.1
  done
  echo "$left"
}
holds() { # CONDITION: waits until somebody has a lock in this database of which it is true
  for try in $(seq 200); do
    [ "$(sql "SELECT count(*) > 0 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE datname = current_database() AND granted AND pid <> pg_backend_pid() AND $1")" = t ] && return
    sleep 0.05
  done
}
edit() { sed "$1" schema.prisma >edited && mv edited schema.prisma; }
dev() { schemac migrate dev --skip-generate "$@"; }

finish_projects() {
  cd "$SCRATCH" || exit 3
  for name in $databases; do server "DROP DATABASE IF EXISTS \"${base}_$name\" WITH (FORCE)" >/dev/null; done
}
