#include "by_hand.h"

#include "bench.h"

#include <string.h>

#define PERSON "id, email, name, city, age, visits, score, active, joined, updated"
#define POST   "id, person_id, title, body, views, created"

static const char *const statements[][2] = {
    {"one", "SELECT " PERSON " FROM people WHERE id = $1"},
    {"many", "SELECT " PERSON " FROM people WHERE id <= $1"},
    {"posts", "SELECT " POST " FROM posts WHERE person_id = ANY($1)"},
    {"comments", "SELECT id, post_id, text, created FROM comments WHERE post_id = ANY($1)"},
    {"posts_of", "SELECT " POST " FROM posts WHERE person_id = $1"},
    {"comments_of", "SELECT id, post_id, text, created FROM comments WHERE post_id IN (SELECT id FROM posts "
                    "WHERE person_id = $1)"},
    {"records",
     "SELECT " PERSON ", ARRAY(SELECT ROW(p.id, p.person_id, p.title, p.body, p.views, p.created,"
     " ARRAY(SELECT ROW(c.id, c.post_id, c.text, c.created) FROM comments c WHERE c.post_id = p.id))"
     " FROM posts p WHERE p.person_id = people.id) FROM people WHERE id = $1"},
    {"insert", "INSERT INTO people (email, name, city, age, score, active) VALUES ($1, $2, $3, $4, $5, $6) "
               "RETURNING id"},
};

static void check(PGconn *pq, const PGresult *result)
{
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_SYNC)
    bench_die("libpq", PQerrorMessage(pq));
}

void hand_prepare(PGconn *pq)
{
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
    PGresult *result = PQprepare(pq, statements[i][0], statements[i][1], 0, NULL);
    check(pq, result);
    PQclear(result);
  }
}

/* ---- cells ---- */

static int32_t get32(const char *bytes)
{
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) value = value << 8 | (unsigned char)bytes[i];
  return (int32_t)value;
}

static int64_t get64(const char *bytes)
{
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value = value << 8 | (unsigned char)bytes[i];
  return (int64_t)value;
}

