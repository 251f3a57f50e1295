/* The generated client against libpq by hand, over the same socket, in turns. */
#include "bench.h"
#include "by_hand.h"

#include "generated/bench.h"

#include <inttypes.h>
#include <string.h>

typedef struct bed {
  sc_db *db;
  sc_arena *mem;
  PGconn *pq;
  int32_t next;
} bed;

static void ok(sc_status status)
{
  if (status != SC_OK) bench_die(sc_status_name(status), sc_error_last()->message);
}

static void must(bool right, const char *what)
{
  if (!right) bench_die(what, "the answer is not what it must be");
}

static int32_t next_id(bed *b)
{
  b->next = b->next % 1000 + 1;
  return b->next;
}

/* ---- one record ---- */

static void ours_find_one(void *context)
{
  bed *b = context;
  Person *person;
  sc_arena_reset(b->mem);
  ok(person_find_unique(b->db, b->mem, &(PersonFindUnique){.where = {.id = SC_INT(next_id(b))}}, &person));
  must(person && person->id == b->next && person->visits == b->next * 1000, "find one");
}

static void hand_one(void *context)
{
  bed *b = context;
  sc_arena_reset(b->mem);
  hand_person *person = hand_find_one(b->pq, b->mem, next_id(b));
  must(person && person->id == b->next && person->visits == b->next * 1000, "find one by hand");
}

/* ---- a thousand records ---- */

static void ours_find_1000(void *context)
{
  bed *b = context;
  PersonList people;
  sc_arena_reset(b->mem);
  ok(person_find_many(b->db, b->mem, &(PersonFindMany){.where = {.id = {.lte = SC_INT(1000)}}}, &people));
  must(people.len == 1000, "find 1000");
}

static void hand_1000(void *context)
{
  bed *b = context;
  sc_arena_reset(b->mem);
  must(hand_find_first_ids(b->pq, b->mem, 1000).count == 1000, "find 1000 by hand");
}

/* ---- trees ---- */

static const PostFindMany with_comments = {.include = {.comments = &(const CommentFindMany){.take = 0}}};

static void ours_tree_100(void *context)
{
  bed *b = context;
  PersonList people;
  sc_arena_reset(b->mem);
  ok(person_find_many(
      b->db, b->mem,
      &(PersonFindMany){.where = {.id = {.lte = SC_INT(100)}}, .include = {.posts = &with_comments}},
      &people));
  must(people.len == 100 && people.items[99].posts.len == 5 &&
           people.items[99].posts.items[4].comments.len == 4,
       "tree of 100");
}

static void hand_tree_100(void *context)
{
  bed *b = context;
  sc_arena_reset(b->mem);
  hand_people people = hand_tree_by_levels(b->pq, b->mem, 100);
  must(people.count == 100 && people.items[99].post_count == 5 &&
           people.items[99].posts[4].comment_count == 4,
       "tree of 100 by hand");
}

static void ours_tree_1(void *context)
{
  bed *b = context;
  Person *person;
  sc_arena_reset(b->mem);
  ok(person_find_unique(
      b->db, b->mem,
      &(PersonFindUnique){.where = {.id = SC_INT(next_id(b))}, .include = {.posts = &with_comments}},
      &person));
  must(person && person->posts.len == 5 && person->posts.items[4].comments.len == 4, "tree of 1");
}

static void hand_tree_1(void *context)
{
  bed *b = context;
  sc_arena_reset(b->mem);
  hand_person *person = hand_tree_by_pipeline(b->pq, b->mem, next_id(b));
  must(person->post_count == 5 && person->posts[4].comment_count == 4, "tree of 1 by a pipeline");
}

static void hand_records_1(void *context)
{
  bed *b = context;
  sc_arena_reset(b->mem);
  hand_person *person = hand_tree_by_records(b->pq, b->mem, next_id(b));
  must(person->post_count == 5 && person->posts[4].comment_count == 4, "tree of 1 by records");
}

/* ---- a new record ---- */

static const char *new_email(bed *b, char *text, size_t size)
{
  static int number;
  snprintf(text, size, "new%d@example.com", number++);
  (void)b;
  return text;
}

static void ours_insert(void *context)
{
  bed *b = context;
  char email[40];
  Person *person;
  sc_arena_reset(b->mem);
  ok(person_create(b->db, b->mem,
                   &(PersonCreateArgs){.data = {.email = new_email(b, email, sizeof email),
                                                .name = "A new person",
                                                .city = "City 1",
                                                .age = SC_INT(30),
                                                .score = SC_FLOAT(0),
                                                .active = SC_BOOL(true)},
                                       .select = {.id = true}},
                   &person));
  must(person->id > 2000, "insert");
}

static void hand_new(void *context)
{
  bed *b = context;
  char email[40];
  must(hand_insert(b->pq, new_email(b, email, sizeof email)) > 2000, "insert by hand");
}

/* ---- the table ---- */

typedef struct contest {
  const char *family, *work;
  bench_work *works[3]; /* ours, then by hand, one or two ways */
  size_t count;
  int turns;
} contest;

static const contest contests[] = {
    {"read", "find one", {ours_find_one, hand_one}, 2, 14000},
    {"read", "find 1000 rows", {ours_find_1000, hand_1000}, 2, 1400},
    {"read", "100 parents x 5 x 4", {ours_tree_100, hand_tree_100}, 2, 1050},
    {"read", "1 parent x 5 x 4", {ours_tree_1, hand_records_1, hand_tree_1}, 3, 7000},
    {"write", "insert one", {ours_insert, hand_new}, 2, 10500},
};

/* Which processor a backend happens to run on decides for its whole life how fast it is woken, by a factor of
 * two or three. So each way has several connections, and the medians of its luckiest are compared. */
enum { PAIRS = 9 };

static void connect_pair(bed *b)
{
  b->pq = PQconnectdb(getenv("DATABASE_URL"));
  if (PQstatus(b->pq) != CONNECTION_OK) bench_die("libpq", PQerrorMessage(b->pq));
  hand_prepare(b->pq);
  ok(bench_open(&(sc_open_options){.max_connections = 1}, &b->db));
}

static void run(const contest *c, bed *b)
{
  double best[4] = {0};
  for (int pair = 0; pair < PAIRS; pair++) {
    double medians[4];
    connect_pair(b);
    bench_interleave(c->works, c->count, b, c->turns / PAIRS, 1, medians);
    for (size_t w = 0; w < c->count; w++)
      if (pair == 0 || medians[w] < best[w]) best[w] = medians[w];
    sc_close(b->db);
    PQfinish(b->pq);
  }
  double by_hand = best[1];
  for (size_t w = 2; w < c->count; w++)
    if (best[w] < by_hand) by_hand = best[w];
  fprintf(stderr, "  %-24s %9.1f us, by hand %9.1f us\n", c->work, best[0], by_hand);
  bench_row(c->family, c->work, "libpq by hand", best[0] / by_hand, 1.25, "x");
}

int main(int argc, char **argv)
{
  const char *only = argc > 1 ? argv[1] : "";
  bed b = {.mem = sc_arena_new()};
  for (size_t i = 0; i < sizeof contests / sizeof *contests; i++)
    if (!*only || strcmp(only, contests[i].family) == 0) run(&contests[i], &b);
  sc_arena_free(b.mem);
  return 0;
}
