#include "engine/plan.h"

#include "engine/filter.h"
#include "engine/held.h"
#include "engine/order.h"
#include "engine/read.h"
#include "engine/relation.h"
#include "engine/select.h"

/* ---- the walk: shape and values always, nodes and text when there is a plan to build ---- */

typedef struct walk {
  sc_ask *ask;
  sc_plan *plan; /* NULL: shape and values alone */
} walk;

/* Says where the text goes from here on, and returns where it went. What lacked memory for its text fails. */
static buf *text_to(walk *w, buf *text)
{
  buf *before = w->ask->sql;
  if (before && before->broken) sc_ask_broken(w->ask);
  w->ask->sql = text;
  return before;
}

static bool enter(walk *w, const sc_model *model, const char *name)
{
  if (++w->ask->depth <= SC_ASK_DEPTH) return true;
  sc_ask_fail(w->ask, SC_INVALID_ARGUMENT, model, name, "The query is nested deeper than %d levels.",
              SC_ASK_DEPTH);
  return false;
}

/* ---- nodes ---- */

static sc_node *add_node(walk *w, const sc_model *model, const sc_relation *relation, const sc_node *parent)
{
  sc_plan *plan = w->plan;
  sc_node *node = arena_new(plan->mem, sc_node);
  if (!node || !vec_push(plan->mem, &plan->nodes, node)) {
    sc_ask_broken(w->ask);
    return NULL;
  }
  node->model = model;
  node->relation = relation;
  node->number = (unsigned)plan->nodes.len - 1;
  node->parent = parent ? parent->number : 0;
  node->alias = w->ask->aliases;
  node->join_alias = node->alias + 1;
  node->loaded_words = ((unsigned)model->field_count + model->relation_count + model->count_count + 31) / 32;
  node->loaded = arena_array(plan->mem, uint32_t, node->loaded_words);
  if (!node->loaded) sc_ask_broken(w->ask);
  node->where.mem = node->joins.mem = node->order.mem = node->limit.mem = w->ask->mem;
  return node->loaded ? node : NULL;
}

/* A statement of its own, for the root and to-many relations. */
static bool add_statement(walk *w, sc_node *node, const sc_node *parent)
{
  sc_plan *plan = w->plan;
  sc_plan_statement statement = {.node = node->number, .columns = {.mem = w->ask->mem}};
  if (parent) statement.level = plan->statements.items[parent->statement].level + 1;
  if (statement.level >= plan->levels) plan->levels = statement.level + 1;
  node->statement = (unsigned)plan->statements.len;
  if (vec_push(plan->mem, &plan->statements, statement)) return true;
  sc_ask_broken(w->ask);
  return false;
}

static void mark_loaded(sc_node *node, unsigned bit)
{
  node->loaded[bit / 32] |= (uint32_t)1 << bit % 32;
}

/* The column of a statement with this text, added when it has none yet. */
static unsigned add_column(sc_ask *ask, sc_plan *plan, unsigned number, str text)
{
  sc_plan_statement *statement = &plan->statements.items[number];
  for (unsigned i = 0; i < statement->column_texts.len; i++)
    if (str_eq(statement->column_texts.items[i], text)) return i;
  unsigned column = (unsigned)statement->column_texts.len;
  if (column >= 1600) /* 1664 entries are what a target list may have */
    sc_ask_fail(ask, SC_INVALID_ARGUMENT, NULL, NULL, "A query selects more columns than PostgreSQL allows.");
  if (column) BUF_LIT(&statement->columns, ", ");
  buf_add(&statement->columns, text);
  if (!text.ptr || statement->columns.broken || !vec_push(ask->mem, &statement->column_texts, text))
    sc_ask_broken(ask);
  return column;
}

/* The number of a field's column, as it is read into a record or, `raw`, as it is compared. */
static unsigned field_column(walk *w, unsigned statement, unsigned alias, const sc_field *field, bool raw)
{
  buf text = {.mem = w->ask->mem}, *before = text_to(w, &text);
  if (raw)
    sc_ask_column(w->ask, alias, field);
  else
    sc_ask_read_column(w->ask, alias, field);
  text_to(w, before);
  return add_column(w->ask, w->plan, statement, buf_str(&text));
}

