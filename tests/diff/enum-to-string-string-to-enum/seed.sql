insert into "A" values (1,'X','X');
