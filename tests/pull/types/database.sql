
create domain pos as int check (value > 0); create domain dtext as text;
create type comp as (a int);
create table t(id uuid primary key default gen_random_uuid(), d pos, dt dtext, co comp, iv interval, pt point, r int4range, mac macaddr, cidr cidr, tsq tsquery, tv tsvector, v varchar, c char, ch bpchar, n numeric, n2 numeric(10), n3 numeric(10,0), n65 numeric(65,30), ts timestamp, ts0 timestamp(0), ts3 timestamp(3), ts6 timestamp(6), tz timestamptz, tt time, ttz timetz(2), tm0 time(0), b bit, b8 bit(8), vb varbit, vb4 varbit(4), nm name, i8 int8[], x xml, ch1 "char", ttx text[][], mm money, ot timestamptz[], reg regclass, pl path, uu uuid[], vv varchar(10)[], un point[], jp jsonpath, f24 float(10), dec dec(4,1), ips inet[], dom_nn dtext not null, dar pos[]);

