-- schemac:transaction off
CREATE TABLE g (n int);
INSERT INTO g VALUES (1), (1);
SET work_mem = '3MB';
CREATE UNIQUE INDEX CONCURRENTLY g_n ON g (n);
CREATE TABLE h AS SELECT current_setting('work_mem') AS mem;
