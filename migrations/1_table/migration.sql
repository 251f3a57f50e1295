CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 200000); SELECT pg_sleep(0.5);
