/* Changes of one record or of many.
 *
 * One statement does it, with RETURNING when the fields of the record are all that is asked for. A record
 * with relations or counts is read behind it, in the same pipeline, by a key that still holds after the
 * change; when there is none (the key itself was counted up) by the key that the UPDATE returns, in a second
 * pipeline of the same transaction. An update that changes nothing only reads, as in Prisma. */
#include "engine/held.h"
#include "engine/write.h"

/* What an update may do to a field: the members of sc_int_update and sc_int_list_update, in their order. */
typedef enum operation { SET, INCREMENT, DECREMENT, MULTIPLY, DIVIDE, PUSH, SET_NULL } operation;

static const char *const operators[] = {
    [INCREMENT] = " + ", [DECREMENT] = " - ", [MULTIPLY] = " * ", [DIVIDE] = " / ", [PUSH] = " || ",
};

typedef struct change {
  const sc_field *field;
  operation operation;
  const void *held;
} change;

typedef struct update {
  sc_write write;
  const sc_model *model;
  const void *where;
  VEC(change) changes;
} update;

/* ---- reading the data ---- */

static bool is_number(const sc_field *field)
{
  return field->type == SC_TYPE_INT || field->type == SC_TYPE_BIGINT || field->type == SC_TYPE_FLOAT ||
         field->type == SC_TYPE_DECIMAL;
}

static void add_change(update *u, const sc_field *field, operation how, const void *held)
{
  bool second = u->changes.len && vec_last(&u->changes).field == field;
  if (second)
    sc_ask_fail(&u->write.ask, SC_INVALID_ARGUMENT, u->model, field->name,
                "Argument `%s` takes one change at a time.", field->name);
  else if (!vec_push(u->write.mem, &u->changes, (change){field, how, held}))
    sc_ask_broken(&u->write.ask);
}

static void read_field(update *u, const sc_field *field, const char *data)
{
  bool list = field->flags & SC_FIELD_LIST;
  size_t size = list ? sizeof(sc_list) : sc_held_of(field)->size;
  int members = list ? 2 : is_number(field) ? 5 : 1;
  for (int i = 0; i < members; i++) {
    const void *held = data + field->update + (size_t)i * size;
    if (sc_ask_given(&u->write.ask, u->model, field, held) != SC_GIVEN) continue;
    add_change(u, field, list && i == 1 ? PUSH : (operation)i, held);
  }
  if (field->flags & SC_FIELD_NULLABLE && u->model->update_null &&
      *(const bool *)(data + u->model->update_null + field->null_slot))
    add_change(u, field, SET_NULL, NULL);
}

static sc_status read_data(update *u, const void *data)
{
  const sc_model *model = u->model;
  for (size_t i = 0; i < model->field_count && u->write.ask.status == SC_OK; i++)
    if (!(model->fields[i].flags & SC_FIELD_READ_ONLY)) read_field(u, &model->fields[i], data);
  size_t asked = u->changes.len;
  for (size_t i = 0; asked && i < model->field_count; i++) {
    const sc_field *field = &model->fields[i];
    bool set = !(field->flags & SC_FIELD_UPDATED_AT);
    for (size_t c = 0; c < asked && !set; c++) set = u->changes.items[c].field == field;
    if (!set) add_change(u, field, SET, &u->write.now);
  }
  return u->write.ask.status;
}

/* ---- the statement ---- */

/* Money times money is nothing: money times a number is. */
static void scale_money(sc_ask *ask, const update *u, const change *c)
{
  sc_field number = *c->field;
  number.native = SC_NATIVE_DECIMAL;
  ASK_SQL(ask, "(");
  sc_ask_column(ask, 0, c->field);
  ASK_SQL(ask, "::numeric");
  sc_ask_text(ask, str_from(operators[c->operation]));
  sc_ask_value(ask, u->model, &number, c->held);
  ASK_SQL(ask, ")::money");
}

static void change_text(sc_ask *ask, const update *u, const change *c)
{
  bool scales = c->operation == MULTIPLY || c->operation == DIVIDE;
  sc_ask_name(ask, c->field->column);
  ASK_SQL(ask, " = ");
  if (c->operation == SET_NULL) {
    ASK_SQL(ask, "NULL");
  } else if (scales && c->field->native == SC_NATIVE_MONEY) {
    scale_money(ask, u, c);
  } else {
    if (c->operation != SET) {
      sc_ask_column(ask, 0, c->field);
      sc_ask_text(ask, str_from(operators[c->operation]));
    }
    sc_ask_value(ask, u->model, c->field, c->held);
  }
}

/* UPDATE t SET …; what it applies to is the caller's to add. */
static void update_text(sc_ask *ask, const update *u)
{
  ask->aliases = 1;
  ASK_SQL(ask, "UPDATE ");
  sc_ask_table(ask, u->model, 0);
  ASK_SQL(ask, " SET ");
  for (size_t i = 0; i < u->changes.len; i++) {
    if (i) ASK_SQL(ask, ", ");
    change_text(ask, u, &u->changes.items[i]);
  }
}

