insert into "A" values (1,'a');
