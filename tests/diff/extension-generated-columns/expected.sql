-- AlterTable
ALTER TABLE "Person" DROP COLUMN "full",
ADD COLUMN     "initials" TEXT GENERATED ALWAYS AS (left(first, 1) || left(last, 1)) STORED,
ADD COLUMN     "full" TEXT NOT NULL GENERATED ALWAYS AS (last || ', ' || first) STORED;
