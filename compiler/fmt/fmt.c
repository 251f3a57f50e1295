#include "fmt/fmt.h"

#include "fmt/print.h"
#include "fmt/table.h"
#include "syntax/word.h"

/* What Prisma's grammar takes as one comment: comments on lines that follow each other. */
typedef struct comment_run comment_run;
struct comment_run {
  size_t first, end; /* items [first, end) of the block; nothing when equal */
};

typedef struct late_attr late_attr;
struct late_attr {
  comment_run above;
  const ast_item *item;
};

/* A block on its way out. Block attributes wait for its end. */
typedef struct block_layout block_layout;
struct block_layout {
  const source_set *sources;
  arena *mem;
  buf *out;
  fmt_table table;
  VEC(const ast_item *) items; /* without what is only part of a comment */
  VEC(late_attr) attrs;
};

/* ---- comments ---- */

static str next_line(str *rest)
{
  size_t end = sc_str_find_char(*rest, '\n');
  str text = str_slice(*rest, 0, end);
  *rest = end == SIZE_MAX ? str_slice(*rest, rest->len, rest->len) : str_slice(*rest, end + 1, rest->len);
  return ast_trim(text);
}

/* A comment over several lines, with a star before each of them. */
static void multi_comment(fmt_table *table, const ast_comment *comment)
{
  fmt_table_row(table)->suffix = STR("/**");
  for (str rest = comment->text; rest.len;) {
    str text = next_line(&rest);
    if (str_starts(text, STR("*"))) text = ast_trim(str_slice(text, 1, text.len));
    if (!text.len) continue;
    buf starred = {.mem = table->mem};
    BUF_LIT(&starred, " * ");
    buf_add(&starred, text);
    fmt_table_row(table)->suffix = buf_str(&starred);
  }
  fmt_table_row(table)->suffix = STR(" */");
}

static void add_comment(fmt_table *table, const source_set *sources, const ast_comment *comment)
{
  if (comment->kind == AST_COMMENT_MULTI) multi_comment(table, comment);
  else fmt_table_row(table)->suffix = span_text(sources, comment->place);
}

/* ---- lines ---- */

static void add_field(block_layout *block, const ast_field *field)
{
  fmt_row *row = fmt_table_row(&block->table);
  row->columns[0] = field->name.text;
  buf type = {.mem = block->mem}, attrs = {.mem = block->mem};
  fmt_type(block->sources, field, &type);
  ast_attrs sorted = fmt_sorted_attrs(&field->attrs, block->mem);
  for (size_t i = 0; i < sorted.len; i++) {
    if (i) buf_char(&attrs, ' ');
    fmt_attr(block->sources, sorted.items[i], STR("@"), &attrs);
  }
  row->columns[1] = buf_str(&type);
  row->columns[2] = buf_str(&attrs);
}

static void add_value(block_layout *block, const ast_enum_value *value)
{
  fmt_row *row = fmt_table_row(&block->table);
  row->columns[0] = value->name.text;
  buf attrs = {.mem = block->mem};
  for (size_t i = 0; i < value->attrs.len; i++)
    if (!value->attrs.items[i]->from_comment) fmt_attr(block->sources, value->attrs.items[i], STR("@"), &attrs);
  row->columns[1] = buf_str(&attrs);
}

static void add_property(block_layout *block, const ast_property *property)
{
  fmt_row *row = fmt_table_row(&block->table);
  row->columns[0] = property->key.text;
  buf value = {.mem = block->mem};
  buf_char(&value, '=');
  if (property->value) {
    buf_char(&value, ' ');
    fmt_expr(block->sources, property->value, &value);
  }
  row->columns[1] = buf_str(&value);
}

static void add_block_attr(block_layout *block, const ast_attr *attr)
{
  buf text = {.mem = block->mem};
  fmt_attr(block->sources, attr, STR("@@"), &text);
  fmt_table_row(&block->table)->columns[0] = buf_str(&text);
}

/* A line that was refused stays as it is, with the carriage return of its line end. */
static void add_refused(block_layout *block, span place)
{
  str text = block->sources->items[place.file].text;
  if (place.end < text.len && text.ptr[place.end] == '\r') place.end++;
  *fmt_table_row(&block->table) = (fmt_row){.verbatim = true, .columns = {span_text(block->sources, place)}};
}

static void add_line(block_layout *block, const ast_item *item)
{
  switch (item->kind) {
  case AST_FIELD: add_field(block, item->as.field); break;
  case AST_ENUM_VALUE: add_value(block, item->as.value); break;
  case AST_PROPERTY: add_property(block, item->as.property); break;
  case AST_BLOCK_ATTR: add_block_attr(block, item->as.attr); break;
  case AST_COMMENT: add_comment(&block->table, block->sources, item->as.comment); break;
  case AST_INVALID:
    if (item->as.field) add_field(block, item->as.field);
    else add_refused(block, item->place);
    break;
  }
  if (item->trailing) vec_last(&block->table.rows).suffix = span_text(block->sources, item->trailing->place);
}

