-- AlterTable
ALTER TABLE "things" ALTER COLUMN "id" DROP DEFAULT,
ALTER COLUMN "n" SET DEFAULT 7;
DROP SEQUENCE "things_id_seq";
DROP SEQUENCE "things_n_seq";
