/* Our extensions to Prisma's language (language.md): what the attributes of one thing say besides.
 *
 * All of these do nothing when only Prisma's language is allowed: what they would have taken is then reported
 * as unknown, in Prisma's words. */
#ifndef DM_EXTENSIONS_H
#define DM_EXTENSIONS_H

#include "dm/attr_key.h"

void dm_extend_field(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_field *field);
void dm_extend_model(dm_pass *pass, dm_attrs *attrs, dm_draft *draft);
void dm_extend_enum(dm_pass *pass, dm_attrs *attrs, dm_enum *enum_);
void dm_extend_enum_value(dm_pass *pass, dm_attrs *attrs, dm_enum_value *value);
/* where:, include:, with:, nullsNotDistinct:, deferrable: of the current @unique, @@unique or @@index. */
void dm_extend_key(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_key_draft *key);
void dm_extend_fulltext(dm_pass *pass, dm_attrs *attrs, dm_key_draft *key);
/* Those that only wait in the model (carried.def): checked, and added to `found`. */
void dm_carry(dm_pass *pass, dm_attrs *attrs, const dm_draft *draft, ast_attrs *found);
/* False after a report: empty, or quotes and parentheses that do not match. */
bool dm_check_sql(dm_pass *pass, const ast_attr *attr, str sql);
/* Checks a where: against the model's fields. True for { field: value }; raw("…") goes to `sql`. */
bool dm_check_where(dm_pass *pass, const ast_attr *attr, const dm_draft *draft, const ast_expr *value,
                    str *sql);
void dm_extend_deferrable(dm_pass *pass, dm_attrs *attrs, dm_deferrable *out);

#endif
