-- AlterEnum
BEGIN;
CREATE TYPE "Size_new" AS ENUM ('MIDDLE');
ALTER TABLE "Shirt" ALTER COLUMN "size" TYPE "Size_new" USING ("size"::text::"Size_new");
ALTER TYPE "Size" RENAME TO "Size_old";
ALTER TYPE "Size_new" RENAME TO "Size";
DROP TYPE "Size_old";
COMMIT;

-- AlterEnum
BEGIN;
CREATE TYPE "Tone_new" AS ENUM ('DEAF', 'LOUD');
ALTER TABLE "Shirt" ALTER COLUMN "tone" TYPE "Tone_new" USING ("tone"::text::"Tone_new");
ALTER TYPE "Tone" RENAME TO "Tone_old";
ALTER TYPE "Tone_new" RENAME TO "Tone";
DROP TYPE "Tone_old";
COMMIT;
