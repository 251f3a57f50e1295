-- AlterTable
ALTER TABLE "Product" DROP CONSTRAINT "stock_limit",
DROP CONSTRAINT "stock_positive",
ADD COLUMN     "reserved" INTEGER NOT NULL DEFAULT 0,
ADD CONSTRAINT "stock_limit" CHECK (stock <= 5000),
ADD CONSTRAINT "Product_check" CHECK (stock >= reserved);