sc_column sc_column_of(const sc_field *field, unsigned column)
{
  bool list = (field->flags & SC_FIELD_LIST) != 0, is_enum = field->type == SC_TYPE_ENUM;
  bool nullable = !list && field->flags & SC_FIELD_NULLABLE && field->type != SC_TYPE_STRING;
  sc_column_kind kind = list       ? is_enum ? SC_COLUMN_ENUM_LIST : SC_COLUMN_LIST
                        : nullable ? is_enum ? SC_COLUMN_ENUM_POINTER : SC_COLUMN_POINTER
                        : is_enum  ? SC_COLUMN_ENUM
                                   : SC_COLUMN_VALUE;
  bool is_text = field->native == SC_NATIVE_TEXT || field->native == SC_NATIVE_VARCHAR ||
                 field->native == SC_NATIVE_CHAR || field->native == SC_NATIVE_CITEXT ||
                 field->native == SC_NATIVE_XML;
  if (kind == SC_COLUMN_VALUE && is_text && field->type == SC_TYPE_STRING) kind = SC_COLUMN_TEXT;
  return (sc_column){field, sc_field_codec(field), field->record, (uint16_t)column, (uint8_t)kind};
}

static void add_columns(walk *w, sc_node *node, const sc_picked *picked)
{
  for (unsigned i = 0; i < node->model->field_count; i++) {
    if (!sc_picks_field(picked, i)) continue;
    const sc_field *field = &node->model->fields[i];
    sc_column column = sc_column_of(field, field_column(w, node->statement, node->alias, field, false));
    if (!vec_push(w->plan->mem, &node->columns, column)) sc_ask_broken(w->ask);
    mark_loaded(node, i);
  }
}

/* A joined record is there when a column of it that is never NULL is not NULL. */
static void add_presence(walk *w, sc_node *node)
{
  for (size_t i = 0; i < node->columns.len; i++) {
    if (node->columns.items[i].field->flags & (SC_FIELD_NULLABLE | SC_FIELD_LIST)) continue;
    node->present = node->columns.items[i].column;
    return;
  }
  const sc_field *key = &node->model->fields[node->relation->there[0]];
  node->present = (uint16_t)field_column(w, node->statement, node->alias, key, true);
}

/* ---- keys between parents and children ---- */

static void add_number(walk *w, sc_column_numbers *numbers, unsigned number)
{
  if (!vec_push(w->plan->mem, numbers, (uint16_t)number)) sc_ask_broken(w->ask);
}

/* Whether equal values of the two columns have equal bytes. */
static bool same_bytes(const sc_field *one, const sc_field *other)
{
  static const bool exact[] = {
      [SC_NATIVE_NONE] = true,      [SC_NATIVE_TEXT] = true,        [SC_NATIVE_VARCHAR] = true,
      [SC_NATIVE_UUID] = true,      [SC_NATIVE_BOOLEAN] = true,     [SC_NATIVE_INTEGER] = true,
      [SC_NATIVE_SMALLINT] = true,  [SC_NATIVE_OID] = true,         [SC_NATIVE_BIGINT] = true,
      [SC_NATIVE_TIMESTAMP] = true, [SC_NATIVE_TIMESTAMPTZ] = true, [SC_NATIVE_DATE] = true,
      [SC_NATIVE_TIME] = true,      [SC_NATIVE_BYTEA] = true,
  };
  if (one->native >= sizeof exact / sizeof exact[0] || !exact[one->native]) return false;
  bool texts = (one->native == SC_NATIVE_TEXT || one->native == SC_NATIVE_VARCHAR) &&
               (other->native == SC_NATIVE_TEXT || other->native == SC_NATIVE_VARCHAR);
  return one->native == other->native || texts;
}

