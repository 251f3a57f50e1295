/* Introspection: the blocks of the schema, those of before where they stood, and new ones behind them. */
#include "sql/raise_inside.h"

#include <stdlib.h>

raise_model *raise_find_model(const raiser *r, str schema, str table)
{
  for (size_t i = 0; i < r->models.len; i++) {
    const sql_table *found = r->models.items[i]->table;
    if (str_eq(found->name, table) && sql_namespace_same(r->live, found->schema, r->live, schema))
      return r->models.items[i];
  }
  return NULL;
}

const raise_enum *raise_find_enum(const raiser *r, str schema, str name)
{
  for (size_t i = 0; i < r->enums.len; i++) {
    const sql_enum *found = r->enums.items[i]->type;
    if (str_eq(found->name, name) && sql_namespace_same(r->live, found->schema, r->live, schema))
      return r->enums.items[i];
  }
  return NULL;
}

str raise_column_name(const raise_model *model, str column)
{
  for (size_t i = 0; i < model->table->column_count; i++)
    if (str_eq(model->table->columns[i].name, column)) return model->fields.items[i];
  return column;
}

void raise_note(raiser *r, sql_note_kind kind, str text)
{
  vec_push(r->mem, &r->notes, (sql_note){kind, text});
}

/* ---- files ---- */

static bool is_dropped(const raiser *r, const ast_block *block)
{
  switch (block->kind) {
  case AST_MODEL:
    for (size_t i = 0; i < r->models.len; i++)
      if (r->models.items[i]->old && r->models.items[i]->old->ast == block) return false;
    return true;
  case AST_ENUM:
    for (size_t i = 0; i < r->enums.len; i++)
      if (r->enums.items[i]->old && r->enums.items[i]->old->ast == block) return false;
    return true;
  case AST_TYPE:
  case AST_BLOCK_INVALID: return true;
  case AST_VIEW: return r->forget;
  case AST_DATASOURCE:
  case AST_GENERATOR:
  case AST_BLOCK_COMMENT: break;
  }
  return false;
}

/* A comment that leads to a block that goes, goes with it. */
static bool comment_dropped(const raiser *r, size_t at)
{
  for (size_t i = at; i < r->ast->blocks.len; i++) {
    const ast_block *block = r->ast->blocks.items[i];
    if (block->place.file != r->ast->blocks.items[at]->place.file) return false;
    if (i > at && block->blank_before) return false;
    if (block->kind != AST_BLOCK_COMMENT) return is_dropped(r, block);
  }
  return false;
}

static void print_schemas(const raiser *r, buf *out)
{
  BUF_LIT(out, "  schemas = [");
  for (size_t i = 0; i < r->schema_count; i++) {
    if (i) BUF_LIT(out, ", ");
    raise_string(r->schemas[i], out);
  }
  BUF_LIT(out, "]\n");
}

/* The datasource with other `schemas`: where they stood, or at its end. */
static void change_schemas(const raiser *r, const ast_block *block, buf *out)
{
  str text = span_text(r->ast->sources, block->place);
  size_t from = text.len - 1, to = from; /* the closing brace */
  for (size_t i = 0; i < block->items.len; i++) {
    const ast_item *item = block->items.items[i];
    if (item->kind != AST_PROPERTY || !str_eq(item->as.property->key.text, STR("schemas"))) continue;
    from = item->place.start - block->place.start;
    to = item->place.end - block->place.start;
  }
  buf_add(out, str_slice(text, 0, from));
  print_schemas(r, out);
  buf_add(out, str_slice(text, to, text.len));
  buf_char(out, '\n');
}

static void keep_block(raiser *r, const ast_block *block, buf *out)
{
  if (block->kind == AST_DATASOURCE && r->schema_count) {
    change_schemas(r, block, out);
    return;
  }
  for (size_t i = 0; i < r->models.len; i++)
    if (r->models.items[i]->old && r->models.items[i]->old->ast == block) {
      raise_print_model(r, r->models.items[i], out);
      return;
    }
  for (size_t i = 0; i < r->enums.len; i++)
    if (r->enums.items[i]->old && r->enums.items[i]->old->ast == block) {
      raise_print_enum(r, r->enums.items[i], out);
      return;
    }
  buf_add(out, span_text(r->ast->sources, block->place));
  buf_char(out, '\n');
}

