CREATE TABLE "User" (id serial PRIMARY KEY, email text, nick varchar(10), age integer, "roomId" integer);
CREATE TABLE room (id integer PRIMARY KEY, during int4range, note text);
CREATE TABLE empty (id integer PRIMARY KEY, note text);
CREATE TABLE old (id integer PRIMARY KEY);
CREATE INDEX user_age ON "User" (age);
CREATE VIEW notes AS SELECT note FROM room;
CREATE MATERIALIZED VIEW ages AS SELECT "roomId" FROM "User";
