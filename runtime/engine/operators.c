#include "engine/operators.h"

#include "engine/held.h"

enum { TEXT_OID = 25 };

/* ---- what the operators write ---- */

static void column(sc_condition *c)
{
  sc_ask_column(c->ask, c->alias, c->field);
}

static void write(sc_condition *c, const char *sql)
{
  sc_ask_text(c->ask, str_from(sql));
}

static void write_compare(sc_condition *c, const sc_operator *op, const void *operand)
{
  if (c->insensitive) ASK_SQL(c->ask, "LOWER(");
  column(c);
  if (c->insensitive) ASK_SQL(c->ask, ")");
  write(c, op->sql);
  if (c->insensitive) ASK_SQL(c->ask, "LOWER(");
  sc_ask_item(c->ask, c->model, c->field, operand);
  if (c->insensitive) ASK_SQL(c->ask, ")");
}

void sc_condition_pattern(sc_condition *c, str before, const char *text, str after)
{
  buf pattern = {.mem = c->ask->mem};
  buf_add(&pattern, before);
  for (const char *at = text; *at; at++) {
    if (*at == '%' || *at == '_' || *at == '\\') buf_char(&pattern, '\\');
    buf_char(&pattern, *at);
  }
  buf_add(&pattern, after);
  const char *value = sc_buf_c(&pattern);
  if (!value) {
    sc_ask_broken(c->ask);
    return;
  }
  sc_ask_param(c->ask, (sc_param){.value = value, .length = (int)pattern.len, .type = TEXT_OID});
}

static void text_column(sc_condition *c)
{
  column(c);
  if (c->field->native != SC_NATIVE_TEXT && c->field->native != SC_NATIVE_VARCHAR) ASK_SQL(c->ask, "::text");
}

/* Equality without regard to case is ILIKE, which trigram indexes serve. */
static void write_equals(sc_condition *c, const sc_operator *op, const void *operand)
{
  if (!c->insensitive) {
    write_compare(c, op, operand);
    return;
  }
  text_column(c);
  sc_ask_text(c->ask, op->sql[1] == '=' ? STR(" ILIKE ") : STR(" NOT ILIKE "));
  sc_condition_pattern(c, STR(""), sc_pointer_at(operand, 0), STR(""));
}

static void write_like(sc_condition *c, const sc_operator *op, const void *operand)
{
  text_column(c);
  sc_ask_text(c->ask, c->insensitive ? STR(" ILIKE ") : STR(" LIKE "));
  /* "%%", "_%" or "%_": where the pattern is open */
  sc_condition_pattern(c, op->sql[0] == '%' ? STR("%") : STR(""), sc_pointer_at(operand, 0),
                       op->sql[1] == '%' ? STR("%") : STR(""));
}

static void write_search(sc_condition *c, const sc_operator *op, const void *operand)
{
  (void)op;
  ASK_SQL(c->ask, "to_tsvector(concat_ws(' ', ");
  column(c);
  ASK_SQL(c->ask, ")) @@ to_tsquery(");
  const char *text = sc_pointer_at(operand, 0);
  sc_ask_param(c->ask, (sc_param){.value = text, .length = (int)strlen(text), .type = TEXT_OID});
  ASK_SQL(c->ask, ")");
}

/* PostgreSQL searches an array operand from end to end for every row that an index does not find: a long one
 * is worth a hash. */
enum { LONG_LIST = 32 };

static void write_in(sc_condition *c, const sc_operator *op, const void *operand)
{
  sc_list list = sc_list_at(operand, 0);
  bool not_in = op->sql[1] == 'N';
  sc_ask_key(c->ask, 'l', list.len == 0 ? 0 : list.len < LONG_LIST ? 1 : 2);
  if (list.len == 0) {
    sc_ask_text(c->ask, not_in ? STR("TRUE") : STR("FALSE"));
    return;
  }
  if (c->insensitive) {
    ASK_SQL(c->ask, "LOWER(");
    column(c);
    write(c,
          not_in ? ") <> ALL (SELECT LOWER(item) FROM unnest(" : ") = ANY (SELECT LOWER(item) FROM unnest(");
    sc_ask_list(c->ask, c->model, c->field, &list);
    ASK_SQL(c->ask, ") AS item)");
    return;
  }
  column(c);
  if (list.len < LONG_LIST) {
    write(c, not_in ? " <> ALL (" : " = ANY (");
    sc_ask_list(c->ask, c->model, c->field, &list);
    ASK_SQL(c->ask, ")");
  } else {
    write(c, not_in ? " NOT IN (SELECT unnest(" : " IN (SELECT unnest(");
    sc_ask_list(c->ask, c->model, c->field, &list);
    ASK_SQL(c->ask, "))");
  }
}

