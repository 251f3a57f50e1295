/* Many records at once.
 *
 * Rows travel as one array a column, taken apart by unnest: one statement for thousands of rows, and the same
 * text for any number of them (the fastest way that was measured below COPY). An INSERT cannot say DEFAULT
 * for some of its rows only, so a statement takes a *run* of rows that leave the same fields to the database.
 * Lists have no array of arrays that unnest would take apart: runs with lists, and those that give no column
 * at all, go row by row, in the same pipeline. Ids of autoincrement follow the order of the rows. */
#include "engine/held.h"
#include "engine/write.h"

enum { MOST_ROWS = 10000 }; /* of one statement */

typedef struct many {
  sc_write write;
  const sc_model *model;
  sc_list data;
  sc_source *sources; /* row by row */
  bool skip_duplicates;
  VEC(sc_statement) statements;
} many;

static sc_source *row_at(const many *m, size_t row)
{
  return m->sources + row * m->model->field_count;
}

/* ---- reading the rows ---- */

static bool nothing_nested(many *m, const void *data)
{
  sc_ask *ask = &m->write.ask;
  for (size_t r = 0; r < m->model->relation_count; r++) {
    const sc_relation *relation = &m->model->relations[r];
    bool one = relation->kind == SC_TO_ONE || relation->kind == SC_TO_ONE_BACK;
    size_t second = relation->create + (one ? sizeof(void *) : sizeof(sc_list));
    if (!sc_pointer_at(data, relation->create) && !sc_pointer_at(data, second)) continue;
    sc_ask_fail(ask, SC_INVALID_ARGUMENT, m->model, relation->name,
                "Argument `%s`: a create of many records takes no nested ones.", relation->name);
    return false;
  }
  return true;
}

static sc_status read_rows(many *m)
{
  const sc_model *model = m->model;
  sc_ask *ask = &m->write.ask;
  if (model->field_count && m->data.len > SIZE_MAX / model->field_count) return sc_ask_broken(ask);
  m->sources = arena_array(m->write.mem, sc_source, m->data.len * model->field_count);
  if (!m->sources) return sc_ask_broken(ask);
  for (size_t i = 0; i < m->data.len && ask->status == SC_OK; i++) {
    const void *data = (const char *)m->data.items + i * model->create_size;
    if (!nothing_nested(m, data)) break;
    sc_plan_scalars(&m->write, model, data, row_at(m, i));
    sc_plan_defaults(&m->write, model, row_at(m, i));
  }
  return ask->status;
}

/* ---- runs ---- */

static bool left_to_database(const sc_field *field, const sc_source *source)
{
  return source->kind == SC_SOURCE_NONE && field->flags & (SC_FIELD_HAS_DEFAULT | SC_FIELD_READ_ONLY);
}

static bool same_run(const many *m, size_t a, size_t b)
{
  for (size_t i = 0; i < m->model->field_count; i++) {
    const sc_field *field = &m->model->fields[i];
    if (left_to_database(field, row_at(m, a) + i) != left_to_database(field, row_at(m, b) + i)) return false;
  }
  return true;
}

static size_t run_end(const many *m, size_t from)
{
  size_t to = from + 1;
  while (to < m->data.len && to - from < MOST_ROWS && same_run(m, from, to)) to++;
  return to;
}

static bool any_of_kind(const many *m, size_t from, size_t to, size_t field, sc_source_kind kind)
{
  for (size_t row = from; row < to; row++)
    if (row_at(m, row)[field].kind == kind) return true;
  return false;
}

/* Whether unnest can carry the run. */
static bool by_column(const many *m, size_t from, size_t to)
{
  bool any = false;
  for (size_t i = 0; i < m->model->field_count; i++) {
    bool given = any_of_kind(m, from, to, i, SC_SOURCE_VALUE);
    if (given && m->model->fields[i].flags & SC_FIELD_LIST) return false;
    any = any || given;
  }
  return any;
}

/* ---- statements ---- */

static void add_statement(many *m, sc_status s, const sc_statement *statement)
{
  if (m->write.ask.status != SC_OK) return;
  m->write.ask.status = s;
  if (s == SC_OK && !vec_push(m->write.mem, &m->statements, *statement)) sc_ask_broken(&m->write.ask);
}

static void add_rows(many *m, size_t from, size_t to)
{
  sc_step step = {.kind = SC_STEP_INSERT, .model = m->model, .skip_duplicates = m->skip_duplicates};
  for (size_t row = from; row < to && m->write.ask.status == SC_OK; row++) {
    sc_statement statement;
    step.sources = row_at(m, row);
    add_statement(m, sc_step_statement(&m->write, &step, NULL, &statement), &statement);
  }
}

