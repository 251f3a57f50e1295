/* The SQL of a plan's statements, from the fragments that its nodes have collected. */
#include "engine/held.h"
#include "engine/plan.h"
#include "engine/relation.h"

typedef struct writer {
  sc_ask *ask;
  sc_plan *plan;
} writer;

static sc_node *node_of(const writer *w, const sc_plan_statement *statement)
{
  return w->plan->nodes.items[statement->node];
}

static sc_node *parent_of(const writer *w, const sc_node *node)
{
  return w->plan->nodes.items[node->parent];
}

static const sc_field *key_field(const writer *w, const sc_node *node, unsigned i)
{
  return &parent_of(w, node)->model->fields[node->relation->here[i]];
}

static void comma(const writer *w, unsigned i)
{
  if (i) ASK_SQL(w->ask, ", ");
}

static void write_select(writer *w, const sc_plan_statement *statement, str list, bool whole);

/* ---- the parents ---- */

/* "SELECT t0."id" FROM …": the keys of a node's parents, by the parents' own conditions. */
static void write_parents(writer *w, const sc_node *node)
{
  const sc_node *parent = parent_of(w, node);
  buf list = {.mem = w->ask->mem}, *before = w->ask->sql;
  w->ask->sql = &list;
  for (unsigned i = 0; i < node->relation->key_count; i++) {
    comma(w, i);
    sc_ask_column(w->ask, parent->alias, key_field(w, node, i));
  }
  w->ask->sql = before;
  if (list.broken) sc_ask_broken(w->ask);
  write_select(w, &w->plan->statements.items[parent->statement], buf_str(&list), false);
}

/* $1: one part of the keys that were read, an array. */
static void write_key(writer *w, const sc_node *node, unsigned i)
{
  const sc_field *field = key_field(w, node, i);
  sc_ask_mark(w->ask, w->plan->first_key + i);
  if (sc_codec_of(field->native)->array_oid != 0) return;
  ASK_SQL(w->ask, "::");
  sc_ask_type(w->ask, field, true);
  ASK_SQL(w->ask, "[]");
}

/* unnest($1, $2) */
static void write_keys(writer *w, const sc_node *node)
{
  ASK_SQL(w->ask, "unnest(");
  for (unsigned i = 0; i < node->relation->key_count; i++) {
    comma(w, i);
    write_key(w, node, i);
  }
  ASK_SQL(w->ask, ")");
}

/* ---- FROM ---- */

static void write_table(writer *w, const sc_node *node)
{
  if (node->relation && node->relation->kind == SC_TO_MANY_BY_JOIN)
    sc_ask_join(w->ask, node->relation, node->alias, node->join_alias);
  else
    sc_ask_table(w->ask, node->model, node->alias);
  sc_ask_text(w->ask, buf_str(&node->joins));
}

static void write_own_key(writer *w, const sc_node *node, unsigned i)
{
  if (node->relation->kind == SC_TO_MANY_BY_JOIN)
    sc_ask_join_here(w->ask, node->relation, node->join_alias);
  else
    sc_ask_column(w->ask, node->alias, &node->model->fields[node->relation->there[i]]);
}

static const sc_known *known_key(const sc_node *parent, uint16_t field)
{
  for (size_t i = 0; i < parent->known.len; i++)
    if (parent->known.items[i].field == field) return &parent->known.items[i];
  return NULL;
}

/* t1."authorId" = $1, where the parent was asked for by just this key; false when it was not. */
static bool write_known_keys(writer *w, const sc_node *node)
{
  const sc_node *parent = parent_of(w, node);
  for (unsigned i = 0; i < node->relation->key_count; i++)
    if (!known_key(parent, node->relation->here[i])) return false;
  for (unsigned i = 0; i < node->relation->key_count; i++) {
    if (i) ASK_SQL(w->ask, " AND ");
    write_own_key(w, node, i);
    ASK_SQL(w->ask, " = ");
    sc_ask_mark(w->ask, known_key(parent, node->relation->here[i])->number);
  }
  return true;
}

