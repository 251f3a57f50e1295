-- AlterTable
ALTER TABLE "Remade" DROP COLUMN "sign",
DROP COLUMN "flag",
ADD COLUMN     "flag" BOOLEAN,
ADD COLUMN     "sign" INTEGER GENERATED ALWAYS AS (flag::int + 1) STORED;

-- AlterTable
ALTER TABLE "Replaced" DROP COLUMN "twice",
DROP COLUMN "a",
ADD COLUMN     "z" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "before" INTEGER GENERATED ALWAYS AS (z - 1) STORED,
ADD COLUMN     "twice" INTEGER GENERATED ALWAYS AS (z * 2) STORED;

-- AlterTable
ALTER TABLE "Retyped" DROP COLUMN "twice",
ALTER COLUMN "cents" SET DATA TYPE BIGINT,
ADD COLUMN     "twice" INTEGER GENERATED ALWAYS AS (cents * 2) STORED;

-- CreateIndex
CREATE INDEX "Retyped_twice_idx" ON "Retyped"("twice");
