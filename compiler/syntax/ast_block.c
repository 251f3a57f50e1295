#include "base/buf.h"
#include "syntax/parser.h"

#include <string.h>

/* ---- diagnostics of a line ---- */

/* A refused line says one thing: what its pieces had to say is taken back. */
static void forget_line_diags(ast_parser *parser)
{
  while (parser->diags->len > parser->line_diags)
    if (parser->diags->items[--parser->diags->len]->severity == DIAG_ERROR) parser->diags->errors--;
}

static void end_line(ast_parser *parser)
{
  parser->line_diags = parser->diags->len;
}

/* ---- documentation ---- */

/* What a comment of several lines documents. Prisma takes two characters off both of its ends, and counts the
 * blanks before it in where it follows another comment, which ended at `before`. */
static str multi_text(const ast_parser *parser, const ast_comment *comment, size_t before)
{
  size_t start = comment->place.start;
  while (start > before && parser->text.ptr[start - 1] != '\n' && parser->text.ptr[start - 1] != '\r')
    start--;
  return ast_trim(str_slice(parser->text, start + 2, comment->place.end - 2));
}

static void gather_comment(ast_parser *parser, ast_comments *comments, const ast_comment *comment,
                           bool adjacent)
{
  if (!adjacent || !comments->open) *comments = (ast_comments){.open = true, .end = comment->place.start};
  if (comment->kind == AST_COMMENT_DOC)
    vec_push(parser->mem, &comments->lines, ast_trim_start(comment->text));
  if (comment->kind == AST_COMMENT_MULTI)
    vec_push(parser->mem, &comments->lines, multi_text(parser, comment, comments->end));
  comments->end = comment->place.end;
}

/* The comments above an item and the one behind it as its documentation. */
static str document(ast_parser *parser, ast_comments *above, const ast_comment *behind)
{
  if (behind && behind->kind == AST_COMMENT_DOC)
    vec_push(parser->mem, &above->lines, ast_trim_start(behind->text));
  if (behind && behind->kind == AST_COMMENT_MULTI)
    vec_push(parser->mem, &above->lines, ast_trim(behind->text));
  if (!above->lines.len) return STR_NONE;
  buf text = {.mem = parser->mem};
  sc_buf_reserve(&text, 1); /* an empty text is one too */
  for (size_t i = 0; i < above->lines.len; i++) {
    if (i) buf_char(&text, '\n');
    buf_add(&text, above->lines.items[i]);
  }
  return buf_str(&text);
}

/* Extensions behind the /// above and behind a field join the attributes that it was written with. */
static ast_attrs all_attrs(ast_parser *parser, const ast_attrs *written, const ast_comment *trailing)
{
  ast_attrs all = {0};
  if (written->len) {
    all.items = arena_array(parser->mem, const ast_attr *, written->len);
    memcpy(all.items, written->items, written->len * sizeof *all.items);
    all.len = all.cap = written->len;
  }
  for (size_t i = 0; i < parser->comment_attrs.len; i++)
    vec_push(parser->mem, &all, parser->comment_attrs.items[i]);
  parser->comment_attrs = (ast_attrs){0};
  parser->attrs_above = 0;
  if (trailing) {
    ast_note_homeless_comment(parser, trailing, false);
    ast_extensions extensions = ast_comment_extensions(parser, trailing);
    for (size_t i = 0; extensions.attrs && i < extensions.attrs->len; i++)
      vec_push(parser->mem, &all, extensions.attrs->items[i]);
  }
  return all;
}

/* Attributes behind a /// from number `first` on that no field will follow. */
static void drop_comment_attrs(ast_parser *parser, size_t first)
{
  for (size_t i = first; i < parser->comment_attrs.len; i++) {
    const ast_attr *attr = parser->comment_attrs.items[i];
    ast_note_homeless(parser, attr->place, attr->name.text, false);
  }
  parser->comment_attrs.len = first;
}

/* ---- items ---- */