static sc_status update_one_statement(const update *u, const sc_selection *returning, sc_statement *out)
{
  buf sql;
  sc_ask ask = sc_write_ask(&u->write, &sql);
  update_text(&ask, u);
  ASK_SQL(&ask, " WHERE ");
  sc_ask_unique(&ask, u->model, 0, u->where);
  if (returning) {
    ASK_SQL(&ask, " RETURNING ");
    sc_ask_columns(&ask, returning, 0);
  }
  return sc_ask_statement(&ask, out);
}

/* ---- one record ---- */

static const change *change_of(const update *u, const sc_field *field)
{
  for (size_t i = 0; i < u->changes.len; i++)
    if (u->changes.items[i].field == field) return &u->changes.items[i];
  return NULL;
}

/* The values of a unique criterion after the change, from those before it: false when they cannot be told. */
static bool key_after(update *u, const sc_unique *unique, char *where)
{
  for (size_t k = 0; k < unique->field_count; k++) {
    const sc_field *field = &u->model->fields[unique->fields[k]];
    const void *before = (const char *)u->where + unique->offsets[k];
    const change *c = change_of(u, field);
    if (sc_ask_given(&u->write.ask, u->model, field, before) != SC_GIVEN || (c && c->operation != SET))
      return false;
    memcpy(where + unique->offsets[k], c ? c->held : before,
           field->flags & SC_FIELD_LIST ? sizeof(sc_list) : sc_held_of(field)->size);
  }
  return true;
}

/* A WhereUnique that finds the record afterwards; NULL when there is none, or memory ran out. */
static const void *where_after(update *u)
{
  for (size_t i = 0; i < u->model->unique_count; i++) {
    char *where = sc_arena_alloc(u->write.mem, u->model->unique_size);
    if (!where || key_after(u, &u->model->uniques[i], where)) return where;
  }
  return NULL;
}

/* What became of the UPDATE whose result stands at `result` when the run is over. */
static sc_status found(const update *u, sc_status s, PGresult *const *result)
{
  if (s != SC_OK) return sc_error_place(u->model);
  return sc_result_count(*result) ? SC_OK : sc_fail_no_record(u->model, "an update");
}

static sc_status update_flat(update *u, const sc_selection *selection, arena *mem, void **record)
{
  sc_statement statement;
  PGresult *result = NULL;
  sc_status s = update_one_statement(u, selection, &statement);
  if (s != SC_OK) return s;
  s = found(u, sc_db_run(u->write.db, &statement, 1, &result), &result);
  if (s == SC_OK && selection) s = sc_decode_rows(selection, result, mem, record);
  sc_results_clear(&result, 1);
  return s;
}

static sc_status decode_one(const update *u, const sc_read *read, PGresult *const *results, arena *mem,
                            void **record)
{
  sc_status s = sc_read_decode(read, results, mem, record);
  return s == SC_OK && !*record ? sc_fail_no_record(u->model, "an update") : s;
}

static sc_status update_and_read(update *u, const void *args, const void *after, arena *mem, void **record)
{
  sc_read read;
  sc_status s = sc_read_one(u->write.db, u->write.mem, u->model, after, args, &u->model->update, &read);
  if (s != SC_OK) return s;
  sc_statement *statements = arena_array(u->write.mem, sc_statement, read.count + 1);
  PGresult **results = arena_array(u->write.mem, PGresult *, read.count + 1);
  s = statements && results ? update_one_statement(u, NULL, statements) : sc_fail_memory();
  if (s == SC_OK) {
    memcpy(statements + 1, read.statements, read.count * sizeof *statements);
    s = found(u, sc_db_run(u->write.db, statements, read.count + 1, results), &results[0]);
    if (s == SC_OK) s = decode_one(u, &read, results + 1, mem, record);
    sc_results_clear(results, read.count + 1);
  }
  sc_read_end(&read);
  return s;
}

/* Runs the statements of a read on a connection. */
static sc_status read_on(update *u, sc_lease *lease, const void *args, const void *where, arena *mem,
                         void **record)
{
  sc_read read;
  sc_status s = sc_read_one(u->write.db, u->write.mem, u->model, where, args, &u->model->update, &read);
  if (s != SC_OK) return s;
  PGresult **results = arena_array(u->write.mem, PGresult *, read.count);
  if (results) {
    if (lease->began) sc_lease_commit_with_next(lease);
    s = sc_lease_run(lease, read.statements, read.count, results);
    if (s == SC_OK) s = decode_one(u, &read, results, mem, record);
    sc_results_clear(results, read.count);
  }
  sc_read_end(&read);
  return results ? s : sc_fail_memory();
}

