insert into "A" values (1,1,1);