static ast_item *add_item(ast_parser *parser, ast_item_kind kind, span place, const ast_comment *trailing)
{
  ast_item *item = arena_raw(parser->mem, ast_item);
  *item = (ast_item){
      .kind = kind, .place = place, .trailing = trailing, .blank_before = parser->lexer.line_blank};
  vec_push(parser->mem, &parser->block->items, item);
  return item;
}

static bool is_one_of(char c, str set)
{
  for (size_t i = 0; i < set.len; i++)
    if (set.ptr[i] == c) return true;
  return false;
}

/* A line's place without its trailing comment, its line end and the blanks before them. */
static span without_end(const ast_parser *parser, span place, const ast_comment *trailing)
{
  if (trailing) place.end = trailing->place.start;
  while (place.end > place.start && is_one_of(parser->text.ptr[place.end - 1], STR(" \t\r\n"))) place.end--;
  return place;
}

static void report_composite_attrs(ast_parser *parser, span place, const ast_attrs *attrs)
{
  static const str refused[] = {STR_INIT("relation"), STR_INIT("unique"), STR_INIT("id")};
  for (size_t i = 0; i < attrs->len; i++)
    for (size_t j = 0; j < sizeof refused / sizeof refused[0]; j++)
      if (str_eq(attrs->items[i]->name.text, refused[j]))
        diag_add(parser->diags, DIAG_COMPOSITE_FIELD_ATTRIBUTE, place, refused[j]);
}

void ast_add_field(ast_parser *parser, span place, ast_name name, const ast_type *type,
                   const ast_attrs *attrs, const ast_comment *trailing)
{
  ast_field *field = arena_raw(parser->mem, ast_field);
  *field = (ast_field){.place = place, .name = name, .attrs = all_attrs(parser, attrs, trailing)};
  ast_note_name(parser, name);
  if (type) {
    field->type = type->name;
    field->unsupported = type->unsupported;
    field->type_place = type->place;
    field->arity = type->arity;
    field->optional_list = type->refused && type->optional_list;
  }
  ast_item *item = add_item(parser, AST_FIELD, without_end(parser, place, trailing), trailing);
  item->as.field = field;
  item->documentation = document(parser, &parser->comments, trailing);
  parser->comments = (ast_comments){0};
  if (!type) {
    item->kind = AST_INVALID;
    diag_add(parser->diags, DIAG_FIELD_INCOMPLETE, place, str_from(ast_block_keyword(parser->block->kind)),
             parser->block->name.text);
  } else if (type->refused) {
    item->kind = AST_INVALID;
    forget_line_diags(parser);
    diag_add_plain(parser->diags, type->refusal, type->whole);
  } else if (parser->block->kind == AST_TYPE) {
    report_composite_attrs(parser, place, attrs);
  }
  end_line(parser);
}

void ast_add_colon_field(ast_parser *parser, span place, ast_name name, span colon, const ast_type *type,
                         const ast_attrs *attrs, const ast_comment *trailing)
{
  if (!type) ast_set_type(parser, colon, (ast_name){0});
  ast_refuse_type(parser, colon, parser->type.arity, DIAG_FIELD_COLON);
  ast_add_field(parser, place, name, &parser->type, attrs, trailing);
}

void ast_add_value(ast_parser *parser, span place, ast_name name, const ast_attrs *attrs,
                   const ast_comment *trailing)
{
  ast_enum_value *value = arena_raw(parser->mem, ast_enum_value);
  *value = (ast_enum_value){.place = place, .name = name, .attrs = all_attrs(parser, attrs, trailing)};
  ast_note_name(parser, name);
  ast_item *item = add_item(parser, AST_ENUM_VALUE, without_end(parser, place, trailing), trailing);
  item->as.value = value;
  item->documentation = document(parser, &parser->comments, trailing);
  parser->comments = (ast_comments){0};
  end_line(parser);
}

void ast_add_property(ast_parser *parser, span place, ast_name key, const ast_expr *value,
                      const ast_comment *trailing)
{
  ast_property *property = arena_raw(parser->mem, ast_property);
  *property = (ast_property){.place = place, .key = key, .value = value};
  add_item(parser, AST_PROPERTY, without_end(parser, place, trailing), trailing)->as.property = property;
  parser->comments.open = false;
  end_line(parser);
}

