#include "error/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

/* What the %s of a text in sqlstate.def stands for. */
typedef enum shape {
  NOTHING,
  CONSTRAINT,
  COLUMN,
  PRIMARY, /* the server's message */
  MASKED,  /* the same without the values it quotes */
  QUOTED,  /* the name that the server's message quotes */
} shape;

typedef struct sqlstate_row {
  const char *state, *code, *text;
  sc_status status;
  shape shape;
} sqlstate_row;

static const sqlstate_row sqlstates[] = {
#define SQLSTATE(state, status, prisma, shape, text) {state, prisma, text, status, shape},
#include "error/sqlstate.def"
#undef SQLSTATE
};

typedef struct status_row {
  const char *name, *code;
} status_row;

static const status_row statuses[] = {
    [SC_OK] = {"SC_OK", ""},
    [SC_NOT_FOUND] = {"SC_NOT_FOUND", "P2025"},
    [SC_UNIQUE_VIOLATION] = {"SC_UNIQUE_VIOLATION", "P2002"},
    [SC_FOREIGN_KEY_VIOLATION] = {"SC_FOREIGN_KEY_VIOLATION", "P2003"},
    [SC_NULL_VIOLATION] = {"SC_NULL_VIOLATION", "P2011"},
    [SC_CHECK_VIOLATION] = {"SC_CHECK_VIOLATION", "P2004"},
    [SC_MISSING_FIELD] = {"SC_MISSING_FIELD", "P2012"},
    [SC_INVALID_ARGUMENT] = {"SC_INVALID_ARGUMENT", "P2009"},
    [SC_RELATION_VIOLATION] = {"SC_RELATION_VIOLATION", "P2014"},
    [SC_VALUE_TOO_LONG] = {"SC_VALUE_TOO_LONG", "P2000"},
    [SC_OUT_OF_RANGE] = {"SC_OUT_OF_RANGE", "P2020"},
    [SC_CONFLICT] = {"SC_CONFLICT", "P2034"},
    [SC_TIMEOUT] = {"SC_TIMEOUT", "P1008"},
    [SC_POOL_TIMEOUT] = {"SC_POOL_TIMEOUT", "P2024"},
    [SC_TX_CLOSED] = {"SC_TX_CLOSED", "P2028"},
    [SC_UNREACHABLE] = {"SC_UNREACHABLE", "P1001"},
    [SC_AUTH] = {"SC_AUTH", "P1000"},
    [SC_NO_DATABASE] = {"SC_NO_DATABASE", "P1003"},
    [SC_CLOSED] = {"SC_CLOSED", "P1017"},
    [SC_NO_TABLE] = {"SC_NO_TABLE", "P2021"},
    [SC_NO_COLUMN] = {"SC_NO_COLUMN", "P2022"},
    [SC_DATABASE_ERROR] = {"SC_DATABASE_ERROR", "P2010"},
    [SC_NO_MEMORY] = {"SC_NO_MEMORY", ""},
    [SC_MISUSE] = {"SC_MISUSE", ""},
    [SC_FORKED] = {"SC_FORKED", ""},
};
enum { STATUS_COUNT = sizeof statuses / sizeof statuses[0] };

/* The pointers of `state.error` are only right after aim(): a copy of the state has pointers into the
 * original. */
static _Thread_local sc_error_state state = {
    .error = {.code = "", .sqlstate = "", .message = "", .detail = "", .hint = "", .context = ""},
};

static void aim(void)
{
  state.error.message = state.message;
  state.error.detail = state.detail;
  state.error.hint = state.hint;
  state.error.context = state.context;
  state.error.sqlstate = state.sqlstate;
  state.error.constraint = state.constraint[0] ? state.constraint : NULL;
  state.error.model = state.model[0] ? state.model : NULL;
  const char *name = state.names;
  for (size_t i = 0; i < state.error.fields.len; i++) {
    state.fields[i] = name;
    name += strlen(name) + 1;
  }
  state.error.fields.items = state.fields;
}

/* Copies text into an array, cut at a character's end. */
static void put(char *to, size_t size, const char *from)
{
  str text = str_from(from ? from : "");
  text.len = sc_str_utf8_floor(text, size - 1);
  if (text.len) memcpy(to, text.ptr, text.len);
  to[text.len] = '\0';
}

