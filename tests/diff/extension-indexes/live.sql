-- DropIndex
DROP INDEX "Article_rank_idx";

-- DropIndex
DROP INDEX "title_lower";

-- CreateIndex
CREATE INDEX "title_upper" ON "Article"((upper(title)), "rank" DESC);

-- CreateIndex
CREATE INDEX "Article_rank_idx" ON "Article"("rank") INCLUDE ("title") WITH (fillfactor = 90);

-- CreateIndex
CREATE UNIQUE INDEX "Article_slug_rank_key" ON "Article"("slug", "rank") NULLS NOT DISTINCT;

-- CreateIndex
CREATE INDEX "Article_title_body_fulltext" ON "Article" USING GIN ((to_tsvector('english'::regconfig, COALESCE("title", '') || ' ' || COALESCE("body", ''))));

-- CreateIndex
CREATE INDEX "slug_words" ON "Article" USING GIN ((to_tsvector('simple'::regconfig, COALESCE("slug", ''))));
