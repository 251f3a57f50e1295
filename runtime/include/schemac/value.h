/* Values: what a program puts into a query and what it finds in a result.
 *
 * Zero means "not given". Every type here is right when zeroed and then asks for nothing; a given 0, false or
 * "" is an ordinary value. Values are made by the functions below, which work alike in C and C++:
 *
 *   q.where.age.gte = SC_INT(18);
 *   q.where.name.contains = SC_STR(argv[1]);        NULL is an error of the call, never a forgotten filter
 *   q.where.id.in = (sc_strings)SC_ARRAY(ids, n);   asked even when n is 0: then nothing matches
 *
 * Ownership: a value points to the caller's text and arrays. They must live until the call returns. In
 * results they point into the result's arena.
 *
 * A value of a result may be passed as input as it is: a time has `given` set, a text is not NULL. */
#ifndef SCHEMAC_VALUE_H
#define SCHEMAC_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- marks ----
 *
 * Addresses with a meaning, compared and never read. A pointer that a value cannot have without one of these
 * marks would be NULL, which means "not given" and would widen a query in silence. */
extern const char sc_mark_null[];      /* SC_STR(NULL): SC_INVALID_ARGUMENT, naming the field */
extern const char sc_mark_empty[];     /* SC_ARRAY(NULL, 0): an empty list; with n > 0 SC_INVALID_ARGUMENT */
extern const char sc_mark_no_memory[]; /* SC_NEW in a full arena: SC_NO_MEMORY */

/* ---- scalars ----
 *
 * `field` is 0 for a value. Otherwise the operand is a field of the same record, by its number (USER_AGE),
 * and `value` is not read. */
typedef struct sc_int {
  int32_t value;
  bool given;
  uint16_t field;
} sc_int;

typedef struct sc_bigint {
  int64_t value;
  bool given;
  uint16_t field;
} sc_bigint;

typedef struct sc_float {
  double value;
  bool given;
  uint16_t field;
} sc_float;

typedef struct sc_bool {
  bool value;
  bool given;
  uint16_t field;
} sc_bool;

/* A point in time, or with @db.Date midnight UTC of a day, or with @db.Time a time on 1970-01-01.
 * INT64_MAX is PostgreSQL's infinity, INT64_MIN its -infinity. */
typedef struct sc_time {
  int64_t usec; /* since 1970-01-01 00:00:00 UTC */
  bool given;
  uint16_t field;
} sc_time;

/* Exact decimal text: "-12.50", "NaN". */
typedef struct sc_decimal {
  const char *text;
} sc_decimal;

/* JSON text of `len` bytes, NUL-terminated too. PostgreSQL checks it. SC_JSON("null") is the JSON null; the
 * SQL NULL is said with `_null` or `.is = SC_IS_NULL`. */
typedef struct sc_json {
  const char *text;
  size_t len;
} sc_json;

typedef struct sc_bytes {
  const uint8_t *data;
  size_t len;
} sc_bytes;

static inline sc_int SC_INT(int32_t value)
{
  sc_int v = {value, true, 0};
  return v;
}

static inline sc_bigint SC_BIGINT(int64_t value)
{
  sc_bigint v = {value, true, 0};
  return v;
}

static inline sc_float SC_FLOAT(double value)
{
  sc_float v = {value, true, 0};
  return v;
}

static inline sc_bool SC_BOOL(bool value)
{
  sc_bool v = {value, true, 0};
  return v;
}

static inline sc_time SC_TIME(int64_t usec)
{
  sc_time v = {usec, true, 0};
  return v;
}

/* A string that is only known at run time. A literal needs no wrapping. */
static inline const char *SC_STR(const char *text)
{
  return text ? text : sc_mark_null;
}

static inline sc_decimal SC_DECIMAL(const char *text)
{
  sc_decimal v = {SC_STR(text)};
  return v;
}

static inline sc_json SC_JSON(const char *text)
{
  sc_json v = {SC_STR(text), text ? strlen(text) : 0};
  return v;
}

