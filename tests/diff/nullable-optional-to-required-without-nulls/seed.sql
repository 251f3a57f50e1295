insert into "A" values (2,3);
