CREATE TABLE k (n int); SELECT 1 / 0;
