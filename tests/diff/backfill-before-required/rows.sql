INSERT INTO "User" VALUES (1, 'Ada', 'L', NULL, NULL), (2, 'Bob', NULL, 'b@x', 'USER');
INSERT INTO "Org" VALUES (1, 'ACME', 2);