/* What a composite type says about a block attribute. */
static void report_composite_block_attr(ast_parser *parser, const ast_attr *attr)
{
  static const struct {
    str name, text;
  } texts[] = {
      {STR_INIT("map"),
       STR_INIT("The name of a composite type is not persisted in the database, therefore it does not "
                "need a mapped database name.")},
      {STR_INIT("unique"),
       STR_INIT("A unique constraint should be defined in the model containing the embed.")},
      {STR_INIT("index"), STR_INIT("An index should be defined in the model containing the embed.")},
      {STR_INIT("fulltext"),
       STR_INIT("A fulltext index should be defined in the model containing the embed.")},
      {STR_INIT("id"), STR_INIT("A composite type cannot define an id.")},
  };
  str text = STR("A composite type cannot have block-level attributes.");
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (str_eq(attr->name.text, texts[i].name)) text = texts[i].text;
  diag_add(parser->diags, DIAG_VALIDATION, attr->place, text);
}

void ast_add_block_attr(ast_parser *parser, ast_attr *attr, const ast_comment *trailing)
{
  attr->place = ast_with_blanks(parser, attr->full_place);
  if (trailing) attr->place.end = trailing->place.end;
  add_item(parser, AST_BLOCK_ATTR, attr->full_place, trailing)->as.attr = attr;
  parser->comments.open = false;
  /* The comments right above belong to this line, with which the formatter moves them. */
  drop_comment_attrs(parser, parser->lexer.line_blank ? parser->comment_attrs.len : parser->attrs_above);
  parser->attrs_above = parser->comment_attrs.len;
  if (trailing) ast_note_homeless_comment(parser, trailing, true);
  if (parser->block->kind == AST_TYPE) report_composite_block_attr(parser, attr);
  end_line(parser);
}

void ast_add_comment(ast_parser *parser, span place)
{
  ast_comment *comment = ast_make_comment(parser, place);
  add_item(parser, AST_COMMENT, place, NULL)->as.comment = comment;
  gather_comment(parser, &parser->comments, comment, !parser->lexer.line_blank);
  if (parser->lexer.line_blank) parser->attrs_above = parser->comment_attrs.len;
  ast_extensions extensions = ast_comment_extensions(parser, comment);
  for (size_t i = 0; extensions.attrs && i < extensions.attrs->len; i++)
    vec_push(parser->mem, &parser->comment_attrs, extensions.attrs->items[i]);
  if (extensions.block_attr) add_item(parser, AST_BLOCK_ATTR, place, NULL)->as.attr = extensions.block_attr;
  end_line(parser);
}

/* ---- lines that fit nothing ---- */

void ast_refuse_line(ast_parser *parser, bool at_end, bool too_deep)
{
  parser->lexer.bad_line = !at_end;
  parser->line_too_deep = too_deep;
}

void ast_add_bad_line(ast_parser *parser)
{
  size_t start = parser->lexer.line_start, end = ast_scan_at(parser);
  span place = {parser->file, (uint32_t)start, (uint32_t)end};
  forget_line_diags(parser);
  if (parser->line_too_deep)
    diag_add(parser->diags, DIAG_NESTED_TOO_DEEPLY, place, sc_str_format(parser->mem, "%d", AST_MAX_DEPTH));
  else if (parser->block->kind == AST_ENUM)
    diag_add_plain(parser->diags, DIAG_INVALID_ENUM_LINE, place);
  else if (parser->block->kind == AST_DATASOURCE || parser->block->kind == AST_GENERATOR)
    diag_add(parser->diags, DIAG_INVALID_CONFIG_LINE, place,
             str_from(ast_block_keyword(parser->block->kind)));
  else
    diag_add_plain(parser->diags, DIAG_INVALID_FIELD_LINE, place);
  while (end > start && is_one_of(parser->text.ptr[end - 1], STR("\r\n"))) end--;
  place.end = (uint32_t)end;
  add_item(parser, AST_INVALID, place, NULL);
  parser->comments.open = false;
  end_line(parser);
}

