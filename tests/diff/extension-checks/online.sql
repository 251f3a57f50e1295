-- schemac:transaction off
-- schemac:retry 10

-- AlterTable
SET lock_timeout = '3s';
ALTER TABLE "Product" DROP CONSTRAINT "stock_limit",
DROP CONSTRAINT "stock_positive",
ADD COLUMN     "reserved" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Product" ADD CONSTRAINT "stock_limit" CHECK (stock <= 5000) NOT VALID;
ALTER TABLE "Product" VALIDATE CONSTRAINT "stock_limit";
ALTER TABLE "Product" ADD CONSTRAINT "Product_check" CHECK (stock >= reserved) NOT VALID;
ALTER TABLE "Product" VALIDATE CONSTRAINT "Product_check";

RESET lock_timeout;
