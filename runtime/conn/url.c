#include "conn/url.h"

#include "error/error.h"

#include <limits.h>
#include <stddef.h>
#include <unistd.h>

static sc_status invalid(const char *what)
{
  return sc_fail_as(SC_INVALID_ARGUMENT, "P1013", "The provided database string is invalid. %s", what);
}

static sc_status invalid_argument(const char *name, const char *expected)
{
  return sc_fail_as(
      SC_INVALID_ARGUMENT, "P1013",
      "The provided database string is invalid. Error parsing connection string: argument `%s` must be %s.",
      name, expected);
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Percent-decoded into the arena; a `%` that no two hex digits follow stands for itself, as in Prisma. In
 * arguments a
 * `+` is a space. SC_INVALID_ARGUMENT for a NUL, of which no part has a use. */
static sc_status decode(arena *mem, str text, const char *part, bool plus_is_space, const char **out)
{
  char *to = text.len == SIZE_MAX ? NULL : sc_arena_raw(mem, text.len + 1);
  if (!to) return sc_fail_memory();
  *out = to;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c == '%' && text.len - i > 2 && hex_digit(text.ptr[i + 1]) >= 0 && hex_digit(text.ptr[i + 2]) >= 0) {
      c = (char)(hex_digit(text.ptr[i + 1]) * 16 + hex_digit(text.ptr[i + 2]));
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0')
      return sc_fail_as(SC_INVALID_ARGUMENT, "P1013",
                        "The provided database string is invalid. A NUL character in the %s in database URL.",
                        part);
    *to++ = c;
  }
  *to = '\0';
  return SC_OK;
}

/* ---- arguments ---- */

/* How an argument's text becomes a value. */
typedef enum argument_kind {
  TEXT,
  FLAG,
  COUNT,   /* an int, 0 and more */
  LIMIT,   /* an int, 1 and more */
  SECONDS, /* an int64_t of milliseconds */
  SSLMODE,
  SSLACCEPT,
  UNSUPPORTED,
} argument_kind;

typedef struct argument {
  const char *name;
  argument_kind kind;
  size_t offset; /* in sc_url */
} argument;

static const argument arguments[] = {
    {"schema", TEXT, offsetof(sc_url, schema)},
    {"host", TEXT, offsetof(sc_url, host)},
    {"connection_limit", LIMIT, offsetof(sc_url, connection_limit)},
    {"pool_timeout", SECONDS, offsetof(sc_url, pool_timeout_ms)},
    {"connect_timeout", SECONDS, offsetof(sc_url, connect_timeout_ms)},
    {"socket_timeout", SECONDS, offsetof(sc_url, socket_timeout_ms)},
    {"statement_cache_size", COUNT, offsetof(sc_url, statement_cache_size)},
    {"pgbouncer", FLAG, offsetof(sc_url, pgbouncer)},
    {"application_name", TEXT, offsetof(sc_url, application_name)},
    {"options", TEXT, offsetof(sc_url, options)},
    {"channel_binding", TEXT, offsetof(sc_url, channel_binding)},
    {"sslmode", SSLMODE, offsetof(sc_url, sslmode)},
    {"sslaccept", SSLACCEPT, 0},
    {"sslcert", TEXT, offsetof(sc_url, sslcert)},
    {"sslkey", TEXT, offsetof(sc_url, sslkey)},
    {"sslpassword", TEXT, offsetof(sc_url, sslpassword)},
    {"sslrootcert", TEXT, offsetof(sc_url, sslrootcert)},
    {"sslidentity", UNSUPPORTED, 0},
};

static bool one_of(const char *value, const char *const *allowed)
{
  for (; *allowed; allowed++)
    if (strcmp(value, *allowed) == 0) return true;
  return false;
}

/* A decimal number up to `limit`, or -1. */
static int64_t whole_number(const char *text, int64_t limit)
{
  int64_t value = 0;
  if (!*text) return -1;
  for (; *text; text++) {
    if (*text < '0' || *text > '9') return -1;
    value = value * 10 + (*text - '0');
    if (value > limit) return -1;
  }
  return value;
}

