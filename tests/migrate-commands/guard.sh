# migrate reset, db protect, db unprotect: data is destroyed only when its database was named.
project guard <<'SCHEMA'
model A {
  id Int @id
}
SCHEMA
reset() { schemac migrate reset --skip-generate "$@"; }
here=${base}_guard
write 20200101000000_a 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));'
check "reset creates the database, unasked" gives 0 "created at" reset
check "and applies all" is "$(sql 'SELECT count(*) FROM _prisma_migrations')" 1
sql 'INSERT INTO "A" VALUES (1); CREATE TABLE kept_not (n int GENERATED ALWAYS AS IDENTITY); CREATE VIEW v AS SELECT * FROM "A";
     CREATE TYPE mood AS ENUM ($$ok$$); CREATE DOMAIN d AS int; CREATE FUNCTION f(kept_not) RETURNS int LANGUAGE sql AS $$SELECT 1$$;
     CREATE SEQUENCE s; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one; CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int);
     CREATE STATISTICS st ON id, (id + 1) FROM "A"; CREATE TYPE pair AS (a int, b d); CREATE COLLATION c FROM "C";
     CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
     CREATE SCHEMA other; CREATE TABLE other.stays (n int); CREATE VIEW other.goes AS SELECT * FROM public."A"'
server "CREATE ROLE \"${here}_reader\""
sql "GRANT USAGE ON SCHEMA public TO \"${here}_reader\""
rights() { sql "SELECT pg_get_userbyid(nspowner) || ' ' || nspacl::text FROM pg_namespace WHERE nspname = 'public'"; }
before=$(rights)
check "no terminal, no name: nothing" gives 1 "Use --force to run this command without user interaction." reset
check "which names the other flag" grep -qF -- "--confirm $here" "$SCRATCH/said"
check "a wrong name: nothing" gives 1 "--confirm names \"other\", but the database is \"$here\"" reset --confirm other
check "--json asks nothing" gives 1 '"error": {"code": null' reset --json
mkdir migrations/20200102000000_empty
check "a folder that cannot be applied: nothing" gives 1 P3015 reset --force
rmdir migrations/20200102000000_empty
check "so the row is there" is "$(sql 'SELECT count(*) FROM "A"')" 1
check "the right name" gives 0 "Database reset successful" reset --confirm "$here"
check "nothing of a hand's is left" is "$(sql "SELECT string_agg(what, ' ' ORDER BY what) FROM (SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i' UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION SELECT oprname FROM pg_operator WHERE oprnamespace = 'public'::regnamespace UNION SELECT collname FROM pg_collation WHERE collnamespace = 'public'::regnamespace UNION SELECT stxname FROM pg_statistic_ext WHERE stxnamespace = 'public'::regnamespace) x (what)")" "A _prisma_migrations"
check "what stands elsewhere stays" is "$(sql "SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'other'::regnamespace")" stays
check "and so do the schema's owner and grants" is "$(rights)" "$before"
sql "REVOKE USAGE ON SCHEMA public FROM \"${here}_reader\""; server "DROP ROLE \"${here}_reader\""
sql 'INSERT INTO "A" VALUES (1)'
check "--force, as Prisma's scripts have it" gives 0 "have been applied" reset --force
check "has emptied it" is "$(sql 'SELECT count(*) FROM "A"')" 0

sql 'INSERT INTO "A" VALUES (1)'
check "protect" gives 0 "The database \"$here\" is protected now." schemac db protect
check "twice" gives 0 "is protected now" schemac db protect
for way in "--force" "--confirm $here"; do
  check "a protected database is not reset by $way" gives 1 "is protected. Nothing was changed." reset $way
done
check "nor pushed over" gives 1 "schemac db unprotect --confirm $here" schemac db push --force-reset --skip-generate
cp schema.prisma whole.keep
edit 's/model A /model B /'
check "nor by a push whose loss is accepted" gives 1 "is protected. Nothing was changed." schemac db push --accept-data-loss --skip-generate
check "nor by a migration" gives 1 "is protected. Nothing was changed." dev --name lost --accept-data-loss
check "which is not written" is "$(ls migrations | grep -c lost)" 0
check "unless to be edited first" gives 0 "created without applying it" dev --name lost --accept-data-loss --create-only
rm -r migrations/*_lost
mv whole.keep schema.prisma
check "the row is there" is "$(sql 'SELECT count(*) FROM "A"')" 1
check "the mark is no drift" gives 0 "Already in sync" dev --name x
check "its name is wanted to take the mark away" gives 1 "--confirm $here" schemac db unprotect
check "the right one, and no other" gives 1 "but the database is" schemac db unprotect --confirm x
check "unprotect" gives 0 "is not protected any more" schemac db unprotect --confirm "$here"
check "twice, unasked" gives 0 "is not protected." schemac db unprotect
check "then it is reset" gives 0 "Database reset successful" reset --confirm "$here"
write 20200102000000_bad 'SELECT * FROM nowhere;'
check "a migration that fails afterwards" gives 1 P3018 reset --force
check "stands after those before it" is "$(sql "SELECT string_agg(concat(migration_name, ' ', finished_at IS NOT NULL), ', ' ORDER BY 1) FROM _prisma_migrations")" "20200101000000_a t, 20200102000000_bad f"

# A role that owns a table of a schema, but neither the schema nor all of its tables.
rm -r migrations/20200102000000_bad
reset --force >/dev/null 2>&1
server "CREATE ROLE \"${here}_owner\" LOGIN"
sql "ALTER TABLE \"A\" OWNER TO \"${here}_owner\"; ALTER TABLE _prisma_migrations OWNER TO \"${here}_owner\"; GRANT CREATE, USAGE ON SCHEMA public TO \"${here}_owner\"; INSERT INTO \"A\" VALUES (7)"
all=$DATABASE_URL
DATABASE_URL=$(printf %s "$all" | sed "s#//[^/]*@#//${here}_owner@#")
check "its own tables it may reset" gives 0 "Database reset successful" reset --force
psql -qAtX "$all" -c 'CREATE TABLE not_mine (n int); INSERT INTO not_mine VALUES (1)'
check "another's it may not" gives 1 P3016 reset --force
check "and then nothing was dropped" is "$(sql "SELECT count(*) FROM pg_class WHERE relname IN ('A', '_prisma_migrations', 'not_mine') AND relnamespace = 'public'::regnamespace")" 3
DATABASE_URL=$all
sql "REASSIGN OWNED BY \"${here}_owner\" TO CURRENT_USER; DROP OWNED BY \"${here}_owner\""; server "DROP ROLE \"${here}_owner\""
