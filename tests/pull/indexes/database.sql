create table t(id int, a int, b text, j jsonb, arr int[], ip inet, ts timestamp(3), constraint my_pk primary key (id));
create index on t(a desc, b); create index i1 on t using hash (b); create index i2 on t using gin (j); create index i3 on t using gin (j jsonb_path_ops); create index i4 on t using brin (ts); create index i5 on t using gist (ip inet_ops);
create index i6 on t using gin (arr); create unique index u1 on t(a); create unique index u2 on t(a, b desc); create index i7 on t using spgist (b); create index i8 on t using brin(a int4_minmax_multi_ops); create index i9 on t (b text_pattern_ops);
create index i10 on t(a nulls first);
alter table t add constraint uc unique (b); alter table t add constraint t_ts_key unique (ts);
create table ck(a int, b int, c int, primary key (b, a)); create unique index on ck(c); create index ck_a_idx on ck(a, b); 
create table ck2(a int, b int, constraint ck2x primary key (a,b)); create table hash_d(a int primary key, b int); create unique index xx on hash_d(b desc);
create index q on hash_d(b desc, a desc);
create table onlyu(a int not null, b int not null, c int, unique(a,b)); create table onlyu2(a int not null unique, c int); create table onlyu3(a int, c int not null, unique(a,c));