static sc_status set_number(const argument *a, const char *value, void *place)
{
  int64_t number = whole_number(value, INT_MAX);
  if (number < 0) return invalid_argument(a->name, "a whole number");
  if (a->kind == LIMIT && number == 0) return invalid_argument(a->name, "at least 1");
  if (a->kind == SECONDS) {
    int64_t ms = number * 1000;
    memcpy(place, &ms, sizeof ms);
  } else {
    int count = (int)number;
    memcpy(place, &count, sizeof count);
  }
  return SC_OK;
}

static sc_status set_argument(const argument *a, const char *value, sc_url *url, bool *strict)
{
  static const char *const modes[] = {"disable",   "allow",       "prefer", "require",
                                      "verify-ca", "verify-full", NULL};
  void *place = (char *)url + a->offset;
  switch (a->kind) {
  case SSLMODE:
    if (!one_of(value, modes))
      return invalid_argument(a->name, "disable, prefer, require, verify-ca or verify-full");
    url->sslmode = value;
    return SC_OK;
  case TEXT: memcpy(place, &value, sizeof value); return SC_OK;
  case FLAG: {
    bool on = strcmp(value, "true") == 0;
    if (!on && strcmp(value, "false") != 0) return invalid_argument(a->name, "true or false");
    memcpy(place, &on, sizeof on);
    return SC_OK;
  }
  case COUNT:
  case LIMIT:
  case SECONDS: return set_number(a, value, place);
  case SSLACCEPT:
    *strict = strcmp(value, "strict") == 0;
    if (!*strict && strcmp(value, "accept_invalid_certs") != 0)
      return invalid_argument(a->name, "strict or accept_invalid_certs");
    return SC_OK;
  case UNSUPPORTED:
    return sc_fail_as(
        SC_INVALID_ARGUMENT, "P1013",
        "The provided database string is invalid. Argument `%s` is not supported: give the certificate "
        "and its key as PEM files with `sslcert` and `sslkey`.",
        a->name);
  }
  return SC_OK;
}

static const argument *find_argument(str name)
{
  for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
    if (str_eq(name, str_from(arguments[i].name))) return &arguments[i];
  return NULL;
}

static sc_status parse_arguments(arena *mem, str text, sc_url *url)
{
  bool strict = false;
  while (text.len) {
    size_t end = sc_str_find_char(text, '&');
    str pair = str_slice(text, 0, end);
    text = end == SIZE_MAX ? STR_NONE : str_slice(text, end + 1, text.len);
    size_t equals = sc_str_find_char(pair, '=');
    const argument *a = find_argument(str_slice(pair, 0, equals));
    if (!a) continue;
    const char *value = "";
    sc_status s = decode(mem, equals == SIZE_MAX ? STR_NONE : str_slice(pair, equals + 1, pair.len), a->name,
                         true, &value);
    if (s == SC_OK) s = set_argument(a, value, url, &strict);
    if (s != SC_OK) return s;
  }
  if (url->sslcert && !url->sslkey) { /* Prisma's meaning: the certificate to trust */
    if (!url->sslrootcert) url->sslrootcert = url->sslcert;
    url->sslcert = NULL;
  }
  if (strict && url->sslmode && strcmp(url->sslmode, "require") == 0) url->sslmode = "verify-full";
  return SC_OK;
}

/* ---- user, host, port ---- */

static sc_status parse_user(arena *mem, str text, sc_url *url)
{
  size_t colon = sc_str_find_char(text, ':');
  sc_status s = SC_OK;
  if (colon != SIZE_MAX && colon + 1 < text.len)
    s = decode(mem, str_slice(text, colon + 1, text.len), "password", false, &url->password);
  text = str_slice(text, 0, colon);
  if (s == SC_OK && text.len) s = decode(mem, text, "user name", false, &url->user);
  return s;
}

