#include "fmt/complete.h"

#include "fmt/naming.h"
#include "fmt/relate.h"

#include <stdlib.h>

/* Text that is put in front of a byte of a source. */
typedef struct insertion insertion;
struct insertion {
  uint32_t file, at;
  size_t number; /* those at one place stand in the order in which they were found */
  str text;
};

typedef struct completion completion;
struct completion {
  arena *mem;
  const ast_schema *schema;
  fmt_relations *relations;
  VEC(insertion) insertions;
};

static const char *const arity_signs[] = {[AST_REQUIRED] = "", [AST_OPTIONAL] = "?", [AST_LIST] = "[]"};

static void insert(completion *c, uint32_t file, uint32_t at, str text)
{
  vec_push(c->mem, &c->insertions, (insertion){file, at, c->insertions.len, text});
}

/* A line of its own in front of the model's closing brace. */
static void insert_field(completion *c, const fmt_model *model, str line)
{
  insert(c, model->block->place.file, model->block->place.end - 1, line);
}

/* ---- the columns of a foreign key ---- */

/* A column that the key consists of: the one that has its name, or one that is to be added. */
typedef struct key_column key_column;
struct key_column {
  str name;
  const ast_field *refers_to;
  const ast_field *found; /* NULL: to be added */
};

typedef VEC(key_column) key_columns;

static key_columns columns_of(completion *c, const fmt_relation *relation)
{
  key_columns columns = {0};
  fmt_model_read(c->relations, relation->to);
  fmt_model_read(c->relations, relation->from);
  for (size_t i = 0; relation->to->keys.len && i < relation->to->keys.items[0].len; i++) {
    const ast_field *field = relation->to->keys.items[0].items[i];
    str name = fmt_column_name(relation->to->block->name.text, field->name.text, c->mem);
    vec_push(c->mem, &columns, (key_column){name, field, sc_table_get(relation->from->columns, name)});
  }
  return columns;
}

/* The first key of which every column has a value that can be compared. */
static const fmt_key *referenced_key(completion *c, const fmt_relation *relation)
{
  fmt_model_read(c->relations, relation->to);
  for (size_t k = 0; k < relation->to->keys.len; k++) {
    const fmt_key *key = &relation->to->keys.items[k];
    bool strict = true;
    for (size_t i = 0; i < key->len; i++)
      strict = strict && key->items[i]->arity != AST_OPTIONAL && !key->items[i]->unsupported;
    if (strict) return key;
  }
  return NULL;
}

static void write_fields_argument(completion *c, const fmt_relation *relation, buf *out)
{
  key_columns columns = columns_of(c, relation);
  BUF_LIT(out, "fields: [");
  for (size_t i = 0; i < columns.len; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, columns.items[i].name);
  }
  buf_char(out, ']');
}

static void write_references_argument(completion *c, const fmt_relation *relation, buf *out)
{
  const fmt_key *key = referenced_key(c, relation);
  BUF_LIT(out, "references: [");
  for (size_t i = 0; key && i < key->len; i++) {
    if (i) BUF_LIT(out, ", ");
    buf_add(out, key->items[i]->name.text);
  }
  buf_char(out, ']');
}

static void write_relation_attribute(completion *c, const fmt_relation *relation, buf *out)
{
  BUF_LIT(out, " @relation(");
  write_fields_argument(c, relation, out);
  BUF_LIT(out, ", ");
  write_references_argument(c, relation, out);
  buf_char(out, ')');
}

static bool is_scalar(const completion *c, const ast_field *field)
{
  return !field->unsupported && !sc_table_get(c->relations->others, field->type.text);
}

/* @db.… as it was written. */
static str native_type(const completion *c, const ast_field *field)
{
  for (size_t i = 0; i < field->attrs.len; i++) {
    const ast_attr *attr = field->attrs.items[i];
    if (sc_str_find_char(attr->name.text, '.') != SIZE_MAX)
      return span_text(c->schema->sources, attr->full_place);
  }
  return STR("");
}

/* Up to the first that has no scalar type: such a column is never added, nor those behind it. */
static void complete_columns(completion *c, const fmt_relation *relation)
{
  if (relation->forward && relation->forward->fields) return;
  key_columns columns = columns_of(c, relation);
  for (size_t i = 0; i < columns.len; i++) {
    const key_column *column = &columns.items[i];
    if (column->found) continue;
    if (!is_scalar(c, column->refers_to)) return;
    ast_arity arity = relation->forward ? relation->forward->field->arity : AST_OPTIONAL;
    str native = native_type(c, column->refers_to);
    insert_field(c, relation->from,
                 sc_str_format(c->mem, "%.*s %.*s%s %.*s\n", STR_ARG(column->name),
                               STR_ARG(column->refers_to->type.text), arity_signs[arity], STR_ARG(native)));
  }
}

