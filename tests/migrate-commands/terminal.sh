# What is asked on a terminal (script(1) opens one), and what an answer does.
if ! command -v script >/dev/null 2>&1 || ! script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
  echo "ok $family: questions # SKIP no script(1)"
else
  project terminal <<'SCHEMA'
model A {
  id Int  @id
  n  Int?
}
SCHEMA
  here=${base}_terminal
  answer() { # ANSWER STATUS TEXT ARGUMENTS…: exits with that and says that
    answer=$1 want=$2 text=$3; shift 3
    printf '%s\n' "$answer" | script -qec "schemac $*" /dev/null >"$SCRATCH/said" 2>&1; got=$?
    cat "$SCRATCH/said"
    [ "$got" = "$want" ] && grep -qF -- "$text" "$SCRATCH/said" || { echo "got $got, wanted $want with: $text"; return 1; }
  }
  check "the name of a migration" answer 'First one' 0 "Enter a name for the new migration:" migrate dev --skip-generate
  check "is its folder's" sh -c 'ls migrations | grep -q "_first_one$"'
  sql 'INSERT INTO "A" VALUES (1, 2)'
  check "reset wants the database's name" answer y 130 "Type the database's name, $here, to go on:" migrate reset --skip-generate
  check "and says that it did nothing" grep -qF "Reset cancelled." "$SCRATCH/said"
  check "--force-reset too" answer "" 130 "Push cancelled." db push --force-reset --skip-generate
  check "the row is there" is "$(sql 'SELECT count(*) FROM "A"')" 1
  edit '/n  Int?/d'
  check "a push asks about data" answer n 130 "Do you want to ignore the warning(s)? (y/N)" db push --skip-generate
  check "no is no" is "$(sql 'SELECT n FROM "A"')" 2
  check "yes is yes" answer y 0 "in sync" db push --skip-generate
  check "drift offers its ways" answer nothing 130 "What shall be done about it" migrate dev --skip-generate
  check "as words" grep -qE "^ *revert +take it back" "$SCRATCH/said"
  check "and takes one" answer revert 0 "The drift was taken back." migrate dev --skip-generate --name x --create-only --accept-data-loss
  check "--json asks nothing, terminal or not" answer y 1 '"error": {"code": null' migrate reset --json
  check "the name, as it is asked for" answer "$here" 0 "Database reset successful" migrate reset --skip-generate
  check "has emptied it" is "$(sql 'SELECT count(*) FROM "A"')" 0
  schemac db protect >/dev/null 2>&1
  check "a protected database is not even asked about" answer "$here" 1 "is protected. Nothing was changed." migrate reset --skip-generate
  check "its mark wants the name too" answer "$here" 0 "is not protected any more." db unprotect
  interrupted() { # TEXT ARGUMENTS…: Ctrl-C where that is asked ends it with 130
    text=$1; shift
    : >"$SCRATCH/said"
    { for try in $(seq 200); do grep -qF "$text" "$SCRATCH/said" && break; sleep 0.05; done; sleep 0.1; printf '\003'; sleep 0.2; } |
      script -qefc "schemac $*" /dev/null >>"$SCRATCH/said" 2>&1; got=$?
    cat "$SCRATCH/said"
    [ "$got" = 130 ] && grep -qF "Interrupted" "$SCRATCH/said"
  }
  project interrupted <<'SCHEMA'
model A {
  id Int  @id
  n  Int?
}
SCHEMA
  dev --name init >/dev/null 2>&1
  edit 's/n  Int/m  Int/'
  before=$(ls migrations)
  check "Ctrl-C at the question of a rename" interrupted "renamed to" migrate dev --skip-generate --name x
  check "and at that of a name" interrupted "Enter a name" migrate dev --skip-generate --accept-data-loss --rename A.n=m
  check "has written nothing" is "$(ls migrations)" "$before"
  check "and left no shadow database" is "$(shadows)" 0
fi
