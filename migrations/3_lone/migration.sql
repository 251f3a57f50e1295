CREATE TABLE w (a int);
