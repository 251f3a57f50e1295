INSERT INTO "User" VALUES (1, '41', 'a'), (2, NULL, 'b');
INSERT INTO "Post" VALUES (1, 1);
