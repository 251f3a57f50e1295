#include "syntax/parser.h"

typedef struct extension extension;
struct extension {
  str name;
  bool block;
};

static const extension extensions[] = {
#define EXTENSION(name, block) {STR_INIT(name), block},
#include "syntax/extension.def"
#undef EXTENSION
};

static bool is_extension(str name, bool block)
{
  for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
    if (extensions[i].block == block && str_eq(extensions[i].name, name)) return true;
  return false;
}

/* An attribute and not prose that begins with its name: nothing, arguments or another attribute follow it. */
static bool is_attribute(str text, bool *block, str *name)
{
  *block = str_starts(text, STR("@@"));
  if (!str_starts(text, STR("@"))) return false;
  text = str_slice(text, *block ? 2 : 1, text.len);
  *name = str_slice(text, 0, ast_path_length(text));
  str rest = ast_trim_start(str_slice(text, name->len, text.len));
  return is_extension(*name, *block) && (!rest.len || rest.ptr[0] == '(' || rest.ptr[0] == '@');
}

/* Prose may begin with an @, and other tools read attributes of their own behind ///. But where the name is
 * nearly one of ours somebody meant that, and would wait in vain. */
static void warn_of_slip(const ast_parser *parser, span place, str text)
{
  enum { COUNT = sizeof extensions / sizeof extensions[0] };
  bool block = str_starts(text, STR("@@"));
  str written = str_slice(text, block ? 2 : 1, text.len);
  size_t length = ast_path_length(written);
  str rest = ast_trim_start(str_slice(written, length, written.len));
  written.len = length;
  if (rest.len && rest.ptr[0] != '(') return;
  str names[COUNT];
  size_t count = 0;
  for (size_t i = 0; i < COUNT; i++)
    if (!str_eq(extensions[i].name, STR("index")) && !str_eq(extensions[i].name, STR("unique")))
      names[count++] = extensions[i].name;
  str closest = diag_closest(written, names, count);
  if (!closest.len || (closest.ptr[0] | 0x20) != (written.ptr[0] | 0x20)) return; /* @deprecated is no slip */
  bool other_sign = !is_extension(closest, block);
  const char *sign = block != other_sign ? "@@" : "@";
  diag *d = diag_add(parser->diags, DIAG_NOTICE, place,
                     sc_str_format(parser->mem, "This comment is no attribute: `%s%.*s` is not known.",
                                   block ? "@@" : "@", STR_ARG(written)));
  diag_help(parser->diags, d, "did you mean `%s%.*s`?", sign, STR_ARG(closest));
}

void ast_note_homeless(const ast_parser *parser, span place, str name, bool block)
{
  const char *where = block ? "on a line of its own within its block" : "right above its field or value, or behind it";
  diag_add(parser->diags, DIAG_NOTICE, place,
           sc_str_format(parser->mem, "This comment is no attribute: `%s%.*s` belongs %s.", block ? "@@" : "@",
                         STR_ARG(name), where));
}

void ast_note_homeless_comment(const ast_parser *parser, const ast_comment *comment, bool fields_too)
{
  bool block;
  str name, text = ast_trim(comment->text);
  if (parser->options.prisma || comment->kind != AST_COMMENT_DOC || !is_attribute(text, &block, &name)) return;
  if (!block && !fields_too) return;
  uint32_t start = (uint32_t)(text.ptr - parser->text.ptr);
  ast_note_homeless(parser, (span){parser->file, start, start + (uint32_t)text.len}, name, block);
}

static const ast_attr *from_comment(const ast_parser *parser, const ast_attr *attr)
{
  ast_attr *copy = arena_new(parser->mem, ast_attr);
  *copy = *attr;
  copy->from_comment = true;
  return copy;
}

void ast_found_attributes(ast_parser *parser)
{
  ast_attrs *marked = arena_new(parser->mem, ast_attrs);
  for (size_t i = 0; i < parser->attrs.len; i++)
    vec_push(parser->mem, marked, from_comment(parser, parser->attrs.items[i]));
  parser->found.attrs = marked;
}

void ast_found_block_attribute(ast_parser *parser, const ast_attr *attr)
{
  parser->found.block_attr = from_comment(parser, attr);
}

ast_extensions ast_comment_extensions(const ast_parser *parser, const ast_comment *comment)
{
  ast_extensions found = {0};
  bool block;
  str name, text = ast_trim(comment->text);
  if (parser->options.prisma || comment->kind != AST_COMMENT_DOC || !str_starts(text, STR("@"))) return found;
  uint32_t start = (uint32_t)(text.ptr - parser->text.ptr);
  span place = {parser->file, start, start + (uint32_t)text.len};
  if (!is_attribute(text, &block, &name)) {
    if (!is_extension(name, block)) warn_of_slip(parser, place, text);
    return found;
  }
  if (!ast_parse_attributes(parser, place, &found))
    diag_add(parser->diags, DIAG_EXTENSION_SYNTAX, place, name);
  return found;
}
