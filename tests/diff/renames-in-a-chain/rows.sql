INSERT INTO "A" VALUES (1, 'one', 'two');
INSERT INTO "B" ("x") VALUES ('three');
