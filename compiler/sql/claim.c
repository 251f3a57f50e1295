#include "sql/claim.h"

#include "base/vec.h"
#include "sql/quote.h"

/* ---- lines ---- */

static str line(arena *mem, const char *kind, str name, const sql_table *table)
{
  buf out = {.mem = mem};
  sc_buf_format(&out, "%s ", kind);
  sql_ident(&out, name);
  BUF_LIT(&out, " on ");
  sql_name(&out, table->schema, table->name);
  return buf_str(&out);
}

str claim_check(arena *mem, const sql_table *table, const sql_check *check)
{
  return line(mem, "check", check->name, table);
}

str claim_index(arena *mem, const sql_table *table, const sql_index *index)
{
  return line(mem, "index", index->name, table);
}

str claim_foreign_key(arena *mem, const sql_table *table, const sql_foreign_key *key)
{
  return line(mem, "foreign key", key->name, table);
}

str claim_comment(arena *mem, const sql_table *table, const sql_column *column)
{
  if (column) return line(mem, "comment of", column->name, table);
  buf out = {.mem = mem};
  BUF_LIT(&out, "comment on ");
  sql_name(&out, table->schema, table->name);
  return buf_str(&out);
}

str claim_enum_comment(arena *mem, const sql_enum *e)
{
  buf out = {.mem = mem};
  BUF_LIT(&out, "comment on type ");
  sql_name(&out, e->schema, e->name);
  return buf_str(&out);
}

/* ---- what is claimed ---- */

bool index_is_extended(const sql_index *index)
{
  if (index->where.len) return true;
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].column.len == 0) return true;
  return false;
}

bool index_has_nulls(const sql_index *index)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].nulls_not_default) return true;
  return false;
}

bool index_has_no_words(const sql_index *index)
{
  for (size_t i = 0; i < index->key_count; i++) {
    const sql_key *key = &index->keys[i];
    bool plain =
        !(key->opclass.len && !key->opclass_default) && key->sort != SQL_DESC && !key->nulls_not_default;
    if (!key->column.len && !plain) return true;
  }
  return false;
}

bool index_refines_opclass(const sql_index *index)
{
  return index->method == DM_BTREE || index->method == DM_HASH;
}

bool index_has_opclass(const sql_index *index)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].opclass.len && !index->keys[i].opclass_default) return index_refines_opclass(index);
  return false;
}

/* An operator class is in Prisma's language, so that a script with one has no line of ours. */
static bool index_is_beyond_prisma(const sql_index *index)
{
  return index->include_count || index->nulls_not_distinct || index->storage ||
         index->deferrable != DM_NOT_DEFERRABLE;
}

bool index_is_refined(const sql_index *index)
{
  return index_has_opclass(index) || index_is_beyond_prisma(index);
}

static void claim_table(arena *mem, const sql_table *table, sql_claims *out)
{
  if (table->comment.len) vec_push(mem, out, claim_comment(mem, table, NULL));
  for (size_t i = 0; i < table->column_count; i++)
    if (table->columns[i].comment.len) vec_push(mem, out, claim_comment(mem, table, &table->columns[i]));
  for (size_t i = 0; i < table->check_count; i++)
    vec_push(mem, out, claim_check(mem, table, &table->checks[i]));
  for (size_t i = 0; i < table->index_count; i++)
    if (index_is_extended(&table->indexes[i]) || index_is_beyond_prisma(&table->indexes[i]))
      vec_push(mem, out, claim_index(mem, table, &table->indexes[i]));
  for (size_t i = 0; i < table->foreign_key_count; i++)
    if (table->foreign_keys[i].deferrable != DM_NOT_DEFERRABLE)
      vec_push(mem, out, claim_foreign_key(mem, table, &table->foreign_keys[i]));
}

sql_claims sql_claims_of(const sql_schema *schema, arena *mem)
{
  sql_claims out = {0};
  for (size_t i = 0; i < schema->enum_count; i++)
    if (schema->enums[i].comment.len) vec_push(mem, &out, claim_enum_comment(mem, &schema->enums[i]));
  for (size_t i = 0; i < schema->table_count; i++) claim_table(mem, &schema->tables[i], &out);
  return out;
}

bool sql_claims_have(const sql_claims *claims, str claim)
{
  for (size_t i = 0; i < claims->len; i++)
    if (str_eq(claims->items[i], claim)) return true;
  return false;
}