/* The first unique criterion of the row that an UPDATE returned. */
static sc_status where_of(update *u, const sc_selection *key, const PGresult *result, const void **out)
{
  void *record = NULL;
  char *where = sc_arena_alloc(u->write.mem, u->model->unique_size);
  if (!where) return sc_fail_memory();
  sc_status s = sc_decode_rows(key, result, u->write.mem, &record);
  const sc_unique *unique = &u->model->uniques[0];
  for (size_t k = 0; k < unique->field_count && s == SC_OK; k++) {
    const sc_field *field = &u->model->fields[unique->fields[k]];
    const void *held;
    if (!sc_hold(u->write.mem, field, record, &held)) return sc_fail_memory();
    if (held)
      memcpy(where + unique->offsets[k], held,
             field->flags & SC_FIELD_LIST ? sizeof(sc_list) : sc_held_of(field)->size);
  }
  *out = where;
  return s;
}

static sc_status update_then_read(update *u, const void *args, arena *mem, void **record)
{
  const sc_unique *unique = &u->model->uniques[0];
  sc_selection key = {u->model, unique->fields, unique->field_count, true};
  sc_statement statement;
  PGresult *result = NULL;
  const void *where = NULL;
  sc_lease lease;
  sc_status s = update_one_statement(u, &key, &statement);
  if (s == SC_OK) s = sc_lease_take(u->write.db, &lease);
  if (s != SC_OK) return s;
  s = sc_lease_begin(&lease);
  if (s == SC_OK) s = found(u, sc_lease_run(&lease, &statement, 1, &result), &result);
  if (s == SC_OK) s = where_of(u, &key, result, &where);
  sc_results_clear(&result, 1);
  if (s == SC_OK) s = read_on(u, &lease, args, where, mem, record);
  s = sc_lease_end(&lease, s);
  sc_lease_return(&lease);
  return s;
}

/* Nothing is to change: the record must be there all the same. */
static sc_status only_read(update *u, const void *args, arena *mem, void **record)
{
  if (mem) {
    sc_lease lease;
    sc_status s = sc_lease_take(u->write.db, &lease);
    if (s != SC_OK) return s;
    s = read_on(u, &lease, args, u->where, mem, record);
    sc_lease_return(&lease);
    return s;
  }
  buf sql;
  sc_ask ask = sc_write_ask(&u->write, &sql);
  sc_statement statement;
  PGresult *result = NULL;
  ask.aliases = 1;
  ASK_SQL(&ask, "SELECT 1 FROM ");
  sc_ask_table(&ask, u->model, 0);
  ASK_SQL(&ask, " WHERE ");
  sc_ask_unique(&ask, u->model, 0, u->where);
  sc_status s = sc_ask_statement(&ask, &statement);
  if (s == SC_OK) s = found(u, sc_db_run(u->write.db, &statement, 1, &result), &result);
  sc_results_clear(&result, 1);
  return s;
}

static sc_status update_record(update *u, const void *args, arena *mem, void **record)
{
  sc_selection selection;
  if (!u->changes.len) return only_read(u, args, mem, record);
  if (!mem) return update_flat(u, NULL, NULL, NULL);
  sc_status s = sc_select(&u->write.ask, u->model, args, &u->model->update, &selection);
  if (s != SC_OK) return s;
  if (selection.simple) return update_flat(u, &selection, mem, record);
  const void *after = where_after(u);
  if (u->write.ask.status != SC_OK) return u->write.ask.status;
  return after ? update_and_read(u, args, after, mem, record) : update_then_read(u, args, mem, record);
}

sc_status sc_update(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out)
{
  update u = {.model = model};
  if (!sc_write_begin(&u.write, db, model, mem, out)) return sc_error_last()->status;
  u.where = args ? args : sc_arena_alloc(u.write.mem, model->unique_size);
  sc_status s = u.where ? SC_OK : sc_fail_memory();
  if (s == SC_OK && args) s = read_data(&u, (const char *)args + model->update.data);
  if (s == SC_OK) s = update_record(&u, args, mem, out);
  sc_write_end(&u.write);
  return s;
}

/* ---- many records ---- */

sc_status sc_update_many(const sc_model *model, sc_db *db, const void *args, int64_t *count)
{
  update u = {.model = model};
  int64_t changed = 0;
  if (count) *count = 0;
  if (!sc_write_begin(&u.write, db, model, NULL, NULL)) return sc_error_last()->status;
  sc_statement statement;
  sc_status s = args ? read_data(&u, (const char *)args + model->update_many.data) : SC_OK;
  buf sql;
  sc_ask ask = sc_write_ask(&u.write, &sql);
  if (s == SC_OK) {
    update_text(&ask, &u);
    s = sc_write_filter(&ask, model, args, model->update_many.flag, "update_many");
  }
  if (s == SC_OK) s = sc_ask_statement(&ask, &statement);
  if (s == SC_OK && u.changes.len) s = sc_write_many(&u.write, model, &statement, &changed);
  if (count) *count = changed;
  sc_write_end(&u.write);
  return s;
}
