-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "age" TO "years";

-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "short" TO "long";

-- RenameColumn
ALTER TABLE "Post" RENAME COLUMN "userId" TO "ownerId";

-- DropForeignKey
ALTER TABLE "Post" DROP CONSTRAINT "Post_userId_fkey";

-- AlterTable
ALTER TABLE "User" ALTER COLUMN "years" DROP DEFAULT,
ALTER COLUMN "years" SET DATA TYPE INTEGER USING (years::int),
ALTER COLUMN "years" SET DEFAULT 0,
ALTER COLUMN "long" DROP NOT NULL,
ALTER COLUMN "long" SET DATA TYPE TEXT;

-- AlterTable
ALTER TABLE "Post" DROP CONSTRAINT "Post_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGINT,
ADD CONSTRAINT "Post_pkey" PRIMARY KEY ("id");

-- Backfill
UPDATE "User" SET "years" = (-1) WHERE "years" IS NULL;

-- AlterTable
ALTER TABLE "User" ALTER COLUMN "years" SET NOT NULL;

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
