/* The rules that only the whole schema shows, by what they are about. */
#ifndef DM_RULES_H
#define DM_RULES_H

#include "dm/scopes.h"

typedef struct dm_cycles dm_cycles;

/* Composite types: that they go on without end, then that they are not supported. */
void dm_rules_composites(dm_pass *pass);
void dm_rules_model(dm_pass *pass, const dm_scopes *scopes, dm_draft *draft);
void dm_rules_column(dm_pass *pass, const dm_scopes *scopes, dm_draft *draft, dm_field *field);
/* False when the relation is ambiguous: nothing further is reported then, it would only follow from that. */
bool dm_rules_side(dm_pass *pass, const dm_scopes *scopes, dm_side *side);
void dm_rules_index(dm_pass *pass, const dm_scopes *scopes, dm_key_draft *key);
/* What PostgreSQL wants of index types and operator classes. */
void dm_rules_opclasses(dm_pass *pass, const dm_key_draft *key);
void dm_rules_relation(dm_pass *pass, const dm_scopes *scopes, dm_cycles *cycles, const dm_pair *pair);
void dm_rules_many_to_many(dm_pass *pass, const dm_pair *pair);
/* Cycles of referential actions, where Prisma carries them out itself (relationMode = "prisma"). */
dm_cycles *dm_cycles_new(dm_pass *pass);
void dm_rules_cycles(dm_pass *pass, dm_cycles *cycles, const dm_pair *pair);

/* What our extensions need beside them, and what they exclude. */
void dm_rules_extensions(dm_pass *pass, const dm_scopes *scopes);
/* @renamedFrom and @@renamedFrom: the old name must be free. */
void dm_rules_renamed(dm_pass *pass);

/* Of a schema without a datasource (bare.c); nothing otherwise. */
bool dm_is_bare(const dm_pass *pass);
void dm_bare_key(dm_pass *pass, const dm_draft *draft);
void dm_bare_model(dm_pass *pass, const dm_draft *draft);
void dm_bare_column(dm_pass *pass, const dm_field *field);
void dm_bare_index(dm_pass *pass, const dm_index *index);
void dm_bare_order(dm_pass *pass, const dm_side *from);

/* "@id", "@@unique" */
const char *dm_key_word(const dm_index *index);
const char *dm_index_type_name(dm_index_type type);
/* The place of an argument of an attribute, or of the whole attribute. */
span dm_arg_place(const ast_attr *attr, const char *name);
void dm_check_name_length(dm_pass *pass, const dm_model *model, const ast_attr *attr, str name,
                          bool on_block);

/* The name of a constraint is taken: said once for each namespace where it is. */
void dm_say_clash(dm_pass *pass, const dm_scopes *scopes, const dm_index *index, span place);
void dm_check_client_clash(dm_pass *pass, const dm_scopes *scopes, const dm_index *index);
/* A field called as a key's `name:`. */
void dm_check_field_name(dm_pass *pass, const dm_scopes *scopes, const dm_field *field);
/* The client's default name of a compound key: a_b. */
str dm_compound_name(dm_pass *pass, const dm_index *index);
bool dm_is_column_name(const dm_draft *draft, str name);

/* The relation of a side, NULL: none was made for it. */
const dm_pair *dm_pair_of(const dm_pass *pass, const dm_side *side);

/* The ways in which a record can be found: the primary key, then the uniques. */
size_t dm_criterion_count(const dm_draft *draft);
const dm_index *dm_criterion(const dm_draft *draft, size_t number); /* NULL: an index that is none */
/* The index has exactly these fields, in any order. */
bool dm_key_has_exactly(const dm_index *index, const dm_field *const *fields, size_t count);

/* The first key of required columns alone, by which records can be told apart; NULL: none. */
const dm_index *dm_strict_criterion(const dm_draft *draft);

#endif
