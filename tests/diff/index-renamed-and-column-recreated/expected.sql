-- AlterTable
ALTER TABLE "A" DROP COLUMN "n",
ADD COLUMN     "n" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "after" ON "A"("n");