static void write_is(sc_condition *c, const sc_operator *op, const void *operand)
{
  (void)op;
  sc_is is = *(const sc_is *)operand;
  sc_ask_key(c->ask, 'i', (unsigned)is);
  column(c);
  sc_ask_text(c->ask, is == SC_IS_NOT_NULL ? STR(" IS NOT NULL") : STR(" IS NULL"));
}

/* ---- of lists ---- */

/* `has`: the operand is one item, the operator takes a list of it. */
static void write_has(sc_condition *c, const sc_operator *op, const void *operand)
{
  column(c);
  write(c, op->sql);
  sc_ask_array(c->ask, c->model, c->field, operand, sc_held_of(c->field)->size, 1, NULL);
}

static void write_list(sc_condition *c, const sc_operator *op, const void *operand)
{
  sc_list list = sc_list_at(operand, 0);
  column(c);
  write(c, op->sql);
  sc_ask_list(c->ask, c->model, c->field, &list);
}

static void write_empty(sc_condition *c, const sc_operator *op, const void *operand)
{
  (void)op;
  bool empty = ((const sc_bool *)operand)->value;
  sc_ask_key(c->ask, 'e', empty);
  column(c);
  sc_ask_text(c->ask, empty ? STR(" = '{}'") : STR(" <> '{}'"));
}

/* ---- the tables ---- */

enum operator_number {
  EQUALS,
  NOT_EQUALS,
  TEXT_EQUALS,
  TEXT_NOT_EQUALS,
  LT,
  LTE,
  GT,
  GTE,
  CONTAINS,
  STARTS_WITH,
  ENDS_WITH,
  SEARCH,
  IN,
  NOT_IN,
  NOT,
  IS,
  LIST_EQUALS,
  HAS,
  HAS_EVERY,
  HAS_SOME,
  IS_EMPTY,
  JSON_EQUALS,
  JSON_NOT_EQUALS,
  JSON_LT,
  JSON_LTE,
  JSON_GT,
  JSON_GTE,
  STRING_CONTAINS,
  STRING_STARTS_WITH,
  STRING_ENDS_WITH,
  ARRAY_CONTAINS,
  ARRAY_STARTS_WITH,
  ARRAY_ENDS_WITH,
  JSON_IS,
};

