-- schemac:transaction off
-- schemac:retry 10

-- DropForeignKey
SET lock_timeout = '3s';
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropIndex
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY "A_k_key";

-- AlterTable
CREATE UNIQUE INDEX CONCURRENTLY "A_pkey_new" ON "A"("k");
SET lock_timeout = '3s';
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY USING INDEX "A_pkey_new";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("k") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;
ALTER TABLE "B" VALIDATE CONSTRAINT "B_aId_fkey";

RESET lock_timeout;