/* ---- the fields of both sides ---- */

static bool is_ignored(const fmt_model *model)
{
  for (size_t i = 0; i < model->block->items.len; i++) {
    const ast_item *item = model->block->items.items[i];
    if (item->kind == AST_BLOCK_ATTR && str_eq(item->as.attr->name.text, STR("ignore"))) return true;
  }
  return false;
}

static void add_back_field(completion *c, const fmt_relation *relation)
{
  str type = relation->from->block->name.text;
  str name = fmt_camel_case(type, c->mem);
  if (!relation->one_to_one) name = fmt_plural(name, c->mem);
  insert_field(c, relation->to,
               sc_str_format(c->mem, "%.*s %.*s%s%s\n", STR_ARG(name), STR_ARG(type),
                             arity_signs[relation->one_to_one ? AST_OPTIONAL : AST_LIST],
                             is_ignored(relation->from) ? " @ignore" : ""));
}

static void add_forward_field(completion *c, const fmt_relation *relation)
{
  str type = relation->to->block->name.text;
  key_columns columns = columns_of(c, relation);
  bool optional = false;
  for (size_t i = 0; i < columns.len; i++) {
    const ast_field *found = columns.items[i].found;
    optional = optional || !found || found->arity == AST_OPTIONAL;
  }
  buf line = {.mem = c->mem};
  buf_add(&line, fmt_camel_case(type, c->mem));
  buf_char(&line, ' ');
  buf_add(&line, type);
  if (optional) buf_char(&line, '?');
  write_relation_attribute(c, relation, &line);
  buf_char(&line, '\n');
  insert_field(c, relation->from, buf_str(&line));
}

/* ---- @relation of a field that is there ---- */

static void add_attribute(completion *c, const fmt_relation *relation)
{
  const ast_field *field = relation->forward->field;
  str file = c->schema->sources->items[field->type_place.file].text;
  uint32_t at = field->type_place.end;
  while (at < file.len && sc_str_find_char(STR("[]?!"), file.ptr[at]) != SIZE_MAX)
    at++; /* behind the modifier */
  buf text = {.mem = c->mem};
  write_relation_attribute(c, relation, &text);
  insert(c, field->type_place.file, at, buf_str(&text));
}

static void add_arguments(completion *c, const fmt_relation *relation)
{
  const fmt_side *side = relation->forward;
  const ast_args *args = side->attr->args;
  if (side->fields && side->references) return;
  buf text = {.mem = c->mem};
  if (!args->present)
    buf_char(&text, '(');
  else if (args->len)
    BUF_LIT(&text, ", ");
  if (!side->fields) write_fields_argument(c, relation, &text);
  if (!side->fields && !side->references) BUF_LIT(&text, ", ");
  if (!side->references) write_references_argument(c, relation, &text);
  if (!args->present) buf_char(&text, ')');
  span place = side->attr->full_place;
  insert(c, place.file, args->present ? place.end - 1 : place.end, buf_str(&text));
}

static void complete_relation(completion *c, const fmt_relation *relation)
{
  if (!relation->back) add_back_field(c, relation);
  if (!relation->forward) add_forward_field(c, relation);
  complete_columns(c, relation);
  if (!relation->forward) return;
  if (relation->forward->attr)
    add_arguments(c, relation);
  else
    add_attribute(c, relation);
}

/* ---- the sources anew ---- */

static int by_place(const void *a, const void *b)
{
  const insertion *x = a, *y = b;
  if (x->file != y->file) return x->file < y->file ? -1 : 1;
  if (x->at != y->at) return x->at < y->at ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static const source_set *edited(completion *c)
{
  const source_set *old = c->schema->sources;
  source_set *sources = arena_new(c->mem, source_set);
  qsort(c->insertions.items, c->insertions.len, sizeof *c->insertions.items, by_place);
  size_t next = 0;
  for (uint32_t file = 0; file < old->len; file++) {
    buf text = {.mem = c->mem};
    size_t done = 0;
    for (; next < c->insertions.len && c->insertions.items[next].file == file; next++) {
      const insertion *found = &c->insertions.items[next];
      buf_add(&text, str_slice(old->items[file].text, done, found->at));
      buf_add(&text, found->text);
      done = found->at;
    }
    buf_add(&text, str_slice(old->items[file].text, done, old->items[file].text.len));
    vec_push(c->mem, sources, ((source){old->items[file].path, buf_str(&text)}));
  }
  return sources;
}

const source_set *fmt_complete(const ast_schema *schema, arena *mem)
{
  completion c = {.mem = mem, .schema = schema, .relations = fmt_relate(schema, mem)};
  for (size_t i = 0; i < c.relations->list.len; i++) complete_relation(&c, &c.relations->list.items[i]);
  return c.insertions.len ? edited(&c) : NULL;
}
