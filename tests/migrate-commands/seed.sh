# db seed, and the seed at the end of reset and dev.
project seed <<'SCHEMA'
generator client {
  provider = "schemac"
}

model A {
  id   Int    @id
  name String @default("")
}
SCHEMA
here=${base}_seed
seed() { schemac db seed "$@"; }
rows() { sql 'SELECT count(*) FROM "A"'; }
cat >seed.sh <<'SEED'
#!/bin/sh
echo "args:" "$#" "$@"; echo "said: $FROM_ENV"
psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "INSERT INTO \"A\" VALUES (${1:-1}, 'x')"
SEED
chmod +x seed.sh
echo 'INSERT INTO "A" VALUES (10); INSERT INTO "A" VALUES (11);' >rows.sql
echo 'FROM_ENV="of .env"' >.env
check "no command, nothing to do" gives 0 "There is no seed command" seed
echo '{ "prisma": { "seed": "./seed.sh" } }' >package.json
check "dev seeds the database that it made" gives 0 "🌱  The seed command has been executed." dev --name init
check "with Prisma's words" grep -qxF 'Running seed command `./seed.sh` ...' "$SCRATCH/said"
check "and .env's variables" grep -qx "said: of .env" "$SCRATCH/said"
check "so a row is there" is "$(rows)" 1
check "not again" gives 0 "Already in sync" dev
check "still one" is "$(rows)" 1
check "db seed, with arguments" gives 0 "args: 3 2 --more a b" seed -- 2 --more "a b"
check "ran" is "$(rows)" 2
check "a command that fails" gives 1 "Command failed with exit code" seed -- 2
check "one that is not there" gives 1 "./none: No such file" sh -c 'echo "{\"prisma\":{\"seed\":\"./none\"}}" >package.json; schemac db seed'
edit 's/provider = "schemac"/provider = "schemac"\n  seed = "rows.sql"/'
check "the generator's seed comes first, and may be SQL" gives 0 'Running seed command `rows.sql`' seed
check "ran too" is "$(rows)" 4
check "all or nothing" gives 1 "duplicate key" seed
check "reset seeds" gives 0 "The seed command has been executed." schemac migrate reset --confirm "$here" --skip-generate
check "so these are there" is "$(rows)" 2
check "unless told not to" gives 0 "Database reset successful" schemac migrate reset --confirm "$here" --skip-generate --skip-seed
check "then none is" is "$(rows)" 0
edit 's/rows.sql/.\/seed.sh  5/'
check "with --json standard output is one object" is "$(schemac migrate reset --force --skip-generate --json 2>/dev/null | wc -l)" 1
check "and the seed ran" is "$(sql 'SELECT id FROM "A"')" 5
mkdir -p node_modules/.bin && cp seed.sh node_modules/.bin/our\ seeder
edit 's/".\/seed.sh  5"/"our\\\\ seeder 6"/'
check "a program of the project, with a blank in its name" gives 0 "args: 1 6" seed