static void add_keys(walk *w, sc_node *node, const sc_node *parent)
{
  const sc_relation *relation = node->relation;
  bool by_join = relation->kind == SC_TO_MANY_BY_JOIN;
  node->lateral = node->limited;
  for (unsigned i = 0; i < relation->key_count; i++) {
    const sc_field *here = &parent->model->fields[relation->here[i]];
    add_number(w, &node->parent_keys, field_column(w, parent->statement, parent->alias, here, true));
    /* the columns of a join table have the type of the id that they refer to */
    if (!same_bytes(here, by_join ? here : &node->model->fields[relation->there[i]])) node->lateral = true;
  }
  if (node->lateral) return; /* plan_text.c adds the parent's keys behind all other columns */
  for (unsigned i = 0; i < relation->key_count; i++) {
    if (by_join) {
      buf text = {.mem = w->ask->mem}, *before = text_to(w, &text);
      sc_ask_join_here(w->ask, relation, node->join_alias);
      text_to(w, before);
      add_number(w, &node->keys, add_column(w->ask, w->plan, node->statement, buf_str(&text)));
    } else {
      const sc_field *there = &node->model->fields[relation->there[i]];
      add_number(w, &node->keys, field_column(w, node->statement, node->alias, there, true));
    }
  }
}

/* ---- take and skip ---- */

enum { SMALL_LIMIT = 1000 };

static sc_param integer_param(walk *w, int64_t value)
{
  char *bytes = sc_arena_raw(w->ask->mem, 8);
  if (!bytes) {
    sc_ask_broken(w->ask);
    return (sc_param){0};
  }
  for (unsigned i = 0; i < 8; i++) bytes[i] = (char)((uint64_t)value >> (56 - 8 * i) & 0xff);
  return (sc_param){bytes, 8, 1, 20};
}

/* A small limit stands in the text: a generic plan takes LIMIT $1 for a tenth of the rows. */
static void write_limit(walk *w, int64_t take)
{
  ASK_SQL(w->ask, " LIMIT ");
  sc_ask_key(w->ask, 't', take <= SMALL_LIMIT ? (unsigned)take : 0);
  if (take <= SMALL_LIMIT)
    sc_ask_number(w->ask, take);
  else
    sc_ask_param(w->ask, integer_param(w, take));
}

void sc_ask_limit(sc_ask *ask, const sc_model *model, int64_t take, int64_t skip)
{
  walk w = {.ask = ask};
  if (skip < 0) {
    sc_ask_fail(ask, SC_INVALID_ARGUMENT, model, "skip",
                "Invalid value for skip argument: Value can only be positive, found: %lld", (long long)skip);
    return;
  }
  if (take == INT64_MIN) take++;
  if (take != 0) write_limit(&w, take < 0 ? -take : take);
  if (skip == 0) return;
  ASK_SQL(ask, " OFFSET ");
  sc_ask_key(ask, 'k', 0);
  sc_ask_param(ask, integer_param(&w, skip));
}

/* ---- lists: where, order, take, skip ---- */

/* The primary key, or the first key there is: what "from the end" means where no order is given. */
static void order_by_key(walk *w, const sc_node *node)
{
  const sc_model *model = node->model;
  if (model->unique_count == 0) return;
  const sc_unique *key = &model->uniques[0];
  for (unsigned i = 0; i < key->field_count; i++) {
    if (i) ASK_SQL(w->ask, ", ");
    sc_ask_column(w->ask, node->alias, &model->fields[key->fields[i]]);
    ASK_SQL(w->ask, " DESC");
  }
}

static void walk_list(walk *w, sc_node *node, const sc_request *request, unsigned alias)
{
  sc_ask *ask = w->ask;
  const sc_model *model = request->model;
  const sc_args_at *at = request->at;
  text_to(w, node ? &node->where : NULL);
  sc_ask_where(ask, model, alias, request->where);
  sc_list order = request->args && at->order_by ? sc_list_at(request->args, at->order_by) : (sc_list){0};
  int64_t take = request->args && at->take ? sc_integer_at(request->args, at->take) : 0;
  int64_t skip = request->args && at->skip ? sc_integer_at(request->args, at->skip) : 0;
  bool backwards = take < 0;
  if (request->operation == SC_READ_FIRST) take = backwards ? -1 : 1;
  sc_ask_key(ask, backwards ? '<' : '>', 0);
  text_to(w, node ? &node->order : NULL);
  bool ordered = sc_ask_order(ask, model, alias, &order, backwards, node ? &node->joins : NULL);
  if (backwards && !ordered && node) order_by_key(w, node);
  if (node && node->joins.broken) sc_ask_broken(ask);
  text_to(w, node ? &node->limit : NULL);
  sc_ask_limit(ask, model, take, skip);
  text_to(w, NULL);
  if (!node) return;
  node->backwards = backwards;
  node->limited = take != 0 || skip != 0;
}

