create table t(id int primary key, a int check (a > 0), b text, c int unique); comment on column t.b is 'said'; create index t_low on t(lower(b)); create index t_c on t(c) where a > 1;
create table r(id int primary key, t int unique references t(id), u int references t(c));
