/* What the lexer, the grammar and the tree's constructors share. Internal to syntax: others include syntax/ast.h.
 *
 * How a file is read. The driver (parse.c) asks the grammar for one top-level item after the other: a block, a comment,
 * a line that starts nothing. Prisma's grammar looks ahead without a limit: a block that is never closed is no block,
 * and its lines are then read as top-level ones. So the driver can throw an item away (its diagnostics too) and let
 * the lexer start again where the item began, this time taking the line as plain text.
 *
 * A line of a block that fits no rule is refused as a whole, up to its line end, even where a comment or string in it
 * spans more lines: the grammar's error productions end at AST_BAD_END, for which the lexer goes to the end of the
 * line's first row. */
#ifndef SYNTAX_PARSER_H
#define SYNTAX_PARSER_H

#include "syntax/ast.h"
#include "syntax/word.h"

typedef struct ast_parser ast_parser;

/* The kinds of content a block can have: what closes one kind's block need not close another's. */
typedef enum ast_content { AST_CONTENT_FIELDS, AST_CONTENT_VALUES, AST_CONTENT_PROPERTIES, AST_CONTENT_COUNT } ast_content;

/* A block that is not closed leaves none behind it that is closed, unless one of the two sees a comment where the other
 * sees lines. So where there are such comments a few blocks are tried, else one. */
enum { AST_MOST_UNCLOSED = 4 };

typedef enum ast_scan_mode {
  AST_SCAN_TOP,   /* between blocks */
  AST_SCAN_PLAIN, /* between blocks, where a block was given up */
  AST_SCAN_ITEM,  /* at the start of a line of a block */
  AST_SCAN_LINE,  /* within such a line */
} ast_scan_mode;

/* A type as it was written, legacy forms included. */
typedef struct ast_type ast_type;
struct ast_type {
  ast_name name;
  const ast_expr *unsupported;
  span place; /* without its modifier */
  span whole;
  ast_arity arity;
  bool refused; /* a form that is no longer, or not, allowed: `refusal` says why */
  diag_code refusal;
  bool optional_list;
};

/* Adjacent comments, gathered until it is known what they document. */
typedef struct ast_comments ast_comments;
struct ast_comments {
  VEC(str) lines; /* of the comments that count as documentation */
  bool open;      /* the next comment still belongs to them */
  size_t end;     /* of the last of them */
};

/* The attributes written in a /// comment. */
typedef struct ast_extensions ast_extensions;
struct ast_extensions {
  const ast_attrs *attrs;     /* `@name …`: of a field or enum value; NULL: none */
  const ast_attr *block_attr; /* `@@name`: of the block; NULL: none */
};

typedef struct ast_lexer ast_lexer;
struct ast_lexer {
  void *scanner;     /* flex's */
  void *buffer;      /* its buffer over a part of `copy` */
  char *copy;        /* of the text, NULs replaced, with the two NULs that flex wants behind it */
  size_t begin;      /* offset of copy[0] in the source */
  size_t length;     /* of the copied text */
  size_t line_start; /* of the current line of a block */
  int depth;         /* of open parentheses, brackets and braces */
  size_t outermost;  /* where the outermost of them stands */
  bool blank;        /* an empty line was passed since the last item */
  bool line_blank;   /* … before the current item */
  bool bad_line;     /* the line was refused: go to its end */
  bool multi_seen;   /* a comment of several lines stood in the item */
  int multi_return;  /* the start condition behind a comment of several lines */
  size_t last_newline, last_brace; /* behind the last of each; 0: none */
  size_t last_comment_end;         /* of the slash in the last one; 0: none */
};

struct ast_parser {
  arena *mem;
  diag_list *diags;
  ast_parse_options options;
  ast_schema *schema;
  uint32_t file;
  str text;
  int start; /* the token that chooses what the grammar reads; 0 once it was given */
  ast_lexer lexer;

  /* The item being read. */
  size_t item_start;
  size_t resume; /* where to go on reading instead of behind the item; SIZE_MAX: behind it */
  bool gave_up;  /* the item is a block that is not closed */
  bool finished; /* the end of the file was met instead of an item */
  size_t unclosed[AST_CONTENT_COUNT];

  /* The block being read. */
  ast_block *block;
  ast_comments comments;   /* above the next line of it */
  ast_attrs comment_attrs; /* extensions behind the /// above the next field */
  size_t attrs_above;      /* where those of the comments right above the next line begin */
  size_t refused_at;       /* the token at which the grammar gave up */
  size_t line_diags;       /* how many diagnostics there were before the current line */
  ast_type type;           /* of the field being read */
  ast_arg argument;        /* read last, not yet in its list */
  ast_attrs attrs;         /* of the line being read */
  bool line_too_deep;

  /* Between blocks. */
  ast_comments top_comments;
  ast_comments pending; /* those of the next model, view, type or enum */

  ast_extensions found; /* what was read where START_ATTRIBUTES was asked for */
};

/* ---- lexer (grammar/schema.l) ---- */

