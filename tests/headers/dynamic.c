/* Queries built step by step from what a user asked for, and as one literal: C. Compiled, not run. */
#include "blog.h"
#include "dynamic.h"
#include "shop.h"

sc_status search_users(sc_db *db, sc_arena *mem, const search *s, UserList *out);
sc_status search_literal(sc_db *db, sc_arena *mem, const search *s, UserList *out);
sc_status write_users(sc_db *db, sc_arena *mem, User **out);
sc_status pay(sc_db *tx, void *context);
int read_back(const User *user);

sc_status search_users(sc_db *db, sc_arena *mem, const search *s, UserList *out)
{
  UserFindMany q = {.take = 20, .skip = s->page * 20};
  if (s->name) q.where.name = (sc_string_filter){.contains = s->name, .insensitive = true};
  if (s->min_age) {
    q.where.age.gte = SC_INT(*s->min_age);
    q.where.age.is = SC_IS_NOT_NULL;
  }
  if (s->ids) q.where.id.in = (sc_strings)SC_ARRAY(s->ids, s->id_count);
  if (s->only_authors) {
    q.where.posts.some = SC_NEW(mem, PostWhere, .published = {.equals = SC_BOOL(true)});
    q.where.NOT = (UserWhereList)SC_LIST_IN(mem, UserWhere, {.role = {.equals = USER_ROLE_READER}},
                                            {.status = {.not_equals = USER_STATUS_ACTIVE}});
  }
  UserOrderBy order[2] = {{0}};
  size_t keys = 0;
  if (s->newest_first) order[keys++].created_at = SC_DESC;
  order[keys++].id = SC_ASC;
  q.order_by = (UserOrderByList)SC_ARRAY(order, keys);
  return user_find_many(db, mem, &q, out);
}

sc_status search_literal(sc_db *db, sc_arena *mem, const search *s, UserList *out)
{
  return user_find_many(db, mem, &(UserFindMany){
    .where = {
      .email = {.ends_with = "@example.com", .insensitive = true},
      .age = {.gte = SC_INT(18), .lt = SC_INT(65)},
      .role = {.in = SC_LIST(UserRole, USER_ROLE_EDITOR, USER_ROLE_AUTHOR)},
      .name = {.equals = SC_STR(s->name)},
      .tags = {.has_some = SC_LIST(const char *, "c", "sql"), .is_empty = SC_BOOL(false)},
      .deleted_at = {.is = SC_IS_NULL},
      .profile = {.is = &(ProfileWhere){.bio = {.not_ = &(sc_string_filter){.starts_with = "I"}}}},
      .OR = SC_LIST(UserWhere, {.name = {.equals = "Alice"}},
                               {.posts = {.every = &(PostWhere){.published = {.equals = SC_BOOL(true)}}}}),
    },
    .order_by = SC_LIST(UserOrderBy, {.posts = {._count = SC_DESC}}, {.name = SC_ASC_NULLS_LAST},
                        {.profile = &(ProfileOrderBy){.bio = SC_ASC}}),
    .include = {
      .profile = &(ProfileRead){.select = {.bio = true}},
      .posts = &(PostFindMany){.take = 10, .order_by = SC_LIST(PostOrderBy, {.title = SC_ASC}),
                               .include = {.comments = &(CommentFindMany){.take = -3}}},
      ._count = {.comments = &(CommentWhere){.parent = {.null = SC_IS_NULL}}, .likes = SC_ALL(LikeWhere)},
    },
    .take = 20,
  }, out);
}

