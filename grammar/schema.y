/* The grammar of the schema language.
 *
 * One run reads one item: a block, a comment between blocks, a line that starts nothing. Everything is a matter of
 * lines: a NEWLINE ends each line of a block, and nothing but a comment spans several. A line that fits no rule is
 * refused by an error production of its block, and reading goes on behind it. The actions only call the
 * constructors of ast_build.c and ast_block.c. */

%define api.pure full
%define api.prefix {schema_yy}
%define api.location.type {span}
%define parse.lac full
%define parse.error custom
%locations
%expect 0
%param { ast_parser *parser }

%code requires {
#include "syntax/parser.h"
}

%code {
#define YYLLOC_DEFAULT(current, right, count)                                                               \
  ((current) = (count) ? span_join(YYRHSLOC(right, 1), YYRHSLOC(right, count))                              \
                       : (span){YYRHSLOC(right, 0).file, YYRHSLOC(right, 0).end, YYRHSLOC(right, 0).end})

/* The name that stands at a place. */
#define NAME(place) ast_make_name(parser, (place))

/* Nesting is bounded by the lexer (AST_MAX_DEPTH) and lists recurse to the left: the stack never grows. */
#define YYINITDEPTH (16 + 6 * AST_MAX_DEPTH)
#define YYMAXDEPTH  YYINITDEPTH

int schema_yylex(SCHEMA_YYSTYPE *value, span *place, ast_parser *parser);
static void schema_yyerror(const span *place, ast_parser *parser, const char *message);
}

/* Pointers only, which are cheap to move on the stack: a name is its place (NAME), and the type, the attributes and
 * the argument being read stand in the parser until the rule above takes them. */
%union {
  ast_expr *expr;
  ast_args *args;
  ast_attr *attr;
  ast_comment *comment;
}

%token START_FILE START_ATTRIBUTES
%token END NEWLINE BAD_END OTHER TOO_DEEP
%token MODEL VIEW TYPE ENUM DATASOURCE GENERATOR ALIAS
%token OPEN CLOSE COMMENT JUNK_LINE JUNK_BLOCK
%token AT "@" AT_AT "@@" LIST "[]"
%token IDENT PATH INTEGER DECIMAL NEGATIVE NUMBER_WORD NUMBER_PATH UNSUPPORTED STRING

%type <expr> expression items object
%type <args> arguments argument_list entries
%type <attr> attribute block_attribute
%type <comment> trailing

%%

start
  : START_FILE top                          { YYACCEPT; }
  | START_ATTRIBUTES attributes END         { ast_found_attributes(parser); YYACCEPT; }
  | START_ATTRIBUTES block_attribute END    { ast_found_block_attribute(parser, $2); YYACCEPT; }
  ;

/* ---- between blocks ---- */

top
  : END                                     { parser->finished = true; }
  | COMMENT                                 { ast_add_top_comment(parser, @1); }
  | JUNK_LINE                               { ast_add_top_invalid(parser, @1, DIAG_LINE_STARTS_NOTHING); }
  | JUNK_BLOCK                              { ast_add_top_invalid(parser, @1, DIAG_BLOCK_STARTS_NOTHING); }
  | ALIAS identifier '=' type_name error    { ast_add_alias(parser, @1, NULL); }
  | ALIAS identifier '=' type_name some_attributes error
                                            { ast_add_alias(parser, @1, &parser->attrs); }
  | ALIAS identifier '=' UNSUPPORTED '(' error
                                            { ast_add_alias_until(parser, @1, @4.end); }
  | fields_head field_lines CLOSE           { ast_end_block(parser, @3); }
  | enum_head value_lines CLOSE             { ast_end_block(parser, @3); }
  | config_head property_lines CLOSE        { ast_end_block(parser, @3); }
  | fields_head field_lines END             { ast_give_up(parser, AST_CONTENT_FIELDS); }
  | enum_head value_lines END               { ast_give_up(parser, AST_CONTENT_VALUES); }
  | config_head property_lines END          { ast_give_up(parser, AST_CONTENT_PROPERTIES); }
  ;