void ast_scan_open(ast_parser *parser, size_t from, size_t to, ast_scan_mode mode);
void ast_scan_seek(ast_parser *parser, size_t offset, ast_scan_mode mode);
void ast_scan_close(ast_parser *parser);
size_t ast_scan_at(const ast_parser *parser); /* offset in the source */

/* ---- strings (string.c) ---- */

/* The text of a string literal; `place` is that of the literal with its quotes. Reports bad escapes. */
str ast_decode_string(ast_parser *parser, span place);

/* ---- constructors (ast_build.c) ---- */

/* The place with the white space behind it. */
span ast_with_blanks(const ast_parser *parser, span place);
ast_name ast_make_name(const ast_parser *parser, span place);
/* Sees whether something that is declared has an odd name (ast_schema). */
void ast_note_name(const ast_parser *parser, ast_name name);
ast_expr *ast_make_text(const ast_parser *parser, ast_expr_kind kind, span place);
ast_expr *ast_make_string(ast_parser *parser, span place);
ast_expr *ast_make_array(const ast_parser *parser, span place);
ast_expr *ast_append_item(const ast_parser *parser, ast_expr *array, ast_expr *item);
ast_expr *ast_close_array(ast_expr *array, span place);
ast_expr *ast_make_function(const ast_parser *parser, span place, ast_name name, const ast_args *args);
ast_expr *ast_make_object(const ast_parser *parser, span place, ast_args *entries);
ast_args *ast_make_args(const ast_parser *parser);
ast_args *ast_append_arg(const ast_parser *parser, ast_args *args, ast_arg arg);
ast_args *ast_trail_args(ast_args *args, span comma);
ast_args *ast_close_args(ast_args *args, span place);
ast_arg ast_make_arg(span place, ast_name name, const ast_expr *value);
ast_attr *ast_make_attr(const ast_parser *parser, span place, ast_name name, const ast_args *args);
void ast_append_attr(ast_parser *parser, const ast_attr *attr); /* to parser->attrs */
ast_comment *ast_make_comment(const ast_parser *parser, span place);

/* The type being read, parser->type: first its name, then what stands around it. */
void ast_set_type(ast_parser *parser, span place, ast_name name);
void ast_set_unsupported(ast_parser *parser, span place, span keyword, span string);
void ast_set_arity(ast_parser *parser, span whole, ast_arity arity);
void ast_refuse_type(ast_parser *parser, span whole, ast_arity arity, diag_code refusal);

/* ---- the lines of the block being read, in their order (ast_block.c) ---- */

void ast_begin_block(ast_parser *parser, ast_block_kind kind, span keyword, ast_name name, span opening);
/* `type` is parser->type, or NULL where there is none. */
void ast_add_field(ast_parser *parser, span place, ast_name name, const ast_type *type, const ast_attrs *attrs,
                   const ast_comment *trailing);
/* `name: Type` */
void ast_add_colon_field(ast_parser *parser, span place, ast_name name, span colon, const ast_type *type,
                         const ast_attrs *attrs, const ast_comment *trailing);
void ast_add_value(ast_parser *parser, span place, ast_name name, const ast_attrs *attrs, const ast_comment *trailing);
void ast_add_property(ast_parser *parser, span place, ast_name key, const ast_expr *value, const ast_comment *trailing);
void ast_add_block_attr(ast_parser *parser, ast_attr *attr, const ast_comment *trailing);
void ast_add_comment(ast_parser *parser, span place);
/* The line does not fit the grammar: the lexer goes to its end, unless it is there. */
void ast_refuse_line(ast_parser *parser, bool at_end, bool too_deep);
void ast_add_bad_line(ast_parser *parser);
void ast_end_block(ast_parser *parser, span closing);
/* The file ended before the block did. */
void ast_give_up(ast_parser *parser, ast_content content);

/* ---- between blocks (ast_block.c) ---- */

void ast_add_top_comment(ast_parser *parser, span place);
void ast_add_top_invalid(ast_parser *parser, span place, diag_code code);
/* `type Name = Other @attributes`, up to what does not belong to it. */
void ast_add_alias(ast_parser *parser, span keyword, const ast_attrs *attrs);
/* The same up to a place that is known: what follows is read anew. */
void ast_add_alias_until(ast_parser *parser, span keyword, size_t end);

/* ---- extensions behind /// (extension.c) ---- */

void ast_found_attributes(ast_parser *parser); /* parser->attrs */
void ast_found_block_attribute(ast_parser *parser, const ast_attr *attr);
/* The attributes that a /// comment holds, if it begins with the name of a known extension. */
ast_extensions ast_comment_extensions(const ast_parser *parser, const ast_comment *comment);
/* Warns of an attribute in a comment that stands where it can belong to nothing. */
void ast_note_homeless(const ast_parser *parser, span place, str name, bool block);
/* The same of the comment's first attribute, if it has one; of a field's only where `fields_too`. */
void ast_note_homeless_comment(const ast_parser *parser, const ast_comment *comment, bool fields_too);

/* ---- driver (parse.c) ---- */

/* Reads the attributes written in a part of the file; false when they do not fit the grammar. */
bool ast_parse_attributes(const ast_parser *parser, span place, ast_extensions *found);

#endif
