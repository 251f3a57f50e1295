# Names and files of a folder that a hand has made.
project names <<'SCHEMA'
model A {
  id Int @id
}
SCHEMA
write 29991231235959_far 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));'
schemac migrate deploy >/dev/null 2>&1
edit 's/  id Int @id/&\n  n Int?/'
check "a new migration comes behind one that is dated in the future" gives 0 29991231235960_n dev --name n
check "so the next one replays" gives 0 "Already in sync" dev
write zz_last 'SELECT 1;'
schemac migrate deploy >/dev/null 2>&1
edit 's/  n Int?/&\n  m Int?/'
check "behind a name without a time it cannot: that is said" gives 0 '`zz_last` has no time in front of its name' dev --name m

printf '# provider = "sqlite"\n  provider = "postgresql"\n' >migrations/migration_lock.toml
check "a comment in the lock file is one" gives 0 "up to date" schemac migrate status
printf '# x\nprovider = "sqlite"\n' >migrations/migration_lock.toml
check "another provider is refused" gives 1 P3019 schemac migrate status
rm migrations/migration_lock.toml
check "no lock file is none" gives 0 "up to date" schemac migrate status

server "ALTER DATABASE ${base}_names SET default_transaction_read_only = on"
write zz_more 'SELECT 1;'
check "a database that takes no writes is called one" gives 1 "(25006). It only takes reads: it is a standby" schemac migrate deploy
server "ALTER DATABASE ${base}_names RESET default_transaction_read_only"
check "and has changed nothing" gives 0 "zz_more" schemac migrate deploy
