/* The syntax tree: what was written, in the order it was written, with every place and comment.
 *
 * Built by the grammar's actions through the ast_ constructors and never written to after parsing. Text that is a name
 * points into the source; text that had escapes is decoded into the arena. Nothing here knows what a name means: that is
 * the data model's business (dm/dm.h).
 *
 * Trivia: comments are items of their own or trail an item on its line. Blank lines are not stored: the formatter sees
 * them between the spans of neighbouring items. */
#ifndef SYNTAX_AST_H
#define SYNTAX_AST_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/diag.h"
#include "report/source.h"

typedef struct ast_name ast_name;
struct ast_name {
  str text;
  span place;
};

typedef enum ast_comment_kind {
  AST_COMMENT_LINE,  /* // … */
  AST_COMMENT_DOC,   /* /// … */
  AST_COMMENT_MULTI, /* / * … * / */
} ast_comment_kind;

typedef struct ast_comment ast_comment;
struct ast_comment {
  ast_comment_kind kind;
  span place;
  str text; /* behind // or ///, or between the delimiters: not trimmed */
};

/* ---- expressions ---- */

typedef enum ast_expr_kind {
  AST_STRING,   /* "…": text is decoded */
  AST_NUMBER,   /* text as written: -12, 1.50 */
  AST_CONSTANT, /* a path: Cascade, true, db.Text */
  AST_ARRAY,    /* [a, b] */
  AST_FUNCTION, /* now(), raw("…"), createdAt(sort: Desc) */
  AST_OBJECT,   /* { deletedAt: null }, an extension: only where: takes one */
} ast_expr_kind;

typedef struct ast_expr ast_expr;
typedef struct ast_arg ast_arg;

typedef struct ast_args ast_args;
struct ast_args {
  bool present; /* parentheses were written */
  bool trailing_comma;
  span place; /* with the parentheses */
  span trailing_comma_place;
  uint32_t len, cap;
  ast_arg *items;
};

/* A large schema has tens of thousands: what an expression is not takes no room in it. */
struct ast_expr {
  ast_expr_kind kind;
  span place;
  str text;          /* string, number, constant, function name */
  uint32_t len, cap; /* of an array */
  union {
    ast_expr **items;     /* of an array */
    const ast_args *args; /* of a function, never NULL; the entries of an object, all named */
  };
};

/* One argument. `name.text` is empty for a positional one. `value` is NULL where "name:" has no value. */
struct ast_arg {
  span place;
  ast_name name;
  const ast_expr *value;
};

/* ---- attributes ---- */

typedef struct ast_attr ast_attr;
struct ast_attr {
  span place;      /* as Prisma's reports have it: with the @, and the white space or comment that ends its line */
  span full_place; /* from the @ to the name or closing parenthesis */
  ast_name name;   /* "id", "db.VarChar" */
  const ast_args *args; /* never NULL */
  bool is_native;    /* the name has a dot: "db.VarChar" */
  bool from_comment; /* written behind ///: one of our extensions in a file that Prisma's tools read too */
};

typedef VEC(const ast_attr *) ast_attrs;

/* ---- members of blocks ---- */

typedef enum ast_arity { AST_REQUIRED, AST_OPTIONAL, AST_LIST } ast_arity;

typedef struct ast_field ast_field;
struct ast_field {
  span place; /* as Prisma's reports have it: the whole line from the name on, its line end included */
  ast_name name;
  ast_name type;         /* "Int", "User"; for Unsupported("…") "Unsupported" */
  const ast_expr *unsupported; /* the string of Unsupported("…"), else NULL */
  span type_place;       /* the type without its modifier */
  ast_arity arity;
  bool optional_list; /* written `[]?`, which is refused */
  ast_attrs attrs;
};

typedef struct ast_enum_value ast_enum_value;
struct ast_enum_value {
  span place; /* as a field's */
  ast_name name;
  ast_attrs attrs;
};

