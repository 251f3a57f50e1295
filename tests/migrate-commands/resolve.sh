# migrate resolve and migrate status: what a hand did, and how the two histories stand.
project resolve <<'SCHEMA'
model A {
  id Int @id
}
SCHEMA
resolve() { schemac migrate resolve "$@"; }
rows() { sql "SELECT string_agg(concat_ws(' ', migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, applied_steps_count), ', ' ORDER BY started_at) FROM _prisma_migrations"; }

check "one of two" gives 1 "--applied or --rolled-back must be part of the command" resolve
check "not both" gives 1 "Pass either --applied or --rolled-back, not both." resolve --applied a --rolled-back b
check "a database that is not there" gives 3 P1003 resolve --applied a
server "CREATE DATABASE \"${base}_resolve\"" >/dev/null
check "an empty database without migrations is nobody's" gives 1 "not managed by Prisma Migrate" schemac migrate status
write 20200101000000_a 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));'
check "a migration that is nowhere" gives 1 "P3017: The migration nope could not be found." resolve --applied nope
check "one that was never applied" gives 1 'P3011: Migration `20200101000000_a` cannot be rolled back because it was never applied' resolve --rolled-back 20200101000000_a
check "and none of that has made the history" is "$(sql "SELECT to_regclass('_prisma_migrations') IS NULL")" t
sql 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"))'
check "a filled database is not deployed to" gives 1 P3005 schemac migrate deploy
check "status says how to begin" gives 1 'schemac migrate resolve --applied "20200101000000_a"' schemac migrate status
check "a baseline" gives 0 "Migration 20200101000000_a marked as applied." resolve --applied 20200101000000_a
check "is a row without steps" is "$(rows)" "20200101000000_a t f 0"
check "with the file's checksum" is "$(sql 'SELECT checksum FROM _prisma_migrations')" "$(sha256sum migrations/*/migration.sql | cut -d' ' -f1)"
check "and all is well" gives 0 "Database schema is up to date!" schemac migrate status
check "to deploy too" gives 0 "No pending migrations" schemac migrate deploy
check "to dev too" gives 0 "Already in sync" dev --name x
check "twice is refused" gives 1 'P3008: The migration `20200101000000_a` is already recorded as applied in the database.' resolve --applied 20200101000000_a
check "what is applied is not rolled back" gives 1 'P3012: Migration `20200101000000_a` cannot be rolled back because it is not in a failed state.' resolve --rolled-back 20200101000000_a

write 20200102000000_b 'SELECT * FROM nowhere;'
write 20200103000000_c 'SELECT 1;'
check "a failure" gives 1 P3018 schemac migrate deploy
check "status says both ways out" gives 1 'schemac migrate resolve --rolled-back "20200102000000_b"' schemac migrate status
check "and what else is pending" grep -qx 20200103000000_c "$SCRATCH/said"
check "as JSON" gives 1 '"pending": ["20200103000000_c"], "failed": ["20200102000000_b"]' schemac migrate status --json
check "which is one object" sh -c 'command -v python3 >/dev/null || exit 0; python3 -c "import json,sys; json.load(sys.stdin)" <"$1"' sh "$SCRATCH/said"
check "taken back" gives 0 "Migration 20200102000000_b marked as rolled back." resolve --rolled-back 20200102000000_b
check "twice does no harm" gives 0 "marked as rolled back" resolve --rolled-back 20200102000000_b
check "it runs again, and fails again" gives 1 P3018 schemac migrate deploy
check "mended by hand" gives 0 "Migration 20200102000000_b marked as applied." resolve --applied 20200102000000_b
check "the failures are closed" is "$(rows)" "20200101000000_a t f 0, 20200102000000_b f t 0, 20200102000000_b f t 0, 20200102000000_b t f 0"
check "the rest runs" gives 0 "successfully applied" schemac migrate deploy
echo '-- more' >>migrations/20200103000000_c/migration.sql
check "an edited file is told" gives 0 "modified after" schemac migrate status
rm -r migrations/20200103000000_c
check "a missing one too" gives 1 "The migration from the database are not found locally in migrations:" schemac migrate status
check "a lock file for others" gives 1 P3019 sh -c 'echo "provider = \"mysql\"" >migrations/migration_lock.toml; schemac migrate resolve --applied x'
