INSERT INTO "User" (email, nick, age, "roomId") SELECT i || '@example', 'x', i, 1 FROM generate_series(1, 1234) i;
INSERT INTO room VALUES (1, '[1,2)', 'x');
INSERT INTO old VALUES (1);