static void new_models(raiser *r, buf *out)
{
  for (size_t i = 0; i < r->models.len; i++)
    if (!r->models.items[i]->old) {
      buf_char(out, '\n');
      raise_print_model(r, r->models.items[i], out);
    }
  for (size_t i = 0; i < r->views.len; i++) {
    buf_char(out, '\n');
    raise_print_model(r, r->views.items[i], out);
  }
}

static void new_enums(raiser *r, buf *out)
{
  for (size_t i = 0; i < r->enums.len; i++)
    if (!r->enums.items[i]->old) {
      buf_char(out, '\n');
      raise_print_enum(r, r->enums.items[i], out);
    }
}

/* New models follow the last model, or else what is in front of the first enum. */
static size_t place_of_new(const raiser *r, uint32_t file)
{
  size_t behind = 0;
  bool model = false;
  for (size_t i = 0; i < r->ast->blocks.len; i++) {
    const ast_block *block = r->ast->blocks.items[i];
    if (block->place.file != file || is_dropped(r, block)) continue;
    if (block->kind == AST_MODEL)
      model = true;
    else if (model || (block->kind != AST_DATASOURCE && block->kind != AST_GENERATOR))
      continue;
    behind = i + 1;
  }
  return behind;
}

static str write_file(raiser *r, uint32_t file, bool takes_new)
{
  buf out = {.mem = r->mem};
  size_t place = takes_new ? place_of_new(r, file) : SIZE_MAX;
  for (size_t i = 0; i <= r->ast->blocks.len; i++) {
    if (i == place) new_models(r, &out);
    if (i == r->ast->blocks.len) break;
    const ast_block *block = r->ast->blocks.items[i];
    if (block->place.file != file || is_dropped(r, block)) continue;
    if (block->kind == AST_BLOCK_COMMENT && comment_dropped(r, i)) continue;
    if (out.len && block->blank_before) buf_char(&out, '\n');
    keep_block(r, block, &out);
  }
  if (takes_new) new_enums(r, &out);
  return buf_str(&out);
}

/* New blocks go to the only file, else to introspected.prisma beside the first. */
static void write_files(raiser *r, sql_raised *out)
{
  const source_set *sources = r->ast->sources;
  bool several = sources->len > 1;
  for (size_t i = 0; i < sources->len; i++) {
    str base = sources->items[i].path;
    bool takes_new = !several || str_ends(base, STR("introspected.prisma"));
    if (takes_new) several = false;
    vec_push(r->mem, &out->sources, (source){base, write_file(r, (uint32_t)i, takes_new)});
  }
  if (!several) return;
  buf text = {.mem = r->mem};
  new_models(r, &text);
  new_enums(r, &text);
  str first = sources->items[0].path;
  size_t slash = first.len;
  while (slash && first.ptr[slash - 1] != '/') slash--;
  str path = sc_str_format(r->mem, "%.*sintrospected.prisma", STR_ARG(str_slice(first, 0, slash)));
  if (text.len) vec_push(r->mem, &out->sources, (source){path, buf_str(&text)});
}

/* ---- notes ---- */

/* The kinds of others that have a heading of their own, and those that go with another. */
static const struct {
  str kind;
  sql_note_kind note;
} special[] = {
    {STR_INIT("partitioned table"), SQL_NOTE_PARTITIONED},
    {STR_INIT("inherited table"), SQL_NOTE_INHERITED},
    {STR_INIT("row level security"), SQL_NOTE_ROW_SECURITY},
    {STR_INIT("exclusion constraint"), SQL_NOTE_EXCLUSION},
};

