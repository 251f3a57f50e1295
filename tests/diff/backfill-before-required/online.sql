-- schemac:transaction off
-- schemac:retry 10

-- AlterEnum
-- Not online: the tables of the enum are rewritten with its new values, and locked meanwhile.
SET lock_timeout = '3s';
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('USER', 'GUEST');
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
COMMIT;

-- DropForeignKey
ALTER TABLE "Org" DROP CONSTRAINT "Org_userId_fkey";

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "full" TEXT,
ADD COLUMN     "org" TEXT,
ADD COLUMN     "since" TIMESTAMP(3),
ALTER COLUMN "role" SET DEFAULT 'USER';

-- Backfill
-- schemac:batches 10000
UPDATE "User" SET "full" = (concat_ws(' ', first, last)) WHERE "full" IS NULL;

-- Backfill
-- schemac:batches 10000
UPDATE "User" SET "org" = ((SELECT name FROM "Org" WHERE "Org"."userId" = "User".id)) WHERE "org" IS NULL AND ((SELECT name FROM "Org" WHERE "Org"."userId" = "User".id)) IS NOT NULL;

-- Backfill
-- schemac:batches 10000
UPDATE "User" SET "since" = ('2000-01-01') WHERE "since" IS NULL;

-- Backfill
-- schemac:batches 10000
UPDATE "User" SET "email" = ('user' || id || '@example.com') WHERE "email" IS NULL;

-- Backfill
-- schemac:batches 10000
UPDATE "User" SET "role" = ('GUEST') WHERE "role" IS NULL;

-- AlterTable
ALTER TABLE "User" ALTER COLUMN "since" SET DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "User" ADD CONSTRAINT "User_full_not_null" CHECK ("full" IS NOT NULL) NOT VALID;
UPDATE "User" SET "full" = (concat_ws(' ', first, last)) WHERE "full" IS NULL;
ALTER TABLE "User" VALIDATE CONSTRAINT "User_full_not_null";
ALTER TABLE "User" ALTER COLUMN "full" SET NOT NULL;
ALTER TABLE "User" DROP CONSTRAINT "User_full_not_null";
ALTER TABLE "User" ADD CONSTRAINT "User_since_not_null" CHECK ("since" IS NOT NULL) NOT VALID;
UPDATE "User" SET "since" = ('2000-01-01') WHERE "since" IS NULL;
ALTER TABLE "User" VALIDATE CONSTRAINT "User_since_not_null";
ALTER TABLE "User" ALTER COLUMN "since" SET NOT NULL;
ALTER TABLE "User" DROP CONSTRAINT "User_since_not_null";
ALTER TABLE "User" ADD CONSTRAINT "User_email_not_null" CHECK ("email" IS NOT NULL) NOT VALID;
UPDATE "User" SET "email" = ('user' || id || '@example.com') WHERE "email" IS NULL;
ALTER TABLE "User" VALIDATE CONSTRAINT "User_email_not_null";
ALTER TABLE "User" ALTER COLUMN "email" SET NOT NULL;
ALTER TABLE "User" DROP CONSTRAINT "User_email_not_null";
ALTER TABLE "User" ADD CONSTRAINT "User_role_not_null" CHECK ("role" IS NOT NULL) NOT VALID;
UPDATE "User" SET "role" = ('GUEST') WHERE "role" IS NULL;
ALTER TABLE "User" VALIDATE CONSTRAINT "User_role_not_null";
ALTER TABLE "User" ALTER COLUMN "role" SET NOT NULL;
ALTER TABLE "User" DROP CONSTRAINT "User_role_not_null";
ALTER TABLE "User" DROP COLUMN "first",
DROP COLUMN "last";
ALTER TABLE "User" ADD CONSTRAINT "full_not_empty" CHECK ("full" <> '') NOT VALID;
ALTER TABLE "User" VALIDATE CONSTRAINT "full_not_empty";

-- DropTable
DROP TABLE "Org";

-- CreateIndex
SET lock_timeout = 0;
CREATE UNIQUE INDEX CONCURRENTLY "User_email_key" ON "User"("email");

RESET lock_timeout;