static void add_comments(block_layout *block, comment_run run)
{
  for (size_t i = run.first; i < run.end; i++) add_line(block, block->items.items[i]);
}

/* ---- blocks ---- */

/* An empty line: what stands above it is aligned for itself. At the top of a block, whose attributes are yet to come,
 * there is none. */
static void begin_group(block_layout *block)
{
  if (!block->table.rows.len) return;
  fmt_table_flush(&block->table, FMT_INDENT, block->out);
  fmt_table_row(&block->table);
}

static void write_late_attrs(block_layout *block)
{
  fmt_table_flush(&block->table, FMT_INDENT, block->out);
  if (!block->attrs.len) return;
  fmt_table_row(&block->table);
  size_t next = 0;
  for (size_t rank = 0; next != SIZE_MAX; rank = next) {
    next = SIZE_MAX;
    for (size_t i = 0; i < block->attrs.len; i++) {
      const late_attr *late = &block->attrs.items[i];
      size_t own = fmt_attr_rank(late->item->as.attr);
      if (own > rank && own < next) next = own;
      if (own != rank) continue;
      add_comments(block, late->above);
      add_line(block, late->item);
    }
  }
  fmt_table_flush(&block->table, FMT_INDENT, block->out);
}

static comment_run run_at(const block_layout *block, size_t first)
{
  size_t end = first;
  while (end < block->items.len && block->items.items[end]->kind == AST_COMMENT &&
         (end == first || !block->items.items[end]->blank_before))
    end++;
  return (comment_run){first, end};
}

static void write_lines(block_layout *block)
{
  comment_run above = {0};
  for (size_t i = 0; i < block->items.len;) {
    const ast_item *item = block->items.items[i];
    bool blank = item->blank_before && i > 0;
    if (item->kind == AST_BLOCK_ATTR) {
      vec_push(block->mem, &block->attrs, (late_attr){above, item});
      above = (comment_run){0};
      i++;
      continue;
    }
    comment_run run = run_at(block, i);
    const ast_item *behind = run.end < block->items.len ? block->items.items[run.end] : NULL;
    if (run.end > i && behind && behind->kind == AST_BLOCK_ATTR && !behind->blank_before) {
      above = run;
    } else {
      if (blank) begin_group(block);
      if (run.end > i) add_comments(block, run);
      else add_line(block, item);
    }
    i = run.end > i ? run.end : i + 1;
  }
  write_late_attrs(block);
}

static void write_block(const source_set *sources, const ast_block *source_block, buf *out)
{
  block_layout block = {.sources = sources, .mem = out->mem, .out = out, .table = {.mem = out->mem}};
  for (size_t i = 0; i < source_block->items.len; i++) {
    const ast_item *item = source_block->items.items[i];
    if (item->kind != AST_BLOCK_ATTR || !item->as.attr->from_comment) vec_push(block.mem, &block.items, item);
  }
  buf_add(out, str_from(ast_block_keyword(source_block->kind)));
  buf_char(out, ' ');
  buf_add(out, source_block->name.text);
  BUF_LIT(out, " {");
  if (source_block->open_comment) {
    buf_char(out, ' ');
    buf_add(out, span_text(sources, source_block->open_comment->place));
  }
  buf_char(out, '\n');
  write_lines(&block);
  BUF_LIT(out, "}\n");
}

str fmt_source_text(str text, arena *mem)
{
  if (!text.len || text.ptr[text.len - 1] == '\n') return text;
  buf ended = {.mem = mem};
  buf_add(&ended, text);
  buf_char(&ended, '\n');
  return buf_str(&ended);
}

static bool has_lines(const ast_block *block)
{
  return block->kind != AST_BLOCK_COMMENT && block->kind != AST_BLOCK_INVALID;
}

void fmt_write(const ast_schema *schema, uint32_t file, buf *out)
{
  const ast_block *above = NULL;
  fmt_table comments = {.mem = out->mem};
  for (size_t i = 0; i < schema->blocks.len; i++) {
    const ast_block *block = schema->blocks.items[i];
    if (block->place.file != file) continue;
    if (above && (block->blank_before || has_lines(above))) buf_char(out, '\n');
    above = block;
    if (block->kind == AST_BLOCK_COMMENT) {
      add_comment(&comments, schema->sources, block->comment);
      fmt_table_flush(&comments, 0, out);
    } else if (block->kind == AST_BLOCK_INVALID) {
      buf_add(out, span_text(schema->sources, block->place));
    } else {
      write_block(schema->sources, block, out);
    }
  }
  if (!out->len || out->ptr[out->len - 1] != '\n') buf_char(out, '\n');
}
