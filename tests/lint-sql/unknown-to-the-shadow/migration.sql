-- schemac:ignore-file SM011
CREATE INDEX ON "User" (age);
ALTER TABLE missing ADD COLUMN note text;
ALTER TABLE "User" ADD CHECK (age > 0);
