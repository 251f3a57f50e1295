/* The parts of a connection string that texts name. The connection itself is the runtime's business. */
#include "migrate/migrate.h"

/* Where the parts of postgresql://authority/path?query stand. */
typedef struct url_parts url_parts;
struct url_parts {
  str head; /* with the scheme and the authority */
  str authority, path, query;
};

static bool split(str url, url_parts *out)
{
  size_t scheme = str_starts(url, STR("postgresql://")) ? 13 : str_starts(url, STR("postgres://")) ? 11 : 0;
  if (scheme == 0) return false;
  size_t query = sc_str_find_char(url, '?');
  if (query == SIZE_MAX) query = url.len;
  str before = str_slice(url, 0, query);
  /* A password may hold a slash only as %2F, so the first one behind the scheme ends the authority. */
  size_t slash = sc_str_find_char(str_slice(before, scheme, before.len), '/');
  size_t path = slash == SIZE_MAX ? before.len : scheme + slash;
  *out = (url_parts){
      .head = str_slice(before, 0, path),
      .authority = str_slice(before, scheme, path),
      .path = str_slice(before, path < before.len ? path + 1 : path, before.len),
      .query = str_slice(url, query < url.len ? query + 1 : query, url.len),
  };
  return true;
}

static int hex(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static str decoded(arena *mem, str text)
{
  buf out = {.mem = mem};
  for (size_t i = 0; i < text.len; i++) {
    bool escape =
        text.ptr[i] == '%' && i + 2 < text.len && hex(text.ptr[i + 1]) >= 0 && hex(text.ptr[i + 2]) >= 0;
    buf_char(&out, escape ? (char)(hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2])) : text.ptr[i]);
    if (escape) i += 2;
  }
  return buf_str(&out);
}

static str argument(arena *mem, str query, str name)
{
  while (query.len) {
    size_t end = sc_str_find_char(query, '&');
    str entry = str_slice(query, 0, end == SIZE_MAX ? query.len : end);
    query = end == SIZE_MAX ? STR_NONE : str_slice(query, end + 1, query.len);
    size_t equals = sc_str_find_char(entry, '=');
    if (equals != SIZE_MAX && str_eq(str_slice(entry, 0, equals), name))
      return decoded(mem, str_slice(entry, equals + 1, entry.len));
  }
  return STR_NONE;
}

static void read_authority(arena *mem, str authority, migrate_url *out)
{
  size_t at = SIZE_MAX;
  for (size_t i = 0; i < authority.len; i++)
    if (authority.ptr[i] == '@') at = i;
  str host = at == SIZE_MAX ? authority : str_slice(authority, at + 1, authority.len);
  if (at != SIZE_MAX) {
    str login = str_slice(authority, 0, at);
    size_t colon = sc_str_find_char(login, ':');
    out->user = decoded(mem, str_slice(login, 0, colon));
  }
  size_t colon = SIZE_MAX;
  for (size_t i = 0; i < host.len && host.ptr[i] != ']'; i++)
    if (host.ptr[i] == ':' && host.ptr[0] != '[') colon = i;
  if (host.len && host.ptr[0] == '[') {
    size_t close = sc_str_find_char(host, ']');
    if (close != SIZE_MAX && close + 1 < host.len && host.ptr[close + 1] == ':') colon = close + 1;
  }
  out->host = decoded(mem, str_slice(host, 0, colon));
  if (colon != SIZE_MAX) out->port = str_slice(host, colon + 1, host.len);
}

bool migrate_url_read(arena *mem, str url, migrate_url *out)
{
  url_parts parts;
  *out = (migrate_url){0};
  if (!split(url, &parts)) return false;
  read_authority(mem, parts.authority, out);
  out->database = decoded(mem, parts.path);
  str folder = argument(mem, parts.query, STR("host"));
  if (folder.len) out->host = folder;
  if (out->host.len == 0) out->host = STR("localhost");
  if (out->port.len == 0) out->port = STR("5432");
  out->schema = argument(mem, parts.query, STR("schema"));
  out->schema_given = out->schema.len > 0;
  if (!out->schema_given) out->schema = STR("public");
  return true;
}

str migrate_url_with_database(arena *mem, str url, str database)
{
  url_parts parts;
  if (!split(url, &parts)) return url;
  buf out = {.mem = mem};
  buf_add(&out, parts.head);
  buf_char(&out, '/');
  for (size_t i = 0; i < database.len; i++) {
    char c = database.ptr[i];
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (plain)
      buf_char(&out, c);
    else
      sc_buf_format(&out, "%%%02X", (unsigned)(unsigned char)c);
  }
  if (parts.query.len) buf_char(&out, '?');
  buf_add(&out, parts.query);
  return buf_str(&out);
}
