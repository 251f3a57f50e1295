-- schemac:transaction off
-- schemac:retry 10

-- AlterTable
SET lock_timeout = '3s';
ALTER TABLE "A" DROP CONSTRAINT "either",
DROP COLUMN "kind",
ADD COLUMN     "kind" BOOLEAN NOT NULL;
ALTER TABLE "A" ADD CONSTRAINT "either" CHECK (kind IS NOT NULL OR name <> '') NOT VALID;
ALTER TABLE "A" VALIDATE CONSTRAINT "either";

-- CreateIndex
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY "A_name_idx_new" ON "A"("name") WHERE (kind IS NOT NULL);
DROP INDEX CONCURRENTLY IF EXISTS "A_name_idx";
SET lock_timeout = '3s';
ALTER INDEX "A_name_idx_new" RENAME TO "A_name_idx";

-- CreateIndex
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY "covering" ON "A"("name") INCLUDE ("kind");

-- CreateIndex
CREATE INDEX CONCURRENTLY "missing_new" ON "A"(((kind IS NULL)));
DROP INDEX CONCURRENTLY IF EXISTS "missing";
SET lock_timeout = '3s';
ALTER INDEX "missing_new" RENAME TO "missing";

RESET lock_timeout;