/* ---- blocks ---- */

void ast_begin_block(ast_parser *parser, ast_block_kind kind, span keyword, ast_name name, span opening)
{
  ast_block *block = arena_raw(parser->mem, ast_block);
  *block = (ast_block){.kind = kind, .place = keyword, .keyword_place = keyword, .name = name};
  block->blank_before = parser->lexer.line_blank;
  str rest = str_slice(parser->text, opening.start + 1, opening.end);
  size_t comment = ast_blanks_length(rest);
  if (str_starts(str_slice(rest, comment, rest.len), STR("//"))) {
    span place = {parser->file, opening.start + 1 + (uint32_t)comment, opening.end};
    block->open_comment = ast_make_comment(parser, without_end(parser, place, NULL));
  }
  ast_note_name(parser, name);
  parser->block = block;
  parser->comments = (ast_comments){0};
  parser->comment_attrs = (ast_attrs){0};
  parser->attrs_above = 0;
  end_line(parser);
}

static bool is_configuration(ast_block_kind kind)
{
  return kind == AST_DATASOURCE || kind == AST_GENERATOR;
}

void ast_end_block(ast_parser *parser, span closing)
{
  ast_block *block = parser->block;
  block->place.end = closing.end;
  drop_comment_attrs(parser, 0);
  /* Comments right above a datasource or generator document the next model or enum: that is how Prisma reads
   * them. */
  if (parser->top_comments.open && !block->blank_before) parser->pending = parser->top_comments;
  parser->top_comments.open = false;
  if (!is_configuration(block->kind)) {
    block->documentation = document(parser, &parser->pending, NULL);
    parser->pending = (ast_comments){0};
  }
  vec_push(parser->mem, &parser->schema->blocks, block);
}

void ast_give_up(ast_parser *parser, ast_content content)
{
  parser->gave_up = true;
  parser->unclosed[content] += parser->lexer.multi_seen ? 1 : AST_MOST_UNCLOSED;
}

/* ---- between blocks ---- */

static ast_block *add_top(ast_parser *parser, ast_block_kind kind, span place)
{
  ast_block *block = arena_raw(parser->mem, ast_block);
  *block = (ast_block){.kind = kind, .place = place, .blank_before = parser->lexer.line_blank};
  vec_push(parser->mem, &parser->schema->blocks, block);
  return block;
}

void ast_add_top_comment(ast_parser *parser, span place)
{
  ast_comment *comment = ast_make_comment(parser, place);
  add_top(parser, AST_BLOCK_COMMENT, place)->comment = comment;
  ast_note_homeless_comment(parser, comment, true);
  gather_comment(parser, &parser->top_comments, comment, !parser->lexer.line_blank);
}

void ast_add_top_invalid(ast_parser *parser, span place, diag_code code)
{
  add_top(parser, AST_BLOCK_INVALID, place);
  diag_add_plain(parser->diags, code, place);
  parser->top_comments.open = false;
}

void ast_add_alias_until(ast_parser *parser, span keyword, size_t end)
{
  parser->lexer.bad_line = false;
  parser->resume = end;
  ast_add_top_invalid(parser, (span){parser->file, keyword.start, (uint32_t)end}, DIAG_TYPE_ALIAS);
}

void ast_add_alias(ast_parser *parser, span keyword, const ast_attrs *attrs)
{
  const ast_attr *last = attrs ? vec_last(attrs) : NULL;
  size_t end = parser->lexer.depth > 0 ? parser->lexer.outermost : parser->refused_at;
  /* White space belongs to a name that could have had arguments, but not to the arguments. */
  if (last && last->args->present && ast_with_blanks(parser, last->place).end == end) end = last->place.end;
  if (end < keyword.end) end = keyword.end; /* never back */
  ast_add_alias_until(parser, keyword, end);
}