static void begin(sc_status status, const char *code)
{
  state.error = (sc_error){.status = status, .code = code};
  state.message[0] = state.detail[0] = state.hint[0] = state.context[0] = '\0';
  state.constraint[0] = state.model[0] = state.sqlstate[0] = '\0';
  aim();
}

static const char *code_of(sc_status status)
{
  return (size_t)status < STATUS_COUNT ? statuses[status].code : "";
}

static sc_status fail(sc_status status, const char *code, const char *format, va_list arguments)
{
  begin(status, code);
  char text[2 * sizeof state.message];
  if (vsnprintf(text, sizeof text, format, arguments) > 0) put(state.message, sizeof state.message, text);
  return status;
}

sc_status sc_fail(sc_status status, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  fail(status, code_of(status), format, arguments);
  va_end(arguments);
  return status;
}

sc_status sc_fail_as(sc_status status, const char *code, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  fail(status, code, format, arguments);
  va_end(arguments);
  return status;
}

sc_status sc_fail_memory(void)
{
  return sc_fail(SC_NO_MEMORY, "Out of memory.");
}

static const sqlstate_row *find_sqlstate(const char *sqlstate)
{
  static const sqlstate_row other = {"", "P2010", "%s", SC_DATABASE_ERROR, PRIMARY};
  for (size_t i = 0; i < sizeof sqlstates / sizeof sqlstates[0]; i++)
    if (strncmp(sqlstates[i].state, sqlstate, strlen(sqlstates[i].state)) == 0) return &sqlstates[i];
  return &other;
}

sc_status sc_status_of_sqlstate(const char *sqlstate)
{
  return find_sqlstate(sqlstate)->status;
}

/* The message of a data exception without the value it quotes: from its first quotation mark to its last,
 * since a value may hold such marks itself. An enum's name, which stands in front of the value, is kept. A
 * translated message quotes in its own way and is not trusted at all; one without a quotation mark says
 * nothing of a value. */
static void mask_values(const PGresult *result, const char *primary, char *to, size_t size)
{
  static const char enum_start[] = "invalid input value for enum ";
  const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY);
  const char *plain = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (!severity || !plain || strcmp(severity, plain) != 0) {
    put(to, size, "the database refused a value");
    return;
  }
  const char *from = primary;
  if (strncmp(primary, enum_start, sizeof enum_start - 1) == 0) {
    const char *value = strstr(primary, ": \"");
    if (value) from = value;
  }
  const char *first = strchr(from, '"'), *last = strrchr(from, '"');
  if (!first || first == last) {
    put(to, size, first ? "the database refused a value" : primary);
    return;
  }
  snprintf(to, size, "%.*s\"…\"%s", (int)(first - primary), primary, last + 1);
}

/* relation "blog.Post" does not exist; column "age" does not exist; column u.age does not exist. */
static void quoted_name(const char *primary, char *to, size_t size)
{
  str text = str_from(primary);
  size_t open = sc_str_find_char(text, '"');
  char end = open == SIZE_MAX ? ' ' : '"';
  if (open == SIZE_MAX) open = sc_str_find_char(text, ' ');
  if (open == SIZE_MAX) {
    put(to, size, primary);
    return;
  }
  str rest = str_slice(text, open + 1, text.len);
  size_t close = sc_str_find_char(rest, end);
  rest = str_slice(rest, 0, close);
  rest.len = sc_str_utf8_floor(rest, size - 1);
  if (rest.len) memcpy(to, rest.ptr, rest.len);
  to[rest.len] = '\0';
}

static const char *field_of(const PGresult *result, int code)
{
  const char *text = PQresultErrorField(result, code);
  return text ? text : "";
}

