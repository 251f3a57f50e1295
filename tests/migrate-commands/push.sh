# db push and db execute.
project push <<'SCHEMA'
model User {
  id    Int     @id
  nick  String?
  role  Role    @default(USER)
  must  Int     @default(1) @check(raw("must > 0"))
}

enum Role {
  USER
  ADMIN
  OLD
}
SCHEMA
push() { schemac db push --skip-generate "$@"; }
check "push creates the database" gives 0 "Your database is now in sync with your Prisma schema. Done in" push
check "and writes no migration" is "$(ls)" schema.prisma
check "again there is nothing to do" gives 0 "The database is already in sync with the Prisma schema." push
check "extensions reach it" is "$(sql "SELECT count(*) FROM pg_constraint WHERE conname = 'User_must_check'")" 1
sql "INSERT INTO \"User\" VALUES (1, 'a'), (2, NULL)"
cp schema.prisma whole.prisma
edit '/nick/d'
check "losing data is not done unasked" gives 1 "Use the --accept-data-loss flag to ignore the data loss warnings" push
check "the loss is counted" grep -qF '• You are about to drop the column `nick` on the `User` table, which still contains 1 non-null values.' "$SCRATCH/said"
check "as JSON" gives 1 '"warnings": ["You are about to drop the column `nick`' push --json
check "nothing happened" is "$(sql 'SELECT count(nick) FROM "User"')" 1
cp whole.prisma schema.prisma; edit 's/nick  String?/nick  String/'
check "what cannot be done is refused" gives 1 '• Made the column `nick` on table `User` required, but there are 1 existing NULL values.' push
check "with the way out" grep -qF -- "schemac db push --force-reset" "$SCRATCH/said"
check "consent or not" gives 1 'required, but there are 1 existing NULL' push --accept-data-loss
cp whole.prisma schema.prisma; edit '/nick/d; /OLD/d'
check "with consent" gives 0 "in sync" push --accept-data-loss
check "an enum is made anew in the one transaction" is "$(sql "SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum")" "USER ADMIN"
cp whole.prisma schema.prisma; edit '/OLD/d; /ADMIN/d; s/must > 0/must > nothing/; s/User_must/x/'
edit 's/@check(raw("must > nothing"))/@check(raw("must > nothing"), map: "fresh")/'
check "what the server refuses" gives 1 "nothing of it was done" push --accept-data-loss
check "is undone whole, enums too" is "$(sql "SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum")" "USER ADMIN"
check "after a reset too" gives 1 "nothing of it was done" push --force-reset
check "so the rows are there" is "$(sql 'SELECT count(*) FROM "User"')" 2
cp whole.prisma schema.prisma; edit 's/nick  String?/nick  String/'
check "a reset makes room" gives 0 "was successfully reset." push --force-reset
check "the new tables are empty" is "$(sql 'SELECT count(*) FROM "User"')" 0
check "nothing differs from the schema" gives 0 "already in sync" push
check "but of another name not a thing is touched" gives 1 "--confirm names" push --force-reset --confirm other

execute() { schemac db execute "$@"; }
echo "INSERT INTO \"User\" (id, nick) VALUES (1, 'x'); SELECT 1" >one.sql
check "execute a file" gives 0 "Script executed successfully." execute --file one.sql
check "it ran" is "$(sql 'SELECT count(*) FROM "User"')" 1
check "not both" gives 1 "--stdin and --file cannot be used at the same time" execute --stdin --file one.sql
check "one of them" gives 1 "Either --stdin or --file must be provided." execute
check "a url or a schema" gives 1 "--url and --schema cannot be used at the same time" execute --file one.sql --url "$DATABASE_URL" --schema schema.prisma
check "a file that is not there" gives 1 "Provided --file at none.sql doesn't exist." execute --file none.sql
printf 'DELETE FROM "User";\nSELECT * FROM nowhere;\n' >two.sql
check "a mistake is shown in its place" gives 1 '>  2 SELECT * FROM nowhere;' execute --file two.sql --url "$DATABASE_URL"
check "and undoes the rest" is "$(sql 'SELECT count(*) FROM "User"')" 1
check "from standard input" is "$(echo 'DELETE FROM "User"' | schemac db execute --stdin --url "$DATABASE_URL")" "Script executed successfully."
check "from a pipe that has a name" is "$(echo 'SELECT 1' | schemac db execute --file /dev/stdin --url "$DATABASE_URL")" "Script executed successfully."
check "from a pipe that the shell opens" is "$(echo 'SELECT 1' | schemac db execute --file /dev/fd/0 --url "$DATABASE_URL")" "Script executed successfully."
check "no folder" gives 1 "it is not a regular file" execute --file . --url "$DATABASE_URL"
check "it ran too" is "$(sql 'SELECT count(*) FROM "User"')" 0
