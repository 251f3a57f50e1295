#include "engine/decode.h"

#include "engine/held.h"
#include "engine/read.h"
#include "engine/relation.h"
#include "error/error.h"

#include <limits.h>

/* ---- cells ---- */

enum { TEXT_PIECE = 8 * 1024 };

static char *text_room(sc_texts *texts, size_t size)
{
  if (size > texts->left) {
    if (size > TEXT_PIECE / 4) return sc_arena_raw(texts->mem, size);
    size_t piece = texts->next ? TEXT_PIECE : 256; /* most results are one record */
    if (piece < size) piece = size;
    texts->next = sc_arena_raw(texts->mem, piece);
    texts->left = texts->next ? piece : 0;
    if (!texts->next) return NULL;
  }
  char *room = texts->next;
  texts->next += size;
  texts->left -= size;
  return room;
}

static sc_status decode_text(sc_texts *texts, str cell, char *place)
{
  char *copy = text_room(texts, cell.len + 1);
  if (!copy) return sc_fail_memory();
  memcpy(copy, cell.ptr, cell.len);
  copy[cell.len] = '\0';
  memcpy(place, &copy, sizeof copy);
  return SC_OK;
}

static sc_status enum_number(const sc_field *field, str label, int32_t *out)
{
  const sc_enum *type = field->enum_;
  for (uint32_t i = 0; label.ptr && i < type->value_count; i++) {
    const char *name = type->values[i].db_name;
    if (strncmp(name, label.ptr, label.len) != 0 || name[label.len]) continue;
    *out = (int32_t)i + 1;
    return SC_OK;
  }
  return sc_fail_as(SC_DATABASE_ERROR, "P2023",
                    "Inconsistent column data: Value '%.*s' not found in enum '%s'", STR_ARG(label),
                    type->name);
}

static sc_status decode_enums(const sc_column *column, arena *mem, str cell, char *place)
{
  sc_list labels, numbers = {0};
  sc_status status = sc_codec_decode_array(column->codec, mem, cell, &labels);
  int32_t *items = arena_array(mem, int32_t, labels.len);
  if (status != SC_OK) return status;
  if (!items) return sc_fail_memory();
  const char *const *names = labels.items;
  for (size_t i = 0; i < labels.len && status == SC_OK; i++)
    status = enum_number(column->field, str_from(names[i]), &items[i]);
  numbers = (sc_list){labels.len ? items : NULL, labels.len};
  memcpy(place, &numbers, sizeof numbers);
  return status;
}

static sc_status decode_cell(const sc_column *column, sc_texts *texts, str cell, char *place)
{
  char *value = place;
  sc_list list;
  sc_status status;
  switch ((sc_column_kind)column->kind) {
  case SC_COLUMN_TEXT: return decode_text(texts, cell, place);
  case SC_COLUMN_VALUE: return column->codec->decode_binary(texts->mem, cell, place);
  case SC_COLUMN_POINTER:
    value = sc_arena_alloc(texts->mem, column->codec->size);
    memcpy(place, &value, sizeof value);
    return value ? column->codec->decode_binary(texts->mem, cell, value) : sc_fail_memory();
  case SC_COLUMN_ENUM: return enum_number(column->field, cell, (int32_t *)(void *)place);
  case SC_COLUMN_ENUM_POINTER:
    value = sc_arena_alloc(texts->mem, sizeof(int32_t));
    memcpy(place, &value, sizeof value);
    return value ? enum_number(column->field, cell, (int32_t *)(void *)value) : sc_fail_memory();
  case SC_COLUMN_LIST:
    status = sc_codec_decode_array(column->codec, texts->mem, cell, &list);
    if (status == SC_OK) memcpy(place, &list, sizeof list);
    return status;
  case SC_COLUMN_ENUM_LIST: return decode_enums(column, texts->mem, cell, place);
  }
  return SC_OK;
}

/* One row's columns into a zeroed record. */
static sc_status decode_columns(const sc_column *columns, size_t count, const PGresult *result, int row,
                                sc_texts *texts, char *record)
{
  for (size_t i = 0; i < count; i++) {
    const sc_column *column = &columns[i];
    int length = PQgetlength(result, row, column->column);
    if (length == 0 && PQgetisnull(result, row, column->column)) continue;
    str cell = {PQgetvalue(result, row, column->column), (size_t)length};
    sc_status status = decode_cell(column, texts, cell, record + column->offset);
    if (status == SC_OK) continue;
    if (status != SC_NO_MEMORY) sc_error_name(NULL, &column->field->name, 1);
    return status;
  }
  return SC_OK;
}

/* ---- groups ---- */

static const PGresult *result_of(const sc_decoding *d, const sc_node *node)
{
  return d->results[node->statement];
}

