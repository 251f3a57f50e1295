#include "cli/schema.h"

#include "report/render.h"

static cli_exit print_json(const cli *c, const cli_schema *schema)
{
  buf text = {.mem = c->mem};
  render_json(schema->diags, &schema->sources, &text);
  cli_print_text(stdout, buf_str(&text));
  if (!str_ends(buf_str(&text), STR("\n"))) putchar('\n');
  return schema->diags->errors ? CLI_WRONG : CLI_OK;
}

cli_exit cmd_validate(cli *c)
{
  str format = c->value[OPT_MESSAGE_FORMAT] ? str_from(c->value[OPT_MESSAGE_FORMAT]) : STR("text");
  bool json = str_eq(format, STR("json"));
  if (!json && !str_eq(format, STR("text"))) {
    cli_print_error(c,
                    sc_str_format(c->mem, "`--message-format` is text or json, not `%.*s`.", STR_ARG(format)),
                    STR_NONE);
    return CLI_USAGE;
  }
  cli_schema schema;
  cli_exit code = schema_read(c, &schema);
  if (code != CLI_OK) return code;
  schema_resolve(c, &schema, &(dm_options){.prisma_only = c->given[OPT_PRISMA]});
  if (json) return print_json(c, &schema);
  schema_report(c, &schema);
  if (schema.diags->errors) return CLI_WRONG;
  const char *subject = schema.sources.len > 1 ? "schemas" : "schema",
             *verb = schema.sources.len > 1 ? "are" : "is";
  printf("The %s at %.*s %s %svalid%s\n", subject, STR_ARG(schema.name), verb, style_out(c, STYLE_GREEN),
         style_out(c, STYLE_PLAIN));
  return CLI_OK;
}
