/* libschemac: the runtime under the clients that `schemac generate` writes.
 *
 * A program includes its generated header, which includes this one. What is here concerns every schema:
 * status and errors, arenas, connections, transactions and raw SQL. The operations on models are generated,
 * see there.
 *
 * Rules that hold throughout:
 *   Zero asks for nothing. Every struct of arguments may be zeroed, every pointer to options may be NULL.
 *   A call returns a status; sc_error_last() has the rest. The library never prints, exits or aborts.
 *   Arguments are read before the call returns. What a call returns lives in the arena it was given.
 *   A pool may be used by any thread. A session, a transaction and an arena belong to one thread at a time.
 *   After fork() the child must open its own: handles of the parent answer SC_FORKED. */
#ifndef SCHEMAC_H
#define SCHEMAC_H

#include <schemac/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "1.2.3": of the library that runs. */
const char *sc_version(void);

/* The version of the contract between generated code and the library (descriptor.h), and the oldest that the
 * library still serves. A generated header compares its own with both; its open compares again, with the
 * library that runs. */
#define SC_ABI        1
#define SC_ABI_OLDEST 1

/* ---- arenas ---- */

/* Memory that is released as a whole: one for a request is a good measure. */
typedef struct sc_arena sc_arena;

sc_arena *sc_arena_new(void); /* NULL when memory ran out */
/* Forgets every result but keeps the memory: the next request of the same size allocates nothing. */
void sc_arena_reset(sc_arena *mem);
void sc_arena_free(sc_arena *mem); /* NULL is fine */
/* Zeroed, aligned for any type; NULL when memory ran out. */
void *sc_arena_alloc(sc_arena *mem, size_t size);

/* A copy in the arena, or the mark that the next call understands as SC_NO_MEMORY: never NULL. */
static inline const void *sc_arena_keep(sc_arena *mem, const void *bytes, size_t size)
{
  void *copy = sc_arena_alloc(mem, size);
  return copy ? memcpy(copy, bytes, size) : (const void *)sc_mark_no_memory;
}

/* Literals that outlive their block:
 *   q.where.posts.some = SC_NEW(mem, PostWhere, .published = {.equals = SC_BOOL(true)});
 *   q.where.OR = (UserWhereList)SC_LIST_IN(mem, UserWhere, {.name = {.equals = "Al"}}, {.id = {.equals =
 * "x"}}); In C++ sc_new<PostWhere>(mem) is a zeroed one to be filled in, and NULL when memory ran out. */