const sc_operator sc_operators[] = {
    [EQUALS] = {SC_OPERAND_ITEM, " = ", write_compare},
    [NOT_EQUALS] = {SC_OPERAND_ITEM, " <> ", write_compare},
    [TEXT_EQUALS] = {SC_OPERAND_ITEM, " = ", write_equals},
    [TEXT_NOT_EQUALS] = {SC_OPERAND_ITEM, " <> ", write_equals},
    [LT] = {SC_OPERAND_ITEM, " < ", write_compare},
    [LTE] = {SC_OPERAND_ITEM, " <= ", write_compare},
    [GT] = {SC_OPERAND_ITEM, " > ", write_compare},
    [GTE] = {SC_OPERAND_ITEM, " >= ", write_compare},
    [CONTAINS] = {SC_OPERAND_TEXT, "%%", write_like},
    [STARTS_WITH] = {SC_OPERAND_TEXT, "_%", write_like},
    [ENDS_WITH] = {SC_OPERAND_TEXT, "%_", write_like},
    [SEARCH] = {SC_OPERAND_TEXT, NULL, write_search},
    [IN] = {SC_OPERAND_LIST, " IN ", write_in},
    [NOT_IN] = {SC_OPERAND_LIST, " NOT IN ", write_in},
    [NOT] = {SC_OPERAND_NOT, NULL, NULL},
    [IS] = {SC_OPERAND_IS, NULL, write_is},
    [LIST_EQUALS] = {SC_OPERAND_LIST, " = ", write_list},
    [HAS] = {SC_OPERAND_ITEM, " @> ", write_has},
    [HAS_EVERY] = {SC_OPERAND_LIST, " @> ", write_list},
    [HAS_SOME] = {SC_OPERAND_LIST, " && ", write_list},
    [IS_EMPTY] = {SC_OPERAND_BOOL, NULL, write_empty},
    [JSON_EQUALS] = {SC_OPERAND_ITEM, " = ", sc_json_compare},
    [JSON_NOT_EQUALS] = {SC_OPERAND_ITEM, " <> ", sc_json_compare},
    [JSON_LT] = {SC_OPERAND_ITEM, " < ", sc_json_order},
    [JSON_LTE] = {SC_OPERAND_ITEM, " <= ", sc_json_order},
    [JSON_GT] = {SC_OPERAND_ITEM, " > ", sc_json_order},
    [JSON_GTE] = {SC_OPERAND_ITEM, " >= ", sc_json_order},
    [STRING_CONTAINS] = {SC_OPERAND_TEXT, "%%", sc_json_text},
    [STRING_STARTS_WITH] = {SC_OPERAND_TEXT, "_%", sc_json_text},
    [STRING_ENDS_WITH] = {SC_OPERAND_TEXT, "%_", sc_json_text},
    [ARRAY_CONTAINS] = {SC_OPERAND_ITEM, " @> ", sc_json_array},
    [ARRAY_STARTS_WITH] = {SC_OPERAND_ITEM, " -> 0 = ", sc_json_array},
    [ARRAY_ENDS_WITH] = {SC_OPERAND_ITEM, " -> -1 = ", sc_json_array},
    [JSON_IS] = {SC_OPERAND_IS, NULL, sc_json_is},
};

/* clang-format off */
#define AT(T, member, op) {offsetof(T, member), op}
/* clang-format on */
#define EQUAL(T) AT(T, equals, EQUALS), AT(T, not_equals, NOT_EQUALS)
#define ORDER(T) AT(T, lt, LT), AT(T, lte, LTE), AT(T, gt, GT), AT(T, gte, GTE)
#define LISTS(T) AT(T, in, IN), AT(T, not_in, NOT_IN)
#define REST(T)  AT(T, not_, NOT), AT(T, is, IS)
#define ITEMS(T)                                                                                             \
  AT(T, equals, LIST_EQUALS), AT(T, has_every, HAS_EVERY), AT(T, has_some, HAS_SOME), AT(T, has, HAS),       \
      AT(T, is_empty, IS_EMPTY), AT(T, is, IS)

#define TABLE(name, ...) static const sc_filter_member name[] = {__VA_ARGS__}

TABLE(string_members, AT(sc_string_filter, equals, TEXT_EQUALS),
      AT(sc_string_filter, not_equals, TEXT_NOT_EQUALS), ORDER(sc_string_filter),
      AT(sc_string_filter, contains, CONTAINS), AT(sc_string_filter, starts_with, STARTS_WITH),
      AT(sc_string_filter, ends_with, ENDS_WITH), AT(sc_string_filter, search, SEARCH),
      LISTS(sc_string_filter), REST(sc_string_filter));
TABLE(uuid_members, EQUAL(sc_uuid_filter), ORDER(sc_uuid_filter), LISTS(sc_uuid_filter),
      REST(sc_uuid_filter));
TABLE(bool_members, EQUAL(sc_bool_filter), REST(sc_bool_filter));
TABLE(int_members, EQUAL(sc_int_filter), ORDER(sc_int_filter), LISTS(sc_int_filter), REST(sc_int_filter));
TABLE(bigint_members, EQUAL(sc_bigint_filter), ORDER(sc_bigint_filter), LISTS(sc_bigint_filter),
      REST(sc_bigint_filter));
TABLE(float_members, EQUAL(sc_float_filter), ORDER(sc_float_filter), LISTS(sc_float_filter),
      REST(sc_float_filter));