static void shape_text(const PGresult *result, const sqlstate_row *row, const char *primary)
{
  char part[sizeof state.message];
  switch (row->shape) {
  case NOTHING: part[0] = '\0'; break;
  case CONSTRAINT: put(part, sizeof part, field_of(result, PG_DIAG_CONSTRAINT_NAME)); break;
  case COLUMN: put(part, sizeof part, field_of(result, PG_DIAG_COLUMN_NAME)); break;
  case PRIMARY: put(part, sizeof part, primary); break;
  case MASKED: mask_values(result, primary, part, sizeof part); break;
  case QUOTED: quoted_name(primary, part, sizeof part); break;
  }
  if (row->shape != NOTHING && !part[0]) put(part, sizeof part, "(not available)");
  /* The texts are rows of our own table with at most one %s. */
  str text = str_from(row->text);
  size_t at = sc_str_find(text, STR("%s"));
  char whole[2 * sizeof state.message];
  if (at == SIZE_MAX)
    snprintf(whole, sizeof whole, "%s", row->text);
  else
    snprintf(whole, sizeof whole, "%.*s%s%s", (int)at, row->text, part, row->text + at + 2);
  put(state.message, sizeof state.message, whole);
}

sc_status sc_fail_result(const PGresult *result, bool verbatim)
{
  const char *sqlstate = field_of(result, PG_DIAG_SQLSTATE);
  const char *primary = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  if (!sqlstate[0]) /* libpq made this result itself: the connection is gone, or memory is */
    return sc_fail(SC_CLOSED, "Server has closed the connection.");
  const sqlstate_row *row = find_sqlstate(sqlstate);
  begin(row->status, row->code);
  put(state.sqlstate, sizeof state.sqlstate, sqlstate);
  put(state.detail, sizeof state.detail, field_of(result, PG_DIAG_MESSAGE_DETAIL));
  put(state.hint, sizeof state.hint, field_of(result, PG_DIAG_MESSAGE_HINT));
  put(state.context, sizeof state.context, field_of(result, PG_DIAG_CONTEXT));
  put(state.constraint, sizeof state.constraint, field_of(result, PG_DIAG_CONSTRAINT_NAME));
  for (const char *digit = field_of(result, PG_DIAG_STATEMENT_POSITION); isdigit((unsigned char)*digit);
       digit++)
    state.error.position = state.error.position * 10 + (size_t)(*digit - '0');
  if (verbatim)
    put(state.message, sizeof state.message, primary);
  else
    shape_text(result, row, primary);
  aim();
  return row->status;
}

void sc_error_set_statement(size_t number)
{
  state.error.statement = number;
}

void sc_error_set_sqlstate(const char *sqlstate)
{
  put(state.sqlstate, sizeof state.sqlstate, sqlstate);
}

/* "Unique constraint failed on the fields: (`a`,`b`)", Prisma's text. */
static void speak_of_fields(const char *start)
{
  char text[2 * sizeof state.message];
  size_t len = (size_t)snprintf(text, sizeof text, "%s (", start);
  for (size_t i = 0; i < state.error.fields.len && len < sizeof text; i++)
    len += (size_t)snprintf(text + len, sizeof text - len, "%s`%s`", i ? "," : "", state.fields[i]);
  if (len < sizeof text) snprintf(text + len, sizeof text - len, ")");
  put(state.message, sizeof state.message, text);
}

void sc_error_name(const char *model, const char *const *fields, size_t count)
{
  if (model) put(state.model, sizeof state.model, model);
  if (count) {
    size_t used = 0, kept = 0;
    for (; kept < count && kept < SC_ERROR_FIELDS; kept++) {
      size_t size = strlen(fields[kept]) + 1;
      if (size > sizeof state.names - used) break;
      memcpy(state.names + used, fields[kept], size);
      used += size;
    }
    state.error.fields.len = kept;
  }
  aim();
  if (!state.error.fields.len) return;
  if (state.error.status == SC_UNIQUE_VIOLATION) speak_of_fields("Unique constraint failed on the fields:");
  if (state.error.status == SC_NULL_VIOLATION) speak_of_fields("Null constraint violation on the fields:");
}

void sc_error_save(sc_error_state *to)
{
  *to = state;
}

void sc_error_restore(const sc_error_state *from)
{
  state = *from;
  aim();
}

const sc_error *sc_error_last(void)
{
  return &state.error;
}

const char *sc_status_name(sc_status status)
{
  return (size_t)status < STATUS_COUNT ? statuses[status].name : "SC_UNKNOWN";
}
