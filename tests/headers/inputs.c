/* Every kind of input that Prisma Client 6.19 has for the operations of this client, on one field of each type.
 * Compiled, not run: what is missing here does not compile. */
#include "blog.h"
#include "shop.h"
#include "wide.h"

void scalar_filters(WideWhere *w);
void other_filters(UserWhere *w, ShopSupplierWhere *uuid);
void list_filters(UserWhere *w, WideWhere *wide);
void relation_filters(PostWhere *w);
void unique_keys(UserWhereUnique *user, LikeWhereUnique *like, CategoryWhereUnique *category);
void orders(UserOrderBy *by);
void choices(UserFindMany *q);
void updates(UserUpdate *u, WideUpdate *w);
void nested_creates(PostCreate *post, UserCreate *user);

void scalar_filters(WideWhere *w)
{
  static const int32_t ints[] = {1, 2};
  static const int64_t bigints[] = {1, 2};
  static const double floats[] = {0.5};
  static const sc_decimal decimals[] = {{"1.5"}};
  static const sc_time times[] = {{0, true, 0}};
  w->width = (sc_int_filter){.equals = SC_INT(0), .not_equals = SC_INT(1), .lt = SC_INT(2), .lte = SC_INT(3),
                             .gt = SC_INT(-1), .gte = SC_INT(INT32_MIN), .in = SC_ARRAY(ints, 2),
                             .not_in = SC_LIST(int32_t, 5, 6), .not_ = &(sc_int_filter){.equals = SC_INT(9)}};
  w->bytes_in = (sc_bigint_filter){.equals = SC_BIGINT(0), .not_equals = SC_BIGINT(1), .lt = SC_BIGINT(2),
                                   .lte = SC_BIGINT(3), .gt = SC_BIGINT(-1), .gte = SC_BIGINT(INT64_MIN),
                                   .in = SC_ARRAY(bigints, 2), .not_in = SC_LIST(int64_t, 5),
                                   .not_ = &(sc_bigint_filter){.equals = SC_BIGINT(9)}};
  w->rating = (sc_float_filter){.equals = SC_FLOAT(0), .not_equals = SC_FLOAT(1), .lt = SC_FLOAT(2), .lte = SC_FLOAT(3),
                                .gt = SC_FLOAT(-1), .gte = SC_FLOAT(0.5), .in = SC_ARRAY(floats, 1),
                                .not_in = SC_LIST(double, 5), .not_ = &(sc_float_filter){.is = SC_IS_NULL},
                                .is = SC_IS_NOT_NULL};
  w->price = (sc_decimal_filter){.equals = SC_DECIMAL("0"), .not_equals = SC_DECIMAL("1"), .lt = SC_DECIMAL("2"),
                                 .lte = SC_DECIMAL("3"), .gt = SC_DECIMAL("-1"), .gte = {"0.5"},
                                 .in = SC_ARRAY(decimals, 1), .not_in = SC_LIST(sc_decimal, {"5"}, {"6"}),
                                 .not_ = &(sc_decimal_filter){.gt = {"9"}}};
  w->created_at = (sc_time_filter){.equals = SC_TIME(0), .not_equals = SC_TIME(1), .lt = SC_TIME(2), .lte = SC_TIME(3),
                                   .gt = SC_TIME(-1), .gte = sc_time_now(), .in = SC_ARRAY(times, 1),
                                   .not_in = SC_LIST(sc_time, SC_TIME(1), SC_TIME(2)),
                                   .not_ = &(sc_time_filter){.equals = SC_TIME(9)}};
  w->name = (sc_string_filter){.equals = "", .not_equals = "a", .lt = "b", .lte = "c", .gt = "d", .gte = "e",
                               .contains = "%", .starts_with = "_", .ends_with = "\\", .search = "cat & dog",
                               .in = SC_LIST(const char *, "a", "b"), .not_in = SC_LIST(const char *, "c"),
                               .not_ = &(sc_string_filter){.contains = SC_STR("x"), .insensitive = true},
                               .is = SC_IS_NOT_NULL, .insensitive = true};
}

void other_filters(UserWhere *w, ShopSupplierWhere *uuid)
{
  w->posts.some = &(PostWhere){
    .published = {.equals = SC_BOOL(false), .not_equals = SC_BOOL(true),
                  .not_ = &(sc_bool_filter){.equals = SC_BOOL(true)}}};
  w->profile.is = &(ProfileWhere){
    .avatar = {.equals = SC_BYTES("\0\1", 2), .not_equals = SC_BYTES(NULL, 0),
               .in = SC_LIST(sc_bytes, SC_BYTES("a", 1), SC_BYTES("b", 1)),
               .not_in = SC_LIST(sc_bytes, SC_BYTES("c", 1)),
               .not_ = &(sc_bytes_filter){.is = SC_IS_NULL}, .is = SC_IS_NOT_NULL}};
  w->role = (UserRoleFilter){.equals = USER_ROLE_READER, .not_equals = USER_ROLE_EDITOR,
                             .in = SC_LIST(UserRole, USER_ROLE_READER, USER_ROLE_AUTHOR),
                             .not_in = SC_LIST(UserRole, USER_ROLE_EDITOR),
                             .not_ = &(UserRoleFilter){.equals = USER_ROLE_SUPER_ADMIN}};
  w->metadata = (sc_json_filter){.path = SC_LIST(const char *, "address", "city"), .equals = SC_JSON("\"Bern\""),
                                 .not_equals = SC_JSON("null"), .lt = SC_JSON("1"), .lte = SC_JSON("2"),
                                 .gt = SC_JSON("3"), .gte = SC_JSON("4"), .string_contains = "er",
                                 .string_starts_with = "B", .string_ends_with = "n", .array_contains = SC_JSON("[1]"),
                                 .array_starts_with = SC_JSON("1"), .array_ends_with = SC_JSON("2"),
                                 .is = SC_IS_ANY_NULL, .insensitive = true};
  uuid->id = (sc_uuid_filter){.equals = "0190163d-8694-739b-aea5-966c26f8ad91", .not_equals = "a", .lt = "b",
                              .lte = "c", .gt = "d", .gte = "e", .in = SC_LIST(const char *, "a"),
                              .not_in = SC_LIST(const char *, "b"), .not_ = &(sc_uuid_filter){.is = SC_IS_NULL}};
}

