#include "engine/filter.h"

#include "engine/held.h"
#include "engine/operators.h"
#include "engine/relation.h"

/* ---- parts that must all hold ---- */

/* "(a AND b)": the bracket opens with the first part. */
static void part(sc_ask *ask, bool *any)
{
  sc_ask_text(ask, *any ? STR(" AND ") : STR("("));
  *any = true;
}

/* Where an attempt began, to take it back when it turns out to ask nothing. */
typedef struct place {
  size_t key, sql;
} place;

static place here(const sc_ask *ask)
{
  return (place){ask->key.len, ask->sql ? ask->sql->len : 0};
}

static void back_to(sc_ask *ask, place p)
{
  ask->key.len = p.key;
  if (ask->sql) ask->sql->len = p.sql;
}

/* ---- one field ---- */

static bool operand_given(const sc_condition *c, sc_operand kind, const void *operand)
{
  sc_list list;
  switch (kind) {
  case SC_OPERAND_ITEM: return sc_given_item(c->ask, c->model, c->field, operand) == SC_GIVEN;
  case SC_OPERAND_TEXT:
  case SC_OPERAND_NOT:
    return sc_given_pointer(c->ask, c->model, c->field->name, sc_pointer_at(operand, 0)) == SC_GIVEN;
  case SC_OPERAND_LIST:
    list = sc_list_at(operand, 0);
    return sc_given_list(c->ask, c->model, c->field->name, &list) == SC_GIVEN;
  case SC_OPERAND_BOOL: return ((const sc_bool *)operand)->given;
  case SC_OPERAND_IS: return *(const sc_is *)operand != 0;
  }
  return false;
}

static bool enter(sc_ask *ask, const sc_model *model, const char *name)
{
  if (++ask->depth <= SC_ASK_DEPTH) return true;
  sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, name, "The query is nested deeper than %d levels.",
              SC_ASK_DEPTH);
  return false;
}

static bool field_condition(sc_condition *c, const char *filter, bool *any);

/* `not_` means that none of its operators holds: {not_: {gt: 5, lt: 10}} is NOT > 5 AND NOT < 10, as in
 * Prisma. */
static bool negated(sc_condition *c, const void *operand, bool *any)
{
  place before = here(c->ask);
  bool asked = false;
  sc_condition nested = *c;
  nested.negated = !c->negated;
  sc_ask_key(c->ask, '!', 0);
  if (enter(c->ask, c->model, c->field->name))
    asked = field_condition(&nested, sc_pointer_at(operand, 0), any);
  c->ask->depth--;
  sc_ask_key(c->ask, ')', 0);
  if (!asked) back_to(c->ask, before);
  return asked;
}

/* The parts of one filter struct, without the closing bracket; true when there are any. */
static bool field_condition(sc_condition *c, const char *filter, bool *any)
{
  const sc_filter *table = sc_filter_of(c->field);
  if (table->insensitive && *(const bool *)(filter + table->insensitive)) c->insensitive = true;
  if (table->path != SC_NO_PATH) {
    c->path = sc_list_at(filter, table->path);
    if (sc_given_list(c->ask, c->model, c->field->name, &c->path) != SC_GIVEN) c->path.len = 0;
    c->path_param = SIZE_MAX;
  }
  unsigned flags = (c->insensitive ? 1u : 0u) | (c->path.len ? 2u : 0u);
  bool asked = false;
  for (unsigned i = 0; i < table->count; i++) {
    const sc_operator *op = &sc_operators[table->members[i].op];
    const char *operand = filter + table->members[i].offset;
    if (!operand_given(c, (sc_operand)op->operand, operand)) continue;
    if (op->operand == SC_OPERAND_NOT) {
      asked |= negated(c, operand, any);
      continue;
    }
    part(c->ask, any);
    if (c->negated) ASK_SQL(c->ask, "NOT ");
    sc_ask_key(c->ask, 'o', table->members[i].op | flags << 8);
    op->write(c, op, operand);
    asked = true;
  }
  return asked;
}

static void scalar(sc_ask *ask, const sc_model *model, unsigned alias, const sc_field *field,
                   const char *filter, bool *any)
{
  place before = here(ask);
  sc_condition c = {.ask = ask, .model = model, .field = field, .alias = alias};
  sc_ask_key(ask, 'f', (unsigned)(field - model->fields));
  if (!field_condition(&c, filter, any)) back_to(ask, before);
}

/* ---- relations ---- */

typedef enum quantifier {
  SOME,
  EVERY,
  NONE,
  IS,
  IS_NOT,
} quantifier;

/* SQL knows true, false and unknown; EXISTS only the first two. Prisma compares a to-one relation by a join,
 * which keeps the third: below a NOT, `is` must therefore hold unless its condition is false, so that NOT of
 * an unknown one does not find the record; and `is_not` the other way round. */
