#include "syntax/parser.h"

#include "schema_parse.h"

/* The scanning function of grammar/schema.l. */
int ast_scan(SCHEMA_YYSTYPE *value, span *place, void *scanner);
/* The lexer as the grammar sees it. */
int schema_yylex(SCHEMA_YYSTYPE *value, span *place, ast_parser *parser);

/* The line was refused: its first row is passed over, whatever the lexer had seen of it. */
static int skip_bad_line(ast_parser *parser, span *place)
{
  str text = parser->text;
  size_t end = parser->lexer.line_start;
  while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r') end++;
  if (end < text.len) end += text.ptr[end] == '\r' && end + 1 < text.len && text.ptr[end + 1] == '\n' ? 2 : 1;
  parser->lexer.bad_line = false;
  ast_scan_seek(parser, end, AST_SCAN_ITEM);
  *place = (span){parser->file, (uint32_t)end, (uint32_t)end};
  return BAD_END;
}

int schema_yylex(SCHEMA_YYSTYPE *value, span *place, ast_parser *parser)
{
  if (parser->start) {
    int start = parser->start;
    parser->start = 0;
    *place = (span){parser->file, 0, 0};
    return start;
  }
  if (parser->lexer.bad_line) return skip_bad_line(parser, place);
  return ast_scan(value, place, parser->lexer.scanner);
}

bool ast_parse_attributes(const ast_parser *parser, span place, ast_extensions *found)
{
  ast_parser inner = *parser;
  inner.start = START_ATTRIBUTES;
  inner.attrs = (ast_attrs){0};
  ast_scan_open(&inner, place.start, place.end, AST_SCAN_LINE);
  bool read = schema_yyparse(&inner) == 0;
  ast_scan_close(&inner);
  *found = inner.found;
  return read;
}

/* ---- files ---- */

/* Back to the start of an item that came to nothing; its line is then read as plain text. */
static void start_again(ast_parser *parser, size_t diags, size_t errors)
{
  parser->diags->len = diags;
  parser->diags->errors = errors;
  parser->lexer.bad_line = false;
  parser->lexer.blank = parser->block ? parser->block->blank_before : false;
  ast_scan_seek(parser, parser->item_start, AST_SCAN_PLAIN);
}

static void parse_items(ast_parser *parser)
{
  while (!parser->finished) {
    size_t diags = parser->diags->len, errors = parser->diags->errors;
    parser->start = START_FILE;
    parser->gave_up = false;
    parser->lexer.multi_seen = false;
    parser->block = NULL;
    parser->resume = SIZE_MAX;
    bool read = schema_yyparse(parser) == 0;
    if (!read || parser->gave_up) start_again(parser, diags, errors);
    else if (parser->resume != SIZE_MAX) ast_scan_seek(parser, parser->resume, AST_SCAN_TOP);
  }
}

static bool is_readable(ast_parser *parser)
{
  enum { LARGEST = INT32_MAX - 16 }; /* flex counts a token's bytes in an int */
  if (parser->text.len > LARGEST) {
    diag_add_plain(parser->diags, DIAG_SOURCE_TOO_LARGE, ((span){parser->file, 0, 0}));
    return false;
  }
  size_t valid = ast_utf8_valid_length(parser->text);
  if (valid < parser->text.len) {
    diag_add_plain(parser->diags, DIAG_INVALID_UTF8, ((span){parser->file, (uint32_t)valid, (uint32_t)valid + 1}));
    return false;
  }
  return true;
}

const ast_schema *ast_parse_with(const source_set *sources, const ast_parse_options *options, arena *mem,
                                 diag_list *diags)
{
  ast_schema *schema = arena_new(mem, ast_schema);
  schema->sources = sources;
  for (size_t i = 0; i < sources->len; i++) {
    ast_parser parser = {.mem = mem,
                         .diags = diags,
                         .options = *options,
                         .schema = schema,
                         .file = (uint32_t)i,
                         .text = sources->items[i].text};
    if (!is_readable(&parser)) continue;
    ast_scan_open(&parser, 0, parser.text.len, AST_SCAN_TOP);
    parse_items(&parser);
    ast_scan_close(&parser);
  }
  return schema;
}

const ast_schema *ast_parse(const source_set *sources, arena *mem, diag_list *diags)
{
  return ast_parse_with(sources, &(ast_parse_options){0}, mem, diags);
}
