/* A tour of a generated client: writes, reads, counts, an error that is handled.
 *
 * `schemac generate` has read schema.prisma and written generated/blog.h and generated/blog.c. Everything below that
 * begins with `blog_`, `user_`, `post_` … comes from there; `sc_` and `SC_` come from the library, libschemac. */
#include "blog.h"

#include <inttypes.h>
#include <stdio.h>

/* Every call returns a status; the thread's last error has the words. */
static int fail(const char *what)
{
  const sc_error *error = sc_error_last();
  fprintf(stderr, "%s: %s %s: %s\n", what, sc_status_name(error->status), error->code, error->message);
  return 1;
}

/* The example starts from nothing, each time. A delete_many without a filter must say that it means everybody. */
static sc_status clean(sc_db *db)
{
  sc_status s = user_delete_many(db, &(UserDeleteManyArgs){.all = true}, NULL);
  if (s == SC_OK) s = category_delete_many(db, &(CategoryDeleteManyArgs){.where.parent_id.is = SC_IS_NOT_NULL}, NULL);
  if (s == SC_OK) s = category_delete_many(db, &(CategoryDeleteManyArgs){.all = true}, NULL);
  return s;
}

/* Many rows by one statement. */
static sc_status add_readers(sc_db *db)
{
  int64_t count;
  sc_status s = user_create_many(db, &(UserCreateManyArgs){
    .data = SC_LIST(UserCreate,
                    {.email = "bob@example.com", .name = "Bob", .age = SC_INT(34)},
                    {.email = "carol@example.com", .name = "Carol", .age = SC_INT(19), .role = USER_ROLE_EDITOR},
                    {.email = "dan@example.org", ._null = {.name = true, .age = true}}),
  }, &count);
  if (s == SC_OK) printf("added %" PRId64 " readers\n", count);
  return s;
}

/* A tree of records in one call: it is sent as one pipeline and happens whole or not at all. Ids are made on the way;
 * Bob and Carol are looked up by their addresses, the category "C" is new and becomes a child of one that is new too. */
static sc_status add_author(sc_db *db, sc_arena *mem, User **alice)
{
  return user_create(db, mem, &(UserCreateArgs){
    .data = {
      .email   = "alice@example.com",
      .name    = "Alice",
      .age     = SC_INT(41),
      .balance = SC_DECIMAL("12.50"),
      .role    = USER_ROLE_AUTHOR,
      .tags    = SC_LIST(const char *, "databases", "c"),
      .profile = {.create = &(ProfileCreate){.bio = "Writes about databases."}},
      .posts   = {.create = SC_LIST(PostCreate,
        {.title      = "Hello, world",
         .content    = "A first post.",
         .published  = SC_BOOL(true),
         .status     = POST_STATUS_PUBLISHED,
         .categories = {.create = SC_LIST(CategoryCreate,
           {.name = "C", .slug = "c",
            .parent = {.create = &(CategoryCreate){.name = "Languages", .slug = "languages"}}})},
         .comments   = {.create = SC_LIST(CommentCreate,
           {.content = "Welcome!",     .author = {.connect = &(UserWhereUnique){.email = "bob@example.com"}}},
           {.content = "More please.", .author = {.connect = &(UserWhereUnique){.email = "carol@example.com"}}})},
         .likes      = {.create = SC_LIST(LikeCreate,
           {.user = {.connect = &(UserWhereUnique){.email = "bob@example.com"}}})}},
        {.title = "Pointers at night", .views = SC_BIGINT(7), .rating = SC_FLOAT(4.5)})},
    },
    .include = {.profile = SC_ALL(ProfileRead), ._count = {._all = true}},
  }, alice);
}

/* What was not asked for is not loaded, which is another thing than empty: a record knows the difference. */
static void show_author(const User *alice)
{
  char created[SC_TIME_TEXT];
  printf("%s (%s) has id %s and was created %s\n", alice->name, user_role_name(alice->role), alice->id,
         sc_time_format(alice->created_at, created));
  printf("  bio: %s  posts: %" PRId64 "  the posts themselves are %s\n",
         alice->profile ? alice->profile->bio : "none", alice->_count.posts,
         user_has(alice, USER_POSTS) ? "loaded" : "not loaded");
}

/* Filters, orders, and a tree of relations read by one call. Members that are left out ask for nothing. */
static sc_status show_posts(sc_db *db, sc_arena *mem)
{
  PostList posts;
  sc_status s = post_find_many(db, mem, &(PostFindMany){
    .where    = {.author = {.is = &(UserWhere){.email = {.ends_with = "@EXAMPLE.com", .insensitive = true}}},
                 .OR     = SC_LIST(PostWhere, {.published = {.equals = SC_BOOL(true)}},
                                              {.views = {.gte = SC_BIGINT(5)}})},
    .order_by = SC_LIST(PostOrderBy, {.created_at = SC_DESC}, {.title = SC_ASC}),
    .take     = 10,
    .include  = {
      .author     = &(UserRead){.select = {.name = true}},
      .categories = &(CategoryFindMany){.include = {.parent = SC_ALL(CategoryRead)}},
      .comments   = &(CommentFindMany){.order_by = SC_LIST(CommentOrderBy, {.content = SC_DESC}),
                                       .include  = {.author = SC_ALL(UserRead)}},
      ._count     = {.likes = SC_ALL(LikeWhere)},
    },
  }, &posts);
  if (s != SC_OK) return s;
  for (size_t i = 0; i < posts.len; i++) {
    const Post *post = &posts.items[i];
    printf("\"%s\" by %s, %s, %" PRId64 " like(s)\n", post->title, post->author->name,
           post_status_name(post->status), post->_count.likes);
    for (size_t c = 0; c < post->categories.len; c++) {
      const Category *category = &post->categories.items[c];
      printf("  in %s%s%s\n", category->parent ? category->parent->name : "", category->parent ? " / " : "",
             category->name);
    }
    for (size_t c = 0; c < post->comments.len; c++)
      printf("  %s: %s\n", post->comments.items[c].author->name, post->comments.items[c].content);
  }
  return SC_OK;
}