static bool unless_false(const sc_ask *ask, quantifier which)
{
  return (which == IS && ask->negative) || (which == IS_NOT && !ask->negative);
}

static void related(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                    quantifier which, const void *where)
{
  sc_ask_key(ask, 'q', which);
  unsigned other = ask->aliases;
  ask->aliases += 2;
  bool exists = which == SOME || which == IS, negative = ask->negative, unless = unless_false(ask, which);
  sc_ask_text(ask, exists ? STR("EXISTS (SELECT 1 FROM ") : STR("NOT EXISTS (SELECT 1 FROM "));
  sc_ask_related(ask, model, relation, alias, other, other + 1);
  place before = here(ask);
  sc_ask_text(ask, which == EVERY ? STR(" AND NOT ") : STR(" AND "));
  ask->negative = which == EVERY || unless;
  if (sc_ask_where(ask, relation->target, other, where)) {
    if (unless) ASK_SQL(ask, " IS NOT FALSE");
  } else {
    back_to(ask, before);
    if (which == EVERY) ASK_SQL(ask, " AND FALSE");
  }
  ask->negative = negative;
  sc_ask_key(ask, ')', 0);
  ASK_SQL(ask, ")");
}

static void quantified(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                       quantifier which, const void *where, bool *any)
{
  if (sc_given_pointer(ask, model, relation->name, where) != SC_GIVEN) return;
  part(ask, any);
  sc_ask_key(ask, 'r', (unsigned)(relation - model->relations));
  related(ask, model, relation, alias, which, where);
}

/* Whether a to-one relation leads to a record at all: where the key is here, its columns say so. */
static void presence(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                     sc_is is)
{
  bool present = is == SC_IS_NOT_NULL;
  sc_ask_key(ask, 'p', (unsigned)(relation - model->relations) << 1 | present);
  if (relation->kind != SC_TO_ONE) {
    related(ask, model, relation, alias, present ? SOME : NONE, NULL);
    return;
  }
  ASK_SQL(ask, "(");
  for (unsigned i = 0; i < relation->key_count; i++) {
    if (i) sc_ask_text(ask, present ? STR(" AND ") : STR(" OR "));
    sc_ask_column(ask, alias, &model->fields[relation->here[i]]);
    sc_ask_text(ask, present ? STR(" IS NOT NULL") : STR(" IS NULL"));
  }
  ASK_SQL(ask, ")");
}

typedef struct to_one_filter {
  const void *is, *is_not;
  sc_is null;
} to_one_filter;

typedef struct to_many_filter {
  const void *some, *every, *none;
} to_many_filter;

static void relation_condition(sc_ask *ask, const sc_model *model, unsigned alias,
                               const sc_relation *relation, const char *filter, bool *any)
{
  if (relation->kind == SC_TO_ONE || relation->kind == SC_TO_ONE_BACK) {
    to_one_filter one;
    memcpy(&one, filter, sizeof one);
    quantified(ask, model, relation, alias, IS, one.is, any);
    quantified(ask, model, relation, alias, IS_NOT, one.is_not, any);
    if (!one.null) return;
    part(ask, any);
    presence(ask, model, relation, alias, one.null);
  } else {
    to_many_filter many;
    memcpy(&many, filter, sizeof many);
    quantified(ask, model, relation, alias, SOME, many.some, any);
    quantified(ask, model, relation, alias, EVERY, many.every, any);
    quantified(ask, model, relation, alias, NONE, many.none, any);
  }
}

/* ---- AND, OR, NOT ---- */

typedef enum logic { AND, OR, NOT } logic;

static void conditions(sc_ask *ask, const sc_model *model, unsigned alias, logic which, const sc_list *list,
                       bool *any)
{
  static const str first[] = {STR_INIT(""), STR_INIT("("), STR_INIT("NOT ")};
  static const char *const names[] = {"AND", "OR", "NOT"};
  if (sc_given_list(ask, model, names[which], list) != SC_GIVEN) return;
  bool some = false, negative = ask->negative;
  ask->negative = negative != (which == NOT);
  for (size_t i = 0; i < list->len && ask->status == SC_OK; i++) {
    place before = here(ask);
    bool had = *any;
    sc_ask_key(ask, 'l', which);
    if (which == OR && some)
      ASK_SQL(ask, " OR ");
    else {
      part(ask, any);
      sc_ask_text(ask, first[which]);
    }
    if (sc_ask_where(ask, model, alias, (const char *)list->items + i * model->where_size)) {
      some = true;
    } else {
      back_to(ask, before);
      *any = had;
    }
  }
  ask->negative = negative;
  if (which != OR) return;
  if (some) {
    sc_ask_key(ask, ')', OR);
    ASK_SQL(ask, ")");
  } else {
    part(ask, any);
    sc_ask_key(ask, '0', 0);
    ASK_SQL(ask, "FALSE");
  }
}