fields_head
  : MODEL identifier OPEN                   { ast_begin_block(parser, AST_MODEL, @1, NAME(@2), @3); }
  | VIEW identifier OPEN                    { ast_begin_block(parser, AST_VIEW, @1, NAME(@2), @3); }
  | TYPE identifier OPEN                    { ast_begin_block(parser, AST_TYPE, @1, NAME(@2), @3); }
  ;

enum_head
  : ENUM identifier OPEN                    { ast_begin_block(parser, AST_ENUM, @1, NAME(@2), @3); }
  ;

config_head
  : DATASOURCE identifier OPEN              { ast_begin_block(parser, AST_DATASOURCE, @1, NAME(@2), @3); }
  | GENERATOR identifier OPEN               { ast_begin_block(parser, AST_GENERATOR, @1, NAME(@2), @3); }
  ;

/* ---- the lines of a block ---- */

field_lines
  : %empty
  | field_lines field
  | field_lines block_line
  ;

value_lines
  : %empty
  | value_lines value
  | value_lines block_line
  ;

property_lines
  : %empty
  | property_lines property
  | property_lines common_line
  ;

block_line
  : block_attribute trailing NEWLINE        { ast_add_block_attr(parser, $1, $2); }
  | common_line
  ;

common_line
  : COMMENT                                 { ast_add_comment(parser, @1); }
  | error NEWLINE                           { ast_add_bad_line(parser); yyerrok; }
  | error BAD_END                           { ast_add_bad_line(parser); yyerrok; }
  ;

field
  : identifier type attributes trailing NEWLINE
                                            { ast_add_field(parser, @$, NAME(@1), &parser->type, &parser->attrs, $4); }
  | identifier attributes trailing NEWLINE  { ast_add_field(parser, @$, NAME(@1), NULL, &parser->attrs, $3); }
  | identifier ':' type attributes trailing NEWLINE
                                            { ast_add_colon_field(parser, @$, NAME(@1), @2, &parser->type, &parser->attrs, $5); }
  | identifier ':' attributes trailing NEWLINE
                                            { ast_add_colon_field(parser, @$, NAME(@1), @2, NULL, &parser->attrs, $4); }
  ;

value
  : identifier attributes trailing NEWLINE  { ast_add_value(parser, @$, NAME(@1), &parser->attrs, $3); }
  ;

property
  : identifier '=' expression trailing NEWLINE
                                            { ast_add_property(parser, @$, NAME(@1), $3, $4); }
  | identifier '=' trailing NEWLINE         { ast_add_property(parser, @$, NAME(@1), NULL, $3); }
  ;

trailing
  : %empty                                  { $$ = NULL; }
  | COMMENT                                 { $$ = ast_make_comment(parser, @1); }
  ;

/* ---- types ---- */

type
  : type_name
  | type_name "[]"                          { ast_set_arity(parser, @$, AST_LIST); }
  | type_name '?'                           { ast_set_arity(parser, @$, AST_OPTIONAL); }
  | type_name '!'                           { ast_refuse_type(parser, @$, AST_REQUIRED, DIAG_TYPE_REQUIRED); }
  | '[' type_name ']'                       { ast_refuse_type(parser, @$, AST_LIST, DIAG_TYPE_LIST); }
  | type_name "[]" '?'                      { ast_refuse_type(parser, @$, AST_LIST, DIAG_TYPE_OPTIONAL_LIST); }
  ;

type_name
  : identifier                              { ast_set_type(parser, @$, NAME(@1)); }
  | UNSUPPORTED '(' STRING ')'              { ast_set_unsupported(parser, @$, @1, @3); }
  ;

/* ---- attributes and their arguments ---- */

attributes
  : %empty                                  { parser->attrs.len = 0; }
  | some_attributes
  ;

some_attributes
  : attribute                               { parser->attrs.len = 0; ast_append_attr(parser, $1); }
  | some_attributes attribute               { ast_append_attr(parser, $2); }
  ;

attribute
  : "@" path                                { $$ = ast_make_attr(parser, @$, NAME(@2), NULL); }
  | "@" path arguments                      { $$ = ast_make_attr(parser, @$, NAME(@2), $3); }
  ;

