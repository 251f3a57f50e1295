create table "my table"(id int primary key, "1col" int, "a-b" text, "_x" text, "é" int, "weird $ name" text unique);
create table "123"(id int primary key);
create table "default"(id int primary key, "type" text);
create table "model"(id int primary key);
create table "9abc"(id int primary key, r int references "my table"(id), d int references "default"(id));
create type "my enum" as enum ('a b', '12', '!!', 'ok');
create type "enum" as enum ('x');
create table dup(id int primary key, e "my enum", f "enum" default 'x', "a b" int, "a-b" int);
create table "Dup-2"(id int); create table "Dup 2"(id int primary key);

