insert into "A" values (1,2,'{a}','{1}');