static void note_other(raiser *r, const sql_other *other)
{
  str table = other->table;
  for (size_t i = 0; i < r->models.len; i++)
    if (str_eq(r->models.items[i]->table->name, table)) table = r->models.items[i]->name;
  for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
    if (!str_eq(special[i].kind, other->kind)) continue;
    str line = special[i].note == SQL_NOTE_EXCLUSION
                   ? sc_str_format(r->mem, "Model: \"%.*s\", constraint: \"%.*s\"", STR_ARG(table),
                                   STR_ARG(other->name))
                   : sc_str_format(r->mem, "\"%.*s\"", STR_ARG(table));
    raise_note(r, special[i].note, line);
    return;
  }
  if (other->table.len)
    raise_note(r, SQL_NOTE_OTHER,
               sc_str_format(r->mem, "%.*s \"%.*s\" on \"%.*s\"", STR_ARG(other->kind), STR_ARG(other->name),
                             STR_ARG(table)));
  else
    raise_note(r, SQL_NOTE_OTHER,
               sc_str_format(r->mem, "%.*s \"%.*s\"", STR_ARG(other->kind), STR_ARG(other->name)));
}

static bool is_said_view(const raiser *r, const sql_other *other)
{
  if (!str_eq(other->kind, STR("view"))) return false;
  for (size_t i = 0; i < r->views.len; i++)
    if (str_eq(r->views.items[i]->table->name, other->name)) return true;
  for (size_t i = 0; !r->forget && i < r->previous->model_count; i++)
    if (r->previous->models[i]->is_view && str_eq(r->previous->models[i]->db_name, other->name)) return true;
  return false;
}

static void note_all(raiser *r)
{
  for (size_t i = 0; i < r->models.len; i++) {
    const raise_model *model = r->models.items[i];
    if (!model->table->column_count)
      raise_note(r, SQL_NOTE_NO_COLUMNS, sc_str_format(r->mem, "\"%.*s\"", STR_ARG(model->name)));
    else if (model->ignored)
      raise_note(r, SQL_NOTE_NO_KEY, sc_str_format(r->mem, "\"%.*s\"", STR_ARG(model->name)));
    raise_index_notes(r, model);
  }
  for (size_t i = 0; i < r->live->other_count; i++)
    if (!is_said_view(r, &r->live->others[i])) note_other(r, &r->live->others[i]);
}

void sql_raise_warnings(const sql_raised *raised, buf *out)
{
  static const str headings[] = {
#define NOTE(kind, heading) STR_INIT(heading),
#include "sql/raise_notes.def"
#undef NOTE
  };
  if (!raised->note_count) return;
  BUF_LIT(out, "*** WARNING ***\n");
  for (size_t kind = 0; kind < SQL_NOTE_COUNT; kind++) {
    bool some = false;
    for (size_t i = 0; i < raised->note_count; i++) {
      if ((size_t)raised->notes[i].kind != kind) continue;
      if (!some) sc_buf_format(out, "\n%.*s\n", STR_ARG(headings[kind]));
      some = true;
      sc_buf_format(out, "  - %.*s\n", STR_ARG(raised->notes[i].text));
    }
  }
}

/* ---- all of it ---- */

static bool prisma_reads(const dm_schema *schema)
{
  for (size_t i = 0; i < schema->generator_count; i++)
    if (str_starts(schema->generators[i].provider, STR("prisma-client"))) return true;
  return false;
}

const sql_raised *sql_raise(const sql_schema *live, const dm_schema *previous, const ast_schema *ast,
                            const sql_raise_options *options, arena *mem)
{
  raiser r = {.mem = mem, .live = live, .previous = previous, .ast = ast};
  sql_raised *out = arena_new(mem, sql_raised);
  r.forget = options && options->forget;
  r.prisma = prisma_reads(previous);
  if (options && options->schema_count) {
    r.schemas = options->schemas;
    r.schema_count = options->schema_count;
  }
  r.qualified = r.schema_count || previous->datasource.schema_count;
  raise_name_all(&r);
  for (size_t i = 0; i < r.models.len; i++)
    r.models.items[i]->ignored = !raise_has_key(r.models.items[i]->table);
  raise_relations(&r);
  note_all(&r);
  write_files(&r, out);
  for (size_t i = 0; i < r.models.len; i++) out->models += r.models.items[i]->table->column_count > 0;
  out->notes = r.notes.items;
  out->note_count = r.notes.len;
  return out;
}
