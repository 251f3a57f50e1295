create table t(id int primary key, a int check (a > 0), b text, c text, d int generated always as (id * 2) stored, constraint ab check (a < length(b)));
comment on table t is 'The table'; comment on column t.b is 'It''s "b"
two lines';
create index t_lower on t(lower(b)); create unique index t_part on t(a) where b is not null; create index t_cov on t(a) include (b); create index t_fill on t(c) with (fillfactor=80, deduplicate_items=OFF);
create unique index t_nnd on t(c) nulls not distinct; alter table t add constraint t_def unique (b) deferrable initially deferred;
create index t_ft on t using gin(to_tsvector('english'::regconfig, coalesce(b,'')||' '||coalesce(c,''))); create index t_ft2 on t using gin(to_tsvector('simple', b));
create table f(id int primary key, t int references t(id) deferrable initially deferred, u int references t(id) deferrable);
create table defpk(id int primary key deferrable);
create index t_nf on t(a nulls first, b desc nulls last);
create table rls(id int primary key); alter table rls enable row level security; create policy p on rls using (true);
create table part(id int not null, k int not null, primary key(id,k)) partition by range(k); create table part1 partition of part for values from (0) to (10);
create table parent(id int primary key); create table child(x int) inherits (parent);
create table ex(id int primary key, r int4range, exclude using gist (r with &&));
create type en as enum('a'); comment on type en is 'enumc'; create table ene(id int primary key, e en);
create function trg() returns trigger language plpgsql as $$begin return new; end$$; create trigger tr before insert on t for each row execute function trg();
