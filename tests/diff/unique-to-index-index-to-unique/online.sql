-- schemac:transaction off
-- schemac:retry 10

-- DropIndex
DROP INDEX CONCURRENTLY "A_n_key";

-- DropIndex
DROP INDEX CONCURRENTLY "A_m_idx";

-- CreateIndex
CREATE UNIQUE INDEX CONCURRENTLY "A_m_key" ON "A"("m");

-- CreateIndex
CREATE INDEX CONCURRENTLY "A_n_idx" ON "A"("n");