/* = ANY ($1) walks an index once for all keys, three times as fast as a join with them; but where there is no
 * index it compares each row with each key. */
static bool is_indexed(const sc_node *node)
{
  const sc_relation *relation = node->relation;
  return relation->kind == SC_TO_MANY_BY_JOIN || (relation->indexed && relation->key_count == 1);
}

/* t1."authorId" = ANY ($1), or IN (…) */
static void write_membership(writer *w, const sc_node *node)
{
  if (w->plan->kind == SC_PLAN_PIPELINE && write_known_keys(w, node)) return;
  if (w->plan->kind == SC_PLAN_LEVELS && is_indexed(node)) {
    write_own_key(w, node, 0);
    ASK_SQL(w->ask, " = ANY (");
    write_key(w, node, 0);
    ASK_SQL(w->ask, ")");
    return;
  }
  bool several = node->relation->key_count > 1;
  if (several) ASK_SQL(w->ask, "(");
  for (unsigned i = 0; i < node->relation->key_count; i++) {
    comma(w, i);
    write_own_key(w, node, i);
  }
  sc_ask_text(w->ask, several ? STR(") IN (") : STR(" IN ("));
  if (w->plan->kind == SC_PLAN_PIPELINE) {
    write_parents(w, node);
  } else {
    sc_ask_text(w->ask, several ? STR("SELECT * FROM ") : STR("SELECT "));
    write_keys(w, node);
  }
  ASK_SQL(w->ask, ")");
}

static void write_key_links(writer *w, const sc_node *node)
{
  for (unsigned i = 0; i < node->relation->key_count; i++) {
    if (i) ASK_SQL(w->ask, " AND ");
    write_own_key(w, node, i);
    ASK_SQL(w->ask, " = p.k");
    sc_ask_number(w->ask, i);
  }
}

static void write_tail(writer *w, const sc_node *node, bool order)
{
  if (order && node->order.len) {
    ASK_SQL(w->ask, " ORDER BY ");
    sc_ask_text(w->ask, buf_str(&node->order));
  }
  sc_ask_text(w->ask, buf_str(&node->limit));
}

/* SELECT c.*, p.k0 FROM (parents) AS p(k0) CROSS JOIN LATERAL (SELECT … WHERE t1."fk" = p.k0 LIMIT 2) AS c */
static void write_lateral(writer *w, const sc_node *node, str list, bool whole)
{
  ASK_SQL(w->ask, "SELECT c.*");
  for (unsigned i = 0; whole && i < node->relation->key_count; i++) {
    ASK_SQL(w->ask, ", p.k");
    sc_ask_number(w->ask, i);
  }
  ASK_SQL(w->ask, " FROM ");
  if (w->plan->kind == SC_PLAN_PIPELINE) {
    ASK_SQL(w->ask, "(SELECT DISTINCT * FROM (");
    write_parents(w, node);
    ASK_SQL(w->ask, ") AS q)");
  } else {
    write_keys(w, node);
  }
  ASK_SQL(w->ask, " AS p(");
  for (unsigned i = 0; i < node->relation->key_count; i++) {
    comma(w, i);
    ASK_SQL(w->ask, "k");
    sc_ask_number(w->ask, i);
  }
  ASK_SQL(w->ask, ") CROSS JOIN LATERAL (SELECT ");
  sc_ask_text(w->ask, list);
  ASK_SQL(w->ask, " FROM ");
  write_table(w, node);
  ASK_SQL(w->ask, " WHERE ");
  write_key_links(w, node);
  if (node->where.len) ASK_SQL(w->ask, " AND ");
  sc_ask_text(w->ask, buf_str(&node->where));
  write_tail(w, node, whole || node->limited);
  ASK_SQL(w->ask, ") AS c");
}

