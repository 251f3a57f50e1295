/* Questions to the tables alone: nothing is sent. */
#include <schemac/descriptor.h>

const char *sc_enum_name(const sc_enum *type, int value)
{
  return value > 0 && (unsigned)value <= type->value_count ? type->values[value - 1].name : NULL;
}

int sc_enum_parse(const sc_enum *type, const char *name)
{
  for (uint32_t i = 0; name && i < type->value_count; i++)
    if (strcmp(type->values[i].name, name) == 0) return (int)i + 1;
  return 0;
}

/* Two tables may have constraints of one name, so an error that says its model must say this one. */
int sc_constraint_of(const sc_model *model, const sc_error *error)
{
  if (!error || !error->constraint || (error->model && strcmp(error->model, model->name) != 0)) return 0;
  for (uint16_t i = 0; i < model->constraint_count; i++)
    if (strcmp(model->constraints[i].name, error->constraint) == 0) return i + 1;
  return 0;
}
