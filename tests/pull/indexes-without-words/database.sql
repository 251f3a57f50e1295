create table t(id int primary key, a text, b text);
create index plain on t(lower(a)); create index mixed on t(b desc, lower(a));
create index of_a_class on t(lower(a) text_pattern_ops);
create index downwards on t(id, lower(b) desc);
create unique index nulls_first on t((a || b) nulls first) where a is not null;
