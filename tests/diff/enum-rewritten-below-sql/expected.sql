-- DropIndex
DROP INDEX "old_closed";

-- DropIndex
DROP INDEX "draft_orders";

-- DropIndex
DROP INDEX "open_orders";

-- AlterTable
ALTER TABLE "Old" DROP CONSTRAINT "old_is_no_draft";

-- AlterTable
ALTER TABLE "Order" DROP COLUMN "open",
DROP CONSTRAINT "open_has_number";

-- AlterEnum
BEGIN;
CREATE TYPE "Status_new" AS ENUM ('OPEN', 'CLOSED', 'LOST');
ALTER TABLE "Order" ALTER COLUMN "status" DROP DEFAULT;
ALTER TABLE "Old" ALTER COLUMN "status" TYPE TEXT;
ALTER TABLE "Order" ALTER COLUMN "status" TYPE "Status_new" USING ("status"::text::"Status_new");
ALTER TYPE "Status" RENAME TO "Status_old";
ALTER TYPE "Status_new" RENAME TO "Status";
DROP TYPE "Status_old";
ALTER TABLE "Order" ALTER COLUMN "status" SET DEFAULT 'OPEN';
COMMIT;

-- AlterTable
ALTER TABLE "Order" ADD CONSTRAINT "open_has_number" CHECK (status <> 'OPEN' OR number > 0),
ADD COLUMN     "open" BOOLEAN GENERATED ALWAYS AS (status = 'OPEN') STORED;

-- DropTable
DROP TABLE "Old";

-- CreateIndex
CREATE INDEX "open_orders" ON "Order"("number") WHERE ("status" = 'OPEN');
