-- CreateEnum
CREATE TYPE "Fresh" AS ENUM ('X');

-- AlterEnum
BEGIN;
CREATE TYPE "Anew_new" AS ENUM ('A');
ALTER TABLE "T" ALTER COLUMN "a" TYPE "Anew_new" USING ("a"::text::"Anew_new");
ALTER TYPE "Anew" RENAME TO "Anew_old";
ALTER TYPE "Anew_new" RENAME TO "Anew";
DROP TYPE "public"."Anew_old";
COMMIT;

-- AlterEnum
ALTER TYPE "Kept" ADD VALUE 'C';

-- AlterTable
ALTER TABLE "T" ADD COLUMN     "f" "Fresh";

-- CommentOn
COMMENT ON TYPE "Anew" IS 'made again with its type';

-- CommentOn
COMMENT ON TYPE "Silent" IS NULL;

-- CommentOn
COMMENT ON TYPE "Changed" IS 'it''s second';

-- CommentOn
COMMENT ON TYPE "Fresh" IS 'new';
