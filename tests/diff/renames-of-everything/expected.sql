-- RenameEnum
ALTER TYPE "role" RENAME TO "Kind";

-- RenameEnumValue
ALTER TYPE "Kind" RENAME VALUE 'ADMIN' TO 'OWNER';

-- RenameTable
ALTER TABLE "User" RENAME TO "Account";

-- RenameTable
ALTER TABLE "_TagToUser" RENAME TO "_AccountToTag";

-- RenameColumn
ALTER TABLE "Account" RENAME COLUMN "nick" TO "name";

-- RenameColumn
ALTER TABLE "Account" RENAME COLUMN "Born" TO "born";

-- RenameColumn
ALTER TABLE "Account" RENAME COLUMN "bossId" TO "leaderId";

-- RenameColumn
ALTER TABLE "_AccountToTag" RENAME COLUMN "A" TO "A_B";

-- RenameColumn
ALTER TABLE "_AccountToTag" RENAME COLUMN "B" TO "A";

-- RenameColumn
ALTER TABLE "_AccountToTag" RENAME COLUMN "A_B" TO "B";

-- RenameColumn
ALTER TABLE "_likes" RENAME COLUMN "A" TO "A_B";

-- RenameColumn
ALTER TABLE "_likes" RENAME COLUMN "B" TO "A";

-- RenameColumn
ALTER TABLE "_likes" RENAME COLUMN "A_B" TO "B";

-- RenameSequence
ALTER SEQUENCE "User_id_seq" RENAME TO "Account_id_seq";

-- DropIndex
DROP INDEX "_TagToUser_B_index";

-- DropIndex
DROP INDEX "_likes_B_index";

-- AlterTable
ALTER TABLE "Account" RENAME CONSTRAINT "User_pkey" TO "Account_pkey";

-- AlterTable
ALTER TABLE "_AccountToTag" DROP CONSTRAINT "_TagToUser_AB_pkey",
ADD CONSTRAINT "_AccountToTag_AB_pkey" PRIMARY KEY ("A", "B");

-- AlterTable
ALTER TABLE "_likes" DROP CONSTRAINT "_likes_AB_pkey",
ADD CONSTRAINT "_likes_AB_pkey" PRIMARY KEY ("A", "B");

-- CreateIndex
CREATE INDEX "_AccountToTag_B_index" ON "_AccountToTag"("B");

-- CreateIndex
CREATE INDEX "_likes_B_index" ON "_likes"("B");

-- RenameForeignKey
ALTER TABLE "Account" RENAME CONSTRAINT "User_bossId_fkey" TO "Account_leaderId_fkey";

-- RenameForeignKey
ALTER TABLE "_AccountToTag" RENAME CONSTRAINT "_TagToUser_A_fkey" TO "_AccountToTag_B_fkey";

-- RenameForeignKey
ALTER TABLE "_AccountToTag" RENAME CONSTRAINT "_TagToUser_B_fkey" TO "_AccountToTag_A_fkey";

-- RenameForeignKey
ALTER TABLE "_likes" RENAME CONSTRAINT "_likes_B_fkey" TO "__likes_B_fkey";

-- RenameForeignKey
ALTER TABLE "_likes" RENAME CONSTRAINT "_likes_A_fkey" TO "_likes_B_fkey";

-- RenameForeignKey
ALTER TABLE "_likes" RENAME CONSTRAINT "__likes_B_fkey" TO "_likes_A_fkey";

-- RenameIndex
ALTER INDEX "User_nick_key" RENAME TO "Account_name_key";

-- RenameIndex
ALTER INDEX "User_nick_role_idx" RENAME TO "Account_name_role_idx";

-- RenameIndex
ALTER INDEX "User_Born_idx" RENAME TO "Account_born_idx";
