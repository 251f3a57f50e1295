-- schemac:transaction off
-- schemac:retry 10

-- DropForeignKey
SET lock_timeout = '3s';
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropIndex
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY "A_sort_key";

-- CreateIndex
CREATE UNIQUE INDEX CONCURRENTLY "A_sort_key" ON "A"("sort");
SET lock_timeout = '3s';
ALTER TABLE "A" ADD CONSTRAINT "A_sort_key" UNIQUE USING INDEX "A_sort_key" DEFERRABLE INITIALLY DEFERRED;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE NOT VALID;
ALTER TABLE "B" VALIDATE CONSTRAINT "B_aId_fkey";

RESET lock_timeout;
