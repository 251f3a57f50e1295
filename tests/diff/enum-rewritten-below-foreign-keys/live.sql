-- DropForeignKey
ALTER TABLE "Box" DROP CONSTRAINT "Box_holderId_kind_fkey";

-- DropForeignKey
ALTER TABLE "Box" DROP CONSTRAINT "Box_kind_row_fkey";

-- DropForeignKey
ALTER TABLE "Label" DROP CONSTRAINT "label_shelf";

-- DropForeignKey
ALTER TABLE "Note" DROP CONSTRAINT "Note_kind_row_fkey";

-- AlterEnum
BEGIN;
CREATE TYPE "Kind_new" AS ENUM ('SMALL', 'LARGE');
ALTER TABLE "public"."Box" ALTER COLUMN "kind" DROP DEFAULT;
ALTER TABLE "Shelf" ALTER COLUMN "kind" TYPE "Kind_new" USING ("kind"::text::"Kind_new");
ALTER TABLE "Box" ALTER COLUMN "kind" TYPE "Kind_new" USING ("kind"::text::"Kind_new");
ALTER TABLE "Label" ALTER COLUMN "kind" TYPE "Kind_new" USING ("kind"::text::"Kind_new");
ALTER TABLE "Note" ALTER COLUMN "kind" TYPE "Kind_new" USING ("kind"::text::"Kind_new");
ALTER TYPE "Kind" RENAME TO "Kind_old";
ALTER TYPE "Kind_new" RENAME TO "Kind";
DROP TYPE "public"."Kind_old";
ALTER TABLE "Box" ALTER COLUMN "kind" SET DEFAULT 'SMALL';
COMMIT;

-- AddForeignKey
ALTER TABLE "Box" ADD CONSTRAINT "Box_holderId_kind_fkey" FOREIGN KEY ("holderId", "kind") REFERENCES "Box"("id", "kind") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "Box" ADD CONSTRAINT "Box_kind_row_fkey" FOREIGN KEY ("kind", "row") REFERENCES "Shelf"("kind", "row") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Label" ADD CONSTRAINT "label_of_shelf" FOREIGN KEY ("kind", "row") REFERENCES "Shelf"("kind", "row") ON DELETE RESTRICT ON UPDATE CASCADE;
