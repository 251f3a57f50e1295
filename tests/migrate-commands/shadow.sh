# The shadow database of a role that may not create databases.
limited=${base}_limited
server "CREATE ROLE \"$limited\" LOGIN NOCREATEDB" >/dev/null
without_createdb() { # the project's database, owned by that role
  server "CREATE DATABASE \"${base}_$1\" OWNER \"$limited\"" >/dev/null
  DATABASE_URL=$(url "$1" | sed "s#//[^/]*@#//$limited@#")
}
left() { sql "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '\\_schemac%'"; }

project within <<'SCHEMA'
model User {
  id   Int    @id @default(autoincrement())
  name String @unique
  role Role   @default(A)
}

enum Role {
  A
}
SCHEMA
without_createdb within
check "the first migration, in a schema of its own" gives 0 "in sync with your schema" dev --name init
edit 's/  name String @unique/  name String @unique\n  big BigInt @default(autoincrement())/; s/^  A$/  A\n  B/'
check "and the next" gives 0 "in sync with your schema" dev --name more
edit 's/@default(A)/@default(B)/'
major=$(sql "SELECT current_setting('server_version_num')::int / 10000")
if [ "$major" -lt 17 ]; then # until then a new value of an enum was of no use in its transaction
  check "what one transaction cannot do is told so" gives 1 "with a database named by shadowDatabaseUrl it may well apply" sh -c 'schemac migrate dev --skip-generate --name default 2>&1 | tr W w; exit 1'
fi
edit 's/@default(B)/@default(A)/'
check "nothing of it is left" is "$(left)" 0
check "the row that a replay must not touch" sh -c 'psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" -c "INSERT INTO \"User\" (name) VALUES (\$\$Ann\$\$)"'
check "drift is seen" gives 130 "Added index on columns (role)" sh -c 'psql -qAtX "$DATABASE_URL" -c "CREATE INDEX drift ON \"User\" (role)"; schemac migrate dev --skip-generate --name x'
sql 'DROP INDEX drift'
files=$(ls migrations)
for reach in 'ALTER TABLE "public"."User" ADD COLUMN "x" INTEGER;' 'COMMIT;' 'CREATE EXTENSION hstore;' 'CREATE SCHEMA other;' \
  'SET search_path = public;' 'DO $$ BEGIN ALTER TABLE public."User" ADD COLUMN x int; END $$;' 'CREATE INDEX CONCURRENTLY i ON "User" (name);' \
  "INSERT INTO \"User\" (name) SELECT set_config('search_path', 'public', false);" "UPDATE \"User\" SET id = nextval('public.\"User_id_seq\"');" \
  'UPDATE pg_database SET datallowconn = false;' "INSERT INTO \"User\" (name) SELECT 'x' FROM dblink('', '');" 'COMMENT ON COLUMN "public"."User"."id" IS $$x$$;' \
  'ALTER SEQUENCE s OWNED BY "public"."User"."id";' 'DELETE FROM "User"; ROLLBACK;' "SELECT 1; DELETE FROM \"User\";" 'DELETE FROM "User" /* '; do
  write 20990101000000_reach "$reach"
  check "refused: $reach" gives 1 "In a schema of its own: in 20990101000000_reach" dev --name x
done
write 20990101000000_reach "COMMENT ON COLUMN \"User\".\"id\" IS 'not. public.x'; ALTER SEQUENCE \"User_big_seq\" OWNED BY \"User\".\"big\"; UPDATE \"User\" SET name = 'a.b', \"big\" = DEFAULT;"
check "columns have dots, and texts" gives 0 "have been applied" dev --name x
check "which applied to the row" is "$(sql 'SELECT count(*) FROM "User" WHERE name = $$a.b$$')" 1
rm -r migrations/20990101000000_reach; sql "DELETE FROM _prisma_migrations WHERE migration_name LIKE '2099%'"
edit '/^  B$/d'
check "a new script that would reach out is refused too" gives 1 "might reach what is outside" dev --name fewer --accept-data-loss
check "and not written" is "$(ls migrations)" "$files"
check "the refusal names all ways" gives 1 "permission denied to create database" sh -c 'mkdir migrations/2098_x; echo "COMMIT;" >migrations/2098_x/migration.sql; schemac migrate dev --skip-generate --name x'
check "in order" sh -c 'tr "\n" " " <"$1" | grep -q "P3014.*Beside the database: .*On the private server of schemac dev: none runs.*In a schema of its own: in 2098_x"' sh "$SCRATCH/said"
rm -r migrations/2098_x
check "the live table is as it was" is "$(sql 'SELECT count(*) FROM "User"')" 1

# A database given for it.
server "CREATE DATABASE \"${base}_given\" OWNER \"$limited\"" >/dev/null; databases="$databases given"
shadow=$(url given | sed "s#//[^/]*@#//$limited@#")
in_shadow() { psql -qAtX -v ON_ERROR_STOP=1 "$shadow" -c "$1"; }
check "a database that is given" gives 0 "in sync with your schema" dev --name fewer --accept-data-loss --shadow-database-url "$shadow"
check "is left empty" is "$(in_shadow "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" 0
in_shadow 'CREATE TABLE precious (n int)'
check "one that is not empty is refused" gives 1 "is not empty" dev --name x --shadow-database-url "$shadow"
check "with the way out" grep -qF -- --reset-shadow "$SCRATCH/said"
check "and not touched" is "$(in_shadow 'SELECT count(*) FROM precious')" 0
check "unless that is asked for" gives 0 "Already in sync" dev --name x --shadow-database-url "$shadow" --reset-shadow
check "then it is empty" is "$(in_shadow "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" 0
cp -r migrations kept
(DATABASE_URL=$shadow schemac migrate deploy) >/dev/null 2>&1
check "a database with a history is never a shadow" gives 1 "it is no shadow" dev --name x --shadow-database-url "$shadow" --reset-shadow
check "nor is one that is protected" gives 1 "is protected" sh -c "psql -qAtX '$shadow' -c 'DROP TABLE _prisma_migrations'; schemac db protect --url '$shadow' >/dev/null 2>&1; schemac migrate dev --name x --skip-generate --shadow-database-url '$shadow' --reset-shadow"

# The private server of `schemac dev`.
edit 's/  name String @unique/  name String @unique\n  at DateTime @default(now())/'
write 20990101000000_function 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;'
if schemac dev start >"$SCRATCH/dev" 2>&1; then
  here=$(sql "SELECT current_setting('server_version_num')::int / 10000") there=$(psql -qAtX "$(schemac dev url)" -c "SELECT current_setting('server_version_num')::int / 10000")
  if [ "$here" = "$there" ]; then
    check "one on the private server" gives 0 "in sync with your schema" dev --name at
    check "where nothing is left" is "$(psql -qAtX "$(schemac dev url)" -c "SELECT count(*) FROM pg_database WHERE datname LIKE 'prisma%'")" 0
    check "migrate diff too, of no database at all" gives 0 "No difference" schemac migrate diff --from-migrations migrations --to-schema-datamodel schema.prisma --exit-code
  else
    check "one of another version is none" gives 1 "it is a PostgreSQL $there, and the database is a PostgreSQL $here" dev --name at
  fi
  schemac dev reset --force >/dev/null 2>&1
else
  echo "ok $family: a private server # SKIP $(head -n 1 "$SCRATCH/dev")"
fi
for name in within given; do server "DROP DATABASE IF EXISTS \"${base}_$name\" WITH (FORCE)" >/dev/null; done
server "DROP ROLE \"$limited\""
