-- DropIndex
DROP INDEX "second";

-- CreateIndex
CREATE INDEX "second" ON "Vote"("userId" DESC);

-- RenameIndex
ALTER INDEX "third" RENAME TO "fifth";

-- CreateIndex
CREATE INDEX "third" ON "Vote"("weight" DESC);