/* ---- relations ---- */

static void walk_picks(walk *w, sc_node *node, const sc_request *request);

/* A to-one relation: LEFT JOIN, its condition inside the ON. */
static sc_node *join_node(walk *w, const sc_request *request, const sc_relation *relation,
                          const sc_node *parent)
{
  sc_ask *ask = w->ask;
  unsigned alias = ask->aliases;
  sc_node *node = w->plan ? add_node(w, relation->target, relation, parent) : NULL;
  ask->aliases += 2;
  buf *joins = NULL;
  if (node) {
    node->joined = true;
    node->statement = parent->statement;
    joins = &w->plan->nodes.items[w->plan->statements.items[node->statement].node]->joins;
  }
  text_to(w, joins);
  ASK_SQL(ask, " LEFT JOIN ");
  sc_ask_table(ask, relation->target, alias);
  ASK_SQL(ask, " ON ");
  if (node) sc_ask_link(ask, parent->model, relation, parent->alias, alias);
  size_t before = joins ? joins->len : 0;
  ASK_SQL(ask, " AND ");
  if (!sc_ask_where(ask, relation->target, alias, request->where) && joins) joins->len = before;
  text_to(w, NULL);
  return node;
}

static sc_node *many_node(walk *w, const sc_request *request, const sc_relation *relation,
                          const sc_node *parent)
{
  unsigned alias = w->ask->aliases;
  sc_node *node = w->plan ? add_node(w, relation->target, relation, parent) : NULL;
  w->ask->aliases += 2;
  if (node && !add_statement(w, node, parent)) return NULL;
  walk_list(w, node, request, alias);
  if (node) add_keys(w, node, parent);
  return node;
}

static void walk_relation(walk *w, sc_node *parent, const sc_model *model, const sc_relation *relation,
                          const void *args)
{
  bool list = sc_relation_is_list(relation);
  sc_request request = {.model = relation->target,
                        .operation = SC_READ_MANY,
                        .where = args,
                        .args = args,
                        .at = list ? &relation->target->find_many : &relation->target->read};
  if (sc_given_pointer(w->ask, model, relation->name, args) != SC_GIVEN || !enter(w, model, relation->name))
    return;
  sc_ask_key(w->ask, 'R', (unsigned)(relation - model->relations));
  sc_node *node = list ? many_node(w, &request, relation, parent) : join_node(w, &request, relation, parent);
  if (w->ask->status == SC_OK) walk_picks(w, node, &request);
  if (node && !list) add_presence(w, node);
  if (parent) mark_loaded(parent, (unsigned)model->field_count + (unsigned)(relation - model->relations));
  sc_ask_key(w->ask, ')', 0);
  w->ask->depth--;
}

/* ---- counts ---- */

static void walk_count(walk *w, sc_node *node, const sc_model *model, const sc_relation *relation,
                       const void *where)
{
  sc_ask *ask = w->ask;
  unsigned other = ask->aliases;
  ask->aliases += 2;
  sc_ask_key(ask, 'C', relation->count_slot);
  buf text = {.mem = ask->mem};
  if (where && sc_given_pointer(ask, model, relation->name, where) != SC_GIVEN) return;
  text_to(w, node ? &text : NULL);
  ASK_SQL(ask, "(SELECT count(*) FROM ");
  if (node) sc_ask_related(ask, model, relation, node->alias, other, other + 1);
  size_t before = text.len;
  ASK_SQL(ask, " AND ");
  if (!sc_ask_where(ask, relation->target, other, where)) text.len = before;
  sc_ask_key(ask, ')', 0);
  ASK_SQL(ask, ")");
  text_to(w, NULL);
  if (!node) return;
  sc_counted count = {relation->count_slot,
                      (uint16_t)add_column(ask, w->plan, node->statement, buf_str(&text))};
  if (!vec_push(w->plan->mem, &node->counts, count)) sc_ask_broken(ask);
  mark_loaded(node, (unsigned)model->field_count + model->relation_count + relation->count_slot);
}