/* `whole`: the statement itself; else a sub-select of other columns, whose order only matters to a LIMIT. */
static void write_select(writer *w, const sc_plan_statement *statement, str list, bool whole)
{
  const sc_node *node = node_of(w, statement);
  if (node->lateral) {
    write_lateral(w, node, list, whole);
    return;
  }
  ASK_SQL(w->ask, "SELECT ");
  sc_ask_text(w->ask, list);
  ASK_SQL(w->ask, " FROM ");
  write_table(w, node);
  if (node->relation || node->where.len) ASK_SQL(w->ask, " WHERE ");
  if (node->relation) write_membership(w, node);
  if (node->relation && node->where.len) ASK_SQL(w->ask, " AND ");
  sc_ask_text(w->ask, buf_str(&node->where));
  write_tail(w, node, whole || node->limited);
}

/* ---- the statements ---- */

/* The prepared statement's name for the connection: number of plan and statement, which no other plan of the
 * same database has. */
static str statement_key(arena *mem, uint64_t number, size_t statement)
{
  return sc_str_format(mem, "%llx.%zx", (unsigned long long)number, statement);
}

static bool finish(writer *w, sc_plan_statement *statement, const buf *text)
{
  buf sql = {.mem = w->plan->mem};
  if (text->broken || !sc_sql_finish(w->plan->mem, buf_str(text), &sql, &statement->params) ||
      !sc_buf_c(&sql))
    return false;
  statement->sql = buf_str(&sql);
  return true;
}

static void add_lateral_keys(writer *w, const sc_plan_statement *statement, sc_node *node)
{
  size_t columns = statement->column_texts.len ? statement->column_texts.len : 1;
  for (unsigned i = 0; i < node->relation->key_count; i++)
    if (!vec_push(w->plan->mem, &node->keys, (uint16_t)(columns + i))) sc_ask_broken(w->ask);
}

/* What was text while the plan was built lived in the call's memory. */
static void forget_text(sc_plan *plan)
{
  for (size_t i = 0; i < plan->nodes.len; i++) {
    sc_node *node = plan->nodes.items[i];
    node->where = node->joins = node->order = node->limit = (buf){0};
  }
  for (size_t i = 0; i < plan->statements.len; i++) {
    plan->statements.items[i].columns = (buf){0};
    plan->statements.items[i].column_texts.items = NULL;
    plan->statements.items[i].column_texts.len = plan->statements.items[i].column_texts.cap = 0;
  }
}

/* A statement whose LIMIT is evaluated again, below its children, must choose the same records: ties are
 * broken by the key. */
static void break_ties(writer *w, sc_node *node)
{
  const sc_model *model = node->model;
  if (!node->limited || node->ties_broken || model->unique_count == 0) return;
  node->ties_broken = true;
  w->ask->sql = &node->order;
  for (unsigned i = 0; i < model->uniques[0].field_count; i++) {
    if (node->order.len) ASK_SQL(w->ask, ", ");
    sc_ask_column(w->ask, node->alias, &model->fields[model->uniques[0].fields[i]]);
  }
  if (node->order.broken) sc_ask_broken(w->ask);
}

void sc_plan_write(sc_ask *ask, sc_plan *plan, uint64_t number)
{
  writer w = {ask, plan};
  for (size_t i = 1; i < plan->statements.len && plan->kind == SC_PLAN_PIPELINE; i++) {
    const sc_node *parent = parent_of(&w, node_of(&w, &plan->statements.items[i]));
    break_ties(&w, node_of(&w, &plan->statements.items[parent->statement]));
  }
  for (size_t i = 0; i < plan->statements.len && ask->status == SC_OK; i++) {
    sc_plan_statement *statement = &plan->statements.items[i];
    sc_node *node = node_of(&w, statement);
    if (node->lateral) add_lateral_keys(&w, statement, node);
    buf text = {.mem = ask->mem};
    ask->sql = &text;
    write_select(&w, statement, statement->column_texts.len ? buf_str(&statement->columns) : STR("1"), true);
    statement->key = statement_key(plan->mem, number, i);
    if (!statement->key.ptr || !finish(&w, statement, &text)) sc_ask_broken(ask);
  }
  ask->sql = NULL;
  forget_text(plan);
}
