create table u(id int primary key, v int references u(id));
create table "_uTou"("A" int not null references u(id) on delete cascade on update cascade, "B" int not null references u(id) on delete cascade on update cascade, constraint "_uTou_AB_pkey" primary key ("A","B")); create index "_uTou_B_index" on "_uTou"("B");
create table n(id int primary key);
create table "_nn"("A" int not null references n(id) on delete cascade on update cascade, "B" int not null references n(id) on delete cascade on update cascade, constraint "_nn_AB_pkey" primary key ("A","B")); create index "_nn_B_index" on "_nn"("B");
create table k(id int primary key, l text);create table l(id int primary key);
create table "_kTol"("A" int not null references k(id) on delete cascade on update cascade, "B" int not null references l(id) on delete cascade on update cascade, constraint "_kTol_AB_pkey" primary key ("A","B")); create index "_kTol_B_index" on "_kTol"("B");