TABLE(decimal_members, EQUAL(sc_decimal_filter), ORDER(sc_decimal_filter), LISTS(sc_decimal_filter),
      REST(sc_decimal_filter));
TABLE(time_members, EQUAL(sc_time_filter), ORDER(sc_time_filter), LISTS(sc_time_filter),
      REST(sc_time_filter));
TABLE(bytes_members, EQUAL(sc_bytes_filter), LISTS(sc_bytes_filter), REST(sc_bytes_filter));
TABLE(enum_members, EQUAL(sc_enum_filter), LISTS(sc_enum_filter), REST(sc_enum_filter));
TABLE(json_members, AT(sc_json_filter, equals, JSON_EQUALS), AT(sc_json_filter, not_equals, JSON_NOT_EQUALS),
      AT(sc_json_filter, lt, JSON_LT), AT(sc_json_filter, lte, JSON_LTE), AT(sc_json_filter, gt, JSON_GT),
      AT(sc_json_filter, gte, JSON_GTE), AT(sc_json_filter, string_contains, STRING_CONTAINS),
      AT(sc_json_filter, string_starts_with, STRING_STARTS_WITH),
      AT(sc_json_filter, string_ends_with, STRING_ENDS_WITH),
      AT(sc_json_filter, array_contains, ARRAY_CONTAINS),
      AT(sc_json_filter, array_starts_with, ARRAY_STARTS_WITH),
      AT(sc_json_filter, array_ends_with, ARRAY_ENDS_WITH), AT(sc_json_filter, is, JSON_IS));

TABLE(string_list_members, ITEMS(sc_string_list_filter));
TABLE(bool_list_members, ITEMS(sc_bool_list_filter));
TABLE(int_list_members, ITEMS(sc_int_list_filter));
TABLE(bigint_list_members, ITEMS(sc_bigint_list_filter));
TABLE(float_list_members, ITEMS(sc_float_list_filter));
TABLE(decimal_list_members, ITEMS(sc_decimal_list_filter));
TABLE(time_list_members, ITEMS(sc_time_list_filter));
TABLE(json_list_members, ITEMS(sc_json_list_filter));
TABLE(bytes_list_members, ITEMS(sc_bytes_list_filter));
TABLE(enum_list_members, ITEMS(sc_enum_list_filter));

#define FILTER(name)                                                                                         \
  {                                                                                                          \
    name##_members, sizeof name##_members / sizeof *name##_members, 0, SC_NO_PATH                            \
  }

static const sc_filter uuid_filter = FILTER(uuid);

/* By sc_type: of one value, and of a list. */
static const sc_filter filters[][2] = {
    [SC_TYPE_STRING] = {{string_members, sizeof string_members / sizeof *string_members,
                         offsetof(sc_string_filter, insensitive), SC_NO_PATH},
                        FILTER(string_list)},
    [SC_TYPE_BOOLEAN] = {FILTER(bool), FILTER(bool_list)},
    [SC_TYPE_INT] = {FILTER(int), FILTER(int_list)},
    [SC_TYPE_BIGINT] = {FILTER(bigint), FILTER(bigint_list)},
    [SC_TYPE_FLOAT] = {FILTER(float), FILTER(float_list)},
    [SC_TYPE_DECIMAL] = {FILTER(decimal), FILTER(decimal_list)},
    [SC_TYPE_DATETIME] = {FILTER(time), FILTER(time_list)},
    [SC_TYPE_JSON] = {{json_members, sizeof json_members / sizeof *json_members,
                       offsetof(sc_json_filter, insensitive), offsetof(sc_json_filter, path)},
                      FILTER(json_list)},
    [SC_TYPE_BYTES] = {FILTER(bytes), FILTER(bytes_list)},
    [SC_TYPE_ENUM] = {FILTER(enum), FILTER(enum_list)},
};

const sc_filter *sc_filter_of(const sc_field *field)
{
  bool list = (field->flags & SC_FIELD_LIST) != 0;
  return field->native == SC_NATIVE_UUID && !list ? &uuid_filter : &filters[field->type][list];
}
