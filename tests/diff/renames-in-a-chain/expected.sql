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

-- RenameIndex
ALTER INDEX "A_x_key" RENAME TO "B_y_key";

-- RenameIndex
ALTER INDEX "A_y_key" RENAME TO "B_z_key";

-- RenameIndex
ALTER INDEX "B_x_key" RENAME TO "C_x_key";
