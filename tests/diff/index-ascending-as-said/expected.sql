-- CreateIndex
CREATE INDEX "Person_name_id_idx" ON "Person"("name" ASC, "id");
