/* What stands below Prisma's report: where something was declared first, what was probably meant, what to
 * write instead. The report itself never changes by it. */
#ifndef DM_ADVISE_H
#define DM_ADVISE_H

#include "dm/resolve.h"

typedef VEC(str) dm_candidates;

void dm_note_first(dm_pass *pass, diag *d, span place);
/* Help: did you mean … one of them. Says nothing when none is close. */
void dm_suggest(dm_pass *pass, diag *d, str written, const str *candidates, size_t count);
/* One of the model's columns. */
void dm_suggest_column(dm_pass *pass, diag *d, const dm_draft *draft, str written);
/* A scalar type, or a model, view, enum or composite type of the schema. */
void dm_suggest_type(dm_pass *pass, diag *d, str written);
void dm_suggest_enum_value(dm_pass *pass, diag *d, const dm_enum *enum_, str written);

/* The field that the other model lacks, as it has to be written. */
void dm_advise_opposite(dm_pass *pass, diag *d, const dm_side *side);
/* The relation field with its fields: and references:, as it has to be written. */
void dm_advise_key(dm_pass *pass, diag *d, const dm_side *from, const dm_side *to);
/* `fields` made unique, as it has to be written. */
void dm_advise_unique(dm_pass *pass, diag *d, const dm_field *const *fields, size_t count);

#endif