/* `data` may be NULL when len is 0: no bytes, which is a value. */
static inline sc_bytes SC_BYTES(const void *data, size_t len)
{
  const void *mark = len ? sc_mark_null : sc_mark_empty;
  sc_bytes v = {(const uint8_t *)(data ? data : mark), len};
  return v;
}

/* ---- lists ---- */

typedef struct sc_ints {
  const int32_t *items;
  size_t len;
} sc_ints;

typedef struct sc_bigints {
  const int64_t *items;
  size_t len;
} sc_bigints;

typedef struct sc_floats {
  const double *items;
  size_t len;
} sc_floats;

typedef struct sc_bools {
  const bool *items;
  size_t len;
} sc_bools;

typedef struct sc_strings {
  const char *const *items;
  size_t len;
} sc_strings;

typedef struct sc_decimals {
  const sc_decimal *items;
  size_t len;
} sc_decimals;

typedef struct sc_times {
  const sc_time *items;
  size_t len;
} sc_times;

typedef struct sc_jsons {
  const sc_json *items;
  size_t len;
} sc_jsons;

typedef struct sc_bytes_list {
  const sc_bytes *items;
  size_t len;
} sc_bytes_list;

/* SC_LIST(T, a, b, …)   initialises a list with literals, which live as long as the block around them:
 *                         .OR = SC_LIST(UserWhere, {.name = {.equals = "Al"}}, {.age = {.is = SC_IS_NULL}})
 * SC_ARRAY(p, n)        initialises a list with an array of the caller's. To assign it, write
 *                       (sc_ints)SC_ARRAY(p, n) in C, and SC_ARRAY(p, n) in C++.
 * SC_ALL(T)             a pointer to a zeroed T, which asks for nothing and so holds all:
 *                         .include = {.posts = SC_ALL(PostFindMany)}
 *                       &(T){0} is the same, but gcc's -Wmissing-braces dislikes it in another literal. */
