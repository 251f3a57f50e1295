/* Values: strings of the schema, and defaults. */
#include "sql/raise_inside.h"

void raise_string(str text, buf *out)
{
  buf_char(out, '"');
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c == '"' || c == '\\') buf_char(out, '\\');
    if (c == '\n')
      BUF_LIT(out, "\\n");
    else if (c == '\r')
      BUF_LIT(out, "\\r");
    else if (c == '\t')
      BUF_LIT(out, "\\t");
    else if ((unsigned char)c < 0x20)
      sc_buf_format(out, "\\u%04x", (unsigned)c);
    else
      buf_char(out, c);
  }
  buf_char(out, '"');
}

/* ---- literals ---- */

/* As the schema writes numbers: no exponent, nothing in front but a minus. */
static bool is_number(str text, bool whole)
{
  size_t at = text.len && text.ptr[0] == '-' ? 1 : 0, digits = 0, points = 0;
  for (; at < text.len; at++) {
    char c = text.ptr[at];
    if (c >= '0' && c <= '9')
      digits++;
    else if (c == '.' && !whole && digits && !points && at + 1 < text.len)
      points++;
    else
      return false;
  }
  return digits > 0;
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \x68656c6c6f as base64; false for bytes that PostgreSQL has written otherwise. */
static bool add_bytes(str text, buf *out)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (!str_starts(text, STR("\\x")) || text.len % 2) return false;
  for (size_t i = 2; i < text.len; i++)
    if (hex_digit(text.ptr[i]) < 0) return false;
  buf_char(out, '"');
  for (size_t i = 2; i < text.len; i += 6) {
    unsigned group = 0, bytes = 0;
    for (size_t j = i; j < i + 6; j += 2) {
      group <<= 8;
      if (j >= text.len) continue;
      group |= (unsigned)(hex_digit(text.ptr[j]) << 4 | hex_digit(text.ptr[j + 1]));
      bytes++;
    }
    for (unsigned j = 0; j < 4; j++) buf_char(out, j <= bytes ? digits[group >> (18 - 6 * j) & 63] : '=');
  }
  buf_char(out, '"');
  return true;
}

static bool add_enum_value(const raiser *r, const sql_type *type, str text, buf *out)
{
  const raise_enum *enum_ = raise_find_enum(r, type->schema, type->name);
  for (size_t i = 0; enum_ && i < enum_->type->value_count; i++)
    if (str_eq(enum_->type->values[i], text)) {
      buf_add(out, enum_->values.items[i]);
      return true;
    }
  return false;
}

static bool add_string(const sql_type *type, str text, buf *out)
{
  if (type->native == DM_NATIVE_UUID) return false; /* Prisma leaves these to the database */
  raise_string(text, out);
  return true;
}

static bool add_plain(bool usable, str text, buf *out)
{
  if (usable) buf_add(out, text);
  return usable;
}

/* One value; false when the schema has no such literal. */
static bool add_literal(const raiser *r, const sql_type *type, str text, buf *out)
{
  if (type->kind == SQL_TYPE_ENUM) return add_enum_value(r, type, text, out);
  if (type->kind == SQL_TYPE_OTHER) return false;
  switch (dm_native_scalar(type->native)) {
  case DM_STRING: return add_string(type, text, out);
  case DM_JSON: raise_string(text, out); return true;
  case DM_BYTES: return add_bytes(text, out);
  case DM_INT:
  case DM_BIGINT: return add_plain(is_number(text, true), text, out);
  case DM_FLOAT:
  case DM_DECIMAL: return add_plain(is_number(text, false), text, out);
  case DM_BOOLEAN: {
    bool yes = str_eq(text, STR("true")) || str_eq(text, STR("t"));
    buf_add(out, yes ? STR("true") : STR("false"));
    return true;
  }
  case DM_DATETIME:
  case DM_SCALAR_COUNT: break;
  }
  return false;
}

static bool add_list(const raiser *r, const sql_column *column, buf *out)
{
  buf_char(out, '[');
  for (size_t i = 0; i < column->default_.len; i++) {
    if (i) BUF_LIT(out, ", ");
    if (!add_literal(r, &column->type, column->default_.items[i], out)) return false;
  }
  buf_char(out, ']');
  return true;
}

/* ---- defaults ---- */

static void add_expression(str sql, buf *out)
{
  if (!sql.len) return;
  BUF_LIT(out, "dbgenerated(");
  raise_string(sql, out);
  buf_char(out, ')');
}

void raise_default(const raiser *r, const sql_column *column, buf *out)
{
  const sql_default *value = &column->default_;
  buf literal = {.mem = r->mem};
  switch (value->kind) {
  case SQL_DEFAULT_NONE: break;
  case SQL_DEFAULT_NOW: BUF_LIT(out, "now()"); return;
  case SQL_DEFAULT_SEQUENCE: BUF_LIT(out, "autoincrement()"); return;
  case SQL_DEFAULT_EXPRESSION: add_expression(value->text, out); return;
  case SQL_DEFAULT_LITERAL:
  case SQL_DEFAULT_LIST: {
    bool said = value->kind == SQL_DEFAULT_LIST ? add_list(r, column, &literal)
                                                : add_literal(r, &column->type, value->text, &literal);
    if (said)
      buf_add(out, buf_str(&literal));
    else
      add_expression(value->raw, out);
    break;
  }
  }
}