/* A query that is put together at run time: `at_least` is NULL when nobody asked for it. */
static sc_status show_users(sc_db *db, sc_arena *mem, const int32_t *at_least)
{
  UserFindMany query = {
    .where    = {.posts = {.none = &(PostWhere){.status = {.equals = POST_STATUS_ARCHIVED}}}},
    .order_by = SC_LIST(UserOrderBy, {.age = SC_DESC_NULLS_LAST}, {.email = SC_ASC}),
    .select   = {.email = true, .age = true, ._count = {.comments = SC_ALL(CommentWhere)}},
  };
  if (at_least) query.where.age.gte = SC_INT(*at_least);
  UserList users;
  sc_status s = user_find_many(db, mem, &query, &users);
  if (s != SC_OK) return s;
  for (size_t i = 0; i < users.len; i++) {
    const User *user = &users.items[i];
    printf("%-18s ", user->email);
    if (user->age) printf("age %" PRId32, *user->age); /* a nullable number is a pointer */
    printf("%s%" PRId64 " comment(s)\n", user->age ? ", " : "", user->_count.comments);
  }
  return SC_OK;
}

static sc_status change(sc_db *db, sc_arena *mem)
{
  Post *post;
  User *alice;
  sc_status s = user_update(db, mem, &(UserUpdateArgs){
    .where = {.email = "alice@example.com"},
    .data  = {.age = {.increment = SC_INT(1)}, .tags = {.push = SC_LIST(const char *, "sql")}},
  }, &alice);
  if (s != SC_OK) return s;
  printf("Alice is %" PRId32 " now and writes about %zu things\n", *alice->age, alice->tags.len);

  s = post_find_first_or_fail(db, mem, &(PostFindFirst){.where.title.starts_with = "Pointers"}, &post);
  if (s == SC_OK)
    s = post_update(db, mem, &(PostUpdateArgs){
      .where = {.id = post->id},
      .data  = {.published = {.set = SC_BOOL(true)}, .status = {.set = POST_STATUS_PUBLISHED},
                .views = {.multiply = SC_BIGINT(2)}},
    }, &post);
  if (s == SC_OK) printf("\"%s\" is out, with %" PRId64 " views\n", post->title, post->views);
  return s;
}

/* The address is taken. `schemac generate` made an enum of the constraints, so that a switch can be complete. */
static sc_status add_a_second_alice(sc_db *db)
{
  sc_status s = user_create(db, NULL, &(UserCreateArgs){.data = {.email = "alice@example.com"}}, NULL);
  if (s != SC_UNIQUE_VIOLATION) return s;
  switch (user_constraint_of(sc_error_last())) {
  case USER_EMAIL_TAKEN: printf("refused, as it should be: %s\n", sc_error_last()->message); return SC_OK;
  case USER_ID_TAKEN:
  case USER_EXTERNAL_ID_TAKEN:
  case USER_EMAIL_STATUS_TAKEN:
  case USER_IDENTITY_TAKEN:
  case USER_CONSTRAINT_UNKNOWN: break;
  }
  return s;
}

/* Deleting a user takes the posts along (onDelete: Cascade), while comments stay without an author (SetNull). */
static sc_status remove_bob(sc_db *db, sc_arena *mem)
{
  int64_t comments, orphans;
  User *bob;
  sc_status s = user_delete(db, mem, &(UserDeleteArgs){.where = {.email = "bob@example.com"}}, &bob);
  if (s == SC_OK) s = comment_count(db, NULL, &comments);
  if (s == SC_OK) s = comment_count(db, &(CommentCountArgs){.where = {.author = {.null = SC_IS_NULL}}}, &orphans);
  if (s == SC_OK)
    printf("%s is gone; of %" PRId64 " comments %" PRId64 " has no author now\n", bob->name, comments, orphans);
  return s;
}

int main(void)
{
  sc_db *db;
  if (blog_open(NULL, &db) != SC_OK) return fail("open");
  sc_arena *mem = sc_arena_new(); /* one for a request: every result below lives in it */
  int failed = 0;
  User *alice;
  int32_t adult = 20;

  if (!mem || clean(db) != SC_OK) failed = fail("clean");
  puts("\n-- create");
  if (!failed && add_readers(db) != SC_OK) failed = fail("create_many");
  if (!failed && add_author(db, mem, &alice) != SC_OK) failed = fail("create");
  if (!failed) show_author(alice);
  puts("\n-- find posts with authors, categories, comments and counts");
  if (!failed && show_posts(db, mem) != SC_OK) failed = fail("find posts");
  puts("\n-- find users");
  if (!failed && show_users(db, mem, NULL) != SC_OK) failed = fail("find users");
  puts("\n-- find users from 20 on");
  if (!failed && show_users(db, mem, &adult) != SC_OK) failed = fail("find users");
  puts("\n-- update");
  if (!failed && change(db, mem) != SC_OK) failed = fail("update");
  puts("\n-- a unique constraint");
  if (!failed && add_a_second_alice(db) != SC_OK) failed = fail("create");
  puts("\n-- delete");
  if (!failed && remove_bob(db, mem) != SC_OK) failed = fail("delete");

  sc_arena_free(mem);
  sc_close(db);
  return failed;
}