block_attribute
  : "@@" path                               { $$ = ast_make_attr(parser, @$, NAME(@2), NULL); }
  | "@@" path arguments                     { $$ = ast_make_attr(parser, @$, NAME(@2), $3); }
  ;

arguments
  : '(' argument_list ')'                   { $$ = ast_close_args($2, @$); }
  | '(' argument_list ',' ')'               { $$ = ast_close_args(ast_trail_args($2, @3), @$); }
  | '(' ')'                                 { $$ = ast_close_args(ast_make_args(parser), @$); }
  | '(' ',' ')'                             { $$ = ast_close_args(ast_trail_args(ast_make_args(parser), @2), @$); }
  ;

argument_list
  : argument                                { $$ = ast_append_arg(parser, ast_make_args(parser), parser->argument); }
  | argument_list ',' argument              { $$ = ast_append_arg(parser, $1, parser->argument); }
  ;

argument
  : expression                              { parser->argument = ast_make_arg(@$, (ast_name){0}, $1); }
  | identifier ':' expression               { parser->argument = ast_make_arg(@$, NAME(@1), $3); }
  | identifier ':' object                   { parser->argument = ast_make_arg(@$, NAME(@1), $3); }
  | identifier ':'                          { parser->argument = ast_make_arg(@$, NAME(@1), NULL); }
  ;

/* ---- expressions ---- */

expression
  : STRING                                  { $$ = ast_make_string(parser, @1); }
  | INTEGER                                 { $$ = ast_make_text(parser, AST_NUMBER, @1); }
  | DECIMAL                                 { $$ = ast_make_text(parser, AST_NUMBER, @1); }
  | NEGATIVE                                { $$ = ast_make_text(parser, AST_NUMBER, @1); }
  | IDENT                                   { $$ = ast_make_text(parser, AST_CONSTANT, @1); }
  | PATH                                    { $$ = ast_make_text(parser, AST_CONSTANT, @1); }
  | path arguments                          { $$ = ast_make_function(parser, @$, NAME(@1), $2); }
  | "[]"                                    { $$ = ast_make_array(parser, @$); }
  | '[' ']'                                 { $$ = ast_make_array(parser, @$); }
  | '[' items ']'                           { $$ = ast_close_array($2, @$); }
  ;

items
  : expression                              { $$ = ast_append_item(parser, ast_make_array(parser, @$), $1); }
  | items ',' expression                    { $$ = ast_append_item(parser, $1, $3); }
  ;

/* Objects stand only behind `name:`: they are an extension, for where: and the like. */
object
  : '{' '}'                                 { $$ = ast_make_object(parser, @$, ast_make_args(parser)); }
  | '{' entries '}'                         { $$ = ast_make_object(parser, @$, $2); }
  ;

entries
  : entry                                   { $$ = ast_append_arg(parser, ast_make_args(parser), parser->argument); }
  | entries ',' entry                       { $$ = ast_append_arg(parser, $1, parser->argument); }
  ;

entry
  : identifier ':' expression               { parser->argument = ast_make_arg(@$, NAME(@1), $3); }
  | identifier ':' object                   { parser->argument = ast_make_arg(@$, NAME(@1), $3); }
  ;

/* ---- words ---- */

identifier
  : IDENT
  | INTEGER
  | NUMBER_WORD
  | UNSUPPORTED
  ;

path
  : identifier
  | PATH
  | DECIMAL
  | NUMBER_PATH
  ;

%%

/* What is wrong is said where the line is refused; here the lexer only learns that it was. */
static int yyreport_syntax_error(const yypcontext_t *context, ast_parser *parser)
{
  (void)yypcontext_expected_tokens; /* Prisma does not list what it expected, so nor do we */
  yysymbol_kind_t token = yypcontext_token(context);
  parser->refused_at = yypcontext_location(context)->start;
  ast_refuse_line(parser, token == YYSYMBOL_NEWLINE, token == YYSYMBOL_TOO_DEEP);
  return 0;
}

/* Called by bison itself only when its stack is full, which AST_MAX_DEPTH prevents; the driver sees the failure. */
static void schema_yyerror(const span *place, ast_parser *parser, const char *message)
{
  (void)place, (void)parser, (void)message;
}
