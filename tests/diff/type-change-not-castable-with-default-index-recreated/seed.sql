insert into "A" values (1,'a',1);
