# What a migration that fails is said to have left, and how it goes on.
project failing </dev/null
write 20240101000000_a 'CREATE TABLE a (id INT PRIMARY KEY);'
schemac migrate deploy >/dev/null 2>&1
fails() { # SQL TEXT: the next migration is that, and its failure says this
  write 20240102000000_b "$1"
  gives 1 "$2" schemac migrate deploy
}
undo() { sql "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_b'"; }
check "the statement is shown where the server names no place" fails 'SELECT 1;

CREATE TABLE
  a (id INT);' 'Statement, in line 3:'
check "all of its lines" grep -qx "    4   a (id INT);" "$SCRATCH/said"
check "and what stands: nothing" grep -qF 'Nothing of it stands. When what stopped it is mended, mark it with `schemac migrate resolve --rolled-back 20240102000000_b`' "$SCRATCH/said"
check "the history notes it" is "$(sql "SELECT logs LIKE '%Statement, in line 3:%' FROM _prisma_migrations WHERE migration_name LIKE '%_b'")" t
undo
check "a function's own lines are shown" fails "DO \$\$ BEGIN
  RAISE EXCEPTION 'no';
END \$\$;" "CONTEXT: PL/pgSQL function inline_code_block line 2 at RAISE"
undo
check "a place is shown as one" fails 'SELECT 1;
SELECT nothing;' '>  2 SELECT nothing;'
check "and no statement beside it" sh -c "! grep -qF Statement '$SCRATCH/said'"
undo
check "a statement that no transaction holds has a way out" fails 'SELECT 1;
CREATE INDEX CONCURRENTLY a_i ON a (id);' 'put `-- schemac:transaction off` at the top of the file'
check "and its line" grep -qF "Statement, in line 2:" "$SCRATCH/said"
undo
check "so has the use of a new value of an enum" fails "CREATE TYPE e AS ENUM ('a'); COMMIT; ALTER TYPE e ADD VALUE 'b'; SELECT 'b'::e;" "HINT: New enum values must be committed before they can be used."
sql "DROP TYPE e"; undo
check "of several transactions the first stands" fails 'BEGIN; CREATE TABLE b (n INT); COMMIT;
INSERT INTO b VALUES (1 / 0);' "1 of its 2 steps are applied and stay. Step 2, in line 2, failed."
sql "DROP TABLE b"; undo
check "of transactions that cannot be told apart too" fails 'COMMIT AND CHAIN;' "What it committed before it failed stands."
undo
check "a deferred key fails at the end" fails 'CREATE TABLE b (id INT REFERENCES a DEFERRABLE INITIALLY DEFERRED);
INSERT INTO b VALUES (1);' "violates foreign key constraint"
check "which is no statement of the file" sh -c "! grep -qF Statement '$SCRATCH/said'"
undo
encoded() { # BYTES TEXT: the same of a file of these bytes, which is not begun
  printf "$1" >migrations/20240102000000_b/migration.sql
  gives 1 "$2" schemac migrate deploy && is "$(sql "SELECT count(*) FROM _prisma_migrations")" 1
}
check "a byte order mark is called one" encoded '\357\273\277SELECT 1;\n' "line 1: the file begins with a byte order mark"
check "UTF-16 too" encoded '\377\376S\000' "line 1: the file is UTF-16, as PowerShell writes it"
check "a byte of another encoding has its line" encoded 'SELECT 1;\n-- caf\351\n' "line 2: the byte 0xE9 is not UTF-8"
check "migrate dev says the same" gives 1 "line 2: the byte 0xE9 is not UTF-8" schemac migrate dev --skip-generate --name x
