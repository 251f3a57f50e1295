-- DropIndex
DROP INDEX "A_n_idx";

-- DropIndex
DROP INDEX "many";

-- DropIndex
DROP INDEX "A_j_idx";

-- DropIndex
DROP INDEX "A_t_idx";

-- DropIndex
DROP INDEX "A_ip_idx";

-- CreateIndex
CREATE INDEX "A_n_idx" ON "A"("n") WITH (deduplicate_items = off);

-- CreateIndex
CREATE INDEX "many" ON "A"("n", "t") WITH (fillfactor = 90);

-- CreateIndex
CREATE INDEX "A_j_idx" ON "A" USING GIN ("j") WITH (fastupdate = off, gin_pending_list_limit = 128);

-- CreateIndex
CREATE INDEX "A_t_idx" ON "A" USING BRIN ("t") WITH (pages_per_range = 16, autosummarize = on);

-- CreateIndex
CREATE INDEX "A_ip_idx" ON "A" USING GIST ("ip" inet_ops) WITH (fillfactor = 70, buffering = off);
