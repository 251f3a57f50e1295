CREATE TABLE u (n int);