/* The values of a column as one array parameter. */
static void column_values(many *m, sc_ask *ask, size_t from, size_t to, size_t index)
{
  const sc_field *field = &m->model->fields[index];
  size_t size = sc_held_of(field)->size, count = to - from;
  char *values = sc_arena_array(m->write.mem, count, size);
  bool *missing = arena_array(m->write.mem, bool, count);
  if (!values || !missing) {
    sc_ask_broken(ask);
    return;
  }
  bool any = false;
  for (size_t i = 0; i < count; i++) {
    const sc_source *source = row_at(m, from + i) + index;
    missing[i] = source->kind != SC_SOURCE_VALUE;
    any = any || missing[i];
    if (!missing[i]) memcpy(values + i * size, source->held, size);
  }
  sc_ask_array(ask, m->model, field, values, size, count, any ? missing : NULL);
}

/* INSERT INTO t (a, b) SELECT u.c0, u.c1 FROM unnest($1, $2) AS u(c0, c1): its four lists of columns. */
typedef enum column_part { PART_NAME, PART_VALUE, PART_ARRAY, PART_ALIAS } column_part;

static void column_part_text(many *m, sc_ask *ask, size_t from, size_t to, column_part part)
{
  size_t written = 0;
  for (size_t i = 0; i < m->model->field_count; i++) {
    const sc_field *field = &m->model->fields[i];
    bool array = any_of_kind(m, from, to, i, SC_SOURCE_VALUE);
    bool constant = !array && row_at(m, from)[i].kind != SC_SOURCE_NONE;
    if (!array && (!constant || part == PART_ARRAY || part == PART_ALIAS)) continue;
    if (written++) ASK_SQL(ask, ", ");
    if (part == PART_NAME) sc_ask_name(ask, field->column);
    if (part == PART_ARRAY) column_values(m, ask, from, to, i);
    if (part == PART_VALUE && constant)
      sc_ask_text(ask, row_at(m, from)[i].kind == SC_SOURCE_EMPTY ? STR("'{}'") : STR("NULL"));
    if (part == PART_ALIAS || (part == PART_VALUE && array)) {
      sc_ask_text(ask, part == PART_VALUE ? STR("u.c") : STR("c"));
      sc_ask_number(ask, (int64_t)i);
    }
  }
}

static void add_run(many *m, size_t from, size_t to)
{
  buf sql;
  sc_ask ask = sc_write_ask(&m->write, &sql);
  ASK_SQL(&ask, "INSERT INTO ");
  sc_ask_table(&ask, m->model, 0);
  ASK_SQL(&ask, " (");
  column_part_text(m, &ask, from, to, PART_NAME);
  ASK_SQL(&ask, ") SELECT ");
  column_part_text(m, &ask, from, to, PART_VALUE);
  ASK_SQL(&ask, " FROM unnest(");
  column_part_text(m, &ask, from, to, PART_ARRAY);
  ASK_SQL(&ask, ") AS u(");
  column_part_text(m, &ask, from, to, PART_ALIAS);
  ASK_SQL(&ask, ")");
  if (m->skip_duplicates) ASK_SQL(&ask, " ON CONFLICT DO NOTHING");
  sc_statement statement;
  add_statement(m, sc_ask_statement(&ask, &statement), &statement);
}

static sc_status run_statements(many *m, int64_t *count)
{
  size_t n = m->statements.len;
  PGresult **results = arena_array(m->write.mem, PGresult *, n);
  if (!results) return sc_fail_memory();
  sc_status s = sc_db_run(m->write.db, m->statements.items, n, results);
  if (s != SC_OK) s = sc_error_place(m->model);
  for (size_t i = 0; i < n && s == SC_OK; i++) *count += sc_result_count(results[i]);
  sc_results_clear(results, n);
  return s;
}

sc_status sc_create_many(const sc_model *model, sc_db *db, const void *args, int64_t *count)
{
  int64_t ignored;
  if (!count) count = &ignored;
  *count = 0;
  many m = {.model = model};
  if (!sc_write_begin(&m.write, db, model, NULL, NULL)) return sc_error_last()->status;
  if (args) {
    m.data = sc_list_at(args, 0);
    m.skip_duplicates = *((const bool *)args + model->create_many.flag);
    if (sc_given_list(&m.write.ask, model, "data", &m.data) != SC_GIVEN) m.data.len = 0;
  }
  if (m.data.len && m.write.ask.status == SC_OK) read_rows(&m);
  for (size_t from = 0, to; from < m.data.len && m.write.ask.status == SC_OK; from = to) {
    to = run_end(&m, from);
    (by_column(&m, from, to) ? add_run : add_rows)(&m, from, to);
  }
  sc_status s = m.write.ask.status;
  if (s == SC_OK && m.statements.len) s = run_statements(&m, count);
  if (s != SC_OK) *count = 0;
  sc_write_end(&m.write);
  return s;
}
