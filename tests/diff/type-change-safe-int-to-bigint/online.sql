-- schemac:retry 10

-- AlterTable
-- Not online: the table is rewritten with the column's new type, and locked meanwhile.
SET lock_timeout = '3s';
ALTER TABLE "A" ALTER COLUMN "n" SET DATA TYPE BIGINT;

RESET lock_timeout;
