create table "Post"(id int primary key); create table "Tag"(id int primary key);
create table "_PostToTag"("A" int not null references "Post"(id) on delete cascade on update cascade, "B" int not null references "Tag"(id) on delete cascade on update cascade, constraint "_PostToTag_AB_pkey" primary key ("A","B")); create index "_PostToTag_B_index" on "_PostToTag"("B");
create table "_Fav"("A" int not null references "Post"(id) on delete cascade on update cascade, "B" int not null references "Tag"(id) on delete cascade on update cascade, constraint "_Fav_AB_pkey" primary key ("A","B")); create index "_Fav_B_index" on "_Fav"("B");
create table "_self"("A" int not null references "Post"(id) on delete cascade on update cascade, "B" int not null references "Post"(id) on delete cascade on update cascade, constraint "_self_AB_pkey" primary key ("A","B")); create index "_self_B_index" on "_self"("B");
create table "_rev"("A" int not null references "Tag"(id) on delete cascade on update cascade, "B" int not null references "Post"(id) on delete cascade on update cascade, constraint "_rev_AB_pkey" primary key ("A","B")); create index "_rev_B_index" on "_rev"("B");
create table "X"(id int primary key); create table "Y"(id int primary key);
create table "_XY"("A" int not null references "X"(id) on delete cascade on update cascade, "B" int not null references "Y"(id) on delete cascade on update cascade, constraint "_XY_AB_pkey" primary key ("A","B")); create index "_XY_B_index" on "_XY"("B");
create table explicit_join(p int references "Post"(id), t int references "Tag"(id), primary key(p,t));
create table "_almost"("A" int not null references "X"(id), "B" int not null references "Y"(id));
