/* SQL of the caller's own: statements with parameters, and scripts. */
#include "codec/codec.h"
#include "conn/db.h"
#include "error/error.h"

#include <stdlib.h>

/* ---- parameters ---- */

typedef struct params params;
struct params {
  arena *mem;
  Oid *types;
  const char **values;
  int *lengths, *formats;
};

static bool make_room(params *p, size_t count)
{
  p->types = arena_array(p->mem, Oid, count);
  p->values = arena_array(p->mem, const char *, count);
  p->lengths = arena_array(p->mem, int, count);
  p->formats = arena_array(p->mem, int, count);
  return p->types && p->values && p->lengths && p->formats;
}

static sc_status wrong(size_t i, const char *what)
{
  return sc_fail(SC_INVALID_ARGUMENT, "Parameter $%zu %s.", i + 1, what);
}

/* The marks of value.h, which stand for what must not be read. */
static sc_status check_mark(const void *data, size_t len, size_t i)
{
  if (data == (const void *)sc_mark_no_memory) return sc_fail_memory();
  if (data == (const void *)sc_mark_null) return wrong(i, "is a NULL pointer: say SC_NULL for the SQL NULL");
  if (data == NULL || (data == (const void *)sc_mark_empty && len))
    return wrong(i, "has a length but no data");
  return SC_OK;
}

static sc_status keep(params *p, size_t i, const sc_codec *codec, const buf *bytes, bool list)
{
  if (bytes->broken) return sc_fail_memory();
  if (bytes->len > INT32_MAX) return wrong(i, "is too long");
  p->types[i] = list ? codec->array_oid : codec->oid;
  p->values[i] = bytes->ptr ? bytes->ptr : "";
  p->lengths[i] = (int)bytes->len;
  p->formats[i] = list ? codec->array_format : codec->format;
  return SC_OK;
}

static sc_status add_value(params *p, size_t i, sc_native native, const void *value)
{
  const sc_codec *codec = sc_codec_of(native);
  buf bytes = {.mem = p->mem};
  sc_status s = sc_codec_encode(codec, &bytes, value);
  return s == SC_OK ? keep(p, i, codec, &bytes, false) : s;
}

static sc_status add_list(params *p, size_t i, sc_native native, const sc_arg *arg, size_t stride)
{
  const sc_codec *codec = sc_codec_of(native);
  buf bytes = {.mem = p->mem};
  sc_status s = check_mark(arg->as.data, arg->len, i);
  if (s == SC_OK && arg->kind == SC_ARG_TEXTS) {
    const char *const *texts = arg->as.data;
    for (size_t at = 0; s == SC_OK && at < arg->len; at++) s = check_mark(texts[at], 1, i);
  }
  if (s == SC_OK) s = sc_codec_encode_array(codec, &bytes, arg->as.data, stride, arg->len, NULL);
  return s == SC_OK ? keep(p, i, codec, &bytes, true) : s;
}

static sc_status add_arg(params *p, size_t i, const sc_arg *arg)
{
  switch (arg->kind) {
  case SC_ARG_NULL: return SC_OK;
  case SC_ARG_TEXT: /* read where it stands, and of no type: PostgreSQL takes it for any */
    p->values[i] = arg->as.text;
    return check_mark(arg->as.text, 1, i);
  case SC_ARG_INT4:
    if (arg->as.integer < INT32_MIN || arg->as.integer > INT32_MAX) return wrong(i, "does not fit an int4");
    return add_value(p, i, SC_NATIVE_INTEGER, &(int32_t){(int32_t)arg->as.integer});
  case SC_ARG_INT8: return add_value(p, i, SC_NATIVE_BIGINT, &arg->as.integer);
  case SC_ARG_FLOAT8: return add_value(p, i, SC_NATIVE_DOUBLE_PRECISION, &arg->as.number);
  case SC_ARG_BOOLEAN: return add_value(p, i, SC_NATIVE_BOOLEAN, &(bool){arg->as.integer != 0});
  case SC_ARG_TIMESTAMPTZ: return add_value(p, i, SC_NATIVE_TIMESTAMPTZ, &(sc_time){.usec = arg->as.integer});
  case SC_ARG_BYTEA: {
    sc_status s = check_mark(arg->as.data, arg->len, i);
    return s == SC_OK ? add_value(p, i, SC_NATIVE_BYTEA, &(sc_bytes){arg->as.data, arg->len}) : s;
  }
  case SC_ARG_TEXTS: return add_list(p, i, SC_NATIVE_TEXT, arg, sizeof(const char *));
  case SC_ARG_INT4S: return add_list(p, i, SC_NATIVE_INTEGER, arg, sizeof(int32_t));
  case SC_ARG_INT8S: return add_list(p, i, SC_NATIVE_BIGINT, arg, sizeof(int64_t));
  }
  return wrong(i, "is of no known kind");
}

/* ---- statements ---- */

/* Statements that may run again with other parameters are prepared; CREATE TABLE will not. */
static bool worth_preparing(const char *sql)
{
  static const char *const verbs[] = {"select", "insert", "update", "delete", "with", "values", "merge"};
  str text = sc_str_trim(str_from(sql));
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    str verb = str_from(verbs[i]);
    if (text.len > verb.len && sc_str_eq_fold(str_slice(text, 0, verb.len), verb)) return true;
  }
  return false;
}

/* The types are part of the key: the same text with other parameters is another statement. */
static str make_key(arena *mem, const char *sql, sc_args args)
{
  buf key = {.mem = mem};
  if (!worth_preparing(sql)) return STR_NONE;
  buf_add(&key, str_from(sql));
  for (size_t i = 0; i < args.len; i++)
    buf_char(&key, (char)(args.items[i].kind == SC_ARG_NULL ? SC_ARG_TEXT : args.items[i].kind));
  return key.broken ? STR_NONE : buf_str(&key);
}

