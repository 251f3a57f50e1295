#include "syntax/parser.h"

/* ---- names and values ---- */

static str text_at(const ast_parser *parser, span place)
{
  return str_slice(parser->text, place.start, place.end);
}

span ast_with_blanks(const ast_parser *parser, span place)
{
  place.end += (uint32_t)ast_blanks_length(str_slice(parser->text, place.end, parser->text.len));
  return place;
}

ast_name ast_make_name(const ast_parser *parser, span place)
{
  return (ast_name){text_at(parser, place), place};
}

void ast_note_name(const ast_parser *parser, ast_name name)
{
  str text = name.text;
  bool digit = text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9';
  if (!text.len || digit || sc_str_find_char(text, '-') != SIZE_MAX) parser->schema->odd_names = true;
}

/* The items with room for one more, counted in 32 bits: a file has fewer bytes (parse.c). */
static void *with_room(const ast_parser *parser, void *items, uint32_t len, uint32_t *cap, size_t item_size)
{
  if (len < *cap) return items;
  size_t grown = *cap;
  items = sc_vec_grow(parser->mem, items, len, &grown, item_size);
  *cap = (uint32_t)grown;
  return items;
}

static ast_expr *make_expr(const ast_parser *parser, ast_expr_kind kind, span place, str text)
{
  ast_expr *expr = arena_raw(parser->mem, ast_expr);
  *expr = (ast_expr){.kind = kind, .place = place, .text = text};
  return expr;
}

ast_expr *ast_make_text(const ast_parser *parser, ast_expr_kind kind, span place)
{
  return make_expr(parser, kind, place, text_at(parser, place));
}

ast_expr *ast_make_string(ast_parser *parser, span place)
{
  return make_expr(parser, AST_STRING, place, ast_decode_string(parser, place));
}

ast_expr *ast_make_array(const ast_parser *parser, span place)
{
  return make_expr(parser, AST_ARRAY, place, STR_NONE);
}

ast_expr *ast_append_item(const ast_parser *parser, ast_expr *array, ast_expr *item)
{
  array->items = with_room(parser, array->items, array->len, &array->cap, sizeof(ast_expr *));
  array->items[array->len++] = item;
  return array;
}

ast_expr *ast_close_array(ast_expr *array, span place)
{
  array->place = place;
  return array;
}

ast_expr *ast_make_function(const ast_parser *parser, span place, ast_name name, const ast_args *args)
{
  ast_expr *expr = make_expr(parser, AST_FUNCTION, place, name.text);
  expr->args = args;
  return expr;
}

ast_expr *ast_make_object(const ast_parser *parser, span place, ast_args *entries)
{
  ast_expr *expr = make_expr(parser, AST_OBJECT, place, STR_NONE);
  expr->args = ast_close_args(entries, place);
  return expr;
}

/* ---- arguments ---- */

ast_args *ast_make_args(const ast_parser *parser)
{
  return arena_new(parser->mem, ast_args);
}

ast_args *ast_append_arg(const ast_parser *parser, ast_args *args, ast_arg arg)
{
  args->items = with_room(parser, args->items, args->len, &args->cap, sizeof arg);
  args->items[args->len++] = arg;
  return args;
}

ast_args *ast_trail_args(ast_args *args, span comma)
{
  args->trailing_comma = true;
  args->trailing_comma_place = comma;
  return args;
}

ast_args *ast_close_args(ast_args *args, span place)
{
  args->present = true;
  args->place = place;
  return args;
}

ast_arg ast_make_arg(span place, ast_name name, const ast_expr *value)
{
  return (ast_arg){place, name, value};
}

/* ---- attributes ---- */

ast_attr *ast_make_attr(const ast_parser *parser, span place, ast_name name, const ast_args *args)
{
  ast_attr *attr = arena_raw(parser->mem, ast_attr);
  *attr = (ast_attr){.place = place,
                     .full_place = place,
                     .name = name,
                     .args = args ? args : &ast_no_args,
                     .is_native = sc_str_find_char(name.text, '.') != SIZE_MAX};
  if (!args) attr->place = ast_with_blanks(parser, place);
  ast_note_name(parser, name);
  return attr;
}

void ast_append_attr(ast_parser *parser, const ast_attr *attr)
{
  vec_push(parser->mem, &parser->attrs, attr);
}

/* ---- comments ---- */

ast_comment *ast_make_comment(const ast_parser *parser, span place)
{
  str text = text_at(parser, place);
  ast_comment *comment = arena_raw(parser->mem, ast_comment);
  *comment = (ast_comment){.place = place};
  if (str_starts(text, STR("/*"))) {
    comment->kind = AST_COMMENT_MULTI;
    comment->text = str_slice(text, 2, text.len - 2);
  } else if (str_starts(text, STR("///"))) {
    comment->kind = AST_COMMENT_DOC;
    comment->text = str_slice(text, 3, text.len);
  } else {
    comment->kind = AST_COMMENT_LINE;
    comment->text = str_slice(text, 2, text.len);
  }
  return comment;
}

/* ---- types ---- */

void ast_set_type(ast_parser *parser, span place, ast_name name)
{
  parser->type = (ast_type){.name = name, .place = place, .whole = place};
}

void ast_set_unsupported(ast_parser *parser, span place, span keyword, span string)
{
  ast_set_type(parser, place, ast_make_name(parser, keyword));
  parser->type.unsupported = ast_make_string(parser, string);
}

void ast_set_arity(ast_parser *parser, span whole, ast_arity arity)
{
  parser->type.whole = whole;
  parser->type.arity = arity;
}

void ast_refuse_type(ast_parser *parser, span whole, ast_arity arity, diag_code refusal)
{
  ast_set_arity(parser, whole, arity);
  parser->type.refused = true;
  parser->type.refusal = refusal;
  parser->type.optional_list |= refusal == DIAG_TYPE_OPTIONAL_LIST;
}
