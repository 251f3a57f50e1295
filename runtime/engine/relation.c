#include "engine/relation.h"

void sc_ask_link(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                 unsigned other)
{
  for (unsigned i = 0; i < relation->key_count; i++) {
    if (i) ASK_SQL(ask, " AND ");
    sc_ask_column(ask, other, &relation->target->fields[relation->there[i]]);
    ASK_SQL(ask, " = ");
    sc_ask_column(ask, alias, &model->fields[relation->here[i]]);
  }
}

void sc_ask_join_here(sc_ask *ask, const sc_relation *relation, unsigned join)
{
  sc_ask_alias(ask, join);
  ASK_SQL(ask, ".");
  sc_ask_name(ask, relation->join->here);
}

void sc_ask_join(sc_ask *ask, const sc_relation *relation, unsigned other, unsigned join)
{
  sc_ask_qualified(ask, relation->join->schema, relation->join->table);
  ASK_SQL(ask, " AS ");
  sc_ask_alias(ask, join);
  ASK_SQL(ask, " JOIN ");
  sc_ask_table(ask, relation->target, other);
  ASK_SQL(ask, " ON ");
  sc_ask_column(ask, other, &relation->target->fields[relation->there[0]]);
  ASK_SQL(ask, " = ");
  sc_ask_alias(ask, join);
  ASK_SQL(ask, ".");
  sc_ask_name(ask, relation->join->there);
}

void sc_ask_related(sc_ask *ask, const sc_model *model, const sc_relation *relation, unsigned alias,
                    unsigned other, unsigned join)
{
  if (relation->kind != SC_TO_MANY_BY_JOIN) {
    sc_ask_table(ask, relation->target, other);
    ASK_SQL(ask, " WHERE ");
    sc_ask_link(ask, model, relation, alias, other);
    return;
  }
  sc_ask_join(ask, relation, other, join);
  ASK_SQL(ask, " WHERE ");
  sc_ask_join_here(ask, relation, join);
  ASK_SQL(ask, " = ");
  sc_ask_column(ask, alias, &model->fields[relation->here[0]]);
}
