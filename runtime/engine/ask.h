/* A call while it is read: its shape, its values and its SQL.
 *
 * The functions that walk argument structs (filter.h, select.h, read.h) do three things at once:
 *
 *   the shape    bytes in `key` that say what is asked, without the values: equal keys mean equal SQL. Only
 *                collected when `keyed` is set, for reads, whose compiled plans are cached by it;
 *   the values   `params`, in the order of the walk;
 *   the SQL      text in *sql; none while `sql` is NULL: a walk then costs what key and values cost.
 *
 * In the text a parameter is a mark (a NUL, which SQL cannot hold, and its number), so that a fragment may be
 * moved, repeated or left out; sc_sql_finish turns the marks into $1, $2 … of one statement.
 *
 *   sc_ask ask = {.mem = mem, .schema = sc_db_schema(db)};
 *   buf sql = {.mem = mem};
 *   ask.sql = &sql;
 *   ASK_SQL(&ask, "DELETE FROM "); sc_ask_table(&ask, model, 0); ASK_SQL(&ask, " WHERE ");
 *   sc_ask_unique(&ask, model, 0, args->where);
 *   sc_statement statement;
 *   status = sc_ask_statement(&ask, &statement);      key: the text itself
 *
 * Failure is sticky: the first one sets `status` (with the thread's error filled) and is what
 * sc_ask_statement returns; what follows it may do nothing. Memory is the ask's arena. */
#ifndef ENGINE_ASK_H
#define ENGINE_ASK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "conn/wire.h"

#include <schemac/descriptor.h>

typedef struct sc_param sc_param;
struct sc_param {
  const char *value; /* NULL is SQL NULL; a text ends with NUL */
  int length;
  int format; /* 0 text, 1 binary */
  Oid type;   /* 0: the server infers it from where the parameter stands */
};

/* How many columns, parameters or levels one call may have; PostgreSQL's own bounds are near. */
enum { SC_ASK_PARAMS = 65535, SC_ASK_DEPTH = 64 };

typedef struct sc_ask sc_ask;
struct sc_ask {
  arena *mem;
  str schema; /* the connection's, for models that name none */
  bool keyed;
  buf key;
  VEC(sc_param) params;
  buf *sql;
  unsigned aliases; /* the next free alias */
  bool negative;    /* what is being read stands below an odd number of NOTs */
  unsigned depth;   /* of AND, OR, NOT and relations around what is being read */
  sc_status status;
};

/* ---- failure ---- */

/* Sets the ask's status and the thread's error, with model and field as the schema names them (NULL: none).
 */
sc_status sc_ask_fail(sc_ask *ask, sc_status status, const sc_model *model, const char *field,
                      const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 5, 6)))
#endif
    ;
/* SC_NO_MEMORY. */
sc_status sc_ask_broken(sc_ask *ask);

/* ---- the shape ---- */

static inline void sc_ask_key(sc_ask *ask, unsigned tag, unsigned number)
{
  if (!ask->keyed || !sc_buf_reserve(&ask->key, 3)) return;
  char *at = ask->key.ptr + ask->key.len;
  at[0] = (char)tag;
  at[1] = (char)(number & 0xff);
  at[2] = (char)(number >> 8 & 0xff);
  ask->key.len += 3;
}

/* ---- the text ---- */

static inline void sc_ask_text(sc_ask *ask, str text)
{
  if (ask->sql) sc_buf_add(ask->sql, text);
}
#define ASK_SQL(ask, literal) sc_ask_text((ask), STR(literal))

/* A quoted identifier: the only place of the engine that writes one. */
void sc_ask_name(sc_ask *ask, const char *name);
/* "schema"."name"; schema NULL: the connection's. */
void sc_ask_qualified(sc_ask *ask, const char *schema, const char *name);
/* The alias: t0, t1 … */
void sc_ask_alias(sc_ask *ask, unsigned alias);
/* "schema"."table" AS t0 */
void sc_ask_table(sc_ask *ask, const sc_model *model, unsigned alias);
/* t0."column" */
void sc_ask_column(sc_ask *ask, unsigned alias, const sc_field *field);
/* The type of a field's column as a cast writes it, of its items where `element` is set: "integer",
 * "s"."Role"[]. */
void sc_ask_type(sc_ask *ask, const sc_field *field, bool element);
void sc_ask_number(sc_ask *ask, int64_t number);

/* ---- the values ---- */

/* Adds a parameter and writes its mark. */
void sc_ask_param(sc_ask *ask, sc_param param);
/* The mark of a parameter that was added before, by its number in `params`. */
void sc_ask_mark(sc_ask *ask, size_t number);
/* " LIMIT 10 OFFSET $1" for take and skip as arguments have them (0: not given; the sign of take is not
 * looked at). */
void sc_ask_limit(sc_ask *ask, const sc_model *model, int64_t take, int64_t skip);

typedef enum sc_given {
  SC_NOT_GIVEN = 0,
  SC_GIVEN,
  SC_GIVEN_WRONG, /* a mark or a value no field of this type has: the ask has failed and names the field */
} sc_given;

/* `held`: a value as Create holds it (const char *, tagged scalar, enum number, sc_json …; of a list field
 * the list). */
sc_given sc_ask_given(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held);
/* Adds a given value as a parameter of the column's type, with a cast where it needs one. */
void sc_ask_value(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held);
/* A scalar of a list field's items, or of a scalar field, held likewise. */
void sc_ask_item(sc_ask *ask, const sc_model *model, const sc_field *field, const void *held);
/* `count` scalars as one array parameter: item i is held, as in Create, at items + i * stride; where missing
 * (NULL: none is) is set it is SQL NULL. Typed, so that unnest($n) needs no cast: "$1::integer[]" where it
 * does. */
void sc_ask_array(sc_ask *ask, const sc_model *model, const sc_field *field, const void *items, size_t stride,
                  size_t count, const bool *missing);
/* The same of plain items, as a list of value.h has them (int32_t, const char *, sc_time …). */
void sc_ask_list(sc_ask *ask, const sc_model *model, const sc_field *field, const sc_list *list);

/* ---- the statement ---- */

/* Copies `text` to `out`, its marks as $n: equal numbers are one parameter. `used` receives the numbers in
 * the order of $n. False when memory ran out. */
typedef VEC(uint16_t) sc_numbers;
bool sc_sql_finish(arena *mem, str text, buf *out, sc_numbers *used);
/* Gives a statement the parameters that it uses. False when memory ran out. */
bool sc_sql_bind(arena *mem, const sc_param *params, const uint16_t *used, size_t count, sc_statement *out);
/* The text of the ask as a statement whose key is its text. Results are binary. */
sc_status sc_ask_statement(sc_ask *ask, sc_statement *out);

#endif
