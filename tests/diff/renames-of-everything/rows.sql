INSERT INTO "User" ("nick", "Born", "role", "bossId") VALUES ('ada', 'x', 'ADMIN', NULL), ('bob', NULL, 'USER', 1);
INSERT INTO "Tag" VALUES (7), (8);
INSERT INTO "_TagToUser" ("A", "B") VALUES (7, 1), (8, 2);
INSERT INTO "_likes" ("A", "B") VALUES (8, 1);
