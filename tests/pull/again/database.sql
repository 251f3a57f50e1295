create type role as enum ('admin','user-x','guest');
create table users(id text primary key, email text not null unique, nick text, updated timestamp(3) not null, r role default 'user-x', fk1 int, newcol int);
create table posts(id int primary key, author_id text not null references users(id), editor text references users(id), title text, k uuid not null default gen_random_uuid(), unique(title, author_id));
create index posts_title_author on posts(title); create table newt(id int primary key, u text references users(id));
create table "_tags"("A" int not null references posts(id) on delete cascade on update cascade, "B" text not null references users(id) on delete cascade on update cascade, constraint "_tags_AB_pkey" primary key ("A","B")); create index "_tags_B_index" on "_tags"("B");
create table ig(id int primary key, a int); create table plain(a int, b int, primary key (a,b)); create type fresh as enum('f');
