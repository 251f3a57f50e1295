#include "dm/resolve.h"

void dm_pass_rules(dm_pass *pass)
{
  for (size_t m = 0; m < pass->schema->model_count; m++) {
    dm_draft *draft = pass->drafts[m];
    for (size_t f = 0; f < draft->model->field_count; f++)
      if (draft->fields[f].native) dm_check_native(pass, &draft->model->fields[f], draft->fields[f].native);
  }
}