sc_status write_users(sc_db *db, sc_arena *mem, User **out)
{
  sc_status s = user_create(db, mem, &(UserCreateArgs){
    .data = {
      .email = "alice@example.com",
      .role = USER_ROLE_AUTHOR,
      .balance = SC_DECIMAL("12.50"),
      .metadata = SC_JSON("{\"theme\": \"dark\"}"),
      .tags = SC_LIST(const char *, "c", "sql"),
      .profile = {.create = &(ProfileCreate){.bio = "Writes C.", .avatar = SC_BYTES("\x89PNG", 4)}},
      .posts = {.create = SC_LIST(
        PostCreate,
        {.title = "Hello", .categories = {.connect = SC_LIST(CategoryWhereUnique, {.slug = "c"})}},
        {.title = "World", .views = SC_BIGINT(7), .rating = SC_FLOAT(0)})},
      ._null = {.age = true},
    },
    .include = {.posts = SC_ALL(PostFindMany)},
  }, out);
  if (s == SC_UNIQUE_VIOLATION) {
    switch (user_constraint_of(sc_error_last())) {
    case USER_EMAIL_TAKEN: return SC_OK;
    case USER_ID_TAKEN:
    case USER_EXTERNAL_ID_TAKEN:
    case USER_EMAIL_STATUS_TAKEN:
    case USER_IDENTITY_TAKEN:
    case USER_CONSTRAINT_UNKNOWN: return s;
    }
  }
  int64_t count;
  s = user_update_many(db, &(UserUpdateManyArgs){
    .where = {.age = {.lt = SC_INT(18)}}, .data = {.role = {.set = USER_ROLE_READER}},
  }, &count);
  if (s == SC_OK) s = user_delete_many(db, &(UserDeleteManyArgs){.all = true}, &count);
  if (s == SC_OK) s = user_count(db, NULL, &count);
  if (s == SC_OK) {
    s = user_update(db, mem, &(UserUpdateArgs){
      .where = {.identity = {.external_id = "x1", .role = USER_ROLE_EDITOR}},
      .data = {
        .age = {.increment = SC_INT(1)},
        .name = {.set = "Al"},
        .tags = {.push = SC_LIST(const char *, "new")},
        ._null = {.deleted_at = true},
      },
    }, out);
  }
  return s == SC_OK ? user_delete(db, mem, &(UserDeleteArgs){.where = {.email = "alice@example.com"}}, out) : s;
}

/* A transfer between two accounts of the shop, as the body of sc_transaction. */
sc_status pay(sc_db *tx, void *context)
{
  const ShopTransfer *order = context;
  int64_t changed;
  sc_status s = shop_account_update_many(tx, &(ShopAccountUpdateManyArgs){
    .where = {.id = {.equals = SC_BIGINT(order->from_id)}, .balance = {.gte = order->amount}},
    .data = {.balance = {.decrement = order->amount}, .version = {.increment = SC_INT(1)}},
  }, &changed);
  if (s != SC_OK || changed == 0) return s != SC_OK ? s : SC_NOT_FOUND;
  s = shop_account_update(tx, NULL, &(ShopAccountUpdateArgs){
    .where = {.id = SC_BIGINT(order->to_id)}, .data = {.balance = {.increment = order->amount}},
  }, NULL);
  if (s != SC_OK) return s;
  return shop_transfer_create(tx, NULL, &(ShopTransferCreateArgs){
    .data = {
      .from = {.connect = &(ShopAccountWhereUnique){.id = SC_BIGINT(order->from_id)}},
      .to_id = SC_BIGINT(order->to_id),
      .amount = order->amount,
      .status = SHOP_TRANSFER_STATUS_COMPLETED,
      .created_at = order->created_at,
    },
  }, NULL);
}

int read_back(const User *user)
{
  int sum = user->age ? *user->age : -1;
  for (size_t i = 0; i < user->posts.len; i++) {
    const Post *post = &user->posts.items[i];
    if (post_has(post, POST_COUNT_LIKES)) sum += (int)post->_count.likes;
    if (post->rating) sum += (int)*post->rating;
  }
  for (size_t i = 0; i < user->scores.len; i++) sum += user->scores.items[i];
  if (user_has(user, USER_PROFILE) && user->profile && user->profile->avatar) sum += (int)user->profile->avatar->len;
  return sum + (user->metadata ? (int)user->metadata->len : 0) + (int)strlen(user_role_name(user->role));
}