static void logic_at(sc_ask *ask, const sc_model *model, unsigned alias, const char *lists, bool *any)
{
  for (unsigned which = AND; which <= NOT; which++) {
    sc_list list = sc_list_at(lists, which * sizeof list);
    conditions(ask, model, alias, (logic)which, &list, any);
  }
}

/* ---- Where ---- */

/* The member that begins at or before an offset: offsets ascend, scalars first, then relations. */
static unsigned member_at(const sc_model *model, size_t offset)
{
  unsigned low = 0, high = (unsigned)model->field_count + model->relation_count;
  while (high - low > 1) {
    unsigned middle = (low + high) / 2;
    uint32_t begins = middle < model->field_count ? model->fields[middle].where
                                                  : model->relations[middle - model->field_count].where;
    if (begins <= offset)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static uint32_t member_end(const sc_model *model, unsigned member)
{
  unsigned next = member + 1, fields = model->field_count;
  if (next < fields) return model->fields[next].where;
  return next - fields < model->relation_count ? model->relations[next - fields].where : model->where_logic;
}

bool sc_ask_where(sc_ask *ask, const sc_model *model, unsigned alias, const void *where)
{
  if (!where || !enter(ask, model, "where")) return false;
  const char *from = where, *at = from, *end = from + model->where_logic;
  bool any = false;
  while ((at = sc_skip_zeros(at, end)) < end && ask->status == SC_OK) {
    unsigned member = member_at(model, (size_t)(at - from));
    if (member < model->field_count) {
      const sc_field *field = &model->fields[member];
      scalar(ask, model, alias, field, from + field->where, &any);
    } else {
      const sc_relation *relation = &model->relations[member - model->field_count];
      relation_condition(ask, model, alias, relation, from + relation->where, &any);
    }
    at = from + member_end(model, member);
  }
  logic_at(ask, model, alias, end, &any);
  if (any) {
    sc_ask_key(ask, ')', 0);
    ASK_SQL(ask, ")");
  }
  ask->depth--;
  return any;
}

/* ---- WhereUnique ---- */

/* How many of a criterion's values are given. */
static unsigned parts_given(sc_ask *ask, const sc_model *model, const sc_unique *unique, const char *where)
{
  unsigned given = 0;
  for (unsigned i = 0; i < unique->field_count; i++)
    given +=
        sc_ask_given(ask, model, &model->fields[unique->fields[i]], where + unique->offsets[i]) == SC_GIVEN;
  return given;
}

static bool criterion(sc_ask *ask, const sc_model *model, unsigned alias, const sc_unique *unique,
                      const char *where, bool *any)
{
  unsigned given = parts_given(ask, model, unique, where);
  if (given == 0 || ask->status != SC_OK) return false;
  sc_ask_key(ask, 'u', (unsigned)(unique - model->uniques));
  for (unsigned i = 0; i < unique->field_count; i++) {
    const sc_field *field = &model->fields[unique->fields[i]];
    const char *held = where + unique->offsets[i];
    if (given < unique->field_count && sc_ask_given(ask, model, field, held) != SC_GIVEN) {
      sc_ask_fail(ask, SC_MISSING_FIELD, model, field->name, "Argument `%s` of `%s` is missing.", field->name,
                  unique->name);
      return false;
    }
    part(ask, any);
    sc_ask_column(ask, alias, field);
    ASK_SQL(ask, " = ");
    sc_ask_value(ask, model, field, held);
  }
  return true;
}

static void no_criterion(sc_ask *ask, const sc_model *model)
{
  buf names = {.mem = ask->mem};
  for (unsigned i = 0; i < model->unique_count; i++)
    sc_buf_format(&names, "%s`%s`",
                  i == 0                         ? ""
                  : i + 1u < model->unique_count ? ", "
                                                 : " or ",
                  model->uniques[i].name);
  const char *text = sc_buf_c(&names);
  sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, NULL,
              "Argument `where` of type %sWhereUniqueInput needs at least one of %s arguments.", model->name,
              text ? text : "its");
}

void sc_ask_unique(sc_ask *ask, const sc_model *model, unsigned alias, const void *where)
{
  bool any = false, found = false;
  for (unsigned i = 0; where && i < model->unique_count && ask->status == SC_OK; i++)
    found |= criterion(ask, model, alias, &model->uniques[i], where, &any);
  if (ask->status != SC_OK) return;
  if (!found) {
    no_criterion(ask, model);
    return;
  }
  logic_at(ask, model, alias, (const char *)where + model->unique_logic, &any);
  sc_ask_key(ask, ')', 0);
  ASK_SQL(ask, ")");
}
