// The same queries built step by step: C++17, without designated initialisers. Compiled, not run.
#include "blog.h"
#include "dynamic.h"
#include "shop.h"

sc_status search_users(sc_db *db, sc_arena *mem, const search &s, UserList *out);
sc_status write_users(sc_db *db, sc_arena *mem, User **out);
sc_status count_raw(sc_db *db, sc_arena *mem, const char *name, int64_t *out);

sc_status search_users(sc_db *db, sc_arena *mem, const search &s, UserList *out)
{
  UserFindMany q = {};
  q.take = 20;
  q.skip = s.page * 20;
  if (s.name) {
    q.where.name.contains = s.name;
    q.where.name.insensitive = true;
  }
  if (s.min_age) q.where.age.gte = SC_INT(*s.min_age);
  if (s.ids) q.where.id.in = SC_ARRAY(s.ids, s.id_count);
  if (s.only_authors) {
    PostWhere *published = sc_new<PostWhere>(mem);
    if (!published) return SC_NO_MEMORY;
    published->published.equals = SC_BOOL(true);
    q.where.posts.some = published;
  }
  UserWhere either[2] = {};
  either[0].role.equals = USER_ROLE_EDITOR;
  either[1].balance.gt = SC_DECIMAL("100");
  q.where.OR = SC_ARRAY(either, 2);
  UserOrderBy order[1] = {};
  order[0].created_at = s.newest_first ? SC_DESC : SC_ASC;
  q.order_by = SC_ARRAY(order, 1);
  q.include.comments = SC_ALL(CommentFindMany);
  PostFindMany posts = {};
  posts.select.title = true;
  q.include.posts = &posts;
  return user_find_many(db, mem, &q, out);
}

sc_status write_users(sc_db *db, sc_arena *mem, User **out)
{
  const char *tags[] = {"c++", "sql"};
  PostCreate posts[1] = {};
  posts[0].title = "Hello";
  UserCreateArgs args = {};
  args.data.email = "bjarne@example.com";
  args.data.tags = SC_ARRAY(tags, 2);
  args.data.posts.create = SC_ARRAY(posts, 1);
  args.data._null.age = true;
  sc_status s = user_create(db, mem, &args, out);
  if (s != SC_OK) return s;
  UserRole role = USER_ROLE_READER;
  if (user_role_parse("AUTHOR", &role)) {
    UserUpdateArgs change = {};
    change.where.email_status.email = "bjarne@example.com";
    change.where.email_status.status = USER_STATUS_ACTIVE;
    change.data.role.set = role;
    s = user_update(db, mem, &change, out);
  }
  return s;
}

sc_status count_raw(sc_db *db, sc_arena *mem, const char *name, int64_t *out)
{
  sc_rows rows;
  sc_status s = sc_query(db, mem, &rows, "SELECT count(*) FROM users WHERE name = $1 AND age > $2",
                         SC_ARGS(SC_TEXT(name), SC_INT4(17)));
  if (s == SC_OK && !sc_rows_int(&rows, 0, 0, out)) s = SC_NOT_FOUND;
  return s;
}
