-- schemac:transaction off
-- schemac:retry 10

-- CreateIndex
CREATE INDEX CONCURRENTLY "A_j_idx_new" ON "A" USING GIN ("j" jsonb_path_ops);
DROP INDEX CONCURRENTLY IF EXISTS "A_j_idx";
SET lock_timeout = '3s';
ALTER INDEX "A_j_idx_new" RENAME TO "A_j_idx";

RESET lock_timeout;