/* clang-format off */
#ifdef __cplusplus
} /* extern "C" */
template <class T> static inline T *sc_new(sc_arena *mem, size_t count = 1)
{
  return count <= SIZE_MAX / sizeof(T) ? static_cast<T *>(sc_arena_alloc(mem, count * sizeof(T))) : nullptr;
}
extern "C" {
#else
#define SC_NEW(mem, T, ...) ((const T *)sc_arena_keep((mem), &(T){__VA_ARGS__}, sizeof(T)))
#define SC_LIST_IN(mem, T, ...)                                                                                        \
  {(T const *)sc_arena_keep((mem), (T const[]){__VA_ARGS__}, sizeof((T const[]){__VA_ARGS__})),                        \
   sizeof((T const[]){__VA_ARGS__}) / sizeof(T)}
#endif
/* clang-format on */

/* ---- status and errors ---- */

/* The comments name Prisma's code and the SQLSTATE. */
typedef enum sc_status {
  SC_OK = 0,
  SC_NOT_FOUND,             /* P2025         no record where one was required */
  SC_UNIQUE_VIOLATION,      /* P2002  23505 */
  SC_FOREIGN_KEY_VIOLATION, /* P2003  23503 */
  SC_NULL_VIOLATION,        /* P2011  23502 */
  SC_CHECK_VIOLATION,       /* P2004  23514 */
  SC_MISSING_FIELD,         /* P2012         a required member was not given; nothing was sent */
  SC_INVALID_ARGUMENT,      /* P2009         refused before any SQL */
  SC_RELATION_VIOLATION,    /* P2014         a required relation would break */
  SC_VALUE_TOO_LONG,        /* P2000  22001 */
  SC_OUT_OF_RANGE,          /* P2020  22003 */
  SC_CONFLICT,              /* P2034  40001, 40P01: retry the transaction */
  SC_TIMEOUT,               /* P1008  57014  the deadline of the call passed */
  SC_POOL_TIMEOUT,          /* P2024         no connection became free in time */
  SC_TX_CLOSED,             /* P2028         the transaction has ended, failed or expired */
  SC_UNREACHABLE,           /* P1001         no server there */
  SC_AUTH,                  /* P1000  28xxx */
  SC_NO_DATABASE,           /* P1003  3D000 */
  SC_CLOSED,                /* P1017         the server ended the connection */
  SC_NO_TABLE,              /* P2021  42P01 */
  SC_NO_COLUMN,             /* P2022  42703 */
  SC_DATABASE_ERROR,        /* P2010  any other */
  SC_NO_MEMORY,             /*               an allocation failed */
  SC_MISUSE,                /*               a handle after its end, a header of another version */
  SC_FORKED,                /*               a handle of the parent process */
} sc_status;

/* "SC_NOT_FOUND"; "SC_UNKNOWN" for what is no status. */
const char *sc_status_name(sc_status status);

/* What went wrong. Texts are never NULL but for `model` and `constraint`. A message holds no value and no
 * password. */
typedef struct sc_error {
  sc_status status;
  const char *code;     /* Prisma's: "P2002"; "" when Prisma has none */
  const char *sqlstate; /* PostgreSQL's: "23505"; "" when the server was not asked */
  const char *message;  /* one sentence or more, for a person */
  const char *model;    /* as the schema names it; NULL when no model is concerned */
  sc_strings fields;    /* as the schema names them; may be empty */
  const char *constraint;
  const char *detail; /* the server's own: may hold values of the rows concerned */
  const char *hint;
  size_t position;     /* of raw SQL: the character at fault, from 1; 0 when not known */
  size_t statement;    /* of a script: which of its statements failed, from 1; 0 when not known */
  const char *context; /* the server's own: the lines of functions that were being run; "" when none were */
} sc_error;

/* Of the last call on this thread that did not return SC_OK; until then status SC_OK. Valid until the
 * thread's next call. Never NULL. */
const sc_error *sc_error_last(void);

/* ---- connections ---- */

/* A pool, a session or a transaction: every operation takes any of them. */
typedef struct sc_db sc_db;

/* A zero takes the URL's parameter (connection_limit, connect_timeout …), then the default. */
typedef struct sc_open_options {
  const char *url;              /* NULL: the schema's, from the environment where it says so */
  const char *application_name; /* as pg_stat_activity shows it */
  int max_connections;          /* twice the processors + 1 */
  int min_connections;          /* kept open when idle: 0 */
  int connect_timeout_ms;       /* 5000 */
  int pool_timeout_ms;          /* wait for a free connection: 10000; negative waits for ever */
  int query_timeout_ms;         /* deadline of a call: none */
  int idle_timeout_ms;          /* an idle connection is closed after: 300000 */
  int statement_cache_size;     /* prepared statements of a connection: 100; negative: none (PgBouncer) */
} sc_open_options;

/* Opens a pool without a schema, for raw SQL. Generated clients have their own open. The first connection is
 * made at once, so that a wrong URL is told here. On failure *out is NULL. */
sc_status sc_open(const sc_open_options *options, sc_db **out);
/* One connection of the pool for this handle alone, for SET, advisory locks and temporary tables. */
sc_status sc_session(sc_db *db, sc_db **out);
/* Ends a pool (which closes its connections), a session (which resets and returns its connection) or a
 * transaction (which rolls back). Sessions and transactions are ended before their pool. NULL is fine. */
void sc_close(sc_db *db);

typedef struct sc_stats {
  size_t connections, idle, busy, waiting; /* now; `waiting` counts threads */
  uint64_t connections_made;               /* since the pool was opened, as all below */
  uint64_t statements;                     /* sent */
  uint64_t statements_prepared;
  uint64_t round_trips; /* waits for the server: a pipeline is one */
} sc_stats;

/* Of the pool behind any handle. */
sc_stats sc_statistics(const sc_db *db);

/* ---- transactions ---- */

typedef enum sc_isolation {
  SC_READ_UNCOMMITTED = 1,
  SC_READ_COMMITTED,
  SC_REPEATABLE_READ,
  SC_SERIALIZABLE,
} sc_isolation;

typedef struct sc_tx_options {
  sc_isolation isolation; /* zero: the server's default */
  bool read_only;
  int timeout_ms;  /* from begin to commit: 5000; negative has none */
  int max_wait_ms; /* for a connection: 2000; negative waits for ever */
  int retries;     /* of sc_transaction, after SC_CONFLICT: 0 */
} sc_tx_options;

/* Begins a transaction; on a transaction, a savepoint (whose options are not looked at). On failure *out is
 * NULL. */
sc_status sc_begin(sc_db *db, const sc_tx_options *options, sc_db **out);
/* Both end the transaction and free the handle, whatever they return. A transaction in which a call failed on
 * the server can only be rolled back: sc_commit then does so and returns SC_TX_CLOSED. */
sc_status sc_commit(sc_db *tx);
sc_status sc_rollback(sc_db *tx);

/* Calls `work` in a transaction: commits when it returns SC_OK, else rolls back and returns what it returned.
 * After SC_CONFLICT it is called again, up to options->retries times, after a growing pause. */
typedef sc_status (*sc_work)(sc_db *tx, void *context);
sc_status sc_transaction(sc_db *db, const sc_tx_options *options, sc_work work, void *context);

/* ---- raw SQL ---- */

/* A parameter, named after PostgreSQL's types since it is SQL that is written here. A text goes as an untyped
 * literal, so that PostgreSQL takes it for any type. */
typedef enum sc_arg_kind {
  SC_ARG_NULL = 0,
  SC_ARG_TEXT,
  SC_ARG_INT4,
  SC_ARG_INT8,
  SC_ARG_FLOAT8,
  SC_ARG_BOOLEAN,
  SC_ARG_TIMESTAMPTZ,
  SC_ARG_BYTEA,
  SC_ARG_TEXTS,
  SC_ARG_INT4S,
  SC_ARG_INT8S,
} sc_arg_kind;

typedef struct sc_arg {
  sc_arg_kind kind;
  union {
    const char *text; /* SC_ARG_TEXT */
    int64_t integer;  /* SC_ARG_INT4, SC_ARG_INT8, SC_ARG_BOOLEAN, SC_ARG_TIMESTAMPTZ (usec) */
    double number;    /* SC_ARG_FLOAT8 */
    const void *data; /* SC_ARG_BYTEA, and the items of lists */
  } as;
  size_t len; /* of data and lists */
} sc_arg;

typedef struct sc_args {
  const sc_arg *items;
  size_t len;
} sc_args;

static inline sc_arg sc_arg_integer(sc_arg_kind kind, int64_t value)
{
  sc_arg arg = {kind, {NULL}, 0};
  arg.as.integer = value;
  return arg;
}

static inline sc_arg sc_arg_data(sc_arg_kind kind, const void *data, size_t len)
{
  sc_arg arg = {kind, {NULL}, len};
  arg.as.data = data ? data : (const void *)sc_mark_empty;
  return arg;
}

static inline sc_arg sc_arg_text(const char *text)
{
  sc_arg arg = {SC_ARG_TEXT, {SC_STR(text)}, 0};
  return arg;
}

static inline sc_arg sc_arg_number(double value)
{
  sc_arg arg = {SC_ARG_FLOAT8, {NULL}, 0};
  arg.as.number = value;
  return arg;
}

static inline sc_arg sc_arg_texts(const char *const *items, size_t len)
{
  return sc_arg_data(SC_ARG_TEXTS, items, len);
}

static inline sc_arg sc_arg_int4s(const int32_t *items, size_t len)
{
  return sc_arg_data(SC_ARG_INT4S, items, len);
}

static inline sc_arg sc_arg_int8s(const int64_t *items, size_t len)
{
  return sc_arg_data(SC_ARG_INT8S, items, len);
}

#define SC_NULL           sc_arg_integer(SC_ARG_NULL, 0)
#define SC_TEXT(p)        sc_arg_text(p) /* NULL is SC_INVALID_ARGUMENT: say SC_NULL */
#define SC_INT4(v)        sc_arg_integer(SC_ARG_INT4, (v))
#define SC_INT8(v)        sc_arg_integer(SC_ARG_INT8, (v))
#define SC_FLOAT8(v)      sc_arg_number(v)
#define SC_BOOLEAN(v)     sc_arg_integer(SC_ARG_BOOLEAN, (v) ? 1 : 0)
#define SC_TIMESTAMPTZ(t) sc_arg_integer(SC_ARG_TIMESTAMPTZ, (t).usec)
#define SC_BYTEA(p, n)    sc_arg_data(SC_ARG_BYTEA, (p), (n))
#define SC_TEXTS(p, n)    sc_arg_texts((p), (n))
#define SC_INTS(p, n)     sc_arg_int4s((p), (n))
#define SC_BIGINTS(p, n)  sc_arg_int8s((p), (n))

/* SC_ARGS(SC_TEXT(name), SC_INT4(5)): the parameters $1, $2 …, for the one call; SC_NO_ARGS: none. */
#ifdef __cplusplus
} /* extern "C" */
template <size_t N> struct sc_arg_array {
  sc_arg items[N];
  operator sc_args() const
  {
    return {items, N};
  }
};
template <class... T> static inline sc_arg_array<sizeof...(T)> sc_args_of(T... args)
{
  return {{args...}};
}
#define SC_ARGS(...) sc_args_of(__VA_ARGS__)
#define SC_NO_ARGS   (sc_args())
extern "C" {
#else
#define SC_ARGS(...)                                                                                         \
  ((sc_args){(const sc_arg[]){__VA_ARGS__}, sizeof((const sc_arg[]){__VA_ARGS__}) / sizeof(sc_arg)})
#define SC_NO_ARGS ((sc_args){NULL, 0})
#endif

/* A cell as PostgreSQL writes it in text; NULL is the SQL NULL. */
typedef struct sc_cell {
  const char *text; /* NUL-terminated */
  size_t len;
} sc_cell;

typedef struct sc_rows {
  size_t len, column_count;
  const char *const *columns; /* their names */
  const uint32_t *types;      /* their OIDs in pg_type */
  const sc_cell *cells;       /* row by row */
} sc_rows;

static inline const char *sc_rows_text(const sc_rows *rows, size_t row, size_t column)
{
  return row < rows->len && column < rows->column_count ? rows->cells[row * rows->column_count + column].text
                                                        : NULL;
}

/* The column's number, or SIZE_MAX. */
size_t sc_rows_column(const sc_rows *rows, const char *name);
/* False, with *out as it was, when the cell is NULL or not a whole number of 64 bits. */
bool sc_rows_int(const sc_rows *rows, size_t row, size_t column, int64_t *out);

/* One statement with its parameters; its rows. */
sc_status sc_query(sc_db *db, sc_arena *mem, sc_rows *out, const char *sql, sc_args args);
/* One statement; how many rows it changed. `affected` may be NULL. */
sc_status sc_exec(sc_db *db, const char *sql, sc_args args, int64_t *affected);

/* A NOTICE or WARNING of the server while a script runs; the texts live during the call. */
typedef struct sc_notice {
  const char *severity, *sqlstate, *message, *detail, *hint;
} sc_notice;
typedef void (*sc_notice_handler)(const sc_notice *notice, void *context);

typedef struct sc_script_options {
  sc_notice_handler notice;
  void *context;
  int timeout_ms; /* zero or less: none */
} sc_script_options;

/* A whole script of statements as one simple query: one implicit transaction unless it says BEGIN. Runs on a
 * session or a transaction where its SET or BEGIN shall last. An error has the position within the script. */
sc_status sc_script(sc_db *db, const char *sql, const sc_script_options *options);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
