# migrate dev: drift and what is done about it, and that a refusal changes nothing.
project drift <<'SCHEMA'
model A {
  id Int  @id
  n  Int?
}
SCHEMA
here=${base}_drift
state() { # all that a refused command may not change
  sql "SELECT string_agg(concat_ws(' ', migration_name, finished_at, rolled_back_at), ', ' ORDER BY started_at) FROM _prisma_migrations"
  relations; ls migrations; cat schema.prisma
}
columns() { sql "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '\"A\"'::regclass AND attnum > 0 AND NOT attisdropped"; }
dev --name init >/dev/null 2>&1
sql 'ALTER TABLE "A" ADD COLUMN "hand" TEXT; INSERT INTO "A" VALUES (1, 2, $$x$$)'
before=$(state)
check "drift is shown" gives 130 "[+] Added column \`hand\`" dev --name x
for way in adopt revert ignore reset; do check "with a way: $way" grep -qF -- "--drift $way" "$SCRATCH/said"; done
check "as JSON" gives 130 '"drift": "' dev --name x --json
check "no such way" gives 2 "--drift takes adopt, revert, ignore or reset" dev --drift away
check "losing data is not done unasked" gives 1 '`hand` on the `A` table, which still contains 1 non-null values' dev --drift revert
check "a reset wants the database's name" gives 1 "--confirm $here" dev --name x --drift reset
check "a wrong one is refused" gives 1 "but the database is" dev --name x --drift reset --confirm y
edit 's/  n  Int?/  n  Int?\n  must Int/'
check "a later refusal holds back the way" gives 1 "it is not possible to execute this step" dev --name x --drift ignore
check "whichever it is" gives 1 "it is not possible to execute this step" dev --name x --drift revert --accept-data-loss
edit '/must/d'
check "nothing was changed" is "$(state)" "$before"
check "ignored, it stays" gives 0 "in sync" dev --name x --drift ignore
check "and is there again" gives 130 "Drift detected" dev --name x
edit 's/  n  Int?/  n  Int?\n  m  Int?/'
check "a migration passes it by" gives 0 "add_m" dev --name add_m --drift ignore
check "so both are there" is "$(columns)" "id n hand m"
check "taken back" gives 0 "The drift was taken back." dev --drift revert --accept-data-loss
check "it is gone" is "$(columns)" "id n m"
check "and nothing is left to do" gives 0 "Already in sync" dev

sql 'ALTER TABLE "A" ADD COLUMN "hand" TEXT; CREATE INDEX by_hand ON "A" (n)'
check "adopted" gives 0 "which counts as applied" dev --drift adopt --name by_hand
check "the schema has yet to follow" grep -qF "schemac db pull" "$SCRATCH/said"
check "it is a migration" grep -qF 'ADD COLUMN     "hand" TEXT' migrations/*_by_hand/migration.sql
check "which counts as applied" is "$(sql "SELECT count(*) FROM _prisma_migrations WHERE migration_name LIKE '%by_hand' AND finished_at IS NOT NULL")" 1
schemac db pull >/dev/null 2>&1
check "with a flag for other databases" gives 0 "model A" schemac db pull --print --composite-type-depth -1
check "pulled, all agree" gives 0 "Already in sync" dev
check "the folder leads there from nothing" gives 0 "No difference" schemac migrate diff --from-migrations migrations --to-url "$DATABASE_URL" --exit-code

# What db push did becomes a migration: the schema has it already.
edit 's/  m  *Int?/  m Int?\n  pushed Int?/'
schemac db push --skip-generate >/dev/null 2>&1
check "pushed and adopted" gives 0 "Your database is now in sync with your schema." dev --drift adopt --name pushed
check "the migration is there" grep -qF '"pushed" INTEGER' migrations/*_pushed/migration.sql
check "the schema is in step" gives 0 "Already in sync" dev

sql 'ALTER TABLE "A" DROP COLUMN "m"'
check "reset" gives 0 "Database reset successful" dev --name x --drift reset --confirm "$here"
check "applies the whole history" is "$(sql 'SELECT count(*) FROM _prisma_migrations')" "$(ls -d migrations/*/ | wc -l)"
check "the table is empty" is "$(sql 'SELECT count(*) FROM "A"')" 0
sql 'ALTER TABLE "A" DROP COLUMN "m"'
schemac db protect >/dev/null 2>&1
check "but not a protected database" gives 1 "is protected" dev --name x --drift reset --confirm "$here"
schemac db unprotect --confirm "$here" >/dev/null 2>&1
sql 'ALTER TABLE "A" ADD COLUMN "m" INTEGER'

# Adopting has to fit behind what is pending.
write 20990101000000_same 'ALTER TABLE "A" ADD COLUMN "same" INTEGER;'
sql 'ALTER TABLE "A" ADD COLUMN "same" INTEGER'
before=$(state)
check "what a pending migration does as well is not adopted" gives 1 "The drift cannot be adopted" dev --drift adopt
check "and nothing was written" is "$(state)" "$before"
edit 's/  pushed Int?/  pushed Int?\n  same Int?/'
check "taken back, the migration applies" gives 0 "have been applied" dev --drift revert --accept-data-loss

# Pending migrations wait for the verdict on the new one.
write 20990102000000_pending 'SELECT 1;'
edit 's/  id *Int *@id/  id Int @id\n  must Int/'
sql 'INSERT INTO "A" (id) VALUES (1)'
before=$(state)
check "what cannot be done holds the pending ones back too" gives 1 "The pending migrations have not been applied either" dev --name must
check "a missing name as well" gives 1 "pass --name" sh -c 'sed "s/must Int/must Int?/" schema.prisma >other.prisma; schemac migrate dev --skip-generate --schema other.prisma'
check "so nothing was changed" is "$(state)" "$before"
check "of a folder that cannot be read no database comes" gives 1 P3019 sh -c 'echo "provider = \"mysql\"" >migrations/migration_lock.toml; DATABASE_URL=$(echo "$DATABASE_URL" | sed "s#_drift?#_never?#"); export DATABASE_URL; schemac migrate dev --name x'
check "really" is "$(server "SELECT count(*) FROM pg_database WHERE datname = '${base}_never'")" 0

# A database that was there before its migrations.
project baseline <<'SCHEMA'
model A {
  id Int  @id
  n  Int?
}
SCHEMA
schemac db push --skip-generate >/dev/null 2>&1
sql 'INSERT INTO "A" VALUES (1, 2)'
check "a filled database without a history is all drift" gives 130 "[+] Added tables" dev --name init
check "adopting it is a baseline" gives 0 "in sync with your schema" dev --drift adopt --name init
check "of which deploy thinks well" gives 0 "No pending migrations" schemac migrate deploy
check "and the rows are there" is "$(sql 'SELECT count(*) FROM "A"')" 1
