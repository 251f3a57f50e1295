-- DropIndex
DROP INDEX "User_name_idx";

-- DropIndex
DROP INDEX "User_email_idx";

-- DropIndex
DROP INDEX "email_of_the_living";

-- CreateIndex
CREATE INDEX "User_name_idx" ON "User"("name") WHERE (active AND name IS NOT NULL);

-- CreateIndex
CREATE INDEX "User_email_idx" ON "User"("email") WHERE ("deleted_at" IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "email_of_the_living" ON "User"("email") WHERE ("deleted_at" IS NULL AND "active" = true);
