-- schemac:transaction off
-- schemac:retry 10

-- DropForeignKey
SET lock_timeout = '3s';
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "B" ADD CONSTRAINT "B_aId_not_null" CHECK ("aId" IS NOT NULL) NOT VALID;
ALTER TABLE "B" VALIDATE CONSTRAINT "B_aId_not_null";
ALTER TABLE "B" ALTER COLUMN "aId" SET NOT NULL;
ALTER TABLE "B" DROP CONSTRAINT "B_aId_not_null";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;
ALTER TABLE "B" VALIDATE CONSTRAINT "B_aId_fkey";

RESET lock_timeout;
