insert into "A" values (1);
