-- CreateEnum
CREATE TYPE "E" AS ENUM ('X', 'y''s');

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "e" "E" NOT NULL DEFAULT 'y''s',

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);
