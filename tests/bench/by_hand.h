/* The same reads and writes with libpq alone, as a careful programmer writes them: prepared, binary, into an
 * arena. */
#ifndef TESTS_BENCH_BY_HAND_H
#define TESTS_BENCH_BY_HAND_H

#include <libpq-fe.h>
#include <schemac/schemac.h>

typedef struct hand_comment {
  int32_t id, post_id;
  const char *text;
  int64_t created;
} hand_comment;

typedef struct hand_post {
  int32_t id, person_id;
  const char *title, *body;
  int32_t views;
  int64_t created;
  hand_comment *comments;
  size_t comment_count;
} hand_post;

typedef struct hand_person {
  int32_t id;
  const char *email, *name, *city;
  const int32_t *age;
  int64_t visits;
  double score;
  bool active;
  int64_t joined, updated;
  hand_post *posts;
  size_t post_count;
} hand_person;

typedef struct hand_people {
  hand_person *items;
  size_t count;
} hand_people;

void hand_prepare(PGconn *pq);
hand_person *hand_find_one(PGconn *pq, sc_arena *mem, int32_t id);
hand_people hand_find_first_ids(PGconn *pq, sc_arena *mem, int32_t up_to);
/* People up to an id with posts and comments: a query for each level. */
hand_people hand_tree_by_levels(PGconn *pq, sc_arena *mem, int32_t up_to);
/* One person with posts and comments: three statements in a pipeline, or one with nested arrays of records.
 */
hand_person *hand_tree_by_pipeline(PGconn *pq, sc_arena *mem, int32_t id);
hand_person *hand_tree_by_records(PGconn *pq, sc_arena *mem, int32_t id);
int32_t hand_insert(PGconn *pq, const char *email);

#endif
