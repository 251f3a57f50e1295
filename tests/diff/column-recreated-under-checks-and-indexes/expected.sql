-- DropIndex
DROP INDEX "A_name_idx";

-- DropIndex
DROP INDEX "missing";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "either",
DROP COLUMN "kind",
ADD COLUMN     "kind" BOOLEAN NOT NULL,
ADD CONSTRAINT "either" CHECK (kind IS NOT NULL OR name <> '');

-- CreateIndex
CREATE INDEX "A_name_idx" ON "A"("name") WHERE (kind IS NOT NULL);

-- CreateIndex
CREATE INDEX "covering" ON "A"("name") INCLUDE ("kind");

-- CreateIndex
CREATE INDEX "missing" ON "A"(((kind IS NULL)));
