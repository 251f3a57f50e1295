-- AlterEnum
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('USER', 'GUEST');
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "public"."Role_old";
COMMIT;

-- DropForeignKey
ALTER TABLE "Org" DROP CONSTRAINT "Org_userId_fkey";

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "full" TEXT,
ADD COLUMN     "org" TEXT,
ADD COLUMN     "since" TIMESTAMP(3),
ALTER COLUMN "role" SET DEFAULT 'USER';

-- Backfill
UPDATE "User" SET "full" = (concat_ws(' ', first, last)) WHERE "full" IS NULL;

-- Backfill
UPDATE "User" SET "org" = ((SELECT name FROM "Org" WHERE "Org"."userId" = "User".id)) WHERE "org" IS NULL;

-- Backfill
UPDATE "User" SET "since" = ('2000-01-01') WHERE "since" IS NULL;

-- Backfill
UPDATE "User" SET "email" = ('user' || id || '@example.com') WHERE "email" IS NULL;

-- Backfill
UPDATE "User" SET "role" = ('GUEST') WHERE "role" IS NULL;

-- AlterTable
ALTER TABLE "User" DROP COLUMN "first",
DROP COLUMN "last",
ALTER COLUMN "full" SET NOT NULL,
ALTER COLUMN "since" SET NOT NULL,
ALTER COLUMN "since" SET DEFAULT CURRENT_TIMESTAMP,
ALTER COLUMN "email" SET NOT NULL,
ALTER COLUMN "role" SET NOT NULL,
ADD CONSTRAINT "full_not_empty" CHECK ("full" <> '');

-- DropTable
DROP TABLE "Org";

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
