/* The operators of scalar filters: one table for each filter struct of <schemac/value.h>, one row for each
 * operator. */
#ifndef ENGINE_OPERATORS_H
#define ENGINE_OPERATORS_H

#include "engine/ask.h"

/* A condition on one field while it is written. */
typedef struct sc_condition sc_condition;
struct sc_condition {
  sc_ask *ask;
  const sc_model *model;
  const sc_field *field;
  unsigned alias;
  bool insensitive;  /* strings: in any case */
  bool negated;      /* inside `not_`: each operator by itself */
  sc_list path;      /* JSON: where to look, empty for the whole */
  size_t path_param; /* JSON: the number of the path's parameter, SIZE_MAX before it has one */
};

typedef enum sc_operand {
  SC_OPERAND_ITEM, /* a value of the field's type, as Create holds it */
  SC_OPERAND_TEXT, /* const char * */
  SC_OPERAND_LIST, /* a list of plain values of the field's type */
  SC_OPERAND_BOOL, /* sc_bool */
  SC_OPERAND_IS,   /* sc_is */
  SC_OPERAND_NOT,  /* a pointer to another filter of the same struct */
} sc_operand;

typedef struct sc_operator sc_operator;
struct sc_operator {
  uint8_t operand; /* sc_operand */
  const char *sql;
  /* Writes the condition; `operand` points to the member. NULL for SC_OPERAND_NOT. */
  void (*write)(sc_condition *condition, const sc_operator *op, const void *operand);
};

/* A member of a filter struct. */
typedef struct sc_filter_member sc_filter_member;
struct sc_filter_member {
  uint16_t offset;
  uint16_t op; /* index in sc_operators */
};

typedef struct sc_filter sc_filter;
struct sc_filter {
  const sc_filter_member *members;
  uint16_t count;
  uint16_t insensitive; /* offset of the bool; 0: has none */
  uint16_t path;        /* SC_NO_PATH, or the offset of JSON's path */
};
enum { SC_NO_PATH = UINT16_MAX };

extern const sc_operator sc_operators[];
/* The filter struct of a field. */
const sc_filter *sc_filter_of(const sc_field *field);

/* JSON's operators, in json.c. */
void sc_json_compare(sc_condition *condition, const sc_operator *op, const void *operand);
void sc_json_order(sc_condition *condition, const sc_operator *op, const void *operand);
void sc_json_text(sc_condition *condition, const sc_operator *op, const void *operand);
void sc_json_array(sc_condition *condition, const sc_operator *op, const void *operand);
void sc_json_is(sc_condition *condition, const sc_operator *op, const void *operand);

/* The parameter of a LIKE: `text` with %, _ and \ escaped, between `before` and `after`. */
void sc_condition_pattern(sc_condition *condition, str before, const char *text, str after);

#endif