static sc_status run(sc_db *db, arena *mem, const char *sql, sc_args args, PGresult **result)
{
  params p = {.mem = mem};
  if (!sql) return sc_fail(SC_INVALID_ARGUMENT, "The SQL is a NULL pointer.");
  if (args.len > INT32_MAX || !make_room(&p, args.len)) return sc_fail_memory();
  for (size_t i = 0; i < args.len; i++) {
    sc_status s = add_arg(&p, i, &args.items[i]);
    if (s != SC_OK) return s;
  }
  sc_statement statement = {
      .sql = str_from(sql),
      .key = make_key(mem, sql, args),
      .param_count = (int)args.len,
      .types = p.types,
      .values = p.values,
      .lengths = p.lengths,
      .formats = p.formats,
  };
  return sc_db_run(db, &statement, 1, result);
}

/* ---- rows ---- */

static const char *copy_text(arena *mem, const char *text, size_t len)
{
  char *copy = sc_arena_raw(mem, len + 1);
  if (copy) memcpy(copy, text, len + 1); /* libpq ends every value with NUL */
  return copy;
}

static bool copy_columns(arena *mem, const PGresult *result, sc_rows *rows)
{
  const char **names = arena_array(mem, const char *, rows->column_count);
  uint32_t *types = arena_array(mem, uint32_t, rows->column_count);
  if (!names || !types) return false;
  for (size_t c = 0; c < rows->column_count; c++) {
    const char *name = PQfname(result, (int)c);
    types[c] = PQftype(result, (int)c);
    if (!(names[c] = copy_text(mem, name, strlen(name)))) return false;
  }
  rows->columns = names;
  rows->types = types;
  return true;
}

static bool copy_cells(arena *mem, const PGresult *result, sc_rows *rows)
{
  if (rows->column_count && rows->len > SIZE_MAX / rows->column_count) return false;
  sc_cell *cell = arena_array(mem, sc_cell, rows->len * rows->column_count);
  if (!cell) return false;
  rows->cells = cell;
  for (int r = 0; (size_t)r < rows->len; r++)
    for (int c = 0; (size_t)c < rows->column_count; c++, cell++) {
      if (PQgetisnull(result, r, c)) continue;
      cell->len = (size_t)PQgetlength(result, r, c);
      if (!(cell->text = copy_text(mem, PQgetvalue(result, r, c), cell->len))) return false;
    }
  return true;
}

static sc_status copy_rows(arena *mem, const PGresult *result, sc_rows *out)
{
  sc_rows rows = {.len = (size_t)PQntuples(result), .column_count = (size_t)PQnfields(result)};
  if (!copy_columns(mem, result, &rows) || !copy_cells(mem, result, &rows)) return sc_fail_memory();
  *out = rows;
  return SC_OK;
}

sc_status sc_query(sc_db *db, sc_arena *mem, sc_rows *out, const char *sql, sc_args args)
{
  PGresult *result = NULL;
  *out = (sc_rows){0};
  sc_status s = run(db, mem, sql, args, &result);
  if (s == SC_OK) s = copy_rows(mem, result, out);
  PQclear(result);
  return s;
}

sc_status sc_exec(sc_db *db, const char *sql, sc_args args, int64_t *affected)
{
  PGresult *result = NULL;
  if (affected) *affected = 0;
  arena *mem = sc_arena_new();
  if (!mem) return sc_fail_memory();
  sc_status s = run(db, mem, sql, args, &result);
  if (s == SC_OK && affected)
    for (const char *digit = PQcmdTuples(result); *digit >= '0' && *digit <= '9'; digit++)
      *affected = *affected * 10 + (*digit - '0');
  PQclear(result);
  sc_arena_free(mem);
  return s;
}

size_t sc_rows_column(const sc_rows *rows, const char *name)
{
  for (size_t c = 0; c < rows->column_count; c++)
    if (strcmp(rows->columns[c], name) == 0) return c;
  return SIZE_MAX;
}

bool sc_rows_int(const sc_rows *rows, size_t row, size_t column, int64_t *out)
{
  if (row >= rows->len || column >= rows->column_count) return false;
  const sc_cell *cell = &rows->cells[row * rows->column_count + column];
  return cell->text && sc_codec_parse_int((str){cell->text, cell->len}, out);
}

/* ---- scripts ---- */

static const char *or_empty(const char *text)
{
  return text ? text : "";
}

static void pass_notice(void *context, const PGresult *result)
{
  const sc_script_options *options = context;
  sc_notice notice = {
      .severity = or_empty(PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED)),
      .sqlstate = or_empty(PQresultErrorField(result, PG_DIAG_SQLSTATE)),
      .message = or_empty(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)),
      .detail = or_empty(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL)),
      .hint = or_empty(PQresultErrorField(result, PG_DIAG_MESSAGE_HINT)),
  };
  options->notice(&notice, options->context);
}

sc_status sc_script(sc_db *db, const char *sql, const sc_script_options *options)
{
  sc_lease lease;
  if (!sql) return sc_fail(SC_INVALID_ARGUMENT, "The script is a NULL pointer.");
  sc_script_options given = options ? *options : (sc_script_options){0};
  sc_status s = sc_lease_take(db, &lease);
  if (s == SC_OK)
    s = sc_lease_simple(&lease, sql, given.timeout_ms, given.notice ? pass_notice : NULL, &given);
  sc_lease_return(&lease);
  return s;
}
