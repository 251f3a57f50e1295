-- schemac:transaction off
CREATE TABLE i (n int);
SELECT 1;
