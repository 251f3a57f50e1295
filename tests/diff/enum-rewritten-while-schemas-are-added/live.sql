-- AlterEnum
BEGIN;
CREATE TYPE "public"."Grade_new" AS ENUM ('X');
ALTER TABLE "public"."Pupil" ALTER COLUMN "l" DROP DEFAULT;
ALTER TABLE "public"."Pupil" ALTER COLUMN "n" DROP DEFAULT;
ALTER TABLE "public"."Pupil" ALTER COLUMN "n" TYPE "public"."Grade_new" USING ("n"::text::"public"."Grade_new");
ALTER TABLE "public"."Pupil" ALTER COLUMN "l" TYPE "public"."Grade_new"[] USING ("l"::text::"public"."Grade_new"[]);
ALTER TYPE "public"."Grade" RENAME TO "Grade_old";
ALTER TYPE "public"."Grade_new" RENAME TO "Grade";
DROP TYPE "public"."Grade_old";
ALTER TABLE "public"."Pupil" ALTER COLUMN "l" SET DEFAULT ARRAY['X']::"public"."Grade"[];
ALTER TABLE "public"."Pupil" ALTER COLUMN "n" SET DEFAULT 'X';
COMMIT;