/* clang-format off */
#ifdef __cplusplus
} /* extern "C" */
template <class T> static inline const T *sc_array_items(const T *items)
{
  return items ? items : reinterpret_cast<const T *>(sc_mark_empty);
}
template <class T> static inline const T *sc_all()
{
  static const T zero = {};
  return &zero;
}
#define SC_ARRAY(p, n) {sc_array_items(p), (n)}
#define SC_ALL(T)      sc_all<T>()
extern "C" {
#else
static inline const void *sc_array_items(const void *items)
{
  return items ? items : (const void *)sc_mark_empty;
}
#if defined(__GNUC__) /* with the type of the items, which the compiler then checks */
#define SC_ARRAY(p, n) {(__typeof__((p)[0]) const *)sc_array_items(p), (n)}
#define SC_ALL(T)      (&(__extension__(T const){}))
#else
#define SC_ARRAY(p, n) {sc_array_items(p), (n)}
#define SC_ALL(T)      (&(T const){0})
#endif
#define SC_LIST(T, ...) {(T const[]){__VA_ARGS__}, sizeof((T const[]){__VA_ARGS__}) / sizeof(T)}
#endif
/* clang-format on */

/* ---- filters ----
 *
 * All that is asked of one field must hold. Whether a filter asks anything is a matter of its members, not of
 * its bytes (padding is not zeroed by an initialiser). */
typedef enum sc_is {
  SC_IS_NULL = 1,
  SC_IS_NOT_NULL,
  SC_IS_ANY_NULL, /* of JSON only: the SQL NULL or the JSON null */
} sc_is;

typedef struct sc_int_filter {
  sc_int equals, not_equals, lt, lte, gt, gte;
  sc_ints in, not_in;
  const struct sc_int_filter *not_;
  sc_is is;
} sc_int_filter;

typedef struct sc_bigint_filter {
  sc_bigint equals, not_equals, lt, lte, gt, gte;
  sc_bigints in, not_in;
  const struct sc_bigint_filter *not_;
  sc_is is;
} sc_bigint_filter;

typedef struct sc_float_filter {
  sc_float equals, not_equals, lt, lte, gt, gte;
  sc_floats in, not_in;
  const struct sc_float_filter *not_;
  sc_is is;
} sc_float_filter;

typedef struct sc_bool_filter {
  sc_bool equals, not_equals;
  const struct sc_bool_filter *not_;
  sc_is is;
} sc_bool_filter;

typedef struct sc_string_filter {
  const char *equals, *not_equals, *lt, *lte, *gt, *gte;
  const char *contains, *starts_with, *ends_with; /* %, _ and \ stand for themselves */
  const char *search;                             /* a tsquery: "cat & dog" */
  sc_strings in, not_in;
  const struct sc_string_filter *not_;
  sc_is is;
  bool insensitive; /* upper and lower case are alike in every operator of this filter, but search */
} sc_string_filter;

/* Of String @db.Uuid. */
typedef struct sc_uuid_filter {
  const char *equals, *not_equals, *lt, *lte, *gt, *gte;
  sc_strings in, not_in;
  const struct sc_uuid_filter *not_;
  sc_is is;
} sc_uuid_filter;

typedef struct sc_decimal_filter {
  sc_decimal equals, not_equals, lt, lte, gt, gte;
  sc_decimals in, not_in;
  const struct sc_decimal_filter *not_;
  sc_is is;
} sc_decimal_filter;

typedef struct sc_time_filter {
  sc_time equals, not_equals, lt, lte, gt, gte;
  sc_times in, not_in;
  const struct sc_time_filter *not_;
  sc_is is;
} sc_time_filter;

typedef struct sc_bytes_filter {
  sc_bytes equals, not_equals;
  sc_bytes_list in, not_in;
  const struct sc_bytes_filter *not_;
  sc_is is;
} sc_bytes_filter;

/* With a path, .path = SC_LIST(const char *, "address", "city"), the operators look at what it leads to. */
typedef struct sc_json_filter {
  sc_strings path;
  sc_json equals, not_equals, lt, lte, gt, gte;
  const char *string_contains, *string_starts_with, *string_ends_with;
  sc_json array_contains, array_starts_with, array_ends_with;
  sc_is is;
  bool insensitive; /* in the three string operators */
} sc_json_filter;

/* Every enum has a filter of its own in the generated header. This one has the same layout; 0 is no value. */
typedef struct sc_enum_filter {
  int32_t equals, not_equals;
  sc_ints in, not_in;
  const struct sc_enum_filter *not_;
  sc_is is;
} sc_enum_filter;

/* Filters of lists. A list that is NULL in the database matches none of them. */
#define SC_LIST_FILTER(name, list, item)                                                                     \
  typedef struct name {                                                                                      \
    list equals, has_every, has_some;                                                                        \
    item has;                                                                                                \
    sc_bool is_empty;                                                                                        \
    sc_is is;                                                                                                \
  } name

SC_LIST_FILTER(sc_int_list_filter, sc_ints, sc_int);
SC_LIST_FILTER(sc_bigint_list_filter, sc_bigints, sc_bigint);
SC_LIST_FILTER(sc_float_list_filter, sc_floats, sc_float);
SC_LIST_FILTER(sc_bool_list_filter, sc_bools, sc_bool);
SC_LIST_FILTER(sc_string_list_filter, sc_strings, const char *);
SC_LIST_FILTER(sc_decimal_list_filter, sc_decimals, sc_decimal);
SC_LIST_FILTER(sc_time_list_filter, sc_times, sc_time);
SC_LIST_FILTER(sc_json_list_filter, sc_jsons, sc_json);
SC_LIST_FILTER(sc_bytes_list_filter, sc_bytes_list, sc_bytes);
SC_LIST_FILTER(sc_enum_list_filter, sc_ints, int32_t);

/* ---- orders ---- */
typedef enum sc_order {
  SC_ASC = 1,
  SC_DESC,
  SC_ASC_NULLS_FIRST,
  SC_ASC_NULLS_LAST,
  SC_DESC_NULLS_FIRST,
  SC_DESC_NULLS_LAST,
} sc_order;

/* By the number of related records. */
typedef struct sc_count_order {
  sc_order _count;
} sc_count_order;

/* ---- what an update does to a field: one member at most ---- */
typedef struct sc_int_update {
  sc_int set, increment, decrement, multiply, divide;
} sc_int_update;

typedef struct sc_bigint_update {
  sc_bigint set, increment, decrement, multiply, divide;
} sc_bigint_update;

typedef struct sc_float_update {
  sc_float set, increment, decrement, multiply, divide;
} sc_float_update;

typedef struct sc_decimal_update {
  sc_decimal set, increment, decrement, multiply, divide;
} sc_decimal_update;

typedef struct sc_bool_update {
  sc_bool set;
} sc_bool_update;

typedef struct sc_string_update {
  const char *set;
} sc_string_update;

typedef struct sc_time_update {
  sc_time set;
} sc_time_update;

typedef struct sc_json_update {
  sc_json set;
} sc_json_update;

typedef struct sc_bytes_update {
  sc_bytes set;
} sc_bytes_update;

/* The layout of every enum's update. */
typedef struct sc_enum_update {
  int32_t set;
} sc_enum_update;

/* `set` replaces the list, `push` appends to it. */
#define SC_LIST_UPDATE(name, list)                                                                           \
  typedef struct name {                                                                                      \
    list set, push;                                                                                          \
  } name

SC_LIST_UPDATE(sc_int_list_update, sc_ints);
SC_LIST_UPDATE(sc_bigint_list_update, sc_bigints);
SC_LIST_UPDATE(sc_float_list_update, sc_floats);
SC_LIST_UPDATE(sc_bool_list_update, sc_bools);
SC_LIST_UPDATE(sc_string_list_update, sc_strings);
SC_LIST_UPDATE(sc_decimal_list_update, sc_decimals);
SC_LIST_UPDATE(sc_time_list_update, sc_times);
SC_LIST_UPDATE(sc_json_list_update, sc_jsons);
SC_LIST_UPDATE(sc_bytes_list_update, sc_bytes_list);
SC_LIST_UPDATE(sc_enum_list_update, sc_ints);

/* ---- records ---- */

/* Whether `_loaded` of a record has the bit of a field's number: see the generated user_has. */
static inline bool sc_loaded(const uint32_t *loaded, unsigned number)
{
  return number != 0 && (loaded[(number - 1) / 32] >> ((number - 1) % 32) & 1u) != 0;
}

/* ---- times and decimals ---- */

/* Longest text of sc_time_format with its NUL. */
#define SC_TIME_TEXT 40

/* Now, by the machine's clock. */
sc_time sc_time_now(void);
/* RFC 3339, as in 2024-02-29T12:30:00.5Z, 2024-02-29 12:30:00+02:00 or 2024-02-29. A time without a zone is
 * UTC. False, with *out as it was, when it is anything else or out of PostgreSQL's range. */
bool sc_time_parse(const char *text, sc_time *out);
/* Writes 2024-02-29T12:30:00.500Z (six digits when there are microseconds) and returns `text`. */
char *sc_time_format(sc_time time, char text[SC_TIME_TEXT]);

/* The nearest double; NaN when it is not a number. The locale does not matter. */
double sc_decimal_to_double(sc_decimal decimal);
/* decimal * 10^scale as an integer: ("12.50", 2) is 1250. False when it is not whole or out of range. */
bool sc_decimal_to_scaled(sc_decimal decimal, int scale, int64_t *out);
/* Longest text of sc_decimal_from_scaled with its NUL. */
#define SC_DECIMAL_TEXT 64
/* value / 10^scale, written into `text`, which must outlive the decimal; scale is 0 to 40.
 * (1250, 2) is "12.50". */
sc_decimal sc_decimal_from_scaled(int64_t value, int scale, char text[SC_DECIMAL_TEXT]);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
