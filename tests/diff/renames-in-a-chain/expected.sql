-- RenameTable
ALTER TABLE "B" RENAME TO "C";

-- RenameTable
ALTER TABLE "A" RENAME TO "B";

-- RenameColumn
ALTER TABLE "B" RENAME COLUMN "y" TO "z";

-- RenameColumn
ALTER TABLE "B" RENAME COLUMN "x" TO "y";

-- RenameSequence
ALTER SEQUENCE "B_id_seq" RENAME TO "C_id_seq";

-- AlterTable
ALTER TABLE "C" RENAME CONSTRAINT "B_pkey" TO "C_pkey";

-- AlterTable
ALTER TABLE "B" RENAME CONSTRAINT "A_pkey" TO "B_pkey";
ALTER TABLE "B" ADD COLUMN     "x" TEXT NOT NULL DEFAULT 'new';

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "x" TEXT NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- RenameIndex
ALTER INDEX "A_x_key" RENAME TO "B_y_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- RenameIndex
ALTER INDEX "A_y_key" RENAME TO "B_z_key";

-- RenameIndex
ALTER INDEX "B_x_key" RENAME TO "C_x_key";
