-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "base";

-- CreateEnum
CREATE TYPE "base"."Size" AS ENUM ('S', 'L');

-- AlterTable
ALTER TABLE "shop"."Shirt" DROP COLUMN "size",
ADD COLUMN     "size" "base"."Size";

-- DropEnum
DROP TYPE "shop"."Size";
