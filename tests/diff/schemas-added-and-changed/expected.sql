-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "b";

-- AlterEnum
BEGIN;
CREATE TYPE "a"."E_new" AS ENUM ('X');
ALTER TABLE "a"."A" ALTER COLUMN "e" TYPE "a"."E_new" USING ("e"::text::"a"."E_new");
ALTER TYPE "a"."E" RENAME TO "E_old";
ALTER TYPE "a"."E_new" RENAME TO "E";
DROP TYPE "a"."E_old";
COMMIT;

-- AlterTable
CREATE SEQUENCE "a".a_n_seq;
ALTER TABLE "a"."A" ALTER COLUMN "n" SET DEFAULT nextval('"a".a_n_seq'),
ALTER COLUMN "n" SET DATA TYPE BIGINT;
ALTER SEQUENCE "a".a_n_seq OWNED BY "a"."A"."n";

-- CreateTable
CREATE TABLE "b"."B" (
    "id" INTEGER NOT NULL,
    "aId" INTEGER NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "A_n_idx" ON "a"."A"("n");

-- AddForeignKey
ALTER TABLE "b"."B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "a"."A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
