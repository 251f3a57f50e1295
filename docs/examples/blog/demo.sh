#!/bin/sh
# From a schema to a running app, step by step: each command as you would type it, and what it did.
#
# `make demo` (or ./bootstrap demo) builds schemac and calls this with BUILD and CC. It works in a copy of this folder,
# $BUILD/demo, so the checkout stays as it is, and it may be run again and again. Nothing needs to be installed and no
# service is touched: the PostgreSQL is a private one, which is stopped at the end. Its data stays for the next time.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
BUILD=${BUILD:-$root/build} CC=${CC:-cc}
case $BUILD in /*) ;; *) BUILD=$root/$BUILD ;; esac
demo=$BUILD/demo

# What an installed schemac would have by itself: the command, its headers, its library.
PATH=$BUILD:$PATH
C_INCLUDE_PATH=$root/runtime/include${C_INCLUDE_PATH:+:$C_INCLUDE_PATH}
LIBRARY_PATH=$BUILD${LIBRARY_PATH:+:$LIBRARY_PATH}
LD_LIBRARY_PATH=$BUILD${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH C_INCLUDE_PATH LIBRARY_PATH LD_LIBRARY_PATH
unset DATABASE_URL DIRECT_URL SHADOW_DATABASE_URL 2>/dev/null || true

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi

# say WHAT: a step begins.   run COMMAND: shows it and runs it.
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() {
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  eval "$1"
}

mkdir -p "$demo"
cd "$demo"
for file in schema.prisma app.c; do # what you tried in them last time is kept beside
  if [ -f $file ] && ! cmp -s $file "$here/$file"; then edited=yes; mv $file $file.yours; fi
  cp "$here/$file" $file
done
if [ -n "${edited:-}" ]; then
  echo "Your changes are kept as *.yours in $demo; the database begins anew."
  schemac dev reset --force >/dev/null
  rm -rf migrations generated
fi
trap 'schemac dev stop >/dev/null 2>&1 || true' EXIT
trap 'exit 130' INT TERM

say "1. A private PostgreSQL for this folder: no service, no password, only a socket in a folder of its own."
run 'schemac dev start'
run 'export DATABASE_URL="$(schemac dev url)"'

say "2. The schema becomes tables: what is missing is written to migrations/ as SQL, applied and recorded."
run 'schemac migrate dev --name init'
run 'schemac migrate status'
run 'ls migrations'

say "3. And a C client, one header and one source. (\`migrate dev\` has written them: nothing is left to do.)"
run 'schemac generate'
run 'wc -l generated/blog.h generated/blog.c'

say "4. The app is compiled with it and linked with libschemac."
run "$CC"' -std=c11 -Wall -Wextra -Igenerated -o app app.c generated/blog.c -lschemac'

say "5. And runs: users with posts and comments in one call, nested reads, counts, updates, a refusal, a delete."
run './app'

say "6. The server stops. Its data stays under .schemac/ until \`schemac dev reset\`."
run 'schemac dev stop'
trap - EXIT

cat <<NEXT

${bold}What to try next${plain}
  cd $demo
  export PATH=$BUILD:\$PATH
  schemac dev start && schemac dev psql                look at the tables
  edit schema.prisma, then
  schemac migrate dev --name my_change                 the difference becomes the next migration
  read app.c beside generated/blog.h                   the whole client in one header
  make install PREFIX=\$HOME/.local                     in the checkout; from then on an app is compiled with
  cc app.c … \$(pkg-config --cflags --libs schemac)
NEXT
