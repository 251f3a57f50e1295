insert into "A" values (1);insert into "B" values (1,1);