static sc_status parse_port(arena *mem, str text, sc_url *url)
{
  char *port = sc_str_c(mem, text);
  if (!port) return sc_fail_memory();
  int64_t number = whole_number(port, 65535);
  if (number < 1)
    return invalid("Error parsing connection string: invalid port number in database URL. "
                   "Characters such as `/`, `?`, `#`, `@` and `:` in a password must be percent-encoded.");
  url->port = port;
  return SC_OK;
}

static sc_status parse_host(arena *mem, str text, sc_url *url)
{
  size_t colon;
  str host;
  if (str_starts(text, STR("["))) {
    size_t close = sc_str_find_char(text, ']');
    if (close == SIZE_MAX)
      return invalid("Error parsing connection string: an IPv6 address in database URL has no closing `]`.");
    host = str_slice(text, 1, close);
    text = str_slice(text, close + 1, text.len);
    if (text.len && text.ptr[0] != ':')
      return invalid("Error parsing connection string: invalid host in database URL.");
    colon = text.len ? 0 : SIZE_MAX;
  } else {
    colon = sc_str_find_char(text, ':');
    host = str_slice(text, 0, colon);
  }
  sc_status s = SC_OK;
  if (host.len) s = decode(mem, host, "host", false, &url->host);
  if (s == SC_OK && colon != SIZE_MAX && colon + 1 < text.len)
    s = parse_port(mem, str_slice(text, colon + 1, text.len), url);
  return s;
}

static size_t find_last_char(str s, char c)
{
  for (size_t i = s.len; i > 0; i--)
    if (s.ptr[i - 1] == c) return i - 1;
  return SIZE_MAX;
}

static size_t find_any(str s, const char *set)
{
  for (size_t i = 0; i < s.len; i++)
    if (s.ptr[i] && strchr(set, s.ptr[i])) return i;
  return s.len;
}

static sc_url defaults(void)
{
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (processors < 1) processors = 1;
  if (processors > 1024) processors = 1024;
  return (sc_url){
      .schema = "public",
      .connection_limit = (int)processors * 2 + 1,
      .statement_cache_size = 100,
      .pool_timeout_ms = 10000,
      .connect_timeout_ms = 5000,
  };
}

sc_status sc_url_parse(arena *mem, str text, sc_url *url)
{
  *url = defaults();
  text = sc_str_trim(text);
  str rest;
  if (str_starts(text, STR("postgresql://")))
    rest = str_slice(text, 13, text.len);
  else if (str_starts(text, STR("postgres://")))
    rest = str_slice(text, 11, text.len);
  else
    return invalid("The URL must start with the protocol `postgresql://` or `postgres://`.");

  size_t end = find_any(rest, "/?#");
  str authority = str_slice(rest, 0, end);
  rest = str_slice(rest, end, rest.len);
  size_t at = find_last_char(authority, '@');
  sc_status s = SC_OK;
  if (at != SIZE_MAX) s = parse_user(mem, str_slice(authority, 0, at), url);
  if (s == SC_OK)
    s = parse_host(mem, at == SIZE_MAX ? authority : str_slice(authority, at + 1, authority.len), url);

  if (str_starts(rest, STR("/"))) rest = str_slice(rest, 1, rest.len);
  end = find_any(rest, "?#");
  str database = str_slice(rest, 0, end);
  rest = str_slice(rest, end, rest.len);
  if (s == SC_OK)
    s = decode(mem, database.len ? database : STR("postgres"), "database name", false, &url->database);

  if (str_starts(rest, STR("?"))) {
    str query = str_slice(rest, 1, rest.len);
    if (s == SC_OK) s = parse_arguments(mem, str_slice(query, 0, find_any(query, "#")), url);
  }
  if (s != SC_OK) return s;
  if (!url->host || !url->host[0]) url->host = "localhost";
  if (!url->port) url->port = "5432";
  if (!url->schema[0]) url->schema = "public";
  return SC_OK;
}
