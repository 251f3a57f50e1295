-- Each of these keeps somebody waiting, or breaks something.
CREATE INDEX user_email ON "User" (email);
CREATE UNIQUE INDEX ON public."User" (email) WHERE age > 3;
DROP INDEX user_age;
ALTER TABLE "User" ADD CONSTRAINT user_room FOREIGN KEY ("roomId") REFERENCES room (id);
ALTER TABLE "User" ADD CHECK (age > 0), ALTER COLUMN email SET NOT NULL;
ALTER TABLE ONLY "User" ALTER nick TYPE varchar(20), ALTER COLUMN age SET DATA TYPE bigint;
ALTER TABLE "User" ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD COLUMN shown boolean DEFAULT true;
ALTER TABLE "User" ADD UNIQUE (email);
ALTER TABLE room ADD EXCLUDE USING gist (during WITH &&);
REFRESH MATERIALIZED VIEW ages;
ALTER TABLE "User" SET UNLOGGED;
DROP VIEW notes CASCADE;
ALTER TABLE room DROP COLUMN IF EXISTS note;
ALTER TABLE room RENAME COLUMN during TO "when";
UPDATE "User" SET shown = false;
UPDATE "User" SET shown = true WHERE id < 10;
DO $$ BEGIN UPDATE "User" SET shown = true; END $$;
TRUNCATE old;
DROP TABLE IF EXISTS old;

-- A table without rows: notes at most.
CREATE INDEX ON empty (note);
ALTER TABLE empty ADD COLUMN needed integer NOT NULL;

-- A table of this file: nothing.
CREATE TABLE fresh (id integer PRIMARY KEY, note text);
CREATE INDEX ON fresh (note);
ALTER TABLE fresh ADD CHECK (id > 0);

-- schemac:ignore SM001, lock-held
CREATE INDEX user_nick ON "User" (nick);
-- schemac:ignore SM001 SM314
CREATE INDEX user_both ON "User" (nick, email);
ALTER TABLE "User" ADD COLUMN needed integer NOT NULL;
CREATE INDEX CONCURRENTLY user_late ON "User" (id, nick);
