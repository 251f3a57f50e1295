-- AlterTable
ALTER TABLE "Old" DROP COLUMN "n",
ADD COLUMN     "t" TEXT NOT NULL;

-- CreateTable
CREATE TABLE "Fresh" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "Fresh_pkey" PRIMARY KEY ("id")
);

-- CommentOn
COMMENT ON TABLE "Old" IS 'second';

-- CommentOn
COMMENT ON COLUMN "Old"."t" IS 'it''s new';

-- CommentOn
COMMENT ON TABLE "Fresh" IS 'made later';

-- CommentOn
COMMENT ON COLUMN "Fresh"."id" IS 'number';