static double get_double(const char *bytes)
{
  int64_t bits = get64(bytes);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static const char *text(sc_arena *mem, const char *bytes, int length)
{
  char *copy = sc_arena_alloc(mem, (size_t)length + 1);
  memcpy(copy, bytes, (size_t)length);
  return copy;
}

static const char *text_at(sc_arena *mem, const PGresult *result, int row, int column)
{
  if (PQgetisnull(result, row, column)) return NULL;
  return text(mem, PQgetvalue(result, row, column), PQgetlength(result, row, column));
}

static const int32_t *optional32(sc_arena *mem, const PGresult *result, int row, int column)
{
  if (PQgetisnull(result, row, column)) return NULL;
  int32_t *value = sc_arena_alloc(mem, sizeof *value);
  *value = get32(PQgetvalue(result, row, column));
  return value;
}

enum { EPOCH_DAYS = 10957 }; /* from 1970 to 2000 */

static int64_t moment(const char *bytes)
{
  return get64(bytes) + EPOCH_DAYS * INT64_C(86400000000);
}

static void person_at(sc_arena *mem, const PGresult *result, int row, hand_person *out)
{
  out->id = get32(PQgetvalue(result, row, 0));
  out->email = text_at(mem, result, row, 1);
  out->name = text_at(mem, result, row, 2);
  out->city = text_at(mem, result, row, 3);
  out->age = optional32(mem, result, row, 4);
  out->visits = get64(PQgetvalue(result, row, 5));
  out->score = get_double(PQgetvalue(result, row, 6));
  out->active = *PQgetvalue(result, row, 7) != 0;
  out->joined = moment(PQgetvalue(result, row, 8));
  out->updated = moment(PQgetvalue(result, row, 9));
}

static void post_at(sc_arena *mem, const PGresult *result, int row, hand_post *out)
{
  out->id = get32(PQgetvalue(result, row, 0));
  out->person_id = get32(PQgetvalue(result, row, 1));
  out->title = text_at(mem, result, row, 2);
  out->body = text_at(mem, result, row, 3);
  out->views = get32(PQgetvalue(result, row, 4));
  out->created = moment(PQgetvalue(result, row, 5));
}

static void comment_at(sc_arena *mem, const PGresult *result, int row, hand_comment *out)
{
  out->id = get32(PQgetvalue(result, row, 0));
  out->post_id = get32(PQgetvalue(result, row, 1));
  out->text = text_at(mem, result, row, 2);
  out->created = moment(PQgetvalue(result, row, 3));
}

/* ---- queries ---- */

static void put32(char *bytes, int32_t value)
{
  for (int i = 0; i < 4; i++) bytes[i] = (char)((uint32_t)value >> (24 - 8 * i) & 0xff);
}

static PGresult *query(PGconn *pq, const char *name, const char *bytes, int length)
{
  int format = 1;
  PGresult *result = PQexecPrepared(pq, name, 1, &bytes, &length, &format, 1);
  check(pq, result);
  return result;
}

static PGresult *query_int(PGconn *pq, const char *name, int32_t value)
{
  char bytes[4];
  put32(bytes, value);
  return query(pq, name, bytes, 4);
}

hand_person *hand_find_one(PGconn *pq, sc_arena *mem, int32_t id)
{
  PGresult *result = query_int(pq, "one", id);
  hand_person *person = NULL;
  if (PQntuples(result) == 1) {
    person = sc_arena_alloc(mem, sizeof *person);
    person_at(mem, result, 0, person);
  }
  PQclear(result);
  return person;
}

hand_people hand_find_first_ids(PGconn *pq, sc_arena *mem, int32_t up_to)
{
  PGresult *result = query_int(pq, "many", up_to);
  hand_people people = {NULL, (size_t)PQntuples(result)};
  people.items = sc_arena_alloc(mem, people.count * sizeof *people.items);
  for (size_t i = 0; i < people.count; i++) person_at(mem, result, (int)i, &people.items[i]);
  PQclear(result);
  return people;
}

/* int4[] in binary format, out of the ids that stand every `stride` bytes. */
static PGresult *query_ids(PGconn *pq, sc_arena *mem, const char *name, const void *ids, size_t stride,
                           size_t count)
{
  char *bytes = sc_arena_alloc(mem, 20 + count * 8);
  put32(bytes, 1);
  put32(bytes + 8, 23);
  put32(bytes + 12, (int32_t)count);
  put32(bytes + 16, 1);
  for (size_t i = 0; i < count; i++) {
    int32_t id;
    memcpy(&id, (const char *)ids + i * stride, sizeof id);
    put32(bytes + 20 + i * 8, 4);
    put32(bytes + 24 + i * 8, id);
  }
  return query(pq, name, bytes, (int)(20 + count * 8));
}

/* ---- trees: ids of the bench are dense, so an array is the fastest map ---- */

enum { MOST_IDS = 20000 };

static void stitch_comments(sc_arena *mem, const PGresult *result, hand_post *posts, size_t count)
{
  static uint32_t place[MOST_IDS];
  int rows = PQntuples(result);
  hand_comment *comments = sc_arena_alloc(mem, (size_t)rows * sizeof *comments);
  for (size_t i = 0; i < count; i++) place[posts[i].id] = (uint32_t)i;
  for (int row = 0; row < rows; row++) posts[place[get32(PQgetvalue(result, row, 1))]].comment_count++;
  size_t next = 0;
  for (size_t i = 0; i < count; i++) {
    posts[i].comments = comments + next;
    next += posts[i].comment_count;
    posts[i].comment_count = 0;
  }
  for (int row = 0; row < rows; row++) {
    hand_post *post = &posts[place[get32(PQgetvalue(result, row, 1))]];
    comment_at(mem, result, row, &post->comments[post->comment_count++]);
  }
}

static hand_post *stitch_posts(sc_arena *mem, const PGresult *result, hand_people people)
{
  static uint32_t place[MOST_IDS];
  int rows = PQntuples(result);
  hand_post *posts = sc_arena_alloc(mem, (size_t)rows * sizeof *posts);
  for (size_t i = 0; i < people.count; i++) place[people.items[i].id] = (uint32_t)i;
  for (int row = 0; row < rows; row++) people.items[place[get32(PQgetvalue(result, row, 1))]].post_count++;
  size_t next = 0;
  for (size_t i = 0; i < people.count; i++) {
    people.items[i].posts = posts + next;
    next += people.items[i].post_count;
    people.items[i].post_count = 0;
  }
  for (int row = 0; row < rows; row++) {
    hand_person *person = &people.items[place[get32(PQgetvalue(result, row, 1))]];
    post_at(mem, result, row, &person->posts[person->post_count++]);
  }
  return posts;
}

hand_people hand_tree_by_levels(PGconn *pq, sc_arena *mem, int32_t up_to)
{
  hand_people people = hand_find_first_ids(pq, mem, up_to);
  PGresult *result = query_ids(pq, mem, "posts", &people.items[0].id, sizeof *people.items, people.count);
  size_t count = (size_t)PQntuples(result);
  hand_post *posts = stitch_posts(mem, result, people);
  PQclear(result);
  result = query_ids(pq, mem, "comments", &posts[0].id, sizeof *posts, count);
  stitch_comments(mem, result, posts, count);
  PQclear(result);
  return people;
}

static PGresult *next_result(PGconn *pq)
{
  PGresult *result = PQgetResult(pq);
  check(pq, result);
  PQclear(PQgetResult(pq)); /* the NULL behind it */
  return result;
}

hand_person *hand_tree_by_pipeline(PGconn *pq, sc_arena *mem, int32_t id)
{
  char bytes[4];
  const char *value = bytes;
  int length = 4, format = 1;
  put32(bytes, id);
  PQenterPipelineMode(pq);
  PQsendQueryPrepared(pq, "one", 1, &value, &length, &format, 1);
  PQsendQueryPrepared(pq, "posts_of", 1, &value, &length, &format, 1);
  PQsendQueryPrepared(pq, "comments_of", 1, &value, &length, &format, 1);
  PQpipelineSync(pq);
  hand_people people = {sc_arena_alloc(mem, sizeof(hand_person)), 1};
  PGresult *result = next_result(pq);
  person_at(mem, result, 0, people.items);
  PQclear(result);
  result = next_result(pq);
  size_t count = (size_t)PQntuples(result);
  hand_post *posts = stitch_posts(mem, result, people);
  PQclear(result);
  result = next_result(pq);
  stitch_comments(mem, result, posts, count);
  PQclear(result);
  PQclear(PQgetResult(pq)); /* the Sync */
  PQexitPipelineMode(pq);
  return people.items;
}

/* ---- nested records: record_send and array_send, each field with its type's OID and its length ---- */

static const char *field(const char **at, int *length)
{
  const char *value = *at + 8;
  *length = get32(*at + 4);
  *at = value + *length;
  return value;
}

/* The elements of an array of records: their count, and *at at the first. */
static size_t elements(const char **at)
{
  size_t count = get32(*at) ? (size_t)get32(*at + 12) : 0;
  *at += count ? 20 : 12;
  return count;
}

static void comment_record(sc_arena *mem, const char *at, hand_comment *out)
{
  int length;
  at += 4; /* the number of fields */
  out->id = get32(field(&at, &length));
  out->post_id = get32(field(&at, &length));
  const char *bytes = field(&at, &length);
  out->text = text(mem, bytes, length);
  out->created = moment(field(&at, &length));
}

static void post_record(sc_arena *mem, const char *at, hand_post *out)
{
  int length;
  at += 4;
  out->id = get32(field(&at, &length));
  out->person_id = get32(field(&at, &length));
  const char *bytes = field(&at, &length);
  out->title = text(mem, bytes, length);
  bytes = field(&at, &length);
  out->body = text(mem, bytes, length);
  out->views = get32(field(&at, &length));
  out->created = moment(field(&at, &length));
  const char *list = field(&at, &length);
  out->comment_count = elements(&list);
  out->comments = sc_arena_alloc(mem, out->comment_count * sizeof *out->comments);
  for (size_t i = 0; i < out->comment_count; i++, list += 4 + get32(list))
    comment_record(mem, list + 4, &out->comments[i]);
}

hand_person *hand_tree_by_records(PGconn *pq, sc_arena *mem, int32_t id)
{
  PGresult *result = query_int(pq, "records", id);
  hand_person *person = sc_arena_alloc(mem, sizeof *person);
  person_at(mem, result, 0, person);
  const char *list = PQgetvalue(result, 0, 10);
  person->post_count = elements(&list);
  person->posts = sc_arena_alloc(mem, person->post_count * sizeof *person->posts);
  for (size_t i = 0; i < person->post_count; i++, list += 4 + get32(list))
    post_record(mem, list + 4, &person->posts[i]);
  PQclear(result);
  return person;
}

int32_t hand_insert(PGconn *pq, const char *email)
{
  char age[4], score[8] = {0}, active = 1;
  put32(age, 30);
  const char *values[] = {email, "A new person", "City 1", age, score, &active};
  int lengths[] = {0, 0, 0, 4, 8, 1}, formats[] = {0, 0, 0, 1, 1, 1};
  PGresult *result = PQexecPrepared(pq, "insert", 6, values, lengths, formats, 1);
  check(pq, result);
  int32_t id = get32(PQgetvalue(result, 0, 0));
  PQclear(result);
  return id;
}
