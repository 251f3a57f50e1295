-- schemac:transaction off
-- schemac:retry 10
SET lock_timeout = '3s';
ALTER TABLE "User" ADD CONSTRAINT user_room FOREIGN KEY ("roomId") REFERENCES room (id) NOT VALID;
ALTER TABLE "User" VALIDATE CONSTRAINT user_room;
ALTER TABLE "User" ADD CONSTRAINT named CHECK (email IS NOT NULL) NOT VALID;
ALTER TABLE "User" VALIDATE CONSTRAINT named;
ALTER TABLE "User" ALTER COLUMN email SET NOT NULL;
ALTER TABLE "User" DROP CONSTRAINT named;
ALTER TABLE "User" ALTER COLUMN nick TYPE varchar(20);
SET lock_timeout = 0;
CREATE UNIQUE INDEX CONCURRENTLY user_email ON "User" (email);
DROP INDEX CONCURRENTLY user_age;
REINDEX INDEX CONCURRENTLY user_email;
SET lock_timeout = '3s';
ALTER TABLE "User" ADD CONSTRAINT user_email UNIQUE USING INDEX user_email;
RESET lock_timeout;