sc_status sc_decoding_group(sc_decoding *d, const sc_node *node)
{
  const sc_fetched *parents = &d->nodes[node->parent];
  return sc_groups_make(&d->groups[node->number], d->texts.mem,
                        result_of(d, d->plan->nodes.items[node->parent]), parents->rows, parents->count,
                        &node->parent_keys);
}

static void put32(buf *out, uint32_t value)
{
  char bytes[4] = {(char)(value >> 24), (char)(value >> 16), (char)(value >> 8), (char)value};
  buf_add(out, (str){bytes, 4});
}

/* array_recv's format: dimensions, NULLs, element type, length, lower bound, then each element with its
 * length. The elements are as they were received. */
sc_status sc_decoding_keys(sc_decoding *d, const sc_node *node, unsigned i, sc_param *out)
{
  const sc_node *parent = d->plan->nodes.items[node->parent];
  const sc_groups *groups = &d->groups[node->number];
  const sc_codec *codec = sc_codec_of(parent->model->fields[node->relation->here[i]].native);
  bool typed = codec->array_oid != 0; /* enums and citext travel as text, with a cast in the SQL */
  buf bytes = {.mem = d->texts.mem};
  sc_buf_reserve(&bytes, 20 + (size_t)groups->count * 12);
  put32(&bytes, groups->count ? 1 : 0);
  put32(&bytes, 0);
  put32(&bytes, typed ? codec->oid : 25);
  if (groups->count) {
    put32(&bytes, groups->count);
    put32(&bytes, 1);
  }
  for (uint32_t g = 0; g < groups->count; g++) {
    str cell = groups->keys[g * groups->width + i];
    put32(&bytes, (uint32_t)cell.len);
    buf_add(&bytes, cell);
  }
  if (bytes.broken || bytes.len > INT_MAX) return sc_fail_memory();
  *out = (sc_param){bytes.ptr, (int)bytes.len, 1, typed ? codec->array_oid : 1009};
  return SC_OK;
}

/* ---- nodes ---- */

static sc_status make_room(sc_decoding *d, const sc_node *node, size_t count)
{
  sc_fetched *fetched = &d->nodes[node->number];
  fetched->records = sc_arena_array(d->texts.mem, count, node->model->record_size);
  fetched->rows = sc_arena_raw(d->texts.mem, count * sizeof(int));
  fetched->count = (uint32_t)count;
  return fetched->records && fetched->rows ? SC_OK : sc_fail_memory();
}

static sc_status fill(sc_decoding *d, const sc_node *node)
{
  const sc_fetched *fetched = &d->nodes[node->number];
  const PGresult *result = result_of(d, node);
  const sc_model *model = node->model;
  for (uint32_t i = 0; i < fetched->count; i++) {
    char *record = fetched->records + (size_t)i * model->record_size;
    memcpy(record + model->loaded, node->loaded, node->loaded_words * sizeof(uint32_t));
    sc_status status =
        decode_columns(node->columns.items, node->columns.len, result, fetched->rows[i], &d->texts, record);
    if (status != SC_OK) return status;
    for (size_t c = 0; c < node->counts.len; c++) {
      const sc_counted *count = &node->counts.items[c];
      str cell = sc_cell_at(result, fetched->rows[i], count->column);
      status = sc_codec_decode(sc_codec_of(SC_NATIVE_BIGINT), d->texts.mem, cell, true,
                               record + model->counts + count->slot * sizeof(int64_t));
      if (status != SC_OK) return status;
    }
  }
  return SC_OK;
}

static sc_status decode_root(sc_decoding *d, const sc_node *node)
{
  int rows = PQntuples(result_of(d, node));
  sc_status status = make_room(d, node, (size_t)rows);
  if (status != SC_OK) return status;
  for (int i = 0; i < rows; i++) d->nodes[node->number].rows[i] = node->backwards ? rows - 1 - i : i;
  return fill(d, node);
}

static sc_status decode_joined(sc_decoding *d, const sc_node *node)
{
  const sc_fetched *parents = &d->nodes[node->parent];
  const sc_model *owner = d->plan->nodes.items[node->parent]->model;
  const PGresult *result = result_of(d, node);
  size_t count = 0, next = 0;
  for (uint32_t i = 0; i < parents->count; i++)
    count += !PQgetisnull(result, parents->rows[i], node->present);
  sc_status status = make_room(d, node, count);
  if (status != SC_OK) return status;
  sc_fetched *fetched = &d->nodes[node->number];
  for (uint32_t i = 0; i < parents->count; i++) {
    if (PQgetisnull(result, parents->rows[i], node->present)) continue;
    char *record = fetched->records + next * node->model->record_size;
    fetched->rows[next++] = parents->rows[i];
    memcpy(parents->records + (size_t)i * owner->record_size + node->relation->record, &record,
           sizeof record);
  }
  return fill(d, node);
}