/* key = value in a datasource or generator. `value` is NULL where nothing was assigned. */
typedef struct ast_property ast_property;
struct ast_property {
  span place; /* as a field's */
  ast_name key;
  const ast_expr *value;
};

typedef enum ast_item_kind {
  AST_FIELD,
  AST_ENUM_VALUE,
  AST_PROPERTY,
  AST_BLOCK_ATTR, /* one with as.attr->from_comment stands beside the AST_COMMENT that it was written in */
  AST_COMMENT, /* alone on its line(s) */
  AST_INVALID, /* a line that is none of these: reported, kept for the formatter. as.field is set for a field in a form
                  that is refused (`name: Type`, `Type!`, `[Type]`, `Type[]?`, no type), else it is NULL */
} ast_item_kind;

typedef struct ast_item ast_item;
struct ast_item {
  ast_item_kind kind;
  span place; /* without trailing comment and line end */
  union {
    const ast_field *field;
    const ast_enum_value *value;
    const ast_property *property;
    const ast_attr *attr;
    const ast_comment *comment;
  } as;
  const ast_comment *trailing; /* on the same line, or NULL */
  bool blank_before;           /* an empty line stands above it */
  /* Of a field or enum value: the text of the comments that document it, above it and behind it, joined by \n. Its ptr
   * is NULL where there is none; a lone `///` is an empty text. */
  str documentation;
};

/* ---- blocks ---- */

typedef enum ast_block_kind {
  AST_MODEL,
  AST_VIEW,
  AST_ENUM,
  AST_TYPE, /* composite: parsed, then refused for PostgreSQL */
  AST_DATASOURCE,
  AST_GENERATOR,
  AST_BLOCK_COMMENT, /* a comment between blocks */
  AST_BLOCK_INVALID, /* a line or block that starts with no keyword; its place includes the line's end */
} ast_block_kind;

typedef struct ast_block ast_block;
struct ast_block {
  ast_block_kind kind;
  span place; /* from the keyword to the closing brace */
  span keyword_place;
  ast_name name;
  bool blank_before;               /* an empty line, or the line end behind a closing brace, stands above it */
  str documentation;               /* as an item's; of models, views, types and enums */
  const ast_comment *comment;      /* of AST_BLOCK_COMMENT */
  const ast_comment *open_comment; /* behind the opening brace, or NULL */
  VEC(const ast_item *) items;     /* in the order written */
};

typedef struct ast_schema ast_schema;
struct ast_schema {
  const source_set *sources;
  VEC(const ast_block *) blocks; /* all files', in the order of the files */
  bool odd_names; /* somewhere a block, field, enum value or attribute has a name that is empty, begins with a digit or
                     holds a `-`: where there is none nobody needs to look */
};

typedef struct ast_parse_options ast_parse_options;
struct ast_parse_options {
  bool prisma; /* Prisma's grammar and nothing besides: no object literals, nothing behind /// */
};

/* Arguments, arrays and objects may nest so deep; a line with more is refused. */
enum { AST_MAX_DEPTH = 128 };

/* Parses every source. Never NULL; what could not be read has been reported and is missing or AST_INVALID.
 * Several errors are reported in one run. The tree lives in `mem` and points into the sources. */
const ast_schema *ast_parse(const source_set *sources, arena *mem, diag_list *diags);
const ast_schema *ast_parse_with(const source_set *sources, const ast_parse_options *options, arena *mem,
                                 diag_list *diags);

/* ---- reading the tree ---- */

const char *ast_block_keyword(ast_block_kind kind); /* "model" */
/* What an attribute without parentheses has. */
extern const ast_args ast_no_args;
/* The argument called `name`, or NULL. */
const ast_arg *ast_args_named(const ast_args *args, str name);
/* The expression as Prisma's messages print it: `now()`, `"x"`, `[1,2]`. */
str ast_expr_text(const ast_expr *expr, arena *mem);

#endif
