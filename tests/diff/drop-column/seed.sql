insert into "A" values (1,5);
