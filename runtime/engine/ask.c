#include "engine/ask.h"

#include "error/error.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- failure ---- */

sc_status sc_ask_fail(sc_ask *ask, sc_status status, const sc_model *model, const char *field,
                      const char *format, ...)
{
  if (ask->status != SC_OK) return ask->status;
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  ask->status = sc_fail(status, "%s", message);
  sc_error_name(model ? model->name : NULL, &field, field ? 1 : 0);
  return ask->status;
}

sc_status sc_ask_broken(sc_ask *ask)
{
  if (ask->status == SC_OK) ask->status = sc_fail_memory();
  return ask->status;
}

/* ---- the text ---- */

static void quote(buf *out, str name)
{
  buf_char(out, '"');
  for (size_t i = 0; i < name.len; i++) {
    if (name.ptr[i] == '"') buf_char(out, '"');
    buf_char(out, name.ptr[i]);
  }
  buf_char(out, '"');
}

void sc_ask_name(sc_ask *ask, const char *name)
{
  if (ask->sql) quote(ask->sql, str_from(name));
}

void sc_ask_qualified(sc_ask *ask, const char *schema, const char *name)
{
  if (!ask->sql) return;
  str qualifier = schema ? str_from(schema) : ask->schema;
  if (qualifier.len) {
    quote(ask->sql, qualifier);
    buf_char(ask->sql, '.');
  }
  quote(ask->sql, str_from(name));
}

void sc_ask_alias(sc_ask *ask, unsigned alias)
{
  if (!ask->sql) return;
  buf_char(ask->sql, 't');
  sc_buf_u64(ask->sql, alias);
}

void sc_ask_table(sc_ask *ask, const sc_model *model, unsigned alias)
{
  sc_ask_qualified(ask, model->schema, model->table);
  ASK_SQL(ask, " AS ");
  sc_ask_alias(ask, alias);
}

void sc_ask_column(sc_ask *ask, unsigned alias, const sc_field *field)
{
  sc_ask_alias(ask, alias);
  ASK_SQL(ask, ".");
  sc_ask_name(ask, field->column);
}

void sc_ask_number(sc_ask *ask, int64_t number)
{
  if (ask->sql) sc_buf_i64(ask->sql, number);
}

/* ---- parameters ---- */

enum { MARK_SIZE = 3 }; /* NUL, low byte, high byte */

void sc_ask_mark(sc_ask *ask, size_t number)
{
  if (!ask->sql || !sc_buf_reserve(ask->sql, MARK_SIZE)) return;
  char *at = ask->sql->ptr + ask->sql->len;
  at[0] = '\0';
  at[1] = (char)(number & 0xff);
  at[2] = (char)(number >> 8 & 0xff);
  ask->sql->len += MARK_SIZE;
}

void sc_ask_param(sc_ask *ask, sc_param param)
{
  if (ask->status != SC_OK) return;
  if (ask->params.len >= SC_ASK_PARAMS) {
    sc_ask_fail(ask, SC_INVALID_ARGUMENT, NULL, NULL, "A query has at most %d parameters.", SC_ASK_PARAMS);
    return;
  }
  sc_ask_mark(ask, ask->params.len);
  if (!vec_push(ask->mem, &ask->params, param)) sc_ask_broken(ask);
}

/* ---- the statement ---- */

static size_t place_of(const sc_numbers *used, size_t number)
{
  for (size_t i = 0; i < used->len; i++)
    if (used->items[i] == number) return i;
  return used->len;
}

bool sc_sql_finish(arena *mem, str text, buf *out, sc_numbers *used)
{
  size_t from = 0, unseen = 0; /* numbers from `unseen` on were not met yet: they mostly ascend */
  for (size_t i = 0; i < used->len; i++)
    if (used->items[i] >= unseen) unseen = used->items[i] + 1u;
  while (from < text.len) {
    const char *mark = memchr(text.ptr + from, '\0', text.len - from);
    size_t to = mark ? (size_t)(mark - text.ptr) : text.len;
    buf_add(out, str_slice(text, from, to));
    if (!mark) break;
    size_t number = (size_t)(unsigned char)text.ptr[to + 1] | (size_t)(unsigned char)text.ptr[to + 2] << 8;
    size_t place = number >= unseen ? used->len : place_of(used, number);
    if (place == used->len && !vec_push(mem, used, (uint16_t)number)) return false;
    if (number >= unseen) unseen = number + 1;
    buf_char(out, '$');
    sc_buf_u64(out, place + 1);
    from = to + MARK_SIZE;
  }
  return !out->broken;
}

bool sc_sql_bind(arena *mem, const sc_param *params, const uint16_t *used, size_t n, sc_statement *out)
{
  if (n == 0) return true;
  Oid *types = arena_array(mem, Oid, n);
  const char **values = arena_array(mem, const char *, n);
  int *lengths = arena_array(mem, int, n), *formats = arena_array(mem, int, n);
  if (!types || !values || !lengths || !formats) return false;
  for (size_t i = 0; i < n; i++) {
    const sc_param *param = &params[used[i]];
    types[i] = param->type;
    values[i] = param->value;
    lengths[i] = param->length;
    formats[i] = param->format;
  }
  out->param_count = (int)n;
  out->types = types;
  out->values = values;
  out->lengths = lengths;
  out->formats = formats;
  return true;
}

sc_status sc_ask_statement(sc_ask *ask, sc_statement *out)
{
  *out = (sc_statement){.binary_result = true};
  if (ask->status != SC_OK) return ask->status;
  buf sql = {.mem = ask->mem};
  sc_numbers used = {0};
  if (ask->sql->broken || !sc_sql_finish(ask->mem, buf_str(ask->sql), &sql, &used) || !sc_buf_c(&sql) ||
      !sc_sql_bind(ask->mem, ask->params.items, used.items, used.len, out))
    return sc_ask_broken(ask);
  out->sql = out->key = buf_str(&sql);
  return SC_OK;
}
