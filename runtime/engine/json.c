/* Filters of JSON. The operand is compared as jsonb, whatever the column is. */
#include "engine/held.h"
#include "engine/operators.h"

enum { JSONB_OID = 3802, TEXT_ARRAY_OID = 1009 };

/* The path as text[]: one parameter, however often it is used. */
static void write_path(sc_condition *c)
{
  if (c->path_param == SIZE_MAX) {
    static const sc_field text = {.name = "path", .type = SC_TYPE_STRING, .native = SC_NATIVE_TEXT};
    c->path_param = c->ask->params.len;
    sc_ask_list(c->ask, c->model, &text, &c->path);
  } else {
    sc_ask_mark(c->ask, c->path_param);
  }
}

/* What the path leads to, as jsonb; NULL where it leads nowhere. */
static void write_target(sc_condition *c)
{
  ASK_SQL(c->ask, "(");
  sc_ask_column(c->ask, c->alias, c->field);
  if (c->field->native == SC_NATIVE_JSON) ASK_SQL(c->ask, "::jsonb");
  if (c->path.len) {
    ASK_SQL(c->ask, " #> ");
    write_path(c);
  }
  ASK_SQL(c->ask, ")");
}

static void write_operand(sc_condition *c, const void *operand)
{
  sc_json json;
  memcpy(&json, operand, sizeof json);
  sc_ask_param(c->ask, (sc_param){.value = json.text, .length = (int)json.len, .type = JSONB_OID});
}

void sc_json_compare(sc_condition *c, const sc_operator *op, const void *operand)
{
  write_target(c);
  sc_ask_text(c->ask, str_from(op->sql));
  write_operand(c, operand);
}

/* Only values of the operand's own type are before or behind it. */
void sc_json_order(sc_condition *c, const sc_operator *op, const void *operand)
{
  ASK_SQL(c->ask, "(");
  sc_json_compare(c, op, operand);
  size_t number = c->ask->params.len - 1;
  ASK_SQL(c->ask, " AND jsonb_typeof");
  write_target(c);
  ASK_SQL(c->ask, " = jsonb_typeof(");
  sc_ask_mark(c->ask, number);
  ASK_SQL(c->ask, "))");
}

void sc_json_text(sc_condition *c, const sc_operator *op, const void *operand)
{
  ASK_SQL(c->ask, "(");
  write_target(c);
  sc_ask_text(c->ask, c->insensitive ? STR(" #>> '{}' ILIKE ") : STR(" #>> '{}' LIKE "));
  sc_condition_pattern(c, op->sql[0] == '%' ? STR("%") : STR(""), sc_pointer_at(operand, 0),
                       op->sql[1] == '%' ? STR("%") : STR(""));
  ASK_SQL(c->ask, " AND jsonb_typeof");
  write_target(c);
  ASK_SQL(c->ask, " = 'string')");
}

void sc_json_array(sc_condition *c, const sc_operator *op, const void *operand)
{
  ASK_SQL(c->ask, "(");
  sc_json_compare(c, op, operand);
  ASK_SQL(c->ask, " AND jsonb_typeof");
  write_target(c);
  ASK_SQL(c->ask, " = 'array')");
}

void sc_json_is(sc_condition *c, const sc_operator *op, const void *operand)
{
  (void)op;
  sc_is is = *(const sc_is *)operand;
  sc_ask_key(c->ask, 'i', (unsigned)is);
  if (is == SC_IS_ANY_NULL) {
    ASK_SQL(c->ask, "(");
    write_target(c);
    ASK_SQL(c->ask, " = 'null' OR ");
  }
  write_target(c);
  sc_ask_text(c->ask, is == SC_IS_NOT_NULL ? STR(" IS NOT NULL") : STR(" IS NULL"));
  if (is == SC_IS_ANY_NULL) ASK_SQL(c->ask, ")");
}
