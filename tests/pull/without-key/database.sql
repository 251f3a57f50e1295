create table onecol(a int); create table unx(p point, id int not null unique);
create table nokey_fk(a int references unx(id), b text);
create type unused as enum('x','y'); create type emptyenum as enum();
