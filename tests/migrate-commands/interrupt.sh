# A command that is told to end ends behind the step that runs; what a killed one has left is cleared away later.
project interrupt </dev/null
stopped_while() { # SQL: deploy is sent SIGTERM while the server runs a statement with this in it; its exit status
  schemac migrate deploy >"$SCRATCH/said" 2>&1 & deploy=$!
  for try in $(seq 200); do
    [ "$(server "SELECT count(*) FROM pg_stat_activity WHERE datname = '${base}_interrupt' AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%$1%'")" = 0 ] || break
    sleep 0.02
  done
  kill -TERM "$deploy"; wait "$deploy"; got=$?
  cat "$SCRATCH/said"
  echo "exit status $got" | grep -x "exit status 130"
}
write 20240101000000_a 'CREATE TABLE a (id INT PRIMARY KEY, n INT, m INT); INSERT INTO a SELECT g FROM generate_series(1, 3000) g; SELECT pg_sleep(1.5);'
write 20240102000000_b 'CREATE TABLE b (id INT);'
check "SIGTERM while a migration runs" stopped_while pg_sleep
check "says so" grep -qF "Ends behind the step that runs" "$SCRATCH/said"
check "and what it did" grep -qF "20240101000000_a/" "$SCRATCH/said"
check "the migration stands, and the next one does not" is "$(sql "SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations")" "20240101000000_a|t"
check "the next deploy goes on" gives 0 20240102000000_b schemac migrate deploy
write 20240103000000_c '-- schemac:transaction off
-- schemac:batches 10
UPDATE a SET n = (id + 0 * length(pg_sleep(0.002)::text)) WHERE n IS NULL;
CREATE TABLE c (id INT);'
check "SIGTERM in the middle of a backfill" stopped_while "UPDATE a SET n"
check "some of its rows are done, not all" is "$(sql "SELECT count(n) BETWEEN 10 AND 2999 FROM a")" t
check "and nothing behind it" is "$(sql "SELECT to_regclass('c') IS NULL")" t
check "status does not call it failed" gives 1 "not yet been applied" schemac migrate status
check "it goes on, writing no row twice" gives 0 "goes on behind" schemac migrate deploy
check "to the end" is "$(sql "SELECT count(n), to_regclass('c') FROM a")" "3000|c"

write 20240104000000_d 'CREATE TABLE d (id INT); SELECT pg_sleep(3);'
schemac migrate deploy >"$SCRATCH/said" 2>&1 & deploy=$!
for try in $(seq 200); do
  [ "$(server "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${base}_interrupt' AND query LIKE '%CREATE TABLE d %' AND pid <> pg_backend_pid()")" = 0 ] || break
  sleep 0.02
done
wait "$deploy"; got=$?
check "a server that goes away" is "$got" 3
check "leaves all or nothing" grep -qF 'The migration `20240104000000_d` was running. All of it stands or nothing does' "$SCRATCH/said"
check "and the next deploy knows which" gives 0 "20240104000000_d" schemac migrate deploy

shadow() { echo "prisma_migrate_shadow_db_018f0000-0000-$1"; }
ours=$(shadow 7000-8000-000000000001) busy=$(shadow 7000-8000-000000000002) other=$(shadow 4000-8000-000000000003)
for name in "$ours" "$busy" "$other"; do server "CREATE DATABASE \"$name\""; done
psql -qAtX "$(printf %s "$SERVER" | sed "s#/$base#/$busy#")" -c 'SELECT pg_sleep(60)' >/dev/null 2>&1 & holder=$!
until [ "$(server "SELECT count(*) FROM pg_stat_activity WHERE datname = '$busy'")" = 1 ]; do sleep 0.05; done
check "migrate dev clears away a shadow that a killed run left, none in use, none of Prisma's" sh -c 'schemac migrate dev --skip-generate --name x >/dev/null 2>&1
  psql -qAtX "$1" -c "SELECT right(datname, 1) FROM pg_database WHERE datname LIKE '"'prisma_migrate_shadow_db_018f0000%'"' ORDER BY 1" | grep -v 1 | tr "\n" " " | grep -x "2 3 "' - "$SERVER"
check "it is gone" is "$(server "SELECT count(*) FROM pg_database WHERE datname = '$ours'")" 0
kill "$holder"; wait "$holder" 2>/dev/null
for name in "$busy" "$other"; do server "DROP DATABASE IF EXISTS \"$name\" WITH (FORCE)"; done
