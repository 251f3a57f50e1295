#include "cli/schema.h"

#include "base/buf.h"
#include "report/render.h"

static cli_exit print_json(const cli *c, const cli_schema *schema)
{
  buf text = {.mem = c->mem};
  render_json(schema->diags, &schema->sources, &text);
  cli_print_text(stdout, buf_str(&text));
  if (!str_ends(buf_str(&text), STR("\n"))) putchar('\n');
  return schema->diags->errors ? CLI_WRONG : CLI_OK;
}

/* ---- --extensions ---- */

typedef struct listing listing;
struct listing {
  const cli_schema *schema;
  line_index **lines; /* of each file */
  buf out;
};

static listing new_listing(const cli *c, const cli_schema *schema)
{
  listing list = {.schema = schema, .out = {.mem = c->mem}};
  list.lines = arena_array(c->mem, line_index *, schema->sources.len);
  for (size_t i = 0; i < schema->sources.len; i++)
    list.lines[i] = line_index_new(c->mem, schema->sources.items[i].text);
  return list;
}

static size_t line_of(const listing *list, span place)
{
  return line_index_position(list->lines[place.file], place.start).line;
}

static str path_of(const listing *list, span place)
{
  return list->schema->sources.items[place.file].path;
}

static void add_text_line(listing *list, const dm_extension_use *use)
{
  buf *out = &list->out;
  span place = use->attr->full_place;
  sc_buf_format(out, "%.*s:%zu: %.*s", STR_ARG(path_of(list, place)), line_of(list, place),
                STR_ARG(use->block));
  if (use->member.len) sc_buf_format(out, ".%.*s", STR_ARG(use->member));
  sc_buf_format(out, " %.*s\n", STR_ARG(span_text(&list->schema->sources, place)));
}

static void add_json_line(listing *list, const dm_extension_use *use)
{
  buf *out = &list->out;
  span place = use->attr->full_place;
  BUF_LIT(out, "{\"file\":");
  sc_buf_json(out, path_of(list, place));
  sc_buf_format(out, ",\"line\":%zu,\"block\":", line_of(list, place));
  sc_buf_json(out, use->block);
  if (use->member.len) {
    BUF_LIT(out, ",\"member\":");
    sc_buf_json(out, use->member);
  }
  BUF_LIT(out, ",\"attribute\":");
  sc_buf_json(out, span_text(&list->schema->sources, place));
  sc_buf_format(out, ",\"comment\":%s}", use->attr->from_comment ? "true" : "false");
}

static cli_exit print_extensions(const cli *c, const cli_schema *schema, bool json)
{
  dm_extension_uses uses = dm_list_extensions(schema->ast, c->mem);
  listing list = new_listing(c, schema);
  buf *out = &list.out;
  if (json) buf_char(out, '[');
  for (size_t i = 0; i < uses.len; i++) {
    if (json) buf_add(out, i ? STR(",\n") : STR("\n"));
    (json ? add_json_line : add_text_line)(&list, &uses.items[i]);
  }
  if (json) BUF_LIT(out, "\n]\n");
  cli_print_text(stdout, buf_str(out));
  return CLI_OK;
}

cli_exit cmd_validate(cli *c)
{
  str format = c->value[OPT_MESSAGE_FORMAT] ? str_from(c->value[OPT_MESSAGE_FORMAT]) : STR("text");
  bool json = c->given[OPT_MESSAGES_JSON] || str_eq(format, STR("json"));
  if (!json && !str_eq(format, STR("text"))) {
    cli_print_error(c,
                    sc_str_format(c->mem, "`--message-format` is text or json, not `%.*s`.", STR_ARG(format)),
                    STR_NONE);
    return CLI_USAGE;
  }
  if (c->given[OPT_EXTENSIONS] && c->given[OPT_PRISMA]) {
    cli_print_error(c, STR("`--extensions` and `--prisma` exclude each other."),
                    STR("To Prisma every extension is an error or a comment."));
    return CLI_USAGE;
  }
  cli_schema schema;
  cli_exit code = schema_read(c, &schema);
  if (code != CLI_OK) return code;
  schema_resolve(c, &schema, &(dm_options){.prisma_only = c->given[OPT_PRISMA]});
  if (c->given[OPT_EXTENSIONS] && !schema.diags->errors) return print_extensions(c, &schema, json);
  if (json) return print_json(c, &schema);
  schema_report(c, &schema);
  if (schema.diags->errors) return CLI_WRONG;
  const char *subject = schema.sources.len > 1 ? "schemas" : "schema",
             *verb = schema.sources.len > 1 ? "are" : "is";
  printf("The %s at %.*s %s %svalid%s\n", subject, STR_ARG(schema.name), verb, style_out(c, STYLE_GREEN),
         style_out(c, STYLE_PLAIN));
  return CLI_OK;
}
