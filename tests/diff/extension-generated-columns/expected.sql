-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "initials" TEXT GENERATED ALWAYS AS (left(first, 1) || left(last, 1)) STORED,
DROP COLUMN "full",
ADD COLUMN     "full" TEXT NOT NULL GENERATED ALWAYS AS (last || ', ' || first) STORED;
