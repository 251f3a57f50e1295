/* How the passes report: Prisma's sentence around what a rule has to say. */
#include "base/buf.h"
#include "dm/resolve.h"

#include <stdarg.h>
#include <stdio.h>

static str formatted(dm_pass *pass, const char *format, va_list args)
{
  char small[512];
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(small, sizeof small, format, args);
  str text = STR_NONE;
  if (len >= 0 && (size_t)len < sizeof small)
    text = sc_str_dup(pass->mem, (str){small, (size_t)len});
  else if (len >= 0) {
    char *large = sc_arena_raw(pass->mem, (size_t)len + 1);
    vsnprintf(large, (size_t)len + 1, format, again);
    text = (str){large, (size_t)len};
  }
  va_end(again);
  return text;
}

#define FORMAT_INTO(text)                                                                                    \
  str text;                                                                                                  \
  {                                                                                                          \
    va_list args;                                                                                            \
    va_start(args, format);                                                                                  \
    text = formatted(pass, format, args);                                                                    \
    va_end(args);                                                                                            \
  }

diag *dm_say_attr(dm_pass *pass, const ast_attr *attr, const char *format, ...)
{
  FORMAT_INTO(text)
  str name = sc_str_format(pass->mem, "@%.*s", STR_ARG(attr->name.text));
  return diag_add(pass->diags, DIAG_ATTRIBUTE, attr->place, name, text);
}

diag *dm_say_attr_at(dm_pass *pass, const char *name, span place, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_ATTRIBUTE, place, str_from(name), text);
}

diag *dm_say_model(dm_pass *pass, const dm_model *model, span place, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_CONTAINER, place, str_from(dm_model_word(model)), model->name, text);
}

diag *dm_say_model_only(dm_pass *pass, const dm_model *model, span place, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_MODEL, place, model->name, text);
}

diag *dm_say_field(dm_pass *pass, const dm_field *field, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_FIELD, dm_field_place(field), field->name,
                  str_from(dm_model_word(field->model)), field->model->name, text);
}

diag *dm_say_invalid(dm_pass *pass, span place, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_VALIDATION, place, text);
}

diag *dm_say(dm_pass *pass, span place, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_SENTENCE, place, text);
}

diag *dm_say_warning(dm_pass *pass, span place, const char *format, ...)
{
  FORMAT_INTO(text)
  return diag_add(pass->diags, DIAG_NOTICE, place, text);
}

span dm_field_place(const dm_field *field)
{
  return field->ast->place;
}

const char *dm_model_word(const dm_model *model)
{
  return model->is_view ? "view" : "model";
}

str dm_join(dm_pass *pass, const str *items, size_t count, const char *separator)
{
  buf out = {.mem = pass->mem};
  for (size_t i = 0; i < count; i++) {
    if (i) buf_add(&out, str_from(separator));
    buf_add(&out, items[i]);
  }
  return buf_str(&out);
}

str dm_join_fields(dm_pass *pass, const dm_field *const *fields, size_t count, const char *separator)
{
  buf out = {.mem = pass->mem};
  for (size_t i = 0; i < count; i++) {
    if (i) buf_add(&out, str_from(separator));
    buf_add(&out, fields[i]->name);
  }
  return buf_str(&out);
}
