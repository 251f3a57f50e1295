/* Removals of one record or of many. What a deleted record had around it is read before, in the same
 * pipeline. */
#include "engine/write.h"

static void delete_text(sc_ask *ask, const sc_model *model)
{
  ask->aliases = 1;
  ASK_SQL(ask, "DELETE FROM ");
  sc_ask_table(ask, model, 0);
}

static sc_status delete_one_statement(const sc_write *write, const sc_model *model, const void *where,
                                      const sc_selection *returning, sc_statement *out)
{
  buf sql;
  sc_ask ask = sc_write_ask(write, &sql);
  delete_text(&ask, model);
  ASK_SQL(&ask, " WHERE ");
  sc_ask_unique(&ask, model, 0, where);
  if (returning) {
    ASK_SQL(&ask, " RETURNING ");
    sc_ask_columns(&ask, returning, 0);
  }
  return sc_ask_statement(&ask, out);
}

/* What became of the DELETE whose result stands at `result` when the run is over. */
static sc_status found(const sc_model *model, sc_status s, PGresult *const *result)
{
  if (s != SC_OK) return sc_error_place(model);
  return sc_result_count(*result) ? SC_OK : sc_fail_no_record(model, "a delete");
}

static sc_status delete_flat(const sc_write *write, const sc_model *model, const void *where,
                             const sc_selection *selection, arena *mem, void **record)
{
  sc_statement statement;
  PGresult *result = NULL;
  sc_status s = delete_one_statement(write, model, where, selection, &statement);
  if (s != SC_OK) return s;
  s = found(model, sc_db_run(write->db, &statement, 1, &result), &result);
  if (s == SC_OK && selection) s = sc_decode_rows(selection, result, mem, record);
  sc_results_clear(&result, 1);
  return s;
}

static sc_status read_and_delete(const sc_write *write, const sc_model *model, const void *args, arena *mem,
                                 void **record)
{
  sc_read read;
  sc_status s = sc_read_one(write->db, write->mem, model, args, args, &model->find_unique, &read);
  if (s != SC_OK) return s;
  sc_statement *statements = arena_array(write->mem, sc_statement, read.count + 1);
  PGresult **results = arena_array(write->mem, PGresult *, read.count + 1);
  s = statements && results ? delete_one_statement(write, model, args, NULL, statements + read.count)
                            : sc_fail_memory();
  if (s == SC_OK) {
    memcpy(statements, read.statements, read.count * sizeof *statements);
    s = found(model, sc_db_run(write->db, statements, read.count + 1, results), &results[read.count]);
    if (s == SC_OK) s = sc_read_decode(&read, results, mem, record);
    if (s == SC_OK && !*record) s = sc_fail_no_record(model, "a delete");
    sc_results_clear(results, read.count + 1);
  }
  sc_read_end(&read);
  return s;
}

static sc_status delete_record(sc_write *write, const sc_model *model, const void *args, arena *mem,
                               void **record)
{
  const void *where = args ? args : sc_arena_alloc(write->mem, model->unique_size);
  sc_selection selection;
  if (!where) return sc_fail_memory();
  if (!mem) return delete_flat(write, model, where, NULL, NULL, NULL);
  sc_status s = sc_select(&write->ask, model, args, &model->find_unique, &selection);
  if (s != SC_OK) return s;
  return selection.simple ? delete_flat(write, model, where, &selection, mem, record)
                          : read_and_delete(write, model, args, mem, record);
}

sc_status sc_delete(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  sc_write write;
  if (!sc_write_begin(&write, db, model, mem, out)) return sc_error_last()->status;
  sc_status s = delete_record(&write, model, args, mem, out);
  sc_write_end(&write);
  return s;
}

sc_status sc_delete_many(const sc_model *model, sc_db *db, const void *args, int64_t *count)
{
  sc_write write;
  int64_t removed = 0;
  if (count) *count = 0;
  if (!sc_write_begin(&write, db, model, NULL, NULL)) return sc_error_last()->status;
  buf sql;
  sc_ask ask = sc_write_ask(&write, &sql);
  sc_statement statement;
  delete_text(&ask, model);
  sc_status s = sc_write_filter(&ask, model, args, model->delete_many.flag, "delete_many");
  if (s == SC_OK) s = sc_ask_statement(&ask, &statement);
  if (s == SC_OK) s = sc_write_many(&write, model, &statement, &removed);
  if (count) *count = removed;
  sc_write_end(&write);
  return s;
}
