-- CreateEnum
CREATE TYPE "Level" AS ENUM ('LOW', 'HIGH');

-- AlterEnum
BEGIN;
CREATE TYPE "Size_new" AS ENUM ('SMALL', 'BIG');
ALTER TABLE "public"."Item" ALTER COLUMN "size" DROP DEFAULT;
ALTER TABLE "Item" ALTER COLUMN "size" TYPE "Size_new" USING ((CASE size WHEN 'MEDIUM' THEN 'BIG' ELSE size::text END)::text::"Size_new");
ALTER TYPE "Size" RENAME TO "Size_old";
ALTER TYPE "Size_new" RENAME TO "Size";
DROP TYPE "public"."Size_old";
ALTER TABLE "Item" ALTER COLUMN "size" SET DEFAULT 'BIG';
COMMIT;

-- AlterTable
ALTER TABLE "Item" ALTER COLUMN "price" DROP DEFAULT,
ALTER COLUMN "price" SET DATA TYPE INTEGER USING (price::int),
ALTER COLUMN "price" SET DEFAULT 1,
ALTER COLUMN "level" DROP DEFAULT,
ALTER COLUMN "level" SET DATA TYPE "Level" USING ((CASE WHEN level > 1 THEN 'HIGH' ELSE 'LOW' END)::"Level"),
ALTER COLUMN "level" SET DEFAULT 'HIGH',
ALTER COLUMN "size" SET DEFAULT 'BIG',
ALTER COLUMN "tags" SET DATA TYPE TEXT[] USING (string_to_array(tags, ',')),
ALTER COLUMN "when" SET DATA TYPE TIMESTAMP(3) USING (to_timestamp("when"));