void list_filters(UserWhere *w, WideWhere *wide)
{
  w->tags = (sc_string_list_filter){.equals = SC_LIST(const char *, "a", "b"), .has = "a",
                                    .has_every = SC_LIST(const char *, "a"),
                                    .has_some = SC_LIST(const char *, "a", "c"),
                                    .is_empty = SC_BOOL(false), .is = SC_IS_NULL};
  w->scores = (sc_int_list_filter){.equals = SC_LIST(int32_t, 1, 2), .has = SC_INT(0), .has_every = SC_LIST(int32_t, 1),
                                   .has_some = SC_LIST(int32_t, 1, 3), .is_empty = SC_BOOL(true)};
  wide->sizes.has_some = (sc_ints)SC_ARRAY((const int32_t *)NULL, 0);
}

void relation_filters(PostWhere *w)
{
  w->author = (UserOneFilter){.is = &(UserWhere){.age = {.gt = SC_INT(18)}},
                              .is_not = &(UserWhere){.name = {.equals = "x"}}};
  w->comments = (CommentManyFilter){.some = &(CommentWhere){.parent = {.null = SC_IS_NULL}},
                                    .every = SC_ALL(CommentWhere),
                                    .none = &(CommentWhere){.content = {.contains = "spam"}}};
  w->AND = (PostWhereList)SC_LIST(PostWhere, {.views = {.gt = SC_BIGINT(0)}}, {.published = {.equals = SC_BOOL(true)}});
  w->OR = (PostWhereList)SC_ARRAY((const PostWhere *)NULL, 0);
  w->NOT = (PostWhereList)SC_LIST(PostWhere, {.id = {.equals = "x"}});
}

void unique_keys(UserWhereUnique *user, LikeWhereUnique *like, CategoryWhereUnique *category)
{
  *user = (UserWhereUnique){.email_status = {.email = "a", .status = USER_STATUS_ACTIVE},
                            .AND = SC_LIST(UserWhere, {.age = {.gt = SC_INT(1)}})};
  *like = (LikeWhereUnique){.post_id_user_id = {.post_id = "p", .user_id = "u"}};
  *category = (CategoryWhereUnique){.id = SC_INT(0)};
}

void orders(UserOrderBy *by)
{
  by[0] = (UserOrderBy){.name = SC_ASC_NULLS_FIRST};
  by[1] = (UserOrderBy){.posts = {._count = SC_DESC}};
  by[2] = (UserOrderBy){.profile = &(ProfileOrderBy){.user = &(UserOrderBy){.email = SC_DESC}}};
}

void choices(UserFindMany *q)
{
  q->select = (UserSelect){.id = true, .profile = &(ProfileRead){.omit = {.avatar = true}},
                           .posts = &(PostFindMany){.take = 3, .skip = 1}, ._count = {._all = true}};
  q->omit = (UserOmit){.metadata = true};
  q->include = (UserInclude){.comments = &(CommentFindMany){.where = {.post_id = {.equals = "p"}}},
                             ._count = {.posts = &(PostWhere){.published = {.equals = SC_BOOL(true)}}}};
}

void updates(UserUpdate *u, WideUpdate *w)
{
  u->name.set = "Al";
  u->age = (sc_int_update){.increment = SC_INT(1)};
  u->balance = (sc_decimal_update){.multiply = SC_DECIMAL("1.1")};
  u->role.set = USER_ROLE_EDITOR;
  u->metadata.set = SC_JSON("{}");
  u->tags.push = (sc_strings)SC_LIST(const char *, "x");
  u->scores.set = (sc_ints)SC_ARRAY((const int32_t *)NULL, 0);
  u->_null.deleted_at = true;
  w->bytes_in.decrement = SC_BIGINT(1);
  w->rating.divide = SC_FLOAT(2);
  w->active.set = SC_BOOL(false);
  w->created_at.set = SC_TIME(0);
  w->checksum.set = SC_BYTES("", 0);
}

void nested_creates(PostCreate *post, UserCreate *user)
{
  post->author = (UserNestedOne){.connect = &(UserWhereUnique){.email = "a"}};
  post->categories = (CategoryNestedMany){.create = SC_LIST(CategoryCreate, {.name = "C", .slug = "c"}),
                                          .connect = SC_LIST(CategoryWhereUnique, {.slug = "sql"}, {.id = SC_INT(3)})};
  user->profile = (ProfileNestedOne){.create = &(ProfileCreate){.bio = ""}};
}
