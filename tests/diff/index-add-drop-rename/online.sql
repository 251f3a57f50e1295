-- schemac:transaction off
-- schemac:retry 10

-- DropIndex
DROP INDEX CONCURRENTLY "A_n_idx";

-- CreateIndex
CREATE INDEX CONCURRENTLY "A_k_n_idx" ON "A"("k", "n");

-- RenameIndex
SET lock_timeout = '3s';
ALTER INDEX "old" RENAME TO "new";

RESET lock_timeout;
