INSERT INTO "Item" VALUES (1, '10', 2, 'MEDIUM', 'a,b', 0), (2, '20', 1, 'SMALL', '', NULL);
