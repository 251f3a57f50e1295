-- AlterEnum
BEGIN;
CREATE TYPE "Mood of ""them""_new" AS ENUM ('good', 'it''s bad', 'ug"ly');
ALTER TABLE "public"."odd table" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "odd table" ALTER COLUMN "e" TYPE "Mood of ""them""_new" USING ("e"::text::"Mood of ""them""_new");
ALTER TYPE "Mood of ""them""" RENAME TO "Mood of ""them""_old";
ALTER TYPE "Mood of ""them""_new" RENAME TO "Mood of ""them""";
DROP TYPE "public"."Mood of ""them""_old";
ALTER TABLE "odd table" ALTER COLUMN "e" SET DEFAULT 'ug"ly';
COMMIT;

-- DropIndex
DROP INDEX "odd table_a ""b"" c_key";

-- AlterTable
ALTER TABLE "odd table" DROP COLUMN "a ""b"" c",
ADD COLUMN     "a ""b"" c" INTEGER NOT NULL,
ALTER COLUMN "e" SET DEFAULT 'ug"ly';

-- CreateIndex
CREATE INDEX "odd index" ON "odd table"("a ""b"" c");
