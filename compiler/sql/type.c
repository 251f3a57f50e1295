/* Types, as SQL has them and as Prisma names them. */
#include "sql/quote.h"
#include "sql/sql.h"

static void arguments(const sql_type *type, buf *out)
{
  if (type->arg_count == 0) return;
  buf_char(out, '(');
  for (unsigned i = 0; i < type->arg_count; i++) {
    if (i) buf_char(out, ',');
    sc_buf_u64(out, type->args[i]);
  }
  buf_char(out, ')');
}

void sql_type_name(const sql_type *type, buf *out)
{
  if (type->kind == SQL_TYPE_OTHER) BUF_LIT(out, "Unsupported(\"");
  if (type->kind != SQL_TYPE_NATIVE) buf_add(out, type->name);
  if (type->kind == SQL_TYPE_OTHER) BUF_LIT(out, "\")");
  if (type->kind != SQL_TYPE_NATIVE) return;
  buf_add(out, str_from(dm_native_name(type->native)));
  arguments(type, out);
}

void sql_type_render(const sql_type *type, sql_arity arity, buf *out)
{
  switch (type->kind) {
  case SQL_TYPE_NATIVE:
    buf_add(out, str_from(dm_native_sql(type->native)));
    arguments(type, out);
    break;
  case SQL_TYPE_ENUM: sql_name(out, type->schema, type->name); break;
  case SQL_TYPE_OTHER: buf_add(out, type->name); break;
  }
  if (arity == SQL_LIST) BUF_LIT(out, "[]");
}

bool sql_type_quoted(const sql_type *type)
{
  if (type->kind != SQL_TYPE_NATIVE) return true;
  switch (dm_native_scalar(type->native)) {
  case DM_BOOLEAN:
  case DM_INT:
  case DM_BIGINT:
  case DM_FLOAT:
  case DM_DECIMAL: return false;
  case DM_STRING:
  case DM_DATETIME:
  case DM_JSON:
  case DM_BYTES:
  case DM_SCALAR_COUNT: break;
  }
  return true;
}