/* ---- what a node selects ---- */

static void walk_picks(walk *w, sc_node *node, const sc_request *request)
{
  const sc_model *model = request->model;
  sc_picked picked = sc_pick(w->ask, model, request->args, request->at);
  if (node) add_columns(w, node, &picked);
  if (!picked.select && !picked.include) return;
  for (unsigned j = 0; j < model->relation_count && w->ask->status == SC_OK; j++) {
    const sc_relation *relation = &model->relations[j];
    const void *args = sc_picks_relation(&picked, relation), *where;
    if (args) walk_relation(w, node, model, relation, args);
    if (sc_picks_count(&picked, model, relation, &where)) walk_count(w, node, model, relation, where);
  }
}

/* Which fields of the root are given as parameters, from `number` on: sc_ask_unique takes the criteria in
 * order. */
static void note_known(walk *w, sc_node *root, const void *where, size_t number)
{
  const sc_model *model = root->model;
  for (unsigned i = 0; i < model->unique_count; i++) {
    const sc_unique *unique = &model->uniques[i];
    if (sc_ask_given(w->ask, model, &model->fields[unique->fields[0]],
                     (const char *)where + unique->offsets[0]) != SC_GIVEN)
      continue;
    for (unsigned k = 0; k < unique->field_count; k++, number++) {
      sc_known known = {unique->fields[k], (uint16_t)number};
      if (!vec_push(w->plan->mem, &root->known, known)) sc_ask_broken(w->ask);
    }
  }
}

static sc_status walk_request(walk *w, const sc_request *request)
{
  sc_ask *ask = w->ask;
  unsigned alias = ask->aliases;
  sc_node *root = w->plan ? add_node(w, request->model, NULL, NULL) : NULL;
  ask->aliases += 2;
  sc_ask_key(ask, 'Q', request->operation);
  if (ask->keyed && sc_buf_reserve(&ask->key, sizeof(void *))) {
    memcpy(ask->key.ptr + ask->key.len, &request->model, sizeof(void *));
    ask->key.len += sizeof(void *);
  }
  if (w->plan && (!root || !add_statement(w, root, NULL))) return sc_ask_broken(ask);
  if (request->operation == SC_READ_UNIQUE) {
    text_to(w, root ? &root->where : NULL);
    sc_ask_unique(ask, request->model, alias, request->where);
    text_to(w, NULL);
    if (root && ask->status == SC_OK) note_known(w, root, request->where, 0);
  } else {
    walk_list(w, root, request, alias);
  }
  if (ask->status == SC_OK) walk_picks(w, root, request);
  if (ask->key.broken) return sc_ask_broken(ask);
  return ask->status;
}

sc_status sc_plan_shape(sc_ask *ask, const sc_request *request)
{
  walk w = {.ask = ask};
  ask->sql = NULL;
  return walk_request(&w, request);
}

sc_status sc_plan_build(sc_ask *ask, const sc_request *request, uint64_t number, sc_plan **out)
{
  *out = NULL;
  arena *mem = sc_arena_new();
  sc_plan *plan = mem ? arena_new(mem, sc_plan) : NULL;
  if (!plan) {
    sc_arena_free(mem);
    return sc_ask_broken(ask);
  }
  plan->mem = mem;
  plan->kind = request->operation == SC_READ_UNIQUE ? SC_PLAN_PIPELINE : SC_PLAN_LEVELS;
  atomic_init(&plan->users, 1);
  walk w = {.ask = ask, .plan = plan};
  ask->keyed = false;
  ask->params.len = 0;
  ask->aliases = ask->depth = 0;
  walk_request(&w, request);
  plan->first_key = ask->params.len;
  if (ask->status == SC_OK) sc_plan_write(ask, plan, number);
  ask->sql = NULL;
  if (ask->status != SC_OK) {
    sc_arena_free(mem);
    return ask->status;
  }
  *out = plan;
  return SC_OK;
}

void sc_plan_release(sc_plan *plan)
{
  if (plan && atomic_fetch_sub_explicit(&plan->users, 1, memory_order_acq_rel) == 1) sc_arena_free(plan->mem);
}
