# migrate diff: schemas, databases and folders of migrations.
project diff <<'SCHEMA'
model User {
  id    Int     @id @default(autoincrement())
  email String  @unique
  age   Int     @check(raw("age  >=  0"))
  uid   String  @default(dbgenerated("gen_random_uuid()")) @db.Uuid

  @@index([email], where: raw("email <> ''"))
}
SCHEMA
diff() { schemac migrate diff "$@"; }
shadow=$(url diff_shadow)
databases="$databases diff_shadow" # `url diff_shadow` is its URL
server "CREATE DATABASE \"${base}_diff_shadow\"" >/dev/null
check "diff wants one of each" gives 1 '0 `--to-...` parameter(s) provided. 1 must be provided.' diff --from-empty
check "and no more" gives 1 '2 `--from-...` parameter(s) provided' diff --from-empty --from-url "$DATABASE_URL" --to-empty
check "a database that is not there" gives 1 P1003 diff --from-url "$DATABASE_URL" --to-empty
check "two empty ones" gives 0 "No difference detected." diff --from-empty --to-empty --exit-code
check "their script" gives 0 "-- This is an empty migration." diff --from-empty --to-empty --script
dev --name init >/dev/null 2>&1
check "a summary" gives 0 "[+] Added tables" diff --from-empty --to-schema-datamodel schema.prisma
check "exit status 2" gives 2 'CREATE TABLE "public"."User"' diff --from-empty --to-url "$DATABASE_URL" --script --exit-code
check "database and schema agree, extensions included" gives 0 "No difference" diff --from-url "$DATABASE_URL" --to-schema-datamodel schema.prisma --exit-code
check "in the other direction too" gives 0 "No difference" diff --from-schema-datamodel schema.prisma --to-url "$DATABASE_URL" --exit-code
check "and nothing was left in it" is "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%schemac%'")" 0
check "a database that a schema names" gives 0 "No difference" diff --from-schema-datasource schema.prisma --to-schema-datamodel schema.prisma --exit-code
check "a folder, replayed beside a database" gives 0 "No difference" diff --from-migrations migrations --to-url "$DATABASE_URL" --exit-code
check "which leaves no shadow" is "$(shadows)" 0
check "a folder without a shadow" gives 1 "You must pass the --shadow-database-url" diff --from-migrations migrations --to-schema-datamodel schema.prisma
check "a folder and a schema" gives 0 "No difference" diff --from-migrations migrations --to-schema-datamodel schema.prisma --shadow-database-url "$shadow" --exit-code
check "two folders, one shadow" gives 0 "No difference" diff --from-migrations migrations --to-migrations migrations --shadow-database-url "$shadow" --exit-code
check "which is empty again" is "$(psql -qAtX "$shadow" -c "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" 0
sed 's/@@index.*//; s/ @check.*//; s/email String /email String?/' schema.prisma >other.prisma
check "what a migration claims goes" gives 0 'DROP INDEX "User_email_idx"' diff --from-migrations migrations --to-schema-datamodel other.prisma --shadow-database-url "$shadow" --script
check "of a database only what Prisma's language says" gives 0 'ALTER COLUMN "email" DROP NOT NULL' diff --from-url "$DATABASE_URL" --to-schema-datamodel other.prisma --script
check "the index stays" sh -c '! grep -q "DROP INDEX" "$SCRATCH/said"'
diff --from-empty --to-schema-datamodel schema.prisma --script --exit-code -o out/first.sql >said
check "to a file" is "$? $(cat said)" "2 "
check "which applies" psql -qAtX -v ON_ERROR_STOP=1 "$shadow" -f out/first.sql
check "and is all of it" gives 0 "No difference" diff --from-url "$shadow" --to-schema-datamodel schema.prisma --exit-code
check "a schema with a mistake" gives 1 "Validation" sh -c 'echo "model X {" >wrong.prisma; schemac migrate diff --from-empty --to-schema-datamodel wrong.prisma'
check "with Prisma 7's words" gives 0 "No difference" diff --from-config-datasource --to-schema schema.prisma --exit-code
check "in the other direction" gives 0 "No difference" diff --from-schema schema.prisma --to-config-datasource --exit-code

# Where --exit-code makes 2 an answer no mistake may say 2.
check "an option that is none" gives 1 "has no option" diff --from-empty --to-empty --exit-code --bogus
check "a value that is missing" gives 1 "needs a value" diff --from-empty --exit-code --to-url
check "an operand" gives 1 "takes options only" diff --from-empty --to-empty x
check "a database that cannot be reached" gives 1 P1001 diff --from-empty --to-url postgresql://nobody@localhost:1/none --exit-code
check "as JSON" gives 2 '"differs": true' diff --from-empty --to-schema-datamodel schema.prisma --exit-code --json
check "with the answer in it" grep -qF '"text": "\n[+] Added tables' "$SCRATCH/said"
check "an error too" gives 1 '"error": {"code": "P1003"' diff --from-empty --to-url "$(url diff_none)" --json
check "a script claims what our extensions make" gives 0 '-- schemac: check "User_age_check" on "User"' diff --from-empty --to-schema-datamodel schema.prisma --script
check "and nothing else" sh -c 'sed "/@@index/d; s/ @check.*//" schema.prisma >plain.prisma; ! schemac migrate diff --from-empty --to-schema-datamodel plain.prisma --script | grep schemac'
check "a folder that is not there" gives 1 "There is no folder of migrations at nowhere." diff --from-empty --to-migrations nowhere --shadow-database-url "$shadow"
server "CREATE DATABASE \"${base}_broken\""
databases="$databases broken" broken=$(url broken)
mkdir -p broken/20240101000000_a && echo 'CREATE TABLE a (id INT); SELECT 1 / 0;' >broken/20240101000000_a/migration.sql
check "a folder that does not replay" gives 1 "Migration \`20240101000000_a\` failed to apply cleanly" diff --from-migrations broken --to-schema-datamodel schema.prisma --shadow-database-url "$broken" --script
check "with its statement" grep -qF "    1 SELECT 1 / 0;" "$SCRATCH/said"
check "nor in the other direction" gives 1 "P3006" diff --from-empty --to-migrations broken --shadow-database-url "$broken"
