-- schemac:retry 10

-- AlterEnum
-- Not online: the tables of the enum are rewritten with its new values, and locked meanwhile.
SET lock_timeout = '3s';
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;

RESET lock_timeout;