/* Where each group's records begin (ends[g] - counts) and end, from each row's group. */
static uint32_t *group_ends(const sc_decoding *d, const sc_node *node, uint32_t *groups_of_rows,
                            size_t *total)
{
  const sc_groups *groups = &d->groups[node->number];
  const PGresult *result = result_of(d, node);
  uint32_t *ends = arena_array(d->texts.mem, uint32_t, (size_t)groups->count + 1);
  if (!ends) return NULL;
  int rows = PQntuples(result);
  for (int row = 0; row < rows; row++) {
    uint32_t group = sc_groups_find(groups, result, row, &node->keys);
    groups_of_rows[row] = group; /* none: a row that another transaction committed between two statements */
    if (group != SC_NO_GROUP) ends[group + 1]++;
  }
  for (uint32_t g = 0; g < groups->count; g++) ends[g + 1] += ends[g];
  *total = ends[groups->count];
  return ends;
}

static void give_lists(sc_decoding *d, const sc_node *node, const uint32_t *starts)
{
  const sc_fetched *parents = &d->nodes[node->parent], *fetched = &d->nodes[node->number];
  const sc_groups *groups = &d->groups[node->number];
  const sc_model *owner = d->plan->nodes.items[node->parent]->model;
  for (uint32_t i = 0; i < parents->count; i++) {
    uint32_t g = groups->of_parent[i];
    if (g == SC_NO_GROUP || starts[g] == starts[g + 1]) continue;
    sc_list list = {fetched->records + (size_t)starts[g] * node->model->record_size,
                    starts[g + 1] - starts[g]};
    memcpy(parents->records + (size_t)i * owner->record_size + node->relation->record, &list, sizeof list);
  }
}

static sc_status decode_many(sc_decoding *d, const sc_node *node)
{
  arena *mem = d->texts.mem;
  int rows = PQntuples(result_of(d, node));
  uint32_t *group_of_row = sc_arena_raw(mem, (size_t)rows * sizeof(uint32_t));
  size_t total = 0;
  uint32_t *starts = group_of_row ? group_ends(d, node, group_of_row, &total) : NULL;
  uint32_t *next =
      starts ? sc_arena_raw(mem, ((size_t)d->groups[node->number].count + 1) * sizeof(uint32_t)) : NULL;
  if (!next) return sc_fail_memory();
  sc_status status = make_room(d, node, total);
  if (status != SC_OK) return status;
  memcpy(next, starts, ((size_t)d->groups[node->number].count + 1) * sizeof(uint32_t));
  for (int i = 0; i < rows; i++) {
    int row = node->backwards ? rows - 1 - i : i;
    if (group_of_row[row] != SC_NO_GROUP) d->nodes[node->number].rows[next[group_of_row[row]]++] = row;
  }
  give_lists(d, node, starts);
  return fill(d, node);
}

sc_status sc_decoding_start(sc_decoding *d, const sc_plan *plan, PGresult **results, arena *mem)
{
  *d = (sc_decoding){.plan = plan, .results = results, .texts = {.mem = mem}};
  d->nodes = arena_array(mem, sc_fetched, plan->nodes.len);
  d->groups = arena_array(mem, sc_groups, plan->nodes.len);
  return d->nodes && d->groups ? SC_OK : sc_fail_memory();
}

sc_status sc_decoding_node(sc_decoding *d, const sc_node *node)
{
  if (!node->relation) return decode_root(d, node);
  return node->joined ? decode_joined(d, node) : decode_many(d, node);
}

/* ---- for writes ---- */

sc_status sc_decode_rows(const sc_selection *selection, const PGresult *result, arena *mem, void **records)
{
  const sc_model *model = selection->model;
  size_t rows = (size_t)PQntuples(result), count = selection->field_count;
  sc_column *columns = arena_array(mem, sc_column, count);
  char *all = sc_arena_array(mem, rows, model->record_size);
  sc_texts texts = {.mem = mem};
  *records = all;
  if (!columns || !all) return sc_fail_memory();
  for (unsigned i = 0; i < count; i++) columns[i] = sc_column_of(&model->fields[selection->fields[i]], i);
  for (size_t row = 0; row < rows; row++) {
    char *record = all + row * model->record_size;
    for (unsigned i = 0; i < count; i++) {
      uint32_t *loaded = (uint32_t *)(void *)(record + model->loaded);
      loaded[selection->fields[i] / 32] |= (uint32_t)1 << selection->fields[i] % 32;
    }
    sc_status status = decode_columns(columns, count, result, (int)row, &texts, record);
    if (status != SC_OK) return status;
  }
  return SC_OK;
}
